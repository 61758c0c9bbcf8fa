namespace NotebookHost.Tests;

/// <summary>The program as a reader has it, which the build of the solution made in its own folder.</summary>
internal static class HostProgram
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        DirectoryInfo build = framework.Parent!;
        DirectoryInfo root = build.Parent!.Parent!.Parent!.Parent!;
        return System.IO.Path.Combine(
            root.FullName,
            "src/NotebookHost/bin",
            build.Name,
            framework.Name,
            "NotebookHost.dll"
        );
    }
}
