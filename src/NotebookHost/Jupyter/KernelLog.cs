using System.Threading.Channels;

namespace NotebookHost.Jupyter;

/// <summary>
/// The kernel's own log, on the standard error, which a Jupyter server shows. Writing never waits: where nobody reads and a
/// thousand lines are waiting, further ones are dropped.
/// </summary>
internal sealed class KernelLog
{
    private const int MostLines = 1_000;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(MostLines) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public KernelLog(Stream errors) => new Thread(() => PassOn(errors)) { IsBackground = true, Name = "log" }.Start();

    public void Write(string line) => _lines.Writer.TryWrite(line);

    private void PassOn(Stream errors)
    {
        using var writer = new StreamWriter(errors) { AutoFlush = true };
        while (_lines.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        while (_lines.Reader.TryRead(out string? line))
            writer.WriteLine(line);
    }
}
