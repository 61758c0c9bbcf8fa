using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;
using Microsoft.DotNet.Interactive;

namespace NotebookHost.Execution;

/// <summary>
/// Runs the C# cells of one notebook, each seeing what those before it declared. The console and
/// <see cref="KernelInvocationContext.Current"/> belong to the process, so a process holds one session.
/// </summary>
internal sealed class CSharpSession
{
    private static readonly MethodInfo HasReturnValue = typeof(Script).GetMethod(
        "HasReturnValue",
        BindingFlags.Instance | BindingFlags.NonPublic
    )!;

    private readonly Action<Output> _show;
    private readonly References _references;
    private readonly ConsoleCapture _console;
    private readonly InteractiveAssemblyLoader _loader = new();
    private readonly Lock _order = new();
    private ScriptOptions _options;
    private ScriptState<object>? _state;
    private int _cells;

    /// <param name="folder">What <c>#r</c> and <c>#load</c> are relative to.</param>
    /// <param name="show">Receives what cells show as it happens, one output at a time, from any thread.</param>
    public CSharpSession(string folder, Action<Output> show)
    {
        _show = show;
        _console = new ConsoleCapture(output => Show(output));
        _references = new References(folder, _loader);
        KernelInvocationContext.Current = new KernelInvocationContext(output =>
        {
            _console.Flush();
            Show(output);
        });
        _loader.RegisterDependency(typeof(Kernel).Assembly);
        _options = ScriptOptions
            .Default.WithLanguageVersion(LanguageVersion.Latest)
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithEmitDebugInformation(true)
            .WithFileEncoding(Encoding.UTF8)
            .WithMetadataResolver(_references)
            .WithSourceResolver(new SourceFileResolver([], folder))
            .AddReferences(typeof(Kernel).Assembly)
            .AddImports(
                "System",
                "System.Text",
                "System.Collections",
                "System.Collections.Generic",
                "System.Threading.Tasks",
                "System.Linq",
                "Microsoft.DotNet.Interactive",
                "Microsoft.DotNet.Interactive.Kernel"
            );
    }

    /// <summary>Runs a cell; returns false where it failed, after an <see cref="ErrorOutput"/> was shown.</summary>
    public async Task<bool> ExecuteAsync(string code, CancellationToken cancellation = default)
    {
        string name = $"cell {++_cells}";
        ErrorOutput? error = null;
        try
        {
            _options = _references.Load(code, _options).WithFilePath(name);
            _state = _state is null
                ? await CSharpScript
                    .Create<object>(code, _options, assemblyLoader: _loader)
                    .RunAsync(null, _ => true, cancellation)
                : await _state.ContinueWithAsync<object>(code, _options, _ => true, cancellation);
            if (_state.Exception is { } exception)
                error = CellError.Of(exception, name);
        }
        catch (CompilationErrorException exception)
        {
            error = CellError.Of(exception);
        }
        catch (ReferenceException exception)
        {
            error = CellError.Of(exception);
        }
        catch (Exception exception)
        {
            error = CellError.Of(exception, name);
        }
        _console.Flush();
        if (error is not null)
            Show(error);
        else if ((bool)HasReturnValue.Invoke(_state!.Script, null)!)
            error = ShowResult(_state.ReturnValue, name);
        return error is null;
    }

    private ErrorOutput? ShowResult(object? value, string name)
    {
        try
        {
            Show(new ResultOutput(MimeBundle.Of(value, [])));
            return null;
        }
        catch (Exception exception)
        {
            ErrorOutput error = CellError.Of(exception, name);
            Show(error);
            return error;
        }
    }

    private void Show(Output output)
    {
        lock (_order)
            _show(output);
    }
}
