using System.Net;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.Mathematics;
using Markdig.Extensions.Tables;
using Markdig.Helpers;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

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

    private static readonly string[] Callouts = ["predict", "claim", "exercise", "verdict"];

    /// <summary>Those of the frame around the page are taken.</summary>
    private readonly HashSet<string> _anchors = ["main", "query", "found", "theme", "notebooks"];

    /// <summary>The headings met so far.</summary>
    public List<Heading> Headings { get; } = [];

    /// <summary>The first paragraph met, as HTML without links.</summary>
    public string? FirstParagraph { get; private set; }

    /// <summary>A cell as HTML; one that is nested beyond all sense is shown as it was written.</summary>
    public string Html(string markdown) => Html(markdown, isOutput: false);

    /// <summary>What a cell of code showed, which is no part of the page's contents.</summary>
    public string Output(string markdown) => Html(markdown, isOutput: true);

    private string Html(string markdown, bool isOutput)
    {
        string asWritten = $"<pre class=\"code\" tabindex=\"0\"><code>{WebUtility.HtmlEncode(markdown)}</code></pre>\n";
        if (ManyLevels().IsMatch(markdown))
            return asWritten;
        try
        {
            return Rendered(markdown, isOutput);
        }
        catch (ArgumentException) // Markdig's word for too many levels.
        {
            return asWritten;
        }
    }

    private string Rendered(string markdown, bool isOutput)
    {
        MarkdownDocument document = Markdown.Parse(OnOneLine(markdown), Pipeline);
        if (
            !isOutput
            && document.LastChild is ParagraphBlock { Inline.FirstChild: LiteralInline first } last
            && IsOnward(first)
        )
            document.Remove(last);
        foreach (LinkInline inline in document.Descendants<LinkInline>().ToArray())
            Lead(inline);
        foreach (AutolinkInline inline in document.Descendants<AutolinkInline>().ToArray())
            Lead(inline);
        foreach (MathInline math in document.Descendants<MathInline>().Where(math => math.DelimiterCount == 2))
            math.GetAttributes().AddClass("display");
        Heading[] headings = [.. document.Descendants<HeadingBlock>().Select(Anchored)];
        if (!isOutput)
            Read(document, headings);

        var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<CodeBlockRenderer>(new CSharpBlockRenderer(highlighter));
        renderer.ObjectRenderers.Replace<HtmlTableRenderer>(new ScrollingTableRenderer());
        renderer.ObjectRenderers.Replace<HeadingRenderer>(new AnchoredHeadingRenderer());
        renderer.Render(document);
        return writer.ToString();
    }

    private void Read(MarkdownDocument document, IEnumerable<Heading> headings)
    {
        Headings.AddRange(headings);
        foreach (ParagraphBlock paragraph in document.Descendants<ParagraphBlock>())
            Mark(paragraph);
        FirstParagraph ??= document.OfType<ParagraphBlock>().Select(p => Plain(p.Inline)).FirstOrDefault();
    }

    /// <summary>A displayed formula may go over lines in Jupyter; Markdig takes it on one.</summary>
    private static string OnOneLine(string markdown) =>
        Formula()
            .Replace(
                markdown,
                match =>
                    match.Groups["tex"].Success
                        ? $"$${Spaces().Replace(match.Groups["tex"].Value, " ").Trim()}$$"
                        : match.Value
            );

    /// <summary>"Before: 01. Next: 03", which the frame of every page says too.</summary>
    private static bool IsOnward(LiteralInline first) =>
        $"{first.Content}" is var words
        && (
            words.StartsWith("Before: ", StringComparison.Ordinal)
            || words.StartsWith("Next: ", StringComparison.Ordinal)
        )
        && first.NextSibling is LinkInline;

    private Heading Anchored(HeadingBlock heading)
    {
        string name = LinkHelper.UrilizeAsGfm(Words(heading.Inline));
        if (name.Length == 0 || FigureId().IsMatch(name))
            name = $"section{name}";
        string anchor = name;
        for (int i = 2; !_anchors.Add(anchor); i++)
            anchor = $"{name}-{i}";
        heading.GetAttributes().Id = anchor;
        return new Heading(heading.Level, anchor, Plain(heading.Inline));
    }

    /// <summary>
    /// A paragraph that opens with a bold "Predict", "Claim", "Exercise" or "Verdict", or with an exercise's number such
    /// as 5.1, stands out.
    /// </summary>
    private void Mark(ParagraphBlock paragraph)
    {
        if (paragraph.Inline?.FirstChild is not EmphasisInline { DelimiterCount: 2 } opening)
            return;
        string word = Words(opening).TrimStart();
        if (Callouts.FirstOrDefault(c => word.StartsWith(c, StringComparison.OrdinalIgnoreCase)) is { } kind)
            paragraph.GetAttributes().AddClass($"callout {kind}");
        if (ExerciseNumber().IsMatch(word) && _anchors.Add($"exercise-{word}"))
        {
            paragraph.GetAttributes().AddClass("callout exercise");
            paragraph.GetAttributes().Id = $"exercise-{word}";
        }
    }

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

    private static string Plain(ContainerInline? inlines) =>
        string.Concat(
            (inlines ?? [])
                .Descendants()
                .Select(inline =>
                    inline switch
                    {
                        LiteralInline literal => WebUtility.HtmlEncode(literal.Content.ToString()),
                        CodeInline code => $"<code>{WebUtility.HtmlEncode(code.Content)}</code>",
                        MathInline math =>
                            $"<span class=\"math\">\\({WebUtility.HtmlEncode(math.Content.ToString())}\\)</span>",
                        LineBreakInline => " ",
                        _ => "",
                    }
                )
        );

    /// <summary>Code, which is left as it is, or a displayed formula.</summary>
    [GeneratedRegex(@"```.*?```|`[^`\n]*`|\$\$(?<tex>.+?)\$\$", RegexOptions.Singleline)]
    private static partial Regex Formula();

    /// <summary>
    /// A line that begins with a hundred lists or quotations, for which Markdig takes time in the square of their number.
    /// </summary>
    [GeneratedRegex(@"^(?>[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+|>)){100}", RegexOptions.Multiline)]
    private static partial Regex ManyLevels();

    [GeneratedRegex(@"^\d+\.\d+$")]
    private static partial Regex ExerciseNumber();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    /// <summary>What the site names the figures of a page.</summary>
    [GeneratedRegex(@"^figure-\d+")]
    private static partial Regex FigureId();

    private sealed class CSharpBlockRenderer(CSharpHighlighter highlighter) : HtmlObjectRenderer<CodeBlock>
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock block)
        {
            // An empty block has no array of lines.
            string code = string.Join(
                '\n',
                (block.Lines.Lines ?? []).Take(block.Lines.Count).Select(line => line.ToString())
            );
            bool isCSharp = block is FencedCodeBlock { Info: "csharp" or "cs" or "c#" };
            string html = isCSharp ? highlighter.Aside(code) : WebUtility.HtmlEncode(code);
            renderer.EnsureLine().WriteLine($"<pre class=\"code\" tabindex=\"0\"><code>{html}</code></pre>");
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
