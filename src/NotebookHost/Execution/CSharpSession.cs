using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using NotebookHost.Notebooks;

namespace NotebookHost.Execution;

/// <summary>
/// Runs C# cells by Roslyn's scripting, inside a kernel of .NET Interactive. The console and unhandled exceptions belong to
/// the process, so a process holds one session.
/// </summary>
internal sealed partial class CSharpSession : ICellSession
{
    /// <summary>Where NotebookSupport finds how the loops of an exercise's answer are stopped.</summary>
    private const string LoopCancellation = "NotebookSupport.LoopCancellation";

    private static readonly MethodInfo HasReturnValue = typeof(Script).GetMethod(
        "HasReturnValue",
        BindingFlags.Instance | BindingFlags.NonPublic
    )!;

    /// <summary>The standard messages of .NET for a cancellation.</summary>
    private static readonly string[] CanceledMessages =
    [
        new OperationCanceledException().Message,
        new TaskCanceledException().Message,
    ];

    private readonly OutputQueue _outputs;
    private readonly CellConsole _console;
    private readonly References _references;
    private readonly SubmissionChain _ran;
    private readonly CodeAssistant _assistant;
    private readonly InteractiveAssemblyLoader _loader = new();
    private readonly CompositeKernel _root = new();
    private readonly Dictionary<string, (int Id, IReadOnlyDictionary<string, string> Data)> _displays = [];
    private ScriptOptions _options;
    private Cell _cell = new("", "", new CellRun(CancellationToken.None), CancellationToken.None);

    /// <param name="folder">What <c>#r</c> and <c>#load</c> are relative to.</param>
    /// <param name="show">Receives what cells show as it happens, one output at a time.</param>
    /// <param name="ask">Asks the reader; null where nobody can answer.</param>
    public CSharpSession(string folder, Action<Output> show, AskReader? ask = null)
    {
        // A notebook gives the same outputs wherever it runs; a cell may choose another culture.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        _outputs = new OutputQueue(show);
        _console = new CellConsole(_outputs, ask);
        _references = new References(folder, _loader);
        _ran = new SubmissionChain(_references, () => _references.Files);
        _assistant = new CodeAssistant(_ran);
        foreach (Assembly assembly in SubmissionChain.Assemblies)
            _loader.RegisterDependency(assembly);
        _options = ScriptOptions
            .Default.WithLanguageVersion(CellLanguage.ParseOptions.SpecifiedLanguageVersion)
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithEmitDebugInformation(true)
            .WithFileEncoding(Encoding.UTF8)
            .WithMetadataResolver(_references)
            .WithSourceResolver(new CellSources(folder))
            .AddReferences(SubmissionChain.Assemblies)
            .AddImports(CellLanguage.Imports);
        _root.Add(new CellKernel(this), ["c#", "C#"]);
        _root.DefaultKernelName = "csharp";
        OtherKernels.AddTo(_root);
        _root.RegisterCommandHandler<RequestInput>((request, context) => AskAsync(request, context, ask));
        _root.SetDefaultTargetKernelNameForCommand(typeof(RequestInput), _root.Name);
        _root.KernelEvents.Subscribe(Take);
        Formatter.SubscribeToDisplayedValues(TakeLate);
        ExceptionHandling.SetUnhandledExceptionHandler(TakeUnhandled);
        AppContext.SetData(LoopCancellation, (Action<CancellationToken>)CellRun.Follow);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => _outputs.Flush(TimeSpan.FromSeconds(1));
    }

    /// <summary>A session in the current directory.</summary>
    public static CSharpSession Here(Action<Output> show, AskReader? ask) =>
        new(Directory.GetCurrentDirectory(), show, ask);

    /// <summary>What the cells so far left; null before the first.</summary>
    public ScriptState<object>? State { get; private set; }

    public string LanguageVersion { get; } =
        CellLanguage.ParseOptions.LanguageVersion.MapSpecifiedToEffectiveVersion().ToDisplayString();

