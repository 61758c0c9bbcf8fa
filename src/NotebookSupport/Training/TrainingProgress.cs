namespace NotebookSupport;

/// <summary>A training while it happens; the same object at every step.</summary>
public sealed class TrainingProgress
{
    private readonly Func<TrainingRun> _soFar;

    internal TrainingProgress(int steps, Func<TrainingRun> soFar)
    {
        Steps = steps;
        _soFar = soFar;
    }

    /// <summary>The number of steps asked for.</summary>
    public int Steps { get; }

    /// <summary>The number of steps done.</summary>
    public int Done { get; internal set; }

    /// <summary>
    /// A copy of the training so far, with the current network; the final loss is that of the latest batch.
    /// </summary>
    public TrainingRun SoFar() => _soFar();
}
