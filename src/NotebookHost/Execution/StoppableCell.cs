using System.Diagnostics;

namespace NotebookHost.Execution;

/// <summary>
/// Runs the code of one cell so that an interruption ends it: its loops stop at their next turn (see
/// <see cref="LoopGuard"/>), what it awaits is not gone on with, and a thread of it that sleeps or waits is woken.
/// </summary>
internal sealed class StoppableCell : SynchronizationContext
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);

    private readonly CancellationToken _stop;
    private readonly List<Thread> _threads = [];

    private StoppableCell(CancellationToken stop) => _stop = stop;

    /// <summary>
    /// Runs a cell on the thread pool. Throws <see cref="InterruptedException"/> where it was stopped or, after 0.7 s,
    /// could not be.
    /// </summary>
    public static async Task<T> RunAsync<T>(Func<Task<T>> body, CancellationToken stop)
    {
        var cell = new StoppableCell(stop);
        var started = new TaskCompletionSource<Task<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        cell.Start(_ => started.SetResult(Begin(body)), null);
        Task<T> ended = started.Task.Unwrap();
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stop.Register(stopped.SetResult))
            if (await Task.WhenAny(ended, stopped.Task) == ended)
                return await ended;
        return await cell.EndAsync(ended);
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!_stop.IsCancellationRequested)
            Start(d, state);
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    /// <summary>What the body throws before its first await is in the task too.</summary>
    private static async Task<T> Begin<T>(Func<Task<T>> body) => await body();

    private void Start(SendOrPostCallback callback, object? state) =>
        ThreadPool.UnsafeQueueUserWorkItem(_ => Run(callback, state), null);

    private void Run(SendOrPostCallback callback, object? state)
    {
        SetSynchronizationContext(this);
        lock (_threads)
            _threads.Add(Thread.CurrentThread);
        try
        {
            callback(state);
        }
        finally
        {
            SetSynchronizationContext(null);
            lock (_threads)
                _threads.Remove(Thread.CurrentThread);
            ForgetWaking();
        }
    }

    /// <summary>After an interruption: waits until nothing of the cell runs any more.</summary>
    private async Task<T> EndAsync<T>(Task<T> ended)
    {
        if (!await IsQuietWithinAsync(Grace))
            WakeThreads();
        bool isQuiet = await IsQuietWithinAsync(Patience);
        if (await Task.WhenAny(ended, Task.Delay(5 * Glance, CancellationToken.None)) == ended)
            return await ended;
        throw new InterruptedException(
            isQuiet
                ? "The cell was interrupted while it awaited something, which may go on by itself; restart the kernel to end it."
                : "The cell was interrupted, but code of it still runs where it cannot be stopped; restart the kernel to end it."
        );
    }

    private async Task<bool> IsQuietWithinAsync(TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            lock (_threads)
                if (_threads.Count == 0)
                    return true;
            if (Stopwatch.GetElapsedTime(start) > time)
                return false;
            await Task.Delay(Glance, CancellationToken.None);
        }
    }

    private void WakeThreads()
    {
        lock (_threads)
            foreach (Thread thread in _threads)
                thread.Interrupt();
    }

    /// <summary>A waking that came too late would hit whatever the pool's thread does next.</summary>
    private static void ForgetWaking()
    {
        try
        {
            Thread.Sleep(0);
        }
        catch (ThreadInterruptedException)
        {
            // Forgotten.
        }
    }
}

/// <summary>An interruption of a cell, said in one sentence.</summary>
internal sealed class InterruptedException(string message) : Exception(message);
