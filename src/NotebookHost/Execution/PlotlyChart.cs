using System.Reflection;
using NotebookSupport;

namespace NotebookHost.Execution;

/// <summary>
/// Draws a chart of Plotly.NET, as the package Plotly.NET.Interactive does in .NET Interactive. Plotly.NET is the cell's
/// own, so it is called by name.
/// </summary>
internal static class PlotlyChart
{
    private const string Chart = "Plotly.NET.GenericChart";

    /// <summary>A chart as HTML that draws itself; null for any other value.</summary>
    public static string? Html(object value)
    {
        Type? type = value.GetType();
        while (type is not null && type.FullName != Chart)
            type = type.BaseType;
        return type?.GetMethod("toFigureJson", BindingFlags.Public | BindingFlags.Static) is { } toJson
            ? FigureHtml.OfPlotlyNet((string)toJson.Invoke(null, [value])!).ToString()
            : null;
    }
}
