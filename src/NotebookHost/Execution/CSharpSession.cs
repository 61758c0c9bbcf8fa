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
    /// <summary>What a cell need not import.</summary>
    public static readonly IReadOnlyList<string> Imports =
    [
        "System",
        "System.Text",
        "System.Collections",
        "System.Collections.Generic",
        "System.Threading.Tasks",
        "System.Linq",
        "Microsoft.DotNet.Interactive",
        "Microsoft.DotNet.Interactive.Kernel",
    ];

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

    /// <param name="folder">What <c>#r</c> and <c>#load</c> are relative to.</param>
    /// <param name="show">Receives what cells show as it happens, one output at a time, from any thread.</param>
    /// <param name="ask">Asks the reader; null where nobody can answer.</param>
    public CSharpSession(string folder, Action<Output> show, AskReader? ask = null)
    {
        _show = show;
        _console = new ConsoleCapture(output => Show(output));
        _references = new References(folder, _loader);
        KernelInvocationContext.Current = new KernelInvocationContext(
            output =>
            {
                _console.Flush();
                Show(output);
            },
            ask is null
                ? null
                : (prompt, isPassword) =>
                {
                    _console.Flush();
                    return ask(prompt, isPassword);
                }
        );
        _loader.RegisterDependency(typeof(Kernel).Assembly);
        _options = ScriptOptions
            .Default.WithLanguageVersion(LanguageVersion.Latest)
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithEmitDebugInformation(true)
            .WithFileEncoding(Encoding.UTF8)
            .WithMetadataResolver(_references)
            .WithSourceResolver(new SourceFileResolver([], folder))
            .AddReferences(typeof(Kernel).Assembly)
            .AddImports(Imports);
    }

    /// <summary>The cells so far whose declarations the next one sees, in order.</summary>
    public List<string> Ran { get; } = [];

    /// <summary>The files of the assemblies that cells referred to, with their dependencies.</summary>
    public IEnumerable<string> ReferencedFiles => _references.Files;

    /// <summary>Finds what <c>#r</c> names.</summary>
    public MetadataReferenceResolver Resolver => _references;

    /// <summary>Runs a cell; returns what went wrong, after it was shown, or null.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="number">What front ends show beside it; errors name it.</param>
    /// <param name="interruption">Stops the cell.</param>
    public async Task<ErrorOutput?> ExecuteAsync(string code, int number, CancellationToken interruption = default)
    {
        string name = $"cell {number}";
        ErrorOutput? error = null;
        KernelInvocationContext.Current.CancellationToken = interruption;
        try
        {
            ScriptOptions options = await _references.LoadAsync(
                code,
                _options,
                sentence => Show(new StreamOutput("stdout", sentence + "\n")),
                interruption
            );
            _options = options.WithFilePath(name);
            code = Directive.AsComments(code);
            _state = await RunAsync(code, interruption);
            Ran.Add(code);
            if (_state.Exception is { } exception)
                error = interruption.IsCancellationRequested
                    ? CellError.Of(Interrupted(exception), exception, name)
                    : CellError.Of(exception, name);
        }
        catch (CompilationErrorException exception)
        {
            error = CellError.Of(exception);
        }
        catch (ReferenceException exception)
        {
            error = CellError.Of(exception);
        }
        catch (InterruptedException exception)
        {
            error = CellError.Of(exception, null, name);
        }
        catch (OperationCanceledException) when (interruption.IsCancellationRequested)
        {
            error = CellError.Of(new InterruptedException("The cell was interrupted."), null, name);
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
        return error;
    }

    /// <summary>The value of an expression after the cells so far, which leaves them as they are.</summary>
    public async Task<IReadOnlyDictionary<string, string>> EvaluateAsync(
        string expression,
        CancellationToken interruption
    )
    {
        ScriptState<object> state = await RunAsync(expression, interruption);
        return state.Exception is { } exception ? throw exception : MimeBundle.Of(state.ReturnValue, []);
    }

    private async Task<ScriptState<object>> RunAsync(string code, CancellationToken interruption)
    {
        ScriptState<object>? before = _state;
        Script<object> Compiled(string text)
        {
            Script<object> script = before is null
                ? CSharpScript.Create<object>(text, _options, assemblyLoader: _loader)
                // What is imported once stays so; a second time, a type that both see would be ambiguous.
                : before.Script.ContinueWith<object>(text, _options.WithImports());
            return
                script.Compile(CancellationToken.None).Any(d => d.Severity == DiagnosticSeverity.Error) && text != code
                ? Compiled(code) // Its errors are in the columns that the reader wrote.
                : script;
        }
        Script<object> script = Compiled(interruption.CanBeCanceled ? LoopGuard.Into(code) : code);
        using CancellationTokenRegistration registration = LoopGuard.Follow(interruption);
        return await StoppableCell.RunAsync(
            () =>
                before is null
                    ? script.RunAsync(null, _ => true, CancellationToken.None)
                    : script.RunFromAsync(before, _ => true, CancellationToken.None),
            interruption
        );
    }

    /// <summary>What looked for the interruption, as the trainer does, says how far it was.</summary>
    private static InterruptedException Interrupted(Exception exception) =>
        exception is OperationCanceledException ? new(exception.Message) : new("The cell was interrupted.");

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

/// <summary>Asks the reader for a line of text, hidden where it is a password.</summary>
internal delegate Task<string> AskReader(string prompt, bool isPassword);
