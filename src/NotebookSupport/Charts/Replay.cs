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
    /// <summary>What can be chosen beside it: the name, the values, the index of the first choice; default nothing.</summary>
    /// <remarks>Frames are for every combination: of the values first, then of those of each choice.</remarks>
    public IReadOnlyList<(string Quantity, IReadOnlyList<string> Values, int Active)> Choices { get; init; } = [];

    /// <summary>What each state shows, in words, under the controls; default nothing.</summary>
    public IReadOnlyList<string> Readings { get; init; } = [];

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
    public JsonObject Control()
    {
        JsonObject control = Setting(Quantity, Values, Active);
        control["plays"] = Plays;
        if (Choices.Count > 0)
            control["choices"] = new JsonArray([
                .. Choices.Select(choice => (JsonNode)Setting(choice.Quantity, choice.Values, choice.Active)),
            ]);
        if (Readings.Count > 0)
            control["readings"] = Texts(Readings);
        return control;
    }

    private static JsonObject Setting(string quantity, IReadOnlyList<string> values, int active) =>
        new()
        {
            ["quantity"] = quantity,
            ["values"] = Texts(values),
            ["active"] = active,
        };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
