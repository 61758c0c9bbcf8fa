using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>
/// What one input does in a deep random network before any training: the sizes of activations, signal gradients and
/// weight gradients, layer by layer, beside what mean-field theory says of them. It depends on its arguments alone.
/// </summary>
/// <param name="Panels">Activations, signal gradients, weight gradients.</param>
/// <param name="Reading">What there is to see, in words.</param>
internal sealed record DepthState(IReadOnlyList<DepthPanel> Panels, string Reading)
{
    /// <summary>The powers of ten between which sizes are counted.</summary>
    public const int LowestDecade = -9;

    /// <inheritdoc cref="LowestDecade"/>
    public const int HighestDecade = 8;

    public const int BinsPerDecade = 3;

    /// <summary>What changes by no more than this factor from end to end arrives.</summary>
    private const double Arrives = 100;

    /// <summary>Weights at the scale 1, which all states of a width and depth share: other scales are multiples of them.</summary>
    /// <param name="width">The units of each layer, and the inputs.</param>
    /// <param name="depth">How many hidden layers.</param>
    /// <param name="seed">Of the weights.</param>
    public static IReadOnlyList<DepthWeights> Weights(int width, int depth, int seed) =>
        [
            .. Network
                .Create(Sizes.Of(width, width, depth, 1), Activation.Identity, Initializer.VarianceScaling(1), seed)
                .Layers.Select(layer => new DepthWeights(layer.Weights)),
        ];

    /// <param name="weights">Of the hidden layers and the output, see <see cref="Weights"/>.</param>
    /// <param name="activation">phi of the hidden layers.</param>
    /// <param name="s">The weight scale: the weights are multiplied by it, so that they have variance s² / fan-in.</param>
    /// <param name="layers">The hidden layers that are shown, ascending from 1.</param>
    /// <param name="seed">Of the input, whose mean square is made 1.</param>
    public static DepthState Of(
        IReadOnlyList<DepthWeights> weights,
        Activation activation,
        double s,
        IReadOnlyList<int> layers,
        int seed
    )
    {
        int depth = weights.Count - 1;
        // From 0, the input, on.
        var activations = new double[depth + 1][];
        var deltas = new double[depth + 1][];
        activations[0] = Input(weights[0].Inputs, seed);
        var signals = new double[depth + 1][];
        for (int l = 1; l <= depth; l++)
        {
            signals[l] = weights[l - 1].Forward(activations[l - 1], s);
            activations[l] = new double[signals[l].Length];
            activation.Apply(signals[l], activations[l]);
        }
        double[] above = [1];
        for (int l = depth; l > 0; l--)
        {
            above = deltas[l] = weights[l].Backward(above, s);
            activation.MultiplyByDerivative(signals[l], activations[l], deltas[l]);
        }
        // The loss decides the unit of all gradients: that of the last hidden layer's signal gradient.
        double unit = RootMeanSquare(deltas[depth]);
        (double[] a, double[] delta) = Theory(activation, s, depth);
        double[] Root(Func<int, double> size) => [.. layers.Select(size)];
        double[][] Shown(double[][] values, int before, double per) =>
            [.. layers.Select(l => Decades(values[l - before], per))];
        double[][] gradients = Shown(deltas, 0, unit);
        DepthPanel[] panels =
        [
            new(Shown(activations, 0, 1), Root(l => RootMeanSquare(activations[l])), Root(l => a[l])),
            new(gradients, Root(l => RootMeanSquare(deltas[l]) / unit), Root(l => delta[l])),
            // Of one example dJ/dW is the product of each unit's delta with each input.
            new(
                gradients,
                Root(l => RootMeanSquare(deltas[l]) / unit * RootMeanSquare(activations[l - 1])),
                Root(l => delta[l] * a[l - 1]),
                Shown(activations, 1, 1)
            ),
        ];
        string Fate(double ratio) =>
            ratio < 1 / Arrives ? "vanishes"
            : ratio > Arrives ? "explodes"
            : "arrives";
        double signal = panels[0].Measured[^1] / panels[0].Measured[0];
        double back = panels[1].Measured[0] / panels[1].Measured[^1];
        return new(
            panels,
            Invariant(
                $"The signal {Fate(signal)}: layer {layers[^1]} has {Finding.Number(signal)} times the size of layer {layers[0]}. "
            )
                + Invariant(
                    $"The signal gradient {Fate(back)}: layer {layers[0]} has {Finding.Number(back)} times that of layer "
                )
                + Invariant(
                    $"{layers[^1]}. Weight gradients: {Finding.Number(panels[2].Measured[0])} in layer {layers[0]}, "
                )
                + Invariant($"{Finding.Number(panels[2].Measured[^1])} in layer {layers[^1]}.")
        );
    }

