using System.Text.Json.Nodes;
using NotebookHost.Site;
using NotebookSupport;

namespace NotebookHost.Tests;

/// <summary>A page whose cells run, in a folder of its own; <c>FakeRuntime.js</c> stands for the runtime.</summary>
public sealed class RunningCourse : IDisposable
{
    public const int Declares = 1;
    public const int Writes = 2;
    public const int Shows = 4;
    public const int Moves = 5;
    public const int Fails = 6;
    public const int Follows = 7;
    public const int Endless = 8;
    public const int Last = 9;
    public const int Asked = 11;
    public const int Needed = 13;
    public const int Checks = 15;

    private const string Evil =
        "<p onclick=\\\"window.evil=1\\\" id=\\\"x\\\" style=\\\"color: red; position: fixed; background: url(http://example.org/x.png)\\\">kept</p>"
        + "<img src=x onerror=\\\"window.evil=1\\\"><script>window.evil=1</script><iframe src=\\\"http://example.org\\\"></iframe>"
        + "<svg onload=\\\"window.evil=1\\\"><title>a drawing</title></svg><a href=\\\"javascript:window.evil=1\\\">a</a>"
        + "<a href=\\\"https://example.org/\\\">b</a><form action=\\\"http://example.org\\\"><input></form>"
        + "<div class=\\\"notebook-card exercise\\\"><strong>Exercise 1</strong><script type=\\\"application/json\\\">{\\\"exercise\\\":\\\"1\\\",\\\"state\\\":\\\"not yet\\\"}</script></div>";

    private readonly NotebookFolder _folder = new();

    public RunningCourse()
    {
        _folder.WriteText("in/index.md", "# A course\n");
        string path = _folder.WriteText(
            "in/page.ipynb",
            new JsonObject
            {
                ["nbformat"] = 4,
                ["nbformat_minor"] = 5,
                ["cells"] = new JsonArray(Cells()),
            }.ToJsonString()
        );
        SiteWriter.Write([path], Site, runs: true);
        SiteWriter.Write([path], _folder["read"]);
        Directory.CreateDirectory(Path.GetDirectoryName(Runtime)!);
        using var script = new StreamReader(
            typeof(RunningCourse).Assembly.GetManifestResourceStream("FakeRuntime.js")!
        );
        File.WriteAllText(Runtime, script.ReadToEnd());
    }

    public string Site => _folder["site"];

    public string Runtime => Path.Combine(Site, "run", "runtime.js");

    /// <summary>The same course without what runs.</summary>
    public string OnlyRead => _folder["read"];

    public string Page => Path.Combine(Site, "page.html");

    public void Dispose() => _folder.Dispose();

    private static JsonNode[] Cells()
    {
        string chart = Charts.LossCurves(("He", Run())).ToHtml();
        JsonNode[] cells =
        [
            SiteCourse.Text("# Running\nCells that run."),
            SiteCourse.Code("var a = 1;"),
            SiteCourse.Code(
                "Console.Write(\"one\\n\");\nConsole.Write(\"two\\n\");\na",
                SiteCourse.Stream("as stored\n")
            ),
            SiteCourse.Text("## More\nAnd more."),
            SiteCourse.Code($"HTML(\"{Evil}\")"),
            SiteCourse.Code("Live(\"Alive\");", SiteCourse.Data("text/html", chart)),
            SiteCourse.Code("throw new Exception(\"no\");"),
            SiteCourse.Code("a"),
            SiteCourse.Code("while (true) { }"),
            SiteCourse.Code("using System.Text;\nConsole.Write(\"last\\n\");"),
            SiteCourse.Text("## Predict\n**Predict:** how many?"),
            SiteCourse.Code("Console.Write(\"seven\\n\");", SiteCourse.Stream("eight\n")),
            SiteCourse.Text("## Exercises\nOne."),
            SiteCourse.Code("var needed = a;"),
            SiteCourse.Code("using System.Globalization;\nvar other = 2;"),
            SiteCourse.Code(
                "Exercises.Check(\"1.1\", needed)",
                SiteCourse.Data("text/html", new ExerciseResult("1.1", []).ToHtml())
            ),
        ];
        foreach ((int index, JsonNode cell) in cells.Index())
            cell["id"] = $"id-{index}";
        cells[Writes]["metadata"] = new JsonObject { ["browser_seconds"] = 90 };
        return cells;
    }

    private static TrainingRun Run() =>
        Trainer.Train(
            Network.Create([2, 4, 1], Activation.Tanh, Initializer.HeNormal, 1),
            Datasets.Circles(40),
            new() { LearningRate = 0.5, Steps = 20 }
        );
}
