using System.Text.Json.Nodes;
using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace NotebookSupport;

/// <summary>What the charts are made of.</summary>
public static partial class Charts
{
    /// <summary>Two lines coincide that are nearer than this share of the axis, a few pixels, at most of their points.</summary>
    private const double Nearness = 0.01;

    /// <summary>At this share of their points. What is seen by itself for longer is not hidden.</summary>
    private const double Most = 0.7;

    /// <summary>How much wider a line is than the one that lies on it, and a marker than the one inside it; in pixels.</summary>
    private const double Edge = 3;

    private static GenericChart Line(
        double[] x,
        double[] y,
        string name,
        string colour,
        double width = ChartStyle.LineWidth,
        bool isInLegend = true
    )
    {
        GenericChart chart = Chart.Line<double, double, string>(x, y, Name: name, ShowLegend: isInLegend);
        Set(
            chart,
            new
            {
                line = new { width, color = colour },
                legendgroup = name,
                connectgaps = false,
            }
        );
        return chart;
    }

    /// <summary>The raw data behind their smoothed line; nothing where there is none.</summary>
    private static GenericChart Raw(double[] x, double[]? y, string name, string colour)
    {
        GenericChart chart = Line(y is null ? [] : x, y ?? [], $"{name}, each step", colour, 1, isInLegend: false);
        Set(
            chart,
            new
            {
                legendgroup = name,
                opacity = ChartStyle.FaintOpacity,
                hoverinfo = "skip",
                visible = y is not null,
            }
        );
        return chart;
    }

    /// <param name="x">The places.</param>
    /// <param name="y">The values.</param>
    /// <param name="name">What the legend says.</param>
    /// <param name="series">The number of the colour and shape.</param>
    /// <param name="below">How many other measurements lie at the same places: these are drawn as rings around them.</param>
    /// <param name="isInLegend">Whether the legend names it.</param>
    private static GenericChart Points(double[] x, double[] y, string name, int series, int below, bool isInLegend)
    {
        // plotly.js leaves a trace without points out of the legend, which says how many have no place.
        if (x.Length == 0)
            (x, y) = ([double.NaN], [double.NaN]);
        GenericChart chart = Chart.Point<double, double, string>(x, y, Name: name, ShowLegend: isInLegend);
        Set(
            chart,
            new
            {
                legendgroup = name,
                marker = new
                {
                    size = ChartStyle.MarkerSize + 2 * Edge * below,
                    color = ChartStyle.Colour(series),
                    symbol = ChartStyle.Symbol(series) + (below > 0 ? "-open" : ""),
                    line = below > 0 ? new { width = ChartStyle.TheoryWidth } : new { width = 0.0 },
                },
            }
        );
        return chart;
    }

    /// <summary>A curve over a map, with an edge in the colour of the paper: it shows on every colour.</summary>
    private static IEnumerable<GenericChart> OverMap(double?[] x, double?[] y, string name, int curve, bool hasMarkers)
    {
        double[] Places(double?[] places) => [.. places.Select(place => place ?? double.NaN)];
        double width = hasMarkers ? ChartStyle.LineWidth / 2 : ChartStyle.LineWidth;
        GenericChart edge = Line(Places(x), Places(y), name, ChartStyle.Paper.Light, 2.5 * width, isInLegend: false);
        Set(edge, new { hoverinfo = "skip" });
        GenericChart line = Line(Places(x), Places(y), name, ChartStyle.OverMap(curve), width);
        if (hasMarkers)
            Set(
                line,
                new
                {
                    mode = "lines+markers",
                    marker = new
                    {
                        size = ChartStyle.MarkerSize - 1,
                        color = ChartStyle.OverMap(curve),
                        symbol = ChartStyle.Symbol(curve),
                        line = new { width = 0.5, color = ChartStyle.Paper.Light },
                    },
                }
            );
        return [edge, line];
    }

