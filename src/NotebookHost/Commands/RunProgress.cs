using System.Globalization;
using NotebookHost.Execution;
using Spectre.Console;

namespace NotebookHost.Commands;

/// <summary>Shows how far notebooks are: a bar each on a terminal, a line when one ends elsewhere.</summary>
internal sealed class RunProgress : IAsyncDisposable
{
    private const double Megabyte = 1024 * 1024;

    private readonly IReadOnlyList<(string Path, int Cells)> _notebooks;
    private readonly List<ProgressTask> _bars = [];
    private readonly List<(bool Passed, string Line)> _kept = [];
    private readonly TaskCompletionSource _ended = new();
    private Task _drawn = Task.CompletedTask;

    private RunProgress(IReadOnlyList<(string Path, int Cells)> notebooks) => _notebooks = notebooks;

    public static async Task<RunProgress> StartAsync(IReadOnlyList<(string Path, int Cells)> notebooks)
    {
        var progress = new RunProgress(notebooks);
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive)
            return progress;
        var started = new TaskCompletionSource();
        progress._drawn = AnsiConsole
            .Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new CellsColumn())
            .StartAsync(context =>
            {
                foreach ((string path, int cells) in notebooks)
                    progress._bars.Add(context.AddTask(Markup.Escape(path), maxValue: Math.Max(cells, 1)));
                started.SetResult();
                return progress._ended.Task;
            });
        await started.Task;
        return progress;
    }

    /// <summary>So many cells of a notebook ran.</summary>
    public void CellDone(int notebook, int cells)
    {
        if (_bars.Count > 0)
            _bars[notebook].Value = cells;
    }

    /// <summary>A notebook ended, with a problem or without.</summary>
    public void Finished(int notebook, NotebookRun run, string? problem)
    {
        (string path, int cells) = _notebooks[notebook];
        string line =
            problem
            ?? string.Create(
                CultureInfo.InvariantCulture,
                $"{path}: {cells} cells in {run.Elapsed.TotalSeconds:F1} s, {run.PeakMemory / Megabyte:F0} MB"
            );
        lock (_kept)
            if (_bars.Count > 0)
                _kept.Add((problem is null, line));
            else
                Write(problem is null, line);
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

    private sealed class CellsColumn : ProgressColumn
    {
        public override Spectre.Console.Rendering.IRenderable Render(
            Spectre.Console.Rendering.RenderOptions options,
            ProgressTask task,
            TimeSpan deltaTime
        ) => new Text(string.Create(CultureInfo.InvariantCulture, $"{task.Value:F0}/{task.MaxValue:F0} cells"));
    }
}
