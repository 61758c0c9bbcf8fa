using System.Text.Json.Nodes;
using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

/// <summary>One notebook in which everything goes well, run once for all of its tests.</summary>
public sealed class GoodNotebook : IAsyncLifetime
{
    public static readonly IReadOnlyDictionary<string, string> Cells = new Dictionary<string, string>
    {
        ["declare"] = "int counter = 41;\nstring Shout(string text) => text.ToUpperInvariant();",
        ["state"] = "counter++;\nShout($\"{counter} ok\")",
        ["await"] = "await Task.Delay(1);\nawait Task.FromResult(5)",
        ["unicode"] = "Console.WriteLine(\"héllo ✓ 😀\");\n\"größer 😀\"",
        ["streams"] = """
            Console.Write("a");
            Console.WriteLine("b");
            Console.Error.WriteLine("c");
            Console.Error.Write("d");
            Console.WriteLine("e");
            """,
        ["around an update"] = "var late = display(\"x\");\nConsole.Write(1);\nlate.Update(\"y\");\nConsole.Write(2);",
        ["many lines"] = "for (int i = 0; i < 5_000; i++) Console.WriteLine(i);",
        ["updated"] = "var shown = KernelInvocationContext.Current.Display(1);\nshown.Update(2);\nshown.Update(3);",
        ["updated later"] = "shown.Update(\"from a later cell\");",
        ["thread"] = "await Task.Run(() => { Console.WriteLine(\"before\"); display(\"on a thread\"); });",
        ["html"] = "HTML(\"<b>bold</b>\")",
        ["null"] = "(object)null",
        ["nothing"] = "counter = 1;",
        ["list"] = "new List<int> { 1, 2, 3 }",
        ["text with markup"] = "new[] { \"<b>\" }",
        ["enum"] = "DayOfWeek.Monday",
        ["record"] = "record Point(int X, int Y);\nnew Point(1, 2)",
        ["chosen kind"] = "display(new Point(1, 2), \"text/plain\");",
        ["folder"] = "System.IO.Path.GetFileName(Environment.CurrentDirectory)",
        ["load"] = "#load \"../script.csx\"\nLoaded",
        ["library"] =
            $"#r \"{Path.Combine(NotebookFolder.Repository, "src/NotebookSupport/bin/NotebookSupport.dll")}\"\n"
            + "using NotebookSupport;\nusing MathNet.Numerics.LinearAlgebra;\nMatrix<double>.Build.DenseIdentity(3).Trace()",
        ["matrix"] = "Matrix<double>.Build.DenseIdentity(3)",
        ["package beside"] = "#r \"nuget: Plotly.NET, 6.0.0\"\ntypeof(Plotly.NET.Chart).Name",
        ["past the console"] = """
            var raw = Console.OpenStandardOutput();
            raw.Write(Encoding.UTF8.GetBytes("null\nraw"));
            raw.Flush();
            """,
    };

    private readonly NotebookFolder _folder = new();
    private JsonArray[] _outputs = [];

    public Outcome Outcome { get; private set; } = new(-1, "", "");

    public string File => _folder["good.ipynb"];

    public JsonArray this[string cell] => _outputs[Cells.Keys.ToList().IndexOf(cell)];

    public async Task InitializeAsync()
    {
        _folder.WriteText("script.csx", "string Loaded = \"loaded\";\n");
        _folder.Write("deeper/good.ipynb", [.. Cells.Values]);
        Outcome = await _folder.RunAsync("run", "deeper", "--output", ".");
        _outputs = _folder.Outputs("good.ipynb");
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }
}

