using System.Globalization;
using System.Text.Json.Nodes;

namespace NotebookSupport;

/// <summary>A slider and a Play button over the steps of a training, which work on a saved page too.</summary>
internal static class Replay
{
    /// <summary>Adds the controls to a layout of plotly.js, set to the last step.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="steps">The step of each frame.</param>
    public static void AddControls(JsonObject layout, IReadOnlyList<int> steps) =>
        AddControls(layout, "step", [.. steps.Select(Name)], steps.Count - 1);

    /// <summary>Adds the controls to a layout of plotly.js.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="quantity">What the slider changes.</param>
    /// <param name="values">Its value in each frame, which is also the frame's name.</param>
    /// <param name="active">The index of the frame that is drawn at first.</param>
    public static void AddControls(JsonObject layout, string quantity, IReadOnlyList<string> values, int active)
    {
        layout["sliders"] = new JsonArray(
            new JsonObject
            {
                ["active"] = active,
                ["currentvalue"] = new JsonObject { ["prefix"] = quantity + " " },
                ["x"] = 0.13,
                ["len"] = 0.87,
                ["pad"] = new JsonObject { ["t"] = 58 },
                ["bgcolor"] = "rgba(128,128,128,0.25)",
                ["steps"] = new JsonArray([.. values.Select(value => Button("animate", value, value, 0))]),
            }
        );
        layout["updatemenus"] = new JsonArray(
            new JsonObject
            {
                ["type"] = "buttons",
                ["showactive"] = false,
                ["x"] = 0,
                ["y"] = 0,
                ["xanchor"] = "left",
                ["yanchor"] = "top",
                ["pad"] = new JsonObject { ["t"] = 78 },
                ["bgcolor"] = "rgba(128,128,128,0.15)",
                ["buttons"] = new JsonArray(Button("animate", "▶ Play", null, 120)),
            }
        );
    }

    /// <summary>One frame: what changes of some traces.</summary>
    /// <param name="step">The step that it shows.</param>
    /// <param name="traces">The index of each trace that changes, and its new values.</param>
    public static JsonObject Frame(int step, IEnumerable<(int Index, JsonObject Values)> traces) =>
        Frame(Name(step), traces);

    /// <summary>One frame: what changes of some traces.</summary>
    /// <param name="name">Its name, the value of the slider.</param>
    /// <param name="traces">The index of each trace that changes, and its new values.</param>
    public static JsonObject Frame(string name, IEnumerable<(int Index, JsonObject Values)> traces)
    {
        (int Index, JsonObject Values)[] all = [.. traces];
        return new JsonObject
        {
            ["name"] = name,
            ["traces"] = new JsonArray([.. all.Select(trace => (JsonNode)trace.Index)]),
            ["data"] = new JsonArray([.. all.Select(trace => trace.Values)]),
        };
    }

    private static string Name(int step) => step.ToString(CultureInfo.InvariantCulture);

    private static JsonObject Button(string method, string label, string? frame, int duration) =>
        new()
        {
            ["method"] = method,
            ["label"] = label,
            ["args"] = new JsonArray(
                frame is null ? null : new JsonArray(frame),
                new JsonObject
                {
                    ["mode"] = "immediate",
                    ["fromcurrent"] = true,
                    ["frame"] = new JsonObject { ["duration"] = duration, ["redraw"] = true },
                    ["transition"] = new JsonObject { ["duration"] = 0 },
                }
            ),
        };
}
