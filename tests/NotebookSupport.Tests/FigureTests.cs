using System.Text.Json.Nodes;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

public class FigureTests
{
    private static TrainingRun Run =>
        Trainer.Train(
            Network.Create([2, 4, 1], Activation.Tanh, Initializer.GlorotNormal, 1),
            Datasets.Circles(40),
            new() { Steps = 20 }
        );

    [Fact]
    public void LossCurvesDrawEveryRunAndItsLosses()
    {
        TrainingRun run = Run;
        JsonArray data = Data(Charts.LossCurves(("one", run), ("two", run)));
        Assert.Equal(["one", "two"], data.Select(trace => trace!["name"]!.GetValue<string>()));
        double[] drawn = [.. data[0]!["y"]!.AsArray().Select(y => y!.GetValue<double>())];
        Assert.Equal(21, drawn.Length);
        Assert.All(drawn.Zip(run.Losses), pair => Assert.Equal(pair.Second, pair.First, 5e-5 * pair.Second));
    }

    [Fact]
    public void WeightsShareTheScaleOnBothSidesOfZero()
    {
        JsonNode trace = Data(
            Charts.Weights(
                Matrix<double>.Build.DenseOfArray(
                    new[,]
                    {
                        { 1.0, -3 },
                    }
                )
            )
        )[0]!;
        Assert.Equal((-3, 3), (trace["zmin"]!.GetValue<double>(), trace["zmax"]!.GetValue<double>()));
    }

    [Fact]
    public void UnitDifferenceHasALineForEachUnitAfterTheFirst()
    {
        TrainingRun run = Trainer.Train(
            Network.Create([2, 4, 1], Activation.Tanh, Initializer.GlorotNormal, 1),
            Datasets.Circles(40),
            new() { Steps = 20, Snapshots = 5 }
        );
        JsonArray data = Data(Charts.UnitDifference(run));
        Assert.Equal(["unit 2", "unit 3", "unit 4"], data.Select(trace => trace!["name"]!.GetValue<string>()));
        Assert.All(data, trace => Assert.Equal(6, trace!["x"]!.AsArray().Count));
    }

    [Fact]
    public void AReplayHasAFrameForEachSnapshotAndEndsInTheLast()
    {
        Dataset circles = Datasets.Circles(40);
        TrainingRun run = Trainer.Train(
            Network.Create([2, 4, 1], Activation.Tanh, Initializer.GlorotNormal, 1),
            circles,
            new() { Steps = 20, Snapshots = 5 }
        );
        JsonObject figure = Json(Charts.DecisionBoundaryReplay(circles, ("tanh", run)));
        JsonArray frames = figure["frames"]!.AsArray();
        Assert.Equal(["0", "4", "8", "12", "16", "20"], frames.Select(frame => frame!["name"]!.GetValue<string>()));
        Assert.Equal(figure["data"]![0]!["z"]!.ToJsonString(), frames[^1]!["data"]![0]!["z"]!.ToJsonString());
        Assert.NotEqual(frames[0]!["data"]![0]!["z"]!.ToJsonString(), frames[^1]!["data"]![0]!["z"]!.ToJsonString());
    }

    public static TheoryData<object> Shown =>
        [
            EveryChart.Draw()[0],
            Table.Of([new { Name = "a<b", Loss = 0.5 }]),
            Claims.Show(4),
            SymmetryExercises.DifferentUnits.Check(null),
        ];

    [Theory]
    [MemberData(nameof(Shown))]
    public void AHostFindsTheFormatterByItsConvention(object shown)
    {
        object attribute = shown
            .GetType()
            .GetCustomAttributes(false)
            .Single(a => a.GetType().Name == "TypeFormatterSourceAttribute");
        var source = (Type)attribute.GetType().GetProperty("FormatterSourceType")!.GetValue(attribute)!;
        dynamic formatter = (
            (IEnumerable<object>)((dynamic)Activator.CreateInstance(source)!).CreateTypeFormatters()
        ).Single();
        var writer = new StringWriter();
        Assert.True((bool)formatter.Format(shown, writer));
        Assert.Equal("text/html", (string)formatter.MimeType);
        Assert.StartsWith("<", writer.ToString(), StringComparison.Ordinal);
        Assert.False((bool)formatter.Format("text", writer));
    }

    [Fact]
    public void ATableEscapesItsTextAndNamesItsColumnsInWords() =>
        Assert.Equal(
            "<table class=\"notebook-table\"><thead><tr><th scope=\"col\">name</th><th scope=\"col\">final loss</th></tr></thead>"
                + "<tbody><tr><td style=\"text-align:left\">a&lt;b</td><td style=\"text-align:right;white-space:nowrap\">0.5</td></tr></tbody></table>",
            Table.Of([new { Name = "a<b", FinalLoss = 0.5 }]).ToHtml()
        );

    [Fact]
    public void ColumnsAreNamedInWords() =>
        Assert.StartsWith(
            "rank of W1\tchi of ReLU\tmean of Z\tloss\n",
            Table
                .Of([
                    new
                    {
                        RankOfW1 = 1,
                        ChiOfReLU = 2,
                        MeanOfZ = 3,
                        Loss = 4,
                    },
                ])
                .ToString(),
            StringComparison.Ordinal
        );

    private static JsonArray Data(Figure figure) => Json(figure)["data"]!.AsArray();

    private static JsonObject Json(Figure figure)
    {
        string html = figure.ToHtml();
        int start = html.LastIndexOf("\", {\"data\"", StringComparison.Ordinal) + 3;
        return JsonNode.Parse(html[start..html.LastIndexOf(");</script>", StringComparison.Ordinal)])!.AsObject();
    }
}
