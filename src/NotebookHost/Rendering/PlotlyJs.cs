namespace NotebookHost.Rendering;

/// <summary>plotly.js, which is a resource of Plotly.NET.</summary>
internal static class PlotlyJs
{
    /// <summary>The script, minified.</summary>
    public static byte[] Script() =>
        ManagedResource.Read(Path.Combine(AppContext.BaseDirectory, "plotly", "Plotly.NET.dll"), ".js");
}
