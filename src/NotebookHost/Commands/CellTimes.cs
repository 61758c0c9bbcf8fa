using System.Globalization;
using NotebookHost.Execution;

namespace NotebookHost.Commands;

/// <summary>The cells of a run that took longest.</summary>
internal static class CellTimes
{
    private const int Listed = 20;
    private const int FirstLine = 60;

    /// <summary>Prints the time of each notebook and of the slowest cells, the slowest first.</summary>
    public static void Print(IEnumerable<(string Path, NotebookRun Run)> runs)
    {
        var all = runs.OrderByDescending(run => run.Run.Processor).ToList();
        Console.WriteLine("seconds  processor s  notebook");
        foreach ((string path, NotebookRun run) in all)
            Console.WriteLine(Row(run.Elapsed, run.Processor, path));
        Console.WriteLine(
            Row(
                TimeSpan.FromTicks(all.Sum(run => run.Run.Elapsed.Ticks)),
                TimeSpan.FromTicks(all.Sum(run => run.Run.Processor.Ticks)),
                "together"
            )
        );
        Console.WriteLine("seconds  processor s  slowest cells");
        foreach (
            (string path, CellTime time) in all.SelectMany(run => run.Run.Times.Select(time => (run.Path, time)))
                .OrderByDescending(cell => cell.time.Processor)
                .Take(Listed)
        )
            Console.WriteLine(Row(time.Elapsed, time.Processor, $"{path}, cell {time.Cell.Number}: {Title(time)}"));
    }

    private static string Row(TimeSpan elapsed, TimeSpan processor, string what) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{elapsed.TotalSeconds, 7:F1}  {processor.TotalSeconds, 11:F1}  {what}"
        );

    private static string Title(CellTime time)
    {
        string line =
            time.Cell.Source.Split('\n').FirstOrDefault(line => !string.IsNullOrWhiteSpace(line))?.Trim() ?? "";
        return line.Length > FirstLine ? $"{line[..FirstLine]}…" : line;
    }
}
