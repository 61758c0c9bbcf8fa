using System.Diagnostics;
using System.Globalization;
using System.Text;
using NotebookHost.Notebooks;

namespace NotebookHost.Execution;

/// <summary>
/// Passes on what a cell shows, in order. Text is gathered for some milliseconds; of a text without an end, and of outputs
/// without one, only the first are shown.
/// </summary>
/// <param name="show">Takes one output at a time.</param>
internal sealed class CellOutputs(Action<Output> show)
{
    private const int MostCharacters = 1_000_000;
    private const int MostOutputs = 10_000;
    private const int GatherCharacters = 1 << 16;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);

    private readonly StringBuilder _text = new();
    private string _stream = "stdout";
    private int _characters;
    private int _outputs;
    private long _last;

    /// <summary>Forgets what the cell before has shown.</summary>
    public void Begin() => (_characters, _outputs) = (0, 0);

    public void Add(Output output)
    {
        Flush();
        if (output is ErrorOutput || _outputs++ < MostOutputs)
            show(output);
        else if (_outputs == MostOutputs + 1)
            show(new StreamOutput("stderr", $"(cut after {Number(MostOutputs)} outputs)\n"));
    }

    public void Add(string stream, ReadOnlySpan<char> text)
    {
        if (stream != _stream)
            Flush();
        _stream = stream;
        int room = MostCharacters - _characters;
        if (room < 0)
            return;
        _text.Append(text[..Math.Min(room, text.Length)]);
        _characters += text.Length;
        if (text.Length > room)
            _text.Append($"\n(cut after {Number(MostCharacters)} characters)\n");
        if (_text.Length >= GatherCharacters || (text.EndsWith('\n') && Stopwatch.GetElapsedTime(_last) > Gather))
            Flush();
    }

    /// <summary>Passes on the text that was gathered.</summary>
    public void Flush()
    {
        if (_text.Length == 0)
            return;
        string text = _text.ToString();
        _text.Clear();
        show(new StreamOutput(_stream, text));
        _last = Stopwatch.GetTimestamp();
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A stream of the console.</summary>
    public TextWriter Writer(string stream) => new StreamWriter(this, stream) { NewLine = "\n" };

    private sealed class StreamWriter(CellOutputs outputs, string stream) : TextWriter(CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => outputs.Add(stream, [value]);

        public override void Write(string? value) => outputs.Add(stream, value);

        public override void Write(char[] buffer, int index, int count) =>
            outputs.Add(stream, buffer.AsSpan(index, count));

        public override void Write(ReadOnlySpan<char> buffer) => outputs.Add(stream, buffer);

        public override void WriteLine(string? value) => outputs.Add(stream, value + "\n");
    }
}
