using System.Diagnostics;

namespace NotebookSupport;

/// <summary>Training that is watched.</summary>
public static class Live
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    /// <summary>
    /// Trains as <see cref="Trainer.Train"/> does, the same numbers, and meanwhile shows a chart of the training so far
    /// in the cell's output, drawn anew about six times a second. The last drawing is the whole training. Where no
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
        var view = new View(chart, Figure.NewId("live", $"{network} {Require.NotNull(data).Name}"), options);
        TrainingRun run = Trainer.Train(network, data, options with { Observer = view });
        view.Show(run);
        return run;
    }

    private sealed class View(Func<TrainingRun, Figure> chart, string id, TrainingOptions options)
        : IProgress<TrainingProgress>
    {
        private LiveDisplay? _display;
        private long _drawnAt;

        public void Report(TrainingProgress value)
        {
            options.Observer?.Report(value);
            if (_display is { IsShown: false } || (_display is not null && Stopwatch.GetElapsedTime(_drawnAt) < Pause))
                return;
            Show(value.SoFar());
        }

        public void Show(TrainingRun run)
        {
            var drawn = new Drawn(chart(run), id);
            if (_display is null)
                _display = new LiveDisplay(drawn);
            else
                _display.Update(drawn);
            _drawnAt = Stopwatch.GetTimestamp();
        }
    }
}

/// <summary>A figure in the place that an earlier one had: of the same element id.</summary>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
internal sealed record Drawn(Figure Figure, string Id) : IHtml
{
    public string ToHtml() => Figure.ToHtml(Id);

    public override string ToString() => Figure.Description;
}
