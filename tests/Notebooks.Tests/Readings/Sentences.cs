using System.Text.RegularExpressions;

namespace Notebooks.Tests.Readings;

/// <summary>The sentences of a lesson, as a reader meets them.</summary>
internal static partial class Sentences
{
    /// <summary>
    /// The sentences of the prose that state a quantity, in numbers or in words; not those that ask, that set an exercise or
    /// that cite.
    /// </summary>
    public static IEnumerable<string> WithQuantities(string notebook) =>
        Course
            .Cells(notebook)
            .Where(cell => !Course.IsCode(cell))
            .Select(Course.Source)
            .Aggregate(
                (Sentences: new List<string>(), IsOver: false),
                (read, text) =>
                {
                    if (!read.IsOver)
                        read.Sentences.AddRange(Of(text));
                    return (read.Sentences, read.IsOver || text.Contains("## Exercises", StringComparison.Ordinal));
                }
            )
            .Sentences.Where(StatesAQuantity);

    private static bool StatesAQuantity(string sentence)
    {
        string words = Formula().Replace(NoQuantity().Replace(sentence, " "), " ");
        return Quantity().IsMatch(words) || Number().IsMatch(words);
    }

    /// <summary>A text without its line breaks and marks of emphasis, as readings quote it.</summary>
    public static string Plain(string text) => Spaces().Replace(Marks().Replace(text, ""), " ").Trim();

    /// <summary>Whether some words quote a sentence, or the sentence is part of a longer quotation.</summary>
    public static bool Overlap(string sentence, string words) =>
        sentence.Contains(words, StringComparison.Ordinal) || words.Contains(sentence, StringComparison.Ordinal);

    private static IEnumerable<string> Of(string markdown)
    {
        string body = Block().Replace(markdown, "\n\n");
        int sources = body.IndexOf("## References", StringComparison.Ordinal);
        if (sources >= 0)
            body = body[..sources];
        int exercises = body.IndexOf("## Exercises", StringComparison.Ordinal);
        if (exercises >= 0)
            body = body[..exercises];
        foreach (string paragraph in Regex.Split(body, @"\n\s*\n|\n(?=[|*#>] ?|\d\. )"))
        {
            string text = paragraph.Trim();
            if (IsNoStatement(text))
                continue;
            foreach (string sentence in Break().Split(Plain(text.Trim('|', '*', '>', ' '))))
                if (!sentence.EndsWith('?'))
                    yield return sentence;
        }
    }

    /// <summary>Headings, questions and their answers, exercises, and the lines about the lesson itself.</summary>
    private static bool IsNoStatement(string text) =>
        text.Length == 0
        || text[0] == '#'
        || Regex.IsMatch(text, @"^(\*\*(Predict|Goals|You need|\d+\.\d+)|\* \( \)|\|[-| :]+\|$|\$\$)");

    [GeneratedRegex(@"```.*?```|\$\$.*?\$\$", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"(?<=[.!:;][*)""]*) (?=[A-Z*`$\\""(])")]
    private static partial Regex Break();

    [GeneratedRegex(@"\*\*|(?<![\w$])\*(?=\S)|(?<=\S)\*(?![\w$])")]
    private static partial Regex Marks();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\$[^$]*\$|`[^`]*`|\[[^\]]*\]\([^)]*\)")]
    private static partial Regex Formula();

    /// <summary>Numbers of notebooks, lines and lists, and symbols whose indices are numbers.</summary>
    [GeneratedRegex(@"(notebooks?|lines?|claim|step) \d+( and \d+)?|^\d\.|\$[^$]*\{\[\d\]\}[^$=]*\$")]
    private static partial Regex NoQuantity();

    [GeneratedRegex(@"(?<![\w.\[])\d+([.,]\d+)*")]
    private static partial Regex Number();

    [GeneratedRegex(
        @"\b(most|mostly|never|always|all|none|nothing|every|each|no|only|half|third|quarter|twice|double|few|many|agrees?|equals?|exactly|about (?=[\da-z])(?=\d|half|one|two|three|ten|a )|near|nearly|almost|hardly|same|more|less|fewer|larger|smaller|higher|lower|best|worst|least|faster|slower|rises?|falls?|grows?|shrinks?|stays?|arrives?|reaches|vanish(es)?|explodes?|harmless|two|three|four|five|six|seven|eight|nine|ten|hundred|hundreds|thousand|thousands|million|millionth)\b",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Quantity();
}
