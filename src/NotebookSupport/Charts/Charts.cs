using System.Text.Json.Nodes;
using Plotly.NET;

namespace NotebookSupport;

/// <summary>The charts of the course.</summary>
public static partial class Charts
{
    private const int StandardHeight = 360;

    private const double SmallestDrawn = 1e-18;

    /// <summary>A loss axis spans at least this factor: what hardly changes looks flat.</summary>
    private const double FlatSpread = 2;

    /// <summary>A line of a training has about as many points as it is wide in pixels.</summary>
    private const int MostPoints = 500;

    /// <summary>The loss of some trainings over their steps, on a logarithmic axis.</summary>
    /// <param name="runs">
    /// The trainings, each with its name; at least one. Trainings of the same name, such as the seeds of one rule, have one
    /// colour.
    /// </param>
    public static Figure LossCurves(params (string Name, TrainingRun Run)[] runs) =>
        LossCurves("Loss during training", runs);

    /// <inheritdoc cref="LossCurves(ValueTuple{string, TrainingRun}[])"/>
    /// <param name="title">The title: what the curves show.</param>
    /// <param name="runs">The trainings, each with its name; at least one.</param>
    public static Figure LossCurves(string title, params (string Name, TrainingRun Run)[] runs) =>
        Losses(title, [.. Require.NotNull(runs).Select(run => (run.Name, (IReadOnlyList<TrainingRun>)[run.Run]))]);

    /// <summary>
    /// The loss of groups of trainings, such as the seeds of some rules: at each step the median of a group, the middle one of an
    /// odd number, over its faint trainings. A training that has diverged counts as above all others.
    /// </summary>
    /// <param name="title">The title: what the curves show.</param>
    /// <param name="groups">The groups, each with its name; at least one, each of at least one training.</param>
    public static Figure LossCurves(string title, params (string Name, IReadOnlyList<TrainingRun> Runs)[] groups)
    {
        foreach ((string name, IReadOnlyList<TrainingRun> runs) in Require.NotNull(groups))
            if (Require.NotNull(runs, nameof(groups)).Count == 0)
                throw new ArgumentException(
                    $"{name} of groups has no training; expected at least one.",
                    nameof(groups)
                );
        return Losses(title, groups);
    }

    private static Figure Losses(string title, (string Name, IReadOnlyList<TrainingRun> Runs)[] groups)
    {
        Require.NotNull(title);
        if (groups.Length == 0)
            throw new ArgumentException("runs is empty; expected at least one training.", "runs");
        double[][] losses = [.. groups.Select(group => Medians([.. group.Runs.Select(run => run.Losses)]))];
        double[] drawn =
        [
            .. groups
                .SelectMany(group => group.Runs.SelectMany(run => run.Losses))
                .Where(loss => loss > 0 && double.IsFinite(loss)),
        ];
        (double low, double high) = drawn.Length == 0 ? (0, 1) : (Math.Log10(drawn.Min()), Math.Log10(drawn.Max()));
        double[]? range = null;
        if (high - low < Math.Log10(FlatSpread))
        {
            double middle = (high + low) / 2;
            (low, high) = (middle - Math.Log10(FlatSpread) / 2, middle + Math.Log10(FlatSpread) / 2);
            range = [low, high];
        }
        string[] names = [.. groups.Select(group => group.Name).Distinct()];
        var lines = new List<(double[] X, double[] Y, double[]? Smooth)>();
        for (int g = 0; g < groups.Length; g++)
        {
            int[] steps = Steps(losses[g], groups[g].Runs.Count);
            (double[] x, double[] y) = At(losses[g], steps);
            lines.Add((x, y, Smoothing.Of(losses[g], steps, (high - low) * Math.Log(10))));
        }
        double[] widths = Widths(
            [.. lines.Select((line, i) => (groups[i].Name, line.X, line.Smooth ?? line.Y))],
            low,
            high,
            log: true
        );
        GenericChart[] raw =
        [
            .. groups.SelectMany(
                (group, i) =>
                    group.Runs.Count == 1
                        ? [Raw(lines[i].X, lines[i].Smooth is null ? null : lines[i].Y, group.Name, Colour(i))]
                        : group.Runs.Select(run =>
                        {
                            (double[] x, double[] y) = At(run.Losses, Steps(run.Losses, group.Runs.Count));
                            return Raw(x, y, group.Name, Colour(i));
                        })
            ),
        ];
        GenericChart[] curves =
        [
            .. lines.Select(
                (line, i) => Line(line.X, line.Smooth ?? line.Y, groups[i].Name, Colour(i), widths[i], IsFirst(i))
            ),
        ];
        IEnumerable<int> Of(string name) => Enumerable.Range(0, groups.Length).Where(i => groups[i].Name == name);
        double[] Drawn(int group) => lines[group].Smooth ?? lines[group].Y;
        string Colour(int group) => ChartStyle.Colour(Array.IndexOf(names, groups[group].Name));
        bool IsFirst(int group) => Array.FindIndex(groups, other => other.Name == groups[group].Name) == group;
        double End(int group) => Drawn(group).LastOrDefault(loss => loss > 0 && double.IsFinite(loss), double.NaN);
        JsonObject vertical = ChartStyle.Axis(
            "loss",
            log: true,
            drawn.Append(Math.Pow(10, low)).Append(Math.Pow(10, high))
        );
        if (range is not null)
            vertical["range"] = Precision.Range(range[0], range[1]);
        int last = groups.Max(group => group.Runs.Max(run => run.Losses.Count)) - 1;
        string medians = groups.Any(group => group.Runs.Count > 1) ? ", medians" : "";
        return Named(
            curves.Select((line, i) => (line, groups[i].Name, lines[i].X.Length, lines[i].X[^1], Math.Log10(End(i)))),
            raw,
            (low, high),
            title,
            ChartStyle.Axis("step", log: false, []),
            vertical,
            $"{Finding.Sentence(title)} Loss over {ChartStyle.Number(last)} steps, logarithmic{medians}: "
                + string.Join(
                    "; ",
                    names.Select(name =>
                        $"{name} {Finding.Trend([.. Of(name).SelectMany(i => lines[i].X)], [.. Of(name).SelectMany(Drawn)], log: true)}"
                        + string.Concat(
                            Of(name)
                                .SelectMany(i => groups[i].Runs)
                                .Select(run => run.DivergedAt)
                                .Where(step => step is not null)
                                .Select(step => $" and diverges at step {Finding.Number(step!.Value)}")
                        )
                    )
                )
                + "."
                + Finding.Ranking([.. names.Select(name => (name, Of(name).Average(End)))], onlyLowest: true),
            across: (0, last)
        );
    }

