using NotebookSupport;

namespace NotebookHost.Site;

/// <summary>What surrounds the article on every page: head, navigation, search.</summary>
internal static class Layout
{
    /// <summary>Nothing is loaded from other hosts; "file:" is the site itself when it is opened from a folder.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self' file:; style-src 'self' file: 'unsafe-inline'; "
        + "img-src 'self' file: data: blob:; font-src 'self' file:; manifest-src 'self'; worker-src 'self'; "
        + "base-uri 'none'; form-action 'none'";

    /// <summary>
    /// A page that runs cells has a worker with WebAssembly, which asks for its files, and in a folder gets them, and itself,
    /// from memory; on a server theme.js takes the latter back.
    /// </summary>
    private static readonly string RunningPolicy = Policy
        .Replace(
            "script-src 'self' file:",
            "script-src 'self' file: blob: 'wasm-unsafe-eval'",
            StringComparison.Ordinal
        )
        .Replace("worker-src 'self'", "worker-src 'self' blob:; connect-src 'self'", StringComparison.Ordinal);

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
            {Take(book, page)}{page.Body}
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
                    $"""
                    <nav class="contents" aria-label="On this page">
                    <p>On this page</p>
                    <button type="button" aria-expanded="false" aria-controls="contents">On this page <span class="here"></span></button>
                    <ul id="contents">
                    {contents}</ul></nav>

                    """
                );
        return Page(book, page, $"{page.Name} · {book.Title}", Html.Of($"{aside}{main}"));
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

    /// <summary>The notebook to take along, and where it comes from.</summary>
    private static Html Take(Book book, NotebookPage page)
    {
        Html download = page.Download is { } file
            ? Html.Of($"<li><a href=\"{file}\" download>Download the notebook</a></li>\n")
            : default;
        Html source =
            page.Source is not null && book.Publication.Source(page.Source) is { } address
                ? Html.Of($"<li><a href=\"{address}\">See it in the repository</a></li>\n")
                : default;
        return download.IsEmpty ? default : Html.Of($"<ul class=\"take\">\n{download}{source}</ul>\n");
    }

    /// <summary>What a server answers where there is no such page; it does not know how deep the reader is.</summary>
    public static Html Missing(Book book)
    {
        string root = book.Publication.Root;
        IEnumerable<Html> pages = book
            .Lessons.Concat(book.Extras)
            .Select(page => Html.Of($"<li><a href=\"{root}{page.FileName}\">{page.Title}</a></li>\n"));
        return Html.Of(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex">
            <title>There is no such page · {book.Title}</title>
            {PageHead.Icons(root)}
            <script src="{root}assets/theme.js"></script>
            <link rel="stylesheet" href="{root}assets/katex/katex.min.css">
            <link rel="stylesheet" href="{root}assets/site.css">
            </head>
            <body>
            <main class="missing">
            <article>
            <h1>There is no such page</h1>
            <p>It may have had another name. All of <a href="{root}index.html">{book.Title}</a> is here:</p>
            <ul>
            {pages}</ul>
            </article>
            </main>
            </body>
            </html>

            """
        );
    }

    private static Html Crumbs(NotebookPage page) =>
        Html.Of(
            $"<nav class=\"crumbs\" aria-label=\"Breadcrumb\"><ol><li><a href=\"index.html\">Course</a></li><li aria-current=\"page\">{page.Title}</li></ol></nav>"
        );

    /// <summary>
    /// The first page: the first part of the text beside the notebooks, where to start, the figure of the cell with the tag
    /// "hero", the second part, what there is, and the rest of the text.
    /// </summary>
    public static Html Landing(Book book)
    {
        IEnumerable<Html> cards = book.Lessons.Select(page =>
            Html.Of(
                $"""
                <li><a href="{page.FileName}">{Cover(page)}<h3>{page.Title}</h3></a><p>{page.Summary}</p>{Minutes(
                    page
                )}</li>

                """
            )
        );
        Html[] extras =
        [
            .. book.Extras.Select(page =>
                Html.Of($"<li><a href=\"{page.FileName}\">{page.Title}</a>: {page.Summary}</li>\n")
            ),
        ];
        Html beside = extras.Length > 0 ? Html.Of($"<h2>Beside the notebooks</h2>\n<ul>\n{extras}</ul>\n") : default;
        Html notebooks = Html.Of($"<h2>The notebooks</h2>\n<ol class=\"cards\">\n{cards}</ol>\n{beside}");
        NotebookPage? opening = Opening(book);
        Html runs = opening?.HasLive == true ? Html.Of($" data-runs") : default;
        Html[] parts = [.. book.Text?.Parts ?? [Html.Of($"<h1>{book.Title}</h1>\n")]];
        Html main = Html.Of(
            $"""
            <main id="main" tabindex="-1">
            <article class="landing">
            {parts.Take(1)}{Start(book)}{(
                opening is null ? default : Html.Of($"<div class=\"hero\"{runs}>{opening.Hero}</div>\n")
            )}{parts
                .Skip(1)
                .Take(parts.Length - 2)}{notebooks}{parts.Skip(Math.Max(1, parts.Length - 1))}</article>
            </main>
            """
        );
        return Page(book, null, book.Title, main);
    }

    /// <summary>The notebook whose figure opens the first page; null where there is none.</summary>
    private static NotebookPage? Opening(Book book) => book.Lessons.FirstOrDefault(page => !page.Hero.IsEmpty);

    /// <summary>A button to the first lesson, and what the course holds, counted.</summary>
    private static Html Start(Book book)
    {
        if (book.Lessons.Count == 0)
            return default;
        int minutes = book.Lessons.Sum(page => page.Minutes ?? 0);
        int exercises = book.Lessons.SelectMany(page => page.Exercises.Keys).Distinct().Count();
        ClaimCard[] claims = [.. book.Lessons.SelectMany(page => page.Claims).DistinctBy(claim => claim.Number)];
        Html[] verdicts =
        [
            .. claims
                .CountBy(claim => claim.Verdict)
                .OrderByDescending(verdict => verdict.Value)
                .Select(verdict =>
                    Html.Of($" <span class=\"verdict-{verdict.Key}\">{verdict.Value} {verdict.Key}</span>")
                ),
        ];
        Html[] facts =
        [
            Html.Of($"<li>{book.Lessons.Count} notebooks</li>"),
            minutes > 0 ? Html.Of($"<li>{Duration(minutes)}</li>") : default,
            exercises > 0 ? Html.Of($"<li>{exercises} exercises</li>") : default,
            book.Lessons.Any(page => page.Runs) ? Html.Of($"<li>every cell runs in your browser</li>") : default,
            claims.Length > 0
                ? Html.Of($"<li><a href=\"claims.html\">{claims.Length} claims decided</a>:{verdicts}</li>")
                : default,
        ];
        return Html.Of(
            $"""
            <div class="start"><a class="button" href="{book.Lessons[
                0
            ].FileName}">Start</a><ul class="facts">{facts}</ul></div>

            """
        );
    }

    private static Html Minutes(NotebookPage page) =>
        page.Minutes is { } minutes ? Html.Of($"<p class=\"minutes\">{minutes} min</p>") : default;

    private static string Duration(int minutes) =>
        minutes < 120 ? $"{minutes} minutes" : $"{minutes / 60} hours and {minutes % 60} minutes";

    private static Html Cover(NotebookPage page) =>
        page.Cover is { } cover
            ? Html.Of($"<img src=\"pictures/{cover}\" alt=\"\" width=\"640\" height=\"320\" loading=\"lazy\">")
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
        Html origin = Origin(book.Publication);
        // All that the first paint waits for is asked for at once: under a policy a browser does not look past a script.
        bool typeset = current?.HasFormulas == true;
        Html early = typeset ? Html.Of($"<link rel=\"preload\" href=\"assets/formulas.js\" as=\"script\">\n") : default;
        Html formulas = typeset ? Html.Of($"<script src=\"assets/formulas.js\"></script>\n") : default;
        Html progress = current?.Source is null
            ? default
            : Html.Of($"<div class=\"progress\" aria-hidden=\"true\"></div>\n");
        Html figures =
            current?.Figures > 0
                ? Html.Of(
                    $"<script defer src=\"assets/figure.js\"></script>\n<script defer src=\"assets/figures.js\"></script>\n"
                )
                : default;
        Html moving = current?.HasLive == true ? Html.Of($"<script defer src=\"assets/live.js\"></script>\n") : default;
        Html running =
            current?.Runs == true
                ? Html.Of(
                    $"<script defer src=\"assets/engine.js\"></script>\n<script defer src=\"assets/run.js\" data-cells=\"{current.Prepared}\"></script>\n"
                )
                : default;
        Html hero = current is null
            ? Html.Of($"<script defer blocking=\"render\" src=\"assets/hero.js\"></script>\n")
            : default;
        return Html.Of(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{(
                (current is null ? Opening(book)?.HasLive : current.Runs) == true ? RunningPolicy : Policy
            )}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{title}</title>
            {PageHead.About(book, current, title)}{PageHead.Icons()}
            <link rel="stylesheet" href="assets/katex/katex.min.css">
            <link rel="stylesheet" href="assets/site.css">
            {early}<script src="assets/theme.js"></script>
            {formulas}<script defer src="assets/predict.js"></script>
            {moving}{figures}{hero}<script defer src="assets/site.js"></script>
            {running}</head>
            <body>
            <a class="skip" href="#main">Skip to the text</a>
            <header class="top">
            <a class="home" href="index.html">{book.Title}</a>
            <a class="menu" href="#notebooks">Menu</a>
            <search>
            <label for="query" class="unseen">Search the course</label>
            <input id="query" type="search" placeholder="Search" autocomplete="off" role="combobox" aria-expanded="false" aria-controls="found" aria-autocomplete="list">
            <ul id="found" role="listbox" aria-label="Search results" hidden></ul>
            </search>
            <button id="theme" type="button">Dark</button>
            {progress}</header>
            <div class="frame">
            <nav class="book" id="notebooks" aria-label="Notebooks"><ol>
            {List(book.Lessons, current)}</ol>{solutions}{extras}{origin}</nav>
            {main}
            </div>
            </body>
            </html>

            """
        );
    }

    private static Html Origin(Publication publication)
    {
        if (publication.Repository is not { } repository)
            return default;
        Html codespace = publication.Codespace is { } address
            ? Html.Of($"<li><a href=\"{address}\">Open in Codespaces</a></li>\n")
            : default;
        return Html.Of($"<ul>\n<li><a href=\"{repository.AbsoluteUri}\">Repository</a></li>\n{codespace}</ul>");
    }

    private static Html Turn(IReadOnlyList<NotebookPage> pages, int index, string rel, string word) =>
        index >= 0 && index < pages.Count
            ? Html.Of(
                $"<a rel=\"{rel}\" class=\"{rel}\" href=\"{pages[index].FileName}\"><span>{word}</span> {pages[index].Title}</a>"
            )
            : default;
}
