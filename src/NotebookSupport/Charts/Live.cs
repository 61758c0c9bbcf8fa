using System.Diagnostics;

namespace NotebookSupport;

/// <summary>Training that is watched.</summary>
public static class Live
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    /// <summary>
    /// Trains as <see cref="Trainer.Train"/> does, with the same numbers, and meanwhile shows a chart of the training so far
    /// in the cell's output, redrawn about six times per second. The last update shows the whole training. Where no
    /// notebook host listens, it only trains.
    /// </summary>
    /// <param name="network">Where to start.</param>
    /// <param name="data">What to learn.</param>
    /// <param name="options">How; default as <see cref="TrainingOptions"/> says.</param>
    /// <param name="chart">What to draw; default the loss.</param>
    public static TrainingRun Train(
        Network network,
        Dataset data,
        TrainingOptions? options = null,
        Func<TrainingRun, Figure>? chart = null
    )
    {
        options ??= new TrainingOptions();
        chart ??= run => Charts.LossCurves((Require.NotNull(data).Name, run));
        var view = new View(chart, FigureHtml.NewId("live", $"{network} {Require.NotNull(data).Name}"), options);
        TrainingRun run = Trainer.Train(network, data, options with { Observer = view });
        view.Show(run);
        return run;
    }

    /// <summary>
    /// Runs an experiment for every candidate and seed, as <see cref="Sweep"/> does on all cores, and meanwhile shows a
    /// leaderboard of those that are done, the highest mean first.
    /// </summary>
    /// <param name="title">The title of the leaderboard.</param>
    /// <param name="measure">What the experiment measures, with its unit.</param>
    /// <param name="candidates">What to try; at least one, each with a name of its own as its text.</param>
    /// <param name="seeds">The seeds; at least one.</param>
    /// <param name="experiment">The measurement; it runs on several threads at once and must draw from its seed alone.</param>
    public static IReadOnlyList<SweepResult<TCandidate, double>> Leaderboard<TCandidate>(
        string title,
        string measure,
        IReadOnlyList<TCandidate> candidates,
        IReadOnlyList<int> seeds,
        Func<TCandidate, int, double> experiment
    )
        where TCandidate : notnull
    {
        Require.NotNull(title);
        Require.NotNull(measure);
        Require.NotNull(candidates);
        Require.NotNull(seeds);
        Require.NotNull(experiment);
        string id = FigureHtml.NewId("live", title);
        var gate = new Lock();
        var done = new List<(TCandidate Candidate, double Result)>();
        long drawnAt = 0;
        IDisplay? display = RunningCell.Host.Display(new Pending());
        IReadOnlyList<SweepResult<TCandidate, double>> all = NotebookSupport.Sweep.Run(candidates, seeds, Watched);
        display?.Update(
            new Drawn(
                Charts.Leaderboard(title, measure, Ranked(all.Select(one => (one.Configuration, one.Result)))),
                id
            )
        );
        return all;

        double Watched(TCandidate candidate, int seed)
        {
            double result = experiment(candidate, seed);
            lock (gate)
            {
                done.Add((candidate, result));
                if (display is not null && Stopwatch.GetElapsedTime(drawnAt) >= Pause)
                {
                    display.Update(new Drawn(Charts.Leaderboard(title, measure, Ranked(done)), id));
                    drawnAt = Stopwatch.GetTimestamp();
                }
            }
            return result;
        }
    }

    /// <summary>
    /// Runs an experiment for every configuration and every seed, as <see cref="Sweep.Run"/> does, and meanwhile says in
    /// the cell's output how many are done.
    /// </summary>
    /// <param name="what">What is counted, such as "trainings".</param>
    /// <param name="configurations">What to try; at least one.</param>
    /// <param name="seeds">The seeds; at least one.</param>
    /// <param name="experiment">The experiment; it runs on several threads at once and must draw from its seed alone.</param>
    public static IReadOnlyList<SweepResult<TConfiguration, TResult>> Sweep<TConfiguration, TResult>(
        string what,
        IEnumerable<TConfiguration> configurations,
        IEnumerable<int> seeds,
        Func<TConfiguration, int, TResult> experiment
    )
    {
        Require.NotNull(what);
        var counter = new Counter(what);
        IReadOnlyList<SweepResult<TConfiguration, TResult>> all = NotebookSupport.Sweep.Run(
            configurations,
            seeds,
            experiment,
            progress: counter
        );
        counter.Show(all.Count, all.Count);
        return all;
    }

    /// <summary>The candidates with their results, the highest mean first.</summary>
    private static IReadOnlyList<(string, IReadOnlyList<double>)> Ranked<TCandidate>(
        IEnumerable<(TCandidate Candidate, double Result)> results
    )
        where TCandidate : notnull =>
        [
            .. results
                .GroupBy(one => one.Candidate)
                .Select(group =>
                    (
                        Name: ValueText.Full(group.Key),
                        Results: (IReadOnlyList<double>)[.. group.Select(one => one.Result)]
                    )
                )
                .OrderByDescending(row => row.Results.Average())
                .ThenBy(row => row.Name, StringComparer.Ordinal),
        ];

    private sealed class Counter(string what) : IProgress<(int Done, int Of)>
    {
        private readonly Lock _gate = new();
        private readonly IDisplay? _display = RunningCell.Host.Display($"{what}: …");
        private long _shownAt;

        public void Report((int Done, int Of) value)
        {
            lock (_gate)
                if (Stopwatch.GetElapsedTime(_shownAt) >= Pause)
                    Show(value.Done, value.Of);
        }

        public void Show(int done, int of)
        {
            _display?.Update(Invariant($"{what}: {done} of {of}"));
            _shownAt = Stopwatch.GetTimestamp();
        }
    }

    private sealed class View(Func<TrainingRun, Figure> chart, string id, TrainingOptions options)
        : IProgress<TrainingProgress>
    {
        private IDisplay? _display;
        private bool _isTried;
        private long _drawnAt;

        public void Report(TrainingProgress value)
        {
            options.Observer?.Report(value);
            if (!_isTried || (_display is not null && Stopwatch.GetElapsedTime(_drawnAt) >= Pause))
                Show(value.SoFar());
        }

        public void Show(TrainingRun run)
        {
            var drawn = new Drawn(chart(run), id);
            if (!_isTried)
                _display = RunningCell.Host.Display(drawn);
            else
                _display?.Update(drawn);
            _isTried = true;
            _drawnAt = Stopwatch.GetTimestamp();
        }
    }
}

/// <summary>Stands where a figure will be. A host keeps the kind of text that a display began with, so it is HTML as well.</summary>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
internal sealed record Pending : IHtml
{
    public string ToHtml() => "<p>…</p>";

    public override string ToString() => "…";
}

/// <summary>A figure in the place that an earlier one had: of the same element id.</summary>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
internal sealed record Drawn(Figure Figure, string Id) : IHtml
{
    public string ToHtml() => Figure.ToHtml(Id);

    public override string ToString() => Figure.Description;
}
