using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using NotebookHost.Execution;
using NotebookHost.Notebooks;
using NotebookHost.Rendering;
using NotebookSupport;

namespace NotebookHost.Site;

/// <summary>Turns an executed notebook into a page.</summary>
internal static partial class PageReader
{
    /// <summary>Beside a notebook: the folder with a drawing that stands for it, named as it is.</summary>
    private const string CoversFolder = "covers";

    /// <summary>Longer code of a cell with a figure or a table is folded, so that what it shows follows the text.</summary>
    private const int MostOpenLines = 12;

    /// <summary>Longer code in a line of text, and longer text in a table, may be broken at a space.</summary>
    private const int LongestKept = 24;

    /// <summary>Reads a notebook; throws <see cref="NotebookException"/> where no page can be made of it.</summary>
    /// <param name="path">The notebook, which its links and references are relative to.</param>
    /// <param name="executed">The file with its outputs; the notebook itself, or a copy elsewhere.</param>
    /// <param name="pages">The page of every notebook of the site, by full path.</param>
    /// <param name="runs">Whether a reader can run the cells on the page.</param>
    public static NotebookPage Read(
        string path,
        string executed,
        IReadOnlyDictionary<string, string> pages,
        bool runs = false
    )
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var highlighter = new CSharpHighlighter(folder);
        var markdown = new MarkdownText(url => Target(url, folder, pages), highlighter);
        string name = Path.GetFileNameWithoutExtension(pages[Path.GetFullPath(path)]);
        var outputs = new OutputHtml($"pictures/{name}", markdown);
        string? cover = null;
        Html hero = default;
        var body = new List<Html>();
        Notebook notebook = Notebook.Read(executed);
        IReadOnlyList<JsonObject> cells = notebook.Cells;
        RunningCells? running = runs ? new RunningCells(notebook) : null;
        for (int i = 0; i < cells.Count; i++)
            try
            {
                Html cell = Cell(cells[i], markdown, highlighter, outputs, running?.Of(cells[i], i));
                body.Add(cell);
                if (CellMetadata.Has(cells[i], "hero"))
                    hero = FirstFigure(cell);
                if (cover is null && CellMetadata.Has(cells[i], "cover"))
                    cover = outputs.Cover;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // A library may fail on one cell; the other pages are still written.
                throw new NotebookException($"{path}, cell {i + 1} of {cells.Count}, cannot be shown: {error.Message}");
            }
        var pictures = outputs.Pictures.ToDictionary(picture => $"{name}/{picture.Key}.png", picture => picture.Value);
        string? shown = (cover ?? outputs.Pictures.Keys.FirstOrDefault()) is { } id ? $"{name}/{id}.png" : null;
        string drawn = Path.Combine(folder, CoversFolder, Path.GetFileNameWithoutExtension(path) + ".svg");
        if (File.Exists(drawn))
            pictures[shown = $"{name}/cover.svg"] = File.ReadAllBytes(drawn);
        Heading? title = markdown.Headings.Find(heading => heading.Level == 1);
        if (title is null)
            body.Insert(0, Html.Of($"<h1>{name}</h1>\n"));
        using IHtmlDocument article = Article(Html.Of($"{body}"));
        AnswerForms.Place(article);
        Html whole = Html.Trusted(article.Body!.InnerHtml);
        return new NotebookPage(
            pages[Path.GetFullPath(path)],
            title?.Html ?? Html.Of($"{name}"),
            title?.Words ?? name,
            markdown.FirstParagraph ?? default,
            notebook.Minutes,
            markdown.Headings,
            whole,
            Sections(article),
            outputs.Figures,
            pictures,
            shown
        )
        {
            Hero = hero,
            Description = markdown.Description,
            Source = path,
            Notebook = File.ReadAllBytes(executed),
            Mentions = markdown.Mentions,
            Claims = outputs.Claims,
            Exercises = outputs.Exercises,
            Prepared = running?.Prepared,
            HasLive = running?.Prepared is not null && outputs.HasLive,
        };
    }

    private static Html Cell(
        JsonObject cell,
        MarkdownText markdown,
        CSharpHighlighter highlighter,
        OutputHtml outputs,
        Html? running
    )
    {
        string source = CodeCell.Text(cell["source"]);
        if (CellMetadata.Has(cell, "remove-cell"))
            return running is { } hidden
                ? Html.Of($"<section class=\"cell\"{hidden} hidden>{Unseen(source)}</section>\n")
                : default;
        if (cell["cell_type"]?.ToString() == "markdown")
            return Html.Of($"<section class=\"text\">\n{markdown.Of(source)}</section>\n");
        if (cell["cell_type"]?.ToString() != "code" || source.Trim().Length == 0)
            return default;
        Html code = Code(cell, source.TrimEnd(), highlighter);
        int results = outputs.Figures + outputs.Tables;
        Html shown = CellMetadata.Has(cell, "remove-output")
            ? default
            : Html.Of($"{(cell["outputs"] as JsonArray ?? []).OfType<JsonObject>().Select(outputs.Of)}");
        if (!shown.IsEmpty && CellMetadata.Has(cell, "hide-output"))
            shown = Folded("Output", "folded", shown);
        int lines = source.TrimEnd().Count(c => c == '\n') + 1;
        if (lines > MostOpenLines && outputs.Figures + outputs.Tables > results && IsOpen(code))
            code = Folded($"Show the experiment ({Number(lines)} lines)", "experiment", code);
        if (running is not null && CellMetadata.Has(cell, "remove-input"))
            code = Unseen(source);
        if (code.IsEmpty && shown.IsEmpty)
            return default;
        // The script's buttons come into an element that is there before, so that nothing moves.
        Html bar = running is null ? default : Html.Of($"<div class=\"run\"></div>\n");
        Html shownInOne = shown.IsEmpty ? default : Html.Of($"<div class=\"outputs\">\n{shown}</div>\n");
        return Html.Of($"<section class=\"cell\"{running.GetValueOrDefault()}>\n{code}{bar}{shownInOne}</section>\n");
    }

    /// <summary>The code of a cell, coloured or folded as its language and its tags say.</summary>
    private static Html Code(JsonObject cell, string source, CSharpHighlighter highlighter)
    {
        string? language = CellMetadata.Language(cell) ?? CellMetadata.NamedIn(source);
        Html code = language is null
            ? Html.Of($"<pre class=\"code\" tabindex=\"0\"><code>{highlighter.Cell(source)}</code></pre>\n")
            : Html.Of($"<pre class=\"code\" tabindex=\"0\" data-language=\"{language}\"><code>{source}</code></pre>\n");
        if (CellMetadata.Has(cell, "remove-input"))
            return default;
        if (CellMetadata.Has(cell, "hide-input"))
            return Folded("Code", "setup", code);
        return language is null && RefersToLibrary(source) ? Folded("Setup", "setup", code) : code;
    }

    /// <summary>Code that a page does not show, for those after it to run.</summary>
    private static Html Unseen(string source) =>
        Html.Of($"<pre class=\"code\" hidden><code>{source.TrimEnd()}</code></pre>\n");

    private static Html FirstFigure(Html cell)
    {
        using IHtmlDocument document = Article(cell);
        return document.QuerySelector("figure.figure") is { } figure ? Html.Trusted(figure.OuterHtml) : default;
    }

    private static bool IsOpen(Html code) => code.ToString().StartsWith("<pre", StringComparison.Ordinal);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool RefersToLibrary(string source) => Directive.In(source).Any(line => line.Letter == 'r');

    private static Html Folded(string name, string style, Html html) =>
        Html.Of($"<details class=\"{style}\"><summary>{name}</summary>\n{html}</details>\n");

    /// <summary>Where a link leads on the site: to another host, this page or another page; null for any other target.</summary>
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

    /// <summary>The article of a page. An empty table header becomes a plain cell, because screen readers announce headers.</summary>
    internal static IHtmlDocument Article(Html body)
    {
        IHtmlDocument article = new HtmlParser().ParseDocument($"<body>{body}");
        foreach (IElement header in article.QuerySelectorAll("th:empty").ToArray())
            header.Replace(article.CreateElement("td"));
        foreach (IElement code in article.QuerySelectorAll(":not(pre) > code"))
            if (code.TextContent.Length < LongestKept)
                code.ClassList.Add("kept");
        foreach (IElement cell in article.QuerySelectorAll(".output td"))
            if (cell.TextContent.Length < LongestKept)
                cell.ClassList.Add("short");
        KeepSubject(article);
        return article;
    }

    /// <summary>What a title is about, "03 · Signals", begins a line where it does not fit on the first.</summary>
    private static void KeepSubject(IHtmlDocument article)
    {
        if (
            article.QuerySelector("h1")?.FirstChild is not IText title
            || Subject().Match(title.Data) is not { Success: true } subject
        )
            return;
        IElement about = article.CreateElement("span");
        about.ClassName = "about";
        about.TextContent = subject.Value.Replace(" ·", "\u00a0·", StringComparison.Ordinal);
        title.Data = title.Data[..subject.Index];
        title.After(about);
    }

    /// <summary>The text of an article under each heading. Removes from the article what is not searched.</summary>
    internal static IReadOnlyList<Section> Sections(IHtmlDocument document)
    {
        foreach (IElement figure in document.QuerySelectorAll(".notebook-figure[aria-label]").ToArray())
            figure.Replace(document.CreateTextNode(figure.GetAttribute("aria-label") + " "));
        foreach (
            IElement unread in document
                .QuerySelectorAll(
                    "script, noscript, [hidden], .anchor, .setup, .notebook-figure, .answer, .predictions"
                )
                .ToArray()
        )
            unread.Remove();
        foreach (IElement formula in document.QuerySelectorAll(".math").ToArray())
        {
            // The search gets a formula as TeX, once, and typesets it from its own list.
            string tex = (formula.QuerySelector("annotation") ?? formula).TextContent;
            IElement written = document.CreateElement("span");
            written.TextContent = $"\\({tex}\\)";
            formula.Replace(written);
        }
        var sections = new List<Section>();
        var text = new StringBuilder();
        var code = new StringBuilder();
        string anchor = "";
        string heading = "";
        void Close()
        {
            string words = Spaces().Replace(text.ToString(), " ").Trim();
            if (heading.Length + words.Length > 0)
                sections.Add(new Section(anchor, heading, words, Spaces().Replace($"{code}", " ").Trim()));
            text.Clear();
            code.Clear();
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
                (words.ParentElement?.Closest("pre.code") is null ? text : code)
                    .Append(words.Data)
                    .Append(words.ParentElement?.LocalName is "span" or "em" or "code" ? "" : " ");
        }
        Close();
        return sections;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\d\d · .*$", RegexOptions.Singleline)]
    private static partial Regex Subject();
}
