using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace NotebookHost.Execution;

/// <summary>A process of its own for the cells of one notebook, from the outside; see <see cref="CellProcess"/>.</summary>
internal sealed partial class NotebookProcess : IDisposable
{
    /// <summary>The hidden verb that makes this program the inside.</summary>
    public const string Verb = "execute-cells";

    private const int ErrorLines = 40;

    private readonly Process _process;
    private readonly List<string> _errors = [];

    /// <param name="folder">The current directory of the cells.</param>
    public NotebookProcess(string folder)
    {
        var start = new ProcessStartInfo(DotNet, [typeof(NotebookProcess).Assembly.Location, Verb])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        // A cell runs once: what dynamic profiles cost is not earned back.
        start.Environment["DOTNET_TieredPGO"] = "0";
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => KeepError(line.Data);
        _process.BeginErrorReadLine();
    }

    /// <summary>The <c>dotnet</c> command that runs this program.</summary>
    public static string DotNet { get; } =
        Path.GetFullPath(
            Path.Combine(
                RuntimeEnvironment.GetRuntimeDirectory(),
                "../../..",
                OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"
            )
        );

    /// <summary>The most memory that the process held so far, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.HasExited ? 0 : _process.PeakWorkingSet64;
        }
    }

    /// <summary>
    /// Runs a cell. What it shows comes as it happens; a process that dies ends in an <see cref="ErrorOutput"/>, a
    /// cancelled one in an <see cref="OperationCanceledException"/> and a killed process.
    /// </summary>
    public async Task ExecuteAsync(string code, Action<Output> show, CancellationToken cancellation)
    {
        using CancellationTokenRegistration registration = cancellation.Register(Kill);
        try
        {
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(code));
            await _process.StandardInput.FlushAsync(CancellationToken.None);
        }
        catch (IOException)
        {
            // It died between two cells; reading on says so.
        }
        while (await _process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            if (line.Length == 0)
                continue;
            Output output = Parse(line);
            if (output is EndOfCell)
                return;
            show(output);
        }
        cancellation.ThrowIfCancellationRequested();
        show(await DeathAsync());
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private async Task<ErrorOutput> DeathAsync()
    {
        await _process.WaitForExitAsync();
        string[] errors;
        lock (_errors)
            errors = [.. _errors.TakeWhile(line => !line.Contains("<<Initialize>>", StringComparison.Ordinal))];
        string reason = string.Join(' ', errors.TakeWhile(line => !FrameOfTrace().IsMatch(line)));
        return new ErrorOutput(
            "ProcessExited",
            string.Create(
                    CultureInfo.InvariantCulture,
                    $"The process of the notebook ended with exit code {_process.ExitCode} in this cell. {reason}"
                )
                .TrimEnd(),
            0,
            errors
        );
    }

    /// <summary>What is no message was written by native code past the captured console.</summary>
    private static Output Parse(string line)
    {
        try
        {
            if (JsonSerializer.Deserialize<Output>(line) is { } output)
                return output;
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            // Text, then.
        }
        return new StreamOutput("stdout", line + "\n");
    }

    private void KeepError(string? line)
    {
        lock (_errors)
            if (line is not null && _errors.Count < ErrorLines)
                _errors.Add(line);
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself.
        }
    }

    [GeneratedRegex(@"^(   at |Repeated |---)")]
    private static partial Regex FrameOfTrace();
}
