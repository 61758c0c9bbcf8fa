using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookHost.Notebooks;

/// <summary>
/// Reads a notebook and checks what running and showing it rely on. Throws <see cref="NotebookException"/>: one sentence
/// with the file and the cell.
/// </summary>
internal static class NotebookReader
{
    /// <summary>How deep the JSON of a notebook may be nested.</summary>
    public const int MostLevels = 256;

    private static readonly JsonDocumentOptions Strict = new()
    {
        MaxDepth = MostLevels,
        AllowDuplicateProperties = false,
    };

    public static JsonObject Read(string path, byte[] bytes)
    {
        if (bytes.Length == 0)
            throw new NotebookException($"{path} is empty; expected a Jupyter notebook.");
        JsonNode? json = Parse(path, Decoded(path, bytes));
        if (
            json is JsonObject { Count: > 0 } root
            && root["nbformat"] is var format
            && format is not null
            && !IsFour(format)
        )
            throw new NotebookException($"{path} has nbformat {Shown(format)}; expected 4.");
        if (json is not JsonObject notebook || notebook["cells"] is not JsonArray cells)
            throw new NotebookException($"{path} has no cells; expected a Jupyter notebook.");
        if (cells.Count == 0)
            throw new NotebookException($"{path} has no cells; expected a Jupyter notebook.") { IsForeign = true };
        if (notebook["nbformat"] is null)
            throw new NotebookException($"{path} has no nbformat; expected 4.");
        CheckMetadata(path, notebook);
        for (int i = 0; i < cells.Count; i++)
            CheckCell($"{path}, cell {i + 1} of {cells.Count}", cells[i]);
        CheckText(path, [.. notebook.Where(part => part.Key != "cells").Select(part => part.Value)]);
        string language = Language(notebook["metadata"]);
        if (notebook["metadata"]?["kernelspec"] is null && cells.Any(cell => CellMetadata.SaysCSharp(cell!.AsObject())))
            language = "C#"; // An editor wrote the language of its default beside cells that say their own.
        if (!CellMetadata.IsCSharp(language))
            throw new NotebookException($"{path} is written in {language}; expected C#.") { IsForeign = true };
        return notebook;
    }

