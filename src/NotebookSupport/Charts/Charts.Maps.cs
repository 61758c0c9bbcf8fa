using System.Text.Json.Nodes;
using MathNet.Numerics.LinearAlgebra;
using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace NotebookSupport;

public static partial class Charts
{
    /// <summary>From class 0 to class 1 over white where the classifier does not know.</summary>
    private static readonly object[][] ClassColours =
    [
        [0, "#0072B2"],
        [0.5, "#F7F7F7"],
        [1, "#D55E00"],
    ];

    private const int Grid = 41;
    private const int MostFrames = 24;

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
        foreach (Trace trace in GenericChart.getTraces(chart))
        {
            trace.SetProperty("colorscale", "RdBu");
            trace.SetProperty("reversescale", false);
            trace.SetProperty("zmin", -limit);
            trace.SetProperty("zmax", limit);
        }
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
            Invariant($"{title}: {weights.RowCount} units by {weights.ColumnCount} inputs, at most {limit:G3} in size")
        );
    }

    /// <summary>
    /// What classifiers of two classes in the plane answer, side by side: the probability of class 1 as a colour, the
    /// examples as points.
    /// </summary>
    /// <param name="data">Examples with two inputs and one target.</param>
    /// <param name="networks">The classifiers, each with its name; at least one.</param>
    public static Figure DecisionBoundary(Dataset data, params (string Name, Network Network)[] networks) =>
        Boundaries(
            data,
            [.. Require.NotNull(networks).Select(n => (n.Name, (IReadOnlyList<Snapshot>)[new Snapshot(0, n.Network)]))]
        );

    /// <summary>
    /// As <see cref="DecisionBoundary"/>, over a training: with a slider and a Play button, which work on a saved
    /// page too.
    /// </summary>
    /// <param name="data">Examples with two inputs and one target.</param>
    /// <param name="runs">Trainings with snapshots at the same steps, each with its name; at least one.</param>
    public static Figure DecisionBoundaryReplay(Dataset data, params (string Name, TrainingRun Run)[] runs) =>
        Boundaries(data, [.. Require.NotNull(runs).Select(r => (r.Name, RequireSnapshots(r.Run)))]);

    /// <summary>Examples whose inputs are the pixels of square images, side by side, each with its class.</summary>
    /// <param name="data">Examples with 64 inputs for images of 8 x 8, and so on; each pixel from 0 to 1.</param>
    /// <param name="count">How many of the first examples; at least 1, default 20.</param>
    public static Figure Images(Dataset data, int count = 20)
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
        foreach (Trace trace in GenericChart.getTraces(chart))
        {
            trace.SetProperty("colorscale", "Greys");
            trace.SetProperty("reversescale", true);
            trace.SetProperty("showscale", false);
            trace.SetProperty("hoverinfo", "skip");
        }
        string labels = string.Join(" ", data.Labels.Take(shown));
        return new Figure(
            chart,
            new
            {
                title = new { text = Invariant($"The first {shown} examples of {data.Name}") },
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
            Invariant($"Images of the first {shown} examples of {data.Name}, of the classes {labels}"),
            height: 56 + 76 * rows
        );
    }

    private static Figure Boundaries(Dataset data, (string Name, IReadOnlyList<Snapshot> Snapshots)[] panels)
    {
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
            double width = (1 - 0.05 * (panels.Length - 1)) / panels.Length;
            double left = p * (width + 0.05);
            layout["xaxis" + axis] = new JsonObject
            {
                ["domain"] = new JsonArray(left, left + width),
                ["anchor"] = "y" + axis,
                ["range"] = new JsonArray(-edge, edge),
                ["constrain"] = "domain",
                ["title"] = new JsonObject { ["text"] = "x1" },
            };
            layout["yaxis" + axis] = new JsonObject
            {
                ["anchor"] = "x" + axis,
                ["range"] = new JsonArray(-edge, edge),
                ["scaleanchor"] = "x" + axis,
                ["constrain"] = "domain",
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
                    ["font"] = new JsonObject { ["size"] = 15 },
                }
            );
        }
        layout["annotations"] = annotations;
        layout["legend"] = new JsonObject
        {
            ["orientation"] = "h",
            ["x"] = 0.5,
            ["xanchor"] = "center",
            ["y"] = 1.12,
            ["yanchor"] = "bottom",
        };
        layout["margin"] = new JsonObject
        {
            ["l"] = 52,
            ["r"] = 24,
            ["t"] = 72,
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
                        Replay.Frame(
                            panels.Select(
                                (panel, p) =>
                                    (3 * p, new JsonObject { ["z"] = Rows(Answers(panel.Snapshots[k].Network, plane)) })
                            )
                        )
                    )
                ),
            ]);
        }
        return new Figure(
            Chart.Combine(charts),
            layout,
            "Decision boundaries on "
                + data.Name
                + ": "
                + string.Join(
                    "; ",
                    panels.Select(panel =>
                        Invariant(
                            $"{panel.Name}, {data.Accuracy(panel.Snapshots[^1].Network):P0} of the examples right"
                        )
                    )
                ),
            height: 400,
            replay
        );
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
                        .Select(j => Math.Round(Activation.Sigmoid.Value(logits[0, i * Grid + j]), 2))
                        .ToArray()
                ),
        ];
    }

    private static JsonArray Rows(double[][] values) =>
        new([.. values.Select(row => new JsonArray([.. row.Select(value => (JsonNode)value)]))]);

    private static GenericChart Surface(double[] ticks, double[][] answers, bool showScale)
    {
        GenericChart chart = Chart.Heatmap<double, double, double, string>(zData: answers, X: ticks, Y: ticks);
        foreach (Trace trace in GenericChart.getTraces(chart))
        {
            trace.SetProperty("colorscale", ClassColours);
            trace.SetProperty("zmin", 0);
            trace.SetProperty("zmax", 1);
            trace.SetProperty("zsmooth", "best");
            trace.SetProperty("opacity", 0.6);
            trace.SetProperty("showscale", showScale);
            trace.SetProperty("hovertemplate", "x1 %{x:.2f}, x2 %{y:.2f}: %{z}<extra></extra>");
            trace.SetProperty("colorbar", new { title = new { text = "p(class 1)" }, thickness = 12 });
        }
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
        foreach (Trace trace in GenericChart.getTraces(chart))
        {
            trace.SetProperty(
                "marker",
                new
                {
                    size = 5,
                    color = label == 0 ? "#0072B2" : "#D55E00",
                    symbol = label == 0 ? "circle" : "diamond",
                    line = new { width = 0.5, color = "white" },
                }
            );
            trace.SetProperty("hoverinfo", "skip");
        }
        return chart;
    }

    private static GenericChart On(string axis, GenericChart chart)
    {
        foreach (Trace trace in GenericChart.getTraces(chart))
        {
            trace.SetProperty("xaxis", "x" + axis);
            trace.SetProperty("yaxis", "y" + axis);
        }
        return chart;
    }
}
