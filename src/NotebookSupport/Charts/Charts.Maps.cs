using System.Text.Json;
using System.Text.Json.Nodes;
using MathNet.Numerics.LinearAlgebra;
using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace NotebookSupport;

public static partial class Charts
{
    private const int Grid = 29;

    /// <summary>Between two panels, as a share of the plot.</summary>
    private const double Gap = 0.05;

    /// <summary>Labels on the axis of a panel, which may be narrow: the axis holds one at 0, and one at each side.</summary>
    private const int PanelLabels = 3;

    /// <summary>In pixels: the name above a panel, and the legend above the names.</summary>
    private const int NameLine = 24;

    /// <inheritdoc cref="NameLine"/>
    private const int LegendRoom = 20;

    private const int MostFrames = 13;

    /// <summary>A weight matrix as a heat map, blue below 0 and red above.</summary>
    /// <param name="weights">[fan-out x fan-in].</param>
    /// <param name="title">The title; default "Weights".</param>
    public static Figure Weights(Matrix<double> weights, string title = "Weights")
    {
        double limit = Math.Max(Require.NotNull(weights).Enumerate().Max(Math.Abs), 1e-300);
        GenericChart chart = Chart.Heatmap<double, int, int, string>(
            zData: weights.ToRowArrays(),
            X: Enumerable.Range(1, weights.ColumnCount).ToArray(),
            Y: Enumerable.Range(1, weights.RowCount).ToArray()
        );
        Set(
            chart,
            new
            {
                colorscale = ChartStyle.Signed,
                zmin = -limit,
                zmax = limit,
                hovertemplate = "unit %{y}, input %{x}: %{z:.4g}<extra></extra>",
                colorbar = new { title = new { text = "weight" } },
            }
        );
        double lowest = weights.Enumerate().Min();
        double highest = weights.Enumerate().Max();
        return new Figure(
            chart,
            new
            {
                title = new { text = title },
                xaxis = new { title = new { text = "input j" }, dtick = weights.ColumnCount > 20 ? (int?)null : 1 },
                yaxis = new
                {
                    title = new { text = "unit i" },
                    autorange = "reversed",
                    dtick = weights.RowCount > 20 ? (int?)null : 1,
                },
            },
            Invariant(
                $"{Finding.Sentence(title)} The weights of {weights.RowCount} units by {weights.ColumnCount} inputs "
            )
                + (
                    lowest == highest
                        ? $"are all {Finding.Number(lowest)}."
                        : $"lie between {Finding.Number(lowest)} and {Finding.Number(highest)}."
                )
        );
    }

    /// <summary>
    /// What classifiers of two classes in the plane answer, side by side: the probability of class 1 as a colour, the
    /// examples as points.
    /// </summary>
    /// <param name="data">Examples with two inputs and one target.</param>
    /// <param name="networks">The classifiers, each with its name; at least one.</param>
    public static Figure DecisionBoundary(Dataset data, params (string Name, Network Network)[] networks) =>
        DecisionBoundary($"Decision boundaries on {Require.NotNull(data).Name}", data, networks);

    /// <inheritdoc cref="DecisionBoundary(Dataset, ValueTuple{string, Network}[])"/>
    /// <param name="title">The title: what the boundaries show.</param>
    /// <param name="data">Examples with two inputs and one target.</param>
    /// <param name="networks">The classifiers, each with its name; at least one.</param>
    public static Figure DecisionBoundary(
        string title,
        Dataset data,
        params (string Name, Network Network)[] networks
    ) =>
        Boundaries(
            title,
            data,
            [.. Require.NotNull(networks).Select(n => (n.Name, (IReadOnlyList<Snapshot>)[new Snapshot(0, n.Network)]))]
        );

    /// <summary>
    /// As <see cref="DecisionBoundary(Dataset, ValueTuple{string, Network}[])"/>, over a training: with a slider and a Play button, which work on a saved
    /// page too.
    /// </summary>
    /// <param name="data">Examples with two inputs and one target.</param>
    /// <param name="runs">Trainings with snapshots at the same steps, each with its name; at least one.</param>
    public static Figure DecisionBoundaryReplay(Dataset data, params (string Name, TrainingRun Run)[] runs) =>
        DecisionBoundaryReplay($"Decision boundaries on {Require.NotNull(data).Name} during training", data, runs);

