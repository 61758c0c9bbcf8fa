using System.Diagnostics;

namespace NotebookHost.Execution;

/// <summary>
/// One run of a cell, carried along all that the cell starts (threads, tasks, timers, awaited work), so that an
/// interruption reaches what belongs to this cell and nothing else.
/// </summary>
internal sealed class CellRun
{
    /// <summary>What a reader is told where nothing can stop what a cell began.</summary>
    public const string StillRuns =
        "The cell was interrupted, but code of it still runs where it cannot be stopped; restart the kernel to end it.";

    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);

    private static readonly AsyncLocal<CellRun?> Flow = new(Follow);
    private static readonly AsyncLocal<CancellationToken> Followed = new();
    private static volatile bool s_anyStopped;

    private readonly CancellationToken _stop;
    private readonly HashSet<Thread> _threads = [];
    private readonly List<Task> _abandoned = [];

    /// <param name="stop">Interrupts the cell.</param>
    public CellRun(CancellationToken stop) => _stop = stop;

    /// <summary>The run to which the current code belongs; null outside of cells.</summary>
    public static CellRun? Current => Flow.Value;

    /// <summary>What a reader is told of what may go on after an interruption; null where nothing does.</summary>
    public string? LeftBehind { get; private set; }

    /// <summary>Throws where the current code belongs to a cell that was interrupted. Loops of cells call it each turn.</summary>
    public static void ThrowIfStopped()
    {
        if (
            s_anyStopped
            && (Followed.Value.IsCancellationRequested || Flow.Value is { _stop.IsCancellationRequested: true })
        )
            throw new CellStoppedException();
    }

    /// <summary>From here on, loops in this flow stop when a token is cancelled, as that of an exercise's time limit.</summary>
    public static void Follow(CancellationToken token)
    {
        Followed.Value = token;
        token.Register(() => s_anyStopped = true);
    }

    /// <summary>
    /// Runs the code of the cell on the thread pool. Throws <see cref="InterruptedException"/> where the cell was
    /// interrupted and does not end within 0.7 s, or longer where the machine is busy.
    /// </summary>
    public async Task<T> ExecuteAsync<T>(Func<Task<T>> body)
    {
        Task<T> ended = Task.Run(() => BelongingAsync(body), CancellationToken.None);
        if (!_stop.CanBeCanceled)
            return await ended;
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (
            _stop.Register(() =>
            {
                s_anyStopped = true;
                stopped.SetResult();
            })
        )
            await Task.WhenAny(ended, stopped.Task);
        return await (_stop.IsCancellationRequested ? EndAsync(ended) : ended);
    }

    /// <summary>Waits for what a cell awaits, or until the cell is interrupted.</summary>
    public async Task WaitAsync(Task awaited)
    {
        try
        {
            await awaited.WaitAsync(_stop);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested && !awaited.IsCompleted)
        {
            lock (_abandoned)
                _abandoned.Add(awaited);
            throw new CellStoppedException();
        }
    }

    private async Task<T> BelongingAsync<T>(Func<Task<T>> body)
    {
        Flow.Value = this;
        return await body();
    }

    /// <summary>Tells runs which threads work for them; the runtime calls it when a thread turns to another flow.</summary>
    private static void Follow(AsyncLocalValueChangedArgs<CellRun?> change)
    {
        change.PreviousValue?.Leave();
        change.CurrentValue?.Enter();
    }

    private void Enter() => Surely(() => _threads.Add(Thread.CurrentThread));

    /// <summary>Nothing may be thrown while the runtime turns a thread to another flow; a waiting lock is one that is woken.</summary>
    private void Surely(Action action)
    {
        while (true)
            try
            {
                lock (_threads)
                    action();
                return;
            }
            catch (ThreadInterruptedException)
            {
                // Again.
            }
    }

    private void Leave()
    {
        Surely(() => _threads.Remove(Thread.CurrentThread));
        try
        {
            Thread.Sleep(0);
        }
        catch (ThreadInterruptedException)
        {
            // It came too late, or from the cell itself, and would hit what the thread does next.
        }
    }

    /// <summary>After an interruption: waits until nothing of the cell runs any more.</summary>
    private async Task<T> EndAsync<T>(Task<T> ended)
    {
        if (!await IsQuietWithinAsync(ended, Grace))
            InterruptThreads();
        bool isQuiet = await IsQuietWithinAsync(ended, Patience);
        if (!isQuiet)
            throw new InterruptedException(StillRuns);
        lock (_abandoned)
            if (_abandoned.Exists(task => !task.IsCompleted))
                LeftBehind =
                    "The cell was interrupted while it awaited something, which may go on by itself; restart the kernel to end it.";
        return await ended;
    }

    /// <summary>
    /// On a busy machine the cell has its time only when this process got a part of it, or after five times as long.
    /// </summary>
    private async Task<bool> IsQuietWithinAsync(Task ended, TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan used = Environment.CpuUsage.TotalTime;
        while (true)
        {
            lock (_threads)
                if (_threads.Count == 0 && ended.IsCompleted)
                    return true;
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            if (elapsed > 5 * time || (elapsed > time && Environment.CpuUsage.TotalTime - used > 0.9 * time))
                return false;
            await Task.Delay(Glance, CancellationToken.None);
        }
    }

    private void InterruptThreads()
    {
        lock (_threads)
            foreach (Thread thread in _threads)
                thread.Interrupt();
    }
}

/// <summary>Ends code of a cell that was interrupted.</summary>
internal sealed class CellStoppedException() : OperationCanceledException("The cell was interrupted.");

/// <summary>What a reader is told of an interruption after which something goes on.</summary>
internal sealed class InterruptedException(string message) : Exception(message);
