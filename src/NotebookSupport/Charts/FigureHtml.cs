using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookSupport;

/// <summary>
/// A chart as a piece of HTML: an element for it, its data once as JSON in the next element, and a script that draws it
/// where plotly.js is or can be loaded.
/// </summary>
internal static class FigureHtml
{
    /// <summary>In pixels, of a figure that names no height.</summary>
    public const int StandardHeight = 450;

    /// <summary>In pixels, of the controls under a plot.</summary>
    public const int ControlsHeight = 44;

    private static readonly Html Script = ReadScript();

    private static int _shown;

    /// <param name="id">The element's id.</param>
    /// <param name="figure">Traces, layout, frames and their controls, as the script takes them.</param>
    /// <param name="description">What the chart shows, in words.</param>
    /// <param name="height">Of the plot, in pixels.</param>
    public static Html Of(string id, JsonObject figure, string description, int height)
    {
        int whole = height + (figure.ContainsKey("control") ? ControlsHeight : 0);
        // The serializer escapes what would end a script.
        return Html.Of(
            $"""
            <div id="{id}" class="notebook-figure" role="img" aria-label="{Attribute(
                description
            )}" data-height="{height}" style="height:{whole}px"></div>
            <script type="application/json">{Html.Trusted(figure.ToJsonString())}</script>
            <script>{Script}({Html.Trusted(JsonSerializer.Serialize(id))});</script>
            """
        );
    }

    /// <summary>
    /// An element id: a count within this process and a hash of the content. Running a notebook again gives the same ids,
    /// and outputs of two processes on one page share an id only where they are equal.
    /// </summary>
    public static string NewId(string prefix, string content) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{prefix}-{Interlocked.Increment(ref _shown)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..8]}"
        );

    /// <summary>A chart of Plotly.NET.</summary>
    /// <param name="json">What GenericChart.toFigureJson writes of it.</param>
    public static Html OfPlotlyNet(string json)
    {
        JsonObject whole = JsonNode.Parse(json)!.AsObject();
        JsonNode layout = whole["layout"]!;
        var figure = new JsonObject { ["data"] = whole["data"]!.DeepClone(), ["layout"] = layout.DeepClone() };
        int height = (int?)(double?)layout["height"] ?? StandardHeight;
        return Of(NewId("chart", figure.ToJsonString()), figure, "A chart of Plotly.NET", height);
    }

    /// <summary>
    /// Text as a parser writes an attribute back, so that a figure keeps its bytes when the runner reads it, puts a picture
    /// into it and takes it out again.
    /// </summary>
    private static Html Attribute(string text) =>
        Html.Trusted(
            new StringBuilder(text)
                .Replace("&", "&amp;")
                .Replace("\"", "&quot;")
                .Replace("<", "&lt;")
                .Replace(">", "&gt;")
                .Replace("\u00a0", "&nbsp;")
                .ToString()
        );

    private static Html ReadScript()
    {
        using Stream script = typeof(FigureHtml).Assembly.GetManifestResourceStream("figure.js")!;
        // Every figure carries the script: without the lines that only its authors read.
        return Html.Trusted(
            string.Join(
                '\n',
                new StreamReader(script)
                    .ReadToEnd()
                    .Split('\n')
                    .Select(line => line.Trim())
                    .Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal))
            )
        );
    }
}
