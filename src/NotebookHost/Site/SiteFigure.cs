using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using NotebookHost.Rendering;

namespace NotebookHost.Site;

/// <summary>
/// A notebook's figure as a page may draw it: without anything that plotly.js would load from another host. The page's
/// Content-Security-Policy forbids such requests too; this class does not rely on it.
/// </summary>
internal static partial class SiteFigure
{
    private const int MostStates = 1000;
    private const int MostChoices = 5;
    private const int LongestLabel = 200;
    private const int LongestReading = 500;

    private static readonly string[] Parts = ["data", "layout", "frames"];

    /// <summary>Traces that plotly.js draws on a map, whose tiles come from another host.</summary>
    public static readonly string[] Maps =
    [
        "choropleth",
        "choroplethmap",
        "choroplethmapbox",
        "densitymap",
        "densitymapbox",
        "scattergeo",
        "scattermap",
        "scattermapbox",
    ];

    /// <summary>A figure for a page; <paramref name="hadMap"/> says that a map was left out.</summary>
    public static JsonObject For(JsonObject figure, out bool hadMap)
    {
        var maps = new List<string>();
        var drawn = new JsonObject();
        foreach (string part in Parts)
            if (figure[part] is { } content)
                drawn[part] = Harmless(part, content, maps);
        drawn["data"] = drawn["data"] as JsonArray ?? [];
        if (Control(figure) is { } control)
            drawn["control"] = control;
        else if (figure.ContainsKey("control"))
            drawn.Remove("frames");
        if (Live(figure) is { } live)
            drawn["live"] = live;
        JsonObject layout = drawn["layout"] as JsonObject ?? [];
        drawn["layout"] = layout;
        // The text takes the page's colour, so the background must be the page's as well.
        foreach (string paper in new[] { "paper_bgcolor", "plot_bgcolor" })
            layout[paper] ??= "rgba(0,0,0,0)";
        hadMap = maps.Count > 0;
        return drawn;
    }

    /// <summary>What a reader can move of a figure that the page computes, all of it short texts and numbers; null where it is none.</summary>
    private static JsonObject? Live(JsonObject figure) =>
        figure["live"] is JsonObject live
        && IsText(live["name"])
        && live["given"] is JsonObject
        && live["sliders"] is JsonArray
        && live["choices"] is JsonArray
        && IsSmall(live)
            ? live.DeepClone().AsObject()
            : null;

    private static bool IsSmall(JsonNode? node) =>
        node switch
        {
            JsonObject members => members.Count <= MostChoices * 2 && members.All(member => IsSmall(member.Value)),
            JsonArray items => items.Count <= MostStates && items.All(IsSmall),
            JsonValue value when value.GetValueKind() == JsonValueKind.String => IsText(value),
            _ => true,
        };

    /// <summary>The controls of a figure, where they fit its frames; null where they do not.</summary>
    private static JsonObject? Control(JsonObject figure) =>
        figure["control"] is JsonObject control
        && Setting(control) is { } kept
        && (control["choices"] ?? new JsonArray()) is JsonArray { Count: <= MostChoices } choices
        && choices.Select(Setting).ToArray() is var chosen
        && chosen.All(choice => choice is not null)
        && chosen.Prepend(kept).Aggregate(1, (states, one) => Math.Min(MostStates + 1, states * Count(one!)))
            is <= MostStates
                and var states
        && figure["frames"] is JsonArray frames
        && frames.Count == states
        && frames.All(frame => frame is JsonObject one && one["traces"] is JsonArray && one["data"] is JsonArray)
        && (control["readings"] ?? new JsonArray()) is JsonArray readings
        && (readings.Count == 0 || readings.Count == states)
        && readings.All(text => IsText(text, LongestReading))
            ? With(kept, control["plays"]?.GetValueKind() == JsonValueKind.True, chosen!, readings)
            : null;

