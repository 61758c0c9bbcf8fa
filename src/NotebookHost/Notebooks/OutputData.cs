using System.Text.Json;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace NotebookHost.Notebooks;

/// <summary>
/// The data that HTML of the course's library carries: a figure has it as JSON in the next element, a card as JSON in an
/// element of its own.
/// </summary>
internal static class OutputData
{
    private const int StandardHeight = 450;
    private const int LeastHeight = 20;
    private const int MostHeight = 4000;

    /// <summary>Deeper HTML takes a parser time in the square of its depth. Browsers stop at the same number.</summary>
    public const int MostLevels = 512;

    private static readonly JsonDocumentOptions Deep = new()
    {
        MaxDepth = NotebookReader.MostLevels,
        AllowDuplicateProperties = false,
    };
    private static readonly JsonSerializerOptions Compact = new() { MaxDepth = 2 * NotebookReader.MostLevels };

    /// <summary>Reads a piece of HTML; null where it is nested deeper than <see cref="MostLevels"/>.</summary>
    public static IHtmlDocument? Parse(string html)
    {
        var levels = new Dictionary<INode, int>();
        IElement? last = null;
        var parser = new HtmlParser(
            new HtmlParserOptions
            {
                // An element gets its parent after it is created: at the next one it is known.
                OnCreated = (element, _) =>
                {
                    if (last is not null && Level(last) > MostLevels)
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

        // Copies that the parser makes of <b> and its like are not announced, so that a parent may be new here.
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

    /// <summary>The figure that is drawn in an element: traces, layout and frames, as plotly.js takes them; null where none is.</summary>
    public static JsonObject? Figure(IElement slot) =>
        slot.ClassList.Contains("notebook-figure") && slot.NextElementSibling is IHtmlScriptElement data
            ? Json(data)
            : null;

    /// <summary>What a card says, as data; null for any other element.</summary>
    public static JsonObject? Card(IElement card) =>
        card.ClassList.Contains("notebook-card") && card.LastElementChild is IHtmlScriptElement data
            ? Json(data)
            : null;

    /// <summary>The height in pixels that a figure asks for, within what a page has room for.</summary>
    public static int Height(IElement slot) =>
        int.TryParse(slot.GetAttribute("data-height"), out int height) && height is >= LeastHeight and <= MostHeight
            ? height
            : StandardHeight;

    private static JsonObject? Json(IHtmlScriptElement data)
    {
        if (data.Type != "application/json")
            return null;
        try
        {
            JsonNode? json = JsonNode.Parse(data.TextContent, null, Deep);
            json?.ToJsonString(Compact); // What can be read only later is none: half a character.
            return json as JsonObject;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private sealed class TooDeepException : Exception;
}
