using System.Text.Json.Nodes;

namespace NotebookSupport;

public static partial class Charts
{
    /// <summary>
    /// One chart for each value of a quantity, one at a time, with a slider and a Play button, or, for two or three charts,
    /// buttons to choose; they work on a saved page too. The axes and the colours of maps span all of the charts, so that
    /// they can be compared; each chart keeps its title. The description names the chart that it describes.
    /// </summary>
    /// <param name="quantity">What the slider changes, with its unit.</param>
    /// <param name="charts">
    /// The value of the quantity and the chart for it; at least two, of the same kind, none with a slider of its own.
    /// </param>
    /// <param name="first">The index of the chart that is shown at first; default 0.</param>
    public static Figure Slider(string quantity, IReadOnlyList<(string Value, Figure Chart)> charts, int first = 0)
    {
        Require.NotNull(quantity);
        if (Require.NotNull(charts).Count < 2)
            throw new ArgumentException($"charts has {charts.Count} entries; expected at least 2.", nameof(charts));
        if (first < 0 || first >= charts.Count)
            throw Require.OutOfRange(nameof(first), first, Invariant($"an index from 0 to {charts.Count - 1}"));
        JsonArray[] traces =
        [
            .. charts.Select(chart => LineEnds.InLegend(chart.Chart.Json)["data"]!.DeepClone().AsArray()),
        ];
        if (traces.Any(one => one.Count != traces[0].Count))
            throw new ArgumentException("charts differ in their number of series; expected the same.", nameof(charts));
        if (charts.Any(chart => chart.Chart.Json.ContainsKey("frames")))
            throw new ArgumentException("charts has one with a slider of its own; expected none.", nameof(charts));
        if (charts.Select(chart => chart.Value).Distinct().Count() < charts.Count)
            throw new ArgumentException("charts has a value twice; expected each once.", nameof(charts));

        Figure shown = charts[first].Chart;
        JsonObject json = LineEnds.InLegend(shown.Json);
        JsonObject layout = json["layout"]!.AsObject();
        foreach (string axis in (string[])["x", "y"])
            Span(layout, axis, traces);
        SpanColours(traces);
        for (int t = 0; t < traces[first].Count; t++)
            json["data"]![t] = traces[first][t]!.DeepClone();
        JsonObject[] layouts = [.. charts.Select(chart => Layout(chart.Chart))];
        string[] differing =
        [
            .. layouts
                .SelectMany(one => one.Select(part => part.Key))
                .Distinct()
                .Where(key => layouts.Any(one => !JsonNode.DeepEquals(one[key], layouts[0][key]))),
        ];
        JsonObject[] frames =
        [
            .. traces.Select(chart =>
                Replay.Frame(
                    chart
                        .Select((trace, t) => (Index: t, Values: trace!.AsObject()))
                        .Where(trace => Changes(trace.Index))
                        .Select(trace => (trace.Index, trace.Values.DeepClone().AsObject()))
                )
            ),
        ];
        for (int c = 0; c < frames.Length && differing.Length > 0; c++)
            frames[c]["layout"] = new JsonObject(
                differing.Select(key => KeyValuePair.Create(key, layouts[c][key]?.DeepClone()))
            );
        var replay = new Replay(quantity, [.. charts.Select(chart => chart.Value)], first, Plays: true, frames);
        json["frames"] = new JsonArray([.. frames]);
        json["control"] = replay.Control();

        // An axis spans all charts; what else a chart says of it is its own.
        JsonObject Layout(Figure chart)
        {
            JsonObject own = chart.Json["layout"]!.DeepClone().AsObject();
            foreach (string axis in (string[])["xaxis", "yaxis"])
                if (own[axis] is JsonObject settings && layout[axis]?["range"] is { } range)
                    settings["range"] = range.DeepClone();
            return own;
        }

        bool Changes(int trace) => traces.Any(one => !JsonNode.DeepEquals(one[trace], traces[0][trace]));

        // A title that all charts share comes first; what one chart shows is said of its value.
        string title = differing.Contains("title") ? "" : $"{json["layout"]?["title"]?["text"]}";
        string common = title.Length > 0 ? Finding.Sentence(title) : "";
        string own = Finding.Sentence(shown.Description);
        if (own.StartsWith(common, StringComparison.Ordinal))
            own = own[common.Length..].TrimStart();
        else
            common = "";
        string changes =
            $"{(charts.Count > 3 ? "A slider changes" : "Buttons change")} “{quantity.TrimEnd(':')}” from {charts[0].Value} to {charts[^1].Value}.";
        return new Figure(json, $"{common} {changes} With {charts[first].Value}: {own}".TrimStart(), shown.Height);
    }

    /// <summary>Sets the range of an axis that has none to what all traces on it span, and a twentieth more.</summary>
    private static void Span(JsonObject layout, string axis, IEnumerable<JsonArray> charts)
    {
        if (layout[axis + "axis"] is not JsonObject settings || settings.ContainsKey("range"))
            return;
        bool log = settings["type"]?.ToString() == "log";
        double[] values =
        [
            .. charts
                .SelectMany(traces => traces)
                .Where(trace => trace!["type"]?.ToString() is null or "scatter" or "scattergl")
                .SelectMany(trace => trace![axis] as JsonArray ?? [])
                .Where(value => value?.GetValueKind() == System.Text.Json.JsonValueKind.Number)
                .Select(value => value!.GetValue<double>())
                .Where(value => !log || value > 0)
                .Select(value => log ? Math.Log10(value) : value),
        ];
        if (values.Length == 0)
            return;
        double margin = Math.Max((values.Max() - values.Min()) / 20, 1e-9);
        settings["range"] = Precision.Range(values.Min() - margin, values.Max() + margin);
        if (log)
            ChartStyle.SetLogTicks(settings, values.Min(), values.Max());
    }

    /// <summary>Gives the maps of all charts the smallest and the largest end of their colours.</summary>
    private static void SpanColours(IReadOnlyList<JsonArray> charts)
    {
        JsonObject[] maps =
        [
            .. charts
                .SelectMany(traces => traces)
                .Select(trace => trace!.AsObject())
                .Where(trace => trace.ContainsKey("zmin") && trace.ContainsKey("zmax")),
        ];
        if (maps.Length == 0)
            return;
        double low = maps.Min(map => map["zmin"]!.GetValue<double>());
        double high = maps.Max(map => map["zmax"]!.GetValue<double>());
        foreach (JsonObject map in maps)
            (map["zmin"], map["zmax"]) = (low, high);
    }
}
