using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Notebooks.Tests;

/// <summary>What the text says is what the cells show, in the notation of the course.</summary>
public partial class ProseTests
{
    public static TheoryData<string> Notebooks => [.. Course.Notebooks];

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void EveryDecimalNumberOfTheTextIsShownByACell(string notebook)
    {
        JsonObject[] cells = Course.Cells(notebook);
        double[] shown =
        [
            .. cells
                .Where(Course.IsCode)
                .SelectMany(cell => Numbers(Course.Source(cell)).Concat(Shown(cell).SelectMany(Numbers)))
                .Select(number => Math.Abs(number.Value)),
        ];
        string[] untraceable =
        [
            .. cells
                .Where(cell => !Course.IsCode(cell))
                .SelectMany(cell => Numbers(Prose(Course.Source(cell))))
                .Where(number => number.Decimals > 0 && !shown.Any(value => Rounds(value, number)))
                .Select(number => number.Text),
        ];
        Assert.Empty(untraceable);
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void EverySymbolIsInTheNotationTable(string notebook)
    {
        string glossary = File.ReadAllText(Path.Combine(Course.Root, "notebooks", "glossary.md"));
        string table = glossary[glossary.IndexOf("## Symbols", StringComparison.Ordinal)..];
        HashSet<string> known = [.. Formulas(table).SelectMany(Symbols)];
        Assert.Empty(
            Formulas(Course.Text(notebook)).SelectMany(Symbols).Distinct().Except(known).Order(StringComparer.Ordinal)
        );
    }

    /// <summary>The texts that a cell's outputs show: words, tables, and what a figure says of itself.</summary>
    private static IEnumerable<string> Shown(JsonObject cell) =>
        cell["outputs"]!
            .AsArray()
            .Select(output =>
                output!["text"] is { } stream ? Joined(stream)
                : output["data"]?["text/html"] is { } html ? Seen(Joined(html))
                : output["data"]?["text/plain"] is { } plain ? Joined(plain)
                : ""
            );

    /// <summary>What a reader sees or hears of HTML: its texts and labels, not the data that it carries.</summary>
    private static string Seen(string html)
    {
        IHtmlDocument document = new HtmlParser().ParseDocument($"<body>{html}");
        foreach (IElement data in document.QuerySelectorAll("script, style"))
            data.Remove();
        return string.Join(
            ' ',
            document
                .Body!.Descendants()
                .Select(node => node is IText text ? text.Data : (node as IElement)?.GetAttribute("aria-label"))
        );
    }

    private static string Joined(JsonNode lines) =>
        lines is JsonArray array ? string.Concat(array.Select(line => line!.ToString())) : lines.ToString();

    /// <summary>Without code, links, references and section numbers.</summary>
    private static string Prose(string markdown)
    {
        int references = markdown.IndexOf("## References", StringComparison.Ordinal);
        string text = references < 0 ? markdown : markdown[..references];
        text = Choice().Replace(text, " ");
        return Exercise().Replace(Link().Replace(CodeSpan().Replace(text, " "), "$1"), " ");
    }

    private static IEnumerable<Number> Numbers(string text) =>
        Decimal()
            .Matches(text)
            .Select(match => match.Value.Replace(",", "", StringComparison.Ordinal))
            .Select(digits => new Number(
                digits,
                double.Parse(digits, CultureInfo.InvariantCulture),
                digits.Contains('.', StringComparison.Ordinal)
                    ? digits.Split('e', 'E')[0].Length - digits.IndexOf('.', StringComparison.Ordinal) - 1
                    : 0
            ));

    private static bool Rounds(double value, Number number) =>
        Math.Abs(value - number.Value) <= 0.5000001 * Math.Pow(10, -number.Decimals)
        || Math.Abs(100 * value - number.Value) <= 0.5000001 * Math.Pow(10, -number.Decimals);

    private static IEnumerable<string> Formulas(string text) =>
        Formula().Matches(CodeSpan().Replace(text, " ")).Select(match => match.Groups[1].Value + match.Groups[2].Value);

    private static IEnumerable<string> Symbols(string formula) =>
        Symbol().Matches(Words().Replace(formula, " ")).Select(match => match.Value);

    private sealed record Number(string Text, double Value, int Decimals);

    [GeneratedRegex(@"(?<![\w.])\d[\d,]*(\.\d+)?(e[+-]?\d+)?(?![\w])", RegexOptions.IgnoreCase)]
    private static partial Regex Decimal();

    /// <summary>An answer to choose, which may be wrong.</summary>
    [GeneratedRegex(@"(?m)^\* \( \) .*$")]
    private static partial Regex Choice();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?m)^\*\*\d+\.\d+\*\*")]
    private static partial Regex Exercise();

    [GeneratedRegex(@"\$\$(.+?)\$\$|\$([^$]+)\$", RegexOptions.Singleline)]
    private static partial Regex Formula();

    [GeneratedRegex(
        @"\\(text|mathrm|operatorname)\{[^}]*\}|\\(frac|sqrt|sum|int|partial|left|right|ln|log|max|min|quad|qquad|cdot|dots|ldots|leq|geq|le|ge|approx|to|infty|begin|end|big|Big|dot|tfrac|prod|in|neq|times|exp|cos|sin|arccos|lvert|rvert|lVert|rVert|pm|mathbf|top|hat|bar|tilde|circ|propto|sim|ll|gg|mid|tanh|bigl|bigr|Bigl|Bigr|displaystyle|mapsto|Rightarrow|rightarrow|leftarrow|langle|rangle|operatorname|star|pi|lim|det|e)(?![a-zA-Z])|(?<![a-zA-Z\\])[de](?=[\^a-z\\ ])"
    )]
    private static partial Regex Words();

    [GeneratedRegex(@"\\[a-zA-Z]+|[A-Za-z]")]
    private static partial Regex Symbol();
}
