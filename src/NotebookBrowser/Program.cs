using System.Runtime.InteropServices.JavaScript;
using System.Runtime.Loader;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using NotebookHost.Execution;
using NotebookHost.Kernels;
using NotebookHost.Notebooks;
using NotebookSupport;

[assembly: SupportedOSPlatform("browser")]

namespace NotebookHost;

/// <summary>What runtime-worker.js calls, and what calls it.</summary>
public static partial class Program
{
    private const string Module = "runtime-worker.js";

    private static readonly BrowserSession s_session = new(Show);

    private static int s_cell;
    private static int s_number;

    /// <summary>Nothing: the worker calls <see cref="RunAsync"/>.</summary>
    public static void Main() { }

    /// <inheritdoc cref="BrowserStart.OpenAsync"/>
    [JSExport]
    internal static Task OpenAsync(bool exact) => BrowserStart.OpenAsync(exact);

    /// <summary>Takes an assembly that the start did without.</summary>
    [JSExport]
    internal static void Load(byte[] assembly) =>
        AssemblyLoadContext.Default.LoadFromStream(new MemoryStream(assembly));

    /// <summary>A hint of an exercise, which says how many there are; or a sentence where there is none.</summary>
    /// <param name="exercise">Its number.</param>
    /// <param name="step">1 for the first hint.</param>
    [JSExport]
    internal static string Hint(string exercise, int step)
    {
        try
        {
            return Exercises.Hint(exercise, step);
        }
        catch (ArgumentException error)
        {
            return error.Message;
        }
    }

    /// <summary>Takes the cells of the page, compiled when it was written.</summary>
    [JSExport]
    internal static void Prepare(byte[] cells) => s_session.Prepare(cells);

    /// <summary>Whether a cell can run without the compiler.</summary>
    [JSExport]
    internal static bool IsPrepared(string code) => s_session.IsPrepared(code);

    /// <summary>Compiles a cell that nothing follows, so that the reader's first one need not wait for the compiler to start.</summary>
    [JSExport]
    internal static void WarmUp() => s_session.WarmUp();

    /// <summary>Runs a cell; returns whether it went well.</summary>
    /// <param name="cell">What the page calls the cell.</param>
    /// <param name="code">The cell.</param>
    /// <param name="number">The number that errors name.</param>
    /// <param name="usings">Lines of cells before it that have not run, by which they import what it may use.</param>
    [JSExport]
    internal static async Task<bool> RunAsync(int cell, string code, int number, string usings)
    {
        (s_cell, s_number) = (cell, number);
        return await s_session.ExecuteAsync(code, number, usings) is null;
    }

    /// <summary>What may stand at a place of a cell, as JSON.</summary>
    [JSExport]
    internal static string Complete(string code, int position) => s_session.Complete(code, position).ToJsonString();

    private static void Show(Output output)
    {
        (string type, JsonObject content) = OutputJson.Message(output, s_number)!.Value;
        if (type != "update_display_data")
            content["output_type"] = type;
        if (output is DisplayOutput or UpdateOutput)
        {
            int id = output is DisplayOutput display ? display.Id : ((UpdateOutput)output).Id;
            content["transient"] = new JsonObject { ["display_id"] = $"{id}" };
            content["output_type"] = "display_data";
        }
        int line = output is ErrorOutput error ? error.Line : 0;
        Post(output is UpdateOutput ? "update" : "output", s_cell, content.ToJsonString(), line);
    }

    [JSImport("post", Module)]
    private static partial void Post(string type, int cell, string output, int line);
}
