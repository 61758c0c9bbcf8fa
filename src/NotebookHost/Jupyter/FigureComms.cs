using System.Text.Json.Nodes;

namespace NotebookHost.Jupyter;

/// <summary>
/// The figures that readers move in a front end, each page over a comm of its own: it asks for a state, and the library
/// that the notebook loaded computes it, as a worker does on a page of the site.
/// </summary>
internal sealed class FigureComms
{
    /// <summary>The target that a front end opens a comm to.</summary>
    public const string Target = "notebooksupport.figures";

    /// <summary>Where NotebookSupport leaves what computes a figure; LiveFigures.cs has it too.</summary>
    private const string Computing = "NotebookSupport.LiveFigures";

    private readonly HashSet<string> _open = [];

    /// <summary>The comms that are open, as comm_info_reply names them.</summary>
    public JsonObject Open =>
        [.. _open.Select(id => KeyValuePair.Create(id, (JsonNode?)new JsonObject { ["target_name"] = Target }))];

    /// <summary>Takes a comm; returns the first message on it, or null for one to another target.</summary>
    public JsonObject? Opened(string id, string target) =>
        target == Target && _open.Add(id) ? new() { ["type"] = "ready" } : null;

    /// <summary>Forgets a comm.</summary>
    public void Closed(string id) => _open.Remove(id);

    /// <summary>The state that a message asks for, or why there is none; null for a comm that is not open.</summary>
    /// <param name="id">The comm.</param>
    /// <param name="asked">id, name and asked, as runtime-worker.js takes them.</param>
    public JsonObject? Answer(string id, JsonObject asked)
    {
        if (!_open.Contains(id))
            return null;
        var answer = new JsonObject { ["type"] = "figure", ["id"] = asked["id"]?.DeepClone() };
        if (AppContext.GetData(Computing) is not Func<string, string, string> compute)
            answer["message"] = "The kernel has not loaded NotebookSupport: run the first cell of the notebook.";
        else
            try
            {
                string state = compute($"{asked["name"]}", asked["asked"]?.ToJsonString() ?? "{}");
                answer["state"] = JsonNode.Parse(state);
            }
            catch (Exception error)
            {
                answer["message"] = error.Message.Split('\n')[0];
            }
        return answer;
    }
}
