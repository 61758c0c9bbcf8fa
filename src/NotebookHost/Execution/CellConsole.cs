using System.Text;
using NotebookHost.Notebooks;

namespace NotebookHost.Execution;

/// <summary>The console of the process, as cells see it: what they write is shown, what they read is asked of the reader.</summary>
internal sealed class CellConsole
{
    private static OutputQueue? s_shown;

    private readonly OutputQueue _outputs;
    private readonly TextReader _in;

    /// <param name="outputs">Takes what is written.</param>
    /// <param name="ask">Asks the reader for a line; null where nobody can answer.</param>
    public CellConsole(OutputQueue outputs, AskReader? ask)
    {
        s_shown = outputs;
        _outputs = outputs;
        _in = new Reader(outputs, ask);
        TakeOver();
    }

    /// <summary>
    /// Takes the console back, whatever an earlier cell put in its place, and with new locks: a thread of an earlier cell
    /// may hold the old ones.
    /// </summary>
    public void TakeOver()
    {
        Console.SetOut(TextWriter.Synchronized(new Writer(_outputs, "stdout") { NewLine = "\n" }));
        Console.SetError(TextWriter.Synchronized(new Writer(_outputs, "stderr") { NewLine = "\n" }));
        Console.SetIn(_in);
    }

    /// <summary>What <c>Console.Clear()</c> does in a cell.</summary>
    public static void Clear() => s_shown?.Add(new ClearOutput());

    private sealed class Writer(OutputQueue outputs, string stream) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override IFormatProvider FormatProvider => Thread.CurrentThread.CurrentCulture;

        public override void Write(char value) => outputs.Add(stream, [value]);

        public override void Write(string? value) => outputs.Add(stream, value);

        public override void Write(char[] buffer, int index, int count) =>
            outputs.Add(stream, buffer.AsSpan(index, count));

        public override void Write(ReadOnlySpan<char> buffer) => outputs.Add(stream, buffer);

        public override void WriteLine(string? value) => outputs.Add(stream, value + "\n");
    }

    private sealed class Reader(OutputQueue outputs, AskReader? ask) : TextReader
    {
        private string _line = "";

        public override string ReadLine()
        {
            string line = _line.Length > 0 ? _line.TrimEnd('\n') : Ask();
            _line = "";
            return line;
        }

        public override int Peek() => -1;

        public override int Read()
        {
            if (_line.Length == 0)
                _line = Ask() + "\n";
            char next = _line[0];
            _line = _line[1..];
            return next;
        }

        public override int Read(char[] buffer, int index, int count)
        {
            if (count == 0)
                return 0;
            buffer[index] = (char)Read();
            return 1;
        }

        public override string ReadToEnd() => ReadLine();

        private string Ask()
        {
            outputs.Flush();
            return ask is null ? throw Unanswered("") : ask("", false).ConfigureAwait(false).GetAwaiter().GetResult();
        }
    }

    /// <summary>What a cell is told that asks where nobody can answer.</summary>
    public static NotSupportedException Unanswered(string prompt) =>
        new(
            $"The cell asks for input ({(prompt.Length == 0 ? "no prompt" : prompt)}), and nobody is there to answer; "
                + "expected a notebook open in Jupyter or VS Code."
        );
}
