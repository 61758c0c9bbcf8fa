using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace NotebookSupport;

public static partial class Charts
{
    /// <summary>A loss of two parameters as a surface in space, which can be turned, with ways down it.</summary>
    /// <param name="title">The title.</param>
    /// <param name="x">What the first parameter is.</param>
    /// <param name="y">What the second parameter is.</param>
    /// <param name="columns">The values of the first parameter, ascending; at least two.</param>
    /// <param name="rows">The values of the second parameter, ascending; at least two.</param>
    /// <param name="loss">The loss and its gradient at (x, y).</param>
    /// <param name="highest">The height at which the surface is cut off; above 0.</param>
    /// <param name="paths">Ways over the surface, each with its name; what lies outside is not drawn.</param>
    public static Figure Surface(
        string title,
        string x,
        string y,
        IReadOnlyList<double> columns,
        IReadOnlyList<double> rows,
        Func<double, double, PlaneLoss> loss,
        double highest,
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
        double[][] heights =
        [
            .. rows.Select(row => columns.Select(column => Math.Min(loss(column, row).Loss, highest)).ToArray()),
        ];
        GenericChart surface = Chart.Surface<double, double, double, string>(
            zData: heights,
            X: columns.ToArray(),
            Y: rows.ToArray()
        );
        foreach (Trace trace in GenericChart.getTraces(surface))
        {
            trace.SetProperty("colorscale", "Viridis");
            trace.SetProperty("opacity", 0.85);
            trace.SetProperty("colorbar", new { title = new { text = "loss", side = "right" }, thickness = 12 });
            trace.SetProperty("hovertemplate", x + " %{x:.2f}, " + y + " %{y:.2f}: loss %{z:.3g}<extra></extra>");
        }
        var charts = new List<GenericChart> { surface };
        for (int p = 0; p < Require.NotNull(paths).Length; p++)
        {
            PlaneStep[] inside =
            [
                .. paths[p]
                    .Path.Where(step =>
                        step.X >= columns[0] && step.X <= columns[^1] && step.Y >= rows[0] && step.Y <= rows[^1]
                    ),
            ];
            GenericChart path = Chart.Line3D<double, double, double, string>(
                inside.Select(step => step.X),
                inside.Select(step => step.Y),
                inside.Select(step => Math.Min(step.Loss, highest) + highest / 50),
                Name: paths[p].Name,
                ShowMarkers: true
            );
            foreach (Trace trace in GenericChart.getTraces(path))
            {
                trace.SetProperty("line", new { width = 5, color = PathColours[p % PathColours.Length] });
                trace.SetProperty(
                    "marker",
                    new
                    {
                        size = 4,
                        color = PathColours[p % PathColours.Length],
                        symbol = p % 2 == 0 ? "circle" : "diamond",
                    }
                );
            }
            charts.Add(path);
        }
        object axis(string name, double low, double high) =>
            new
            {
                title = new { text = name },
                range = new[] { low, high },
                gridcolor = "rgba(128,128,128,0.4)",
                backgroundcolor = "rgba(0,0,0,0)",
            };
        return new Figure(
            Chart.Combine(charts),
            new
            {
                title = new { text = title },
                scene = new
                {
                    xaxis = axis(x, columns[0], columns[^1]),
                    yaxis = axis(y, rows[0], rows[^1]),
                    zaxis = axis("loss", 0, 1.1 * highest),
                    aspectmode = "manual",
                    aspectratio = new
                    {
                        x = 1.2,
                        y = 1.2,
                        z = 0.7,
                    },
                    camera = new
                    {
                        eye = new
                        {
                            x = 1.0,
                            y = 1.9,
                            z = 0.9,
                        },
                    },
                },
                margin = new
                {
                    l = 8,
                    r = 8,
                    t = 48,
                    b = 8,
                },
                showlegend = true,
                legend = new
                {
                    orientation = "h",
                    x = 0,
                    y = 1.0,
                },
            },
            $"{title}: a surface over {x} and {y}"
                + string.Concat(
                    paths.Select(p =>
                        Invariant(
                            $"; {p.Name}: {p.Path.Count - 1} steps, loss from {p.Path[0].Loss:G3} to {p.Path[^1].Loss:G3}"
                        )
                    )
                ),
            height: 520
        );
    }

    private static readonly string[] PathColours = ["#D55E00", "#CC79A7", "#FFFFFF"];
}
