using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;
using StyleParam = Plotly.NET.StyleParam;

namespace NotebookSupport;

/// <summary>The charts of the course.</summary>
public static class Charts
{
    /// <summary>The colours of Okabe and Ito, "Color Universal Design", 2008, that show on light and on dark.</summary>
    private static readonly string[] Palette = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"];

    private const double SmallestDrawn = 1e-18;

    private static readonly StyleParam.DrawingStyle[] Dashes =
    [
        StyleParam.DrawingStyle.Solid,
        StyleParam.DrawingStyle.Dash,
        StyleParam.DrawingStyle.Dot,
        StyleParam.DrawingStyle.DashDot,
    ];

    /// <summary>The loss of some trainings over their steps, on a logarithmic axis.</summary>
    /// <param name="runs">The trainings, each with its name; at least one.</param>
    public static Figure LossCurves(params (string Name, TrainingRun Run)[] runs)
    {
        if (Require.NotNull(runs).Length == 0)
            throw new ArgumentException("runs is empty; expected at least one training.", nameof(runs));
        return new Figure(
            Chart.Combine(runs.Select((run, i) => Curve(run.Name, run.Run.Losses, i))),
            new
            {
                title = new { text = "Loss during training" },
                xaxis = new { title = new { text = "step" } },
                yaxis = new { title = new { text = "loss" }, type = "log" },
            },
            "Loss over steps: "
                + string.Join(
                    "; ",
                    runs.Select(r => Text($"{r.Name} from {r.Run.Losses[0]:G3} to {r.Run.FinalLoss:G3}"))
                )
        );
    }

    /// <summary>A weight matrix as a heat map, blue below 0 and red above.</summary>
    /// <param name="weights">[fan-out x fan-in].</param>
    /// <param name="title">The title; default "Weights".</param>
    public static Figure Weights(Matrix<double> weights, string title = "Weights")
    {
        double limit = Math.Max(Require.NotNull(weights).Enumerate().Max(Math.Abs), 1e-300);
        GenericChart chart = Chart.Heatmap<double, int, int, string>(zData: weights.ToRowArrays());
        foreach (Trace trace in GenericChart.getTraces(chart))
        {
            trace.SetProperty("colorscale", "RdBu");
            trace.SetProperty("zmin", -limit);
            trace.SetProperty("zmax", limit);
        }
        return new Figure(
            chart,
            new
            {
                title = new { text = title },
                xaxis = new { title = new { text = "input" } },
                yaxis = new { title = new { text = "unit" }, autorange = "reversed" },
            },
            Text($"{title}: {weights.RowCount} units by {weights.ColumnCount} inputs, at most {limit:G3} in size")
        );
    }

    /// <summary>
    /// How far the units of the first layer have moved apart: the largest |W[i, j] - W[0, j]| over the steps. On a
    /// logarithmic axis an exact 0 has no place, so zeros are drawn at the lower edge, 1e-18, which the axis says.
    /// </summary>
    /// <param name="run">A training with snapshots.</param>
    public static Figure UnitDifference(TrainingRun run)
    {
        IReadOnlyList<Snapshot> snapshots = Require.NotNull(run).Snapshots;
        if (snapshots.Count == 0)
            throw new ArgumentException(
                "run has no snapshots; expected some: set Snapshots in its TrainingOptions.",
                nameof(run)
            );
        double[] differences =
        [
            .. snapshots.Select(snapshot => Diagnostics.UnitDifference(snapshot.Network.Layers[0].Weights)),
        ];
        GenericChart chart = Chart.Line<int, double, string>(
            snapshots.Select(snapshot => snapshot.Step),
            differences.Select(difference => Math.Max(difference, SmallestDrawn)),
            ShowMarkers: true,
            LineColor: Color.fromString(Palette[0])
        );
        return new Figure(
            chart,
            new
            {
                title = new { text = "Do the units of the first layer differ?" },
                xaxis = new { title = new { text = "step" } },
                yaxis = new
                {
                    title = new { text = "largest difference between rows of W1" },
                    type = "log",
                    range = new[] { Math.Log10(SmallestDrawn) - 0.5, 2 },
                    tickvals = new[] { SmallestDrawn, 1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 1 },
                    ticktext = new[] { "0", "1e-15", "1e-12", "1e-9", "1e-6", "0.001", "1" },
                },
            },
            Text($"Largest difference between rows of W1: {differences[0]:G3} at first, {differences[^1]:G3} at last")
        );
    }

    private static GenericChart Curve(string name, IReadOnlyList<double> values, int index)
    {
        int stride = Math.Max(1, values.Count / 500);
        int[] steps = [.. Enumerable.Range(0, values.Count).Where(t => t % stride == 0 || t == values.Count - 1)];
        return Chart.Line<int, double, string>(
            steps,
            steps.Select(t => values[t]),
            Name: name,
            LineColor: Color.fromString(Palette[index % Palette.Length]),
            LineDash: Dashes[index % Dashes.Length]
        );
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
