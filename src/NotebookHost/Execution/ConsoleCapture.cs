using System.Diagnostics;
using System.Text;

namespace NotebookHost.Execution;

/// <summary>
/// Takes over the console of the process and passes on what is written, in order: a line at once where the console
/// was quiet, gathered for a moment where it is busy.
/// </summary>
internal sealed class ConsoleCapture
{
    private const int GatherMilliseconds = 20;
    private const int GatherCharacters = 1 << 16;

    private readonly Action<Output> _show;
    private readonly StringBuilder _gathered = new();
    private readonly Lock _lock = new();
    private readonly Timer _timer;
    private string _name = "stdout";
    private long _flushed;

    public ConsoleCapture(Action<Output> show)
    {
        _show = show;
        _timer = new Timer(_ => Flush());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Flush();
        Console.SetOut(new Writer(this, "stdout"));
        Console.SetError(new Writer(this, "stderr"));
        Console.SetIn(TextReader.Null);
    }

    /// <summary>Passes on what was gathered.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            _flushed = Stopwatch.GetTimestamp();
            if (_gathered.Length == 0)
                return;
            string text = _gathered.ToString();
            _gathered.Clear();
            _show(new StreamOutput(_name, text));
        }
    }

    private void Write(string name, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        // An abort of the cell waits for the end of a finally block: a text is taken whole or not at all.
        try { }
        finally
        {
            lock (_lock)
            {
                if (name != _name)
                    Flush();
                _name = name;
                if (_gathered.Length == 0)
                    _timer.Change(GatherMilliseconds, Timeout.Infinite);
                _gathered.Append(text);
                bool quiet = Stopwatch.GetElapsedTime(_flushed).TotalMilliseconds > GatherMilliseconds;
                if (_gathered.Length > GatherCharacters || (quiet && text[^1] == '\n'))
                    Flush();
            }
        }
    }

    private sealed class Writer : TextWriter
    {
        private readonly ConsoleCapture _capture;
        private readonly string _name;

        public Writer(ConsoleCapture capture, string name)
        {
            _capture = capture;
            _name = name;
            CoreNewLine = ['\n'];
        }

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => _capture.Write(_name, [value]);

        public override void Write(string? value) => _capture.Write(_name, value);

        public override void Write(char[] buffer, int index, int count) =>
            _capture.Write(_name, buffer.AsSpan(index, count));

        public override void Write(ReadOnlySpan<char> buffer) => _capture.Write(_name, buffer);

        public override void WriteLine(string? value) => _capture.Write(_name, value + "\n");
    }
}