    /// <summary>The steps of a loss that are drawn: of each of several runs fewer.</summary>
    private static int[] Steps(IReadOnlyList<double> loss, int runs)
    {
        int stride = Math.Max(1, runs * loss.Count / MostPoints);
        return [.. Enumerable.Range(0, loss.Count).Where(t => t % stride == 0 || t == loss.Count - 1)];
    }

    private static (double[] X, double[] Y) At(IReadOnlyList<double> loss, int[] steps) =>
        ([.. steps.Select(step => (double)step)], [.. steps.Select(step => loss[step])]);

    /// <summary>The median of some losses at each step, as long as it is finite; at the first step in any case.</summary>
    private static double[] Medians(IReadOnlyList<double>[] losses)
    {
        if (losses.Length == 1)
            return [.. losses[0]];
        double MedianAt(int step)
        {
            double[] all =
            [
                .. losses
                    .Select(loss =>
                        step < loss.Count && double.IsFinite(loss[step]) ? loss[step] : double.PositiveInfinity
                    )
                    .Order(),
            ];
            return (all[(all.Length - 1) / 2] + all[all.Length / 2]) / 2;
        }
        double[] medians = [.. Enumerable.Range(0, losses.Max(loss => loss.Count)).Select(MedianAt)];
        return [medians[0], .. medians[1..].TakeWhile(double.IsFinite)];
    }

