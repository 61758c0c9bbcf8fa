using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace NotebookHost.Execution;

/// <summary>How a program ended and what it wrote.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Errors);

/// <summary>What program to start, and how.</summary>
/// <param name="Program">Its file, or a name on the PATH.</param>
/// <param name="Arguments">Each as it is.</param>
internal sealed record ChildStart(string Program, params IEnumerable<string> Arguments)
{
    /// <summary>Its current directory; default that of this process.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Variables of its environment besides those of this process.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether its input stays open, for as long as this process lives; else it is closed at once.</summary>
    public bool KeepsInput { get; init; }
}

/// <summary>A process that this one starts. It goes when this is disposed of, with all that it started.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts it; throws <see cref="Win32Exception"/> where there is no such program.</summary>
    public ChildProcess(ChildStart start)
    {
        var info = new ProcessStartInfo(start.Program, start.Arguments)
        {
            WorkingDirectory = start.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach ((string name, string value) in start.Variables)
            info.Environment[name] = value;
        _process = Process.Start(info)!;
        if (!start.KeepsInput)
            _process.StandardInput.Close();
    }

    public int Id => _process.Id;

    /// <summary>Its input, where that stays open.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    public StreamReader Output => _process.StandardOutput;

    public StreamReader Errors => _process.StandardError;

    /// <summary>Its exit code; null while it runs.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>The most memory that it held so far, in bytes; 0 where it has ended.</summary>
    public long PeakMemory => WhileItLives(process => process.PeakWorkingSet64);

    /// <summary>The memory that it holds now, in bytes; 0 where it has ended.</summary>
    public long Memory => WhileItLives(process => process.WorkingSet64);

    /// <summary>The time that it kept processors busy so far; 0 where it has ended.</summary>
    public TimeSpan ProcessorTime => WhileItLives(process => process.TotalProcessorTime);

    /// <summary>What is known of the process; nothing where it has ended, also in the midst of asking.</summary>
    private T WhileItLives<T>(Func<Process, T> ask)
        where T : struct
    {
        try
        {
            _process.Refresh();
            return _process.HasExited ? default : ask(_process);
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException)
        {
            return default;
        }
    }

    /// <summary>
    /// Runs a program to its end. A cancellation kills it with all that it started, and throws
    /// <see cref="OperationCanceledException"/> when it is gone.
    /// </summary>
    public static async Task<ProcessResult> RunAsync(ChildStart start, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var child = new ChildProcess(start);
        try
        {
            // What it started may hold its streams open when it is killed: nobody waits for them then.
            Task<string> errors = child.Errors.ReadToEndAsync(CancellationToken.None);
            string output = await child.Output.ReadToEndAsync(CancellationToken.None).WaitAsync(cancellation);
            string written = await errors.WaitAsync(cancellation);
            await child.WaitForExitAsync(cancellation);
            return new ProcessResult(child._process.ExitCode, output, written);
        }
        catch (OperationCanceledException)
        {
            child.Kill();
            await child.WaitForExitAsync(CancellationToken.None);
            throw;
        }
    }

    public Task WaitForExitAsync(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    /// <summary>Ends it with all that it started.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended by itself, or a child of it belongs to another user.
        }
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }
}
