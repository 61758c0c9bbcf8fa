using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>
/// Backpropagation in a page of matrices, to be read. <see cref="Network.Gradients"/> computes the same up to rounding,
/// faster, and takes the limit where a value is infinite; this page gives NaN there.
/// </summary>
public static partial class Backpropagation
{
    /// <summary>The loss on a batch and its gradient by every weight and bias.</summary>
    /// <param name="network">A network without residual or normalized layers.</param>
    /// <param name="inputs">[inputs x examples], one example a column.</param>
    /// <param name="targets">[outputs x examples].</param>
    /// <param name="loss">The loss J.</param>
    public static Gradients Run(Network network, Matrix<double> inputs, Matrix<double> targets, Loss loss)
    {
        Check(network, inputs, targets, loss);
        IReadOnlyList<Layer> layers = network.Layers;
        var z = new Matrix<double>[layers.Count];
        var a = new Matrix<double>[layers.Count + 1];

        // Forward: the inputs are a[0]; each layer turns a[l] into z[l] = W a[l] + b and a[l + 1] = phi(z[l]).
        a[0] = inputs;
        for (int l = 0; l < layers.Count; l++)
        {
            z[l] = layers[l].Weights * a[l] + OncePerExample(layers[l].Biases, inputs.ColumnCount);
            a[l + 1] = z[l].Map(layers[l].Activation.Value);
        }

        // Backward, from the last layer to the first. By the chain rule, with dA, the derivative of J by the outputs a of a layer:
        //   a = phi(z)      so  delta = dJ/dz = dA times phi'(z), entry by entry
        //   z = W a + b     so  dW = delta aᵀ and db = the sum of delta over the examples,
        //                   and dA of the layer before = Wᵀ delta.
        var gradients = new LayerGradient[layers.Count];
        Matrix<double> dA = DerivativeByOutputs(loss, a[^1], targets);
        for (int l = layers.Count - 1; l >= 0; l--)
        {
            Matrix<double> delta = dA.PointwiseMultiply(z[l].Map(layers[l].Activation.Derivative));
            Matrix<double> dW = delta * a[l].Transpose();
            Vector<double> db = delta.RowSums();
            gradients[l] = new LayerGradient(dW, db);
            dA = layers[l].Weights.Transpose() * delta;
        }
        return new Gradients(loss.Value(a[^1], targets), gradients);
    }

    /// <summary>The biases as a matrix, the same column for every example.</summary>
    private static Matrix<double> OncePerExample(Vector<double> biases, int examples) =>
        Matrix<double>.Build.Dense(biases.Count, examples, (unit, _) => biases[unit]);

    /// <summary>dJ/dy for the network's outputs y: logits, where the loss is a cross-entropy.</summary>
    private static Matrix<double> DerivativeByOutputs(Loss loss, Matrix<double> y, Matrix<double> targets)
    {
        // J is a mean over the entries or, for softmax, over the examples, so its derivative is divided by their number.
        double entries = (double)y.RowCount * y.ColumnCount;
        if (loss == Loss.MeanSquaredError)
            return 2 * (y - targets) / entries;
        if (loss == Loss.BinaryCrossEntropy)
            return (y.Map(Activation.Sigmoid.Value) - targets) / entries;
        return loss == Loss.SoftmaxCrossEntropy
            ? (Softmax(y) - targets) / y.ColumnCount
            : throw new NotSupportedException($"Backpropagation knows no derivative of {loss}.");
    }

    /// <summary>In each column exp(y), divided by its sum; the largest y is taken off first, so that none overflows.</summary>
    private static Matrix<double> Softmax(Matrix<double> y)
    {
        Vector<double>[] columns =
        [
            .. y.EnumerateColumns().Select(column => (column - column.Maximum()).PointwiseExp()),
        ];
        return Matrix<double>.Build.DenseOfColumnVectors(columns.Select(column => column / column.Sum()));
    }
}
