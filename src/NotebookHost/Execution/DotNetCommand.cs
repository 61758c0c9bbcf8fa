using System.Diagnostics;

namespace NotebookHost.Execution;

/// <summary>The <c>dotnet</c> command, run to its end.</summary>
internal static class DotNetCommand
{
    /// <summary>
    /// Returns the exit code and all that was written. A cancellation kills the command with all that it started, and
    /// throws <see cref="OperationCanceledException"/>.
    /// </summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        IEnumerable<string> arguments,
        string folder,
        CancellationToken cancellation
    )
    {
        cancellation.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(NotebookProcess.DotNet, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        // What it says is read by this program, and nothing of it stays behind to be reused.
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
            string output = await process.StandardOutput.ReadToEndAsync(cancellation) + await errors;
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, output);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
    }
}
