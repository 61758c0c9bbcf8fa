using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NotebookHost.Execution;
using NotebookHost.Notebooks;
using NotebookSupport;

namespace NotebookHost.Site;

/// <summary>What the script of a page has to know of the cells that a reader can run there: those in C#.</summary>
/// <param name="notebook">The notebook of the page.</param>
internal sealed partial class RunningCells(Notebook notebook)
{
    private readonly Dictionary<JsonObject, CodeCell> _cells = notebook
        .CodeCells.Where(cell => CellMetadata.Language(cell.Json) is null && CellMetadata.NamedIn(cell.Source) is null)
        .ToDictionary(cell => cell.Json);

    /// <summary>The name under which they are compiled ahead, see <see cref="PreparedCells"/>; null where there are none.</summary>
    public string? Prepared => _cells.Count > 0 ? PreparedCells.Name(All) : null;

    /// <summary>Them, in their order.</summary>
    public IEnumerable<CodeCell> All => _cells.Values;

    /// <summary>
    /// The attributes of a cell: its index in the notebook, its state, the number that errors name, its id, by which a
    /// reader's edit is kept, the names that it gives to later ones, the number of its exercise, and how long it takes, where
    /// that is long; null for a cell that does not run.
    /// </summary>
    public Html? Of(JsonObject json, int index)
    {
        if (!_cells.TryGetValue(json, out CodeCell? cell))
            return null;
        string id = json["id"]?.ToString() ?? Number(index);
        Html raises = cell.MayRaise ? Html.Of($" data-raises") : default;
        string names = string.Join(
            ' ',
            CellNames.Of(cell.Source).Given.Concat(Extensions(cell.Source)).Order(StringComparer.Ordinal)
        );
        Html given = names.Length > 0 ? Html.Of($" data-given=\"{names}\"") : default;
        Html exercise = Check().Match(cell.Source) is { Success: true } check
            ? Html.Of($" data-exercise=\"{check.Groups["number"].Value}\"")
            : default;
        Html seconds = CellMetadata.BrowserSeconds(json) is { } time
            ? Html.Of($" data-seconds=\"{Number(time)}\"")
            : default;
        return Html.Of(
            $" data-cell=\"{Number(index)}\" data-state=\"stored\" data-number=\"{Number(cell.Number)}\" data-id=\"{id}\"{raises}{given}{exercise}{seconds}"
        );
    }

    /// <summary>The methods by which a cell extends types: later ones name them behind a dot.</summary>
    private static IEnumerable<string> Extensions(string code) =>
        CodeDepth.Refusal(code) is not null
            ? []
            : CellNames
                .Parsed(code)
                .DescendantNodes()
                .OfType<MethodDeclarationSyntax>()
                .Where(method => method.ParameterList.Parameters.Any(p => p.Modifiers.Any(SyntaxKind.ThisKeyword)))
                .Select(method => $".{method.Identifier.Text}");

    [GeneratedRegex("""Exercises\.Check\(\s*("(?<number>[^"]*)")?""")]
    private static partial Regex Check();

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