    /// <summary>Root mean squares in wide networks: of a in the layers from 0, the input, on; of delta relative to the last layer's.</summary>
    private static (double[] Activations, double[] Deltas) Theory(Activation activation, double s, int depth)
    {
        var square = new double[depth + 1];
        var chi = new double[depth + 1];
        var delta = new double[depth + 1];
        square[0] = 1;
        for (int l = 1; l <= depth; l++)
        {
            (square[l], double slope) = MeanField.Moments(activation, s * s * square[l - 1]);
            chi[l] = s * s * slope;
        }
        delta[depth] = 1;
        for (int l = depth - 1; l > 0; l--)
            delta[l] = delta[l + 1] * Math.Sqrt(chi[l]);
        return ([.. square.Select(Math.Sqrt)], delta);
    }

    private static double[] Input(int count, int seed)
    {
        // Not the seed of the weights, or the input would be the first column of the first matrix.
        double[] input = Initializer.Normal(1).Sample(count, 1, new Random(seed + 1000)).AsColumnMajorArray();
        double size = RootMeanSquare(input);
        return [.. input.Select(value => value / size)];
    }

    /// <summary>The common logarithms of the magnitudes above 0, ascending.</summary>
    private static double[] Decades(double[] values, double unit)
    {
        var decades = new double[values.Length];
        int count = 0;
        foreach (double value in values)
            if (value != 0)
                decades[count++] = Math.Log10(Math.Abs(value) / unit);
        Array.Sort(decades, 0, count);
        return decades[..count];
    }

    private static double RootMeanSquare(double[] values) =>
        Vector<double>.Build.Dense(values).L2Norm() / Math.Sqrt(values.Length);
}

/// <summary>The weights of one layer, as they are and transposed: each way is one product.</summary>
internal sealed class DepthWeights(Matrix<double> weights)
{
    private readonly double[] _weights = weights.AsColumnMajorArray();
    private readonly double[] _transposed = weights.Transpose().AsColumnMajorArray();

    public int Inputs => weights.ColumnCount;

    /// <summary>s W a.</summary>
    public double[] Forward(double[] a, double s) => Product(_weights, weights.RowCount, a, s);

    /// <summary>s Wᵀ delta.</summary>
    public double[] Backward(double[] delta, double s) => Product(_transposed, weights.ColumnCount, delta, s);

    private static double[] Product(double[] matrix, int rows, double[] vector, double s)
    {
        var product = new double[rows];
        if (rows >= PackedMatrix.Lanes)
            Products.Multiply(matrix, rows, vector, product, vector.Length, default);
        else
            for (int j = 0; j < vector.Length; j++)
            for (int i = 0; i < rows; i++)
                product[i] = Math.FusedMultiplyAdd(matrix[j * rows + i], vector[j], product[i]);
        for (int i = 0; i < rows; i++)
            product[i] *= s;
        return product;
    }
}

/// <summary>The sizes of one quantity in some layers.</summary>
internal sealed class DepthPanel
{
    public const int Bins = (DepthState.HighestDecade - DepthState.LowestDecade) * DepthState.BinsPerDecade;

    /// <param name="decades">For each layer, the common logarithms of the magnitudes above 0, ascending.</param>
    /// <param name="measured">For each layer, the root mean square.</param>
    /// <param name="theory">For each layer, the root mean square in a wide network.</param>
    /// <param name="factors">Where the quantity is every product of two: for each layer, the logarithms of the other factor.</param>
    public DepthPanel(
        double[][] decades,
        IReadOnlyList<double> measured,
        IReadOnlyList<double> theory,
        double[][]? factors = null
    )
    {
        (Measured, Theory) = (measured, theory);
        Shares = new byte[Bins * decades.Length];
        for (int l = 0; l < decades.Length; l++)
        {
            double[] others = factors?[l] ?? [0];
            double all = (double)decades[l].Length * others.Length;
            int below = Below(0, decades[l], others);
            for (int bin = 0; bin < Bins && all > 0; bin++)
            {
                int under = Below(bin + 1, decades[l], others);
                Shares[bin * decades.Length + l] = (byte)Math.Round(100 * (under - below) / all);
                below = under;
            }
        }
    }

    /// <summary>How many sums of two logarithms, both ascending, lie below the start of a bin.</summary>
    private static int Below(int bin, double[] ones, double[] others)
    {
        double end = DepthState.LowestDecade + (double)bin / DepthState.BinsPerDecade;
        if (ones.Length == 0 || others.Length == 0 || ones[0] + others[0] >= end)
            return 0;
        if (ones[^1] + others[^1] < end)
            return ones.Length * others.Length;
        int count = 0;
        int left = others.Length;
        foreach (double one in ones)
        {
            while (left > 0 && one + others[left - 1] >= end)
                left--;
            if (left == 0)
                break;
            count += left;
        }
        return count;
    }

    /// <summary>[bins x layers]: how many per cent of a layer's sizes above 0 lie in a bin.</summary>
    public byte[] Shares { get; }

    /// <summary>For each layer, the root mean square.</summary>
    public IReadOnlyList<double> Measured { get; }

    /// <summary>For each layer, what theory says of it.</summary>
    public IReadOnlyList<double> Theory { get; }
}
