using System.Diagnostics;
using System.Text;
using NotebookHost.Notebooks;

namespace NotebookHost.Execution;

/// <summary>
/// Passes outputs of cells on to their receiver, in order, on a thread of its own. A thread of a cell never waits for a lock
/// of the receiver. It waits only while the queue is full, and for a moment after a line that follows a pause. Text that is
/// written piece by piece is gathered.
/// </summary>
internal sealed class OutputQueue
{
    private const int MostCharacters = 1 << 22;
    private const int MostOutputs = 1_000;
    private const int GatherCharacters = 1 << 16;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LineLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly Action<Output> _receive;
    private readonly Queue<Output> _outputs = new();
    private readonly StringBuilder _text = new();
    private readonly object _lock = new();
    private string _stream = "stdout";
    private long _characters;
    private long _added;
    private long _passed;
    private long _last;

    /// <param name="receive">Takes one output at a time.</param>
    public OutputQueue(Action<Output> receive)
    {
        _receive = receive;
        new Thread(PassOn) { IsBackground = true, Name = "outputs" }.Start();
    }

    /// <summary>Adds what a cell shows, after the text that it wrote before.</summary>
    public void Add(Output output)
    {
        lock (_lock)
        {
            while (_outputs.Count > MostOutputs)
                Monitor.Wait(_lock);
            CloseText(isWhole: true);
            Enqueue(output);
        }
    }

    /// <summary>Adds text of a stream; waits for room.</summary>
    public void Add(string stream, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        lock (_lock)
        {
            while (_characters > MostCharacters)
                Monitor.Wait(_lock);
            if (stream != _stream)
                CloseText(isWhole: true);
            _stream = stream;
            _text.Append(text);
            _characters += text.Length;
            Monitor.PulseAll(_lock);
            // The first line after a pause is passed on before the cell continues, because the cell may end the process.
            if (text[^1] == '\n' && Stopwatch.GetElapsedTime(_last) > Gather)
            {
                _last = Stopwatch.GetTimestamp();
                WaitFor(CloseText(isWhole: true), LineLimit);
            }
        }
    }

    /// <summary>Waits until all that was added so far is passed on; returns whether that was done in time.</summary>
    public bool Flush(TimeSpan? limit = null)
    {
        lock (_lock)
            return WaitFor(CloseText(isWhole: true), limit ?? TimeSpan.MaxValue);
    }

    private bool WaitFor(long output, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        while (_passed < output && limit - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } rest)
            Monitor.Wait(_lock, rest < PollInterval ? rest : PollInterval);
        return _passed >= output;
    }

    private void Enqueue(Output output)
    {
        _outputs.Enqueue(output);
        _added++;
        Monitor.PulseAll(_lock);
    }

    /// <summary>
    /// Makes an output of the text; returns the number of the last output. Half of a character, whose other half is still to
    /// come, stays, unless the text is to be whole.
    /// </summary>
    private long CloseText(bool isWhole)
    {
        int length = _text.Length;
        if (!isWhole && length > 0 && char.IsHighSurrogate(_text[length - 1]))
            length--;
        if (length > 0)
        {
            string text = _text.ToString(0, length);
            _text.Remove(0, length);
            Enqueue(new StreamOutput(_stream, text));
        }
        return _added;
    }

    private void PassOn()
    {
        while (true)
        {
            Output next;
            lock (_lock)
                next = Take();
            try
            {
                _receive(next);
            }
            finally
            {
                lock (_lock)
                {
                    _passed++;
                    if (next is StreamOutput stream)
                        _characters -= stream.Text.Length;
                    Monitor.PulseAll(_lock);
                }
            }
        }
    }

    private Output Take()
    {
        while (_outputs.Count == 0)
        {
            if (_text.Length == 0)
                Monitor.Wait(_lock);
            else
            {
                long start = Stopwatch.GetTimestamp();
                while (
                    _outputs.Count == 0
                    && _text.Length < GatherCharacters
                    && Gather - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } rest
                )
                    Monitor.Wait(_lock, rest);
                if (_outputs.Count == 0)
                    CloseText(isWhole: false);
                if (_outputs.Count == 0)
                    Monitor.Wait(_lock);
            }
        }
        return _outputs.Dequeue();
    }
}
