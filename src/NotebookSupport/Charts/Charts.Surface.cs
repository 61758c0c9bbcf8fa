using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace NotebookSupport;

public static partial class Charts
{
    /// <summary>A loss of two parameters as a map with lines of equal height, with ways down it.</summary>
    /// <param name="title">The title.</param>
    /// <param name="x">What the first parameter is.</param>
    /// <param name="y">What the second parameter is.</param>
    /// <param name="columns">The values of the first parameter, ascending; at least two.</param>
    /// <param name="rows">The values of the second parameter, ascending; at least two.</param>
    /// <param name="loss">The loss and its gradient at (x, y).</param>
    /// <param name="highest">The highest loss that has a colour of its own; above 0. What is higher is marked so at the colours.</param>
    /// <param name="theory">A curve over the map; default none (null).</param>
    /// <param name="paths">Ways over the map, each with its name; what lies outside is not drawn.</param>
    public static Figure Surface(
        string title,
        string x,
        string y,
        IReadOnlyList<double> columns,
        IReadOnlyList<double> rows,
        Func<double, double, PlaneLoss> loss,
        double highest,
        Series? theory = null,
        params (string Name, IReadOnlyList<PlaneStep> Path)[] paths
    )
    {
        Require.NotNull(title);
        Require.NotNull(x);
        Require.NotNull(y);
        Require.NotNull(loss);
        Require.Positive(highest);
        if (Require.NotNull(columns).Count < 2)
            throw new ArgumentException($"columns has {columns.Count} values; expected at least 2.", nameof(columns));
        if (Require.NotNull(rows).Count < 2)
            throw new ArgumentException($"rows has {rows.Count} values; expected at least 2.", nameof(rows));
        // Between the values too: a wall that lies aslant shows the corners of the grid.
        double[] across = Finer(columns);
        double[] up = Finer(rows);
        double[][] heights = [.. up.Select(row => across.Select(column => loss(column, row).Loss).ToArray())];
        GenericChart map = Chart.Contour<double, double, double, string>(zData: heights, X: across, Y: up);
        double step = highest / Heights;
        bool isCut = heights.Any(row => row.Any(height => height > highest));
        double[] marks = [.. Enumerable.Range(0, Heights / 2 + 1).Select(i => 2 * i * step)];
        Set(
            map,
            new
            {
                z = heights
                    .Select(row => row.Select(height => double.IsFinite(height) ? height : (double?)null).ToArray())
                    .ToArray(),
                colorscale = ChartStyle.Magnitudes,
                zmin = 0,
                zmax = highest,
                contours = new
                {
                    coloring = "heatmap",
                    start = step,
                    end = highest,
                    size = step,
                },
                line = new { width = 0.5, color = ChartStyle.Paper.Light },
                hovertemplate = x + " %{x:.2f}, " + y + " %{y:.2f}: loss %{z:.3g}<extra></extra>",
                colorbar = new
                {
                    title = new { text = "loss" },
                    tickvals = marks,
                    ticktext = marks
                        .Select((mark, i) => (isCut && i == marks.Length - 1 ? "≥ " : "") + ChartStyle.Number(mark))
                        .ToArray(),
                },
            }
        );
        var charts = new List<GenericChart> { map };
        for (int p = 0; p < Require.NotNull(paths).Length; p++)
        {
            bool IsInside(PlaneStep at) =>
                at.X >= columns[0] && at.X <= columns[^1] && at.Y >= rows[0] && at.Y <= rows[^1];
            charts.AddRange(
                OverMap(
                    [.. paths[p].Path.Select(at => IsInside(at) ? at.X : (double?)null)],
                    [.. paths[p].Path.Select(at => IsInside(at) ? at.Y : (double?)null)],
                    paths[p].Name,
                    p,
                    hasMarkers: true
                )
            );
        }
        if (theory is not null)
            charts.AddRange(
                OverMap(
                    [.. theory.X.Select(place => (double?)place)],
                    [.. theory.Y.Select(place => (double?)place)],
                    theory.Name,
                    paths.Length,
                    hasMarkers: false
                )
            );
        string[] names = [.. paths.Select(path => path.Name), .. theory is null ? (string[])[] : [theory.Name]];
        (object legend, int height) = ChartStyle.Legend(names, height: 440);
        return new Figure(
            Chart.Combine(charts),
            new
            {
                title = new { text = title },
                xaxis = new { title = new { text = x }, range = new[] { columns[0], columns[^1] } },
                yaxis = new { title = new { text = y }, range = new[] { rows[0], rows[^1] } },
                showlegend = names.Length > 0,
                legend,
            },
            $"{Finding.Sentence(title)} The loss is {Finding.Map(x, y, across, up, heights, Finding.Number)}."
                + string.Concat(
                    paths.Select(p =>
                        $" {p.Name}: from {Finding.Number(p.Path[0].Loss)} to {Finding.Number(p.Path[^1].Loss)} in {Finding.Number(p.Path.Count - 1)} steps."
                    )
                )
                + (theory is null ? "" : $" Over it: {theory.Name}.")
                + Finding.Ranking([.. paths.Select(p => (p.Name, p.Path[^1].Loss))], onlyLowest: true),
            height
        );
    }

    /// <summary>Lines of equal height from 0 to the highest.</summary>
    private const int Heights = 10;

    /// <summary>Values, and the middle between each two.</summary>
    private static double[] Finer(IReadOnlyList<double> values) =>
        [
            .. values.Zip(values.Skip(1), (one, next) => new[] { one, (one + next) / 2 }).SelectMany(pair => pair),
            values[^1],
        ];
}
