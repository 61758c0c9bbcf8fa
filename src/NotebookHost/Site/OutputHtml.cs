using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Ganss.Xss;

namespace NotebookHost.Site;

/// <summary>
/// The outputs of cells as HTML. No script of a notebook reaches the page: of our own figures the data is taken, and
/// drawn by the site's own script; everything else is text, or HTML without anything that runs.
/// </summary>
/// <param name="pictureFolder">Where the page finds the still pictures of its figures.</param>
internal sealed partial class OutputHtml(string pictureFolder)
{
    private static readonly HtmlParser Parser = new();
    private static readonly HtmlSanitizer Sanitizer = NewSanitizer();

    private readonly HashSet<string> _figures = [];
    private readonly HashSet<string> _claims = [];
    private readonly Dictionary<string, byte[]> _pictures = [];

    /// <summary>The still pictures met so far, as PNG, by the figure's element id.</summary>
    public IReadOnlyDictionary<string, byte[]> Pictures => _pictures;

    /// <summary>How many figures were met so far.</summary>
    public int Figures => _figures.Count;

    /// <summary>One output of a cell as HTML; empty for a kind that a page does not show.</summary>
    public string Html(JsonObject output) =>
        output["output_type"]?.ToString() switch
        {
            "stream" => Pre(output["name"]?.ToString() == "stderr" ? "stderr" : "stdout", Text(output["text"])),
            "error" => Pre("error", Trace(output)),
            "display_data" or "execute_result" => Value(output["data"] as JsonObject ?? []),
            _ => "",
        };

    /// <summary>A text that a notebook stores whole or as a list of lines.</summary>
    public static string Text(JsonNode? text) =>
        text is JsonArray lines ? string.Concat(lines.Select(line => line?.ToString())) : text?.ToString() ?? "";

    private string Value(JsonObject data)
    {
        if (data["text/html"] is { } html)
            return $"<div class=\"output\">{Safe(Text(html), Picture(data))}</div>\n";
        if (data["image/png"] is { } png && Base64().IsMatch(Text(png)))
            return $"<div class=\"output\"><img alt=\"{WebUtility.HtmlEncode(Text(data["text/plain"]))}\" "
                + $"src=\"data:image/png;base64,{Text(png).ReplaceLineEndings("")}\"></div>\n";
        return data["text/plain"] is { } plain ? Pre("value", Text(plain)) : "";
    }

    /// <summary>The element id, the figure and what else draws the first figure of a piece of HTML; null where none is.</summary>
    public static JsonArray? Call(string html)
    {
        using IHtmlDocument raw = Parser.ParseDocument($"<body>{html}");
        return raw.Scripts.Select(script => Arguments(script.TextContent)).OfType<JsonArray>().FirstOrDefault();
    }

    private static byte[]? Picture(JsonObject data) =>
        data["image/png"] is { } png && Base64().IsMatch(Text(png)) ? Convert.FromBase64String(Text(png)) : null;

    private static string Pre(string kind, string text) =>
        text.Length == 0
            ? ""
            : $"<pre class=\"output {kind}\" tabindex=\"0\">{WebUtility.HtmlEncode(Ansi().Replace(text, ""))}</pre>\n";

    private static string Trace(JsonObject error)
    {
        string head = $"{error["ename"]}: {error["evalue"]}";
        string trace = string.Join('\n', (error["traceback"] as JsonArray ?? []).Select(line => line?.ToString()));
        return trace.Contains($"{error["evalue"]}", StringComparison.Ordinal) ? trace : $"{head}\n{trace}".TrimEnd();
    }

    private string Safe(string html, byte[]? picture)
    {
        using IHtmlDocument raw = Parser.ParseDocument($"<body>{html}");
        JsonArray[] calls = [.. raw.Scripts.Select(script => Arguments(script.TextContent)).OfType<JsonArray>()];
        using IHtmlDocument safe = Sanitizer.SanitizeDom(html);
        foreach (IElement element in safe.QuerySelectorAll("[id]"))
        {
            JsonArray? call = Array.Find(calls, c => c[0]!.ToString() == element.Id);
            element.RemoveAttribute("id");
            if (call is null || !element.ClassList.Contains("notebook-figure"))
                continue;
            Place(element, call, picture);
        }
        foreach (IElement claim in safe.QuerySelectorAll(".notebook-card.claim"))
            if (ClaimNumber().Match(claim.TextContent) is { Success: true } number && _claims.Add(number.Value))
                claim.Id = $"claim-{number.Groups[1].Value}";
        foreach (IElement card in safe.QuerySelectorAll(".notebook-card"))
            if (State().Match(card.FirstElementChild?.TextContent ?? "") is { Success: true } state)
                card.ClassList.Add(state.Groups[1].Value.Replace(' ', '-'));
        foreach (IElement table in safe.QuerySelectorAll("table"))
            AlignHead(table);
        foreach (IElement image in safe.QuerySelectorAll("img"))
        {
            if (!image.HasAttribute("src"))
                image.Remove();
            else if (!image.HasAttribute("alt"))
                image.SetAttribute("alt", "");
        }
        return safe.Body!.InnerHtml;
    }