    /// <inheritdoc cref="DecisionBoundaryReplay(Dataset, ValueTuple{string, TrainingRun}[])"/>
    /// <param name="title">The title: what the boundaries show.</param>
    /// <param name="data">Examples with two inputs and one target.</param>
    /// <param name="runs">Trainings with snapshots at the same steps, each with its name; at least one.</param>
    public static Figure DecisionBoundaryReplay(
        string title,
        Dataset data,
        params (string Name, TrainingRun Run)[] runs
    ) => Boundaries(title, data, [.. Require.NotNull(runs).Select(r => (r.Name, RequireSnapshots(r.Run)))]);

    /// <summary>
    /// As <see cref="DecisionBoundary(string, Dataset, ValueTuple{string, Network}[])"/>, with a line for each unit of the first layer: there its pre-activation
    /// is 0. Units with equal weights and biases lie on one line; a unit without weights has none.
    /// </summary>
    /// <param name="title">The title: what the lines show.</param>
    /// <param name="data">Examples with two inputs and one target.</param>
    /// <param name="networks">The classifiers, each with its name; at least one.</param>
    public static Figure UnitLines(string title, Dataset data, params (string Name, Network Network)[] networks) =>
        Boundaries(
            title,
            data,
            [.. Require.NotNull(networks).Select(n => (n.Name, (IReadOnlyList<Snapshot>)[new Snapshot(0, n.Network)]))],
            hasUnitLines: true
        );

    /// <summary>As <see cref="UnitLines"/>, over a training: with a slider and a Play button, which work on a saved page too.</summary>
    /// <param name="title">The title: what the lines show.</param>
    /// <param name="data">Examples with two inputs and one target.</param>
    /// <param name="runs">Trainings with snapshots at the same steps, each with its name; at least one.</param>
    public static Figure UnitLinesReplay(string title, Dataset data, params (string Name, TrainingRun Run)[] runs) =>
        Boundaries(
            title,
            data,
            [.. Require.NotNull(runs).Select(r => (r.Name, RequireSnapshots(r.Run)))],
            hasUnitLines: true
        );

    /// <summary>Examples whose inputs are the pixels of square images, side by side, each with its class.</summary>
    /// <param name="data">Examples with 64 inputs for images of 8 x 8, and so on; each pixel from 0 to 1.</param>
    /// <param name="count">How many of the first examples; at least 1, default 20.</param>
    /// <param name="title">The title; default which examples they are.</param>
    public static Figure Images(Dataset data, int count = 20, string? title = null)
    {
        int shown = Math.Min(Require.AtLeast(count, 1), Require.NotNull(data).Count);
        int side = (int)Math.Round(Math.Sqrt(data.Inputs.RowCount));
        if (side * side != data.Inputs.RowCount)
            throw new ArgumentException(
                Invariant($"data has {data.Inputs.RowCount} inputs; expected a square number, the pixels of an image."),
                nameof(data)
            );
        const int across = 10;
        int rows = (shown + across - 1) / across;
        int cell = side + 1;
        var pixels = Matrix<double>.Build.Dense(rows * cell - 1, Math.Min(shown, across) * cell - 1, double.NaN);
        for (int n = 0; n < shown; n++)
        for (int i = 0; i < side; i++)
        for (int j = 0; j < side; j++)
            pixels[n / across * cell + i, n % across * cell + j] = data.Inputs[i * side + j, n];
        GenericChart chart = Chart.Heatmap<double, int, int, string>(zData: pixels.ToRowArrays());
        Set(
            chart,
            new
            {
                colorscale = "Greys",
                reversescale = true,
                showscale = false,
                hoverinfo = "skip",
            }
        );
        string labels = string.Join(" ", data.Labels.Take(shown));
        return new Figure(
            chart,
            new
            {
                title = new { text = title ?? Invariant($"The first {shown} examples of {data.Name}") },
                margin = new
                {
                    l = 8,
                    r = 8,
                    t = 48,
                    b = 8,
                },
                xaxis = new { visible = false, constrain = "domain" },
                yaxis = new
                {
                    visible = false,
                    autorange = "reversed",
                    scaleanchor = "x",
                    constrain = "domain",
                },
            },
            Invariant($"The first {shown} images of {data.Name}; they show {labels}"),
            height: 56 + 76 * rows
        );
    }

