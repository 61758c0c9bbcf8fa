using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>The gradient of the loss by the parameters of one layer.</summary>
/// <param name="Weights">dW, [fan-out x fan-in].</param>
/// <param name="Biases">db, of length fan-out.</param>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public sealed record LayerGradient(Matrix<double> Weights, Vector<double> Biases)
{
    /// <summary>The shape and the norms in one line.</summary>
    public override string ToString() =>
        Invariant(
            $"[{Weights.RowCount} x {Weights.ColumnCount}], ‖dW‖ {Norm.Of(Weights):G4}, ‖db‖ {Norm.Of(Biases):G4}"
        );
}

/// <summary>The loss on a batch and its gradient by every parameter.</summary>
/// <param name="Loss">The loss on the batch.</param>
/// <param name="Layers">The gradients, first layer first.</param>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public sealed record Gradients(double Loss, IReadOnlyList<LayerGradient> Layers)
{
    /// <summary>The L2 norm of all gradients together, as if they were one vector.</summary>
    public double GlobalNorm
    {
        get
        {
            var arrays = new List<double[]>();
            double squares = 0;
            foreach ((Matrix<double> weights, Vector<double> biases) in Layers)
            {
                arrays.Add(weights.ToColumnMajorArray());
                arrays.Add(biases.ToArray());
                squares += Elementwise.SumOfSquares(arrays[^2]) + Elementwise.SumOfSquares(arrays[^1]);
            }
            return Norm.Of(arrays, squares);
        }
    }

    /// <summary>The loss and the norm in one line.</summary>
    public override string ToString() =>
        Invariant($"gradients of {Layers.Count} layers, loss {Loss:G4}, global norm {GlobalNorm:G4}");
}
