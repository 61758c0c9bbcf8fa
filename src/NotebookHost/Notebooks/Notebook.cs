using System.Security.Cryptography;
using System.Text;
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
        MaxDepth = 2 * NotebookReader.MostLevels,
    };

    private readonly JsonObject _json;
    private readonly byte[] _digest;

    private Notebook(JsonObject json, byte[] digest) => (_json, _digest) = (json, digest);

    /// <summary>The cells, in order.</summary>
    public IReadOnlyList<JsonObject> Cells => [.. _json["cells"]!.AsArray().Select(cell => cell!.AsObject())];

    /// <summary>
    /// The cells of code that are run, in order; their numbers count from 1. Those that are blank or have the tag
    /// skip-execution are not among them.
    /// </summary>
    public IReadOnlyList<CodeCell> CodeCells =>
        [
            .. Cells
                .Where(cell => (string?)cell["cell_type"] == "code")
                .Where(cell => !string.IsNullOrWhiteSpace(CodeCell.Text(cell["source"])))
                .Where(cell => !CellMetadata.Has(cell, "skip-execution"))
                .Select((cell, index) => new CodeCell(cell, index + 1)),
        ];

    /// <summary>How long a reader takes, as <c>metadata.minutes</c> says; null where it does not.</summary>
    public int? Minutes =>
        (_json["metadata"] as JsonObject)?["minutes"] is JsonValue value
        && value.TryGetValue(out int minutes)
        && minutes is > 0 and < 10_000
            ? minutes
            : null;

    /// <summary>A copy.</summary>
    public Notebook Copy() => new(_json.DeepClone().AsObject(), _digest);

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
        if (Path.GetExtension(path) is ".dib" or ".dotnet-interactive")
            throw new NotebookException(
                $"{path} is a script of Polyglot Notebooks, which is not supported; open it in VS Code and save it as .ipynb."
            );
        byte[] bytes = File.ReadAllBytes(path);
        return new Notebook(NotebookReader.Read(path, bytes), SHA256.HashData(bytes));
    }

    /// <summary>Whether a file holds this notebook as it was read.</summary>
    public bool IsIn(string path)
    {
        try
        {
            return SHA256.HashData(File.ReadAllBytes(path)).AsSpan().SequenceEqual(_digest);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The notebook as it is written to a file.</summary>
    public override string ToString() => Escape().Replace(_json.ToJsonString(Format), Unescaped) + "\n";

    /// <summary>Writes a file, or replaces one, so that a crash leaves the old one or the new one.</summary>
    public void Write(string path) => SafeFile.Write(path, Bytes);

    /// <summary>
    /// Replaces the file that this notebook was read from. Where the file has changed since, it is left alone; the
    /// notebook is then written beside it, and the name of that file is returned.
    /// </summary>
    public string? Replace(string path) =>
        SafeFile.Replace(path, Bytes, _digest) ? null : SafeFile.WriteBeside(path, Bytes);

    private byte[] Bytes => Encoding.UTF8.GetBytes(ToString());

    /// <summary>Jupyter escapes control characters alone, with small digits; the encoder escapes more.</summary>
    private static string Unescaped(Match escape) =>
        !escape.Groups["code"].Success ? escape.Value
        : (char)Convert.ToUInt16(escape.Groups["code"].Value, 16) is var c && c < ' ' ? escape.Value.ToLowerInvariant()
        : c.ToString();

    [GeneratedRegex(@"\\(u(?<code>[0-9A-F]{4})|.)")]
    private static partial Regex Escape();
}

/// <summary>Why a notebook cannot be read or run, in one sentence.</summary>
internal sealed class NotebookException(string message) : Exception(message)
{
    /// <summary>Whether there is nothing wrong with the file but that it holds no C#: a folder may hold such notebooks.</summary>
    public bool IsForeign { get; init; }
}
