using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;
using StyleParam = Plotly.NET.StyleParam;

namespace NotebookSupport;

/// <summary>The charts of the course.</summary>
public static partial class Charts
{
    /// <summary>The colours of Okabe and Ito, "Color Universal Design", 2008, that show on light and on dark.</summary>
    private static readonly string[] Palette = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"];

    private const double SmallestDrawn = 1e-18;

    /// <summary>A loss axis spans at least this factor: what hardly changes looks flat.</summary>
    private const double FlatSpread = 2;

    private static readonly string[] Symbols = ["circle", "diamond", "square", "triangle-up", "cross", "x"];

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
        double[] losses = [.. runs.SelectMany(run => run.Run.Losses).Where(double.IsFinite)];
        double spread = losses.Length == 0 ? 1 : losses.Max() / losses.Min();
        object? range = null;
        if (losses.Length > 0 && spread < FlatSpread)
        {
            double middle = (Math.Log10(losses.Max()) + Math.Log10(losses.Min())) / 2;
            range = new[] { middle - Math.Log10(FlatSpread) / 2, middle + Math.Log10(FlatSpread) / 2 };
        }
        return new Figure(
            Chart.Combine(runs.Select((run, i) => Curve(run.Name, run.Run.Losses, i))),
            new
            {
                title = new { text = "Loss during training" },
                xaxis = new { title = new { text = "step" } },
                yaxis = new
                {
                    title = new { text = "loss" },
                    type = "log",
                    dtick = spread > 20 ? 1 : (int?)null,
                    range,
                },
            },
            "Loss over steps: "
                + string.Join(
                    "; ",
                    runs.Select(r => Invariant($"{r.Name} from {r.Run.Losses[0]:G3} to {r.Run.FinalLoss:G3}"))
                )
        );
    }

    /// <summary>Measurements as points, each kind in its own colour and shape, and theories as lines.</summary>
    /// <param name="title">The title.</param>
    /// <param name="x">What the horizontal axis shows, with its unit.</param>
    /// <param name="y">What the vertical axis shows, with its unit.</param>
    /// <param name="series">What to draw; at least one.</param>
    /// <param name="logX">Whether the horizontal axis is logarithmic; default no.</param>
    /// <param name="logY">Whether the vertical axis is logarithmic; default no.</param>
    public static Figure Curves(
        string title,
        string x,
        string y,
        IReadOnlyList<Series> series,
        bool logX = false,
        bool logY = false
    )
    {
        Require.NotNull(title);
        Require.NotNull(x);
        Require.NotNull(y);
        if (Require.NotNull(series).Count == 0)
            throw new ArgumentException("series is empty; expected at least one.", nameof(series));
        var charts = new List<GenericChart>();
        int colour = -1;
        foreach (Series one in series)
        {
            colour += one.IsTheory && colour >= 0 ? 0 : 1;
            charts.Add(one.IsTheory ? TheoryLine(one, colour) : MeasuredPoints(one, colour));
        }
        return new Figure(
            Chart.Combine(charts),
            new
            {
                title = new { text = title },
                xaxis = Axis(x, logX, series.SelectMany(one => one.X)),
                yaxis = Axis(y, logY, series.SelectMany(one => one.Y)),
                showlegend = true,
            },
            title
                + ": "
                + string.Join("; ", series.Select(s => Invariant($"{s.Name} from {s.Y.Min():G3} to {s.Y.Max():G3}")))
        );
    }

    /// <summary>A chart of one's own, made with Plotly.NET, in the look of the course.</summary>
    /// <param name="chart">The chart; its own layout is not taken over.</param>
    /// <param name="title">The title, which is also the chart in words.</param>
    /// <param name="x">What the horizontal axis shows, with its unit.</param>
    /// <param name="y">What the vertical axis shows, with its unit.</param>
    public static Figure Of(GenericChart chart, string title, string x, string y) =>
        new(
            Require.NotNull(chart),
            new
            {
                title = new { text = Require.NotNull(title) },
                xaxis = new { title = new { text = Require.NotNull(x) } },
                yaxis = new { title = new { text = Require.NotNull(y) } },
            },
            title
        );

    /// <summary>
    /// How far the units of the first layer have moved apart: for each unit i after the first, the largest
    /// |W[i, j] - W[0, j]| over the steps. A logarithmic axis has no place for an exact 0: it is drawn at the lower
    /// edge, at a tick of its own. The axes are the same for every run, so that charts can be compared.
    /// </summary>
    /// <param name="run">A training with snapshots.</param>
    public static Figure UnitDifference(TrainingRun run)
    {
        IReadOnlyList<Snapshot> snapshots = RequireSnapshots(run);
        double[][] differences =
        [
            .. snapshots.Select(snapshot =>
                Diagnostics.UnitDifferences(snapshot.Network.Layers[0].Weights).Skip(1).ToArray()
            ),
        ];
        if (differences[0].Length == 0)
            throw new ArgumentException(
                "run has one unit in its first layer; expected at least 2 to compare.",
                nameof(run)
            );
        return new Figure(
            Chart.Combine(
                Enumerable
                    .Range(0, differences[0].Length)
                    .Select(unit =>
                        Chart.Line<int, double, string>(
                            snapshots.Select(snapshot => snapshot.Step),
                            differences.Select(row => Math.Max(row[unit], SmallestDrawn)),
                            Name: Invariant($"unit {unit + 2}"),
                            LineColor: Color.fromString(Palette[unit % Palette.Length]),
                            LineDash: Dashes[unit / Palette.Length % Dashes.Length]
                        )
                    )
            ),
            new
            {
                title = new { text = "How far is each unit from unit 1?" },
                xaxis = new { title = new { text = "step" } },
                yaxis = new
                {
                    title = new { text = "largest |W1[i, j] − W1[1, j]|" },
                    type = "log",
                    range = new[] { Math.Log10(SmallestDrawn) - 0.7, 1.5 },
                    tickvals = new[] { SmallestDrawn, 1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 1 },
                    ticktext = new[] { "exactly 0", "1e-15", "1e-12", "1e-9", "1e-6", "0.001", "1" },
                },
            },
            Invariant(
                $"Largest difference of any unit's weights from unit 1: {differences[0].Max():G3} at first, {differences[^1].Max():G3} at step {snapshots[^1].Step}"
            )
        );
    }

    private static IReadOnlyList<Snapshot> RequireSnapshots(TrainingRun run) =>
        Require.NotNull(run).Snapshots.Count > 0
            ? run.Snapshots
            : throw new ArgumentException(
                "run has no snapshots; expected some: set Snapshots in its TrainingOptions.",
                nameof(run)
            );

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

    /// <summary>An axis; a logarithmic one with ticks at powers of ten, some eight of them at most, and at
    /// 2 and 5 times them where there are few.</summary>
    private static object Axis(string title, bool log, IEnumerable<double> values)
    {
        if (!log)
            return new { title = new { text = title } };
        double[] positive = [.. values.Where(value => value > 0 && double.IsFinite(value)).Select(Math.Log10)];
        double decades = positive.Length == 0 ? 1 : positive.Max() - positive.Min();
        return new
        {
            title = new { text = title },
            type = "log",
            dtick = decades < 2 ? (object)"D2" : Math.Ceiling(decades / 7),
            exponentformat = "power",
        };
    }

    private static GenericChart TheoryLine(Series series, int colour) =>
        Chart.Line<double, double, string>(
            series.X,
            series.Y,
            Name: series.Name,
            LineColor: Color.fromString(Palette[colour % Palette.Length]),
            LineDash: StyleParam.DrawingStyle.Dash
        );

    private static GenericChart MeasuredPoints(Series series, int colour)
    {
        GenericChart chart = Chart.Point<double, double, string>(series.X, series.Y, Name: series.Name);
        foreach (Trace trace in GenericChart.getTraces(chart))
            trace.SetProperty(
                "marker",
                new
                {
                    size = 7,
                    color = Palette[colour % Palette.Length],
                    symbol = Symbols[colour % Symbols.Length],
                }
            );
        return chart;
    }
}
