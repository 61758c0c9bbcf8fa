using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using NotebookSupport;

namespace NotebookHost.Notebooks;

/// <summary>
/// Reads the JSON that figures and cards (claims, exercises) carry inside their HTML: of a figure it is in the element that
/// follows, of a card in its last element.
/// </summary>
internal static class EmbeddedData
{
    private const int LeastHeight = 20;
    private const int MostHeight = 4000;

    /// <summary>Where Chromium stops too. A parser's time grows with the square of the depth.</summary>
    public const int MostElementLevels = 512;

    /// <summary>A few hundred kilobytes of text can ask for millions of elements: the parser copies open formatting elements.</summary>
    public const int MostElements = 300_000;

    private static readonly JsonDocumentOptions Deep = new()
    {
        MaxDepth = NotebookReader.MostLevels,
        AllowDuplicateProperties = false,
    };
    private static readonly JsonSerializerOptions Compact = new() { MaxDepth = 2 * NotebookReader.MostLevels };

    /// <summary>Reads a piece of HTML; null where it has more levels or elements than these limits.</summary>
    public static IHtmlDocument? Parse(string html)
    {
        var levels = new Dictionary<INode, int>();
        IElement? last = null;
        var parser = new HtmlParser(
            new HtmlParserOptions
            {
                // An element gets its parent after it is created, so its level is known when the next one is created.
                OnCreated = (element, _) =>
                {
                    if (last is not null && (Level(Deepest(last)) > MostElementLevels || levels.Count > MostElements))
                        throw new TooDeepException();
                    last = element;
                },
            }
        );
        try
        {
            return parser.ParseDocument($"<body>{html}");
        }
        catch (TooDeepException)
        {
            return null;
        }

        // The parser copies formatting elements such as <b> without a call: above an element, and into the last one.
        static IElement Deepest(IElement element)
        {
            while (element.LastElementChild is { } child)
                element = child;
            return element;
        }
        int Level(INode node)
        {
            int steps = 0;
            INode? known = node;
            for (; known is not null && !levels.ContainsKey(known); known = known.Parent)
                steps++;
            int level = known is null ? steps : levels[known] + steps;
            for (INode? one = node; one is not null && one != known; one = one.Parent)
                levels[one] = level--;
            return levels[node];
        }
    }

    /// <summary>The figure that belongs to an element (traces, layout and frames, as plotly.js takes them); null where there is none.</summary>
    public static JsonObject? Figure(IElement slot) =>
        slot.ClassList.Contains("notebook-figure") && slot.NextElementSibling is IHtmlScriptElement data
            ? Json(data)
            : null;

    /// <summary>What a card says, as data; null for any other element.</summary>
    public static JsonObject? Card(IElement card) =>
        card.ClassList.Contains("notebook-card") && card.LastElementChild is IHtmlScriptElement data
            ? Json(data)
            : null;

    /// <summary>The height of a figure in pixels; the standard height where it names none.</summary>
    public static int Height(IElement slot) =>
        int.TryParse(slot.GetAttribute("data-height"), NumberStyles.None, CultureInfo.InvariantCulture, out int height)
            ? Math.Clamp(height, LeastHeight, MostHeight)
            : FigureHtml.StandardHeight;

    private static JsonObject? Json(IHtmlScriptElement data)
    {
        if (data.Type != "application/json")
            return null;
        try
        {
            JsonNode? json = JsonNode.Parse(data.TextContent, null, Deep);
            json?.ToJsonString(Compact); // Throws for half a surrogate pair, which otherwise fails later.
            return json as JsonObject;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private sealed class TooDeepException : Exception;
}