    public async Task<ErrorOutput?> ExecuteAsync(string code, int number, CancellationToken interruption)
    {
        Cell cell = _cell = new($"cell {number}", code, new CellRun(interruption), interruption);
        try
        {
            if (await DeepStack.RunAsync(() => CodeDepth.Refusal(code)).WaitAsync(interruption) is { } refusal)
                Fail(cell, CellError.Refused(refusal));
            else
                await _root.SendAsync(
                    Directive.HasCommand(code) ? new SubmitCode(code) : new RunCell(code),
                    CancellationToken.None
                );
        }
        catch (OperationCanceledException) when (interruption.IsCancellationRequested)
        {
            Fail(cell, CellError.Of(new InterruptedException(CellRun.StillRuns), null, cell.Name));
        }
        _outputs.Flush();
        return cell.Error;
    }

    public async Task<IReadOnlyDictionary<string, string>> EvaluateAsync(
        string expression,
        CancellationToken interruption
    )
    {
        var cell = new Cell("expression", expression, new CellRun(interruption), interruption);
        ScriptState<object> state = await cell.Run.ExecuteAsync(() => EvaluateAsync(expression, cell));
        return state.Exception is { } exception ? throw exception : MimeBundle.Of(state.ReturnValue);
    }

    public Task<Completions> CompleteAsync(string code, int cursor) => _assistant.CompleteAsync(code, cursor);

    public Task<string?> InspectAsync(string code, int cursor) => _assistant.InspectAsync(code, cursor);

    public Task<Completeness> CompletenessAsync(string code) => CodeAssistant.CompletenessAsync(code);

    /// <summary>
    /// Runs a cell, a part of one, or code that a running cell submits; returns what went wrong, after it was shown, or null.
    /// </summary>
    /// <param name="code">What to run.</param>
    /// <param name="context">The command of .NET Interactive that asks for it.</param>
    public async Task<ErrorOutput?> RunAsync(string code, KernelInvocationContext context)
    {
        Cell cell = _cell;
        _console.TakeOver();
        if (code != cell.Code && cell.Code.IndexOf(code, StringComparison.Ordinal) is var start and > 0)
            code = new string('\n', cell.Code.AsSpan(0, start).Count('\n')) + code;
        ErrorOutput? error = null;
        // Not disposed of: that would wait for what a cell registered with its own token.
        CancellationTokenRegistration registration = cell.Interruption.Register(() => Cancellation(context).Cancel());
        try
        {
            ScriptOptions options = await _references.LoadAsync(
                code,
                _options,
                sentence => _outputs.Add("stdout", sentence + "\n"),
                cell.Interruption
            );
            _options = options.WithFilePath(cell.Name);
            await LoadExtensionsAsync();
            code = Directive.AsComments(code);
            ScriptState<object> state = await (
                CellRun.Current == cell.Run
                    ? EvaluateAsync(code, cell)
                    : cell.Run.ExecuteAsync(() => EvaluateAsync(code, cell))
            );
            State = state;
            _ran.Add(code);
            if (state.Exception is { } exception)
                error = cell.Interruption.IsCancellationRequested
                    ? CellError.Of(Interrupted(exception, cell.Run), exception, cell.Name)
                    : CellError.Of(exception, cell.Name);
            else if (cell.Interruption.IsCancellationRequested)
                // It ended without an error, but perhaps only because one of its threads was stopped.
                error = CellError.Of(Interrupted(new OperationCanceledException(), cell.Run), null, cell.Name);
            else if ((bool)HasReturnValue.Invoke(state.Script, null)! && state.ReturnValue is not DisplayedValue)
                _outputs.Add(new ResultOutput(MimeBundle.Of(state.ReturnValue)));
        }
        catch (Exception exception)
        {
            error = exception switch
            {
                CompilationErrorException failure => CellError.Of(failure.Diagnostics),
                ReferenceException failure => CellError.Of(failure),
                InsufficientExecutionStackException => CellError.Refused(
                    "The code of the cell is nested too deep for the compiler."
                ),
                InterruptedException interrupted => CellError.Of(interrupted, null, cell.Name),
                _ when cell.Interruption.IsCancellationRequested => CellError.Of(
                    Interrupted(exception, cell.Run),
                    exception,
                    cell.Name
                ),
                _ => CellError.Of(exception, cell.Name),
            };
        }
        registration.Unregister();
        if (error is not null)
            Fail(cell, error);
        return error;
    }

