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
    public void AHostFindsTheFormatterByItsConvention()
    {
        Figure figure = Charts.LossCurves(("run", Run));
        object attribute = figure
            .GetType()
            .GetCustomAttributes(false)
            .Single(a => a.GetType().Name == "TypeFormatterSourceAttribute");
        var source = (Type)attribute.GetType().GetProperty("FormatterSourceType")!.GetValue(attribute)!;
        dynamic formatter = (
            (IEnumerable<object>)((dynamic)Activator.CreateInstance(source)!).CreateTypeFormatters()
        ).Single();
        var writer = new StringWriter();
        Assert.True((bool)formatter.Format(figure, writer));
        Assert.Equal("text/html", (string)formatter.MimeType);
        Assert.Equal(figure.ToHtml(), writer.ToString());
    }

    private static JsonArray Data(Figure figure)
    {
        string html = figure.ToHtml();
        int start = html.LastIndexOf("\", {\"data\"", StringComparison.Ordinal) + 3;
        return JsonNode.Parse(html[start..html.LastIndexOf(");</script>", StringComparison.Ordinal)])![
            "data"
        ]!.AsArray();
    }
}
