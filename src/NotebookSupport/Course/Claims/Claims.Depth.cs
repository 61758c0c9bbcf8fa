using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <content>The claims of notebook 03.</content>
public static partial class Claims
{
    private static IEnumerable<Claim> Depth =>
        [
            new(
                7,
                "Especially with sigmoid or tanh, the gradient can vanish, and the weights stop moving.",
                Verdict.Right,
                "With sigmoid it vanishes at every ordinary scale: at s = 1 the squared signal gradient keeps a fraction of "
                    + "0.056 per layer. With tanh it does so away from s = 1; at s = 1 it falls only as a power of the depth.",
                true,
                seed => SigmoidAndTanh(seed)
            ),
            new(
                8,
                "With ReLU gradients no longer vanish, as its slope is either 0 or 1.",
                Verdict.Imprecise,
                "The slope is not the factor. Half of the slopes are 0, so the squared signal gradient is multiplied by s²/2 "
                    + "per layer: at He's s² = 2 ReLU does overcome vanishing, at s² = 1 it halves, at s² = 3 it explodes.",
                true,
                seed => ReLUThroughDepth(seed)
            ),
            new(
                9,
                "Large positive weights with a sigmoid make the gradient explode.",
                Verdict.Imprecise,
                "In a feed-forward layer a positive mean saturates the units, and the gradient vanishes. Weights of mean 0 "
                    + "make it explode only for s above about 10. In a recurrent unit whose bias keeps it unsaturated, a large "
                    + "positive weight does make it explode: the cliff of notebook 06.",
                true,
                seed => LargeWeights(seed)
            ),
            new(
                23,
                "In deep networks gradients can vanish or explode.",
                Verdict.Right,
                "A factor per layer compounds over the layers: 30 more ReLU layers take away, or add, about nine powers of ten.",
                true,
                seed => DeeperIsWorse(seed)
            ),
        ];

    /// <summary>A factor of 0.9 per layer would be a power of -2.7.</summary>
    internal static IReadOnlyList<Measurement> SigmoidAndTanh(int seed, double scale = 1, int depth = 20)
    {
        const int shallow = 12;
        const int deep = 48;
        const int networks = 8;
        (double mean, double variance) = LogRatio(Activation.Tanh, 1, 128, deep, shallow);
        double unit = Math.Log((double)deep / shallow);
        Prediction vanishes = Prediction.Below(1, "it vanishes");
        return
        [
            OfWidth256("sigmoid", Activation.Sigmoid, 1, scale, vanishes, seed),
            OfWidth256("sigmoid", Activation.Sigmoid, 4, scale, vanishes, seed),
            OfWidth256("tanh", Activation.Tanh, 0.5, scale, vanishes, seed),
            new(
                "tanh, s = 1: power of the depth with which the squared signal gradient falls, from layer 48 to layer 12",
                Prediction.Below(0, "it vanishes with depth"),
                Prediction.Near(
                    mean / unit,
                    4 * Math.Sqrt(variance / networks) / unit,
                    "theory; four standard errors of 8 networks of width 128"
                ),
                MeanLogRatio() / unit
            ),
            new(
                "sigmoid, s = 1, 20 layers: change of W1 in 100 steps, as a fraction of W1",
                Prediction.Below(0.001, "it stops moving"),
                Prediction.Below(0.001, "the gradient of W1 is about 1e-12 of that of the last layer"),
                ChangeOfFirstLayer()
            ),
        ];

        double MeanLogRatio() =>
            Enumerable
                .Range(0, networks)
                .Average(i =>
                    Math.Log(
                        BackwardRatio(
                            Activation.Tanh,
                            Initializer.VarianceScaling(scale * scale),
                            128,
                            deep,
                            100 * seed + i,
                            shallow
                        )
                    )
                );

        double ChangeOfFirstLayer()
        {
            Network start = Network.Create(
                Sizes.Of(2, 32, depth, 1),
                Activation.Sigmoid,
                Initializer.LeCunNormal,
                seed
            );
            TrainingOptions options = Training with { Steps = 100 };
            Network end = Trainer.Train(start, Datasets.Blobs(20), options).Network;
            return (end.Layers[0].Weights - start.Layers[0].Weights).FrobeniusNorm()
                / start.Layers[0].Weights.FrobeniusNorm();
        }
    }

    internal static IReadOnlyList<Measurement> ReLUThroughDepth(int seed, Activation? activation = null)
    {
        return [Through(1), Through(2), Through(3)];

        Measurement Through(double squaredScale) =>
            new(
                Invariant($"s² = {squaredScale}, 50 layers: factor on the squared signal gradient per layer"),
                Level(50, "it does not vanish"),
                Typical(Activation.ReLU, squaredScale, 50),
                MeanFactor(activation ?? Activation.ReLU, squaredScale, 50, seed)
            );
    }

