using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json.Nodes;
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
    private IReadOnlyList<PreparedCell> _prepared = [];
    private int _ran; // How many of the prepared ones.
    private bool _isAsStored = true; // Nothing else ran.
    private BrowserCompiler? _compiler;
    private int _known; // How many of the prepared ones that ran the compiler knows.
    private object?[] _states = new object?[2];

    /// <param name="show">Receives what cells show as it happens, one output at a time.</param>
    public BrowserSession(Action<Output> show)
    {
        _outputs = new CellOutputs(show);
        Formatter.SubscribeToDisplayedValues(Take);
        s_take = Take;
    }

    /// <summary>Shows a value in the running cell.</summary>
    public static void Show(DisplayedValue value) => s_take!(value);

    /// <summary>Takes the cells of a page, compiled when it was written.</summary>
    public void Prepare(byte[] cells) => _prepared = PreparedCell.Read(cells);

    /// <summary>Whether a cell can run without the compiler, which then need not be there.</summary>
    public bool IsPrepared(string code) => _isAsStored && _ran < _prepared.Count && _prepared[_ran].Code == code;

    /// <summary>Starts the compiler.</summary>
    public void WarmUp() => Compiler().WarmUp();

    /// <summary>What may stand at a place of a cell: the names that the compiler knows there.</summary>
    public JsonObject Complete(string code, int position) => Compiler().Complete(code, position);

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
            ErrorOutput? error = null;
            bool isPrepared = IsPrepared(code);
            if ((isPrepared ? _prepared[_ran] : Compiler().Compile(code, name, out error)) is not { } cell)
                return error;
            if (isPrepared)
                _ran++;
            else
                _isAsStored = false;
            if (!cell.Runs)
                return null;
            Assembly assembly = AssemblyLoadContext.Default.LoadFromStream(new MemoryStream(cell.Assembly));
            CellTrace.Add(assembly, cell.Symbols);
            Array.Resize(ref _states, _states.Length + 1);
            object? value = await assembly
                .GetType(cell.Entry.Type)!
                .GetMethod(cell.Entry.Method, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
                .CreateDelegate<Func<object?[], Task<object?>>>()(_states);
            if (cell.HasValue && value is not DisplayedValue)
                _outputs.Add(new ResultOutput(MimeBundle.Of(value)));
            return null;
        }
        catch (Exception exception)
        {
            return WithReason(CellError.Of(exception, name), exception);
        }
    }

    /// <summary>The compiler, after it compiled what ran without it: by emitting, it names what later cells refer to.</summary>
    private BrowserCompiler Compiler()
    {
        _compiler ??= new BrowserCompiler();
        for (; _known < _ran; _known++)
            _compiler.Compile(_prepared[_known].Code, _prepared[_known].Name, out _);
        return _compiler;
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
}
