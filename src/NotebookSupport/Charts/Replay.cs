using System.Globalization;
using System.Text.Json.Nodes;

namespace NotebookSupport;

/// <summary>
/// A figure of several states, one of which is shown: a slider, with a Play button where the states follow each other in
/// time, or, for two or three states, buttons of which one is chosen. They work on a saved page too.
/// </summary>
/// <param name="Quantity">What changes from state to state, with its unit.</param>
/// <param name="Values">Its value in each state.</param>
/// <param name="Active">The index of the state that is shown at first.</param>
/// <param name="Plays">Whether there is a Play button.</param>
/// <param name="Frames">What each state changes of the traces and of the layout.</param>
internal sealed record Replay(
    string Quantity,
    IReadOnlyList<string> Values,
    int Active,
    bool Plays,
    IReadOnlyList<JsonObject> Frames
)
{
    /// <summary>The states of a training, the last of them shown at first.</summary>
    /// <param name="frames">The step of each state and what it changes.</param>
    public static Replay OfSteps(IReadOnlyList<(int Step, JsonObject Frame)> frames) =>
        new(
            "step",
            [.. frames.Select(frame => frame.Step.ToString(CultureInfo.InvariantCulture))],
            frames.Count - 1,
            Plays: true,
            [.. frames.Select(frame => frame.Frame)]
        );

    /// <summary>What a state changes.</summary>
    /// <param name="traces">The index of each trace that changes, and its new values.</param>
    public static JsonObject Frame(IEnumerable<(int Index, JsonObject Values)> traces)
    {
        (int Index, JsonObject Values)[] all = [.. traces];
        return new JsonObject
        {
            ["traces"] = new JsonArray([.. all.Select(trace => (JsonNode)trace.Index)]),
            ["data"] = new JsonArray([.. all.Select(trace => trace.Values)]),
        };
    }

    /// <summary>The controls, as the figure's script takes them.</summary>
    public JsonObject Control() =>
        new()
        {
            ["quantity"] = Quantity,
            ["values"] = new JsonArray([.. Values.Select(value => (JsonNode)value)]),
            ["active"] = Active,
            ["plays"] = Plays,
        };
}
