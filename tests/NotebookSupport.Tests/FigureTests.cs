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
        JsonNode[] data = Visible(Charts.LossCurves(("one", run), ("two", run)));
        Assert.Equal(["one", "two"], data.Select(trace => trace["name"]!.GetValue<string>()));
        double[] drawn = [.. data[0]!["y"]!.AsArray().Select(y => y!.GetValue<double>())];
        Assert.Equal(21, drawn.Length);
        Assert.All(drawn.Zip(run.Losses), pair => Assert.Equal(pair.Second, pair.First, 5e-5 * pair.Second));
    }

    /// <summary>Steps of 1e30 times the gradient overflow in a deep linear network: the third training diverges.</summary>
    [Fact]
    public void LossCurvesOfAGroupDrawItsMedianOverItsFaintTrainings()
    {
        TrainingRun Trained(double rate) =>
            Trainer.Train(
                Network.Create([2, 4, 4, 1], Activation.Identity, Initializer.GlorotNormal, 1),
                Datasets.Circles(40),
                new() { Steps = 20, LearningRate = rate }
            );
        TrainingRun[] runs = [Trained(0.1), Trained(0.2), Trained(1e30)];
        Assert.NotNull(runs[2].DivergedAt);
        Figure figure = Charts.LossCurves("Three rates", ("all", runs));
        JsonNode[] data = Visible(figure);
        JsonNode[] faint = [.. data.Where(trace => trace["hoverinfo"]?.ToString() == "skip")];
        Assert.Equal(3, faint.Length);
        JsonNode median = Assert.Single(data.Except(faint));
        Assert.Equal(runs.Select(run => run.Losses[0]).Order().ElementAt(1), (double)median["y"]![0]!, 5e-5);
        double last = Math.Max(runs[0].FinalLoss, runs[1].FinalLoss);
        Assert.Equal(last, (double)median["y"]!.AsArray()[^1]!, 5e-5 * last);
        Assert.Contains("medians", figure.Description, StringComparison.Ordinal);
        Assert.Contains("diverges at step", figure.Description, StringComparison.Ordinal);
        Assert.Contains(
            "all of groups has no training",
            Assert
                .Throws<ArgumentException>(() => Charts.LossCurves("none", ("all", Array.Empty<TrainingRun>())))
                .Message,
            StringComparison.Ordinal
        );
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
    public void UnitDistancesHasALineForEachUnitThatDiffersFromTheOthers()
    {
        TrainingRun equal = Trainer.Train(
            Network.Create([2, 4, 1], Activation.Tanh, Initializer.Constant(1), 1),
            Datasets.Circles(40),
            new() { Steps = 20, Snapshots = 5 }
        );
        Assert.Equal("units 1 to 4", Assert.Single(Data(Charts.UnitDistances(equal)))!["name"]!.ToString());
        TrainingRun run = Trainer.Train(
            Network.Create([2, 4, 1], Activation.Tanh, Initializer.GlorotNormal, 1),
            Datasets.Circles(40),
            new() { Steps = 20, Snapshots = 5 }
        );
        JsonArray data = Data(Charts.UnitDistances(run));
        Assert.InRange(data.Count, 2, 4);
        Assert.All(data, trace => Assert.Equal(6, trace!["x"]!.AsArray().Count));
    }

    /// <summary>The line x1 + 2 x2 - 1 = 0 crosses x1 = ±e at x2 = (1 ∓ e) / 2; a unit without weights has no line.</summary>
    [Fact]
    public void UnitLinesAreWhereThePreActivationIsZero()
    {
        Dataset circles = Datasets.Circles(40);
        var network = new Network([
            new Layer(
                Matrix<double>.Build.DenseOfRowArrays([1, 2], [0, 0]),
                Vector<double>.Build.DenseOfArray([-1, 1]),
                Activation.Tanh
            ),
            new Layer(
                Matrix<double>.Build.DenseOfRowArrays([1.0, 0]),
                Vector<double>.Build.Dense(1),
                Activation.Identity
            ),
        ]);
        TrainingRun run = Trainer.Train(
            network,
            circles,
            new()
            {
                Steps = 1,
                Snapshots = 1,
                LearningRate = 1e-9,
            }
        );
        JsonObject figure = Json(Charts.UnitLinesReplay("lines", circles, ("two", run)));
        JsonNode line = figure["data"]!.AsArray().Single(trace => (string?)trace!["name"] == "hidden units")!;
        double[] x = [.. FiniteNumbers(line["x"])];
        double[] y = [.. FiniteNumbers(line["y"])];
        Assert.Equal(2, x.Length);
        Assert.All(x.Zip(y), point => Assert.Equal(0, point.First + 2 * point.Second - 1, 0.01));
        Assert.Equal([0, 3], figure["frames"]![0]!["traces"]!.AsArray().Select(trace => trace!.GetValue<int>()));
    }

    /// <summary>The numbers of a trace; a gap is none.</summary>
    private static IEnumerable<double> FiniteNumbers(JsonNode? values) =>
        values!
            .AsArray()
            .OfType<JsonValue>()
            .Where(value => value.TryGetValue(out double _))
            .Select(value => value.GetValue<double>());

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
        JsonNode control = figure["control"]!;
        Assert.Equal(["0", "4", "8", "12", "16", "20"], control["values"]!.AsArray().Select(value => (string)value!));
        Assert.Equal(("step", 5, 6), ((string)control["quantity"]!, (int)control["active"]!, frames.Count));
        Assert.Equal(figure["data"]![0]!["z"]!.ToJsonString(), frames[^1]!["data"]![0]!["z"]!.ToJsonString());
        Assert.NotEqual(frames[0]!["data"]![0]!["z"]!.ToJsonString(), frames[^1]!["data"]![0]!["z"]!.ToJsonString());
    }

    [Fact]
    public void TheDialHasAFrameAndAReadingForEachCombinationAndShowsTheOneThatIsActive()
    {
        double[] scales = [1, 1.2, 1.4, 1.6];
        JsonObject dial = Json(
            Charts.DepthDial(scales, [Activation.ReLU, Activation.Tanh], [4, 8, 16], depth: 8, seed: 3, first: 1)
        );
        JsonArray frames = dial["frames"]!.AsArray();
        Assert.Equal((24, 24), (frames.Count, dial["control"]!["readings"]!.AsArray().Count));
        // The scale first, then the activation, then the width, of which the middle one is active.
        int[] layers = [.. Enumerable.Range(1, 8)];
        Assert.Equal(Drawn(Activation.ReLU, 1.2, 8), Data(frames[1 + 4 * (0 + 2 * 1)]!));
        Assert.Equal(Drawn(Activation.Tanh, 1.6, 16), Data(frames[3 + 4 * (1 + 2 * 2)]!));
        Assert.Equal(
            Data(frames[9]!),
            string.Join(
                ' ',
                dial["data"]!.AsArray().Select((trace, t) => trace![t % 3 == 0 ? "z" : "y"]!.ToJsonString())
            )
        );

        string Drawn(Activation activation, double s, int width) =>
            string.Join(
                    ' ',
                    DepthState
                        .Of(DepthState.Weights(width, 8, 3), activation, s, layers, 3)
                        .Panels.SelectMany(panel =>
                            new[]
                            {
                                $$"""{"dtype":"u1","bdata":"{{Convert.ToBase64String(panel.Shares)}}","shape":"51,8"}""",
                                Decades(panel.Theory),
                                Decades(panel.Measured),
                            }
                        )
                )
                .Replace("+", "\\u002B", StringComparison.Ordinal);
        static string Decades(IEnumerable<double> sizes) =>
            new JsonArray([.. sizes.Select(size => (JsonNode)Math.Round(Math.Log10(size), 2))]).ToJsonString();
        static string Data(JsonNode frame) =>
            string.Join(
                ' ',
                frame["data"]!
                    .AsArray()
                    .SelectMany(trace => trace!.AsObject().Select(pair => pair.Value!.ToJsonString()))
            );
    }

    [Fact]
    public void AStateOfTheDialIsWhatTheNetworkComputes()
    {
        const int width = 6;
        DepthState state = DepthState.Of(DepthState.Weights(width, 5, 4), Activation.Tanh, 1.5, [1, 5], 4);
        var network = Network.Create(
            Sizes.Of(width, width, 5, 1),
            Activation.Tanh,
            Initializer.VarianceScaling(2.25),
            4
        );
        Matrix<double> input = Initializer.Normal(1).Sample(width, 1, new Random(1004));
        input *= Math.Sqrt(width) / input.FrobeniusNorm();
        IReadOnlyList<LayerSignal> signals = network.Signals(
            input,
            Matrix<double>.Build.Dense(1, 1, 1),
            Loss.MeanSquaredError
        );
        double unit = signals[4].DeltaNorm / Math.Sqrt(width);
        // Rounding of sixty operations, six products in each of five layers forward and back.
        Assert.Equal(signals[4].Activations.FrobeniusNorm() / Math.Sqrt(width), state.Panels[0].Measured[1], 1e-14);
        Assert.Equal(signals[0].DeltaNorm / Math.Sqrt(width) / unit, state.Panels[1].Measured[0], 1e-14);
        Assert.Equal(signals[4].WeightGradientNorm / width / unit, state.Panels[2].Measured[1], 1e-14);
        // Every size has a bin here, so a column adds up to 100 % but for the rounding of at most 51 shares.
        Assert.InRange(Enumerable.Range(0, DepthPanel.Bins).Sum(bin => state.Panels[2].Shares[2 * bin]), 90, 110);
        Assert.StartsWith("The signal arrives: layer 5 has ", state.Reading, StringComparison.Ordinal);
    }

    [Fact]
    public void TheTheoryOfTheDialIsTheLawOfReLU()
    {
        DepthState state = DepthState.Of(DepthState.Weights(4, 11, 1), Activation.ReLU, 1, [1, 11], 1);
        Assert.Equal(Math.Pow(0.5, 5.5), state.Panels[0].Theory[1], 1e-14);
        Assert.Equal(Math.Pow(0.5, 5), state.Panels[1].Theory[0], 1e-14);
        Assert.All(state.Panels[2].Theory, size => Assert.Equal(Math.Pow(0.5, 5), size, 1e-14));
    }

    [Fact]
    public void ChartsSideBySideHaveOneAxisAndNameASeriesOnce()
    {
        Figure Drawn(double height) => Charts.Curves("c", "x", "y", [Series.Measured("m", [1, 2], [0, height])]);
        JsonObject figure = Json(Charts.SideBySide("t", ("left", Drawn(1)), ("right", Drawn(9))));
        JsonNode layout = figure["layout"]!;
        Assert.Equal(layout["yaxis"]!["range"]!.ToJsonString(), layout["yaxis2"]!["range"]!.ToJsonString());
        Assert.InRange((double)layout["yaxis"]!["range"]![1]!, 9, 10);
        Assert.Equal(["x", "x2"], figure["data"]!.AsArray().Select(trace => trace!["xaxis"]!.ToString()));
        Assert.Equal([true, false], figure["data"]!.AsArray().Select(trace => (bool)trace!["showlegend"]!));
        Assert.Equal(["left", "right"], layout["annotations"]!.AsArray().Select(note => note!["text"]!.ToString()));
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
            "<table class=\"notebook-table\"><thead><tr><th scope=\"col\">name</th><th scope=\"col\" style=\"text-align:right\">final loss</th></tr></thead>"
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

    /// <summary>A step far out and a loss that hardly changes: five digits would make one point of eight.</summary>
    [Fact]
    public void PointsThatTheAxisResolvesStayDistinct()
    {
        double[] x = [.. Enumerable.Range(1000000, 8).Select(i => (double)i)];
        double[] y = [.. Enumerable.Range(0, 8).Select(i => 2.302585 - i * 1e-6)];
        JsonNode trace = Data(Charts.Curves("t", "step", "loss", [Series.Measured("a", x, y)]))[0]!;
        Assert.Equal(x, Numbers(trace["x"]!));
        Assert.All(Numbers(trace["y"]!).Zip(y), pair => Assert.Equal(pair.Second, pair.First, 7e-6 / 10_000));
        Assert.Equal("2.302585", trace["y"]![0]!.ToJsonString());
        JsonNode map = Data(Charts.HeatMap("t", "x", "y", "z", x, [0], (column, _) => 5e6 + (column - 1e6) / 3))[0]!;
        Assert.Equal(8, Numbers(map["z"]![0]!).Distinct().Count());
        Assert.Equal(5e6, map["zmin"]!.GetValue<double>());
        Assert.Equal(5e6 + 7 / 3.0, map["zmax"]!.GetValue<double>(), 1e-3);
    }

    [Fact]
    public void NumbersHaveNoMoreDigitsThanTheAxisShows()
    {
        double[] thirds = [.. Enumerable.Range(0, 8).Select(i => i / 3.0)];
        JsonNode linear = Data(Charts.Curves("t", "x", "y", [Series.Measured("a", thirds, thirds)]))[0]!;
        Assert.Equal("0.33333", linear["y"]![1]!.ToJsonString());
        JsonNode log = Data(
            Charts.Curves("t", "x", "y", [Series.Measured("a", [1, 2], [1e-20 / 3, 1e-20 / 6])], logY: true)
        )[0]!;
        Assert.Equal("3.3333E-21", log["y"]![0]!.ToJsonString());
        double[] one = [0.1 + 0.2];
        JsonNode single = Data(Charts.Curves("t", "x", "y", [Series.Measured("a", one, one)]))[0]!;
        Assert.Equal(one, Numbers(single["y"]!));
    }

    [Fact]
    public void EveryFrameOfAReplayIsRoundedByTheAxisOfItsTrace()
    {
        double[] x = [1000000, 1000001];
        Figure Drawn(double shift) =>
            Charts.Curves("t", "x", "y", [Series.Measured("a", x, [5e6 + shift, 5e6 + shift + 0.5])]);
        JsonArray frames = Json(Charts.Slider("shift", [("0", Drawn(0)), ("1", Drawn(1))]))["frames"]!.AsArray();
        Assert.Equal([5e6 + 1, 5e6 + 1.5], Numbers(frames[1]!["data"]![0]!["y"]!));
    }

    /// <summary>A sum over mini-batches jumps from step to step: its course is a line over the faint jumps.</summary>
    [Fact]
    public void ANoisyLossIsSmoothedOverItsFaintSteps()
    {
        TrainingRun Run(int batch) =>
            Trainer.Train(
                Network.Create([2, 8, 1], Activation.Tanh, Initializer.GlorotNormal, 1),
                Datasets.Moons(60),
                new()
                {
                    Steps = 300,
                    LearningRate = 0.3,
                    BatchSize = batch,
                }
            );
        JsonNode[] noisy = Visible(Charts.LossCurves(("one", Run(batch: 4))));
        Assert.Equal(["one, each step", "one"], noisy.Select(trace => trace["name"]!.ToString()));
        Assert.Equal(noisy[0]["line"]!["color"]!.ToString(), noisy[1]["line"]!["color"]!.ToString());
        Assert.InRange(noisy[0]["opacity"]!.GetValue<double>(), 0.1, 0.5);
        Assert.InRange(Roughness(noisy[1]), 0, Roughness(noisy[0]) / 10);
        Assert.Equal(
            ["one"],
            Visible(Charts.LossCurves(("one", Run(batch: 60)))).Select(trace => trace["name"]!.ToString())
        );

        static double Roughness(JsonNode trace)
        {
            double[] logs = [.. Numbers(trace["y"]!).Select(y => Math.Log(y))];
            return logs.Zip(logs.Skip(1), (one, next) => Math.Abs(next - one)).Sum();
        }
    }

    [Fact]
    public void LinesThatEndApartAreNamedAtTheirEndsAndOthersInALegend()
    {
        double[] x = [1, 2, 3];
        Figure Drawn(params double[] ends) =>
            Charts.Curves("t", "x", "y", [.. ends.Select((end, i) => Series.Theory($"line {i}", x, [0, i, end]))]);
        JsonObject apart = Json(Drawn(1, 10));
        Assert.Equal("  line 1", apart["data"]![1]!["text"]![2]!.ToString());
        Assert.False(apart["layout"]!["showlegend"]!.GetValue<bool>());
        Assert.InRange(apart["layout"]!["margin"]!["r"]!.GetValue<int>(), 40, 100);
        JsonObject together = Json(Drawn(9.9, 10, 0));
        Assert.Null(together["data"]![1]!["text"]);
        Assert.True(together["layout"]!["showlegend"]!.GetValue<bool>());
        // Under a slider the ends move.
        JsonObject slider = Json(Charts.Slider("q", [("1", Drawn(1, 10)), ("2", Drawn(9.9, 10))]));
        Assert.True(slider["layout"]!["showlegend"]!.GetValue<bool>());
        Assert.DoesNotContain("text", slider["data"]![1]!["mode"]!.ToString());
    }

    [Fact]
    public void MeasurementsAtOnePlaceAreRingsAroundEachOther()
    {
        double[] x = [1, 2, 3];
        JsonArray data = Data(
            Charts.Curves(
                "t",
                "x",
                "y",
                [
                    Series.Measured("a", x, [1, 2, 3]),
                    Series.Measured("b", x, [1, 2, 3]),
                    Series.Measured("c", x, [3, 2, 1]),
                ]
            )
        );
        Assert.Equal(
            ["circle", "diamond-open", "square"],
            data.Select(trace => trace!["marker"]!["symbol"]!.ToString())
        );
        double[] sizes = [.. data.Select(trace => trace!["marker"]!["size"]!.GetValue<double>())];
        Assert.True(sizes[1] >= sizes[0] + 4 && sizes[2] == sizes[0], string.Join(' ', sizes));
    }

    [Fact]
    public void ALineOnWhichAnotherLiesIsWider()
    {
        TrainingRun run = Run;
        JsonNode[] data = Visible(Charts.LossCurves(("one", run), ("two", run)));
        double[] widths = [.. data.Select(trace => trace["line"]!["width"]!.GetValue<double>())];
        Assert.True(widths[0] >= widths[1] + 2, string.Join(' ', widths));
    }

    [Fact]
    public void SeriesOfOneNameAreOneInColourAndLegend()
    {
        JsonArray data = Data(
            Charts.Curves(
                "t",
                "x",
                "y",
                [
                    Series.Measured("a", [1, 2], [1, 2]),
                    Series.Measured("b", [1, 2], [3, 1]),
                    Series.Measured("a", [1, 2], [5, 7]),
                    Series.Theory("law of a", [1, 2], [5, 8]),
                ]
            )
        );
        string[] colours =
        [
            .. data.Select(trace => (trace!["marker"]?["color"] ?? trace["line"]!["color"])!.ToString()),
        ];
        Assert.Equal([colours[0], colours[1], colours[0], colours[0]], colours);
        Assert.NotEqual(colours[0], colours[1]);
        Assert.Equal([true, true, false, true], data.Select(trace => (bool)trace!["showlegend"]!));
    }

    [Fact]
    public void WhatHasNoPlaceOnALogarithmicAxisIsCountedAndNotDrawn()
    {
        JsonNode trace = Data(
            Charts.Curves(
                "t",
                "x",
                "y",
                [Series.Measured("a", [1, 2, 3, 4], [1, 0, double.PositiveInfinity, 0.1])],
                logY: true
            )
        )[0]!;
        Assert.Equal("a, 1 exactly 0, 1 not finite", trace["name"]!.ToString());
        Assert.Equal([1, 0.1], Numbers(trace["y"]!));
    }

    [Fact]
    public void ALossOfTwoParametersIsAMapWhosePathsHaveAnEdge()
    {
        PlaneLoss Bowl(double x, double y) => new(x * x + y * y, 2 * x, 2 * y);
        JsonArray data = Data(
            Charts.Surface(
                "bowl",
                "x",
                "y",
                [-1, 0, 1],
                [-1, 0, 1],
                Bowl,
                highest: 1,
                theory: null,
                ("down", PlaneDescent.Run(Bowl, 0.9, 0.9, 0.1, 5))
            )
        );
        Assert.Equal("contour", data[0]!["type"]!.ToString());
        // The corners are higher than the highest colour, and stay as high as they are.
        Assert.Equal(2, data[0]!["z"]![0]![0]!.GetValue<double>());
        Assert.Equal("≥ 1", data[0]!["colorbar"]!["ticktext"]!.AsArray()[^1]!.ToString());
        Assert.True(
            data[1]!["line"]!["width"]!.GetValue<double>() > data[2]!["line"]!["width"]!.GetValue<double>() + 1
        );
        Assert.Equal(ChartStyle.Paper.Light, data[1]!["line"]!["color"]!.ToString());
    }

    [Fact]
    public void EveryChartTakesATitle()
    {
        Dataset circles = Datasets.Circles(40);
        TrainingRun run = Trainer.Train(
            Network.Create([2, 4, 1], Activation.Tanh, Initializer.GlorotNormal, 1),
            circles,
            new() { Steps = 20, Snapshots = 5 }
        );
        Assert.All(
            (Figure[])
                [
                    Charts.LossCurves("It learns", ("a", run)),
                    Charts.UnitDistances("It learns", run),
                    Charts.DecisionBoundary("It learns", circles, ("a", run.Network)),
                    Charts.DecisionBoundaryReplay("It learns", circles, ("a", run)),
                    Charts.Images(Datasets.Digits(), title: "It learns"),
                ],
            figure => Assert.Equal("It learns", figure.Json["layout"]!["title"]!["text"]!.ToString())
        );
    }

    private static JsonNode[] Visible(Figure figure) =>
        [.. Data(figure).Select(trace => trace!).Where(trace => trace["visible"]?.GetValue<bool>() != false)];

    private static double[] Numbers(JsonNode array) => [.. array.AsArray().Select(value => value!.GetValue<double>())];

    private static JsonArray Data(Figure figure) => Json(figure)["data"]!.AsArray();

    private static JsonObject Json(Figure figure)
    {
        string html = figure.ToHtml();
        const string Data = "<script type=\"application/json\">";
        int start = html.IndexOf(Data, StringComparison.Ordinal) + Data.Length;
        return JsonNode.Parse(html[start..html.IndexOf("</script>", start, StringComparison.Ordinal)])!.AsObject();
    }
}
