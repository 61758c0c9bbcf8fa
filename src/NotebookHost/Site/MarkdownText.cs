using System.Globalization;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.Mathematics;
using Markdig.Extensions.Tables;
using Markdig.Helpers;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using NotebookHost.Rendering;
using NotebookSupport;

namespace NotebookHost.Site;

/// <summary>The markdown cells of one notebook as HTML; anchors are unique over the page.</summary>
/// <param name="link">Where a link leads on the site; null where the site has no such place.</param>
/// <param name="highlighter">Colours the C# in a text.</param>
internal sealed partial class MarkdownText(Func<string, string?> link, CSharpHighlighter highlighter)
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseMathematics()
        .UseEmphasisExtras()
        .UseTaskLists()
        .UseFootnotes()
        .DisableHtml()
        .Build();

    /// <summary>A longer formula may be parted from the comma after it.</summary>
    private const int LongestKept = 30;

    /// <summary>Anchors in use; the first ones belong to the layout of the page.</summary>
    private readonly HashSet<string> _anchors = ["main", "query", "found", "theme", "notebooks"];

    private int _predictions;

    /// <summary>The headings met so far.</summary>
    public List<Heading> Headings { get; } = [];

    /// <summary>The first paragraph met, as HTML without links.</summary>
    public Html? FirstParagraph { get; private set; }

    /// <summary>A cell as HTML; one that is nested too deep to parse is shown as it was written.</summary>
    public Html Of(string markdown) => Of(markdown, isOutput: false);

    /// <summary>Markdown that a code cell displayed; its headings do not enter the table of contents.</summary>
    public Html Output(string markdown) => Of(markdown, isOutput: true);

    /// <summary>The first paragraph met, as plain text.</summary>
    public string Description { get; private set; } = "";

    /// <summary>The numbers of the claims that the texts so far name; each is a link to the claims board.</summary>
    public HashSet<int> Mentions { get; } = [];

    private Html Of(string markdown, bool isOutput)
    {
        Html asWritten = Html.Of($"<pre class=\"code\" tabindex=\"0\"><code>{markdown}</code></pre>\n");
        if (ManyLevels().IsMatch(markdown))
            return asWritten;
        try
        {
            return Rendered(markdown, isOutput);
        }
        catch (ArgumentException) // Markdig throws this for text that is nested too deep.
        {
            return asWritten;
        }
    }

    private Html Rendered(string markdown, bool isOutput)
    {
        MarkdownDocument document = Markdown.Parse(OnOneLine(markdown), Pipeline);
        foreach (LinkInline inline in document.Descendants<LinkInline>().ToArray())
            Lead(inline);
        foreach (AutolinkInline inline in document.Descendants<AutolinkInline>().ToArray())
            Lead(inline);
        Heading[] headings = [.. document.Descendants<HeadingBlock>().Select(Anchored)];
        if (!isOutput)
            Read(document, headings);
        foreach (MathInline math in document.Descendants<MathInline>())
            Keep(math);
        foreach (LiteralInline literal in document.Descendants<LiteralInline>().ToArray())
            LinkClaims(literal);

        var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<CodeBlockRenderer>(new CSharpBlockRenderer(highlighter));
        renderer.ObjectRenderers.Replace<HtmlTableRenderer>(new ScrollingTableRenderer());
        renderer.ObjectRenderers.Replace<HeadingRenderer>(new AnchoredHeadingRenderer());
        renderer.ObjectRenderers.Replace<HtmlMathInlineRenderer>(new FormulaRenderer());
        renderer.ObjectRenderers.Replace<HtmlMathBlockRenderer>(new FormulaBlockRenderer());
        renderer.Render(document);
        return Html.Trusted(writer.ToString());
    }

    private void Read(MarkdownDocument document, IEnumerable<Heading> headings)
    {
        Headings.AddRange(headings);
        foreach (ParagraphBlock paragraph in document.Descendants<ParagraphBlock>())
            Mark(paragraph);
        _predictions += Predictions.Mark(document, _predictions + 1);
        if (FirstParagraph is null && document.OfType<ParagraphBlock>().FirstOrDefault() is { } first)
            (FirstParagraph, Description) = (Plain(first.Inline), Words(first.Inline));
    }

    /// <summary>Jupyter allows a displayed formula to span lines; Markdig wants it on one.</summary>
    private static string OnOneLine(string markdown) =>
        Formula()
            .Replace(
                markdown,
                match =>
                    match.Groups["tex"].Success
                        ? $"$${Spaces().Replace(match.Groups["tex"].Value, " ").Trim()}$$"
                        : match.Value
            );

    private Heading Anchored(HeadingBlock heading)
    {
        string name = LinkHelper.UrilizeAsGfm(Words(heading.Inline));
        if (name.Length == 0 || FigureId().IsMatch(name))
            name = $"section{name}";
        string anchor = name;
        for (int i = 2; !_anchors.Add(anchor); i++)
            anchor = $"{name}-{i}";
        heading.GetAttributes().Id = anchor;
        return new Heading(heading.Level, anchor, Plain(heading.Inline), Words(heading.Inline));
    }

    /// <summary>Marks a paragraph that starts with a bold word and a colon, or with the bold number of an exercise, as a callout.</summary>
    private void Mark(ParagraphBlock paragraph)
    {
        if (paragraph.Inline?.FirstChild is not EmphasisInline { DelimiterCount: 2 } opening)
            return;
        string word = Words(opening).Trim();
        if (word.EndsWith(':') && word[..^1].All(char.IsLetter))
        {
            paragraph.GetAttributes().AddClass("callout");
            paragraph.GetAttributes().AddClass(word[..^1].ToLowerInvariant());
        }
        if (ExerciseNumber().IsMatch(word) && _anchors.Add($"exercise-{word}"))
        {
            paragraph.GetAttributes().AddClass("callout exercise");
            paragraph.GetAttributes().Id = $"exercise-{word}";
        }
    }

    /// <summary>No line begins with the comma after a formula, or ends with the bracket before it.</summary>
    private static void Keep(MathInline math)
    {
        if (math.DelimiterCount == 2 || math.Content.Length > LongestKept)
            return;
        if (
            math.PreviousSibling is LiteralInline before
            && Opening().Match(before.Content.ToString()) is { Success: true } opening
        )
        {
            before.Content.End -= opening.Length;
            math.SetData(FormulaRenderer.Before, opening.Value);
        }
        if (
            math.NextSibling is LiteralInline after
            && Closing().Match(after.Content.ToString()) is { Success: true } closing
        )
        {
            after.Content.Start += closing.Length;
            math.SetData(FormulaRenderer.After, closing.Value);
        }
    }

    /// <summary>"Claim 9", "claims 9 and 11": the numbers lead to the claims board.</summary>
    private void LinkClaims(LiteralInline literal)
    {
        string text = literal.Content.ToString();
        MatchCollection claims = Claims().Matches(text);
        if (claims.Count == 0 || literal.FindParentOfType<LinkInline>().Any())
            return;
        int position = 0;
        foreach (Match claim in claims)
        foreach (Capture number in claim.Groups["number"].Captures)
        {
            int start = number.Index == claim.Groups["number"].Captures[0].Index ? claim.Index : number.Index;
            literal.InsertBefore(new LiteralInline(text[position..start]));
            position = number.Index + number.Length;
            var link = new LinkInline { Url = $"claims.html#claim-{number.Value}", IsClosed = true };
            link.AppendChild(new LiteralInline(text[start..position]));
            literal.InsertBefore(link);
            Mentions.Add(int.Parse(number.Value, CultureInfo.InvariantCulture));
        }
        literal.Content = new StringSlice(text[position..]);
    }

    /// <summary>A text without the links to claims that are not on the board.</summary>
    public static Html WithClaims(Html text, IReadOnlySet<int> mentions, IReadOnlySet<int> decided) =>
        mentions.IsSubsetOf(decided)
            ? text
            : Html.Trusted(
                ClaimLink()
                    .Replace(
                        text.ToString(),
                        link =>
                            decided.Contains(int.Parse(link.Groups["number"].Value, CultureInfo.InvariantCulture))
                                ? link.Value
                                : link.Groups["words"].Value
                    )
            );

    private void Lead(LinkInline inline)
    {
        string? target = inline.IsImage ? inline.Url : link(inline.Url ?? "");
        if (inline.IsImage && target?.StartsWith("data:image/", StringComparison.Ordinal) == true)
            return;
        if (!inline.IsImage && target is not null)
        {
            inline.Url = target;
            return;
        }
        inline.ReplaceBy(new LiteralInline(Words(inline)), copyChildren: false);
    }

    private void Lead(AutolinkInline inline)
    {
        if (!inline.IsEmail && link(inline.Url) is null)
            inline.ReplaceBy(new LiteralInline(inline.Url));
    }

    private static string Words(ContainerInline? inlines) =>
        string.Concat(
            (inlines ?? [])
                .Descendants()
                .Select(inline =>
                    inline switch
                    {
                        LiteralInline literal => literal.Content.ToString(),
                        CodeInline code => code.Content,
                        MathInline math => math.Content.ToString(),
                        LineBreakInline => " ",
                        _ => "",
                    }
                )
        );

    private static Html Plain(ContainerInline? inlines) =>
        Html.Of(
            $"{(inlines ?? []).Descendants().Select(inline => inline switch
            {
                LiteralInline literal => Html.Of($"{literal.Content.ToString()}"),
                CodeInline code => Html.Of($"<code>{code.Content}</code>"),
                MathInline math => Html.Of(
                    $"<span class=\"math\">{Formulas.Of(math.Content.ToString(), isDisplayed: false)}</span>"
                ),
                LineBreakInline => Html.Of($" "),
                _ => default,
            })}"
        );

    /// <summary>Code, which stays as it is, or a displayed formula.</summary>
    [GeneratedRegex(@"```.*?```|`[^`\n]*`|\$\$(?<tex>.+?)\$\$", RegexOptions.Singleline)]
    private static partial Regex Formula();

    /// <summary>
    /// A line that starts with a hundred nested lists or quotations: Markdig's time grows with the square of their number.
    /// </summary>
    [GeneratedRegex(@"^(?>[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+|>)){100}", RegexOptions.Multiline)]
    private static partial Regex ManyLevels();

    [GeneratedRegex(@"^\d+\.\d+$")]
    private static partial Regex ExerciseNumber();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(
        @"\b[Cc]laims? (?<number>[1-9]\d{0,4})(?!\d|\.\d)(?:(?:,| and|, and| to| or) (?<number>[1-9]\d{0,4})(?!\d|\.\d))*"
    )]
    private static partial Regex Claims();

    [GeneratedRegex("<a href=\"claims\\.html#claim-(?<number>\\d{1,5})\">(?<words>[^<]*)</a>")]
    private static partial Regex ClaimLink();

    [GeneratedRegex(@"[(\[]$")]
    private static partial Regex Opening();

    [GeneratedRegex(@"^[.,;:!?)\]]+")]
    private static partial Regex Closing();

    /// <summary>Ids that the site gives to figures.</summary>
    [GeneratedRegex(@"^figure-\d+")]
    private static partial Regex FigureId();

    private sealed class CSharpBlockRenderer(CSharpHighlighter highlighter) : HtmlObjectRenderer<CodeBlock>
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock block)
        {
            // The array of lines is null for an empty block.
            string code = string.Join(
                '\n',
                (block.Lines.Lines ?? []).Take(block.Lines.Count).Select(line => line.ToString())
            );
            if (block is FencedCodeBlock fenced && Predictions.Write(renderer, fenced, code))
                return;
            bool isCSharp = block is FencedCodeBlock { Info: "csharp" or "cs" or "c#" };
            Html html = isCSharp ? highlighter.Aside(code) : Html.Of($"{code}");
            renderer.EnsureLine().WriteLine($"<pre class=\"code\" tabindex=\"0\"><code>{html}</code></pre>");
        }
    }

    private sealed class FormulaRenderer : HtmlObjectRenderer<MathInline>
    {
        /// <summary>The keys of what stays on one line with a formula.</summary>
        public static readonly object Before = new();
        public static readonly object After = new();

        protected override void Write(HtmlRenderer renderer, MathInline math)
        {
            bool isDisplayed = math.DelimiterCount == 2;
            Html formula = Formulas.Of(math.Content.ToString(), isDisplayed);
            Html place = isDisplayed
                ? Html.Of($"<span class=\"math display\" tabindex=\"0\">{formula}</span>")
                : Html.Of($"<span class=\"math\">{formula}</span>");
            (string? before, string? after) = (math.GetData(Before) as string, math.GetData(After) as string);
            renderer.Write(
                before is null && after is null
                    ? place.ToString()
                    : Html.Of($"<span class=\"kept\">{before}{place}{after}</span>").ToString()
            );
        }
    }

    private sealed class FormulaBlockRenderer : HtmlObjectRenderer<MathBlock>
    {
        protected override void Write(HtmlRenderer renderer, MathBlock block)
        {
            Html formula = Formulas.Of(block.Lines.ToString(), isDisplayed: true);
            renderer.EnsureLine().WriteLine($"<div class=\"math\" tabindex=\"0\">{formula}</div>");
        }
    }

    private sealed class ScrollingTableRenderer : HtmlObjectRenderer<Table>
    {
        private static readonly HtmlTableRenderer Inner = new();

        protected override void Write(HtmlRenderer renderer, Table table)
        {
            renderer
                .EnsureLine()
                .WriteLine("<div class=\"scroll\" role=\"group\" aria-label=\"Table\" tabindex=\"0\">");
            Inner.Write(renderer, table);
            renderer.EnsureLine().WriteLine("</div>");
        }
    }

    private sealed class AnchoredHeadingRenderer : HtmlObjectRenderer<HeadingBlock>
    {
        protected override void Write(HtmlRenderer renderer, HeadingBlock heading)
        {
            string anchor = heading.GetAttributes().Id!;
            renderer.EnsureLine().Write($"<h{heading.Level} id=\"{anchor}\" tabindex=\"-1\">").WriteLeafInline(heading);
            if (heading.Level > 1)
                renderer.Write($" <a class=\"anchor\" href=\"#{anchor}\" aria-label=\"Link to this section\">#</a>");
            renderer.WriteLine($"</h{heading.Level}>");
        }
    }
}
