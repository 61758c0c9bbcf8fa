using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>Standard normal inputs, which claims and exercises send through networks.</summary>
internal static class Probe
{
    /// <summary>The signals of such inputs and, on the way back, of a mean squared error against targets of 1.</summary>
    public static IReadOnlyList<LayerSignal> Signals(Network network, int seed, int examples = 16)
    {
        Matrix<double> inputs = Initializer.Normal(1).Sample(network.Sizes[0], examples, new Random(seed + 1000));
        var targets = Matrix<double>.Build.Dense(network.Sizes[^1], examples, 1);
        return network.Signals(inputs, targets, Loss.MeanSquaredError);
    }
}