    /// <summary>
    /// A figure of lines that are named at their right ends where that fits, otherwise in a legend between the title and the
    /// plot.
    /// </summary>
    private static Figure Named(
        IEnumerable<(GenericChart Line, string Name, int Points, double X, double Y)> lines,
        IReadOnlyList<GenericChart> others,
        (double Low, double High) range,
        string title,
        JsonObject x,
        JsonObject y,
        string description,
        (double Low, double High)? across = null,
        bool mayLabel = true
    )
    {
        (GenericChart Line, string Name, int Points, double X, double Y)[] all = [.. lines];
        string[] names = [.. all.Select(line => line.Name).Distinct()];
        int? right =
            mayLabel && names.Length == all.Length
                ? LineEnds.Label(all, range, StandardHeight - ChartStyle.Above - ChartStyle.Below)
                : null;
        bool hasLegend = right is null && names.Length > 1;
        // plotly.js leaves room beside lines with names as it does beside markers.
        if (right is not null && across is { } ends)
            x["range"] = Precision.Range(ends.Low, ends.High);
        (object legend, int height) = ChartStyle.Legend(hasLegend ? names : [], StandardHeight);
        return new Figure(
            Chart.Combine([.. others, .. all.Select(line => line.Line)]),
            new
            {
                title = new { text = title },
                xaxis = x,
                yaxis = y,
                showlegend = hasLegend,
                legend,
                margin = new
                {
                    l = 64,
                    r = right ?? 24,
                    t = ChartStyle.Above,
                    b = ChartStyle.Below,
                },
            },
            description,
            height
        );
    }

    /// <summary>The number of each series' colour: a theory has that of the measurement directly before it.</summary>
    private static int[] Colours(IReadOnlyList<Series> series)
    {
        var colours = new int[series.Count];
        var named = new Dictionary<string, int>();
        int used = 0;
        for (int s = 0; s < series.Count; s++)
        {
            bool belongs = s > 0 && series[s].IsTheory && !series[s - 1].IsTheory;
            colours[s] =
                named.TryGetValue(series[s].Name, out int same) ? same
                : belongs ? colours[s - 1]
                : used++;
            named[series[s].Name] = colours[s];
        }
        return colours;
    }

    /// <summary>What has a place on the axes: of a theory a gap is left, so that its line does not cross it.</summary>
    private static (double[] X, double[] Y) Placed(Series series, bool logX, bool logY)
    {
        (double X, double Y)[] points =
        [
            .. series
                .X.Zip(series.Y)
                .Select(point =>
                    (point.First, Fits(point.First, logX) && Fits(point.Second, logY) ? point.Second : double.NaN)
                )
                .Where(point => series.IsTheory || double.IsFinite(point.Item2)),
        ];
        return ([.. points.Select(point => point.X)], [.. points.Select(point => point.Y)]);
    }

    /// <summary>How many of a measurement's values have no place on the axes, to be said after its name.</summary>
    private static string LeftOut(Series series, bool logX, bool logY)
    {
        if (series.IsTheory)
            return "";
        (double X, double Y)[] out_ =
        [
            .. series.X.Zip(series.Y).Where(point => !Fits(point.First, logX) || !Fits(point.Second, logY)),
        ];
        int zeros = out_.Count(point => point.Y == 0 && Fits(point.X, logX));
        int infinite = out_.Count(point => !double.IsFinite(point.Y));
        int others = out_.Length - zeros - infinite;
        return (zeros > 0 ? Invariant($", {zeros} exactly 0") : "")
            + (infinite > 0 ? Invariant($", {infinite} not finite") : "")
            + (others > 0 ? Invariant($", {others} below 0") : "");
    }

    private static bool Fits(double value, bool log) => double.IsFinite(value) && (!log || value > 0);

    /// <summary>The width of each line: a line on which others of other names lie is wider than they.</summary>
    private static double[] Widths(
        IReadOnlyList<(string Name, double[] X, double[] Y)> lines,
        double low,
        double high,
        bool log
    ) =>
        [
            .. lines.Select(
                (line, i) =>
                    ChartStyle.LineWidth
                    + Edge
                        * lines
                            .Skip(i + 1)
                            .Count(later =>
                                later.Name != line.Name
                                && Coincide((line.X, line.Y), (later.X, later.Y), low, high, log)
                            )
            ),
        ];

    private static bool Coincide(
        (double[] X, double[] Y) one,
        (double[] X, double[] Y) other,
        double low,
        double high,
        bool log
    )
    {
        if (one.X.Length == 0 || !one.X.AsSpan().SequenceEqual(other.X))
            return false;
        double near = Nearness * (high - low);
        int together = one
            .Y.Zip(other.Y)
            .Count(pair => Math.Abs(log ? Math.Log10(pair.First / pair.Second) : pair.First - pair.Second) <= near);
        return together >= Most * one.X.Length;
    }

    private static void Set(GenericChart chart, object settings)
    {
        foreach (Trace trace in GenericChart.getTraces(chart))
        foreach (System.Reflection.PropertyInfo setting in settings.GetType().GetProperties())
            trace.SetProperty(setting.Name, setting.GetValue(settings)!);
    }
}
