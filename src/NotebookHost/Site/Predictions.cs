using System.Text.RegularExpressions;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace NotebookHost.Site;

/// <summary>
/// The predictions that a text asks of its reader: a paragraph that starts with a bold "Predict:", and what may follow it.
/// A list whose items begin with "( )" are answers of which one is chosen; "____" in the paragraph is a blank for a number;
/// a block of code named "sketch" names the two axes on which a line is drawn. Without any of these the answer is words.
/// </summary>
internal static partial class Predictions
{
    private const string Choice = "( ) ";
    private const string Blank = "____";

    /// <summary>Marks the predictions of a text; they are numbered from <paramref name="first"/> on. Returns how many.</summary>
    public static int Mark(MarkdownDocument document, int first)
    {
        int count = 0;
        foreach (ParagraphBlock paragraph in document.OfType<ParagraphBlock>())
        {
            if (paragraph.TryGetAttributes()?.Classes?.Contains("predict") != true)
                continue;
            Block? next = Next(document, paragraph);
            HtmlAttributes attributes = paragraph.GetAttributes();
            attributes.Id = string.Create(null, $"predict-{first + count++}");
            if (next is ListBlock list && list.All(IsChoice))
            {
                foreach (Block item in list)
                {
                    LiteralInline text = (LiteralInline)((ParagraphBlock)((ListItemBlock)item)[0]).Inline!.FirstChild!;
                    text.Content = new(text.Content.ToString()[Choice.Length..]);
                }
                list.GetAttributes().AddClass("choices");
            }
            else if (next is FencedCodeBlock { Info: "sketch" } sketch)
                sketch.GetAttributes().AddClass("sketch");
            foreach (LiteralInline text in paragraph.Inline!.Descendants<LiteralInline>().ToArray())
                MarkBlank(text);
        }
        return count;
    }

    private static Block? Next(MarkdownDocument document, Block block) =>
        document.IndexOf(block) is var at && at + 1 < document.Count ? document[at + 1] : null;

    private static bool IsChoice(Block item) =>
        item is ListItemBlock { Count: > 0 } choice
        && choice[0] is ParagraphBlock { Inline.FirstChild: LiteralInline text }
        && text.Content.ToString().StartsWith(Choice, StringComparison.Ordinal);

    /// <summary>A blank gets an element of its own.</summary>
    private static void MarkBlank(LiteralInline text)
    {
        string words = text.Content.ToString();
        int at = words.IndexOf(Blank, StringComparison.Ordinal);
        if (at < 0)
            return;
        var blank = new EmphasisInline { DelimiterChar = '_', DelimiterCount = 1 };
        blank.AppendChild(new LiteralInline(Blank));
        blank.GetAttributes().AddClass("blank");
        text.InsertBefore(new LiteralInline(words[..at]));
        text.InsertBefore(blank);
        text.ReplaceBy(new LiteralInline(words[(at + Blank.Length)..].TrimStart('_')));
    }

    /// <summary>An axis of a sketch, such as "x: step 0 600" or "y: loss 0.01 10 logarithmic".</summary>
    [GeneratedRegex(
        @"^(?<axis>[xy]):\s*(?<name>.+?)\s+(?<low>-?[\d.e-]+)\s+(?<high>-?[\d.e-]+)(?<log>\s+logarithmic)?$"
    )]
    private static partial Regex Axis();

    /// <summary>Writes a sketch as an element that carries its two axes; false where the text is none.</summary>
    public static bool Write(HtmlRenderer renderer, FencedCodeBlock block, string text)
    {
        if (block.TryGetAttributes()?.Classes?.Contains("sketch") != true)
            return false;
        Match[] axes = [.. text.Split('\n').Select(line => Axis().Match(line.Trim())).Where(match => match.Success)];
        if (axes.Length != 2 || axes[0].Groups["axis"].Value == axes[1].Groups["axis"].Value)
            return false;
        renderer.EnsureLine().Write("<p class=\"sketch\"");
        foreach (Match axis in axes)
            renderer
                .Write($" data-{axis.Groups["axis"].Value}=\"")
                .WriteEscape(
                    string.Join(
                        '|',
                        axis.Groups["name"].Value,
                        axis.Groups["low"].Value,
                        axis.Groups["high"].Value,
                        axis.Groups["log"].Success ? "log" : "linear"
                    )
                )
                .Write("\"");
        renderer.Write(">Sketch it: ");
        renderer.WriteEscape(
            string.Join(
                " against ",
                axes.OrderByDescending(a => a.Groups["axis"].Value).Select(a => a.Groups["name"].Value)
            )
        );
        renderer.WriteLine("</p>");
        return true;
    }
}