    /// <summary>Measurements as points, each kind in its own colour and shape, and theories as lines.</summary>
    /// <param name="title">The title.</param>
    /// <param name="x">What the horizontal axis shows, with its unit.</param>
    /// <param name="y">What the vertical axis shows, with its unit.</param>
    /// <param name="series">
    /// What to draw; at least one. Series of the same name have one colour. What has no place on an axis, such as a 0 on a
    /// logarithmic one, is not drawn but counted in the legend.
    /// </param>
    /// <param name="logX">Whether the horizontal axis is logarithmic; default no.</param>
    /// <param name="logY">Whether the vertical axis is logarithmic; default no.</param>
    public static Figure Curves(
        string title,
        string x,
        string y,
        IReadOnlyList<Series> series,
        bool logX = false,
        bool logY = false
    )
    {
        Require.NotNull(title);
        Require.NotNull(x);
        Require.NotNull(y);
        if (Require.NotNull(series).Count == 0)
            throw new ArgumentException("series is empty; expected at least one.", nameof(series));
        (double[] X, double[] Y)[] points = [.. series.Select(one => Placed(one, logX, logY))];
        double[] heights = [.. points.SelectMany(one => one.Y).Where(double.IsFinite)];
        (double low, double high) = heights.Length == 0 ? (0, 1) : (Scaled(heights.Min()), Scaled(heights.Max()));
        double Scaled(double value) => logY ? Math.Log10(value) : value;
        int[] colours = Colours(series);
        string[] names = [.. series.Select(one => one.Name + LeftOut(one, logX, logY))];
        double[] widths = Widths([.. points.Select((one, s) => (names[s], one.X, one.Y))], low, high, logY);
        var charts = new List<GenericChart>();
        for (int s = 0; s < series.Count; s++)
        {
            bool isNew = !series.Take(s).Any(other => other.Name == series[s].Name);
            charts.Add(
                series[s].IsTheory
                    ? Line(
                        points[s].X,
                        points[s].Y,
                        names[s],
                        ChartStyle.Colour(colours[s]),
                        widths[s] - ChartStyle.LineWidth + ChartStyle.TheoryWidth,
                        isNew
                    )
                    : Points(points[s].X, points[s].Y, names[s], colours[s], Below(s), isNew)
            );
        }
        int Below(int s) =>
            Enumerable
                .Range(0, s)
                .Count(other =>
                    !series[other].IsTheory
                    && names[other] != names[s]
                    && Coincide(points[other], points[s], low, high, logY)
                );
        (string Name, string LeftOut, bool IsTheory, double[] X, double[] Y)[] told =
        [
            .. Enumerable
                .Range(0, series.Count)
                .GroupBy(s => (series[s].Name, series[s].IsTheory))
                .Select(same =>
                    (
                        same.Key.Name,
                        names[same.First()][same.Key.Name.Length..],
                        same.Key.IsTheory,
                        same.SelectMany(s => points[s].X).ToArray(),
                        same.SelectMany(s => points[s].Y).ToArray()
                    )
                ),
        ];
        double End(int s) =>
            points[s].X.Count(place => place == points[s].X.Max()) == 1 && points[s].X[^1] == points[s].X.Max()
                ? points[s].X[^1]
                : double.NaN;
        return Named(
            charts.Select(
                (chart, s) =>
                    (chart, names[s], points[s].X.Length, End(s), Scaled(points[s].Y.LastOrDefault(double.NaN)))
            ),
            [],
            (low, high),
            title,
            ChartStyle.Axis(x, logX, series.SelectMany(one => one.X)),
            ChartStyle.Axis(y, logY, heights),
            $"{Finding.Sentence(title)} {y} over {x}{(logX || logY ? ", logarithmic" : "")}: "
                + string.Join(
                    "; ",
                    told.Where(one =>
                            !one.IsTheory
                            || told.Count(other => other.IsTheory) <= 2
                            || told.All(other => other.IsTheory)
                        )
                        .Select(one =>
                            one.X.Length > 1 && one.X.All(place => place == one.X[0])
                                ? $"{one.Name} stands at {Finding.Number(one.X[0])}{one.LeftOut}"
                                : $"{one.Name} {Finding.Trend(one.X, one.Y, logY)}{one.LeftOut}"
                        )
                )
                + "."
                + Finding.Ranking([
                    .. told.Where(one => !one.IsTheory)
                        .Select(one => (one.Name, Finding.Medians(one.X, one.Y).LastOrDefault((0, double.NaN)).Y)),
                ]),
            mayLabel: series.All(one => one.IsTheory == series[0].IsTheory)
        );
    }

    /// <summary>A chart of one's own, made with Plotly.NET, in the look of the course.</summary>
    /// <param name="chart">The chart; its own layout is not taken over.</param>
    /// <param name="title">The title.</param>
    /// <param name="x">What the horizontal axis shows, with its unit.</param>
    /// <param name="y">What the vertical axis shows, with its unit.</param>
    public static Figure Of(GenericChart chart, string title, string x, string y)
    {
        var figure = new Figure(
            Require.NotNull(chart),
            new
            {
                title = new { text = Require.NotNull(title) },
                xaxis = new { title = new { text = Require.NotNull(x) } },
                yaxis = new { title = new { text = Require.NotNull(y) } },
            },
            title
        );
        string[] found =
        [
            .. figure.Json["data"]!
                .AsArray()
                .Select(trace => Finding.Trace(trace!.AsObject(), x, y))
                .Where(text => text.Length > 0),
        ];
        return new Figure(
            figure.Json,
            found.Length == 0 ? title : $"{Finding.Sentence(title)} {string.Join("; ", found)}.",
            figure.Height
        );
    }

    /// <summary>
    /// How far each unit of the first layer is from the unit most like it, <see cref="Diagnostics.NearestUnits"/>, over the steps.
    /// A unit with a copy is at exactly 0. Units that are always equally far are one line. A logarithmic axis has no place
    /// for an exact 0: it is drawn at the lower edge, at a tick of its own. The axes are the same for every run, so that
    /// charts can be compared.
    /// </summary>
    /// <param name="run">A training with snapshots.</param>
    public static Figure UnitDistances(TrainingRun run) =>
        UnitDistances("How far is each unit from the one most like it?", run);

