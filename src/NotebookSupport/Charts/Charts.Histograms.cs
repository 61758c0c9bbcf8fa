using System.Text.Json.Nodes;
using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace NotebookSupport;

public static partial class Charts
{
    private const int Bins = 60;

    /// <summary>
    /// Histograms of the magnitudes |value| of some collections of numbers, one curve each, on a logarithmic axis:
    /// scaling the numbers by a factor shifts the curve. Zeros have no place on the axis and are told in
    /// the legend.
    /// </summary>
    /// <param name="title">The title.</param>
    /// <param name="x">What the values are, with their unit.</param>
    /// <param name="collections">The collections, each with its name; at least one.</param>
    /// <param name="low">The smallest size that is drawn; above 0, default 1e-8.</param>
    /// <param name="high">The largest size that is drawn; above <paramref name="low"/>, default 100.</param>
    public static Figure MagnitudeHistograms(
        string title,
        string x,
        IReadOnlyList<(string Name, IEnumerable<double> Values)> collections,
        double low = 1e-8,
        double high = 100
    )
    {
        Require.NotNull(title);
        Require.NotNull(x);
        if (Require.NotNull(collections).Count == 0)
            throw new ArgumentException("collections is empty; expected at least one.", nameof(collections));
        Require.Positive(low);
        if (!(Require.Positive(high) > low))
            throw Require.OutOfRange(nameof(high), high, Invariant($"a number above low, {low}"));
        double start = Math.Log10(low);
        double width = (Math.Log10(high) - start) / Bins;
        double[] centres = [.. Enumerable.Range(0, Bins).Select(bin => Math.Pow(10, start + (bin + 0.5) * width))];
        var charts = new List<GenericChart>();
        var told = new List<string>();
        for (int c = 0; c < collections.Count; c++)
        {
            double[] sizes = [.. collections[c].Values.Select(Math.Abs)];
            var shares = new double[Bins];
            foreach (double size in sizes.Where(size => size >= low && size < high))
                shares[Math.Min(Bins - 1, (int)((Math.Log10(size) - start) / width))] += 100.0 / sizes.Length;
            double zeros = sizes.Count(size => size == 0) / (double)sizes.Length;
            charts.Add(
                Line(
                    centres,
                    OverItsSupport(shares),
                    collections[c].Name + (zeros > 0 ? Invariant($", {zeros:P0} are 0") : ""),
                    ChartStyle.Colour(c)
                )
            );
            double[] placed = [.. sizes.Where(size => size > 0 && double.IsFinite(size)).Order()];
            told.Add(
                collections[c].Name
                    + (
                        placed.Length == 0
                            ? " has none above 0"
                            : $" has its median at {Finding.Number(placed[placed.Length / 2])}"
                    )
                    + (zeros > 0 ? Invariant($" beside {zeros:P0} zeros") : "")
            );
        }
        (object legend, int height) = ChartStyle.Legend(
            collections.Select(collection => collection.Name + ", 00 % are 0"),
            StandardHeight
        );
        JsonObject xaxis = ChartStyle.Axis(x, log: true, [low, high]);
        xaxis["range"] = Precision.Range(start, start + Bins * width);
        return new Figure(
            Chart.Combine(charts),
            new
            {
                title = new { text = title },
                xaxis,
                yaxis = new { title = new { text = "% of the values" }, rangemode = "tozero" },
                showlegend = true,
                legend,
            },
            $"{Finding.Sentence(title)} Histograms of {x} on a logarithmic axis: {string.Join("; ", told)}.",
            height
        );
    }

    /// <summary>From one empty bin before the first that is not to one after the last: the others lie on each other.</summary>
    private static double[] OverItsSupport(double[] shares)
    {
        int first = Array.FindIndex(shares, share => share > 0);
        int last = Array.FindLastIndex(shares, share => share > 0);
        return [.. shares.Select((share, bin) => bin >= first - 1 && bin <= last + 1 ? share : double.NaN)];
    }
}
