using System.Runtime.InteropServices.JavaScript;
using System.Runtime.Versioning;
using NotebookHost.Kernels;
using NotebookSupport;

[assembly: SupportedOSPlatform("browser")]

namespace NotebookHost;

/// <summary>
/// What runtime-worker.js calls where it computes figures alone. A program of its own is a third of what runs cells, and
/// answers while a cell runs.
/// </summary>
public static partial class Program
{
    /// <summary>Nothing: the worker calls <see cref="Figure"/>.</summary>
    public static void Main() { }

    /// <inheritdoc cref="BrowserStart.OpenAsync"/>
    [JSExport]
    internal static Task OpenAsync(bool exact) => BrowserStart.OpenAsync(exact);

    /// <summary>What a figure shows for what a reader chose, as JSON.</summary>
    /// <param name="name">The figure, see <see cref="LiveFigures"/>.</param>
    /// <param name="asked">Its parameters, as JSON.</param>
    [JSExport]
    internal static string Figure(string name, string asked) => LiveFigures.Answer(name, asked).ToJsonString();
}
