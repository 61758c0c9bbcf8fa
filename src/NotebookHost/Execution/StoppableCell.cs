using System.Diagnostics;
using System.Runtime;

namespace NotebookHost.Execution;

/// <summary>
/// Runs the code of one cell so that an interruption ends it. What the cell awaits is not gone on with; what looks at
/// <see cref="Microsoft.DotNet.Interactive.KernelInvocationContext.CancellationToken"/>, as this project's trainer does,
/// stops by itself; any other loop is aborted after a moment. Only code on threads that the cell started goes on.
/// </summary>
internal sealed class StoppableCell : SynchronizationContext
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(900);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);

    private readonly CancellationToken _stop;
    private readonly CancellationTokenSource _abort = new();
    private readonly List<Thread> _threads = [];
    private int _running;

    private StoppableCell(CancellationToken stop) => _stop = stop;

    /// <summary>
    /// Runs a cell on the thread pool. Throws <see cref="InterruptedException"/> where it was stopped or, after 0.9 s,
    /// could not be.
    /// </summary>
    public static async Task<T> RunAsync<T>(Func<Task<T>> body, CancellationToken stop)
    {
        var cell = new StoppableCell(stop);
        var started = new TaskCompletionSource<Task<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        cell.Post(
            _ =>
            {
                try
                {
                    started.TrySetResult(body());
                }
                catch (Exception error)
                {
                    started.TrySetException(error);
                }
            },
            null
        );
        Task<T> ended = started.Task.Unwrap();
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stop.Register(stopped.SetResult))
            if (await Task.WhenAny(ended, stopped.Task) == ended && !stop.IsCancellationRequested)
                return await ended;
        return await cell.EndAsync(ended);
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (_stop.IsCancellationRequested)
            return;
        Interlocked.Increment(ref _running);
        ThreadPool.UnsafeQueueUserWorkItem(_ => Run(d, state), null);
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    /// <summary>After an interruption: waits until nothing of the cell runs any more.</summary>
    private async Task<T> EndAsync<T>(Task<T> ended)
    {
        await QuietAsync(Grace);
        // Not awaited: it returns when the thread is aborted, which a thread that waits never is.
        _ = _abort.CancelAsync();
        InterruptWaits();
        await QuietAsync(Patience - Grace);
        if (ended.IsCompletedSuccessfully)
            return await ended;
        throw new InterruptedException(
            Volatile.Read(ref _running) > 0 || await IsBusyAsync()
                ? "The cell was interrupted, but code that it started still runs where it cannot be stopped; restart the "
                    + "kernel to end it."
                : "The cell was interrupted."
        );
    }

    private async Task QuietAsync(TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _running) > 0 && Stopwatch.GetElapsedTime(start) < time)
            await Task.Delay(Glance, CancellationToken.None);
    }

    /// <summary>Code on threads of its own cannot be seen, but what it costs can: nearly a core.</summary>
    private static async Task<bool> IsBusyAsync()
    {
        using var process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(Glance * 15, CancellationToken.None);
        process.Refresh();
        return process.TotalProcessorTime - before > 0.8 * Stopwatch.GetElapsedTime(start);
    }

    private void Run(SendOrPostCallback callback, object? state)
    {
        SetSynchronizationContext(this);
        lock (_threads)
            _threads.Add(Thread.CurrentThread);
        try
        {
#pragma warning disable SYSLIB0046 // This is what it is for: code of a reader that nothing else can stop.
            ControlledExecution.Run(() => callback(state), _abort.Token);
#pragma warning restore SYSLIB0046
        }
        catch (Exception error) when (error is OperationCanceledException or ThreadInterruptedException)
        {
            // Aborted, as asked.
        }
        finally
        {
            SetSynchronizationContext(null);
            lock (_threads)
                _threads.Remove(Thread.CurrentThread);
            ForgetInterruption();
            Interlocked.Decrement(ref _running);
        }
    }

    /// <summary>An abort does not reach a thread that sleeps or waits.</summary>
    private void InterruptWaits()
    {
        lock (_threads)
            foreach (Thread thread in _threads)
                thread.Interrupt();
    }

    /// <summary>One that came too late would hit whatever the pool's thread does next.</summary>
    private static void ForgetInterruption()
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
