using System.Diagnostics;
using System.Globalization;
using NotebookHost.Execution;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace NotebookHost.Commands;

/// <summary>Shows how far notebooks are: a bar each on a terminal, a line when one ends elsewhere; and how long the rest takes.</summary>
internal sealed class RunProgress : IAsyncDisposable
{
    private const double Megabyte = 1024 * 1024;

    private readonly IReadOnlyList<(string Path, int Cells)> _notebooks;
    private readonly List<ProgressTask> _bars = [];
    private readonly List<(bool Passed, string Line)> _kept = [];
    private readonly TaskCompletionSource _ended = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly TimeLeft _left;
    private Task _drawn = Task.CompletedTask;
    private int _finished;

    private RunProgress(IReadOnlyList<(string Path, int Cells, TimeSpan? Expected)> notebooks, int jobs)
    {
        _notebooks = [.. notebooks.Select(notebook => (notebook.Path, notebook.Cells))];
        _left = new TimeLeft([.. notebooks.Select(notebook => (notebook.Cells, notebook.Expected))], jobs);
    }

    /// <param name="notebooks">Each with its number of cells, and how long it took the last time where that is known.</param>
    /// <param name="jobs">How many run at a time.</param>
    public static async Task<RunProgress> StartAsync(
        IReadOnlyList<(string Path, int Cells, TimeSpan? Expected)> notebooks,
        int jobs
    )
    {
        var progress = new RunProgress(notebooks, jobs);
        if (notebooks.Count == 0 || Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive)
            return progress;
        var started = new TaskCompletionSource();
        progress._drawn = AnsiConsole
            .Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new CellsColumn(progress)
            )
            .StartAsync(context =>
            {
                foreach ((string path, int cells) in progress._notebooks)
                    progress._bars.Add(context.AddTask(Markup.Escape(path), maxValue: Math.Max(cells, 1)));
                progress._bars.Add(context.AddTask("all", maxValue: progress._bars.Sum(bar => bar.MaxValue)));
                started.SetResult();
                return progress._ended.Task;
            });
        await started.Task;
        return progress;
    }

    /// <summary>So many cells of a notebook ran.</summary>
    public void CellDone(int notebook, int cells)
    {
        _left.Done(notebook, cells);
        if (_bars.Count == 0)
            return;
        _bars[notebook].Value = cells;
        _bars[^1].Value = _bars.SkipLast(1).Sum(bar => bar.Value);
    }

    /// <summary>A notebook ended, with a problem or without.</summary>
    public void Finished(int notebook, NotebookRun run, string? problem)
    {
        (string path, int cells) = _notebooks[notebook];
        _left.Done(notebook);
        lock (_kept)
        {
            _finished++;
            string rest =
                _bars.Count == 0 && _finished < _notebooks.Count
                    ? $"; {_finished} of {_notebooks.Count}, {TimeLeft.Words(_left.After(_clock.Elapsed))}"
                    : "";
            string line =
                problem
                ?? string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}: {cells} cells in {run.Elapsed.TotalSeconds:F1} s, {run.PeakMemory / Megabyte:F0} MB{rest}"
                );
            if (_bars.Count > 0)
                _kept.Add((problem is null, line));
            else
                Write(problem is null, line);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _ended.TrySetResult();
        await _drawn;
        foreach ((bool passed, string line) in _kept)
            Write(passed, line);
        _kept.Clear();
    }

    private static void Write(bool passed, string line) => (passed ? Console.Out : Console.Error).WriteLine(line);

    private sealed class CellsColumn(RunProgress progress) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(
                task == progress._bars.LastOrDefault()
                    ? TimeLeft.Words(progress._left.After(progress._clock.Elapsed))
                    : string.Create(CultureInfo.InvariantCulture, $"{task.Value:F0}/{task.MaxValue:F0} cells")
            );
    }
}
