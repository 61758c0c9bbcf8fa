using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookSupport;

/// <summary>What a chart shows, in words: from where to where, which way, and who ends lowest or highest.</summary>
internal static class Finding
{
    /// <summary>A change of less than this share of the axis, or of the value, is none.</summary>
    private const double Still = 0.02;

    /// <summary>A peak or a valley is told if it is further than this share of the whole way beyond the ends.</summary>
    private const double Notable = 0.1;

    /// <summary>How numbers change along x: "falls from 2.41 to 0.05", "stays at 2.3".</summary>
    /// <param name="x">The places, in any order; several numbers at one place count by their median.</param>
    /// <param name="y">The numbers; those that are not finite are left out.</param>
    /// <param name="log">Whether changes are compared by their factors.</param>
    public static string Trend(IReadOnlyList<double> x, IReadOnlyList<double> y, bool log = false)
    {
        (double X, double Y)[] points = Medians(x, y);
        if (points.Length == 0)
            return "has no finite value";
        double first = points[0].Y;
        double last = points[^1].Y;
        (double X, double Y) lowest = points.MinBy(point => point.Y);
        (double X, double Y) highest = points.MaxBy(point => point.Y);
        if (points.Length == 1)
            return $"is {Number(first)}";
        Func<double, double> scale =
            log && lowest.Y > 0 ? Math.Log : value => value / Math.Max(Math.Abs(lowest.Y), Math.Abs(highest.Y));
        double Distance(double one, double other) => one == other ? 0 : Math.Abs(scale(one) - scale(other));
        double whole = Distance(lowest.Y, highest.Y);
        if (whole <= Still)
            return $"stays at {Number(last)}";
        bool hasPeak = Distance(highest.Y, Math.Max(first, last)) > Notable * whole;
        bool hasValley = Distance(lowest.Y, Math.Min(first, last)) > Notable * whole;
        string peak = $"{Number(highest.Y)} at {Number(highest.X)}";
        string valley = $"{Number(lowest.Y)} at {Number(lowest.X)}";
        return (hasPeak, hasValley) switch
        {
            (true, true) => highest.X < lowest.X
                ? $"starts at {Number(first)}, is highest, {peak}, and lowest, {valley}, and ends at {Number(last)}"
                : $"starts at {Number(first)}, is lowest, {valley}, and highest, {peak}, and ends at {Number(last)}",
            (true, false) => $"rises from {Number(first)} to {peak} and falls to {Number(last)}",
            (false, true) => $"falls from {Number(first)} to {valley} and rises to {Number(last)}",
            _ => $"{(last < first ? "falls" : "rises")} from {Number(first)} to {Number(last)}",
        };
    }

    /// <summary>Who ends lowest and who highest, as a sentence with a space before it; nothing where that says nothing.</summary>
    /// <param name="ends">Each with its last value.</param>
    /// <param name="onlyLowest">Whether the highest is not worth telling.</param>
    public static string Ranking(IReadOnlyList<(string Name, double Value)> ends, bool onlyLowest = false)
    {
        (string Name, double Value)[] finite = [.. ends.Where(end => double.IsFinite(end.Value))];
        if (finite.Length < 2)
            return "";
        (string Name, double Value) low = finite.MinBy(end => end.Value);
        (string Name, double Value) high = finite.MaxBy(end => end.Value);
        double size = Math.Max(Math.Abs(low.Value), Math.Abs(high.Value));
        if (high.Value - low.Value <= Still * size)
            return " All end at about the same value.";
        // No one of several that read alike is the highest or the lowest.
        bool IsAlone((string Name, double Value) end) =>
            finite.Count(other => Number(other.Value) == Number(end.Value)) == 1;
        string[] said =
        [
            .. onlyLowest || !IsAlone(high) ? Array.Empty<string>() : [$"“{high.Name}” ends highest"],
            .. IsAlone(low) ? [$"“{low.Name}” ends lowest"] : Array.Empty<string>(),
        ];
        return said.Length == 0 ? "" : $" {string.Join(", ", said)}.";
    }

    /// <summary>Where a map is high and where it is low.</summary>
    /// <param name="x">What the columns are.</param>
    /// <param name="y">What the rows are.</param>
    /// <param name="columns">The places of the columns.</param>
    /// <param name="rows">The places of the rows.</param>
    /// <param name="values">The numbers, a row each.</param>
    /// <param name="number">How a number is written.</param>
    public static string Map(
        string x,
        string y,
        IReadOnlyList<double> columns,
        IReadOnlyList<double> rows,
        double[][] values,
        Func<double, string> number
    )
    {
        (double X, double Y, double Value)[] cells =
        [
            .. rows.SelectMany((row, i) => columns.Select((column, j) => (column, row, values[i][j])))
                .Where(cell => double.IsFinite(cell.Item3)),
        ];
        if (cells.Length == 0)
            return "no finite value";
        double low = cells.Min(cell => cell.Value);
        double high = cells.Max(cell => cell.Value);
        if (low == high)
            return $"{number(low)} everywhere";
        string Where(Func<double, bool> belongs)
        {
            (double X, double Y, double Value)[] chosen = [.. cells.Where(cell => belongs(cell.Value))];
            return $"{x} {Span(chosen.Select(cell => cell.X))}, {y} {Span(chosen.Select(cell => cell.Y))}";
        }
        double twentieth = (high - low) / 20;
        return $"highest, {number(high)}, for {Where(value => value >= high - twentieth)}; "
            + $"lowest, {number(low)}, for {Where(value => value <= low + twentieth)}";
    }

    /// <summary>What a trace of plotly.js shows; nothing of kinds other than points, lines and histograms of numbers.</summary>
    public static string Trace(JsonObject trace, string x, string y)
    {
        double[] Numbers(string key) =>
            trace[key] is JsonArray values && values.All(value => value?.GetValueKind() == JsonValueKind.Number)
                ? [.. values.Select(value => value!.GetValue<double>())]
                : [];
        (double[] across, double[] up) = (Numbers("x"), Numbers("y"));
        string name = trace["name"]?.ToString() is { Length: > 0 } own ? own : y;
        switch (trace["type"]?.ToString())
        {
            case "histogram" when across.Length > 0:
                double[] sorted = [.. across.Order()];
                return Invariant($"{sorted.Length:N0} values of {x} from ")
                    + $"{Number(sorted[0])} to {Number(sorted[^1])}, half of them below {Number(sorted[sorted.Length / 2])}";
            case null or "scatter" when across.Length == up.Length && up.Length > 0:
                return $"{name} {Trend(across, up)} over {x}";
            default:
                return "";
        }
    }

    /// <summary>A title as a sentence.</summary>
    public static string Sentence(string title) =>
        title.EndsWith('.') || title.EndsWith('?') || title.EndsWith('!') ? title : title + ".";

    /// <summary>Numbers as the axes write them.</summary>
    public static string Number(double value) => ChartStyle.Number(value);

    private static string Span(IEnumerable<double> places)
    {
        double[] all = [.. places];
        return all.Min() == all.Max() ? Number(all[0]) : $"{Number(all.Min())} to {Number(all.Max())}";
    }

    /// <summary>The median at each place, in the order of the places.</summary>
    public static (double X, double Y)[] Medians(IReadOnlyList<double> x, IReadOnlyList<double> y) =>
        [
            .. x.Zip(y)
                .Where(point => double.IsFinite(point.First) && double.IsFinite(point.Second))
                .GroupBy(point => point.First)
                .OrderBy(group => group.Key)
                .Select(group => (group.Key, group.Select(point => point.Second).Order().ElementAt(group.Count() / 2))),
        ];
}
