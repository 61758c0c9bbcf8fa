using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>The gradient of the loss by the parameters of one layer.</summary>
/// <param name="Weights">dW, [fan-out x fan-in].</param>
/// <param name="Biases">db, of length fan-out.</param>
public sealed record LayerGradient(Matrix<double> Weights, Vector<double> Biases);

/// <summary>The loss on a batch and its gradient by every parameter.</summary>
/// <param name="Loss">The loss on the batch.</param>
/// <param name="Layers">The gradients, first layer first.</param>
public sealed record Gradients(double Loss, IReadOnlyList<LayerGradient> Layers)
{
    /// <summary>The L2 norm of all gradients together, as if they were one vector.</summary>
    public double GlobalNorm =>
        Math.Sqrt(
            Layers.Sum(layer =>
                Elementwise.SumOfSquares(layer.Weights.ToColumnMajorArray())
                + Elementwise.SumOfSquares(layer.Biases.ToArray())
            )
        );
}