    private static Figure Boundaries(
        string title,
        Dataset data,
        (string Name, IReadOnlyList<Snapshot> Snapshots)[] panels,
        bool hasUnitLines = false
    )
    {
        Require.NotNull(title);
        if (Require.NotNull(data).Inputs.RowCount != 2 || data.Targets.RowCount != 1)
            throw new ArgumentException(
                Invariant(
                    $"data has {data.Inputs.RowCount} inputs and {data.Targets.RowCount} targets; expected 2 and 1."
                ),
                nameof(data)
            );
        if (panels.Length == 0)
            throw new ArgumentException("networks is empty; expected at least one.", nameof(panels));
        if (panels.Any(panel => panel.Snapshots.Count != panels[0].Snapshots.Count))
            throw new ArgumentException("runs differ in their snapshots; expected the same number.", nameof(panels));
        double edge = 1.1 * data.Inputs.Enumerate().Max(Math.Abs);
        double[] ticks = [.. Enumerable.Range(0, Grid).Select(i => edge * (2.0 * i / (Grid - 1) - 1))];
        var plane = Matrix<double>.Build.Dense(2, Grid * Grid, (row, p) => ticks[row == 0 ? p % Grid : p / Grid]);
        IReadOnlyList<int> labels = data.Labels;
        var charts = new List<GenericChart>();
        var layout = new JsonObject();
        var annotations = new JsonArray();
        for (int p = 0; p < panels.Length; p++)
        {
            string axis = p == 0 ? "" : Invariant($"{p + 1}");
            charts.Add(
                On(axis, Surface(ticks, Answers(panels[p].Snapshots[^1].Network, plane), p == panels.Length - 1))
            );
            for (int c = 0; c < 2; c++)
                charts.Add(On(axis, Points(data.Inputs, labels, c, showLegend: p == 0)));
            if (hasUnitLines)
            {
                (double[] x, double[] y) = LinesOf(panels[p].Snapshots[^1].Network.Layers[0], edge);
                charts.Add(
                    On(
                        axis,
                        Line(x, y, "hidden units", ChartStyle.Colour(5), ChartStyle.TheoryWidth, isInLegend: p == 0)
                    )
                );
            }
            double width = (1 - Gap * (panels.Length - 1)) / panels.Length;
            double left = p * (width + Gap);
            layout["xaxis" + axis] = new JsonObject
            {
                ["domain"] = new JsonArray(left, left + width),
                ["anchor"] = "y" + axis,
                ["range"] = new JsonArray(-edge, edge),
                ["constrain"] = "domain",
                ["nticks"] = PanelLabels,
                ["title"] = new JsonObject { ["text"] = "x1" },
            };
            layout["yaxis" + axis] = new JsonObject
            {
                ["anchor"] = "x" + axis,
                ["range"] = new JsonArray(-edge, edge),
                ["scaleanchor"] = "x" + axis,
                ["constrain"] = "domain",
                ["nticks"] = 2 * PanelLabels,
                // All panels have the same axes: the first says them for all.
                ["showticklabels"] = p == 0,
                ["title"] = new JsonObject { ["text"] = p == 0 ? "x2" : "" },
            };
            annotations.Add(
                new JsonObject
                {
                    ["text"] = panels[p].Name,
                    ["xref"] = $"x{axis} domain",
                    ["yref"] = $"y{axis} domain",
                    ["x"] = 0.5,
                    ["y"] = 1.02,
                    ["yanchor"] = "bottom",
                    ["showarrow"] = false,
                    ["font"] = new JsonObject { ["size"] = 14 },
                }
            );
        }
        layout["annotations"] = annotations;
        (object legend, int height) = ChartStyle.Legend(
            hasUnitLines ? ["class 0", "class 1", "hidden units"] : ["class 0", "class 1"],
            // The more panels share the width, the lower they are.
            panels[0].Snapshots.Count > 1
                ? 490
                : 390 - 45 * Math.Max(0, panels.Length - 2)
        );
        layout["title"] = new JsonObject { ["text"] = title };
        layout["showlegend"] = true;
        layout["legend"] = JsonSerializer.SerializeToNode(legend);
        layout["margin"] = new JsonObject
        {
            ["l"] = 52,
            ["r"] = 24,
            ["t"] = ChartStyle.Above + NameLine + LegendRoom,
            ["b"] = 48,
        };
        Replay? replay = null;
        if (panels[0].Snapshots.Count > 1)
        {
            int count = panels[0].Snapshots.Count;
            int[] kept =
            [
                .. Enumerable
                    .Range(0, Math.Min(count, MostFrames))
                    .Select(f => (int)Math.Round((count - 1.0) * f / (Math.Min(count, MostFrames) - 1))),
            ];
            replay = Replay.OfSteps([
                .. kept.Select(k =>
                    (
                        panels[0].Snapshots[k].Step,
                        Replay.Frame(panels.SelectMany((panel, p) => Changes(panel.Snapshots[k].Network, p)))
                    )
                ),
            ]);
        }
        return new Figure(
            Chart.Combine(charts),
            layout,
            $"{Finding.Sentence(title)} "
                + string.Join("; ", panels.Select(Told))
                + "."
                + Finding.Ranking([.. panels.Select(panel => (panel.Name, Right(panel.Snapshots[^1])))]),
            height,
            replay
        );

        IEnumerable<(int, JsonObject)> Changes(Network network, int panel)
        {
            int traces = hasUnitLines ? 4 : 3;
            yield return (traces * panel, new JsonObject { ["z"] = Rows(Answers(network, plane)) });
            if (!hasUnitLines)
                yield break;
            (double[] x, double[] y) = LinesOf(network.Layers[0], edge);
            yield return (traces * panel + 3, new JsonObject { ["x"] = Places(x), ["y"] = Places(y) });
        }
        static JsonArray Places(double[] places) =>
            new([.. places.Select(place => double.IsNaN(place) ? null : (JsonNode)Math.Round(place, 3))]);
        double Right(Snapshot snapshot) => data.Accuracy(snapshot.Network);
        string Told((string Name, IReadOnlyList<Snapshot> Snapshots) panel)
        {
            (double first, double last) = (Right(panel.Snapshots[0]), Right(panel.Snapshots[^1]));
            return panel.Snapshots.Count == 1
                ? Invariant($"{panel.Name}: {last:P0} of the examples right")
                : Invariant($"{panel.Name}: {first:P0} of the examples right at first, {last:P0} at the end");
        }
    }

