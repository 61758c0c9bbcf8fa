using System.Text.Json;
using System.Text.Json.Nodes;

namespace Notebooks.Tests;

/// <summary>Figures of plotly.js that are wrong in one way each, and a sound one.</summary>
internal static class WrongFigures
{
    private static readonly double[] Steps = [1, 2, 3, 4, 5];
    private static readonly double[] Rising = [1, 2, 3, 4, 5];
    private static readonly double[] Falling = [5, 4, 3, 2, 1];

    /// <summary>A name, the kind of the fault, the paper on which alone it shows, and the figure.</summary>
    public static IReadOnlyList<(string Name, string Kind, string? Theme, JsonObject Json)> All { get; } =
    [
        ("a sound figure", "", null, Figure([Line(Rising), Line(Falling)])),
        ("a line on another", "hidden", null, Figure([Line(Rising), Line([1.001, 2, 3, 4, 5])])),
        ("markers on others", "hidden", null, Figure([Points(Rising, "circle"), Points(Rising, "square")])),
        (
            "a line on another in one frame",
            "hidden",
            null,
            Figure(
                [Line(Rising), Line(Falling)],
                frame: new
                {
                    name = "2",
                    traces = new[] { 1 },
                    data = new[] { new { y = Rising } },
                }
            )
        ),
        (
            "zeros as the smallest number",
            "clamped",
            null,
            Figure([Points([1, 0.1, 1e-20, 1e-20, 1e-20], "circle")], new { type = "log", title = new { text = "y" } })
        ),
        (
            "a loss that is cut off",
            "clamped",
            null,
            Figure([new { type = "contour", z = new[] { new[] { 0.1, 0.5, 0.5 }, new[] { 0.2, 0.5, 0.5 } } }])
        ),
        (
            "a label beyond the edge",
            "cut",
            null,
            Figure(
                [Points(Rising, "circle")],
                new
                {
                    automargin = false,
                    tickvals = new[] { 3 },
                    ticktext = new[] { "a name that is much longer than the margin" },
                }
            )
        ),
        ("a pale line", "contrast", "light", Figure([Line(Rising, "#56B4E9")])),
        ("a dark line", "contrast", "dark", Figure([Line(Rising, "#3B3B3B")])),
        ("a pale text", "contrast", "light", Figure([Line(Rising)], new { tickfont = new { color = "#909090" } })),
        ("a pale tick", "contrast", "light", Figure([Line(Rising)], new { ticks = "outside", tickcolor = "#CCCCCC" })),
        (
            "a line on a map",
            "contrast",
            null,
            Figure([
                new
                {
                    type = "heatmap",
                    x = Steps,
                    y = new[] { 1, 2, 3, 4, 5 },
                    z = Steps.Select(row => Steps.Select(column => row * column)),
                    colorscale = "Viridis",
                },
                Line(Rising),
            ])
        ),
        (
            "a map that is paler than its scale",
            "colours",
            null,
            Figure(
                [
                    new
                    {
                        type = "heatmap",
                        z = new[] { new[] { 1, 2 }, new[] { 3, 4 } },
                        opacity = 0.6,
                    },
                ],
                new { dtick = 1 }
            )
        ),
        ("too many ticks", "overlap", null, Figure([Line(Rising)], new { dtick = 0.05 })),
        (
            "a legend in the plot",
            "overlap",
            null,
            Figure(
                [Line(Rising), Line(Falling)],
                legend: new
                {
                    x = 0.5,
                    y = 0.5,
                    xanchor = "center",
                    yanchor = "middle",
                }
            )
        ),
        (
            "a name under the tools",
            "overlap",
            null,
            Figure(
                [Line(Rising)],
                annotation: new
                {
                    text = "a name",
                    x = 1,
                    y = 1,
                    xref = "paper",
                    yref = "paper",
                    xanchor = "right",
                    yanchor = "bottom",
                    yshift = 30,
                    showarrow = false,
                }
            )
        ),
        (
            "panels that touch",
            "overlap",
            null,
            Figure(
                [
                    Line(Rising),
                    new
                    {
                        x = Steps,
                        y = Rising.Select(y => 1e6 * y),
                        xaxis = "x2",
                        yaxis = "y2",
                        mode = "lines",
                        showlegend = false,
                        line = new { color = "#0072B2" },
                    },
                ],
                panels: true
            )
        ),
        (
            "a surface in space",
            "three dimensions",
            null,
            Figure([new { type = "surface", z = new[] { new[] { 1, 2 }, new[] { 3, 4 } } }])
        ),
    ];

    /// <summary>A code cell that shows a figure.</summary>
    public static JsonObject Cell(JsonObject figure) =>
        new()
        {
            ["cell_type"] = "code",
            ["outputs"] = new JsonArray(
                new JsonObject
                {
                    ["data"] = new JsonObject
                    {
                        ["text/html"] = new JsonArray(
                            "<div id=\"wrong\" class=\"notebook-figure\" role=\"img\" aria-label=\"a figure\" data-height=\"360\" style=\"height:360px\"></div>\n",
                            $"<script type=\"application/json\">{figure.ToJsonString()}</script>\n",
                            "<script>0;</script>"
                        ),
                    },
                }
            ),
        };

    private static object Line(double[] y, string colour = "#0072B2") =>
        new
        {
            x = Steps,
            y,
            mode = "lines",
            name = $"from {y[0]}",
            line = new { color = colour, width = 2 },
        };

    private static object Points(double[] y, string symbol) =>
        new
        {
            x = Steps,
            y,
            mode = "markers",
            name = symbol,
            marker = new
            {
                color = "#0072B2",
                symbol,
                size = 6,
            },
        };

    private static JsonObject Figure(
        object[] data,
        object? y = null,
        object? legend = null,
        object? frame = null,
        object? annotation = null,
        bool panels = false
    )
    {
        var layout = new JsonObject
        {
            ["title"] = new JsonObject { ["text"] = "A figure" },
            ["xaxis"] = new JsonObject { ["title"] = new JsonObject { ["text"] = "x" } },
            ["yaxis"] = y is null ? new JsonObject() : JsonSerializer.SerializeToNode(y),
            ["margin"] = new JsonObject
            {
                ["l"] = 60,
                ["r"] = 20,
                ["t"] = 60,
                ["b"] = 50,
            },
        };
        // plotly.js draws dark ticks around a map.
        foreach (string axis in (string[])["xaxis", "yaxis"])
            layout[axis]!["ticks"] ??= "";
        if (annotation is not null)
            layout["annotations"] = new JsonArray(JsonSerializer.SerializeToNode(annotation));
        if (legend is not null)
            layout["legend"] = JsonSerializer.SerializeToNode(legend);
        if (panels)
        {
            layout["xaxis"]!["domain"] = new JsonArray(0, 0.49);
            layout["xaxis2"] = new JsonObject { ["domain"] = new JsonArray(0.51, 1), ["anchor"] = "y2" };
            layout["yaxis2"] = new JsonObject { ["anchor"] = "x2", ["automargin"] = false };
        }
        var figure = new JsonObject { ["data"] = JsonSerializer.SerializeToNode(data), ["layout"] = layout };
        if (frame is not null)
            figure["frames"] = new JsonArray(JsonSerializer.SerializeToNode(frame));
        return figure;
    }
}
