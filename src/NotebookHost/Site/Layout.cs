using NotebookSupport;

namespace NotebookHost.Site;

/// <summary>What surrounds the article on every page: head, navigation, search.</summary>
internal static class Layout
{
    /// <summary>Nothing is loaded from other hosts; "file:" is the site itself when it is opened from a folder.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self' file:; style-src 'self' file: 'unsafe-inline'; "
        + "img-src 'self' file: data: blob:; font-src 'self' file:; base-uri 'none'; form-action 'none'";

    /// <summary>The page of a notebook.</summary>
    public static Html Notebook(Book book, int index)
    {
        NotebookPage page = book.Notebooks[index];
        NotebookPage[] pages = [.. (book.Lessons.Contains(page) ? book.Lessons : book.Solutions)];
        int place = Array.IndexOf(pages, page);
        Html[] contents =
        [
            .. page
                .Headings.Where(heading => heading.Level is 2 or 3)
                .Select(h => Html.Of($"<li class=\"depth-{h.Level}\"><a href=\"#{h.Anchor}\">{h.Html}</a></li>\n")),
        ];
        Html main = Html.Of(
            $"""
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

            """
        );
        Html aside =
            contents.Length == 0
                ? default
                : Html.Of(
                    $"<nav class=\"contents\" aria-label=\"On this page\"><h2>On this page</h2><ul>\n{contents}</ul></nav>"
                );
        return Page(book, page, $"{page.Name} · {book.Title}", Html.Of($"{main}{aside}"));
    }

    /// <summary>A page that is not a notebook, such as the claims board.</summary>
    public static Html Extra(Book book, NotebookPage page) =>
        Page(
            book,
            page,
            $"{page.Name} · {book.Title}",
            Html.Of(
                $"""
                <main id="main" tabindex="-1">
                <article class="wide">
                {Crumbs(page)}
                {page.Body}
                </article>
                </main>
                """
            )
        );

    private static Html Crumbs(NotebookPage page) =>
        Html.Of(
            $"<nav class=\"crumbs\" aria-label=\"Breadcrumb\"><ol><li><a href=\"index.html\">Course</a></li><li aria-current=\"page\">{page.Title}</li></ol></nav>"
        );

    /// <summary>The first page: what there is, after the first part of the text beside the notebooks.</summary>
    public static Html Landing(Book book)
    {
        IEnumerable<Html> cards = book.Lessons.Select(page =>
            Html.Of(
                $"""
                <li>{Cover(page)}<h3><a href="{page.FileName}">{page.Title}</a></h3><p>{page.Summary}</p>{Minutes(
                    page
                )}</li>

                """
            )
        );
        int minutes = book.Lessons.Sum(page => page.Minutes ?? 0);
        Html time = minutes > 0 ? Html.Of($"<p>{Duration(minutes)} in all, exercises included.</p>\n") : default;
        Html[] extras =
        [
            .. book.Extras.Select(page =>
                Html.Of($"<li><a href=\"{page.FileName}\">{page.Title}</a>: {page.Summary}</li>\n")
            ),
        ];
        Html beside = extras.Length > 0 ? Html.Of($"<h2>Beside the notebooks</h2>\n<ul>\n{extras}</ul>\n") : default;
        Html notebooks = Html.Of($"<h2>The notebooks</h2>\n{time}<ol class=\"cards\">\n{cards}</ol>\n{beside}");
        Html main = Html.Of(
            $"""
            <main id="main" tabindex="-1">
            <article class="landing">
            {book.Text?.Parts.Take(1) ?? [Html.Of($"<h1>{book.Title}</h1>\n")]}{notebooks}{book.Text?.Parts.Skip(
                1
            )}</article>
            </main>
            """
        );
        return Page(book, null, book.Title, main);
    }

    private static Html Minutes(NotebookPage page) =>
        page.Minutes is { } minutes ? Html.Of($"<p class=\"minutes\">{minutes} min</p>") : default;

    private static string Duration(int minutes) =>
        minutes < 120 ? $"{minutes} minutes" : $"{minutes / 60} hours and {minutes % 60} minutes";

    private static Html Cover(NotebookPage page) =>
        page.Cover is { } cover
            ? Html.Of($"<img src=\"pictures/{cover}\" alt=\"\" width=\"700\" height=\"350\" loading=\"lazy\">")
            : default;

    private static IEnumerable<Html> List(IReadOnlyList<NotebookPage> pages, NotebookPage? current) =>
        pages.Select(page =>
            Html.Of(
                $"<li><a href=\"{page.FileName}\"{(page == current ? Html.Of($" aria-current=\"page\"") : default)}>{page.Title}</a></li>\n"
            )
        );

    private static Html Page(Book book, NotebookPage? current, string title, Html main)
    {
        Html isOpen = book.Solutions.Contains(current) ? Html.Of($" open") : default;
        Html solutions =
            book.Solutions.Count == 0
                ? default
                : Html.Of(
                    $"<details{isOpen}><summary>Solutions</summary><ol>\n{List(book.Solutions, current)}</ol></details>"
                );
        Html extras = book.Extras.Count == 0 ? default : Html.Of($"<ul>\n{List(book.Extras, current)}</ul>");
        Html figures =
            current?.Figures > 0
                ? Html.Of($"<script defer blocking=\"render\" src=\"assets/figure.js\"></script>\n<script defer src=\"assets/figures.js\"></script>\n")
                : default;
        return Html.Of(
            $"""
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
            {figures}<script defer blocking="render" src="assets/site.js"></script>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the text</a>
            <header class="top">
            <a class="home" href="index.html">{book.Title}</a>
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

            """
        );
    }

    private static Html Turn(IReadOnlyList<NotebookPage> pages, int index, string rel, string word) =>
        index >= 0 && index < pages.Count
            ? Html.Of(
                $"<a rel=\"{rel}\" class=\"{rel}\" href=\"{pages[index].FileName}\"><span>{word}</span> {pages[index].Title}</a>"
            )
            : default;
}
