using System.Diagnostics;

namespace NotebookSupport;

/// <summary>
/// Threads that share out numbered pieces of work. Who does a piece is open, so a piece must not depend on it. The
/// threads wait for work by spinning for a millisecond, then asleep; they end with <see cref="Dispose"/>.
/// </summary>
internal sealed class Crew : IDisposable
{
    /// <summary>A thread that sleeps needs up to a tenth of a millisecond to wake: too long between parts of a step.</summary>
    private static readonly TimeSpan SpinTime = TimeSpan.FromMilliseconds(1);

    private readonly object _gate = new();
    private Action<int>? _piece;
    private int _pieces;
    private int _done;
    private int _sleepers;
    private Exception? _failure;
    private volatile bool _ended;

    /// <summary>
    /// The number of the current work above the count of its pieces still to take: one word, so that a thread that
    /// comes late takes nothing of a work that is over.
    /// </summary>
    private long _ticket;

    /// <param name="threads">How many threads work, the caller's one of them; at least 1.</param>
    public Crew(int threads)
    {
        Threads = threads;
        for (int i = 1; i < threads; i++)
            // They belong to no cell: an interruption ends the work that is given to them, not the threads.
            new Thread(Wait) { IsBackground = true, Name = nameof(Crew) }.UnsafeStart();
    }

    /// <summary>How many threads work, the caller's one of them.</summary>
    public int Threads { get; }

    /// <summary>Calls <paramref name="piece"/> for 0 … pieces - 1 and returns when all calls have.</summary>
    public void Run(int pieces, Action<int> piece)
    {
        if (Threads == 1 || pieces == 1)
        {
            for (int i = 0; i < pieces; i++)
                piece(i);
            return;
        }
        _piece = piece;
        _pieces = pieces;
        _done = 0;
        Interlocked.Exchange(ref _ticket, ((_ticket >> 32) + 1 << 32) | (uint)pieces);
        if (Volatile.Read(ref _sleepers) > 0)
            lock (_gate)
                Monitor.PulseAll(_gate);
        TakePieces();
        var spin = new SpinWait();
        while (Volatile.Read(ref _done) < pieces)
            spin.SpinOnce(sleep1Threshold: -1);
        if (_failure is { } failure)
            throw new InvalidOperationException(failure.Message, failure);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _ended = true;
        lock (_gate)
            Monitor.PulseAll(_gate);
    }

    private bool HasPieces => (int)Interlocked.Read(ref _ticket) > 0;

    private void TakePieces()
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
                _piece!(_pieces - left);
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
            while (!HasPieces && !_ended && Stopwatch.GetElapsedTime(start) < SpinTime)
                Thread.SpinWait(1);
            if (HasPieces)
                TakePieces();
            else
                Sleep();
        }
    }

    private void Sleep()
    {
        lock (_gate)
        {
            Interlocked.Increment(ref _sleepers);
            while (!HasPieces && !_ended)
                Monitor.Wait(_gate);
            Interlocked.Decrement(ref _sleepers);
        }
    }
}
