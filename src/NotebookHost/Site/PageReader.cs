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
    /// <summary>Reads a notebook; throws <see cref="NotebookException"/> where no page can be made of it.</summary>
    /// <param name="path">The notebook, which its links and references are relative to.</param>
    /// <param name="executed">The file with its outputs; the notebook itself, or a copy elsewhere.</param>
    /// <param name="pages">The page of every notebook of the site, by full path.</param>
    public static NotebookPage Read(string path, string executed, IReadOnlyDictionary<string, string> pages)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var highlighter = new CSharpHighlighter(folder);
        var markdown = new MarkdownText(url => Target(url, folder, pages), highlighter);
        string name = Path.GetFileNameWithoutExtension(pages[Path.GetFullPath(path)]);
        var outputs = new OutputHtml($"pictures/{name}", markdown);
        string? cover = null;
        var body = new StringBuilder();
        IReadOnlyList<JsonObject> cells = Notebook.Read(executed).Cells;
        for (int i = 0; i < cells.Count; i++)
            try
            {
                body.Append(Cell(cells[i], markdown, highlighter, outputs));
                if (cover is null && CellMetadata.Has(cells[i], "cover"))
                    cover = outputs.Pictures.Keys.LastOrDefault();
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // Whatever a library thinks of a cell, the other pages go on.
                throw new NotebookException($"{path}, cell {i + 1} of {cells.Count}, cannot be shown: {error.Message}");
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

    private static string Cell(
        JsonObject cell,
        MarkdownText markdown,
        CSharpHighlighter highlighter,
        OutputHtml outputs
    )
    {
        string source = OutputHtml.Text(cell["source"]);
        if (CellMetadata.Has(cell, "remove-cell"))
            return "";
        if (cell["cell_type"]?.ToString() == "markdown")
            return $"<section class=\"text\">\n{markdown.Html(source)}</section>\n";
        if (cell["cell_type"]?.ToString() != "code" || source.Trim().Length == 0)
            return "";
        string code = Code(cell, source.TrimEnd(), highlighter);
        string shown = CellMetadata.Has(cell, "remove-output")
            ? ""
            : string.Concat((cell["outputs"] as JsonArray ?? []).OfType<JsonObject>().Select(outputs.Html));
        if (shown.Length > 0 && CellMetadata.Has(cell, "hide-output"))
            shown = Folded("Output", "folded", shown);
        return code.Length + shown.Length == 0 ? "" : $"<div class=\"cell\">\n{code}{shown}</div>\n";
    }

    /// <summary>The code of a cell, as its language and its tags ask for.</summary>
    private static string Code(JsonObject cell, string source, CSharpHighlighter highlighter)
    {
        string? language = CellMetadata.Language(cell) ?? CellMetadata.NamedIn(source);
        string code = language is null
            ? $"<pre class=\"code\" tabindex=\"0\"><code>{highlighter.Cell(source)}</code></pre>\n"
            : $"<pre class=\"code\" tabindex=\"0\" data-language=\"{WebUtility.HtmlEncode(language)}\"><code>"
                + $"{WebUtility.HtmlEncode(source)}</code></pre>\n";
        if (CellMetadata.Has(cell, "remove-input"))
            return "";
        if (CellMetadata.Has(cell, "hide-input"))
            return Folded("Code", "setup", code);
        return language is null && SetupCell.Is(source) ? Folded("Setup", "setup", code) : code;
    }

    private static string Folded(string name, string style, string html) =>
        $"<details class=\"{style}\"><summary>{name}</summary>\n{html}</details>\n";

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
        if (parts[0].Contains('\0', StringComparison.Ordinal))
            return null;
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
