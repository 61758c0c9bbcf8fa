using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookSupport;

/// <summary>
/// Rounds the numbers of traces to what a screen can show: five significant digits, and as many more as it takes
/// to resolve 1/10,000 of the range of their axis.
/// </summary>
internal sealed class Precision
{
    private const int Digits = 5;

    /// <summary>More digits than float64 has.</summary>
    private const int MostDigits = 17;

    private readonly JsonObject _layout;
    private readonly JsonArray _traces;
    private readonly Dictionary<string, double> _spans = [];

    /// <param name="layout">The layout of plotly.js, which says what axes are logarithmic.</param>
    /// <param name="traces">The traces.</param>
    /// <param name="frames">The frames of an animation, whose traces are on the same axes.</param>
    public Precision(JsonObject layout, JsonArray traces, JsonArray? frames)
    {
        _layout = layout;
        _traces = traces;
        var ends = new Dictionary<string, (double Low, double High)>();
        foreach ((JsonObject trace, int index) in All(frames))
        foreach ((string key, JsonNode? value) in trace)
            if (AxisOf(key, trace, index) is { } axis)
            {
                (double low, double high) = ends.GetValueOrDefault(axis, (double.MaxValue, double.MinValue));
                foreach (double number in Numbers(value))
                    (low, high) = (Math.Min(low, number), Math.Max(high, number));
                ends[axis] = (low, high);
            }
        foreach ((string axis, (double low, double high)) in ends)
            _spans[axis] = SpanOf(axis, low, high);
    }

    /// <summary>What an axis shows, to 1/10,000 of it: the last digit of a logarithm is another in a browser.</summary>
    public static JsonArray Range(double low, double high) => new(Rounded(low, high - low), Rounded(high, high - low));

    /// <summary>The traces, rounded.</summary>
    public JsonArray Traces => new([.. _traces.Select((trace, index) => Rounded(trace!.AsObject(), index))]);

    /// <summary>Frames, their traces rounded.</summary>
    public JsonArray Frames(JsonArray frames)
    {
        JsonArray rounded = frames.DeepClone().AsArray();
        foreach (JsonNode? frame in rounded)
            frame!["data"] = new JsonArray([
                .. TracesOf(frame.AsObject()).Select(trace => Rounded(trace.Trace, trace.Index)),
            ]);
        return rounded;
    }

    private JsonObject Rounded(JsonObject trace, int index) =>
        new(
            trace.Select(pair =>
                KeyValuePair.Create(
                    pair.Key,
                    AxisOf(pair.Key, trace, index) is { } axis
                        ? Rounded(pair.Value, _spans[axis])
                        : RoundedByItself(pair.Value)
                )
            )
        );

    /// <summary>What lies on no axis: lists of numbers by their own range; single numbers as they are.</summary>
    private static JsonNode? RoundedByItself(JsonNode? node)
    {
        if (node is JsonObject obj)
            return new JsonObject(obj.Select(pair => KeyValuePair.Create(pair.Key, RoundedByItself(pair.Value))));
        if (node is not JsonArray)
            return Rounded(node, double.Epsilon);
        double[] numbers = [.. Numbers(node)];
        return Rounded(node, numbers.Length == 0 ? 0 : numbers.Max() - numbers.Min());
    }

    private static JsonNode? Rounded(JsonNode? node, double span) =>
        node switch
        {
            JsonArray array => new JsonArray([.. array.Select(item => Rounded(item, span))]),
            JsonObject obj => new JsonObject(obj.Select(p => KeyValuePair.Create(p.Key, Rounded(p.Value, span)))),
            JsonValue value when value.GetValueKind() == JsonValueKind.Number => JsonValue.Create(
                Rounded(value.GetValue<double>(), span)
            ),
            _ => node?.DeepClone(),
        };

    private static double Rounded(double value, double span)
    {
        int digits = Math.Abs(value) > span && span > 0 ? Digits + Exponent(value) - Exponent(span) : Digits;
        return digits >= MostDigits
            ? value
            : double.Parse(
                value.ToString(Invariant($"G{digits}"), CultureInfo.InvariantCulture),
                CultureInfo.InvariantCulture
            );
    }

    /// <summary>The power of ten of the first digit.</summary>
    private static int Exponent(double value)
    {
        string text = value.ToString("E16", CultureInfo.InvariantCulture);
        return int.Parse(text.AsSpan(text.IndexOf('E', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
    }

    /// <summary>What an axis shows from end to end; 0 for a logarithmic one, where five digits resolve every place.</summary>
    private double SpanOf(string axis, double low, double high)
    {
        JsonObject? settings = axis[0] is 'x' or 'y' ? _layout[axis.Insert(1, "axis")] as JsonObject : null;
        if (settings?["type"]?.ToString() == "log" || high < low)
            return 0;
        double span = high - low;
        double[] shown = [.. Numbers(settings?["range"])];
        double window = shown.Length == 2 ? Math.Abs(shown[1] - shown[0]) : span;
        // A single value spans no range: it keeps all its digits.
        return Math.Max(Math.Min(span, window), double.Epsilon);
    }

    /// <summary>The axis on which a property of a trace lies, null for none.</summary>
    private string? AxisOf(string key, JsonObject trace, int index)
    {
        JsonNode? whole = index < _traces.Count ? _traces[index] : null;
        string Named(string axis) =>
            (trace[axis + "axis"] ?? whole?[axis + "axis"])?.ToString()
            ?? (whole?["type"]?.ToString() is "surface" or "scatter3d" or "mesh3d" ? "space " + axis : axis);
        return key switch
        {
            "x" or "x0" => Named("x"),
            "y" or "y0" => Named("y"),
            "z" when whole?["type"]?.ToString() is "scatter3d" or "mesh3d" => "space z",
            "z" or "zmin" or "zmax" or "zmid" => Invariant($"colours {index}"),
            _ => null,
        };
    }

    private IEnumerable<(JsonObject Trace, int Index)> All(JsonArray? frames) =>
        _traces
            .Select((trace, index) => (trace!.AsObject(), index))
            .Concat((frames ?? []).SelectMany(frame => TracesOf(frame!.AsObject())));

    private static IEnumerable<(JsonObject Trace, int Index)> TracesOf(JsonObject frame) =>
        frame["data"]!
            .AsArray()
            .Select(
                (trace, i) => (trace!.AsObject(), frame["traces"] is JsonArray traces ? (int)(double)traces[i]! : i)
            );

    private static IEnumerable<double> Numbers(JsonNode? node) =>
        node switch
        {
            JsonArray array => array.SelectMany(Numbers),
            JsonValue value when value.GetValueKind() == JsonValueKind.Number => [value.GetValue<double>()],
            _ => [],
        };
}
