using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace NotebookSupport;

/// <summary>
/// A worker pool that runs numbered work items in parallel. Any thread may run any item, so an item must not depend on which
/// one does. An idle worker waits for some microseconds, lets others have its core for a millisecond, and then sleeps; the
/// workers end with <see cref="Dispose"/>.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    /// <summary>Waking a sleeping thread takes up to a tenth of a millisecond: too long between the parts of a training step.</summary>
    private static readonly TimeSpan YieldTime = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan SpinTime = TimeSpan.FromMicroseconds(50);

    private readonly object _gate = new();
    private Action<int>? _item;
    private int _items;
    private int _done;
    private int _sleepers;
    private int _started;
    private Exception? _failure;
    private volatile bool _ended;

    /// <summary>
    /// The run id in the high 32 bits, the number of unclaimed items in the low 32: one word, so that a worker that comes
    /// late claims nothing of a run that is over.
    /// </summary>
    private long _ticket;

    /// <param name="threads">The number of threads, the caller's included; at least 1.</param>
    public WorkerPool(int threads)
    {
        Threads = threads;
    }

    /// <summary>The number of threads, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>Whether the caller runs all items itself; always where there is no other thread.</summary>
    public bool IsAlone
    {
        get => field || Threads == 1;
        set;
    }

    /// <summary>Calls <paramref name="item"/> for 0 … items - 1 and returns when all calls have returned.</summary>
    public void Run(int items, Action<int> item)
    {
        if (items == 1 || IsAlone)
        {
            for (int i = 0; i < items; i++)
                item(i);
            return;
        }
        Start();
        _item = item;
        _items = items;
        _done = 0;
        Interlocked.Exchange(ref _ticket, ((_ticket >> 32) + 1 << 32) | (uint)items);
        if (Volatile.Read(ref _sleepers) > 0)
            lock (_gate)
                Monitor.PulseAll(_gate);
        RunItems();
        var spin = new SpinWait();
        while (Volatile.Read(ref _done) < items)
            spin.SpinOnce(sleep1Threshold: -1);
        if (_failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Ends the workers.</summary>
    public void Dispose()
    {
        _ended = true;
        lock (_gate)
            Monitor.PulseAll(_gate);
    }

    /// <summary>Starts the other threads, at the first run that they share.</summary>
    private void Start()
    {
        for (; _started < Threads - 1; _started++)
            // Without the caller's execution context: interrupting a cell cancels its work, not the pool.
            new Thread(Wait) { IsBackground = true, Name = nameof(WorkerPool) }.UnsafeStart();
    }

    private bool HasItems => (int)Interlocked.Read(ref _ticket) > 0;

    private void RunItems()
    {
        while (true)
        {
            long ticket = Interlocked.Read(ref _ticket);
            int left = (int)ticket;
            if (left == 0)
                return;
            if (Interlocked.CompareExchange(ref _ticket, ticket - 1, ticket) != ticket)
                continue;
            try
            {
                _item!(_items - left);
            }
            catch (Exception failure)
            {
                _failure = failure;
            }
            Interlocked.Increment(ref _done);
        }
    }

    private void Wait()
    {
        while (!_ended)
        {
            long start = Stopwatch.GetTimestamp();
            while (!HasItems && !_ended && Stopwatch.GetElapsedTime(start) is var waited && waited < YieldTime)
                if (waited < SpinTime)
                    Thread.SpinWait(1);
                else
                    Thread.Yield();
            if (HasItems)
                RunItems();
            else
                Sleep();
        }
    }

    private void Sleep()
    {
        lock (_gate)
        {
            Interlocked.Increment(ref _sleepers);
            while (!HasItems && !_ended)
                Monitor.Wait(_gate);
            Interlocked.Decrement(ref _sleepers);
        }
    }
}