    /// <summary>Runs the .NET Interactive extensions of newly loaded packages, which may add formatters and commands.</summary>
    private async Task LoadExtensionsAsync()
    {
        foreach (string folder in _references.TakeExtensions())
        {
            foreach (string file in Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal))
            foreach (
                Type type in Assembly
                    .LoadFrom(file)
                    .ExportedTypes.Where(t => t is { IsAbstract: false } && t.IsAssignableTo(typeof(IKernelExtension)))
            )
                await ((IKernelExtension)Activator.CreateInstance(type)!).OnLoadAsync(_root);
            var script = new FileInfo(Path.Combine(folder, "extension.dib"));
            if (script.Exists)
                await _root.LoadAndRunInteractiveDocument(script);
        }
    }

    private async Task<ScriptState<object>> EvaluateAsync(string code, Cell cell)
    {
        ScriptState<object>? before = State;
        Script<object> script = await DeepStack.RunAsync(() =>
            CodeDepth.Refusal(code) is null
                ? Compiled(code, before, cell.Interruption)
                : throw new InsufficientExecutionStackException()
        );
        return before is null
            ? await script.RunAsync(null, _ => true, CancellationToken.None)
            : await script.RunFromAsync(before, _ => true, CancellationToken.None);
    }

    private Script<object> Compiled(string code, ScriptState<object>? before, CancellationToken interruption)
    {
        string written = CellCode.Guarded(code);
        Script<object> script = Compiled(written);
        return written != code && script.Compile(interruption).Any(d => d.Severity == DiagnosticSeverity.Error)
            ? Compiled(code) // Its errors name the columns that the reader wrote.
            : script;

        Script<object> Compiled(string text)
        {
            Script<object> made = before is null
                ? CSharpScript.Create<object>(text, _options, assemblyLoader: _loader)
                // What is imported once stays so; a second time, a type that both see would be ambiguous.
                : before.Script.ContinueWith<object>(text, _options.WithImports());
            made.Compile(interruption);
            return made;
        }
    }

    /// <summary>Code that watches for the interruption itself, as the trainer does, says in its exception how far it got.</summary>
    private static InterruptedException Interrupted(Exception exception, CellRun run) =>
        run.LeftBehind is { } left ? new(left)
        : exception is OperationCanceledException && !CanceledMessages.Contains(exception.Message)
            ? new(exception.Message)
        : new("The cell was interrupted.");

    private void Fail(Cell cell, ErrorOutput error)
    {
        cell.Error ??= error;
        _outputs.Add(error);
    }

    /// <summary>Passes on what .NET Interactive's own kernels show.</summary>
    private void Take(KernelEvent shown)
    {
        switch (shown)
        {
            case DisplayedValueUpdated updated:
                Update(updated.ValueId, MimeBundle.Of(updated.Value, updated.FormattedValues));
                break;
            case DisplayedValueProduced produced:
                Display(produced.ValueId, MimeBundle.Of(produced.Value, produced.FormattedValues));
                break;
            case ReturnValueProduced returned:
                Display(null, MimeBundle.Of(returned.Value, returned.FormattedValues));
                break;
            case StandardOutputValueProduced or StandardErrorValueProduced:
                string stream = shown is StandardErrorValueProduced ? "stderr" : "stdout";
                foreach (FormattedValue text in ((DisplayEvent)shown).FormattedValues)
                    _outputs.Add(stream, text.Value);
                break;
            case ErrorProduced error:
                _outputs.Add("stderr", error.Message + "\n");
                break;
            // An error that the session itself found has already been shown.
            case CommandFailed failed when _cell.Error is null:
                Match place = Place().Match(failed.Exception?.Message ?? failed.Message ?? "");
                Fail(_cell, CellError.Of(place.Groups["text"].Value, place.Groups["line"].Value));
                break;
        }
    }

    /// <summary>A value that is shown or replaced after the cell that did so has ended.</summary>
    private void TakeLate(DisplayedValue value)
    {
        if (KernelInvocationContext.Current is not { IsComplete: true })
            return;
        IReadOnlyDictionary<string, string> data = MimeBundle.Of(value.Value, value.FormattedValues);
        if (value.IsUpdated)
            Update(value.DisplayId, data);
        else
            Display(value.DisplayId, data);
    }

    private void Display(string? name, IReadOnlyDictionary<string, string> data)
    {
        lock (_displays)
        {
            int id = _displays.Count + 1;
            _displays[name ?? $"unnamed {id}"] = (id, data);
            _outputs.Add(new DisplayOutput(id, data));
        }
    }

    private void Update(string name, IReadOnlyDictionary<string, string> data)
    {
        lock (_displays)
            if (_displays.TryGetValue(name, out (int Id, IReadOnlyDictionary<string, string> Data) shown))
                _outputs.Add(new UpdateOutput(shown.Id, MimeBundle.AsBefore(shown.Data, data)));
            else
                Display(name, data);
    }

    private async Task AskAsync(RequestInput request, KernelInvocationContext context, AskReader? ask)
    {
        try
        {
            _outputs.Flush();
            string answer = ask is null
                ? throw CellConsole.Unanswered(request.Prompt)
                : await ask(request.Prompt, request.InputTypeHint == "password");
            context.Publish(new InputProduced(answer, request));
        }
        catch (Exception error)
        {
            context.Fail(request, message: error.Message);
        }
    }

    /// <summary>
    /// An exception that a thread, a timer or an <c>async void</c> of a cell let through is shown, and the process lives.
    /// </summary>
    private bool TakeUnhandled(Exception exception)
    {
        CellRun? run = CellRun.Current;
        if (run is null && !CellError.IsOfCell(exception))
            return false;
        if (exception is CellStoppedException or ThreadInterruptedException)
            return true;
        ErrorOutput error = CellError.Unobserved(exception, _cell.Name);
        if (run is null || run == _cell.Run)
            _cell.Error ??= error;
        _outputs.Add(error);
        return true;
    }

    /// <summary>The source that an interruption cancels; the context's own Cancel method would drop its outputs too.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_cancellationTokenSource")]
    private static extern ref CancellationTokenSource Cancellation(KernelInvocationContext context);

    [GeneratedRegex(@"^cell \d+$")]
    private static partial Regex CellName();

    [GeneratedRegex(@"^(\((?<line>\d+),\d+\): error \w+: )?(?<text>.*)$", RegexOptions.Singleline)]
    private static partial Regex Place();

    /// <summary>In stack traces a cell has its name without the notebook's folder, so that outputs do not depend on where that is.</summary>
    private sealed class CellSources(string folder) : SourceFileResolver([], folder)
    {
        public override string? NormalizePath(string path, string? baseFilePath) =>
            CellName().IsMatch(path) ? path : base.NormalizePath(path, baseFilePath);

        public override string? ResolveReference(string path, string? baseFilePath) =>
            base.ResolveReference(
                path,
                baseFilePath is not null && CellName().IsMatch(baseFilePath) ? null : baseFilePath
            );
    }

    private sealed record Cell(string Name, string Code, CellRun Run, CancellationToken Interruption)
    {
        public ErrorOutput? Error { get; set; }
    }
}