    /// <summary>Where w1 x + w2 y + b = 0 crosses the square of ±edge, for each unit, with a gap after each line.</summary>
    internal static (double[] X, double[] Y) LinesOf(Layer layer, double edge)
    {
        var x = new List<double>();
        var y = new List<double>();
        for (int unit = 0; unit < layer.FanOut; unit++)
        {
            (double w1, double w2, double b) = (layer.Weights[unit, 0], layer.Weights[unit, 1], layer.Biases[unit]);
            // Along the axis to which the line is steeper; the plot cuts what is outside.
            if (Math.Abs(w2) >= Math.Abs(w1) && w2 != 0)
                Add([-edge, edge], [(w1 * edge - b) / w2, (-w1 * edge - b) / w2]);
            else if (w1 != 0)
                Add([(w2 * edge - b) / w1, (-w2 * edge - b) / w1], [-edge, edge]);
        }
        return ([.. x], [.. y]);

        void Add(double[] acrossX, double[] acrossY)
        {
            x.AddRange([.. acrossX, double.NaN]);
            y.AddRange([.. acrossY, double.NaN]);
        }
    }

    private static double[][] Answers(Network network, Matrix<double> plane)
    {
        Matrix<double> logits = network.Forward(plane);
        return
        [
            .. Enumerable
                .Range(0, Grid)
                .Select(i =>
                    Enumerable
                        .Range(0, Grid)
                        .Select(j => Math.Round(100 * Activation.Sigmoid.Value(logits[0, i * Grid + j])))
                        .ToArray()
                ),
        ];
    }

    private static JsonArray Rows(double[][] values) =>
        new([.. values.Select(row => new JsonArray([.. row.Select(value => (JsonNode)value)]))]);

    private static GenericChart Surface(double[] ticks, double[][] answers, bool showScale)
    {
        GenericChart chart = Chart.Heatmap<double, double, double, string>(zData: answers, X: ticks, Y: ticks);
        Set(
            chart,
            new
            {
                colorscale = ChartStyle.Probabilities,
                zmin = 0,
                zmax = 100,
                zsmooth = "best",
                showscale = showScale,
                hovertemplate = "x1 %{x:.2f}, x2 %{y:.2f}: %{z} %<extra></extra>",
                colorbar = new { title = new { text = "p(class 1), %" } },
            }
        );
        return chart;
    }

    private static GenericChart Points(Matrix<double> inputs, IReadOnlyList<int> labels, int label, bool showLegend)
    {
        int[] chosen = [.. Enumerable.Range(0, labels.Count).Where(i => labels[i] == label)];
        GenericChart chart = Chart.Point<double, double, string>(
            chosen.Select(i => inputs[0, i]),
            chosen.Select(i => inputs[1, i]),
            Name: Invariant($"class {label}"),
            ShowLegend: showLegend
        );
        Set(
            chart,
            new
            {
                marker = new
                {
                    size = 5,
                    color = ChartStyle.Class(label),
                    symbol = ChartStyle.Symbol(label),
                },
                hoverinfo = "skip",
            }
        );
        return chart;
    }

    private static GenericChart On(string axis, GenericChart chart)
    {
        Set(chart, new { xaxis = "x" + axis, yaxis = "y" + axis });
        return chart;
    }
}
