using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace NotebookHost.Execution;

/// <summary>
/// Draws a chart of Plotly.NET, as the package Plotly.NET.Interactive does in .NET Interactive. Plotly.NET is the cell's
/// own, so it is called by name.
/// </summary>
internal static class PlotlyChart
{
    private const string Chart = "Plotly.NET.GenericChart";

    private static readonly Lazy<string> Script = new(() =>
    {
        using var script = new StreamReader(typeof(PlotlyChart).Assembly.GetManifestResourceStream("figure.js")!);
        return script.ReadToEnd().TrimEnd();
    });

    private static int _shown;

    /// <summary>A chart as HTML that draws itself; null for any other value.</summary>
    public static string? Html(object value)
    {
        Type? type = value.GetType();
        while (type is not null && type.FullName != Chart)
            type = type.BaseType;
        if (type?.GetMethod("toFigureJson", BindingFlags.Public | BindingFlags.Static) is not { } toJson)
            return null;
        JsonObject figure = JsonNode.Parse((string)toJson.Invoke(null, [value])!)!.AsObject();
        var drawn = new JsonObject
        {
            ["data"] = figure["data"]!.DeepClone(),
            ["layout"] = figure["layout"]!.DeepClone(),
        };
        string json = drawn.ToJsonString();
        string id = string.Create(
            CultureInfo.InvariantCulture,
            $"chart-{Interlocked.Increment(ref _shown)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..8]}"
        );
        int height = (int?)(double?)figure["layout"]!["height"] ?? 450;
        return $"<div id=\"{id}\" class=\"notebook-figure\" role=\"img\" aria-label=\"A chart of Plotly.NET\" "
            + $"style=\"height:{height.ToString(CultureInfo.InvariantCulture)}px\"></div>\n"
            + $"<script>{Script.Value}(\"{id}\", {json});</script>";
    }
}