    /// <summary>A quantity, its values and which of them is shown at first; null where it is none.</summary>
    private static JsonObject? Setting(JsonNode? node) =>
        node is JsonObject setting
        && setting["values"] is JsonArray { Count: >= 2 and <= MostStates } values
        && values.All(value => IsText(value))
        && IsText(setting["quantity"])
        && setting["active"] is JsonValue active
        && active.TryGetValue(out int index)
        && index >= 0
        && index < values.Count
            ? new JsonObject
            {
                ["quantity"] = setting["quantity"]!.DeepClone(),
                ["values"] = values.DeepClone(),
                ["active"] = index,
            }
            : null;

    private static int Count(JsonObject setting) => setting["values"]!.AsArray().Count;

    private static JsonObject With(JsonObject control, bool plays, JsonObject[] choices, JsonArray readings)
    {
        control["plays"] = plays;
        if (choices.Length > 0)
            control["choices"] = new JsonArray([.. choices]);
        if (readings.Count > 0)
            control["readings"] = readings.DeepClone();
        return control;
    }

    private static bool IsText(JsonNode? node, int longest = LongestLabel) =>
        node is JsonValue value && value.TryGetValue(out string? text) && text.Length <= longest;

    private static JsonNode? Harmless(string name, JsonNode? node, List<string> maps)
    {
        switch (node)
        {
            case JsonObject members:
                var kept = new JsonObject();
                foreach ((string key, JsonNode? member) in members)
                    // plotly.js builds texts from these, which this class could not check.
                    if (key is not ("meta" or "customdata") && !MapName().IsMatch(key))
                        kept[key] = Harmless(key, member, maps);
                    else
                        maps.Add(key);
                return kept;
            case JsonArray items:
                return new JsonArray([
                    .. items.Where(item => !IsMap(item, maps)).Select(item => Harmless(name, item, maps)),
                ]);
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                return Harmless(name, value.GetValue<string>(), maps);
            default:
                return node?.DeepClone();
        }
    }

    private static bool IsMap(JsonNode? item, List<string> maps)
    {
        bool isMap =
            item is JsonObject trace
            && trace["type"] is JsonValue type
            && type.GetValueKind() == JsonValueKind.String
            && Maps.Contains(type.GetValue<string>());
        if (isMap)
            maps.Add("a trace");
        return isMap;
    }

    private static string Harmless(string name, string text, List<string> maps)
    {
        if (name == "bdata") // Numbers in base64, which may start with two slashes.
            return Base64Alphabet().IsMatch(text) ? text : "";
        if (Maps.Contains(text))
        {
            maps.Add(text);
            return "scatter";
        }
        if (Picture().IsMatch(text))
            return text;
        if (Address().IsMatch(Ignored().Replace(text, "")))
            return "";
        return text.Contains('<', StringComparison.Ordinal) && !IsPlain(text) ? Parsed(text).TextContent : text;
    }

    /// <summary>Whether the only markup in a label is for bold, italic, raised text and the like, or what plotly.js takes as a name.</summary>
    private static bool IsPlain(string label) =>
        Parsed(label)
            .Descendants()
            .All(node =>
                node is IText
                || (
                    node
                        is IElement
                        {
                            LocalName: "b"
                                or "i"
                                or "em"
                                or "strong"
                                or "s"
                                or "u"
                                or "sub"
                                or "sup"
                                or "br"
                                or "span"
                                or "extra"
                        } element
                    && element.Attributes.All(attribute => attribute.Name == "style" && Css.IsHarmless(attribute.Value))
                )
            );

    private static IElement Parsed(string label) => new HtmlParser().ParseDocument($"<body>{label}").Body!;

    [GeneratedRegex(@"^(mapbox|map|geo)\d*(\.|$)")]
    private static partial Regex MapName();

    [GeneratedRegex("^[A-Za-z0-9+/=]*$")]
    private static partial Regex Base64Alphabet();

    [GeneratedRegex(@"^data:image/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=]*$", RegexOptions.IgnoreCase)]
    private static partial Regex Picture();

    /// <summary>Characters that browsers ignore in an address.</summary>
    [GeneratedRegex(@"[\x00-\x1f]")]
    private static partial Regex Ignored();

    [GeneratedRegex(
        @"^\s*([/\\]{2}|(https?|wss?|ftp|file|blob|filesystem|javascript|mapbox):\S|data:[a-z]+/)|://",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Address();
}
