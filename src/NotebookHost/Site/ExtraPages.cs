using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using NotebookHost.Rendering;
using NotebookSupport;

namespace NotebookHost.Site;

/// <summary>
/// The pages that are not notebooks: the claims board, the list of exercises, and texts. Their wording is in Markdown
/// files beside the notebooks, such as claims.md; an empty page is left out.
/// </summary>
internal static class ExtraPages
{
    /// <summary>Their names, which are reserved.</summary>
    public static readonly string[] Names = ["claims", "exercises", "glossary", "references"];

    /// <param name="notebooks">The pages of the notebooks, in the order of reading.</param>
    /// <param name="folder">The folder of the notebooks.</param>
    /// <param name="pages">The page of every notebook of the site, by full path.</param>
    public static IReadOnlyList<NotebookPage> Make(
        IReadOnlyList<NotebookPage> notebooks,
        string folder,
        IReadOnlyDictionary<string, string> pages
    )
    {
        IReadOnlySet<int> decided = Decided(notebooks);
        NotebookPage? Page(string name, string title, Html? gathered = null) =>
            ExtraPages.Page(title, gathered, name, Text(name, folder, pages, decided));
        return
        [
            .. new[]
            {
                Page("claims", "Claims", Claims(notebooks)),
                Page("exercises", "Exercises", Exercises(notebooks)),
                Page("glossary", "Glossary"),
                Page("references", "References"),
            }.OfType<NotebookPage>(),
        ];
    }

    /// <summary>The numbers of the claims that notebooks decide.</summary>
    public static IReadOnlySet<int> Decided(IEnumerable<NotebookPage> notebooks) =>
        notebooks.SelectMany(page => page.Claims).Select(claim => claim.Number).ToHashSet();

    /// <summary>A text beside the notebooks; null where there is none.</summary>
    /// <param name="name">Its file, without the ending.</param>
    /// <param name="folder">The folder of the notebooks.</param>
    /// <param name="pages">The page of every notebook of the site, by full path.</param>
    /// <param name="decided">The numbers of the claims on the board.</param>
    public static MarkdownPage? Text(
        string name,
        string folder,
        IReadOnlyDictionary<string, string> pages,
        IReadOnlySet<int> decided
    )
    {
        string file = Path.Combine(folder, $"{name}.md");
        if (!File.Exists(file))
            return null;
        var markdown = new MarkdownText(url => PageReader.Target(url, folder, pages), new CSharpHighlighter(folder));
        Html[] parts = [.. File.ReadAllText(file).ReplaceLineEndings("\n").Split("\n---\n").Select(markdown.Of)];
        return new MarkdownPage(
            markdown.Headings.Find(heading => heading.Level == 1),
            markdown.FirstParagraph,
            markdown.Description,
            [.. parts.Select(part => MarkdownText.WithClaims(part, markdown.Mentions, decided))]
        );
    }