    /// <summary>The head of a column of numbers stands over them, on the right.</summary>
    private static void AlignHead(IElement table)
    {
        IElement[] head = [.. table.QuerySelectorAll("thead th")];
        IElement[] first = [.. table.QuerySelector("tbody tr")?.Children ?? Enumerable.Empty<IElement>()];
        foreach ((IElement name, IElement cell) in head.Zip(first))
            if (cell.GetAttribute("style")?.Contains("text-align: right", StringComparison.Ordinal) == true)
                name.ClassList.Add("number");
    }

    /// <summary>A figure shows its description until it is drawn; its data lies beside it.</summary>
    private void Place(IElement slot, JsonArray call, byte[]? picture)
    {
        string id = call[0]!.ToString();
        for (int i = 2; !_figures.Add(id); i++)
            id = $"{call[0]}-{i}";
        slot.Id = id;
        slot.SetAttribute("role", "img");
        call[0] = id;
        foreach (IElement still in slot.QuerySelectorAll("img").ToArray())
            still.Remove();
        if (picture is not null)
        {
            _pictures[id] = picture;
            IElement noScript = slot.Owner!.CreateElement("noscript");
            IElement image = slot.Owner!.CreateElement("img");
            image.SetAttribute("src", $"{pictureFolder}/{id}.png");
            image.SetAttribute("alt", slot.GetAttribute("aria-label") ?? "");
            noScript.AppendChild(image);
            slot.After(noScript);
        }
        if (slot.TextContent.Trim().Length == 0)
            slot.TextContent = slot.GetAttribute("aria-label") ?? "";
        IElement data = slot.Owner!.CreateElement("script");
        data.SetAttribute("type", "application/json");
        data.SetAttribute("data-figure", id);
        data.TextContent = call.ToJsonString().Replace("<", "\\u003c", StringComparison.Ordinal);
        slot.After(data);
    }

    /// <summary>The arguments of the call that draws a figure, "(function (…) {…})(id, …);"; null for another script.</summary>
    private static JsonArray? Arguments(string script)
    {
        const string CallStart = "\n})(";
        int start = script.IndexOf(CallStart, StringComparison.Ordinal);
        int end = script.LastIndexOf(')');
        if (start < 0 || end <= start + CallStart.Length)
            return null;
        try
        {
            var arguments = JsonNode.Parse($"[{script[(start + CallStart.Length)..end]}]") as JsonArray;
            return arguments is [JsonValue first, JsonObject, ..] && first.GetValueKind() == JsonValueKind.String
                ? arguments
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static HtmlSanitizer NewSanitizer()
    {
        var sanitizer = new HtmlSanitizer();
        foreach (string tag in new[] { "form", "input", "button", "textarea", "select", "option", "optgroup", "style" })
            sanitizer.AllowedTags.Remove(tag);
        foreach (string attribute in new[] { "id", "class", "role", "open", "aria-label" })
            sanitizer.AllowedAttributes.Add(attribute);
        foreach (string property in new[] { "position", "z-index", "top", "left", "right", "bottom" })
            sanitizer.AllowedCssProperties.Remove(property);
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

    [GeneratedRegex(@"\x1b\[[0-9;]*[A-Za-z]")]
    private static partial Regex Ansi();

    [GeneratedRegex(@"^\s*Claim (\d+):")]
    private static partial Regex ClaimNumber();

    [GeneratedRegex(@": (right|imprecise|wrong|solved|not yet|open)$")]
    private static partial Regex State();

    [GeneratedRegex(@"^[A-Za-z0-9+/=\s]+$")]
    private static partial Regex Base64();
}
