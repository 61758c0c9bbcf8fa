using NotebookSupport;

namespace NotebookHost.Execution;

/// <summary>
/// One run of a cell, carried along all that the cell starts (threads, tasks, timers, awaited work), so that an
/// interruption reaches what belongs to this cell and nothing else.
/// </summary>
internal sealed class CellRun
{
    /// <summary>The message where something that a cell started cannot be stopped.</summary>
    public const string StillRuns =
        "The cell was interrupted, but code of it still runs where it cannot be stopped; restart the kernel to end it.";

    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

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

    /// <summary>The message where something that the cell awaited may still be running; null where nothing is.</summary>
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

    /// <summary>From here on, loops in this flow of execution also stop when this token is cancelled, for example by a time limit.</summary>
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
        Task<T> ended = Task.Run(() => FlowingAsync(body), CancellationToken.None);
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

    private async Task<T> FlowingAsync<T>(Func<Task<T>> body)
    {
        Flow.Value = this;
        return await body();
    }

    /// <summary>Keeps each run's list of threads; the runtime calls it when a thread switches to another flow of execution.</summary>
    private static void Follow(AsyncLocalValueChangedArgs<CellRun?> change)
    {
        change.PreviousValue?.Leave();
        change.CurrentValue?.Enter();
    }

    private void Enter() => WhileLocked(() => _threads.Add(Thread.CurrentThread));

    /// <summary>Runs an action under the lock. Waiting for a lock can be interrupted, and nothing may be thrown while the runtime switches flows.</summary>
    private void WhileLocked(Action action)
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
                // Try again.
            }
    }

    private void Leave()
    {
        WhileLocked(() => _threads.Remove(Thread.CurrentThread));
        try
        {
            Thread.Sleep(0);
        }
        catch (ThreadInterruptedException)
        {
            // The interruption came too late, or from the cell itself, and would otherwise hit the thread's next work.
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

    private async Task<bool> IsQuietWithinAsync(Task ended, TimeSpan time)
    {
        var patience = new Patience(time);
        while (true)
        {
            lock (_threads)
                if (_threads.Count == 0 && ended.IsCompleted)
                    return true;
            if (patience.IsOver)
                return false;
            await Task.Delay(PollInterval, CancellationToken.None);
        }
    }

    private void InterruptThreads()
    {
        lock (_threads)
            foreach (Thread thread in _threads)
                thread.Interrupt();
    }
}

/// <summary>Thrown in the code of a cell that was interrupted.</summary>
internal sealed class CellStoppedException() : OperationCanceledException("The cell was interrupted.");
