namespace NotebookSupport;

/// <summary>How to train.</summary>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public sealed record TrainingOptions
{
    /// <summary>The step length; finite, at least 0, default 0.1.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>
    /// What the learning rate is multiplied by in each layer, first hidden layer first: for its weights and for its biases;
    /// finite, at least 0, default 1 everywhere (null).
    /// </summary>
    public IReadOnlyList<(double Weights, double Biases)>? LayerRates { get; init; }

    /// <summary>How a gradient moves the parameters; default plain gradient descent.</summary>
    public Optimizer Optimizer { get; init; } = Optimizer.GradientDescent;

    /// <summary>The number of steps; at least 0, default 1000.</summary>
    public int Steps { get; init; } = 1000;

    /// <summary>Stops after the first step whose loss is below this; finite, default never (null).</summary>
    public double? StopBelow { get; init; }

    /// <summary>The number of examples per step; their order is shuffled at each pass over the data; default all of them (null).</summary>
    public int? BatchSize { get; init; }

    /// <summary>The loss; default the one of the data set (null).</summary>
    public Loss? Loss { get; init; }

    /// <summary>The limit on the gradient; default none.</summary>
    public GradientClipping Clipping { get; init; } = GradientClipping.None;

    /// <summary>What to do when the loss or the gradient of a step is not finite; default to stop there.</summary>
    public NonFinitePolicy NonFinite { get; init; } = NonFinitePolicy.Diverge;

    /// <summary>The seed of the order of the examples in mini-batches; default 0.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// The most threads that share a step; at least 1, default as many as there are processors and as the step keeps
    /// busy (null), but one in an experiment of a <see cref="Sweep"/>. Where a step on one is faster, as beside a busy
    /// program, it runs on one. The numbers of a run do not depend on it.
    /// </summary>
    public int? Threads { get; init; }

    /// <summary>The number of copies of the network to keep during the training, evenly spaced; at least 0, default 0.</summary>
    public int Snapshots { get; init; }

    /// <summary>Receives the progress after each step; default none (null).</summary>
    public IProgress<TrainingProgress>? Observer { get; init; }

    /// <summary>
    /// Stops before the next step, with an <see cref="OperationCanceledException"/>; default when the notebook cell is
    /// interrupted (null).
    /// </summary>
    public CancellationToken? Cancellation { get; init; }

    /// <summary>What decides the numbers of the run, in one line.</summary>
    public override string ToString() =>
        Invariant(
            $"{Optimizer}, learning rate {LearningRate}{(LayerRates is null ? "" : " times the layer's")}, {Steps} steps of "
        )
        + (BatchSize is { } size ? Invariant($"{size} examples, seed {Seed}") : "all examples")
        + Invariant($", {Clipping}");
}

/// <summary>What a training does at a step whose loss, or whose gradient's norm, is NaN or infinite.</summary>
public enum NonFinitePolicy
{
    /// <summary>It stops, and the run says at which step: divergence is data.</summary>
    Diverge,

    /// <summary>It throws a <see cref="NotFiniteNumberException"/> that names the step.</summary>
    Throw,

    /// <summary>It leaves the parameters as they are and goes on with the next batch.</summary>
    Skip,

    /// <summary>It replaces the entries that are not finite by 0 and goes on.</summary>
    Zero,
}
