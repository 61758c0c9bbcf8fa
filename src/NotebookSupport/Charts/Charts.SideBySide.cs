using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookSupport;

public static partial class Charts
{
    /// <summary>
    /// Charts of the same kind side by side, on the same axes, with one legend: a series has the same name and colour in each.
    /// </summary>
    /// <param name="title">The title: what the comparison shows.</param>
    /// <param name="panels">What stands above each chart, and the chart; two or three, none with a slider.</param>
    public static Figure SideBySide(string title, params (string Name, Figure Chart)[] panels)
    {
        Require.NotNull(title);
        if (Require.NotNull(panels).Length is < 2 or > 3)
            throw new ArgumentException($"panels has {panels.Length} entries; expected 2 or 3.", nameof(panels));
        if (panels.Any(panel => panel.Chart.Json.ContainsKey("frames")))
            throw new ArgumentException("panels has a chart with a slider; expected none.", nameof(panels));
        JsonObject[] charts = [.. panels.Select(panel => LineEnds.InLegend(panel.Chart.Json))];
        JsonArray[] all = [.. charts.Select(chart => chart["data"]!.AsArray())];
        JsonObject shared = charts[0]["layout"]!.AsObject();
        foreach (string axis in (string[])["x", "y"])
            Span(shared, axis, all);
        var traces = new JsonArray();
        var named = new List<string>();
        var layout = new JsonObject
        {
            ["title"] = new JsonObject { ["text"] = title },
            ["showlegend"] = true,
            ["annotations"] = new JsonArray(),
        };
        double width = (1 - Gap * (panels.Length - 1)) / panels.Length;
        for (int p = 0; p < panels.Length; p++)
        {
            string axis = p == 0 ? "" : Invariant($"{p + 1}");
            double left = p * (width + Gap);
            JsonObject x = shared["xaxis"]!.DeepClone().AsObject();
            (x["domain"], x["anchor"]) = (new JsonArray(left, left + width), "y" + axis);
            JsonObject y = shared["yaxis"]!.DeepClone().AsObject();
            y["anchor"] = "x" + axis;
            // All panels have the same axes: the first says them for all.
            if (p > 0)
                (y["showticklabels"], y["title"]) = (false, new JsonObject { ["text"] = "" });
            (layout["xaxis" + axis], layout["yaxis" + axis]) = (x, y);
            foreach (JsonObject trace in all[p].Select(trace => trace!.DeepClone().AsObject()))
            {
                (trace["xaxis"], trace["yaxis"]) = ("x" + axis, "y" + axis);
                string name = trace["name"]?.ToString() ?? "";
                trace["showlegend"] = trace["showlegend"]?.GetValue<bool>() != false && !named.Contains(name);
                if (trace["showlegend"]!.GetValue<bool>())
                    named.Add(name);
                traces.Add(trace);
            }
            layout["annotations"]!
                .AsArray()
                .Add(
                    new JsonObject
                    {
                        ["text"] = panels[p].Name,
                        ["xref"] = $"x{axis} domain",
                        ["yref"] = $"y{axis} domain",
                        ["x"] = 0.5,
                        ["y"] = 1.02,
                        ["yanchor"] = "bottom",
                        ["showarrow"] = false,
                        ["font"] = new JsonObject { ["size"] = 14 },
                    }
                );
        }
        (object legend, int height) = ChartStyle.Legend(named, StandardHeight + NameLine);
        layout["legend"] = JsonSerializer.SerializeToNode(legend);
        layout["margin"] = new JsonObject
        {
            ["l"] = 64,
            ["r"] = 24,
            ["t"] = ChartStyle.Above + NameLine + height - StandardHeight - NameLine,
            ["b"] = ChartStyle.Below,
        };
        return new Figure(
            new JsonObject { ["data"] = traces, ["layout"] = ChartStyle.Layout(layout) },
            $"{Finding.Sentence(title)} "
                + string.Join(
                    " ",
                    panels.Select(panel => $"{panel.Name}: {Finding.Sentence(panel.Chart.Description)}")
                ),
            height
        );
    }
}
