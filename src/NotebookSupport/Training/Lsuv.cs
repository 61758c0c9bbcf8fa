using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>
/// Layer-sequential unit-variance initialization: weights scaled, layer by layer, until the pre-activations z of real
/// inputs have variance 1. Source: Mishkin and Matas, "All you need is a good init", 2016, algorithm 1.
/// </summary>
public static class Lsuv
{
    /// <summary>A copy of a network with scaled weights. The paper starts from orthogonal weights.</summary>
    /// <param name="network">The network; a layer whose z are all equal has no variance to scale and is an error.</param>
    /// <param name="inputs">[inputs x examples]; at least two different examples.</param>
    /// <param name="tolerance">How near to 1 each variance has to come; finite, above 0, default 0.01.</param>
    /// <param name="trials">The largest number of scalings per layer; at least 1, default 10.</param>
    public static Network Apply(Network network, Matrix<double> inputs, double tolerance = 0.01, int trials = 10)
    {
        Require.NotNull(network);
        Require.Positive(tolerance);
        Require.AtLeast(trials, 1);
        for (int l = 0; l < network.Layers.Count; l++)
        for (int trial = 0; trial < trials; trial++)
        {
            LayerSignal signal = network.Signals(inputs)[l];
            double variance =
                signal.SecondMomentOfPreActivations - signal.MeanOfPreActivations * signal.MeanOfPreActivations;
            if (Math.Abs(variance - 1) < tolerance)
                break;
            if (variance <= 0)
                throw new ArgumentException(
                    Invariant(
                        $"network has the same pre-activation for every input in layer {l + 1}; expected weights that tell inputs apart."
                    ),
                    nameof(network)
                );
            network = network.WithWeights(l, network.Layers[l].Weights / Math.Sqrt(variance));
        }
        return network;
    }
}
