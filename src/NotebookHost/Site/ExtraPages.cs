using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace NotebookHost.Site;

/// <summary>Pages that gather what lies in many notebooks; one that would be empty is left out.</summary>
internal static partial class ExtraPages
{
    /// <summary>Their names, which no notebook's page may have.</summary>
    public static readonly string[] Names = ["claims", "exercises", "glossary", "references"];

    /// <summary>The claims, the exercises, and of the README beside the notebooks the glossary and the references.</summary>
    /// <param name="notebooks">The pages of the notebooks, in the order of reading.</param>
    /// <param name="folder">The folder of the notebooks.</param>
    /// <param name="pages">The page of every notebook of the site, by full path.</param>
    public static IReadOnlyList<NotebookPage> Make(
        IReadOnlyList<NotebookPage> notebooks,
        string folder,
        IReadOnlyDictionary<string, string> pages
    )
    {
        string readme = Path.Combine(folder, "README.md");
        string text = File.Exists(readme) ? File.ReadAllText(readme) : "";
        var parser = new HtmlParser();
        (NotebookPage Page, IDocument Document)[] read =
        [
            .. notebooks.Select(page => (page, (IDocument)parser.ParseDocument($"<body>{page.Body}"))),
        ];
        return
        [
            .. new[]
            {
                Claims(read),
                Exercises(read),
                Part(text, "Glossary", "the words of the course", folder, pages),
                Part(text, "References", "the works behind it", folder, pages),
            }.OfType<NotebookPage>(),
        ];
    }

    /// <summary>The first page that shows a claim's measurements is the one that decided it.</summary>
    private static NotebookPage? Claims((NotebookPage Page, IDocument Document)[] read)
    {
        var rows = new SortedDictionary<int, string>();
        foreach ((NotebookPage page, IDocument document) in read)
        foreach (IElement card in document.QuerySelectorAll(".notebook-card.claim[id]"))
        {
            Match head = ClaimHead().Match(card.TextContent);
            IElement[] texts = [.. card.QuerySelectorAll("p").Where(p => p.FirstElementChild?.LocalName == "em")];
            if (!head.Success || texts.Length < 2)
                continue;
            string verdict = head.Groups[2].Value;
            rows.TryAdd(
                int.Parse(head.Groups[1].Value),
                $"""
                <tr><td class="number">{head.Groups[1].Value}</td><td>{Words(texts[0])}</td><td><span class="verdict-{verdict}">{verdict}</span></td><td>{Words(
                    texts[1]
                )}</td><td><a href="{page.FileName}#{card.Id}">{page.Title}</a></td></tr>

                """
            );
        }
        return rows.Count == 0
            ? null
            : Page(
                "claims",
                "Claims board",
                "what a lecture note says, and what the experiments of this course found",
                $"""
                <p>What the lecture note says, in other words, and what the experiments of this course found. Each verdict leads to
                its measurements.</p>
                <div class="scroll" role="group" aria-label="Claims" tabindex="0">
                <table class="board">
                <thead><tr><th scope="col">Claim</th><th scope="col">The note</th><th scope="col">Verdict</th><th scope="col">Instead</th><th scope="col">Decided in</th></tr></thead>
                <tbody>
                {string.Concat(rows.Values)}</tbody>
                </table>
                </div>
                """
            );
    }

    /// <summary>A paragraph asks an exercise; another page's heading that starts with its number solves it.</summary>
    private static NotebookPage? Exercises((NotebookPage Page, IDocument Document)[] read)
    {
        var body = new StringBuilder();
        var seen = new HashSet<string>();
        foreach ((NotebookPage page, IDocument document) in read)
        {
            IElement[] asked = [.. document.QuerySelectorAll("p[id^=exercise-]").Where(p => seen.Add(p.Id!))];
            if (asked.Length == 0)
                continue;
            body.Append($"<h2 id=\"{Path.GetFileNameWithoutExtension(page.FileName)}\">{page.Title}</h2>\n<ul>\n");
            foreach (IElement exercise in asked)
            {
                string id = exercise.Id!;
                exercise.RemoveAttribute("id");
                string number = id["exercise-".Length..];
                string solution = read.SelectMany(r =>
                        r.Document.QuerySelectorAll("h2").Select(h => (r.Page, Heading: h))
                    )
                    .Where(h =>
                        h.Page != page && h.Heading.TextContent.StartsWith(number + " ", StringComparison.Ordinal)
                    )
                    .Select(h => $" · <a href=\"{h.Page.FileName}#{h.Heading.Id}\">solution of {number}</a>")
                    .FirstOrDefault("");
                body.Append($"<li>{exercise.InnerHtml} <span class=\"where\"><a href=\"{page.FileName}#{id}\">");
                body.Append($"try {number}</a>{solution}</span></li>\n");
            }
            body.Append("</ul>\n");
        }
        return body.Length == 0
            ? null
            : Page(
                "exercises",
                "Exercises",
                "all of them, each with its solution for afterwards",
                "<p>Each checks its own answer in the notebook, and has a hint there. Solutions are for afterwards.</p>\n"
                    + body
            );
    }

    private static NotebookPage? Part(
        string readme,
        string heading,
        string summary,
        string folder,
        IReadOnlyDictionary<string, string> pages
    )
    {
        Match part = Regex.Match(
            readme,
            $@"^## {heading}\s*$(.*?)(?=^## |\z)",
            RegexOptions.Multiline | RegexOptions.Singleline
        );
        if (!part.Success)
            return null;
        var highlighter = new CSharpHighlighter(folder);
        var text = new MarkdownText(url => PageReader.Target(url, folder, pages), highlighter);
        string html = NotebookNumbers()
            .Replace(
                text.Html(part.Groups[1].Value),
                cell => $"<td class=\"notebooks\">{Number().Replace(cell.Groups[1].Value, Lesson)}</td>"
            );
        return Page(heading.ToLowerInvariant(), heading, summary, html);

        string Lesson(Match number) =>
            pages.Values.FirstOrDefault(page =>
                page.StartsWith($"{number}-", StringComparison.Ordinal)
                && !page.Contains("solutions", StringComparison.Ordinal)
            )
                is { } file
                ? $"<a href=\"{file}\">{number}</a>"
                : number.Value;
    }

    private static NotebookPage Page(string name, string title, string summary, string text)
    {
        string body = $"<h1 id=\"{name}\" tabindex=\"-1\">{title}</h1>\n{text}";
        return new NotebookPage(
            $"{name}.html",
            title,
            summary,
            null,
            [],
            body,
            PageReader.Sections(body),
            0,
            new Dictionary<string, byte[]>(),
            null
        );
    }

    /// <summary>A paragraph without the word in italics that opens it.</summary>
    private static string Words(IElement paragraph) =>
        WebUtility.HtmlEncode(paragraph.TextContent[paragraph.FirstElementChild!.TextContent.Length..].Trim());

    /// <summary>A cell of a table that holds the numbers of notebooks.</summary>
    [GeneratedRegex(@"<td>(\d\d(?:, \d\d)*)</td>")]
    private static partial Regex NotebookNumbers();

    [GeneratedRegex(@"\d\d")]
    private static partial Regex Number();

    [GeneratedRegex(@"^\s*Claim (\d{1,6}): (right|imprecise|wrong)")]
    private static partial Regex ClaimHead();
}
