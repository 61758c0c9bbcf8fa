using System.Globalization;
using System.Text.Json.Nodes;
using NotebookHost.Notebooks;
using NotebookSupport;

namespace NotebookHost.Site;

/// <summary>What the script of a page has to know of the cells that a reader can run there: those in C#.</summary>
/// <param name="notebook">The notebook of the page.</param>
internal sealed class RunningCells(Notebook notebook)
{
    private readonly Dictionary<JsonObject, CodeCell> _cells = notebook
        .CodeCells.Where(cell => CellMetadata.Language(cell.Json) is null && CellMetadata.NamedIn(cell.Source) is null)
        .ToDictionary(cell => cell.Json);

    /// <summary>Whether there is any.</summary>
    public bool Any => _cells.Count > 0;

    /// <summary>
    /// The attributes of a cell: its index in the notebook, its state, the number that errors name, its id, by which a
    /// reader's edit is kept, and how long it takes, where that is long; null for a cell that does not run.
    /// </summary>
    public Html? Of(JsonObject json, int index)
    {
        if (!_cells.TryGetValue(json, out CodeCell? cell))
            return null;
        string id = json["id"]?.ToString() ?? Number(index);
        Html raises = cell.MayRaise ? Html.Of($" data-raises") : default;
        Html seconds = CellMetadata.BrowserSeconds(json) is { } time
            ? Html.Of($" data-seconds=\"{Number(time)}\"")
            : default;
        return Html.Of(
            $" data-cell=\"{Number(index)}\" data-state=\"stored\" data-number=\"{Number(cell.Number)}\" data-id=\"{id}\"{raises}{seconds}"
        );
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