    /// <inheritdoc cref="UnitDistances(TrainingRun)"/>
    /// <param name="title">The title: what the lines show.</param>
    /// <param name="run">A training with snapshots.</param>
    public static Figure UnitDistances(string title, TrainingRun run)
    {
        Require.NotNull(title);
        IReadOnlyList<Snapshot> snapshots = RequireSnapshots(run);
        if (run.Initial.Layers[0].FanOut < 2)
            throw new ArgumentException(
                "run has one unit in its first layer; expected at least 2 to compare.",
                nameof(run)
            );
        double[][] differences =
        [
            .. snapshots.Select(snapshot => Diagnostics.NearestUnits(snapshot.Network.Layers[0].Weights).ToArray()),
        ];
        const int ticks = 3;
        double low = Math.Log10(SmallestDrawn) - 0.7;
        double high = 1.5;
        double[] steps = [.. snapshots.Select(snapshot => (double)snapshot.Step)];
        double[] Heights(int unit) => [.. differences.Select(row => Math.Max(row[unit], SmallestDrawn))];
        // A fifth of a decade is about two pixels.
        (string Name, double[] Y)[] groups =
        [
            .. Enumerable
                .Range(0, differences[0].Length)
                .GroupBy(
                    unit => string.Join(' ', Heights(unit).Select(y => Invariant($"{Math.Round(5 * Math.Log10(y))}"))),
                    unit => unit
                )
                .Select(group => (Units([.. group.Select(unit => unit + 1)]), Heights(group.First()))),
        ];
        bool isCrowd = groups.Length > ChartStyle.Palette.Count;
        double[] widths = Widths([.. groups.Select(group => (group.Name, steps, group.Y))], low, high, log: true);
        GenericChart[] lines =
        [
            .. groups.Select(
                (group, g) =>
                    Line(
                        steps,
                        group.Y,
                        group.Name,
                        ChartStyle.Colour(isCrowd ? 0 : g),
                        isCrowd ? ChartStyle.TheoryWidth : widths[g],
                        isInLegend: !isCrowd
                    )
            ),
        ];
        if (isCrowd)
            foreach (GenericChart line in lines)
                Set(line, new { legendgroup = "units" });
        double[] powers = [.. Enumerable.Range(-15 / ticks, 15 / ticks + 1).Select(i => (double)(ticks * i))];
        int apart = differences[^1].Where(d => d > 0).Count();
        string lastStep = Finding.Number(snapshots[^1].Step);
        string far = Finding.Number(differences[^1].Max());
        return Named(
            isCrowd
                ? []
                : lines.Select(
                    (line, g) => (line, groups[g].Name, steps.Length, steps[^1], Math.Log10(groups[g].Y[^1]))
                ),
            isCrowd ? lines : [],
            (low, high),
            title,
            ChartStyle.Axis("step", log: false, []),
            new JsonObject
            {
                ["title"] = new JsonObject { ["text"] = "distance to the nearest unit" },
                ["type"] = "log",
                ["range"] = new JsonArray(low, high),
                ["tickvals"] = new JsonArray([SmallestDrawn, .. powers.Select(p => (JsonNode)Math.Pow(10, p))]),
                ["ticktext"] = new JsonArray([
                    "exactly 0",
                    .. powers.Select(p => (JsonNode)ChartStyle.PowerTick((int)p)),
                ]),
            },
            $"{Finding.Sentence(title)} Largest difference of a unit's weights from those of the unit most like it: "
                + (
                    differences.All(row => row.All(d => d == 0)) ? "exactly 0 at every step, for every unit."
                    : apart == 0 ? $"exactly 0 for every unit at step {lastStep}."
                    : $"{Finding.Number(differences[0].Max())} at first, up to {far} at step {lastStep}; "
                        + $"units without a copy at the end: {Finding.Number(apart)} of {Finding.Number(differences[^1].Length)}."
                ),
            across: (0, steps[^1])
        );
    }

    /// <summary>Numbers as a list of ranges: "units 2 to 4, 7".</summary>
    private static string Units(int[] units)
    {
        var ranges = new List<string>();
        for (int i = 0; i < units.Length; )
        {
            int end = i;
            while (end + 1 < units.Length && units[end + 1] == units[end] + 1)
                end++;
            ranges.Add(end == i ? Invariant($"{units[i]}") : Invariant($"{units[i]} to {units[end]}"));
            i = end + 1;
        }
        return (units.Length == 1 ? "unit " : "units ") + string.Join(", ", ranges);
    }

    private static IReadOnlyList<Snapshot> RequireSnapshots(TrainingRun run) =>
        Require.NotNull(run).Snapshots.Count > 0
            ? run.Snapshots
            : throw new ArgumentException(
                "run has no snapshots; expected some: set Snapshots in its TrainingOptions.",
                nameof(run)
            );
}
