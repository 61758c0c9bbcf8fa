using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Notebooks.Tests;

/// <summary>
/// What the table of src/NotebookHost/README.md says of the real .NET Interactive. The cells run once, one behind the
/// other; each test looks at what one of them showed.
/// </summary>
[Collection(nameof(DotNetInteractive))]
public sealed class DotNetInteractiveFeatureTests(DotNetInteractive host, DotNetInteractiveFeatureTests.Session session)
    : IClassFixture<DotNetInteractiveFeatureTests.Session>
{
    private const string Points = "Plotly.NET.CSharp.Chart.Point<double, double, string>([1, 2], [3, 4])";

    /// <summary>A cell, and for each of its outputs the kind and a pattern that its text matches.</summary>
    private static readonly (string Feature, string Cell, (string Kind, string Pattern)[] Shown)[] Features =
    [
        (
            "a chart of the library",
            "Charts.Curves(\"t\", \"x\", \"y\", [Series.Measured(\"a\", [1, 2], [1, 2])])",
            [("text/html", "^<div id=\"figure-1-[0-9a-f]{8}\" class=\"notebook-figure\"")]
        ),
        (
            "imports and await",
            """
            var text = new StringBuilder();
            var list = new List<int> { 1, 2 };
            IEnumerable bare = list.Select(i => 2 * i);
            await Task.Delay(1);
            text.Append(list.Count).ToString()
            """,
            [("text/plain", "^2$")]
        ),
        ("a last value", "3 + 4", [("text/html", "<pre>7</pre>")]),
        ("no value", "int seven = 3 + 4;", []),
        (
            "streams",
            "Console.WriteLine(\"out\"); Console.Error.WriteLine(\"bad\");",
            [("stdout", "^out\n$"), ("stderr", "^bad\n$")]
        ),
        (
            "an error",
            "int none = 0; 1 / none",
            [("error", "^System.DivideByZeroException: Attempted to divide by zero")]
        ),
        ("a file that is loaded", "#load \"twice.csx\"\nTwice(21).ToString()", [("text/plain", "^42$")]),
        (
            "a display that is replaced",
            """
            using Microsoft.DotNet.Interactive;
            var place = KernelInvocationContext.Current.Display("before");
            await Task.Run(() => place.Update("after"));
            """,
            [("text/plain", "^after$")]
        ),
        (
            "a display keeps the kind of text it began with",
            """
            var kept = KernelInvocationContext.Current.Display("plain");
            kept.Update(Charts.Curves("t", "x", "y", [Series.Measured("a", [1, 2], [1, 2])]));
            """,
            [("text/plain", "Description: t. y over x: a rises from 1 to 2.$")]
        ),
        (
            "display(x) is shown, its update is not",
            "var first = display(\"a\"); first.Update(\"b\");",
            [("text/plain", "^a$")]
        ),
        ("the extension method", "\"shown\".Display();", [("text/plain", "^shown$")]),
        ("HTML", "display(HTML(\"<b>bold</b>\"));", [("text/html", "^<b>bold</b>$")]),
        (
            "a script",
            "Javascript(\"window.seen = 1\")",
            [("text/html", "^<script type=\"text/javascript\">window.seen = 1</script>$")]
        ),
        (
            "a table",
            "Table.Of([new { Depth = 3, Loss = 0.5 }])",
            [("text/html", "^<table class=\"notebook-table\">.*<td[^>]*>0.5<")]
        ),
        (
            "a live chart",
            """
            var run = Live.Train(Network.Create([2, 4, 1], Activation.Tanh, Initializer.GlorotNormal, 1),
                Datasets.Circles(40), new() { Steps = 20_000 });
            """,
            [("text/html", "^<div id=\"live-[0-9]+-[0-9a-f]{8}\" class=\"notebook-figure\"")]
        ),
        (
            "a live leaderboard",
            "var board = Live.Leaderboard(\"best\", \"loss\", [\"a\", \"b\"], [1, 2], (name, seed) => seed);",
            [("text/html", "^<div id=\"live-[0-9]+-[0-9a-f]{8}\" class=\"notebook-figure\"")]
        ),
        (
            "a chart of Plotly.NET",
            Points,
            [("text/html", "^<div id=\"chart-[0-9]+-[0-9a-f]{8}\" class=\"notebook-figure\"")]
        ),
        (
            "packages that the library has",
            "#r \"nuget: Plotly.NET, 6.0.0\"\n#r \"nuget: MathNet.Numerics, 5.0.0\"",
            [("text/html", "<strong>Installed Packages</strong>.*Plotly.NET, 6.0.0")]
        ),
        (
            "they are one with the library's",
            $"Charts.Of({Points}, \"after\", \"x\", \"y\")",
            [("text/html", "^<div id=\"figure-[0-9]+-[0-9a-f]{8}\" class=\"notebook-figure\".*aria-label=\"after[.\"]")]
        ),
        (
            "and so are their matrices",
            """
            var ones = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(2, 3, 1);
            Network.Create([2, 4], Activation.Identity, Initializer.Zeros, 1).Forward(ones).ColumnCount.ToString()
            """,
            [("text/plain", "^3$")]
        ),
    ];

    public static TheoryData<string> Names => [.. Features.Select(feature => feature.Feature)];

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Shows(string feature)
    {
        int index = Array.FindIndex(Features, row => row.Feature == feature);
        (string Kind, string Text)[] shown = [.. Outputs(session.Cells[index + 1])];
        Assert.Equal(Features[index].Shown.Select(output => output.Kind), shown.Select(output => output.Kind));
        Assert.All(
            Features[index].Shown.Zip(shown),
            pair => Assert.Matches(new Regex(pair.First.Pattern, RegexOptions.Singleline), pair.Second.Text)
        );
    }

    [SkippableFact]
    public void AChartOfPlotlyBeforeAnythingOfTheLibraryIsDrawn()
    {
        DotNetInteractive.IsNeeded();
        JsonObject[] cells = host.RunCells(
            "plotly-first",
            $"var chart = {Points};",
            "Charts.Of(chart, \"first\", \"x\", \"y\")",
            "chart"
        );
        Assert.Empty(cells[1]["outputs"]!.AsArray());
        Assert.Contains("aria-label=\"first", Outputs(cells[2]).Single().Text);
        Assert.StartsWith("<div id=\"chart-2-", Outputs(cells[3]).Single().Text);
    }

    [SkippableFact]
    public void APackageThatTheHostCannotLoadAloneWorksOnceTheLibraryIsUsed()
    {
        DotNetInteractive.IsNeeded();
        JsonObject[] cells = host.RunCells(
            "package-first",
            "#r \"nuget: Plotly.NET, 6.0.0\"",
            Points,
            "Table.Of([new { Depth = 3 }])",
            Points
        );
        Assert.StartsWith(
            "System.IO.FileNotFoundException: Could not load file or assembly 'FSharp.Core, Version=10.1.0.0",
            Outputs(cells[2]).Single().Text
        );
        Assert.StartsWith("<div id=\"chart-1-", Outputs(cells[4]).Single().Text);
    }

    /// <summary>.NET Interactive warns of its own references in each cell that calls HTML; that is left out.</summary>
    private static IEnumerable<(string Kind, string Text)> Outputs(JsonObject cell) =>
        AllOutputs(cell).Where(output => !output.Text.StartsWith("\nwarning CS1701: ", StringComparison.Ordinal));

    private static IEnumerable<(string Kind, string Text)> AllOutputs(JsonObject cell) =>
        cell["outputs"]!
            .AsArray()
            .Select(output =>
                output!["output_type"]!.ToString() switch
                {
                    "stream" => (output["name"]!.ToString(), Course.Joined(output["text"])),
                    "error" => ("error", output["evalue"]!.ToString()),
                    _ => (
                        string.Join(' ', output["data"]!.AsObject().Select(data => data.Key)),
                        Course.Joined(output["data"]!.AsObject().First().Value)
                    ),
                }
            );

    /// <summary>One run of all the cells.</summary>
    public sealed class Session(DotNetInteractive host)
    {
        private readonly Lazy<JsonObject[]> _cells = new(() =>
        {
            DotNetInteractive.IsNeeded();
            host.Write("twice.csx", "int Twice(int x) => 2 * x;");
            return host.RunCells("features", [.. Features.Select(feature => feature.Cell)]);
        });

        public JsonObject[] Cells => _cells.Value;
    }
}
