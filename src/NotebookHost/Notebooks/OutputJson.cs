using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookHost.Notebooks;

/// <summary>What a cell shows, as JSON: Jupyter's messages and the files of notebooks hold the same fields.</summary>
internal static class OutputJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The type and the content of the message that tells of an output; null for the end of a cell.</summary>
    /// <param name="output">What the cell shows.</param>
    /// <param name="number">The cell's.</param>
    public static (string Type, JsonObject Content)? Message(Output output, int number) =>
        output switch
        {
            StreamOutput stream => ("stream", new() { ["name"] = stream.Name, ["text"] = stream.Text }),
            DisplayOutput display => ("display_data", new() { ["data"] = Bundle(display.Data), ["metadata"] = Empty }),
            UpdateOutput update => (
                "update_display_data",
                new() { ["data"] = Bundle(update.Data), ["metadata"] = Empty }
            ),
            ResultOutput result => (
                "execute_result",
                new()
                {
                    ["data"] = Bundle(result.Data),
                    ["execution_count"] = number,
                    ["metadata"] = Empty,
                }
            ),
            ErrorOutput error => (
                "error",
                new()
                {
                    ["ename"] = error.Name,
                    ["evalue"] = error.Message,
                    ["traceback"] = new JsonArray([.. error.Trace.Select(line => JsonValue.Create(line))]),
                }
            ),
            ClearOutput => ("clear_output", new() { ["wait"] = false }),
            _ => null,
        };

    /// <summary>An output as a notebook holds it: texts in lines, fields in the order in which Jupyter writes them.</summary>
    public static JsonObject Saved(Output output, int number)
    {
        (string type, JsonObject content) = Message(output, number)!.Value;
        if (content["data"] is JsonObject data)
            foreach ((string kind, JsonNode? value) in data.ToArray())
                if (IsText(kind))
                    data[kind] = CodeCell.Lines(value!.ToString());
        if (content["text"] is { } text)
            content["text"] = CodeCell.Lines(text.ToString());
        KeyValuePair<string, JsonNode?>[] fields = [.. content, new("output_type", type)];
        content.Clear();
        return new JsonObject(fields.OrderBy(field => field.Key, StringComparer.Ordinal));
    }

    /// <summary>What a value shows, by MIME type in the order of their names.</summary>
    public static JsonObject Bundle(IReadOnlyDictionary<string, string> data) =>
        new(
            data.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => KeyValuePair.Create(pair.Key, IsJson(pair.Key) ? Json(pair.Value) : pair.Value))
        );

    /// <summary>Whether a kind of text is kept as JSON, not as a string of it.</summary>
    public static bool IsJson(string kind) =>
        kind == "application/json" || kind.EndsWith("+json", StringComparison.Ordinal);

    private static JsonObject Empty => [];

    /// <summary>Whether a kind is text; the others are JSON and the bytes of pictures.</summary>
    private static bool IsText(string kind) =>
        !IsJson(kind) && (!kind.StartsWith("image/", StringComparison.Ordinal) || kind == "image/svg+xml");

    /// <summary>The value of a JSON text; of a malformed one, the text.</summary>
    private static JsonNode? Json(string text)
    {
        try
        {
            JsonNode? json = JsonNode.Parse(text, null, Strict);
            json?.ToJsonString(); // Half a surrogate pair shows only here.
            return json;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            return text;
        }
    }
}
