using System.Text.Json.Nodes;
using Plotly.NET;

namespace NotebookSupport;

/// <summary>
/// The names of lines at their right ends, where they fit: few lines that end at one place, far enough from each other.
/// </summary>
internal static class LineEnds
{
    private const int MostLines = 6;
    private const int MostLetters = 18;

    /// <summary>The height of a name, in pixels, with the space around it.</summary>
    private const double Spacing = 18;

    private const double Letter = 7.2;

    /// <summary>Lines end at one place that end within this share of it.</summary>
    private const double SamePlace = 0.02;

    /// <summary>plotly.js leaves this share of a range free at each end.</summary>
    private const double Padding = 0.06;

    /// <summary>
    /// Writes the names beside the ends, if they fit; returns the right margin for them, in pixels, or null where a legend
    /// has to name the lines.
    /// </summary>
    /// <param name="lines">The lines that a legend would name, with their ends; of a logarithmic axis, the logarithm.</param>
    /// <param name="range">The lowest and the highest value that the axis shows.</param>
    /// <param name="height">The height of the plot, in pixels.</param>
    public static int? Label(
        IReadOnlyList<(GenericChart Line, string Name, int Points, double X, double Y)> lines,
        (double Low, double High) range,
        double height
    )
    {
        if (lines.Count is < 2 or > MostLines || lines.Any(line => line.Name.Length > MostLetters))
            return null;
        double right = lines.Max(line => line.X);
        if (!lines.All(line => right - line.X <= SamePlace * Math.Abs(right)))
            return null;
        double pixels = height * (1 - 2 * Padding) / Math.Max(range.High - range.Low, double.Epsilon);
        double[] heights = [.. lines.Select(line => line.Y * pixels).Order()];
        if (!heights.All(double.IsFinite) || heights.Zip(heights.Skip(1), (one, next) => next - one).Min() < Spacing)
            return null;
        foreach ((GenericChart line, string name, int points, _, _) in lines)
        foreach (Trace trace in GenericChart.getTraces(line))
        {
            var names = new string[points];
            Array.Fill(names, "");
            names[^1] = "  " + name;
            string mode = trace.TryGetTypedPropertyValue<string>("mode") is { Value: { } own } ? own : "lines";
            trace.SetProperty("mode", mode + "+text");
            trace.SetProperty("text", names);
            trace.SetProperty("textposition", "middle right");
            trace.SetProperty("hoverinfo", "x+y+name");
            trace.SetProperty("cliponaxis", false);
        }
        return (int)(16 + Letter * lines.Max(line => line.Name.Length));
    }

    /// <summary>A figure whose lines are named in a legend: where they move, their ends may meet.</summary>
    public static JsonObject InLegend(JsonObject figure)
    {
        JsonObject copy = figure.DeepClone().AsObject();
        bool hasNames = false;
        foreach (JsonObject trace in copy["data"]!.AsArray().Select(trace => trace!.AsObject()))
        {
            if (trace["cliponaxis"] is null)
                continue;
            hasNames = true;
            trace["mode"] = trace["mode"]!.ToString().Replace("+text", "", StringComparison.Ordinal);
            foreach (string key in (string[])["text", "textposition", "hoverinfo", "cliponaxis"])
                trace.Remove(key);
        }
        if (hasNames)
        {
            copy["layout"]!["showlegend"] = true;
            copy["layout"]!["margin"]!["r"] = 24;
            copy["layout"]!["xaxis"]!.AsObject().Remove("range");
        }
        return copy;
    }
}
