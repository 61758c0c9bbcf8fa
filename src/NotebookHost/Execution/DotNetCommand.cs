namespace NotebookHost.Execution;

/// <summary>The <c>dotnet</c> command, run to its end.</summary>
internal static class DotNetCommand
{
    /// <summary>Its messages are in English, as those of this program are, and it leaves no build server behind.</summary>
    private static readonly Dictionary<string, string> Variables = new()
    {
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        ["MSBUILDDISABLENODEREUSE"] = "1",
    };

    /// <inheritdoc cref="ChildProcess.RunAsync"/>
    public static Task<ProcessResult> RunAsync(
        IEnumerable<string> arguments,
        string folder,
        CancellationToken cancellation
    ) =>
        ChildProcess.RunAsync(
            new ChildStart(Programs.DotNet, arguments) { Folder = folder, Variables = Variables },
            cancellation
        );
}
