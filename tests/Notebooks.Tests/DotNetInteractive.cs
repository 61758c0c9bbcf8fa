using System.Text.Json.Nodes;

namespace Notebooks.Tests;

/// <summary>
/// The real .NET Interactive, which <c>.ci/run</c> installs, as a kernel of Jupyter in a folder of its own; beside it a
/// folder for notebooks from which the course's relative <c>#r</c> reaches the library.
/// </summary>
public sealed class DotNetInteractive : IDisposable
{
    private static readonly string Tool = Path.Combine(Course.Root, "artifacts", "dotnet-interactive");

    private readonly string _root = Directory.CreateTempSubdirectory("dotnet-interactive-").FullName;

    public DotNetInteractive()
    {
        if (Missing is not null)
            return;
        Directory.CreateSymbolicLink(Path.Combine(_root, "src"), Path.Combine(Course.Root, "src"));
        Directory.CreateDirectory(Kernels);
        (int code, string output) = Shell.Run(
            Path.Combine(Tool, "dotnet-interactive"),
            ["jupyter", "install", "--path", Kernels],
            Environment
        );
        Assert.True(code == 0, output);
    }

    private static string? Missing =>
        !File.Exists(Path.Combine(Tool, "dotnet-interactive"))
            ? $"There is no .NET Interactive in {Tool}; .ci/run installs it."
        : Shell.Find("jupyter") is null || Shell.Find("jupyter-nbconvert") is null
            ? "There is no jupyter nbconvert on the PATH."
        : null;

    private string Kernels => Path.Combine(_root, "share", "jupyter", "kernels");

    /// <summary>The kernel that it installed starts the command <c>dotnet interactive</c>.</summary>
    private (string, string)[] Environment =>
        [
            ("PATH", Tool + Path.PathSeparator + System.Environment.GetEnvironmentVariable("PATH")),
            ("JUPYTER_PATH", Path.Combine(_root, "share", "jupyter")),
            ("JUPYTER_RUNTIME_DIR", Path.Combine(_root, "runtime")),
            ("JUPYTER_CONFIG_DIR", Path.Combine(_root, "config")),
            ("DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT", "1"),
            ("DOTNET_INTERACTIVE_SKIP_FIRST_TIME_EXPERIENCE", "1"),
        ];

    /// <summary>Skips the test where the host, or Jupyter, is missing.</summary>
    public static void IsNeeded() => Skip.If(Missing is not null, Missing);

    /// <summary>Runs a notebook of the course as its copy; returns its code cells.</summary>
    public JsonObject[] RunCourse(string notebook) =>
        Run(notebook, File.ReadAllText(Path.Combine(Course.Root, notebook)), "--ExecutePreprocessor.timeout=600");

    /// <summary>Runs cells behind the course's setup cell, past errors; returns them, the setup cell first.</summary>
    public JsonObject[] RunCells(string name, params string[] cells) =>
        Run($"notebooks/{name}.ipynb", Course.Notebook([Course.Setup, .. cells]), "--allow-errors");

    /// <summary>Writes a file beside the notebooks.</summary>
    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.Combine(_root, "notebooks"));
        File.WriteAllText(Path.Combine(_root, "notebooks", name), text);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private JsonObject[] Run(string notebook, string text, string option)
    {
        string path = Path.Combine(_root, notebook);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        (int code, string output) = Shell.Run(
            "jupyter",
            [
                "nbconvert",
                "--to=notebook",
                "--execute",
                "--inplace",
                "--ExecutePreprocessor.kernel_name=.net-csharp",
                option,
                path,
            ],
            Environment
        );
        Assert.True(code == 0, output);
        return
        [
            .. JsonNode.Parse(File.ReadAllText(path))!["cells"]!
                .AsArray()
                .Select(cell => cell!.AsObject())
                .Where(Course.IsCode),
        ];
    }
}

/// <summary>Two of these kernels that start at once may choose the same port, of which one dies: they run one after the other.</summary>
[CollectionDefinition(nameof(DotNetInteractive))]
public sealed class OneDotNetInteractive : ICollectionFixture<DotNetInteractive>;
