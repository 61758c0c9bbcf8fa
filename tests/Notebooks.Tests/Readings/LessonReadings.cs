using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Notebooks.Tests.Readings;

/// <summary>
/// What the sentences of a lesson say of its figures and tables, each beside an assertion on the values shown. A sentence
/// with a quantity that reads nothing shown says which other ground it stands on.
/// </summary>
internal abstract class LessonReadings
{
    private readonly List<Reading> _all = [];

    protected LessonReadings(string notebook)
    {
        Notebook = notebook;
        Cells = Course.Cells(notebook);
    }

    public string Notebook { get; }

    /// <summary>In the order of the lesson.</summary>
    public IReadOnlyList<Reading> All => _all;

    protected JsonObject[] Cells { get; }

    /// <summary>A sentence, or some words of it that stand once in the lesson, and what they say of the values shown.</summary>
    protected void Says(string words, Action assertion) => _all.Add(new(words, Ground.Shown, assertion));

    /// <summary>A sentence that says how the experiment beside it is set up; its code does what it says.</summary>
    /// <param name="words">Words of the sentence that stand once in the lesson.</param>
    /// <param name="code">Code of the lesson that says the same.</param>
    protected void SetsUp(string words, params string[] code) =>
        _all.Add(
            new(
                words,
                Ground.Setting,
                () =>
                    Assert.All(
                        code,
                        line =>
                            Assert.Contains(
                                Cells.Where(Course.IsCode),
                                cell => Course.Source(cell).Contains(line, StringComparison.Ordinal)
                            )
                    )
            )
        );

    /// <summary>A sentence that is derived in the lesson, defined by it or cited there, whatever the values shown.</summary>
    protected void Derives(params string[] words) =>
        _all.AddRange(words.Select(one => new Reading(one, Ground.Derivation, null)));

    /// <summary>A sentence that a test of the library holds.</summary>
    protected void Library(string words, Action assertion) => _all.Add(new(words, Ground.Library, assertion));

    protected ShownFigure Figure(string description) => ShownFigure.Of(Cells, description);

    protected ShownTable Table(string words) => ShownTable.Of(Cells, words);

    /// <summary>The number after some words in the text that a cell prints.</summary>
    protected double Printed(string words)
    {
        string[] texts =
        [
            .. Cells
                .Where(Course.IsCode)
                .SelectMany(cell => cell["outputs"]!.AsArray())
                .Select(output => output!["text"] ?? output["data"]?["text/plain"])
                .OfType<JsonNode>()
                .Select(Course.Joined)
                .Where(text => text.Contains(words, StringComparison.Ordinal)),
        ];
        Assert.True(texts.Length == 1, $"{texts.Length} cells print \"{words}\"; expected one.");
        Match number = Regex.Match(
            texts[0][(texts[0].IndexOf(words, StringComparison.Ordinal) + words.Length)..],
            @"-?\d[\d,]*(\.\d+)?(E[-+]?\d+)?( ?%)?"
        );
        string digits = number.Value.Replace(",", "", StringComparison.Ordinal).TrimEnd('%', ' ');
        double value = double.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
        return number.Value.EndsWith('%') ? value / 100 : value;
    }
}

/// <summary>Where a sentence with a quantity has it from.</summary>
internal enum Ground
{
    /// <summary>The values that a figure, a table or a text shows.</summary>
    Shown,

    /// <summary>The code of the lesson.</summary>
    Setting,

    /// <summary>The library.</summary>
    Library,

    /// <summary>A derivation, a definition or a source.</summary>
    Derivation,
}

/// <summary>Words of a sentence, and what holds them; none where it is derived.</summary>
internal sealed record Reading(string Words, Ground Ground, Action? Assertion);
