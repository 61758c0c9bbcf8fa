namespace NotebookSupport;

/// <summary>The zero-mean distribution that random weights are drawn from.</summary>
public enum Distribution
{
    /// <summary>The normal distribution, not truncated; kurtosis 3.</summary>
    Normal,

    /// <summary>The uniform distribution on [-limit, limit]; variance limit²/3, kurtosis 1.8.</summary>
    Uniform,
}