    /// <summary>
    /// Weights and inputs from 0 to 1: the pre-activations of the first layer have mean 256 / 4 and all of its units answer 1, so the
    /// pre-activations of the second have mean 256 / 2 and variance 256 / 12. The slope of the sigmoid at z is below exp(-z); five
    /// standard deviations are allowed for the smallest of 256: a slope of at most 2.6e-46. The gradient passes through
    /// that slope, through W2 of norm below 256 and through a slope of at most 1/4. The recurrent unit of Pascanu, Mikolov
    /// and Bengio, 2013, figure 6, starts at x = 1/2. With b = 1/2 - w sigmoid(1/2) it stays there, unsaturated, and each
    /// of 50 steps multiplies the gradient by k = w sigmoid'(1/2): dx/db is the sum (k^50 - 1) / (k - 1) and dx/dw is sigmoid(1/2) times that.
    /// </summary>
    internal static IReadOnlyList<Measurement> LargeWeights(
        int seed,
        double mean = 0.5,
        double scale = 1,
        double? wallBias = null,
        double otherBias = 0
    )
    {
        const int steps = 50;
        const double w = 5;
        double half = Activation.Sigmoid.Value(0.5);
        double slope = half * (1 - half);
        double k = w * slope;
        double error = 2 * (half - 0.7) * slope;
        double atTheWall = Math.Abs(error) * Math.Sqrt(1 + half * half) * (Math.Pow(k, steps) - 1) / (k - 1);
        Prediction explodes = Prediction.Above(1, "it explodes");
        return
        [
            new(
                "weights from U(0, 1), 2 layers of 256: signal gradient of layer 1 over that of the output",
                explodes,
                Prediction.AtMost(1e-40, "the slopes of layer 2 are below 1e-45"),
                ThroughPositiveWeights()
            ),
            OfWidth256("weights of mean 0, sigmoid", Activation.Sigmoid, 5, scale, explodes, seed),
            OfWidth256("weights of mean 0, sigmoid", Activation.Sigmoid, 20, scale, explodes, seed),
            new(
                "recurrent unit, w = 5, b = -2.61, 50 steps: gradient norm",
                explodes,
                // The error of rounding grows by the same factor of 3,000 as the gradient.
                Prediction.Rounded(atTheWall, "in closed form, up to rounding", 1e-9),
                RecurrentUnit.Cliff(w, wallBias ?? 0.5 - w * half).GradientNorm
            ),
            new(
                "recurrent unit, w = 5, b = 0, 50 steps: gradient norm",
                explodes,
                Prediction.Below(0.01, "it saturates near z = 5, where the slope is below 0.01"),
                RecurrentUnit.Cliff(w, otherBias).GradientNorm
            ),
        ];

        double ThroughPositiveWeights()
        {
            var random = new Random(seed);
            Initializer spread = Initializer.Uniform(0.5);
            Network network = Network.Create([256, 256, 256, 1], Activation.Sigmoid, Initializer.LeCunNormal, seed);
            for (int l = 0; l < 2; l++)
                network = network.WithWeights(l, spread.Sample(256, 256, random) + mean);
            Matrix<double> inputs = spread.Sample(256, 16, random) + 0.5;
            IReadOnlyList<LayerSignal> signals = network.Signals(
                inputs,
                Matrix<double>.Build.Dense(1, 16, 1),
                Loss.MeanSquaredError
            );
            return signals[0].DeltaNorm / signals[^1].DeltaNorm;
        }
    }

    /// <summary>The factor (s²/2)^30 of 30 layers more.</summary>
    internal static IReadOnlyList<Measurement> DeeperIsWorse(int seed, double factor = 1)
    {
        return [More(1, Prediction.Below(0, "deeper is smaller")), More(4, Prediction.Above(0, "deeper is larger"))];

        Measurement More(double squaredScale, Prediction note)
        {
            (double deep, double variance) = LogRatio(Activation.ReLU, Math.Sqrt(squaredScale), 100, 40);
            (double shallow, double rest) = LogRatio(Activation.ReLU, Math.Sqrt(squaredScale), 100, 10);
            return new(
                Invariant(
                    $"ReLU, s² = {squaredScale}: powers of ten in the squared signal gradient, 40 layers minus 10 layers"
                ),
                note,
                Prediction.Near(
                    (deep - shallow) / Math.Log(10),
                    4 * Math.Sqrt((variance + rest) / Networks) / Math.Log(10),
                    "30 times log₁₀ s²/2, minus the effect of finite width; four standard errors of 6 networks"
                ),
                PowersOfTen(squaredScale, 40) - PowersOfTen(squaredScale, 10)
            );
        }

        double PowersOfTen(double squaredScale, int depth) =>
            (depth - 1) * Math.Log10(MeanFactor(Activation.ReLU, factor * squaredScale, depth, seed));
    }

