using System.Text.Json.Nodes;

namespace NotebookHost.Notebooks;

/// <summary>A cell of code; the number, from 1, is the execution count that front ends show beside it.</summary>
internal sealed record CodeCell(JsonObject Json, int Number)
{
    /// <summary>The source as written.</summary>
    public string Source => Text(Json["source"]);

    /// <summary>The code to run: a cell of another language starts with its name, <c>#!html</c>.</summary>
    public string Code =>
        CellMetadata.Language(Json) is { } language && !CellMetadata.Names(Source, language)
            ? $"#!{language}\n{Source}"
            : Source;

    /// <summary>Whether an error in this cell is expected, so that the notebook goes on.</summary>
    public bool MayRaise => CellMetadata.Has(Json, "raises-exception");

    /// <summary>What the cell showed, as Jupyter stores it.</summary>
    public JsonArray Outputs => Json["outputs"]!.AsArray();

    /// <summary>Marks the cell as run.</summary>
    public void SetExecuted() => Json["execution_count"] = Number;

    /// <summary>Text that Jupyter stores as one string or as a list of lines.</summary>
    public static string Text(JsonNode? text) =>
        text is JsonArray lines ? string.Concat(lines) : text?.ToString() ?? "";

    /// <summary>Text as Jupyter stores it: a list of lines, each with its end.</summary>
    public static JsonArray Lines(string text)
    {
        var lines = new JsonArray();
        for (int start = 0; start < text.Length; )
        {
            int end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[start..end]);
            start = end;
        }
        return lines;
    }
}
