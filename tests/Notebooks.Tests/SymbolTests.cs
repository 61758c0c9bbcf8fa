using System.Text.RegularExpressions;

namespace Notebooks.Tests;

/// <summary>A symbol has one meaning over the whole course: a row of the glossary, which says the lesson that introduces it.</summary>
public sealed partial class SymbolTests
{
    /// <summary>Letters that every reader of formulas knows: the base of the exponential, the differential.</summary>
    private static readonly string[] Known = ["e", "d"];

    private static readonly string[] Greek =
    [
        .. "alpha beta gamma delta epsilon varepsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau phi varphi chi psi omega Delta Theta Lambda Sigma Phi Psi Omega"
            .Split(' ')
            .Select(name => "\\" + name),
    ];

    private static string Symbols { get; } =
        File.ReadAllText(Path.Combine(Course.Root, "notebooks", "glossary.md")).Split("\n## Symbols\n")[1];

    /// <summary>The symbols of each row of the table, and the lesson that introduces them.</summary>
    private static (string[] Letters, string[] Written, string Lesson)[] Rows { get; } =
    [
        .. Symbols
            .Split('\n')
            .Where(line => line.StartsWith("| $", StringComparison.Ordinal))
            .Select(line =>
                (
                    Symbols: Formulas(line[..line.IndexOf(" | ", 2, StringComparison.Ordinal)]),
                    Lesson: line.TrimEnd('|', ' ')[^2..]
                )
            )
            .Select(row =>
                (
                    row.Symbols.SelectMany(Letters).Distinct().ToArray(),
                    row.Symbols.Select(symbol => symbol.Split(" = ")[0]).ToArray(),
                    row.Lesson
                )
            ),
    ];

    /// <summary>Of a layer, a unit and the like: named above the table.</summary>
    private static string[] Indices { get; } = [.. Formulas(Symbols.Split("\n|")[0]).SelectMany(Letters)];

    /// <summary>The lessons that use a letter in a formula, their solutions too, in their order.</summary>
    private static ILookup<string, string> Uses { get; } =
        (
            from notebook in Course.Notebooks
            from cell in Course.Cells(notebook)
            where !Course.IsCode(cell)
            from formula in Formulas(Course.Source(cell))
            from letter in Letters(formula)
            select (letter, lesson: Path.GetFileName(notebook)[..2])
        )
            .Distinct()
            .OrderBy(use => use.lesson, StringComparer.Ordinal)
            .ToLookup(use => use.letter, use => use.lesson);

    [Fact]
    public void EverySymbolOfALessonIsInTheGlossary()
    {
        string[] named = [.. Rows.SelectMany(row => row.Letters), .. Indices, .. Known];
        Assert.Empty(
            Uses.Where(use => !named.Contains(use.Key)).Select(use => $"{use.Key} in {string.Join(", ", use)}")
        );
    }

    /// <summary>A letter may be in several rows, as n and n_l are; the first of them says where it is first used.</summary>
    [Fact]
    public void ASymbolIsIntroducedWhereItIsFirstUsed() =>
        Assert.Empty(
            from letter in Rows.SelectMany(row => row.Letters).Except(Indices).Distinct()
            let said = Rows.First(row => row.Letters.Contains(letter)).Lesson
            let used = Uses[letter].FirstOrDefault() ?? "no lesson"
            where said != used
            select $"{letter} is from {said} in the glossary, and first used in {used}"
        );

    [Fact]
    public void ASymbolHasOneRow() =>
        Assert.Empty(
            Rows.SelectMany(row => row.Written)
                .GroupBy(symbol => symbol)
                .Where(same => same.Count() > 1)
                .Select(same => same.Key)
        );

    private static IEnumerable<string> Formulas(string text) =>
        Formula().Matches(text).Select(match => match.Groups[1].Value + match.Groups[2].Value);

    private static IEnumerable<string> Letters(string formula) =>
        Letter()
            .Matches(Words().Replace(formula, ""))
            .Select(match => match.Value)
            .Where(letter => letter.Length == 1 || Greek.Contains(letter));

    [GeneratedRegex(@"\$\$(.+?)\$\$|\$([^$]+)\$", RegexOptions.Singleline)]
    private static partial Regex Formula();

    [GeneratedRegex(@"\\(text|operatorname|mathrm|begin|end)\{[^}]*\}")]
    private static partial Regex Words();

    [GeneratedRegex(@"\\[A-Za-z]+|[A-Za-z]")]
    private static partial Regex Letter();
}
