using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;

namespace Notebooks.Tests.Readings;

/// <summary>A series as it is drawn: its name, and its values without those that have no place on the axes.</summary>
internal sealed record ShownSeries(string Name, double[] X, double[] Y)
{
    public double First => Y[0];

    public double Last => Y[^1];

    /// <summary>The value at the drawn x nearest to <paramref name="x"/>.</summary>
    public double At(double x) => Y[Array.IndexOf(X, X.MinBy(one => Math.Abs(one - x)))];
}

/// <summary>The values of a figure that a lesson shows.</summary>
internal sealed class ShownFigure
{
    private readonly JsonObject _data;

    private ShownFigure(JsonObject data) => _data = data;

    /// <summary>The series of the plot as it is first shown, without the faint lines behind smoothed ones.</summary>
    public IReadOnlyList<ShownSeries> Series => [.. Lines(_data["data"]!.AsArray())];

    public ShownSeries this[string name] => Series.Single(series => series.Name == name);

    public string Title => _data["layout"]!["title"]!["text"]!.ToString();

    /// <summary>What is drawn on one axis of a figure that has several, such as x2.</summary>
    public ShownFigure On(string axis)
    {
        JsonObject part = _data.DeepClone().AsObject();
        part["data"] = new JsonArray([
            .. _data["data"]!
                .AsArray()
                .Where(trace => trace!["xaxis"]?.ToString() == axis || trace["yaxis"]?.ToString() == axis)
                .Select(trace => trace!.DeepClone()),
        ]);
        return new ShownFigure(part);
    }

    /// <summary>The figure as its controls show it when they have these values.</summary>
    public ShownFigure State(params string[] values)
    {
        JsonObject shown = _data.DeepClone().AsObject();
        JsonObject frame = shown["frames"]![Frame(values)]!.AsObject();
        foreach ((JsonNode? trace, JsonNode? change) in frame["traces"]!.AsArray().Zip(frame["data"]!.AsArray()))
        foreach ((string key, JsonNode? value) in change!.AsObject())
            shown["data"]![trace!.GetValue<int>()]![key] = value?.DeepClone();
        foreach ((string key, JsonNode? value) in frame["layout"] as JsonObject ?? [])
            shown["layout"]![key] = value?.DeepClone();
        return new ShownFigure(shown);
    }

    /// <summary>What the figure says under its controls when they have these values.</summary>
    public string Reading(params string[] values) => _data["control"]!["readings"]![Frame(values)]!.ToString();

    private int Frame(string[] values)
    {
        JsonNode control = _data["control"]!;
        JsonNode?[] settings = [control, .. control["choices"] as JsonArray ?? []];
        Assert.Equal(settings.Length, values.Length);
        (int frame, int stride) = (0, 1);
        foreach ((JsonNode? setting, string value) in settings.Zip(values))
        {
            string[] all = [.. setting!["values"]!.AsArray().Select(one => one!.ToString())];
            Assert.Contains(value, all);
            frame += stride * Array.IndexOf(all, value);
            stride *= all.Length;
        }
        return frame;
    }

    /// <summary>The figure whose title or description begins with some words; exactly one of the lesson has to.</summary>
    public static ShownFigure Of(IEnumerable<JsonObject> cells, string words)
    {
        ShownFigure[] figures =
        [
            .. cells
                .Where(Course.IsCode)
                .SelectMany(Course.Figures)
                .Select(bundle => Course.Joined(bundle["text/html"]))
                .Select(html => (Description: Description(html), Shown: new ShownFigure(Course.Data(html))))
                .Where(one =>
                    one.Description.StartsWith(words, StringComparison.Ordinal)
                    || one.Shown.Title.StartsWith(words, StringComparison.Ordinal)
                )
                .Select(one => one.Shown),
        ];
        Assert.True(figures.Length == 1, $"{figures.Length} figures are called \"{words}…\"; expected one.");
        return figures[0];
    }

    /// <summary>The names of the rows of a leaderboard, from the top.</summary>
    public string[] Rows => [.. _data["layout"]!["yaxis"]!["ticktext"]!.AsArray().Select(name => name!.ToString())];

    /// <summary>The value of a heat map at a drawn place.</summary>
    public double Cell(double x, double y)
    {
        JsonNode map = _data["data"]!.AsArray().Single(trace => trace!["z"] is not null)!;
        double[] columns = Numbers(map["x"]);
        int column = Array.FindIndex(columns, one => Math.Abs(one - x) < 1e-9);
        int row = Array.FindIndex(Numbers(map["y"]), one => Math.Abs(one - y) < 1e-9);
        return map["z"] is JsonArray rows
            ? Numbers(rows[row])[column]
            : Numbers(map["z"])[row * columns.Length + column];
    }

    private static string Description(string html) =>
        new HtmlParser().ParseDocument(html).QuerySelector(".notebook-figure")!.GetAttribute("aria-label")!;

    private static IEnumerable<ShownSeries> Lines(JsonArray traces) =>
        from trace in traces
        where trace["visible"]?.ToString() != "false" && trace["hoverinfo"]?.ToString() != "skip"
        where trace["y"] is not null && trace["z"] is null
        let y = Numbers(trace["y"])
        let x = trace["x"] is { } given ? Numbers(given) : [.. Enumerable.Range(0, y.Length).Select(i => (double)i)]
        select new ShownSeries(
            trace["name"]?.ToString() ?? "",
            [.. x.Where((_, i) => double.IsFinite(y[i]))],
            [.. y.Where(double.IsFinite)]
        );

    /// <summary>Numbers as plotly.js takes them: an array, or its bytes.</summary>
    private static double[] Numbers(JsonNode? values)
    {
        if (values is JsonArray array)
            return
            [
                .. array.Select(value =>
                    value is JsonValue number && number.TryGetValue(out double found) ? found : double.NaN
                ),
            ];
        byte[] bytes = Convert.FromBase64String(values!["bdata"]!.ToString());
        string type = values["dtype"]!.ToString();
        int size = type[^1] - '0';
        return
        [
            .. Enumerable
                .Range(0, bytes.Length / size)
                .Select(i =>
                    type switch
                    {
                        "f8" => BitConverter.ToDouble(bytes, i * size),
                        "f4" => BitConverter.ToSingle(bytes, i * size),
                        "i4" => BitConverter.ToInt32(bytes, i * size),
                        "i2" => BitConverter.ToInt16(bytes, i * size),
                        "u2" => BitConverter.ToUInt16(bytes, i * size),
                        "u1" => bytes[i],
                        "i1" => (sbyte)bytes[i],
                        _ => throw new NotSupportedException($"numbers of the type {type}"),
                    }
                ),
        ];
    }
}
