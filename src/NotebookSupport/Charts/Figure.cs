using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plotly.NET;

namespace NotebookSupport;

/// <summary>A chart that a notebook shows: traces of Plotly.NET, a layout, and the same in words.</summary>
[TypeFormatterSource(typeof(FigureFormatter), PreferredMimeTypes = ["text/html"])]
public sealed class Figure
{
    private static readonly string Script = ReadScript();
    private static int _made;

    private readonly JsonObject _json;
    private readonly string _id;
    private readonly int _height;

    internal Figure(GenericChart chart, object layout, string description, int height = 360)
    {
        JsonNode drawn = JsonNode.Parse(GenericChart.toFigureJson(chart))!;
        JsonObject common = Serialize(
            new
            {
                paper_bgcolor = "rgba(0,0,0,0)",
                plot_bgcolor = "rgba(0,0,0,0)",
                margin = new
                {
                    l = 64,
                    r = 24,
                    t = 48,
                    b = 52,
                },
                font = new { size = 13 },
                uirevision = "keep",
            }
        );
        foreach ((string key, JsonNode? value) in Serialize(layout))
            common[key] = value!.DeepClone();
        _json = new JsonObject { ["data"] = Rounded(drawn["data"]!), ["layout"] = common };
        Description = description;
        _height = height;
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_json.ToJsonString())));
        _id = string.Create(CultureInfo.InvariantCulture, $"figure-{Interlocked.Increment(ref _made)}-{hash[..8]}");
    }

    /// <summary>What the chart shows, in words.</summary>
    public string Description { get; }

    /// <summary>The chart as a piece of HTML that draws itself where plotly.js is or can be loaded.</summary>
    public string ToHtml() =>
        $"<div id=\"{_id}\" class=\"notebook-figure\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(Description)}\" "
        + $"style=\"height:{_height}px\"></div>\n<script>{Script}(\"{_id}\", {_json.ToJsonString()});</script>";

    /// <summary>What the chart shows, in words.</summary>
    public override string ToString() => Description;

    private static JsonObject Serialize(object value) => JsonSerializer.SerializeToNode(value)!.AsObject();

    /// <summary>Five significant digits are more than a screen shows.</summary>
    private static JsonNode? Rounded(JsonNode? node) =>
        node switch
        {
            JsonArray array => new JsonArray([.. array.Select(Rounded)]),
            JsonObject obj => new JsonObject(obj.Select(p => KeyValuePair.Create(p.Key, Rounded(p.Value)))),
            JsonValue value when value.GetValueKind() == JsonValueKind.Number => JsonValue.Create(
                double.Parse(
                    value.GetValue<double>().ToString("G5", CultureInfo.InvariantCulture),
                    CultureInfo.InvariantCulture
                )
            ),
            null => null,
            _ => node.DeepClone(),
        };

    private static string ReadScript()
    {
        using Stream script = typeof(Figure).Assembly.GetManifestResourceStream("figure.js")!;
        return new StreamReader(script).ReadToEnd().TrimEnd();
    }
}
