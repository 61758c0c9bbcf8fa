using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>One fully connected layer: z = W a + b, then phi(z) in each unit.</summary>
/// <param name="Weights">W, [fan-out x fan-in].</param>
/// <param name="Biases">b, of length fan-out.</param>
/// <param name="Activation">phi.</param>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public sealed record Layer(Matrix<double> Weights, Vector<double> Biases, Activation Activation)
{
    /// <summary>
    /// The factor c of a residual layer, a = x + c phi(z) for inputs x, which needs as many units as inputs; default none
    /// (null), a = phi(z). Source: He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition", 2016.
    /// </summary>
    public double? ResidualScale { get; init; }

    /// <summary>The number of inputs of a unit.</summary>
    public int FanIn => Weights.ColumnCount;

    /// <summary>The number of units.</summary>
    public int FanOut => Weights.RowCount;

    /// <summary>The shape and the activation in one line.</summary>
    public override string ToString() => $"{FanIn} -> {FanOut} {Activation}";

    internal Layer Copy() =>
        this with
        {
            Weights = Matrix<double>.Build.DenseOfMatrix(Weights),
            Biases = Vector<double>.Build.DenseOfVector(Biases),
        };
}
