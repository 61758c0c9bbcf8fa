using System.Diagnostics;
using System.Globalization;
using NotebookHost.Notebooks;

namespace NotebookHost.Execution;

/// <summary>Why a notebook stopped: the code cell, from 1; the line in it, from 1, 0 where none is to blame.</summary>
internal sealed record CellFailure(int Cell, int Line, string Message);

/// <summary>How long a cell took, and for how long it kept processors busy; the first cell's includes the start of the process.</summary>
internal sealed record CellTime(CodeCell Cell, TimeSpan Elapsed, TimeSpan Processor);

/// <summary>An executed notebook; after a failure it holds the outputs up to it.</summary>
internal sealed record NotebookRun(
    Notebook Executed,
    CellFailure? Failure,
    TimeSpan Elapsed,
    long PeakMemory,
    IReadOnlyList<CellTime> Times
)
{
    /// <summary>The time for which the notebook's process kept processors busy.</summary>
    public TimeSpan Processor => TimeSpan.FromTicks(Times.Sum(time => time.Processor.Ticks));
}

/// <summary>
/// Runs the cells of a notebook in order, in a process of its own, up to the first that fails. The error of a cell that
/// may raise one is what the cell shows, as long as the process lives.
/// </summary>
internal static class NotebookRunner
{
    private const string Timeout = "Timeout";
    private const string ProcessExited = "ProcessExited";

    /// <param name="notebook">What to run; it stays as it is.</param>
    /// <param name="folder">The current directory of the cells.</param>
    /// <param name="timeout">The time that all cells together may take.</param>
    /// <param name="cellDone">Told after each cell how many ran.</param>
    /// <param name="cancellation">Kills the process.</param>
    public static async Task<NotebookRun> RunAsync(
        Notebook notebook,
        string folder,
        TimeSpan timeout,
        Action<int> cellDone,
        CancellationToken cancellation
    )
    {
        var clock = Stopwatch.StartNew();
        Notebook executed = notebook.WithoutOutputs();
        var recorder = new OutputRecorder();
        CellFailure? failure = null;
        long peak = 0;
        var times = new List<CellTime>();
        using var process = new NotebookProcess(folder);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        foreach (CodeCell cell in executed.CodeCells)
        {
            cell.SetExecuted();
            TimeSpan started = clock.Elapsed;
            TimeSpan before = times.Count == 0 ? TimeSpan.Zero : process.ProcessorTime;
            try
            {
                await process.ExecuteAsync(cell.Code, output => Record(cell, output), limit.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                string message = string.Create(
                    CultureInfo.InvariantCulture,
                    $"The notebook took longer than {timeout.TotalSeconds} s; it was stopped in this cell."
                );
                Record(cell, new ErrorOutput(Timeout, message, 0, [message]));
            }
            recorder.EndCell(cell);
            if (failure is not null)
                break;
            peak = process.PeakMemory;
            times.Add(new CellTime(cell, clock.Elapsed - started, process.ProcessorTime - before));
            cellDone(cell.Number);
        }
        return new NotebookRun(executed, failure, clock.Elapsed, peak, times);

        void Record(CodeCell cell, Output output)
        {
            recorder.Record(cell, output);
            if (output is ErrorOutput error && !(cell.MayRaise && error.Name is not (Timeout or ProcessExited)))
                failure = new CellFailure(cell.Number, error.Line, $"{error.Name}: {error.Message}");
        }
    }
}
