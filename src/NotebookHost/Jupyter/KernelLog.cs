using System.Collections.Concurrent;

namespace NotebookHost.Jupyter;

/// <summary>
/// The kernel's own log, on the standard error, which a Jupyter server shows. Writing never waits: where nobody reads and a
/// thousand lines are waiting, further ones are dropped.
/// </summary>
internal sealed class KernelLog
{
    private const int MostLines = 1_000;

    private readonly BlockingCollection<string> _lines = new(MostLines);

    public KernelLog(Stream errors) => new Thread(() => PassOn(errors)) { IsBackground = true, Name = "log" }.Start();

    public void Write(string line) => _lines.TryAdd(line);

    private void PassOn(Stream errors)
    {
        using var writer = new StreamWriter(errors) { AutoFlush = true };
        foreach (string line in _lines.GetConsumingEnumerable())
            writer.WriteLine(line);
    }
}
