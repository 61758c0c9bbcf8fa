using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using NotebookHost.Tests;

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

    /// <summary>The bundles of a cell's figures.</summary>
    public static IEnumerable<JsonObject> Figures(JsonObject cell) =>
        (cell["outputs"] as JsonArray ?? [])
            .Select(output => output!["data"])
            .OfType<JsonObject>()
            .Where(data =>
                data["text/html"]?.ToJsonString().Contains("notebook-figure", StringComparison.Ordinal) == true
            );

    /// <summary>The still pictures of a cell's figures, as PNG.</summary>
    public static IEnumerable<byte[]> Pictures(JsonObject cell) =>
        Figures(cell)
            .Where(data => data["image/png"] is not null)
            .Select(data => Convert.FromBase64String(data["image/png"]!.ToString()));

    /// <summary>All text cells, joined.</summary>
    public static string Text(string notebook) =>
        string.Join('\n', Cells(notebook).Where(cell => !IsCode(cell)).Select(Source));

    public static string Source(JsonObject cell) =>
        string.Concat(cell["source"]!.AsArray().Select(line => line!.ToString()));

    /// <summary>The cell that every notebook begins with.</summary>
    public static string Setup => Source(Cells("notebooks/00-start-here.ipynb").First(IsCode));

    /// <summary>A text that nbformat keeps as one string or as its lines.</summary>
    public static string Joined(JsonNode? text) =>
        text is JsonArray lines ? string.Concat(lines.Select(line => line!.ToString())) : text!.ToString();

    /// <summary>The data of the figure in a piece of HTML.</summary>
    public static JsonObject Data(string html) =>
        JsonNode
            .Parse(
                new HtmlParser()
                    .ParseDocument($"<body>{html}")
                    .QuerySelector(".notebook-figure + script[type='application/json']")!
                    .TextContent
            )!
            .AsObject();

    /// <summary>HTML as a parser writes it, without the still pictures that the runner alone puts into figures.</summary>
    public static string WithoutPicture(string html)
    {
        if (!html.Contains("notebook-figure", StringComparison.Ordinal))
            return html;
        IHtmlDocument document = new HtmlParser().ParseDocument($"<body>{html}");
        foreach (IElement picture in document.QuerySelectorAll(".notebook-figure > picture, .notebook-figure > img"))
            picture.Remove();
        return document.Body!.InnerHtml;
    }

    /// <summary>A notebook of code cells, with the course's metadata.</summary>
    public static string Notebook(params string[] cells) =>
        new JsonObject
        {
            ["cells"] = new JsonArray([
                .. cells.Select(
                    (source, i) =>
                        new JsonObject
                        {
                            ["cell_type"] = "code",
                            ["id"] = $"cell-{i}",
                            ["execution_count"] = null,
                            ["metadata"] = new JsonObject(),
                            ["outputs"] = new JsonArray(),
                            ["source"] = source,
                        }
                ),
            ]),
            ["metadata"] = Read("notebooks/00-start-here.ipynb")["metadata"]!.DeepClone(),
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        }.ToJsonString();

    /// <summary>Runs NotebookHost at the root; returns its exit code and all that it wrote.</summary>
    public static (int Code, string Output) Host(params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo("dotnet", [HostProgram.Path, .. arguments])
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
