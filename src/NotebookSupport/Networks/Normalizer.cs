namespace NotebookSupport;

/// <summary>
/// The normalization of one layer on its way forward and back. A group is what shares a mean and a variance: the examples
/// of a unit (batch), or the units of an example (layer).
/// </summary>
internal sealed class Normalizer(Layer layer, int capacity)
{
    /// <summary>Added to each variance, so that equal numbers can be divided by its root; PyTorch's default.</summary>
    private const double Epsilon = 1e-5;

    /// <summary>The fraction of the running averages that the latest batch makes up; PyTorch's default.</summary>
    private const double Momentum = 0.1;

    private readonly double[] _normalized = new double[layer.FanOut * capacity];
    private readonly double[] _inverse = new double[Math.Max(layer.FanOut, capacity)];
    private readonly double[] _means = new double[layer.FanOut];
    private readonly double[] _variances = new double[layer.FanOut];

    public bool IsOverBatch => layer.Normalization == Normalization.Batch;

    /// <summary>Turns the sums of some examples into pre-activations.</summary>
    /// <param name="z">u, then z, one example a column.</param>
    /// <param name="first">The place of the first of these examples in the batch.</param>
    /// <param name="training">Whether a batch has its own mean and variance.</param>
    public void Forward(Span<double> z, int first, bool training)
    {
        int rows = layer.FanOut;
        Span<double> normalized = _normalized.AsSpan(first * rows, z.Length);
        for (int group = 0; group < Groups(z); group++)
        {
            (int start, int step, int end) = Places(group, z.Length);
            double mean = 0;
            for (int k = start; k < end; k += step)
                mean += z[k];
            int count = Count(z);
            mean /= count;
            double variance = 0;
            for (int k = start; k < end; k += step)
                variance += (z[k] - mean) * (z[k] - mean);
            variance /= count;
            if (IsOverBatch)
            {
                (_means[group], _variances[group]) = (mean, variance * count / Math.Max(1, count - 1));
                if (!training)
                    (mean, variance) = (layer.RunningMeanArray[group], layer.RunningVarianceArray[group]);
            }
            double inverse = 1 / Math.Sqrt(variance + Epsilon);
            _inverse[IsOverBatch ? group : first + group] = inverse;
            for (int k = start; k < end; k += step)
                normalized[k] = (z[k] - mean) * inverse;
        }
        ReadOnlySpan<double> biases = layer.BiasArray;
        for (int example = 0; example < z.Length; example += rows)
        for (int unit = 0; unit < rows; unit++)
            z[example + unit] = normalized[example + unit] + biases[unit];
    }

    /// <summary>
    /// dJ/du of a group of m numbers from dJ/dz: (dJ/dz - mean(dJ/dz) - n mean(n dJ/dz)) / sqrt(variance + epsilon), with n
    /// the normalized u, as mean and variance depend on every u of the group.
    /// </summary>
    public void Backward(ReadOnlySpan<double> deltas, Span<double> result, int first)
    {
        ReadOnlySpan<double> normalized = _normalized.AsSpan(first * layer.FanOut, deltas.Length);
        for (int group = 0; group < Groups(deltas); group++)
        {
            (int start, int step, int end) = Places(group, deltas.Length);
            double mean = 0;
            double along = 0;
            for (int k = start; k < end; k += step)
            {
                mean += deltas[k];
                along += deltas[k] * normalized[k];
            }
            int count = Count(deltas);
            double inverse = _inverse[IsOverBatch ? group : first + group];
            for (int k = start; k < end; k += step)
                result[k] = inverse * (deltas[k] - mean / count - normalized[k] * along / count);
        }
    }

    /// <summary>Takes the latest batch into the running averages, unless it overflowed.</summary>
    public void UpdateRunningAverages()
    {
        for (int unit = 0; unit < layer.FanOut && IsOverBatch; unit++)
            if (double.IsFinite(_means[unit]) && double.IsFinite(_variances[unit]))
            {
                layer.RunningMeanArray[unit] += Momentum * (_means[unit] - layer.RunningMeanArray[unit]);
                layer.RunningVarianceArray[unit] += Momentum * (_variances[unit] - layer.RunningVarianceArray[unit]);
            }
    }

    private int Groups(ReadOnlySpan<double> z) => IsOverBatch ? layer.FanOut : z.Length / layer.FanOut;

    private int Count(ReadOnlySpan<double> z) => IsOverBatch ? z.Length / layer.FanOut : layer.FanOut;

    private (int Start, int Step, int End) Places(int group, int length) =>
        IsOverBatch ? (group, layer.FanOut, length) : (group * layer.FanOut, 1, (group + 1) * layer.FanOut);
}
