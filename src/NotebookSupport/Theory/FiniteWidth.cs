namespace NotebookSupport;

/// <summary>Fluctuations at finite width: the logarithm of a signal's norm is a random walk over the layers.</summary>
public static class FiniteWidth
{
    /// <summary>
    /// The mean and the variance of ln(‖a^[L]‖² / ‖a^[0]‖²) in a ReLU network of He initialization, to first order in
    /// 1 / width. In one layer of n units the ratio of the squared norms is the mean of n draws of 2 ReLU(g)², g standard
    /// normal, times n / fan-in: its relative variance is 5 / n, so its logarithm has mean -5 / (2n) and variance 5 / n.
    /// The mean ratio stays 1 while the typical one falls. Source: Hanin and Nica, "Products of Many Large Random
    /// Matrices and Gradients in Deep Neural Networks", 2020, where the variance is beta = 5 sum 1 / n.
    /// </summary>
    /// <param name="widths">The widths of the hidden layers; at least one, each at least 1.</param>
    /// <param name="inputs">The number of inputs; at least 1.</param>
    public static (double Mean, double Variance) LogSquaredNorm(IReadOnlyList<int> widths, int inputs)
    {
        if (Require.NotNull(widths).Count == 0)
            throw new ArgumentException("widths is empty; expected at least one hidden layer.", nameof(widths));
        Require.AtLeast(inputs, 1);
        for (int l = 0; l < widths.Count; l++)
            Require.AtLeast(widths[l], 1, Invariant($"widths[{l}]"));
        double beta = widths.Sum(n => 5.0 / n);
        return (Math.Log(widths[^1] / (double)inputs) - beta / 2, beta);
    }
}