    /// <summary>How many networks of width 100 the means of a factor are over.</summary>
    private const int Networks = 6;

    /// <summary>
    /// The mean and the variance of the logarithm of a squared signal gradient's ratio from the last of some equal layers
    /// back to the first, to first order in 1 / n, n the width. Per layer the ratio is a mean over n units of
    /// n w² φ'(z)², w of variance s²/n: its mean is chi = s² E φ'² (Schoenholz, Gilmer, Ganguli and Sohl-Dickstein, 2017,
    /// mean field theory of backpropagation) and its relative variance v = (3 s⁴ E φ'⁴ / chi² - 1) / n, 5 / n for ReLU
    /// (Hanin and Nica, 2020, see <see cref="FiniteWidth"/>). Its logarithm has mean ln chi - v / 2 and variance v. The inputs have a second moment of 1.
    /// </summary>
    private static (double Mean, double Variance) LogRatio(
        Activation activation,
        double s,
        int width,
        int depth,
        int first = 1
    )
    {
        var slopes = Activation.From("φ'²", _ => 0, z => Math.Pow(activation.Derivative(z), 2));
        (double mean, double variance) = (0, 0);
        double q = s * s;
        for (int l = 1; l < depth; l++)
        {
            if (l >= first)
            {
                double chi = MeanField.Chi(activation, q, s);
                double v = (3 * MeanField.Chi(slopes, q, s * s) / (chi * chi) - 1) / width;
                (mean, variance) = (mean + Math.Log(chi) - v / 2, variance + v);
            }
            q = MeanField.NextLength(activation, q, s);
        }
        return (mean, variance);
    }

    /// <summary>
    /// The typical factor per layer in networks of width 100, and how far the geometric mean over <see cref="Networks"/> of
    /// them may be off.
    /// </summary>
    private static Prediction Typical(Activation activation, double squaredScale, int depth, int first = 1)
    {
        (double mean, double variance) = LogRatio(activation, Math.Sqrt(squaredScale), 100, depth, first);
        return Prediction.Times(
            Math.Exp(mean / (depth - first)),
            Math.Exp(4 * Math.Sqrt(variance / Networks) / (depth - first)),
            "chi of theory, minus the effect of finite width; four standard errors of 6 networks of width 100"
        );
    }

    /// <summary>A factor of 1 per layer, be it in the mean or in a typical ReLU network of width 100.</summary>
    private static Prediction Level(int depth, string reason)
    {
        Prediction he = Typical(Activation.ReLU, 2, depth);
        return Prediction.Between(
            he.Low,
            Math.Sqrt(he.High / he.Low),
            $"1: {reason}; standard errors as for the course"
        );
    }

    /// <summary>The factor per layer of one network of 20 layers of width 256.</summary>
    private static Measurement OfWidth256(
        string setting,
        Activation activation,
        double s,
        double scale,
        Prediction note,
        int seed
    )
    {
        (double mean, double variance) = LogRatio(activation, s, 256, 20);
        return new(
            Invariant($"{setting}, s = {s}, 20 layers: factor on the squared signal gradient per layer"),
            note,
            Prediction.Times(
                Math.Exp(mean / 19),
                Math.Exp(4 * Math.Sqrt(variance) / 19),
                "chi of theory, minus the effect of finite width; four standard errors at width 256"
            ),
            Math.Pow(BackwardRatio(activation, Initializer.Normal(scale * s / 16), 256, 20, seed), 1 / 19.0)
        );
    }

    /// <summary>The geometric mean of the factor on a squared gradient per layer over <see cref="Networks"/> of width 100.</summary>
    private static double MeanFactor(Activation activation, double squaredScale, int depth, int seed, int first = 1) =>
        Math.Exp(
            Enumerable
                .Range(0, Networks)
                .Average(i =>
                    Math.Log(
                        BackwardRatio(
                            activation,
                            Initializer.VarianceScaling(squaredScale),
                            100,
                            depth,
                            // Each scale and each depth has networks of its own.
                            10_000 * seed
                                + 1000 * (int)squaredScale
                                + 10 * depth
                                + i,
                            first
                        )
                    )
                ) / (depth - first)
        );

    /// <summary>The squared norm of dJ/dz at one of some equal hidden layers, by default the first, as a fraction of that at the last.</summary>
    private static double BackwardRatio(
        Activation activation,
        Initializer rule,
        int width,
        int depth,
        int seed,
        int first = 1
    )
    {
        Network network = Network.Create(Sizes.Of(width, width, depth, 1), activation, rule, seed);
        return Diagnostics.GradientRatio([.. Probe.Signals(network, seed, examples: 1).Skip(first - 1)]);
    }
}