    /// <summary>A row for each claim; the first notebook that shows its card is the one that decides it.</summary>
    private static Html Claims(IReadOnlyList<NotebookPage> notebooks)
    {
        var rows = new SortedDictionary<int, Html>();
        var verdicts = new List<string>();
        foreach (NotebookPage page in notebooks)
        foreach (ClaimCard claim in page.Claims)
        {
            Html row = Html.Of(
                $"""
                <tr id="claim-{claim.Number}" data-verdict="{claim.Verdict}"><td class="number"><a href="#claim-{claim.Number}">{claim.Number}</a></td><td>{claim.Note}</td><td><a class="verdict-{claim.Verdict}" href="{page.FileName}#{claim.Anchor}">{claim.Verdict}</a></td><td>{claim.Instead}</td><td><a href="{page.FileName}#{claim.Anchor}">{page.Title}</a></td></tr>

                """
            );
            if (rows.TryAdd(claim.Number, row))
                verdicts.Add(claim.Verdict);
        }
        IEnumerable<Html> filters = verdicts
            .GroupBy(verdict => verdict)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group =>
                Html.Of(
                    $"<button type=\"button\" aria-pressed=\"false\" data-verdict=\"{group.Key}\"><span class=\"verdict-{group.Key}\">{group.Key}</span> {group.Count()}</button>\n"
                )
            );
        return rows.Count == 0
            ? default
            : Html.Of(
                $"""
                <div class="filters" role="group" aria-label="Show the claims of one verdict">
                <button type="button" aria-pressed="true" data-verdict="">all {rows.Count}</button>
                {filters}</div>
                <p class="unseen" role="status" id="shown"></p>
                <div class="scroll" role="group" aria-label="Claims" tabindex="0">
                <table class="board">
                <thead><tr><th scope="col">Claim</th><th scope="col">The note</th><th scope="col">Verdict</th><th scope="col">What we found</th><th scope="col">Decided in</th></tr></thead>
                <tbody>
                {rows.Values}</tbody>
                </table>
                </div>
                """
            );
    }

    /// <summary>A list of exercises for each lesson; the other notebook that checks an exercise holds its solution.</summary>
    private static Html Exercises(IReadOnlyList<NotebookPage> notebooks)
    {
        var lists = new List<Html>();
        var seen = new HashSet<string>();
        foreach (NotebookPage page in notebooks)
        {
            using IHtmlDocument document = PageReader.Article(page.Body);
            IElement[] asked = [.. document.QuerySelectorAll("p[id^=exercise-]").Where(p => seen.Add(p.Id!))];
            if (asked.Length == 0)
                continue;
            var items = new List<Html>();
            foreach (IElement exercise in asked)
            {
                string id = exercise.Id!;
                string number = id["exercise-".Length..];
                NotebookPage? other = notebooks.FirstOrDefault(other =>
                    other != page && other.Exercises.ContainsKey(number)
                );
                Html solution = other is null
                    ? default
                    : Html.Of($" · <a href=\"{other.FileName}#{other.Exercises[number]}\">solution of {number}</a>");
                items.Add(
                    Html.Of(
                        $"<li>{Html.Trusted(exercise.InnerHtml)} <span class=\"where\"><a href=\"{page.FileName}#{id}\">try {number}</a>{solution}</span></li>\n"
                    )
                );
            }
            string anchor = Path.GetFileNameWithoutExtension(page.FileName);
            lists.Add(Html.Of($"<h2 id=\"{anchor}\">{page.Title}</h2>\n<ul>\n{items}</ul>\n"));
        }
        return Html.Of($"{lists}");
    }

    /// <summary>A page of a text, followed by what was gathered; null where it would be empty.</summary>
    private static NotebookPage? Page(string title, Html? gathered, string name, MarkdownPage? text)
    {
        if (gathered is { IsEmpty: true } || (gathered is null && text is null))
            return null;
        Html heading = text?.Title is null ? Html.Of($"<h1 id=\"{name}\" tabindex=\"-1\">{title}</h1>\n") : default;
        using IHtmlDocument article = PageReader.Article(Html.Of($"{heading}{text?.Parts ?? []}{gathered ?? default}"));
        return new NotebookPage(
            $"{name}.html",
            text?.Title?.Html ?? Html.Of($"{title}"),
            text?.Title?.Words ?? title,
            text?.Summary ?? default,
            null,
            [],
            Html.Trusted(article.Body!.InnerHtml),
            PageReader.Sections(article),
            0,
            new Dictionary<string, byte[]>(),
            null
        )
        {
            Description = text?.Description ?? "",
        };
    }
}

/// <summary>A text in Markdown as HTML.</summary>
/// <param name="Title">Its first heading; null where it has none.</param>
/// <param name="Summary">Its first paragraph; null where it has none.</param>
/// <param name="Description">Its first paragraph as plain text; may be empty.</param>
/// <param name="Parts">All of it; lines of three hyphens divide its parts.</param>
internal sealed record MarkdownPage(Heading? Title, Html? Summary, string Description, IReadOnlyList<Html> Parts);
