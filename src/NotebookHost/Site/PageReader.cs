using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using NotebookHost.Notebooks;

namespace NotebookHost.Site;

/// <summary>Makes a page of an executed notebook.</summary>
internal static partial class PageReader
{
    /// <summary>Reads a notebook.</summary>
    /// <param name="path">The notebook, which its links and references are relative to.</param>
    /// <param name="executed">The file with its outputs; the notebook itself, or a copy elsewhere.</param>
    /// <param name="pages">The page of every notebook of the site, by full path.</param>
    public static NotebookPage Read(string path, string executed, IReadOnlyDictionary<string, string> pages)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var highlighter = new CSharpHighlighter(folder);
        var markdown = new MarkdownText(url => Target(url, folder, pages), highlighter);
        string name = Path.GetFileNameWithoutExtension(pages[Path.GetFullPath(path)]);
        var outputs = new OutputHtml($"pictures/{name}");
        string? cover = null;
        var body = new StringBuilder();
        IReadOnlyList<JsonObject> cells = Notebook.Read(executed).Cells;
        foreach (JsonObject cell in cells)
        {
            string source = OutputHtml.Text(cell["source"]);
            if (cell["cell_type"]?.ToString() == "markdown")
                body.Append($"<section class=\"text\">\n{markdown.Html(source)}</section>\n");
            else if (cell["cell_type"]?.ToString() == "code" && source.Trim().Length > 0)
            {
                body.Append(Code(source.TrimEnd(), cell["outputs"] as JsonArray ?? [], highlighter, outputs));
                if (cover is null && IsCover(cell))
                    cover = outputs.Pictures.Keys.LastOrDefault();
            }
        }
        Heading? title = markdown.Headings.Find(heading => heading.Level == 1);
        if (title is null)
            body.Insert(0, $"<h1>{WebUtility.HtmlEncode(name)}</h1>\n");
        string article = EmptyHeader().Replace(body.ToString(), "<td></td>");
        return new NotebookPage(
            pages[Path.GetFullPath(path)],
            title?.Html ?? WebUtility.HtmlEncode(name),
            markdown.FirstParagraph ?? "",
            ReadMinutes(cells),
            markdown.Headings,
            article,
            Sections(article),
            outputs.Figures,
            outputs.Pictures.ToDictionary(picture => $"{name}/{picture.Key}.png", picture => picture.Value),
            (cover ?? outputs.Pictures.Keys.FirstOrDefault()) is { } id ? $"{name}/{id}.png" : null
        );
    }

    /// <summary>The cell whose figure stands for the notebook has the tag "cover".</summary>
    private static bool IsCover(JsonObject cell) =>
        (cell["metadata"]?["tags"] as JsonArray ?? []).Any(tag => tag?.ToString() == "cover");

    private static string Code(string source, JsonArray outputs, CSharpHighlighter highlighter, OutputHtml outputHtml)
    {
        string code = $"<pre class=\"code\" tabindex=\"0\"><code>{highlighter.Cell(source)}</code></pre>\n";
        if (SetupCell.Is(source))
            code = $"<details class=\"setup\"><summary>Setup</summary>\n{code}</details>\n";
        string shown = string.Concat(outputs.OfType<JsonObject>().Select(outputHtml.Html));
        return $"<div class=\"cell\">\n{code}{shown}</div>\n";
    }

    private static int? ReadMinutes(IReadOnlyList<JsonObject> cells)
    {
        JsonObject? first = cells.FirstOrDefault(cell => cell["cell_type"]?.ToString() == "markdown");
        Match match = MinutesText().Match(OutputHtml.Text(first?["source"]));
        return match.Success ? int.Parse(match.Groups[1].Value) : null;
    }

    /// <summary>Other hosts, this page and the site's own pages can be reached; nothing else is there.</summary>
    internal static string? Target(string url, string folder, IReadOnlyDictionary<string, string> pages)
    {
        if (url.StartsWith('#'))
            return url.ToLowerInvariant();
        if (Uri.TryCreate(url, UriKind.Absolute, out Uri? absolute) && !absolute.IsFile)
            return absolute.Scheme is "http" or "https" or "mailto" ? url : null;
        string[] parts = Uri.UnescapeDataString(url).Split('#', 2);
        if (!pages.TryGetValue(Path.GetFullPath(parts[0], folder), out string? page))
            return null;
        return parts.Length == 2 ? $"{page}#{parts[1].ToLowerInvariant()}" : page;
    }

    internal static IReadOnlyList<Section> Sections(string article)
    {
        using var document = new HtmlParser().ParseDocument($"<body>{article}");
        foreach (
            IElement unread in document
                .QuerySelectorAll("script, noscript, .anchor, .setup, .notebook-figure")
                .ToArray()
        )
            unread.Remove();
        var sections = new List<Section>();
        var text = new StringBuilder();
        string anchor = "";
        string heading = "";
        void Close()
        {
            string words = Spaces().Replace(text.ToString(), " ").Trim();
            if (heading.Length + words.Length > 0)
                sections.Add(new Section(anchor, heading, words));
            text.Clear();
        }
        foreach (INode node in document.Body!.Descendants().ToArray())
        {
            if (node is IElement { LocalName: ['h', >= '1' and <= '6'] } next)
            {
                Close();
                (anchor, heading) = (next.Id ?? "", Spaces().Replace(next.TextContent, " ").Trim());
            }
            else if (
                node is IText words
                && !words.Ancestors<IElement>().Any(e => e.LocalName is ['h', >= '1' and <= '6'])
            )
                text.Append(words.Data).Append(words.ParentElement?.LocalName is "span" or "em" or "code" ? "" : " ");
        }
        Close();
        return sections;
    }

    [GeneratedRegex(@"\b(\d{1,4})\s*min(?:utes|\b)")]
    private static partial Regex MinutesText();

    /// <summary>A header that names nothing is announced as one all the same.</summary>
    [GeneratedRegex("<th[^>]*></th>")]
    private static partial Regex EmptyHeader();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
