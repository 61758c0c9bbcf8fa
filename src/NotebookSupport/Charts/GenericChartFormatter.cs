using System.Text.Json.Nodes;
using Plotly.NET;

namespace NotebookSupport;

/// <summary>
/// Lets .NET Interactive draw a chart of Plotly.NET that a cell returns; without it the chart's properties are listed.
/// The host's own list of formatters is found by name, so that no reference to it is needed.
/// </summary>
internal static class GenericChartFormatter
{
    private const string Formatter = "Microsoft.DotNet.Interactive.Formatting.Formatter";

    public static void Register() =>
        RunningCell
            .HostType(Formatter)
            ?.GetMethod("Register", [typeof(Type), typeof(Action<object, TextWriter>), typeof(string)])
            ?.Invoke(null, [typeof(GenericChart), (Action<object, TextWriter>)Write, "text/html"]);

    internal static void Write(object chart, TextWriter writer)
    {
        string json = GenericChart.toFigureJson((GenericChart)chart);
        JsonObject figure = JsonNode.Parse(json)!.AsObject();
        var drawn = new JsonObject
        {
            ["data"] = figure["data"]!.DeepClone(),
            ["layout"] = figure["layout"]!.DeepClone(),
        };
        int height = (int?)(double?)figure["layout"]!["height"] ?? 450;
        writer.Write(new Figure(drawn, "A chart of Plotly.NET", height).ToHtml(Figure.NewId("chart", json)));
    }
}
