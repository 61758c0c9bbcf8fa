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
        string Mean((string Name, IReadOnlyList<double> Results) row) => Finding.Number(row.Results.Average());
        (double X, double Y)[] all =
        [
            .. rows.SelectMany((row, i) => row.Results.Where(double.IsFinite).Select(result => (result, places[i]))),
        ];
        GenericChart ranges = Line(
            [.. rows.SelectMany(row => new[] { row.Results.Min(), row.Results.Max(), double.NaN })],
            [.. places.SelectMany(place => new[] { place, place, double.NaN })],
            "range",
            ChartStyle.Colour(0),
            ChartStyle.TheoryWidth
        );
        GenericChart seeds = Points(
            [.. all.Select(point => point.X)],
            [.. all.Select(point => point.Y)],
            "seeds",
            0,
            0,
            true
        );
        GenericChart means = Points([.. rows.Select(row => row.Results.Average())], places, "mean", 1, 0, true);
        Set(seeds, new { marker = Marker("circle-open", 0, 6) });
        Set(means, new { marker = Marker("diamond", 4, 9) });
        object Marker(string symbol, int colour, double size) =>
            new
            {
                size,
                color = ChartStyle.Colour(colour),
                symbol,
            };
        (object legend, int height) = ChartStyle.Legend(["range", "seeds", "mean"], 110 + 19 * rows.Count);
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
                legend,
            },
            $"{Finding.Sentence(title)} Means of {measure}, from the top: "
                + string.Join("; ", rows.Take(3).Select(row => $"{row.Name} {Mean(row)}"))
                + (rows.Count > 3 ? $"; at the bottom of {rows.Count}: {rows[^1].Name} {Mean(rows[^1])}." : "."),
            height
        );
    }
}
