using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>Measures of weights and gradients.</summary>
public static class Diagnostics
{
    /// <summary>How much each unit differs from the first: for row i the largest |W[i, j] - W[0, j]| over j.</summary>
    /// <param name="weights">[fan-out x fan-in].</param>
    /// <returns>A vector of fan-out, at least 0; exactly 0 for a unit that equals the first.</returns>
    public static Vector<double> UnitDifferences(Matrix<double> weights)
    {
        Vector<double> first = Require.NotNull(weights).Row(0);
        return Vector<double>.Build.Dense(weights.RowCount, unit => (weights.Row(unit) - first).AbsoluteMaximum());
    }

    /// <summary>The largest |W[i, j] - W[0, j]|: exactly 0 as long as all units of a layer are equal.</summary>
    /// <param name="weights">[fan-out x fan-in].</param>
    public static double UnitDifference(Matrix<double> weights) => UnitDifferences(weights).Maximum();

    /// <summary>How far each unit is from the one most like it: for row i the least, over the other rows k, of the largest |W[i, j] - W[k, j]|.</summary>
    /// <param name="weights">[fan-out x fan-in], at least two rows.</param>
    /// <returns>A vector of fan-out, at least 0; exactly 0 for a unit that has a copy.</returns>
    public static Vector<double> NearestUnits(Matrix<double> weights)
    {
        if (Require.NotNull(weights).RowCount < 2)
            throw new ArgumentException("weights has 1 row; expected at least 2, to compare.", nameof(weights));
        return Vector<double>.Build.Dense(
            weights.RowCount,
            unit =>
                Enumerable
                    .Range(0, weights.RowCount)
                    .Where(other => other != unit)
                    .Min(other => (weights.Row(unit) - weights.Row(other)).AbsoluteMaximum())
        );
    }

    /// <summary>
    /// What fraction of the squared gradient at the last hidden layer arrives at the first: ‖dJ/dz‖² of the first layer over
    /// that of the last but one. Below 1 it vanishes on its way back, above 1 it explodes.
    /// </summary>
    /// <param name="signals">The signals of all layers, with deltas; at least two.</param>
    public static double GradientRatio(IReadOnlyList<LayerSignal> signals)
    {
        if (Require.NotNull(signals).Count < 2)
            throw new ArgumentException(
                Invariant($"signals has {signals.Count} entries; expected at least 2, a hidden layer and the output."),
                nameof(signals)
            );
        if (signals[0].Deltas is null)
            throw new ArgumentException(
                "signals has no deltas; expected those of a network with targets and a loss.",
                nameof(signals)
            );
        double ratio = signals[0].DeltaNorm / signals[^2].DeltaNorm;
        return ratio * ratio;
    }

    /// <summary>
    /// Compares backpropagation with central differences, (L(p + h) - L(p - h)) / 2h, for every weight and bias.
    /// </summary>
    /// <param name="network">The network; its size decides the time, two forward passes per parameter.</param>
    /// <param name="data">The examples and the loss.</param>
    /// <param name="step">h; finite, above 0, default 1e-5, near the best for float64: its cube is the rounding error.</param>
    /// <returns>The largest difference, as a fraction of the largest gradient; at least 0.</returns>
    public static double GradientError(Network network, Dataset data, double step = 1e-5)
    {
        Require.Positive(step);
        Gradients gradients = Require.NotNull(network).Gradients(Require.NotNull(data).Inputs, data.Targets, data.Loss);
        double largest = 0;
        double error = 0;
        for (int l = 0; l < network.Layers.Count; l++)
        {
            Layer layer = network.Layers[l];
            int index = l;
            foreach ((int i, int j, double value) in layer.Weights.EnumerateIndexed())
                Compare(
                    gradients.Layers[l].Weights[i, j],
                    h => network.WithWeights(index, Moved(layer.Weights, i, j, value + h))
                );
            foreach ((int i, double value) in layer.Biases.EnumerateIndexed())
                Compare(
                    gradients.Layers[l].Biases[i],
                    h => network.WithBiases(index, Moved(layer.Biases.ToColumnMatrix(), i, 0, value + h).Column(0))
                );
        }
        return largest == 0 ? error : error / largest;

        void Compare(double gradient, Func<double, Network> moved)
        {
            double difference = (LossOf(moved(step)) - LossOf(moved(-step))) / (2 * step);
            largest = Math.Max(largest, Math.Abs(gradient));
            error = Math.Max(error, Math.Abs(gradient - difference));
        }

        double LossOf(Network moved) => moved.BatchLoss(data.Inputs, data.Targets, data.Loss);
    }

    private static Matrix<double> Moved(Matrix<double> matrix, int row, int column, double value)
    {
        Matrix<double> moved = matrix.Clone();
        moved[row, column] = value;
        return moved;
    }
}