    private static string Decoded(string path, byte[] bytes)
    {
        ReadOnlySpan<byte> text = bytes;
        if (text.StartsWith(Encoding.UTF8.Preamble))
            text = text[Encoding.UTF8.Preamble.Length..];
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw new NotebookException($"{path} is not UTF-8; expected a Jupyter notebook.");
        }
    }

    private static JsonNode? Parse(string path, string text)
    {
        try
        {
            return JsonNode.Parse(text, null, Strict);
        }
        catch (JsonException error) when (error.Message.Contains("Duplicate", StringComparison.OrdinalIgnoreCase))
        {
            throw new NotebookException($"{path} names a key twice in one object: {FirstSentence(error.Message)}");
        }
        catch (JsonException error) when (error.Message.Contains("maximum", StringComparison.OrdinalIgnoreCase))
        {
            throw new NotebookException(
                $"{path} is nested deeper than {MostLevels} levels in line {error.LineNumber + 1}."
            );
        }
        catch (JsonException error)
        {
            throw new NotebookException($"{path} is not JSON: line {error.LineNumber + 1} is malformed.");
        }
        catch (InvalidOperationException)
        {
            throw HalfCharacter(path);
        }
    }

    private static bool IsFour(JsonNode format) =>
        format is JsonValue value
        && value.GetValueKind() == JsonValueKind.Number
        && value.TryGetValue(out int number)
        && number == 4;

    private static void CheckMetadata(string path, JsonObject notebook)
    {
        Expect(path, notebook, "metadata", IsObject, "an object");
        if (notebook["metadata"] is not JsonObject metadata)
            return;
        foreach (string part in new[] { "kernelspec", "language_info", "polyglot_notebook", "dotnet_interactive" })
            Expect($"{path}, metadata", metadata, part, IsObject, "an object");
        Expect($"{path}, metadata", metadata["kernelspec"], "language", IsString, "a word");
        Expect($"{path}, metadata", metadata["language_info"], "name", IsString, "a word");
    }

    private static void CheckCell(string place, JsonNode? json)
    {
        CheckText(place, [json]);
        if (json is not JsonObject cell || !IsString(cell["cell_type"]) || cell["cell_type"] is null)
            throw new NotebookException($"{place}, has no cell_type; expected a Jupyter notebook.");
        Expect(place, cell, "metadata", IsObject, "an object");
        Expect(place, cell, "source", IsText, "a text or a list of lines");
        if (cell["cell_type"]!.GetValue<string>() != "code")
            return;
        Expect(place, cell, "outputs", node => node is JsonArray, "a list");
        foreach (JsonNode? json2 in cell["outputs"] as JsonArray ?? [])
            CheckOutput(place, json2);
    }

    private static void CheckOutput(string place, JsonNode? json)
    {
        if (json is not JsonObject output)
            throw Wrong(place, "an output", json, "an object");
        Expect(place, output, "output_type", IsString, "a word");
        Expect(place, output, "text", IsText, "a text or a list of lines");
        Expect(place, output, "data", IsObject, "an object");
        Expect(place, output, "metadata", IsObject, "an object");
        Expect(
            place,
            output,
            "traceback",
            node => node is JsonArray lines && lines.All(line => line is null || IsString(line)),
            "a list of lines"
        );
        foreach ((string kind, _) in output["data"] as JsonObject ?? [])
            if (!OutputJson.IsJson(kind))
                Expect(place, output["data"], kind, IsText, "a text or a list of lines");
    }

    /// <summary>Half a surrogate pair in a text throws only when the text is read; this reads all texts.</summary>
    private static void CheckText(string place, IReadOnlyList<JsonNode?> parts)
    {
        try
        {
            foreach (JsonNode? part in parts)
                Walk(part);
        }
        catch (InvalidOperationException)
        {
            throw HalfCharacter(place);
        }

        static void Walk(JsonNode? node)
        {
            if (node is JsonObject members)
                foreach ((_, JsonNode? member) in members)
                    Walk(member);
            else if (node is JsonArray items)
                foreach (JsonNode? item in items)
                    Walk(item);
            else if (node?.GetValueKind() == JsonValueKind.String)
                _ = node.GetValue<string>();
        }
    }

    private static void Expect(
        string place,
        JsonNode? parent,
        string name,
        Func<JsonNode?, bool> isRight,
        string expected
    )
    {
        if (parent is JsonObject members && members[name] is { } node && !isRight(node))
            throw Wrong(place, name, node, expected);
    }

    private static NotebookException Wrong(string place, string name, JsonNode? node, string expected) =>
        new($"{place}, has {name} {Shown(node)}; expected {expected}.");

    private static NotebookException HalfCharacter(string place) =>
        new($"{place}, holds half of a surrogate pair such as \\ud800, which is no character; expected whole ones.");

    private static bool IsObject(JsonNode? node) => node is JsonObject;

    private static bool IsString(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    private static bool IsText(JsonNode? node) => IsString(node) || (node is JsonArray lines && lines.All(IsString));

    private static string Shown(JsonNode? node)
    {
        const int Most = 40;
        string text = node?.ToJsonString() ?? "null";
        return text.Length <= Most ? text : text[..Most] + "…";
    }

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? message : message[..(end + 1)];
    }

    /// <summary>Polyglot names the language of a notebook as that of its first kernel.</summary>
    private static string Language(JsonNode? metadata) =>
        new[]
        {
            metadata?["kernelspec"]?["language"],
            metadata?["language_info"]?["name"],
            (metadata?["polyglot_notebook"]?["kernelInfo"] as JsonObject)?["defaultKernelName"],
            metadata?["dotnet_interactive"]?["defaultKernelName"],
        }
            .Where(IsString)
            .Select(name => name!.GetValue<string>())
            .FirstOrDefault(name => name.Length > 0 && !CellMetadata.IsAny(name))
        ?? "C#";
}
