using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Notebooks.Tests;

/// <summary>The notebooks of the course, and the host that runs them.</summary>
internal static class Course
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), "..", ".."));

    /// <summary>Every notebook, relative to the root.</summary>
    public static string[] Notebooks { get; } =
    [
        .. Directory
            .EnumerateFiles(Path.Combine(Root, "notebooks"), "*.ipynb", SearchOption.AllDirectories)
            .Where(path => !path.Contains(".ipynb_checkpoints", StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(Root, path))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The notebooks that teach; the others solve their exercises.</summary>
    public static string[] Lessons { get; } =
    [.. Notebooks.Where(notebook => Path.GetFileName(Path.GetDirectoryName(notebook)) == "notebooks")];

    public static JsonObject Read(string notebook) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Root, notebook)))!.AsObject();

    public static JsonObject[] Cells(string notebook) =>
        [.. Read(notebook)["cells"]!.AsArray().Select(cell => cell!.AsObject())];

    public static bool IsCode(JsonObject cell) => cell["cell_type"]!.ToString() == "code";

    /// <summary>All text cells, joined.</summary>
    public static string Text(string notebook) =>
        string.Join('\n', Cells(notebook).Where(cell => !IsCode(cell)).Select(Source));

    public static string Source(JsonObject cell) =>
        string.Concat(cell["source"]!.AsArray().Select(line => line!.ToString()));

    /// <summary>Runs NotebookHost at the root; returns its exit code and all that it wrote.</summary>
    public static (int Code, string Output) Host(params string[] arguments)
    {
        string host = Path.Combine(AppContext.BaseDirectory, "NotebookHost.dll");
        using Process process = Process.Start(
            new ProcessStartInfo("dotnet", [host, .. arguments])
            {
                WorkingDirectory = Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
