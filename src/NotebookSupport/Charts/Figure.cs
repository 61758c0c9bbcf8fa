using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Plotly.NET;
using JsonConvert = Newtonsoft.Json.JsonConvert;
using JsonSerializerSettings = Newtonsoft.Json.JsonSerializerSettings;
using ReferenceLoopHandling = Newtonsoft.Json.ReferenceLoopHandling;

namespace NotebookSupport;

/// <summary>A chart that a notebook shows: traces of Plotly.NET, a layout, and the same in words.</summary>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public sealed class Figure : IHtml
{
    /// <summary>As Plotly.NET writes itself; its layout, which takes a hundred times as long, is not used here.</summary>
    private static readonly JsonSerializerSettings PlotlyNet = new()
    {
        ReferenceLoopHandling = ReferenceLoopHandling.Serialize,
    };

    private readonly JsonObject _json;
    private readonly int _height;

    internal Figure(GenericChart chart, object layout, string description, int height = 360, Replay? replay = null)
    {
        JsonArray traces = JsonNode
            .Parse(JsonConvert.SerializeObject(GenericChart.getTraces(chart), PlotlyNet))!
            .AsArray();
        JsonObject styled = ChartStyle.Layout(Serialize(layout));
        JsonArray? frames = replay is null
            ? null
            : JsonNode.Parse(new JsonArray([.. replay.Frames]).ToJsonString())!.AsArray();
        var precision = new Precision(styled, traces, frames);
        _json = new JsonObject { ["data"] = ChartStyle.Traces(precision.Traces), ["layout"] = styled };
        if (replay is not null)
        {
            _json["frames"] = precision.Frames(frames!);
            _json["control"] = replay.Control();
        }
        Description = description;
        _height = height;
    }

    internal Figure(JsonObject json, string description, int height)
    {
        _json = json;
        Description = description;
        _height = height;
    }

    /// <summary>What the chart shows, in words.</summary>
    public string Description { get; }

    /// <summary>Traces and layout, as plotly.js takes them; what its states change of them, and their controls.</summary>
    internal JsonObject Json => _json;

    /// <summary>Of the plot, in pixels; controls come under it.</summary>
    internal int Height => _height;

    /// <summary>
    /// The chart as a piece of HTML that draws itself where plotly.js is or can be loaded. Its element id is new each
    /// time, and the same in each execution of the same notebook.
    /// </summary>
    public string ToHtml() => ToHtml(FigureHtml.NewId("figure", _json.ToJsonString()));

    /// <summary>What the chart shows, in words.</summary>
    public override string ToString() => Description;

    internal string ToHtml(string id) => FigureHtml.Of(id, _json, Description, _height).ToString();

    /// <summary>plotly.js takes no null for "as by default".</summary>
    private static readonly JsonSerializerOptions WithoutNulls = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private static JsonObject Serialize(object value) =>
        JsonSerializer.SerializeToNode(value, WithoutNulls)!.AsObject();
}
