using System.Text.RegularExpressions;

namespace NotebookHost.Site;

/// <summary>The frame around every page.</summary>
internal static partial class Layout
{
    private const string Course = "Where a network begins";

    /// <summary>Other hosts are forbidden; "file:" is the site itself where it is opened from a folder.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self' file:; style-src 'self' file: 'unsafe-inline'; "
        + "img-src 'self' file: data: blob:; font-src 'self' file:; base-uri 'none'; form-action 'none'";

    /// <summary>The page of a notebook.</summary>
    public static string Notebook(Book book, int index)
    {
        NotebookPage page = book.Notebooks[index];
        NotebookPage[] pages = [.. (book.Lessons.Contains(page) ? book.Lessons : book.Solutions)];
        int place = Array.IndexOf(pages, page);
        string contents = string.Concat(
            page.Headings.Where(heading => heading.Level is 2 or 3)
                .Select(h => $"<li class=\"depth-{h.Level}\"><a href=\"#{h.Anchor}\">{h.Html}</a></li>\n")
        );
        string main = $"""
            <main id="main" tabindex="-1">
            <article>
            {Crumbs(page)}
            {page.Body}
            </article>
            <nav class="turn" aria-label="Previous and next">
            {Turn(pages, place - 1, "prev", "Previous")}
            {Turn(pages, place + 1, "next", "Next")}
            </nav>
            </main>
            """;
        string aside =
            contents.Length == 0
                ? ""
                : $"<nav class=\"contents\" aria-label=\"On this page\"><h2>On this page</h2><ul>\n{contents}</ul></nav>";
        return Page(book, page, $"{Words(page.Title)} · {Course}", main + "\n" + aside);
    }

    /// <summary>A page that gathers what lies in the notebooks.</summary>
    public static string Extra(Book book, NotebookPage page) =>
        Page(
            book,
            page,
            $"{Words(page.Title)} · {Course}",
            $"""
            <main id="main" tabindex="-1">
            <article class="wide">
            {Crumbs(page)}
            {page.Body}
            </article>
            </main>
            """
        );

    private static string Crumbs(NotebookPage page) =>
        "<nav class=\"crumbs\" aria-label=\"Breadcrumb\"><ol><li><a href=\"index.html\">Course</a></li>"
        + $"<li aria-current=\"page\">{page.Title}</li></ol></nav>";

    /// <summary>The first page, which shows what there is.</summary>
    public static string Landing(Book book)
    {
        string cards = string.Concat(
            book.Lessons.Select(page =>
                $"""
                <li>{Cover(page)}<h3><a href="{page.FileName}">{page.Title}</a></h3><p>{page.Summary}</p>{(
                    page.Minutes is { } minutes ? $"<p class=\"minutes\">{minutes} min</p>" : ""
                )}</li>

                """
            )
        );
        int minutes = book.Lessons.Sum(page => page.Minutes ?? 0);
        string time = minutes > 0 ? $"<p>{Duration(minutes)} in all, exercises included.</p>\n" : "";
        string extras = string.Concat(
            book.Extras.Select(page => $"<li><a href=\"{page.FileName}\">{page.Title}</a>: {page.Summary}</li>\n")
        );
        if (extras.Length > 0)
            extras = $"<h2>Beside the notebooks</h2>\n<ul>\n{extras}</ul>";
        string main = $"""
            <main id="main" tabindex="-1">
            <article class="landing">
            <h1>{Course}</h1>
            <p class="lead">Before the first step of training, someone chooses the weights. This course shows what that choice decides:
            whether units can differ, whether a signal survives fifty layers, whether a gradient arrives at all. Every claim is
            an experiment in C# that runs in seconds; every figure on these pages is its output.</p>
            <h2>What you will understand</h2>
            <ul>
            <li>why equal units stay equal, and what breaks the tie;</li>
            <li>how long a network waits that starts from small weights, and why its depth decides;</li>
            <li>where the 2 of He's rule comes from, and when LeCun's or Glorot's is the right one;</li>
            <li>how to tell vanishing, exploding, saturated and dead units apart by a few numbers a layer;</li>
            <li>what clipping a gradient cures, and what not;</li>
            <li>how deep a network may be before it can no longer learn, by theory and by measurement.</li>
            </ul>
            <h2>The notebooks</h2>
            {time}<ol class="cards">
            {cards}</ol>
            {extras}
            <h2>Run it yourself</h2>
            <p>The pages are notebooks that were run. With the .NET 10 SDK and a clone of the repository, one command runs
            them again and writes this site:</p>
            <pre class="code" tabindex="0"><code>dotnet run -c Release --project src/NotebookHost</code></pre>
            <p>To change an experiment, open a notebook in Visual Studio Code or in Jupyter.</p>
            </article>
            </main>
            """;
        return Page(book, null, Course, main);
    }

    private static string Duration(int minutes) =>
        minutes < 120 ? $"{minutes} minutes" : $"{minutes / 60} hours and {minutes % 60} minutes";

    private static string Cover(NotebookPage page) =>
        page.Cover is { } cover
            ? $"<img src=\"pictures/{cover}\" alt=\"\" width=\"700\" height=\"350\" loading=\"lazy\">"
            : "";

    private static string List(IReadOnlyList<NotebookPage> pages, NotebookPage? current) =>
        string.Concat(
            pages.Select(page =>
                $"<li><a href=\"{page.FileName}\"{(page == current ? " aria-current=\"page\"" : "")}>{page.Title}</a></li>\n"
            )
        );

    private static string Page(Book book, NotebookPage? current, string title, string main)
    {
        string isOpen = book.Solutions.Contains(current) ? " open" : "";
        string solutions =
            book.Solutions.Count == 0
                ? ""
                : $"<details{isOpen}><summary>Solutions</summary><ol>\n{List(book.Solutions, current)}</ol></details>";
        string extras = book.Extras.Count == 0 ? "" : $"<ul>\n{List(book.Extras, current)}</ul>";
        string figures =
            current?.Figures > 0 ? "<script defer blocking=\"render\" src=\"assets/figure.js\"></script>\n" : "";
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{title}</title>
            <link rel="icon" href="data:,">
            <script src="assets/theme.js"></script>
            <link rel="stylesheet" href="assets/katex/katex.min.css">
            <link rel="stylesheet" href="assets/site.css">
            <script defer blocking="render" src="assets/katex/katex.min.js"></script>
            {figures}            <script defer blocking="render" src="assets/site.js"></script>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the text</a>
            <header class="top">
            <a class="home" href="index.html">{Course}</a>
            <search>
            <label for="query" class="unseen">Search the course</label>
            <input id="query" type="search" placeholder="Search" autocomplete="off" role="combobox" aria-expanded="false" aria-controls="found" aria-autocomplete="list">
            <ul id="found" role="listbox" aria-label="Search results" hidden></ul>
            </search>
            <button id="theme" type="button">Dark</button>
            </header>
            <div class="frame">
            <nav class="book" id="notebooks" aria-label="Notebooks"><ol>
            {List(book.Lessons, current)}</ol>{solutions}{extras}</nav>
            {main}
            </div>
            </body>
            </html>

            """;
    }

    private static string Turn(IReadOnlyList<NotebookPage> pages, int index, string rel, string word) =>
        index >= 0 && index < pages.Count
            ? $"<a rel=\"{rel}\" class=\"{rel}\" href=\"{pages[index].FileName}\"><span>{word}</span> {pages[index].Title}</a>"
            : "";

    private static string Words(string html) => Tags().Replace(html, "");

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();
}
