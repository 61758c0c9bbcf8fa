using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace NotebookSupport;

public static partial class Charts
{
    /// <summary>A number for each place of a grid, as a colour from dark (small) to bright (large).</summary>
    /// <param name="title">The title.</param>
    /// <param name="x">What the horizontal axis shows, with its unit.</param>
    /// <param name="y">What the vertical axis shows, with its unit.</param>
    /// <param name="value">What the colour shows, with its unit.</param>
    /// <param name="columns">The horizontal places, ascending; at least one.</param>
    /// <param name="rows">The vertical places, ascending; at least one.</param>
    /// <param name="values">A number for each (column, row); NaN and infinities stay blank.</param>
    /// <param name="range">The values at the ends of the colours; default the smallest and the largest.</param>
    /// <param name="theory">Curves drawn over it; default none.</param>
    public static Figure HeatMap(
        string title,
        string x,
        string y,
        string value,
        IReadOnlyList<double> columns,
        IReadOnlyList<double> rows,
        Func<double, double, double> values,
        (double Low, double High)? range = null,
        params Series[] theory
    ) => HeatMap(title, x, y, value, columns, rows, values, range, isLog: false, theory);

    /// <summary>As the other; the values may be common logarithms, to be written as powers of ten.</summary>
    private static Figure HeatMap(
        string title,
        string x,
        string y,
        string value,
        IReadOnlyList<double> columns,
        IReadOnlyList<double> rows,
        Func<double, double, double> values,
        (double Low, double High)? range,
        bool isLog,
        params Series[] theory
    )
    {
        Require.NotNull(values);
        Require.NotNull(title);
        Require.NotNull(x);
        Require.NotNull(y);
        Require.NotNull(value);
        Require.NotNull(theory);
        if (Require.NotNull(columns).Count == 0)
            throw new ArgumentException("columns is empty; expected at least one.", nameof(columns));
        if (Require.NotNull(rows).Count == 0)
            throw new ArgumentException("rows is empty; expected at least one.", nameof(rows));
        double[][] z = [.. rows.Select(row => columns.Select(column => values(column, row)).ToArray())];
        double[] finite = [.. z.SelectMany(row => row).Where(double.IsFinite)];
        (double low, double high) = range ?? (finite.DefaultIfEmpty(0).Min(), finite.DefaultIfEmpty(1).Max());
        GenericChart chart = Chart.Heatmap<double, double, double, string>(
            zData: z,
            X: columns.ToArray(),
            Y: rows.ToArray()
        );
        Set(
            chart,
            new
            {
                z = z.Select(row => row.Select(v => double.IsFinite(v) ? v : (double?)null).ToArray()).ToArray(),
                colorscale = ChartStyle.Magnitudes,
                zmin = low,
                zmax = high,
                hovertemplate = $"{x} %{{x}}, {y} %{{y}}: {(isLog ? $"log₁₀ {value} = %{{z:.2f}}" : "%{z}")}<extra></extra>",
                colorbar = isLog
                    ? (object)
                        new
                        {
                            title = new { text = value },
                            tickprefix = "10<sup>",
                            ticksuffix = "</sup>",
                            dtick = Math.Max(1, Math.Ceiling((high - low) / 6)),
                        }
                    : new { title = new { text = value } },
            }
        );
        GenericChart[] lines =
        [
            .. theory.SelectMany(
                (line, i) =>
                    OverMap(
                        [.. line.X.Select(place => (double?)place)],
                        [.. line.Y.Select(place => (double?)place)],
                        line.Name,
                        i,
                        hasMarkers: false
                    )
            ),
        ];
        (object legend, int height) = ChartStyle.Legend(theory.Select(line => line.Name), height: 420);
        string Written(double number) => isLog ? ChartStyle.Number(Math.Pow(10, number)) : ChartStyle.Number(number);
        return new Figure(
            Chart.Combine([chart, .. lines]),
            new
            {
                title = new { text = title },
                xaxis = new { title = new { text = x }, range = Ends(columns) },
                yaxis = new { title = new { text = y }, range = Ends(rows) },
                showlegend = lines.Length > 0,
                legend,
            },
            $"{Finding.Sentence(title)} {value} is {Finding.Map(x, y, columns, rows, z, Written)}."
                + (theory.Length == 0 ? "" : $" Over it: {string.Join(", ", theory.Select(line => line.Name))}."),
            height
        );
    }

    private static double[] Ends(IReadOnlyList<double> places)
    {
        double half = places.Count == 1 ? 0.5 : (places[1] - places[0]) / 2;
        return [places[0] - half, places[^1] + half];
    }
}
