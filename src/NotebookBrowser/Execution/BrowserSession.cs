using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;
using Microsoft.DotNet.Interactive.Formatting;
using NotebookHost.Notebooks;

namespace NotebookHost.Execution;

/// <summary>
/// Runs C# cells in a browser, each seeing what those before it declared: on one thread, with what came with the page, and
/// ended by nothing but the end of its worker.
/// </summary>
internal sealed class BrowserSession
{
    private static Action<DisplayedValue>? s_take;

    private readonly CellOutputs _outputs;
    private readonly Dictionary<DisplayedValue, (int Id, IReadOnlyDictionary<string, string> Data)> _displays = [];
    private CSharpCompilation? _ran;
    private object?[] _states = new object?[2];
    private int _compiled;

    /// <param name="show">Receives what cells show as it happens, one output at a time.</param>
    public BrowserSession(Action<Output> show)
    {
        _outputs = new CellOutputs(show);
        Formatter.SubscribeToDisplayedValues(Take);
        s_take = Take;
    }

    /// <summary>Shows a value in the running cell.</summary>
    public static void Show(DisplayedValue value) => s_take!(value);

    /// <summary>Starts the compiler.</summary>
    public void WarmUp()
    {
        CSharpCompilation compilation = Compilation(
            "using NotebookSupport; Console.WriteLine($\"{Enumerable.Range(0, 3).Select(i => 2.0 * i).Max():F2}\"); Table.Of([1])",
            "cell 0"
        );
        compilation.Emit(Stream.Null);
    }

    /// <summary>Runs a cell; returns what went wrong, after it was shown, or null.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="number">The number that errors name.</param>
    /// <param name="usings">What cells import that were left out before it.</param>
    public async Task<ErrorOutput?> ExecuteAsync(string code, int number, string usings = "")
    {
        string name = $"cell {number.ToString(CultureInfo.InvariantCulture)}";
        Console.SetOut(_outputs.Writer("stdout"));
        Console.SetError(_outputs.Writer("stderr"));
        _outputs.Begin();
        if (usings.Length > 0)
            await RunAsync(usings, name);
        ErrorOutput? error = await RunAsync(code, name);
        if (error is not null)
            _outputs.Add(error);
        _outputs.Flush();
        return error;
    }

    private async Task<ErrorOutput?> RunAsync(string code, string name)
    {
        try
        {
            if (CodeDepth.Refusal(code) is { } refusal)
                return CellError.Refused(refusal);
            if (Directive.HasCommand(code))
                return CellError.Of("A page runs C# alone; it has no commands that begin with #!.", "");
            BrowserReferences.Check(code);
            CSharpCompilation compilation = Compilation(Directive.AsComments(code), name);
            if (Loaded(compilation, out IEnumerable<Diagnostic> diagnostics) is not { } assembly)
            {
                if (diagnostics.Any(one => one.Severity == DiagnosticSeverity.Error))
                    return CellError.Of(diagnostics);
                _ran = compilation; // Nothing to run, as in a cell of only `using`.
                return null;
            }
            _ran = compilation;
            Array.Resize(ref _states, _states.Length + 1);
            IMethodSymbol entry = compilation.GetEntryPoint(CancellationToken.None)!;
            object? value = await assembly
                .GetType(entry.ContainingType.MetadataName)!
                .GetMethod(entry.MetadataName, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
                .CreateDelegate<Func<object?[], Task<object?>>>()(_states);
            if (HasSubmissionResult(compilation) && value is not DisplayedValue)
                _outputs.Add(new ResultOutput(MimeBundle.Of(value)));
            return null;
        }
        catch (ReferenceException missing)
        {
            return CellError.Of(missing);
        }
        catch (Exception exception)
        {
            return WithReason(CellError.Of(exception, name), exception);
        }
    }

    /// <summary>Says what a browser lacks, where that is why the cell failed.</summary>
    private static ErrorOutput WithReason(ErrorOutput error, Exception exception)
    {
        string? reason = exception.GetBaseException() switch
        {
            FileNotFoundException or DirectoryNotFoundException =>
                "   (a page has no files; open the notebook in VS Code or Jupyter to read one)",
            PlatformNotSupportedException =>
                "   (a browser has neither threads to wait for nor other programs; open the notebook in VS Code or Jupyter)",
            OutOfMemoryException => "   (a browser gives a page some gigabytes at most)",
            _ => null,
        };
        return reason is null ? error : error with { Trace = [.. error.Trace, reason] };
    }

    private CSharpCompilation Compilation(string code, string name)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(
            SourceText.From(code, Encoding.UTF8),
            CellLanguage.ParseOptions,
            path: name
        );
        int number = _compiled++;
        return CSharpCompilation.CreateScriptCompilation(
            $"cell-{number}",
            tree,
            BrowserReferences.All,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                scriptClassName: $"Submission#{number}",
                // What is imported once stays so; a second time, a type that both see would be ambiguous.
                usings: _ran is null ? CellLanguage.Imports : [],
                optimizationLevel: OptimizationLevel.Release,
                allowUnsafe: true,
                concurrentBuild: false
            ),
            _ran,
            typeof(object)
        );
    }

    private static Assembly? Loaded(CSharpCompilation compilation, out IEnumerable<Diagnostic> diagnostics)
    {
        using var code = new MemoryStream();
        var lines = new MemoryStream();
        EmitResult result = compilation.Emit(
            code,
            lines,
            options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb)
        );
        diagnostics = result.Diagnostics;
        if (!result.Success)
            return null;
        code.Position = lines.Position = 0;
        Assembly assembly = AssemblyLoadContext.Default.LoadFromStream(code);
        CellTrace.Add(assembly, lines);
        return assembly;
    }

    /// <summary>What may stand at a place of a cell: the names that the compiler knows there.</summary>
    public JsonObject Complete(string code, int position)
    {
        CSharpCompilation compilation = Compilation(Directive.AsComments(code), "cell");
        return Completion.At(compilation, position);
    }

    /// <summary>A value that is shown or replaced.</summary>
    private void Take(DisplayedValue value)
    {
        IReadOnlyDictionary<string, string> data = MimeBundle.Of(value.Value, value.FormattedValues);
        if (
            value.IsUpdated
            && _displays.TryGetValue(value, out (int Id, IReadOnlyDictionary<string, string> Data) shown)
        )
        {
            _outputs.Add(new UpdateOutput(shown.Id, MimeBundle.AsBefore(shown.Data, data)));
            return;
        }
        int id = _displays.Count + 1;
        _displays[value] = (id, data);
        _outputs.Add(new DisplayOutput(id, data));
    }

    /// <summary>Whether a cell ends in a value, as the compiler sees it.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "HasSubmissionResult")]
    private static extern bool HasSubmissionResult(CSharpCompilation compilation);
}
