namespace NotebookSupport;

/// <summary>Some neighbouring examples of a batch, one a column, with the places of their losses and derivatives.</summary>
internal readonly ref struct LossSlice(
    ReadOnlySpan<double> outputs,
    ReadOnlySpan<double> targets,
    Span<double> delta,
    Span<double> losses,
    int batch
)
{
    public ReadOnlySpan<double> Outputs { get; } = outputs;

    public ReadOnlySpan<double> Targets { get; } = targets;

    /// <summary>Where the derivative by each output goes.</summary>
    public Span<double> Delta { get; } = delta;

    /// <summary>Where the loss of each example goes.</summary>
    public Span<double> Losses { get; } = losses;

    /// <summary>The examples of the whole batch, over which the loss is a mean.</summary>
    public int Batch { get; } = batch;

    /// <summary>The number of outputs.</summary>
    public int Rows { get; } = outputs.Length / losses.Length;

    public ReadOnlySpan<double> OutputsOf(int example) => Outputs.Slice(example * Rows, Rows);

    public ReadOnlySpan<double> TargetsOf(int example) => Targets.Slice(example * Rows, Rows);

    public Span<double> DeltaOf(int example) => Delta.Slice(example * Rows, Rows);
}
