using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>What one layer computes for a batch in the forward pass and, where a loss was given, in the backward pass.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="PreActivations">z, [fan-out x examples].</param>
/// <param name="Activations">a = phi(z), [fan-out x examples].</param>
/// <param name="Deltas">dJ/dz, [fan-out x examples]; null after a forward pass alone.</param>
/// <param name="Gradient">The gradient by the layer's parameters; null after a forward pass alone.</param>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public sealed record LayerSignal(
    Layer Layer,
    Matrix<double> PreActivations,
    Matrix<double> Activations,
    Matrix<double>? Deltas = null,
    LayerGradient? Gradient = null
)
{
    /// <summary>The fraction of its largest value below which a derivative counts as that of a saturated unit: 1 %.</summary>
    public const double SaturationThreshold = 0.01;

    /// <summary>The mean of z over all units and examples.</summary>
    public double MeanOfPreActivations => PreActivations.Enumerate().Average();

    /// <summary>q, the mean of z² over all units and examples; at least 0.</summary>
    public double SecondMomentOfPreActivations => MeanSquare(PreActivations);

    /// <summary>The mean of a over all units and examples.</summary>
    public double MeanOfActivations => Activations.Enumerate().Average();

    /// <summary>The mean of a² over all units and examples; at least 0.</summary>
    public double SecondMomentOfActivations => MeanSquare(Activations);

    /// <summary>
    /// The fraction of all z at which |phi'| is below 1 % of its largest value, which is looked for from -8 to 8; from 0
    /// to 1. For ReLU these are the z of at most 0.
    /// </summary>
    public double SaturatedFraction
    {
        get
        {
            double limit = SaturationThreshold * LargestDerivative;
            return PreActivations.Enumerate().Count(z => Math.Abs(Layer.Activation.Derivative(z)) < limit)
                / (double)(PreActivations.RowCount * PreActivations.ColumnCount);
        }
    }

    /// <summary>The fraction of dead units, whose phi' is exactly 0 for every example; from 0 to 1.</summary>
    public double DeadFraction =>
        PreActivations.EnumerateRows().Count(row => row.All(z => Layer.Activation.Derivative(z) == 0))
        / (double)PreActivations.RowCount;

    /// <summary>The L2 norm of dJ/dz over all units and examples; NaN without a loss.</summary>
    public double DeltaNorm => Deltas is null ? double.NaN : Norm.Of(Deltas);

    /// <summary>The L2 norm of dJ/dW; NaN without a loss.</summary>
    public double WeightGradientNorm => Gradient is null ? double.NaN : Norm.Of(Gradient.Weights);

    /// <summary>The L2 norm of dJ/db; NaN without a loss.</summary>
    public double BiasGradientNorm => Gradient is null ? double.NaN : Norm.Of(Gradient.Biases);

    /// <summary>
    /// The update of a step of gradient descent as a fraction of the weights: rate ‖dJ/dW‖ / ‖W‖; NaN without a
    /// loss.
    /// </summary>
    /// <param name="learningRate">The step length; finite, at least 0.</param>
    public double UpdateRatio(double learningRate) =>
        Require.NonNegative(learningRate) * WeightGradientNorm / Norm.Of(Layer.Weights);

    /// <summary>The second moments and the fractions in one line.</summary>
    public override string ToString() =>
        Invariant(
            $"{Layer}: E z² {SecondMomentOfPreActivations:G3}, E a² {SecondMomentOfActivations:G3}, saturated {SaturatedFraction:P0}, dead {DeadFraction:P0}"
        );

    private double LargestDerivative =>
        Enumerable.Range(-128, 257).Max(i => Math.Abs(Layer.Activation.Derivative(i / 16.0)));

    private static double MeanSquare(Matrix<double> values)
    {
        double mean = values.Enumerate().Average(value => value * value);
        double count = (double)values.RowCount * values.ColumnCount;
        // The sum may overflow where the mean does not.
        return double.IsInfinity(mean) ? values.Enumerate().Sum(value => value / count * value) : mean;
    }
}
