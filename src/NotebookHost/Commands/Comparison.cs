using System.Globalization;
using System.Text.Json.Nodes;
using NotebookHost.Notebooks;
using NotebookHost.Rendering;

namespace NotebookHost.Commands;

/// <summary>Compares what a notebook holds with what running it gives.</summary>
internal static class Comparison
{
    private const int Shown = 60;

    /// <summary>
    /// What differs first, in one sentence; null where the file is the executed notebook to the byte, but for the still
    /// pictures of its figures, which depend on the browser that drew them.
    /// </summary>
    public static string? Difference(string path, Notebook executed)
    {
        Notebook committed = Notebook.Read(path);
        Notebook compared = Pictures.Without(committed);
        if (compared.ToString() == executed.ToString() && committed.ToString() == File.ReadAllText(path))
            return null;
        foreach ((CodeCell before, CodeCell after) in compared.CodeCells.Zip(executed.CodeCells))
            if (Difference(before.Json, after.Json) is { } difference)
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}, cell {after.Number}: the file has {difference.Before}; running it gives {difference.After}."
                );
        return $"{path}: the outputs agree, but the file is formatted otherwise; run it with --in-place.";
    }

    private static (string Before, string After)? Difference(JsonObject before, JsonObject after)
    {
        string[] olds = Lines(before);
        string[] news = Lines(after);
        int line = 0;
        while (line < olds.Length && line < news.Length && olds[line] == news[line])
            line++;
        return line == olds.Length && line == news.Length ? null : (At(olds, line, news), At(news, line, olds));
    }

    private static string[] Lines(JsonObject cell) =>
        [
            $"execution count {cell["execution_count"]?.ToJsonString() ?? "none"}",
            .. (cell["outputs"]?.ToString() ?? "no outputs").Split('\n').Select(line => line.Trim()),
        ];

    private static string At(string[] lines, int line, string[] others)
    {
        if (line >= lines.Length)
            return "no more";
        string text = lines[line];
        int same =
            line < others.Length ? text.Zip(others[line]).TakeWhile(pair => pair.First == pair.Second).Count() : 0;
        int start = Math.Max(0, same - Shown / 2);
        string part = text[start..Math.Min(text.Length, start + Shown)];
        return $"«{(start > 0 ? "…" : "")}{part}{(start + Shown < text.Length ? "…" : "")}»";
    }
}
