using System.Text.Json.Nodes;

namespace NotebookSupport;

/// <summary>
/// Figures that a page computes while a reader moves them. The data of such a figure name it and say what can be moved
/// (<see cref="LiveControls"/>); a host asks here for each state, which changes the same traces as a stored frame.
/// </summary>
internal static class LiveFigures
{
    /// <summary>
    /// The key under which <see cref="AppContext"/> has a <c>Func&lt;string, string, string&gt;</c>: <see cref="Answer"/> with
    /// its answer as JSON. A host that does not reference this library repeats the key.
    /// </summary>
    public const string Key = "NotebookSupport.LiveFigures";

    private static readonly Dictionary<string, Func<LiveRequest, JsonObject>> Figures = new(StringComparer.Ordinal)
    {
        [DepthDial.Name] = DepthDial.Answer,
        [TieFigure.Name] = TieFigure.Answer,
        [TrainingsMap.Name] = TrainingsMap.Answer,
    };

    /// <summary>What a figure shows for what a reader chose.</summary>
    /// <param name="name">The name in the figure's data.</param>
    /// <param name="asked">The values of its controls and what the figure's data give besides, as a JSON object.</param>
    public static JsonObject Answer(string name, string asked) =>
        Figures.TryGetValue(name, out Func<LiveRequest, JsonObject>? answer)
            ? answer(new LiveRequest(JsonNode.Parse(asked)!.AsObject()))
            : throw Require.OutOfRange(nameof(name), name, $"one of {string.Join(", ", Figures.Keys)}");

    /// <summary>An answer: what changes of the traces, and what there is to see, in words.</summary>
    public static JsonObject State(JsonObject frame, string reading) =>
        new() { ["frame"] = frame, ["reading"] = reading };

    /// <summary>Whole numbers up to 255 as the cells of a heat map.</summary>
    /// <param name="values">Row by row.</param>
    /// <param name="columns">How many a row has.</param>
    public static JsonObject Cells(byte[] values, int columns) =>
        new()
        {
            ["dtype"] = "u1",
            ["bdata"] = Convert.ToBase64String(values),
            ["shape"] = Invariant($"{values.Length / columns},{columns}"),
        };
}
