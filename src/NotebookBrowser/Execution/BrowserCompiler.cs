using System.Text.Json.Nodes;
using NotebookHost.Notebooks;

namespace NotebookHost.Execution;

/// <summary>
/// The compiler of a session, which starts with the first cell that was not prepared. A type of its own, because a page may
/// run without the assemblies that it is made of.
/// </summary>
internal sealed class BrowserCompiler
{
    private readonly PageCompiler _compiler = new(BrowserReferences.All);

    /// <summary>Compiles what nothing follows, so that a reader's first cell need not wait for it.</summary>
    public void WarmUp() =>
        _compiler
            .Compilation(
                "using NotebookSupport; Console.WriteLine($\"{Enumerable.Range(0, 3).Select(i => 2.0 * i).Max():F2}\"); Table.Of([1])",
                "cell 0"
            )
            .Emit(Stream.Null);

    /// <inheritdoc cref="PageCompiler.Compile"/>
    public PreparedCell? Compile(string code, string name, out ErrorOutput? error)
    {
        try
        {
            return _compiler.Compile(code, name, out error);
        }
        catch (ReferenceException missing)
        {
            error = CellError.Of(missing);
            return null;
        }
    }

    /// <summary>What may stand at a place of a cell, as JSON: the names that the compiler knows there.</summary>
    public JsonObject Complete(string code, int position) =>
        Completion.At(_compiler.Compilation(code, "cell"), position);
}
