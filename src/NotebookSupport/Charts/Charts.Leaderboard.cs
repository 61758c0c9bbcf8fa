using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace NotebookSupport;

public static partial class Charts
{
    /// <summary>Some results of each of many candidates, one row a candidate: every result, their range and their mean.</summary>
    /// <param name="title">The title.</param>
    /// <param name="measure">What was measured, with its unit.</param>
    /// <param name="rows">The candidates from the top, each with its results; at least one, each with at least one.</param>
    public static Figure Leaderboard(
        string title,
        string measure,
        IReadOnlyList<(string Name, IReadOnlyList<double> Results)> rows
    )
    {
        Require.NotNull(title);
        Require.NotNull(measure);
        if (Require.NotNull(rows).Count == 0 || rows.Any(row => row.Results.Count == 0))
            throw new ArgumentException("rows is empty, or one of them; expected a result for each.", nameof(rows));
        double[] places = [.. Enumerable.Range(0, rows.Count).Select(i => (double)(rows.Count - 1 - i))];
        (double X, double Y)[] all =
        [
            .. rows.SelectMany((row, i) => row.Results.Where(double.IsFinite).Select(result => (result, places[i]))),
        ];
        GenericChart ranges = Chart.Line<double, double, string>(
            rows.SelectMany(row => new[] { row.Results.Min(), row.Results.Max(), double.NaN }),
            places.SelectMany(place => new[] { place, place, double.NaN }),
            Name: "range",
            LineColor: Color.fromString(Palette[4]),
            LineWidth: 5
        );
        GenericChart seeds = Chart.Point<double, double, string>(
            all.Select(point => point.X),
            all.Select(point => point.Y),
            Name: "seeds"
        );
        GenericChart means = Chart.Point<double, double, string>(
            rows.Select(row => row.Results.Average()),
            places,
            Name: "mean"
        );
        Mark(ranges, new { connectgaps = false });
        Mark(
            seeds,
            new
            {
                marker = new
                {
                    size = 6,
                    color = Palette[0],
                    symbol = "circle-open",
                },
            }
        );
        Mark(
            means,
            new
            {
                marker = new
                {
                    size = 9,
                    color = Palette[5],
                    symbol = "diamond",
                },
            }
        );
        return new Figure(
            Chart.Combine([ranges, seeds, means]),
            new
            {
                title = new { text = title },
                xaxis = new { title = new { text = measure } },
                yaxis = new
                {
                    tickvals = places,
                    ticktext = rows.Select(row => row.Name).ToArray(),
                    range = new[] { -0.7, rows.Count - 0.3 },
                },
                showlegend = true,
            },
            $"{title}, {measure}: "
                + string.Join("; ", rows.Take(3).Select(row => Invariant($"{row.Name} {row.Results.Average():G3}")))
                + Invariant(
                    $" at the top of {rows.Count}; {rows[^1].Name} {rows[^1].Results.Average():G3} at the bottom"
                ),
            height: 130 + 19 * rows.Count
        );
    }

    private static void Mark(GenericChart chart, object settings)
    {
        foreach (Trace trace in GenericChart.getTraces(chart))
        foreach (System.Reflection.PropertyInfo setting in settings.GetType().GetProperties())
            trace.SetProperty(setting.Name, setting.GetValue(settings)!);
    }
}
