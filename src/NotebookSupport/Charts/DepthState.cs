using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>
/// What one input does in a deep random network before any training: the sizes of activations, signal gradients and
/// weight gradients, layer by layer, beside what mean-field theory says of them. It depends on its arguments alone: a
/// stored page holds some states, a page with a runtime may ask for any.
/// </summary>
/// <param name="Panels">Activations, signal gradients, weight gradients.</param>
/// <param name="Reading">What there is to see, in words.</param>
internal sealed record DepthState(IReadOnlyList<DepthPanel> Panels, string Reading)
{
    /// <summary>The powers of ten between which sizes are counted.</summary>
    public const int LowestDecade = -11;

    /// <inheritdoc cref="LowestDecade"/>
    public const int HighestDecade = 8;

    public const int BinsPerDecade = 2;

    /// <summary>What changes by no more than this factor from end to end arrives.</summary>
    private const double Arrives = 100;

    private static readonly double[] OneTarget = [1];

    /// <param name="activation">phi of the hidden layers.</param>
    /// <param name="s">The weight scale: weights have variance s² / fan-in.</param>
    /// <param name="width">The units of each layer, and the inputs.</param>
    /// <param name="depth">How many hidden layers.</param>
    /// <param name="layers">The hidden layers that are shown, ascending from 1.</param>
    /// <param name="seed">Of the weights and of the input, whose mean square is made 1.</param>
    public static DepthState Of(
        Activation activation,
        double s,
        int width,
        int depth,
        IReadOnlyList<int> layers,
        int seed
    )
    {
        var network = Network.Create(
            Sizes.Of(width, width, depth, 1),
            activation,
            Initializer.VarianceScaling(s * s),
            seed
        );
        Matrix<double> input = Initializer.Normal(1).Sample(width, 1, new Random(seed));
        input /= RootMeanSquare(input);
        IReadOnlyList<LayerSignal> signals = network.Signals(
            input,
            Matrix<double>.Build.Dense(1, 1, OneTarget),
            Loss.MeanSquaredError
        );
        // The loss decides the unit of all gradients: that of the last hidden layer's signal gradient.
        double unit = RootMeanSquare(signals[depth - 1].Deltas!);
        Matrix<double> Into(int l) => l == 1 ? input : signals[l - 2].Activations;
        (double[] a, double[] delta) = Theory(activation, s, depth);
        double[] Root(Func<int, double> size) => [.. layers.Select(size)];
        DepthPanel[] panels =
        [
            new(
                [.. layers.Select(l => Decades(signals[l - 1].Activations, 1))],
                Root(l => RootMeanSquare(signals[l - 1].Activations)),
                Root(l => a[l])
            ),
            new(
                [.. layers.Select(l => Decades(signals[l - 1].Deltas!, unit))],
                Root(l => RootMeanSquare(signals[l - 1].Deltas!) / unit),
                Root(l => delta[l])
            ),
            // Of one example dJ/dW is the product of each unit's delta with each input.
            new(
                [.. layers.Select(l => Sums(Decades(signals[l - 1].Deltas!, unit), Decades(Into(l), 1)))],
                Root(l => RootMeanSquare(signals[l - 1].Deltas!) / unit * RootMeanSquare(Into(l))),
                Root(l => delta[l] * a[l - 1])
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
                    $"The signal gradient {Fate(back)}: layer {layers[0]} has {Finding.Number(back)} times the size of layer "
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
        var q = new double[depth + 1];
        var a = new double[depth + 1];
        var delta = new double[depth + 1];
        a[0] = 1;
        for (int l = 1; l <= depth; l++)
        {
            q[l] = l == 1 ? s * s : MeanField.NextLength(activation, q[l - 1], s);
            a[l] = Math.Sqrt(MeanField.NextLength(activation, q[l], 1));
        }
        delta[depth] = 1;
        for (int l = depth - 1; l > 0; l--)
            delta[l] = delta[l + 1] * Math.Sqrt(MeanField.Chi(activation, q[l], s));
        return (a, delta);
    }

    /// <summary>The common logarithms of the magnitudes above 0.</summary>
    private static double[] Decades(Matrix<double> values, double unit) =>
        [.. values.Enumerate().Where(value => value != 0).Select(value => Math.Log10(Math.Abs(value) / unit))];

    private static IEnumerable<double> Sums(double[] one, double[] other) =>
        one.SelectMany(_ => other, (x, y) => x + y);

    private static double RootMeanSquare(Matrix<double> values) =>
        Norm.Of(values) / Math.Sqrt((double)values.RowCount * values.ColumnCount);
}

/// <summary>The sizes of one quantity in some layers.</summary>
internal sealed class DepthPanel
{
    public const int Bins = (DepthState.HighestDecade - DepthState.LowestDecade) * DepthState.BinsPerDecade;

    /// <param name="decades">For each layer, the common logarithms of the magnitudes above 0.</param>
    /// <param name="measured">For each layer, the root mean square.</param>
    /// <param name="theory">For each layer, the root mean square in a wide network.</param>
    public DepthPanel(
        IReadOnlyList<IEnumerable<double>> decades,
        IReadOnlyList<double> measured,
        IReadOnlyList<double> theory
    )
    {
        (Measured, Theory) = (measured, theory);
        Shares = new byte[Bins * decades.Count];
        for (int l = 0; l < decades.Count; l++)
        {
            var counts = new int[Bins];
            int all = 0;
            foreach (double decade in decades[l])
            {
                all++;
                double bin = Math.Floor((decade - DepthState.LowestDecade) * DepthState.BinsPerDecade);
                if (bin is >= 0 and < Bins)
                    counts[(int)bin]++;
            }
            for (int bin = 0; bin < Bins && all > 0; bin++)
                Shares[bin * decades.Count + l] = (byte)Math.Round(100.0 * counts[bin] / all);
        }
    }

    /// <summary>[bins x layers]: how many per cent of a layer's sizes above 0 lie in a bin.</summary>
    public byte[] Shares { get; }

    /// <summary>For each layer, the root mean square.</summary>
    public IReadOnlyList<double> Measured { get; }

    /// <summary>For each layer, what theory says of it.</summary>
    public IReadOnlyList<double> Theory { get; }
}
