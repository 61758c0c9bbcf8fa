namespace NotebookSupport;

/// <summary>One result of a sweep.</summary>
/// <param name="Configuration">What was tried.</param>
/// <param name="Seed">The seed it was tried with.</param>
/// <param name="Result">What came out.</param>
public sealed record SweepResult<TConfiguration, TResult>(TConfiguration Configuration, int Seed, TResult Result)
{
    /// <summary>What was tried and what came out in one line.</summary>
    public override string ToString() =>
        Invariant($"{ValueText.Full(Configuration)}, seed {Seed}: {ValueText.Full(Result)}");
}

/// <summary>The same experiment for many configurations and seeds, on all cores.</summary>
public static class Sweep
{
    private static readonly AsyncLocal<bool> RunsSeveral = new();

    /// <summary>Whether this is an experiment of a sweep that runs several at a time, so that every core has its own.</summary>
    internal static bool KeepsCoresBusy => RunsSeveral.Value;

    /// <summary>
    /// Runs an experiment for every configuration and every seed. The results come in the order of the configurations
    /// and, within one, of the seeds, whatever the number of threads.
    /// </summary>
    /// <param name="configurations">What to try; at least one.</param>
    /// <param name="seeds">The seeds; at least one.</param>
    /// <param name="experiment">
    /// The experiment; it runs on several threads at once and must draw from its seed alone. Where several run at a time,
    /// each of its trainings has one thread, unless its options say otherwise.
    /// </param>
    /// <param name="threads">The number of experiments at a time; at least 1, default the number of processors (null).</param>
    /// <param name="progress">Receives how many experiments are done; default none (null).</param>
    /// <param name="cancellation">
    /// Stops before the next experiment, with an <see cref="OperationCanceledException"/>; default when the notebook cell
    /// is interrupted (null).
    /// </param>
    public static IReadOnlyList<SweepResult<TConfiguration, TResult>> Run<TConfiguration, TResult>(
        IEnumerable<TConfiguration> configurations,
        IEnumerable<int> seeds,
        Func<TConfiguration, int, TResult> experiment,
        int? threads = null,
        IProgress<(int Done, int Of)>? progress = null,
        CancellationToken? cancellation = null
    )
    {
        if (configurations is null)
            throw new ArgumentNullException(nameof(configurations), "configurations is null; expected a value.");
        if (seeds is null)
            throw new ArgumentNullException(nameof(seeds), "seeds is null; expected a value.");
        Require.NotNull(experiment);
        Require.AtLeast(threads ?? 1, 1, nameof(threads));
        int[] eachSeed = [.. seeds];
        (TConfiguration Configuration, int Seed)[] all =
        [
            .. configurations.SelectMany(_ => eachSeed, (configuration, seed) => (configuration, seed)),
        ];
        if (all.Length == 0)
            throw new ArgumentException(
                "configurations or seeds is empty; expected at least one of each.",
                eachSeed.Length == 0 ? nameof(seeds) : nameof(configurations)
            );
        var results = new SweepResult<TConfiguration, TResult>[all.Length];
        int done = 0;
        int atATime = Math.Min(all.Length, threads ?? Environment.ProcessorCount);
        Parallel.For(
            0,
            all.Length,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = atATime,
                CancellationToken = cancellation ?? RunningCell.Interruption,
            },
            i =>
            {
                (TConfiguration configuration, int seed) = all[i];
                bool before = RunsSeveral.Value;
                RunsSeveral.Value |= atATime > 1;
                try
                {
                    results[i] = new(configuration, seed, experiment(configuration, seed));
                }
                finally
                {
                    RunsSeveral.Value = before;
                }
                progress?.Report((Interlocked.Increment(ref done), all.Length));
            }
        );
        return results;
    }
}
