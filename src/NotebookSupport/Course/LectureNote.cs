using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>The one function of the lecture note that the course puts on trial, repaired.</summary>
public static class LectureNote
{
    /// <summary>
    /// Draws the parameters of a network by name, without a network: W1, b1, W2, b2 … The scan of the note lost the index
    /// of its loop. The note also seeds the generator itself, so that every network is the same.
    /// </summary>
    /// <param name="layerSizes">The layer sizes, inputs first; at least two, each at least 1.</param>
    /// <param name="random">The generator to draw from.</param>
    /// <param name="initializer">The rule for the weights; default normal with standard deviation 0.01, the note's.</param>
    /// <returns>
    /// Wl of shape [layerSizes[l] x layerSizes[l - 1]] and bl of shape [layerSizes[l] x 1], all zeros, for each layer l
    /// from 1.
    /// </returns>
    public static IReadOnlyDictionary<string, Matrix<double>> InitializeParameters(
        IReadOnlyList<int> layerSizes,
        Random random,
        Initializer? initializer = null
    )
    {
        Require.Sizes(layerSizes);
        Require.NotNull(random);
        initializer ??= Initializer.Normal(0.01);
        var parameters = new Dictionary<string, Matrix<double>>();
        for (int l = 1; l < layerSizes.Count; l++)
        {
            parameters[Invariant($"W{l}")] = initializer.Sample(layerSizes[l], layerSizes[l - 1], random);
            parameters[Invariant($"b{l}")] = Matrix<double>.Build.Dense(layerSizes[l], 1);
        }
        return parameters;
    }
}
