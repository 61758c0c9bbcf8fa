namespace NotebookSupport;

/// <summary>What was measured at one step, before the parameters changed.</summary>
/// <param name="Step">The step, counted from 0.</param>
/// <param name="Loss">The loss on the step's batch.</param>
/// <param name="GradientNorm">The global L2 norm of the gradient before clipping.</param>
public readonly record struct TrainingStep(int Step, double Loss, double GradientNorm)
{
    /// <summary>The loss and the gradient norm in one line.</summary>
    public override string ToString() => Invariant($"step {Step}: loss {Loss:G4}, gradient norm {GradientNorm:G4}");
}

/// <summary>The network as it was before a step.</summary>
/// <param name="Step">The step, counted from 0.</param>
/// <param name="Network">A copy of the network.</param>
public sealed record Snapshot(int Step, Network Network)
{
    /// <summary>The step and the network in one line.</summary>
    public override string ToString() => Invariant($"before step {Step}: {Network}");
}

/// <summary>What a training did.</summary>
/// <param name="Initial">The network before.</param>
/// <param name="Network">The network after.</param>
/// <param name="Steps">One record per step.</param>
/// <param name="FinalLoss">The loss over the whole data set after the last step; NaN after a divergence.</param>
/// <param name="DivergedAt">The step whose loss or gradient was not finite, at which the training stopped; null if none.</param>
/// <param name="Snapshots">The copies asked for, the last one after the last step.</param>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public sealed record TrainingRun(
    Network Initial,
    Network Network,
    IReadOnlyList<TrainingStep> Steps,
    double FinalLoss,
    int? DivergedAt,
    IReadOnlyList<Snapshot> Snapshots
)
{
    /// <summary>The loss before each step, and <see cref="FinalLoss"/>.</summary>
    public IReadOnlyList<double> Losses => [.. Steps.Select(step => step.Loss), FinalLoss];

    /// <summary>The steps and the first and last loss in one line.</summary>
    public override string ToString() =>
        DivergedAt is { } step
            ? Invariant($"{Steps.Count} steps, diverged at step {step}, loss {Losses[0]:G4} at first")
            : Invariant($"{Steps.Count} steps, loss from {Losses[0]:G4} to {FinalLoss:G4}");
}
