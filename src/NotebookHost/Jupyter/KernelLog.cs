using System.Threading.Channels;

namespace NotebookHost.Jupyter;

/// <summary>
/// What the kernel says of itself to its server, on the standard error. Whoever says something never waits: where nobody
/// reads and a thousand lines are waiting, further ones are dropped.
/// </summary>
internal sealed class KernelLog
{
    private const int MostLines = 1_000;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(MostLines) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public KernelLog(Stream errors) => new Thread(() => Write(errors)) { IsBackground = true, Name = "log" }.Start();

    public void Say(string line) => _lines.Writer.TryWrite(line);

    private void Write(Stream errors)
    {
        using var writer = new StreamWriter(errors) { AutoFlush = true };
        while (_lines.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        while (_lines.Reader.TryRead(out string? line))
            writer.WriteLine(line);
    }
}
