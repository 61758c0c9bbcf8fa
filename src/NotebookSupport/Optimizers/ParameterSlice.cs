namespace NotebookSupport;

/// <summary>Some neighbouring parameters of one array at one step, with their gradient and what is remembered of each.</summary>
internal readonly ref struct ParameterSlice(
    double[] parameters,
    double[] gradient,
    double[][] state,
    Range range,
    double rate,
    int step
)
{
    public Span<double> Parameters { get; } = parameters.AsSpan(range);

    public ReadOnlySpan<double> Gradient { get; } = gradient.AsSpan(range);

    /// <summary>The learning rate.</summary>
    public double Rate { get; } = rate;

    /// <summary>The step, counted from 1.</summary>
    public int Step { get; } = step;

    /// <summary>One of the numbers remembered of each parameter, 0 at first.</summary>
    public Span<double> State(int slot) => state[slot].AsSpan(range);
}
