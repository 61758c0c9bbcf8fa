using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <content>The claims of notebook 03.</content>
public static partial class Claims
{
    private static IEnumerable<Claim> Depth =>
        [
            new(
                7,
                "With sigmoid or tanh the gradient vanishes and the weights stop moving.",
                Verdict.Imprecise,
                "With sigmoid it does, by a factor of 18 in the squared norm a layer at s = 1. With tanh at its critical scale "
                    + "it shrinks only as a power of the depth.",
                SigmoidAndTanh
            ),
            new(
                8,
                "ReLU overcomes vanishing gradients, as its slope is 0 or 1.",
                Verdict.Wrong,
                "Half of the slopes are 0: the squared norm of the gradient changes by s²/2 a layer, so s² = 2 keeps it and "
                    + "s² = 1 halves it.",
                ReLUThroughDepth
            ),
            new(
                9,
                "Large positive weights with sigmoid make the gradient explode.",
                Verdict.Wrong,
                "Positive weights saturate the units, and the gradient is 0. Weights of mean 0 make it explode only for s above "
                    + "about 10.",
                LargeWeights
            ),
        ];

    /// <summary>
    /// A sigmoid layer of 256 units changes the logarithm of a squared norm with a variance of the order of 5 / 256, as in
    /// a ReLU network; the mean over 19 layers has a standard deviation of about 0.03, of which five are allowed. A tanh
    /// network of scale 1 and 128 units is nearly linear, with a variance of 2 / 128 per layer: from 12 to 48 layers the
    /// logarithm of the factor is lower by half of 36 · 2 / 128 = 0.56 than that of theory, and its mean over 24 networks
    /// has a standard deviation of (0.56 / 24)^½ = 0.15, of which four are allowed. Theory is the product of chi over the
    /// layers. A factor of 0.9 per layer would be a power of -2.7.
    /// </summary>
    private static IReadOnlyList<Trial> SigmoidAndTanh(int seed)
    {
        const int shallow = 12;
        const int deep = 48;
        const int networks = 24;
        double chi = MeanField.ChiAtFixedPoint(Activation.Sigmoid, 1);
        double allowed = Math.Exp(5 * Math.Sqrt(5.0 / 256 / 19));
        double variance = (deep - shallow) * 2.0 / 128;
        double theory = LogFactor(deep) - LogFactor(shallow);
        double spread = variance / 2 + 4 * Math.Sqrt(variance / networks);
        double unit = Math.Log((double)deep / shallow);
        return
        [
            new(
                seed,
                "sigmoid, s = 1: factor a layer",
                chi / allowed,
                chi * allowed,
                Math.Pow(BackwardRatio(Activation.Sigmoid, Initializer.LeCunNormal, 256, 20, seed), 1 / 19.0)
            ),
            new(
                seed,
                "tanh, s = 1: power of the depth, from 12 to 48 layers",
                (theory - spread) / unit,
                (theory + spread) / unit,
                (MeanLogRatio(deep) - MeanLogRatio(shallow)) / unit
            ),
        ];

        double MeanLogRatio(int depth) =>
            Enumerable
                .Range(0, networks)
                .Average(i =>
                    Math.Log(BackwardRatio(Activation.Tanh, Initializer.LeCunNormal, 128, depth, 100 * seed + i))
                );

        static double LogFactor(int depth)
        {
            double sum = 0;
            double q = 1;
            for (int l = 1; l < depth; l++)
            {
                sum += Math.Log(MeanField.Chi(Activation.Tanh, q, 1));
                q = MeanField.NextLength(Activation.Tanh, q, 1);
            }
            return sum;
        }
    }

    /// <summary>The logarithm walks with the mean and variance of <see cref="FiniteWidth"/>; four deviations are allowed.</summary>
    private static IReadOnlyList<Trial> ReLUThroughDepth(int seed)
    {
        (double mean, double variance) = FiniteWidth.LogSquaredNorm([.. Enumerable.Repeat(100, 49)], 100);
        return [Through(1), Through(2)];

        Trial Through(double squaredScale)
        {
            double typical = Math.Exp(49 * Math.Log(squaredScale / 2) + mean);
            double allowed = Math.Exp(4 * Math.Sqrt(variance));
            return new(
                seed,
                Invariant($"s² = {squaredScale}: factor over 50 layers"),
                typical / allowed,
                typical * allowed,
                BackwardRatio(Activation.ReLU, Initializer.VarianceScaling(squaredScale), 100, 50, seed)
            );
        }
    }

    /// <summary>
    /// Weights and inputs from 0 to 1: the pre-activations of the first layer have mean 256 / 4 and all of its units answer 1, so the
    /// pre-activations of the second have mean 256 / 2 and variance 256 / 12. The slope of the sigmoid at z is below exp(-z); five
    /// standard deviations are allowed for the smallest of 256. For mean 0 see <see cref="SigmoidAndTanh"/>.
    /// </summary>
    private static IReadOnlyList<Trial> LargeWeights(int seed)
    {
        var random = new Random(seed);
        Initializer half = Initializer.Uniform(0.5);
        Network network = Network.Create([256, 256, 256, 1], Activation.Sigmoid, Initializer.LeCunNormal, seed);
        for (int l = 0; l < 2; l++)
            network = network.WithWeights(l, half.Sample(256, 256, random) + 0.5);
        Matrix<double> inputs = half.Sample(256, 16, random) + 0.5;
        double allowed = Math.Exp(5 * Math.Sqrt(5.0 / 256 / 19));
        return
        [
            AtMost(
                seed,
                "weights from U(0, 1): largest slope in layer 2",
                Math.Exp(-(128 - 5 * Math.Sqrt(256 / 12.0))),
                network.Signals(inputs)[1].PreActivations.Enumerate().Max(Activation.Sigmoid.Derivative)
            ),
            .. new[] { 5.0, 20 }.Select(s =>
            {
                double chi = MeanField.ChiAtFixedPoint(Activation.Sigmoid, s);
                return new Trial(
                    seed,
                    Invariant($"mean 0, s = {s}: factor a layer"),
                    chi / allowed,
                    chi * allowed,
                    Math.Pow(BackwardRatio(Activation.Sigmoid, Initializer.Normal(s / 16), 256, 20, seed), 1 / 19.0)
                );
            }),
        ];
    }

    /// <summary>The squared norm of dJ/dz at the first of some equal hidden layers, as a fraction of that at the last.</summary>
    private static double BackwardRatio(Activation activation, Initializer rule, int width, int depth, int seed) =>
        Diagnostics.GradientRatio(
            Probe.Signals(Network.Create(Sizes.Of(width, width, depth, 1), activation, rule, seed), seed)
        );
}
