using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NotebookHost.Site;

/// <summary>
/// A figure of a notebook as a page may draw it: its data, of a height that a page has room for, and without anything
/// that plotly.js would ask another host for. The policy of the page forbids that too; this holds without it.
/// </summary>
internal static partial class SiteFigure
{
    private const int StandardHeight = 450;
    private const int LeastHeight = 20;
    private const int MostHeight = 4000;

    private static readonly string[] Parts = ["data", "layout", "frames"];

    /// <summary>The traces that plotly.js draws on a map, which comes from another host.</summary>
    private static readonly string[] Maps =
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

    /// <summary>The height in pixels that the style of a figure's element names, within what a page has room for.</summary>
    public static int Height(string? styleOrHtml) =>
        int.TryParse(
            HeightInStyle().Match(styleOrHtml ?? "").Groups[1].Value,
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out int height
        ) && height is >= LeastHeight and <= MostHeight
            ? height
            : StandardHeight;

    /// <summary>A figure for a page; <paramref name="hadMap"/> says that a part of it was left out because it is a map.</summary>
    public static JsonObject For(JsonObject figure, out bool hadMap)
    {
        var maps = new List<string>();
        var drawn = new JsonObject();
        foreach (string part in Parts)
            if (figure[part] is { } content)
                drawn[part] = Harmless(part, content, maps);
        drawn["data"] = drawn["data"] as JsonArray ?? [];
        JsonObject layout = drawn["layout"] as JsonObject ?? [];
        drawn["layout"] = layout;
        // Its letters have the colour of the page's, so its paper has too.
        foreach (string paper in new[] { "paper_bgcolor", "plot_bgcolor" })
            layout[paper] ??= "rgba(0,0,0,0)";
        hadMap = maps.Count > 0;
        return drawn;
    }

    private static JsonNode? Harmless(string name, JsonNode? node, List<string> maps)
    {
        switch (node)
        {
            case JsonObject members:
                var kept = new JsonObject();
                foreach ((string key, JsonNode? member) in members)
                    // plotly.js puts pieces of meta together to texts, which then are not those that are looked at here.
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
        if (name == "bdata") // Numbers in base64, which may begin with two slashes.
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
        return Element()
            .Replace(Link().Replace(text, ""), element => Css.IsHarmless(element.Value) ? element.Value : "");
    }

    [GeneratedRegex(@"(?:^|[;""\s])height:\s*(\d{1,9})(?:\.\d*)?px", RegexOptions.IgnoreCase)]
    private static partial Regex HeightInStyle();

    [GeneratedRegex(@"^(mapbox|map|geo)\d*(\.|$)")]
    private static partial Regex MapName();

    [GeneratedRegex("^[A-Za-z0-9+/=]*$")]
    private static partial Regex Base64Alphabet();

    [GeneratedRegex(@"^data:image/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=]*$", RegexOptions.IgnoreCase)]
    private static partial Regex Picture();

    /// <summary>What browsers pass over in an address.</summary>
    [GeneratedRegex(@"[\x00-\x1f]")]
    private static partial Regex Ignored();

    [GeneratedRegex(
        @"^\s*([/\\]{2}|(https?|wss?|ftp|file|blob|filesystem|javascript|mapbox):\S|data:[a-z]+/)|://",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Address();

    [GeneratedRegex(@"</?a\b[^>]*>?", RegexOptions.IgnoreCase)]
    private static partial Regex Link();

    [GeneratedRegex(@"<[^<>]*\bstyle\b[^<>]*>?", RegexOptions.IgnoreCase)]
    private static partial Regex Element();
}
