using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Xhtml;
using Ganss.Xss;
using NotebookHost.Notebooks;
using NotebookHost.Rendering;
using NotebookSupport;
using static System.FormattableString;

namespace NotebookHost.Site;

/// <summary>
/// The outputs of cells as HTML. No script of a notebook reaches the page: the site draws figures from their data with a
/// script of its own; everything else is text or sanitized HTML.
/// </summary>
/// <param name="pictureFolder">Where the page finds the still pictures of its figures.</param>
/// <param name="markdown">The texts of the page.</param>
internal sealed partial class OutputHtml(string pictureFolder, MarkdownText markdown)
{
    private const string Svg = "image/svg+xml";

    /// <summary>MIME types of pictures and the first bytes of such files.</summary>
    private static readonly (string Kind, byte[] Start)[] Pixels =
    [
        ("image/png", [0x89, .. "PNG"u8]),
        ("image/jpeg", [0xff, 0xd8]),
        ("image/gif", [.. "GIF8"u8]),
        ("image/webp", [.. "RIFF"u8]),
    ];
    private static readonly HtmlSanitizer Sanitizer = NewSanitizer();
    private static readonly JsonSerializerOptions Compact = new() { MaxDepth = 2 * NotebookReader.MostLevels };
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 2 * NotebookReader.MostLevels,
    };

    private readonly Dictionary<int, ClaimCard> _claims = [];
    private readonly Dictionary<string, string> _exercises = [];
    private readonly Dictionary<string, byte[]> _pictures = [];

    /// <summary>The still pictures met so far, as PNG, by the figure's element id.</summary>
    public IReadOnlyDictionary<string, byte[]> Pictures => _pictures;

    /// <summary>The claims that were met so far, each where it was met first.</summary>
    public IReadOnlyCollection<ClaimCard> Claims => _claims.Values;

    /// <summary>The exercises whose cards were met so far: the anchor of the heading before the first, by number.</summary>
    public IReadOnlyDictionary<string, string> Exercises => _exercises;

    /// <summary>The picture of the last figure; null before there is one.</summary>
    public string? Cover { get; private set; }

    /// <summary>How many figures were met so far.</summary>
    public int Figures { get; private set; }

    /// <summary>Whether a page can compute one of them while a reader moves it.</summary>
    public bool HasLive { get; private set; }

    /// <summary>How many tables of the library there were, but for those on cards.</summary>
    public int Tables { get; private set; }

    /// <summary>One output of a cell as HTML; empty for a kind that a page does not show.</summary>
    public Html Of(JsonObject output) =>
        output["output_type"]?.ToString() switch
        {
            "stream" => Pre(
                output["name"]?.ToString() == "stderr" ? "stderr" : "stdout",
                CodeCell.Text(output["text"])
            ),
            "error" => Pre("error", Trace(output)),
            "display_data" or "execute_result" => Value(output["data"] as JsonObject ?? []),
            _ => default,
        };

    /// <summary>The richest representation that a page can show.</summary>
    private Html Value(JsonObject data)
    {
        if (data.Count == 0)
            return default;
        Html? shown =
            (data["text/html"] is { } html ? (Html?)Output(Safe(CodeCell.Text(html), Bytes(data, "image/png"))) : null)
            ?? (data["text/markdown"] is { } text ? (Html?)Output(markdown.Output(CodeCell.Text(text))) : null)
            ?? (data["text/latex"] is { } latex ? (Html?)Output(Formula(CodeCell.Text(latex))) : null)
            ?? (
                data[Svg] is { } svg
                    ? (Html?)Output(Image(Svg, Encoding.UTF8.GetBytes(CodeCell.Text(svg)), data))
                    : null
            )
            ?? Pixels
                .Where(picture => Bytes(data, picture.Kind) is not null)
                .Select(picture => (Html?)Output(Image(picture.Kind, Bytes(data, picture.Kind)!, data)))
                .FirstOrDefault()
            ?? (data["application/json"] is { } json ? (Html?)Pre("value", json.ToJsonString(Readable)) : null)
            ?? (data["text/plain"] is { } plain ? (Html?)Pre("value", CodeCell.Text(plain)) : null);
        return shown
            ?? Note(
                data.FirstOrDefault(part => Pixels.Any(picture => picture.Kind == part.Key)).Key is { } picture
                    ? $"A picture ({picture}) is not shown, because its text is no such picture in base64."
                    : $"An output of a kind that pages do not show: {string.Join(", ", data.Select(part => part.Key))}."
            );
    }

    private static Html Output(Html html) => Html.Of($"<div class=\"output\">{html}</div>\n");

    private static Html Note(string sentence) => Html.Of($"<p class=\"output note\">{sentence}</p>\n");

    /// <summary>A browser runs no script in an image and loads nothing for it.</summary>
    private static Html Image(string kind, byte[] bytes, JsonObject data) =>
        Html.Of(
            $"<img alt=\"{CodeCell.Text(data["text/plain"])}\" src=\"data:{kind};base64,{Convert.ToBase64String(bytes)}\">"
        );

    /// <summary>A formula with or without delimiters; text that contains formulas is read as Markdown.</summary>
    private Html Formula(string latex)
    {
        string tex = latex.Trim();
        if (Delimited().Match(tex) is { Success: true } formula)
            tex = formula.Groups["tex"].Value;
        else if (tex.Contains('$', StringComparison.Ordinal))
            return markdown.Output(tex);
        return Html.Of($"<div class=\"math\" tabindex=\"0\">{Formulas.Of(tex, isDisplayed: true)}</div>");
    }

    /// <summary>The bytes of a picture; null where there is none or the data is not of that type.</summary>
    private static byte[]? Bytes(JsonObject data, string kind) => Bytes(CodeCell.Text(data[kind]), kind);

    private static byte[]? Bytes(string text, string kind)
    {
        byte[]? bytes = Base64.IsValid(text) ? Convert.FromBase64String(text) : null;
        return bytes.AsSpan().StartsWith(Pixels.Single(picture => picture.Kind == kind).Start) ? bytes : null;
    }

    private static Html Pre(string kind, string text) =>
        text.Length == 0
            ? default
            : Html.Of($"<pre class=\"output {kind}\" tabindex=\"0\">{TerminalText.Of(text)}</pre>\n");

    private static string Trace(JsonObject error)
    {
        string head = $"{error["ename"]}: {error["evalue"]}";
        string trace = string.Join('\n', (error["traceback"] as JsonArray ?? []).Select(line => line?.ToString()));
        return trace.Contains($"{error["evalue"]}", StringComparison.Ordinal) ? trace : $"{head}\n{trace}".TrimEnd();
    }

    private Html Safe(string html, byte[]? picture)
    {
        using IHtmlDocument? raw = EmbeddedData.Parse(html);
        if (raw is null)
            return Note(
                $"HTML is not shown that is nested deeper than {EmbeddedData.MostElementLevels} elements or has more than {EmbeddedData.MostElements}."
            );
        // The sanitizer removes the data, so each element gets an id by which its data is found again.
        var data = new Dictionary<string, JsonObject>();
        foreach (IElement element in raw.QuerySelectorAll("[id], .notebook-figure, .notebook-card"))
        {
            element.RemoveAttribute("id");
            if ((EmbeddedData.Figure(element) ?? EmbeddedData.Card(element)) is not { } json)
                continue;
            element.Id = $"data-{data.Count}";
            data[element.Id] = json;
        }
        Dictionary<string, (int Height, Still? Wide, Still? Narrow)> figures = raw.QuerySelectorAll(
                ".notebook-figure[id]"
            )
            .ToDictionary(
                slot => slot.Id!,
                slot =>
                    (
                        EmbeddedData.Height(slot),
                        Still.Of(slot.QuerySelector("img"), "src") ?? Still.Of(picture, EmbeddedData.Height(slot)),
                        Still.Of(slot.QuerySelector("source"), "srcset")
                    )
            );
        foreach (IElement still in raw.QuerySelectorAll(".notebook-figure > *").ToArray())
            still.Remove();
        Picture(raw);
        Tables += raw.QuerySelectorAll(".notebook-table").Count(table => table.Closest(".notebook-card") is null);
        using IHtmlDocument safe = Sanitizer.SanitizeDom(raw.Body!.InnerHtml);
        foreach (IElement element in safe.QuerySelectorAll("[id]"))
        {
            string id = element.Id!;
            element.RemoveAttribute("id");
            if (figures.TryGetValue(id, out (int Height, Still? Wide, Still? Narrow) figure))
                Place(element, data[id], figure.Height, figure.Wide, figure.Narrow);
            else
                Label(element, data[id]);
        }
        foreach (IElement image in safe.QuerySelectorAll("img"))
        {
            if (!image.HasAttribute("src"))
                image.Remove();
            else if (!image.HasAttribute("alt"))
                image.SetAttribute("alt", "");
        }
        return Html.Trusted(safe.Body!.InnerHtml);
    }

    /// <summary>Gives a card the style of its verdict or state, and the first card of a claim an anchor.</summary>
    private void Label(IElement card, JsonObject data)
    {
        if (ClaimCard.Of(data, $"claim-{data["claim"]}") is { } claim)
        {
            card.ClassList.Add(claim.Verdict);
            if (_claims.TryAdd(claim.Number, claim))
                card.Id = claim.Anchor;
        }
        else if (
            data["exercise"] is JsonValue number
            && $"{data["state"]}" is var state
            && state.All(c => char.IsAsciiLetterLower(c) || c == ' ')
        )
        {
            card.ClassList.Add(state.Replace(' ', '-'));
            _exercises.TryAdd($"{number}", markdown.Headings.LastOrDefault()?.Anchor ?? "main");
        }
    }

    /// <summary>The figure shows its title: the caption goes on from there.</summary>
    private static string AfterTitle(string words, string title)
    {
        if (
            !words.StartsWith(title, StringComparison.Ordinal)
            || words[title.Length..].TrimStart('.', ' ') is not { Length: > 0 } rest
        )
            return words;
        // A symbol stays small.
        bool isWord = rest.TakeWhile(char.IsAsciiLetterLower).Count() >= 3;
        return isWord ? char.ToUpperInvariant(rest[0]) + rest[1..] : rest;
    }

    /// <summary>Turns inline SVG into images, in which no script runs and which load nothing.</summary>
    private static void Picture(IHtmlDocument raw)
    {
        foreach (
            IElement svg in raw.QuerySelectorAll("svg")
                .Where(svg => svg.ParentElement?.Closest("svg") is null)
                .ToArray()
        )
        {
            svg.SetAttribute("xmlns", "http://www.w3.org/2000/svg");
            svg.SetAttribute("xmlns:xlink", "http://www.w3.org/1999/xlink");
            IElement image = raw.CreateElement("img");
            string words = svg.GetAttribute("aria-label") ?? svg.QuerySelector("title")?.TextContent ?? "";
            image.SetAttribute("alt", words.Trim());
            string xml = svg.ToHtml(XhtmlMarkupFormatter.Instance);
            image.SetAttribute("src", $"data:{Svg};base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(xml))}");
            svg.Replace(image);
        }
    }

    /// <summary>
    /// Prepares the element of a figure: its still picture, or its description, until it is drawn; its data in the next
    /// element, its number and description under it. Its id, which also names the pictures' files, is a count and a hash;
    /// the id in the notebook is not used.
    /// </summary>
    private void Place(IElement slot, JsonObject drawn, int height, Still? wide, Still? narrow)
    {
        JsonObject figure = SiteFigure.For(drawn, out bool hadMap);
        HasLive |= figure.ContainsKey("live");
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(figure, Compact);
        string hash = Convert.ToHexStringLower(SHA256.HashData(json))[..8];
        string id = string.Create(CultureInfo.InvariantCulture, $"figure-{++Figures}-{hash}");
        string words = slot.GetAttribute("aria-label") ?? "";
        bool isDrawn = !hadMap || figure["data"]!.AsArray().Count > 0;
        slot.Id = id;
        slot.TextContent = wide is null ? words : "";
        slot.RemoveAttribute("style");
        IElement whole = Element(slot, "figure", "figure");
        if (figure["data"]!.AsArray().Any(trace => trace?["z"] is not null))
            whole.ClassList.Add("of-colours");
        slot.Replace(whole);
        whole.AppendChild(slot);
        if (wide is not null)
        {
            IElement stills = Element(slot, "picture");
            Cover = id;
            IElement image = Picture("img", "src", wide, id);
            image.SetAttribute("alt", isDrawn ? "" : words);
            if (Figures > 1)
                image.SetAttribute("loading", "lazy");
            if (narrow is not null)
            {
                IElement source = Picture("source", "srcset", narrow, $"{id}-narrow");
                source.SetAttribute("media", Invariant($"(max-width: {Rendering.Pictures.NarrowWindow}px)"));
                stills.AppendChild(source);
            }
            stills.AppendChild(image);
            slot.AppendChild(stills);
        }
        if (isDrawn)
        {
            slot.SetAttribute("role", "img");
            int controls = figure.ContainsKey("control") ? FigureHtml.ControlsHeight : 0;
            slot.SetAttribute(
                "style",
                Invariant($"--wide: {height + controls}px; --narrow: {(narrow?.Height ?? height) + controls}px")
            );
            slot.SetAttribute("data-height", Invariant($"{height}"));
            IElement data = Element(slot, "script");
            data.SetAttribute("type", "application/json");
            data.SetAttribute("data-figure", id);
            data.TextContent = figure.ToJsonString(Compact).Replace("<", "\\u003c", StringComparison.Ordinal);
            whole.AppendChild(data);
        }
        else
            slot.ClassList.Remove("notebook-figure");
        if (hadMap)
            whole.AppendChild(
                Element(slot, "p", "note", "A map is not drawn here, because its tiles come from another host.")
            );
        if (words.Length > 0)
        {
            IElement caption = Element(slot, "figcaption");
            caption.Id = $"{id}-words";
            if (figure["layout"]?["title"]?["text"] is JsonValue title && title.TryGetValue(out string? name))
            {
                slot.SetAttribute("aria-label", name);
                slot.SetAttribute("aria-describedby", caption.Id);
                words = AfterTitle(words, name);
            }
            caption.AppendChild(Element(slot, "strong", text: Invariant($"Figure {Figures}.")));
            caption.AppendChild(slot.Owner!.CreateTextNode($" {words}"));
            whole.AppendChild(caption);
        }
        if (isDrawn)
        {
            // Its place; the page's script fills it.
            IElement table = Element(slot, "details", "data");
            table.AppendChild(Element(slot, "summary", text: "Data as a table"));
            whole.AppendChild(table);
        }

        IElement Picture(string name, string attribute, Still still, string file)
        {
            _pictures[file] = still.Png;
            IElement image = Element(slot, name);
            image.SetAttribute(attribute, $"{pictureFolder}/{file}.png");
            image.SetAttribute("width", Invariant($"{still.Width}"));
            image.SetAttribute("height", Invariant($"{still.Height}"));
            return image;
        }
    }

    /// <summary>A still picture of a figure, and the size at which it is shown, in pixels.</summary>
    private sealed record Still(byte[] Png, int Width, int Height)
    {
        private const string Address = "data:image/png;base64,";
        private const int StandardWidth = 760;
        private const int LargestSide = 4000;

        /// <summary>The picture that an element shows; null where it shows none that is a PNG.</summary>
        public static Still? Of(IElement? image, string attribute) =>
            image?.GetAttribute(attribute) is { } address
            && address.StartsWith(Address, StringComparison.Ordinal)
            && Bytes(address[Address.Length..], "image/png") is { } png
                ? new Still(
                    png,
                    Size(image, "width") ?? StandardWidth,
                    Size(image, "height") ?? FigureHtml.StandardHeight
                )
                : null;

        /// <summary>The picture beside a figure.</summary>
        public static Still? Of(byte[]? png, int height) => png is null ? null : new Still(png, StandardWidth, height);

        private static int? Size(IElement image, string side) =>
            int.TryParse(image.GetAttribute(side), NumberStyles.None, CultureInfo.InvariantCulture, out int size)
            && size is > 0 and <= LargestSide
                ? size
                : null;
    }

    private static IElement Element(IElement place, string name, string style = "", string text = "")
    {
        IElement element = place.Owner!.CreateElement(name);
        if (style.Length > 0)
            element.ClassList.Add(style);
        element.TextContent = text;
        return element;
    }

    /// <summary>What a page keeps of an output that its reader makes: the same as of one that the notebook holds.</summary>
    public static string Rules() =>
        JsonSerializer.Serialize(
            new
            {
                tags = Ordered(Sanitizer.AllowedTags),
                attributes = Ordered(Sanitizer.AllowedAttributes),
                addresses = Ordered(Sanitizer.UriAttributes),
                schemes = Ordered(Sanitizer.AllowedSchemes),
                styles = Ordered(Sanitizer.AllowedCssProperties),
                harmfulStyle = Css.Harmful.ToString(),
                mostElements = EmbeddedData.MostElements,
                controlsHeight = FigureHtml.ControlsHeight,
                standardHeight = FigureHtml.StandardHeight,
                maps = SiteFigure.Maps,
            }
        );

    private static string[] Ordered(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];

    private static HtmlSanitizer NewSanitizer()
    {
        var sanitizer = new HtmlSanitizer();
        foreach (string tag in new[] { "form", "input", "button", "textarea", "select", "option", "optgroup", "style" })
            sanitizer.AllowedTags.Remove(tag);
        foreach (string attribute in new[] { "id", "class", "role", "open", "aria-label" })
            sanitizer.AllowedAttributes.Add(attribute);
        foreach (string property in new[] { "position", "z-index", "top", "left", "right", "bottom" })
            sanitizer.AllowedCssProperties.Remove(property);
        sanitizer.DisallowCssPropertyValue = Css.Harmful;
        sanitizer.AllowedSchemes.Add("mailto");
        sanitizer.AllowedSchemes.Add("data");
        sanitizer.FilterUrl += (_, e) =>
        {
            bool isImage =
                e.Tag.LocalName == "img" && e.OriginalUrl.StartsWith("data:image/", StringComparison.Ordinal);
            bool isLink =
                e.Tag.LocalName == "a" && !e.OriginalUrl.StartsWith("data:", StringComparison.OrdinalIgnoreCase);
            if (!isImage && !isLink)
                e.SanitizedUrl = null;
        };
        return sanitizer;
    }

    [GeneratedRegex(@"^(\$\$?|\\\[|\\\()(?<tex>[^$]+?)(\$\$?|\\\]|\\\))$", RegexOptions.Singleline)]
    private static partial Regex Delimited();
}
