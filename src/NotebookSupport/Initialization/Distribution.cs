namespace NotebookSupport;

/// <summary>The zero-mean distribution that random weights are drawn from.</summary>
public enum Distribution
{
    /// <summary>The normal distribution, not truncated; kurtosis 3.</summary>
    Normal,

    /// <summary>The uniform distribution on [-limit, limit); variance limit²/3, kurtosis 1.8.</summary>
    Uniform,

    /// <summary>
    /// The normal distribution, cut at two standard deviations and then scaled by 1 / 0.8796, so that the variance after the
    /// cut is the one asked for; kurtosis 2.37.
    /// </summary>
    TruncatedNormal,
}
