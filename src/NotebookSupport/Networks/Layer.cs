using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>One fully connected layer: z = W a + b, then phi(z) in each unit.</summary>
/// <param name="Weights">W, [fan-out x fan-in].</param>
/// <param name="Biases">b, of length fan-out.</param>
/// <param name="Activation">phi.</param>
public sealed record Layer(Matrix<double> Weights, Vector<double> Biases, Activation Activation)
{
    /// <summary>The number of inputs of a unit.</summary>
    public int FanIn => Weights.ColumnCount;

    /// <summary>The number of units.</summary>
    public int FanOut => Weights.RowCount;

    /// <summary>The shape and the activation in one line.</summary>
    public override string ToString() => $"{FanIn} -> {FanOut} {Activation}";

    internal Layer Copy() =>
        new(Matrix<double>.Build.DenseOfMatrix(Weights), Vector<double>.Build.DenseOfVector(Biases), Activation);
}
