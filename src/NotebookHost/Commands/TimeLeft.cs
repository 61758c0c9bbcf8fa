using System.Globalization;

namespace NotebookHost.Commands;

/// <summary>
/// Estimates how long a run still takes: from how long its notebooks took the last time, and more and more from how long
/// the part that is done took; where no time is known, from that alone, with a cell as the unit.
/// </summary>
internal sealed class TimeLeft
{
    private readonly (int Cells, double Weight)[] _notebooks;
    private readonly int[] _done;
    private readonly double _whole;
    private readonly double? _expected;

    /// <param name="notebooks">The number of cells of each, and how long it took the last time where that is known.</param>
    /// <param name="jobs">How many run at a time.</param>
    public TimeLeft(IReadOnlyList<(int Cells, TimeSpan? Expected)> notebooks, int jobs)
    {
        var known = notebooks.Where(notebook => notebook.Expected is not null).ToList();
        int cells = known.Sum(notebook => notebook.Cells);
        double perCell = cells == 0 ? 1 : known.Sum(notebook => notebook.Expected!.Value.TotalSeconds) / cells;
        _notebooks =
        [
            .. notebooks.Select(notebook =>
                (notebook.Cells, notebook.Expected?.TotalSeconds ?? notebook.Cells * perCell)
            ),
        ];
        _done = new int[notebooks.Count];
        _whole = _notebooks.Sum(notebook => notebook.Weight);
        if (cells > 0)
            _expected = Math.Max(_notebooks.Max(notebook => notebook.Weight), _whole / jobs);
    }

    /// <summary>So many cells of a notebook ran; all of them where it ended.</summary>
    public void Done(int notebook, int? cells = null) => _done[notebook] = cells ?? _notebooks[notebook].Cells;

    /// <summary>How long the rest takes, given how long it has run; null where nothing is known yet.</summary>
    public TimeSpan? After(TimeSpan elapsed)
    {
        double done = 0;
        for (int i = 0; i < _done.Length; i++)
            done += _notebooks[i].Cells == 0 ? 0 : _notebooks[i].Weight * _done[i] / _notebooks[i].Cells;
        double share = _whole > 0 ? Math.Min(done / _whole, 1) : 1;
        double seconds = elapsed.TotalSeconds;
        return _expected is { } expected ? TimeSpan.FromSeconds((1 - share) * (seconds + (1 - share) * expected))
            : share > 0 ? TimeSpan.FromSeconds(seconds * (1 - share) / share)
            : null;
    }

    /// <summary>In words; empty where nothing is known yet.</summary>
    public static string Words(TimeSpan? left) =>
        left is not { } time ? ""
        : time.TotalSeconds <= 5 ? "a few seconds left"
        : time.TotalSeconds > 90
            ? string.Create(CultureInfo.InvariantCulture, $"about {Math.Ceiling(time.TotalMinutes)} min left")
        : string.Create(CultureInfo.InvariantCulture, $"about {Math.Ceiling(time.TotalSeconds / 5) * 5} s left");
}