public class ShownValuesTests(GoodNotebook notebook) : IClassFixture<GoodNotebook>
{
    /// <summary>The library's formatters count from its #r on, not from its first call.</summary>
    [Fact]
    public void AMatrixIsATableBeforeAnyCallOfTheLibrary() =>
        Assert.StartsWith(
            "<table class=\"notebook-table\"><caption>[3 x 3]</caption>",
            string.Concat(
                notebook["matrix"][0]!["data"]!["text/html"]!.AsArray().Select(line => line!.GetValue<string>())
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void AllCellsRan()
    {
        Assert.Equal(("", 0), (notebook.Outcome.Errors, notebook.Outcome.ExitCode));
        Assert.EndsWith("1 passed, 0 failed\n", notebook.Outcome.Output);
        Assert.Equal(
            Enumerable.Range(1, GoodNotebook.Cells.Count),
            Notebook.Read(notebook.File).CodeCells.Select(cell => cell.Json["execution_count"]!.GetValue<int>())
        );
    }

    [Theory]
    [InlineData("state", "42 OK")]
    [InlineData("await", "5")]
    [InlineData("null", "<null>")]
    [InlineData("list", "[ 1, 2, 3 ]")]
    [InlineData("text with markup", "[ <b> ]")]
    [InlineData("enum", "Monday")]
    [InlineData("folder", "deeper")]
    [InlineData("load", "loaded")]
    [InlineData("library", "3")]
    [InlineData("package beside", "Chart")]
    public void AValueIsShownAsText(string cell, string expected)
    {
        JsonNode output = Assert.Single(notebook[cell])!;
        Assert.Equal("execute_result", (string?)output["output_type"]);
        Assert.Equal(expected, CodeCell.Text(output["data"]!["text/plain"]));
    }

    [Fact]
    public void HtmlIsShownAsItIs() =>
        Assert.Equal("<b>bold</b>", CodeCell.Text(Assert.Single(notebook["html"])!["data"]!["text/html"]));

    [Fact]
    public void TheKindOfTextCanBeChosen()
    {
        JsonNode output = Assert.Single(notebook["chosen kind"])!;
        Assert.Equal("display_data", (string?)output["output_type"]);
        Assert.Equal(["text/plain"], output["data"]!.AsObject().Select(pair => pair.Key));
    }

    [Fact]
    public void AStatementShowsNothing() => Assert.Empty(notebook["nothing"]);

    [Fact]
    public void ARecordIsShownAsATable() =>
        Assert.Contains(
            "<td>Y</td><td><div class=\"dni-plaintext\"><pre>2</pre></div></td>",
            CodeCell.Text(Assert.Single(notebook["record"])!["data"]!["text/html"])
        );

    [Fact]
    public void UnicodeSurvivesInSourceStreamAndValue()
    {
        Assert.Equal("héllo ✓ 😀\n", CodeCell.Text(notebook["unicode"][0]!["text"]));
        Assert.Equal("größer 😀", CodeCell.Text(notebook["unicode"][1]!["data"]!["text/plain"]));
        Assert.Contains("\"größer 😀\"", File.ReadAllText(notebook.File));
    }

    [Fact]
    public void NeighbouringPiecesOfAStreamAreOne() =>
        Assert.Equal(
            [("stdout", "ab\n"), ("stderr", "c\nd"), ("stdout", "e\n")],
            notebook["streams"].Select(o => ((string?)o!["name"], CodeCell.Text(o["text"])))
        );

    [Fact]
    public void AnUpdateDoesNotPartAStream()
    {
        Assert.Equal(2, notebook["around an update"].Count);
        Assert.Equal("y", CodeCell.Text(notebook["around an update"][0]!["data"]!["text/plain"]));
        Assert.Equal("12", CodeCell.Text(notebook["around an update"][1]!["text"]));
    }

    [Fact]
    public void ManyLinesAreOneStreamInTheirOrder() =>
        Assert.Equal(
            string.Concat(Enumerable.Range(0, 5_000).Select(i => $"{i}\n")),
            CodeCell.Text(Assert.Single(notebook["many lines"])!["text"])
        );

    [Fact]
    public void OnlyTheLastVersionOfADisplayIsKeptAlsoWhenALaterCellMadeIt()
    {
        JsonNode shown = Assert.Single(notebook["updated"])!;
        Assert.Equal("display_data", (string?)shown["output_type"]);
        Assert.Equal("from a later cell", CodeCell.Text(shown["data"]!["text/plain"]));
        Assert.Empty(notebook["updated later"]);
    }

    [Fact]
    public void ADisplayFromAnotherThreadKeepsItsPlaceAfterEarlierText()
    {
        Assert.Equal(2, notebook["thread"].Count);
        Assert.Equal("before\n", CodeCell.Text(notebook["thread"][0]!["text"]));
        Assert.Equal("on a thread", CodeCell.Text(notebook["thread"][1]!["data"]!["text/plain"]));
    }

    [Fact]
    public void TextPastTheCapturedConsoleIsTextToo() =>
        Assert.Equal("null\nraw", CodeCell.Text(Assert.Single(notebook["past the console"])!["text"]));
}
