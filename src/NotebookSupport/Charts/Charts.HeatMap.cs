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
    /// <param name="theory">Curves drawn over it, each in white; default none.</param>
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
    )
    {
        Require.NotNull(values);
        Require.NotNull(title);
        Require.NotNull(x);
        Require.NotNull(y);
        Require.NotNull(value);
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
        foreach (Trace trace in GenericChart.getTraces(chart))
        {
            trace.SetProperty(
                "z",
                z.Select(row => row.Select(v => double.IsFinite(v) ? v : (double?)null).ToArray()).ToArray()
            );
            trace.SetProperty("colorscale", "Viridis");
            trace.SetProperty("zmin", low);
            trace.SetProperty("zmax", high);
            trace.SetProperty("colorbar", new { title = new { text = value, side = "right" }, thickness = 12 });
        }
        GenericChart[] lines =
        [
            .. Require
                .NotNull(theory)
                .Select(
                    (line, i) =>
                        Chart.Line<double, double, string>(
                            line.X,
                            line.Y,
                            Name: line.Name,
                            LineColor: Color.fromString("#FFFFFF"),
                            LineWidth: 3,
                            LineDash: Dashes[(i + 1) % Dashes.Length]
                        )
                ),
        ];
        return new Figure(
            Chart.Combine([chart, .. lines]),
            new
            {
                title = new { text = title },
                xaxis = new { title = new { text = x }, range = Ends(columns) },
                yaxis = new { title = new { text = y }, range = Ends(rows) },
                showlegend = lines.Length > 0,
                legend = new
                {
                    orientation = "h",
                    x = 1,
                    xanchor = "right",
                    y = 1.02,
                    yanchor = "bottom",
                    bgcolor = "rgba(70,50,90,0.85)",
                    font = new { color = "#FFFFFF" },
                },
            },
            Invariant($"{title}: {value} over {x} and {y}, from {low:G3} to {high:G3}"),
            height: 420
        );
    }

    private static double[] Ends(IReadOnlyList<double> places)
    {
        double half = places.Count == 1 ? 0.5 : (places[1] - places[0]) / 2;
        return [places[0] - half, places[^1] + half];
    }
}
