using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NotebookHost.Notebooks;

/// <summary>A Jupyter notebook of format 4 in C#, which keeps every field that it does not know.</summary>
internal sealed partial class Notebook
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly JsonObject _json;

    private Notebook(JsonObject json) => _json = json;

    /// <summary>The cells, in order.</summary>
    public IReadOnlyList<JsonObject> Cells => [.. _json["cells"]!.AsArray().Select(cell => cell!.AsObject())];

    /// <summary>The cells of code that is not blank, in order; their numbers count from 1.</summary>
    public IReadOnlyList<CodeCell> CodeCells =>
        [
            .. Cells
                .Where(cell => (string?)cell["cell_type"] == "code")
                .Where(cell => !string.IsNullOrWhiteSpace(CodeCell.Text(cell["source"])))
                .Select((cell, index) => new CodeCell(cell, index + 1)),
        ];

    /// <summary>A copy.</summary>
    public Notebook Copy() => new(_json.DeepClone().AsObject());

    /// <summary>A copy without any output.</summary>
    public Notebook WithoutOutputs()
    {
        Notebook copy = Copy();
        foreach (JsonObject cell in copy.Cells.Where(cell => (string?)cell["cell_type"] == "code"))
        {
            cell["execution_count"] = null;
            cell["outputs"] = new JsonArray();
        }
        return copy;
    }

    /// <summary>Reads a notebook; throws <see cref="NotebookException"/> in one sentence where it is none.</summary>
    public static Notebook Read(string path)
    {
        JsonNode? json;
        try
        {
            json = JsonNode.Parse(File.ReadAllText(path));
        }
        catch (JsonException error)
        {
            throw new NotebookException($"{path} is not JSON: line {error.LineNumber + 1} is malformed.");
        }
        if (json is not JsonObject notebook || notebook["cells"] is not JsonArray { Count: > 0 } cells)
            throw new NotebookException($"{path} has no cells; expected a Jupyter notebook.");
        if (notebook["nbformat"]?.GetValueKind() != JsonValueKind.Number || notebook["nbformat"]!.GetValue<int>() != 4)
            throw new NotebookException($"{path} has nbformat {notebook["nbformat"]}; expected 4.");
        if (cells.Any(cell => cell is not JsonObject || cell["cell_type"]?.GetValueKind() != JsonValueKind.String))
            throw new NotebookException($"{path} has a cell without cell_type; expected a Jupyter notebook.");
        string language = Language(notebook["metadata"]);
        if (language is not ("C#" or "csharp"))
            throw new NotebookException($"{path} is written in {language}; expected C#.");
        return new Notebook(notebook);
    }

    /// <summary>The notebook as it is written to a file.</summary>
    public override string ToString() => Escape().Replace(_json.ToJsonString(Format), Unescaped) + "\n";

    /// <summary>Replaces a file by this notebook in one move, so that a crash leaves the old one or the new one.</summary>
    public void Write(string path)
    {
        string temporary = path + ".tmp";
        File.WriteAllText(temporary, ToString());
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Jupyter escapes control characters alone, with small digits; the encoder escapes more.</summary>
    private static string Unescaped(Match escape) =>
        !escape.Groups["code"].Success ? escape.Value
        : (char)Convert.ToUInt16(escape.Groups["code"].Value, 16) is var c && c < ' ' ? escape.Value.ToLowerInvariant()
        : c.ToString();

    private static string Language(JsonNode? metadata) =>
        (metadata?["kernelspec"]?["language"] ?? metadata?["language_info"]?["name"])?.ToString() ?? "C#";

    [GeneratedRegex(@"\\(u(?<code>[0-9A-F]{4})|.)")]
    private static partial Regex Escape();
}

/// <summary>A notebook that cannot be run, said in one sentence.</summary>
internal sealed class NotebookException(string message) : Exception(message);
