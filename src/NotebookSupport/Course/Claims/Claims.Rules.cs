using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <content>The claims of notebook 04.</content>
public static partial class Claims
{
    private static IEnumerable<Claim> Rules =>
        [
            new(
                11,
                "A leaky ReLU puts an end to vanishing gradients, as its slope below 0 is small but not 0: usually 0.01.",
                Verdict.Wrong,
                "It cures dead units: from a network whose units are all dead it learns, where ReLU cannot. It hardly "
                    + "touches vanishing: the squared signal gradient is multiplied by s²(1 + α²)/2 per layer, so at s² = 1 a slope of "
                    + "α = 0.01 halves it as ReLU does.",
                true,
                seed => Leaky(seed)
            ),
            new(
                12,
                "Scale random weights by their variance sqrt(k/n), where n is the size of the layer before.",
                Verdict.Imprecise,
                "One word is wrong: sqrt(k/n) is the standard deviation, so that Var(W) n = k. Its code does multiply "
                    + "standard normal numbers by it. If you take the word literally, the signals explode.",
                true,
                seed => DeviationNotVariance(seed)
            ),
            new(
                13,
                "W = sqrt(2 / size of the layer before).",
                Verdict.Imprecise,
                "That is the scale of the weights, written as if it were the weights. Its own code multiplies a random matrix "
                    + "by it. A matrix with this number in every place makes all units equal, and its boundary is one straight line.",
                true,
                seed => ScaleNotWeights(seed)
            ),
            new(
                14,
                "In code: a random matrix of size_l rows and as many columns as the layer before has units, times sqrt(2 / that number).",
                Verdict.Damaged,
                "The scan lost an index and a bracket: the l - 1 of the layer before became “size minus 1”, in the shape and "
                    + "under the root. Typed into C# as it stands, every weight is NaN. And with integers, 2 / size is 0.",
                false,
                _ => DamagedCode()
            ),
            new(
                15,
                "Xavier's rule is sqrt(1 / fan-in); sqrt(2 / (fan-in + fan-out)) is another heuristic.",
                Verdict.Imprecise,
                "The name is used for both. LeCun has 1/fan-in (1998), Glorot and Bengio derive 2/(fan-in + fan-out) (2010). "
                    + "Caffe's xavier filler takes fan-in, fan-out or their average, and widely used courses call 1/fan-in "
                    + "Xavier. What matters is what each keeps level: LeCun's the forward pass, Glorot's a compromise between "
                    + "forward and backward.",
                true,
                seed => LeCunAndGlorot(seed)
            ),
            new(
                24,
                "Choose the scale of the weights to fit the activation; that mitigates vanishing and exploding gradients.",
                Verdict.Right,
                "Eight ReLU layers learn from He's scale. From weights of standard deviation 0.01 they do not.",
                true,
                seed => ScaledToTheActivation(seed)
            ),
            new(
                26,
                "The constant is 1 for tanh and 2 for ReLU.",
                Verdict.Right,
                "With them the squared signal gradient keeps its size from layer to layer: exactly so with ReLU, and deep in "
                    + "the network within a few percent with tanh, where it falls as a power of the depth. With another "
                    + "constant it halves, or grows, in every layer.",
                true,
                seed => OneForTanhTwoForReLU(seed)
            ),
        ];

    /// <summary>
    /// s²(1 + α²)/2 is the factor of He, Zhang, Ren and Sun, 2015, equation 15. All units are dead where every bias is below minus the
    /// largest answer of a unit to an input from -2.5 to 2.5, which holds the moons.
    /// </summary>
    internal static IReadOnlyList<Measurement> Leaky(
        int seed,
        double squaredScale = 1,
        double slope = 0.01,
        bool dead = true
    )
    {
        Dataset moons = Datasets.Moons(200, seed: seed);
        const string OfMoons = "the accuracy of a linear model on the same points";
        return
        [
            new(
                "α = 0.01, s² = 1, 50 layers: factor on the squared signal gradient per layer",
                Level(50, "it does not vanish"),
                Typical(Activation.LeakyReLU(0.01), 1, 50),
                MeanFactor(Activation.LeakyReLU(slope), squaredScale, 50, seed)
            ),
            new(
                "moons, all units dead, ReLU: accuracy",
                null,
                Prediction.Exactly(0.5),
                Accuracy(Activation.ReLU, dead)
            ),
            new(
                "moons, the same start, α = 0.01: accuracy minus that of a linear model",
                Prediction.Above(0, OfMoons),
                Prediction.Above(0, OfMoons),
                Accuracy(Activation.LeakyReLU(slope), true) - Linear()
            ),
            new(
                "moons, He's healthy start, ReLU: accuracy minus that of a linear model",
                Prediction.Above(0, OfMoons),
                Prediction.Above(0, OfMoons),
                Accuracy(Activation.ReLU, !dead) - Linear()
            ),
        ];

        double Accuracy(Activation activation, bool allDead)
        {
            Network start = Network.Create([2, 16, 1], activation, Initializer.HeNormal, seed);
            double largest = 2.5 * start.Layers[0].Weights.EnumerateRows().Max(row => row.L1Norm());
            if (allDead)
                start = start.WithBiases(0, Vector<double>.Build.Dense(16, -largest));
            return moons.Accuracy(Trainer.Train(start, moons, Rescue).Network);
        }

        double Linear() =>
            moons.Accuracy(
                Trainer
                    .Train(Network.Create([2, 1], Activation.Identity, Initializer.Zeros, seed), moons, Rescue)
                    .Network
            );
    }

    private static readonly TrainingOptions Rescue = new()
    {
        Optimizer = Optimizer.Adam(),
        LearningRate = 0.05,
        Steps = 2000,
    };

    /// <summary>
    /// The mean of N squares of normal draws has standard error sqrt(2 / N) of itself; five are allowed. Taken for the
    /// variance, sqrt(2 / n) makes the second moment sqrt(n / 2) times as large in each ReLU layer; over 10 layers the
    /// logarithm of the product has the standard deviation of <see cref="FiniteWidth"/>, of which four are allowed.
    /// </summary>
    internal static IReadOnlyList<Measurement> DeviationNotVariance(int seed, double factor = 1)
    {
        const int n = 128;
        const int layers = 10;
        double deviation = factor * Math.Sqrt(2.0 / n);
        double allowed = 5 * Math.Sqrt(2.0 / (n * n));
        (double mean, double variance) = FiniteWidth.LogSquaredNorm([.. Enumerable.Repeat(n, layers)], n);
        double typical = Math.Exp(mean / layers);
        double spread = Math.Exp(4 * Math.Sqrt(variance) / layers);
        const string FourErrors = "four standard errors at width 128";
        var level = Prediction.Times(1, spread, "1: it helps; four standard errors at width 128");
        return
        [
            new(
                "n = 128, normal numbers times sqrt(2/n): Var(W) n",
                Prediction.Rounded(n * Math.Sqrt(2.0 / n), "sqrt(2/n) is the variance"),
                Prediction.Near(2, 2 * allowed, "k; five standard errors of n² squares"),
                n * MeanPower(Initializer.Normal(deviation).Sample(n, n, new Random(seed)), 2)
            ),
            new(
                "normal numbers times sqrt(2/n), 10 ReLU layers: factor on the mean of a² per layer",
                level,
                Prediction.Times(typical, spread, FourErrors),
                Through(Initializer.Normal(deviation))
            ),
            new(
                "normal numbers of variance sqrt(2/n), 10 ReLU layers: factor on the mean of a² per layer",
                level,
                Prediction.Times(Math.Sqrt(n / 2.0) * typical, spread, "sqrt(n/2); " + FourErrors),
                Through(Initializer.Normal(factor * Math.Sqrt(Math.Sqrt(2.0 / n))))
            ),
        ];

        double Through(Initializer rule)
        {
            Matrix<double> input = Initializer.Normal(1).Sample(n, 1, new Random(seed + 1000));
            Network network = Network.Create(Sizes.Of(n, n, layers, 1), Activation.ReLU, rule, seed);
            return Math.Pow(
                network.Signals(input)[layers - 1].SecondMomentOfActivations / MeanPower(input, 2),
                1.0 / layers
            );
        }
    }

    internal static IReadOnlyList<Measurement> ScaleNotWeights(
        int seed,
        Initializer? literal = null,
        Initializer? random = null
    )
    {
        literal ??= Initializer.From(
            "sqrt(2 / size)",
            (fanOut, fanIn, _) => Matrix<double>.Build.Dense(fanOut, fanIn, Math.Sqrt(2.0 / fanIn))
        );
        Dataset circles = Datasets.Circles(seed: seed);
        return
        [
            new(
                "every weight sqrt(2/size): accuracy on the circles",
                BetterThanALine with
                {
                    Reason = "it learns what a straight line cannot",
                },
                AtMostALine,
                circles.Accuracy(Train(circles, Activation.ReLU, literal, seed).Network)
            ),
            new(
                "normal numbers times it, as its code has it: accuracy on the circles",
                BetterThanALine,
                BetterThanALine,
                circles.Accuracy(Train(circles, Activation.ReLU, random ?? Initializer.HeNormal, seed).Network)
            ),
        ];
    }

    internal static IReadOnlyList<Measurement> DamagedCode(
        Func<int, int, Matrix<double>>? literal = null,
        Func<int, int, Matrix<double>>? wholeNumbers = null,
        Func<int, int, Matrix<double>>? repaired = null
    )
    {
        literal ??= (size, before) => RandomNumbers(size, size - 1) * Math.Sqrt(2.0 / size - 1);
        wholeNumbers ??= (size, before) => RandomNumbers(size, before) * Math.Sqrt(2 / before);
        repaired ??= (size, before) => RandomNumbers(size, before) * Math.Sqrt(2.0 / before);
        const int fanIn = 64;
        const int fanOut = 32;
        Prediction right = Prediction.Exactly(fanIn, "one for each input");
        Prediction none = Prediction.Exactly(0);
        return
        [
            new(
                "as scanned, layer from 64 to 32: columns of W",
                right,
                Prediction.Exactly(fanOut - 1),
                literal(fanOut, fanIn).ColumnCount
            ),
            new("as scanned: fraction of the weights that are NaN", none, One, NaNs(literal(fanOut, fanIn))),
            new(
                "the index restored, 2 / size with integers: largest |w|",
                Prediction.Above(0),
                Prediction.Exactly(0),
                Largest(wholeNumbers(fanOut, fanIn))
            ),
            new("repaired: columns of W", right, right, repaired(fanOut, fanIn).ColumnCount),
            new("repaired: fraction of the weights that are NaN", none, none, NaNs(repaired(fanOut, fanIn))),
        ];

        static Matrix<double> RandomNumbers(int rows, int columns) =>
            Initializer.Normal(1).Sample(rows, columns, new Random(1));

        static double NaNs(Matrix<double> weights) =>
            weights.Enumerate().Count(double.IsNaN) / (double)(weights.RowCount * weights.ColumnCount);
    }

    /// <summary>
    /// LeCun, Bottou, Orr and Müller, 1998, equation 16; Glorot and Bengio, 2010, equation 12. The factor of the second
    /// moment is the mean of 7,840 squared weights, times the width, with relative variance 2 / 7840; over N inputs of 10
    /// nearly equal directions it varies by 2 / (10 N) more. Five standard deviations are allowed.
    /// </summary>
    internal static IReadOnlyList<Measurement> LeCunAndGlorot(int seed, double factor = 1)
    {
        const int fanIn = 784;
        const int fanOut = 10;
        const int examples = 500;
        double allowed = 5 * Math.Sqrt(2.0 / (fanIn * fanOut) + 2.0 / (10 * examples));
        const string FiveErrors = "five standard errors";
        var random = new Random(seed + 1000);
        Matrix<double> inputs = Initializer.Normal(1).Sample(fanIn, examples, random);
        Matrix<double> deltas = Initializer.Normal(1).Sample(fanOut, examples, random);
        return
        [
            new(
                "the rule of Xavier Glorot's paper, 784 → 10: Var(W) fan-in",
                Prediction.Near(1, allowed, FiveErrors),
                Prediction.Near(2.0 * fanIn / (fanIn + fanOut), allowed * 2, FiveErrors),
                fanIn * MeanPower(Draw(Initializer.GlorotNormal), 2)
            ),
            .. Factors("1/fan-in", Initializer.LeCunNormal, 1.0 / fanIn),
            .. Factors("2/(fan-in + fan-out)", Initializer.GlorotNormal, 2.0 / (fanIn + fanOut)),
        ];

        Matrix<double> Draw(Initializer rule) => rule.Sample(fanOut, fanIn, new Random(seed)) * factor;

        IEnumerable<Measurement> Factors(string name, Initializer rule, double variance)
        {
            Matrix<double> weights = Draw(rule);
            yield return Factor("forward", fanIn * variance, MeanPower(weights * inputs, 2) / MeanPower(inputs, 2));
            yield return Factor(
                "backward",
                fanOut * variance,
                MeanPower(weights.Transpose() * deltas, 2) / MeanPower(deltas, 2)
            );

            Measurement Factor(string way, double expected, double measured) =>
                new(
                    $"{name}, 784 → 10: factor on the mean square, {way}",
                    null,
                    Prediction.Near(expected, expected * allowed, FiveErrors),
                    measured
                );
        }
    }

    internal static IReadOnlyList<Measurement> ScaledToTheActivation(
        int seed,
        Initializer? scaled = null,
        Initializer? small = null
    )
    {
        Dataset moons = Datasets.Moons(100, seed: seed);
        Prediction learns = Prediction.Below(0.35, "half of the first loss, ln 2, of a network that knows nothing");
        Prediction stays = LossOfAGuess(0.001);
        return
        [
            new("8 ReLU layers, moons, He's rule: last loss", learns, learns, LastLoss(scaled ?? Initializer.HeNormal)),
            new(
                "8 ReLU layers, moons, standard deviation 0.01: last loss",
                stays,
                stays,
                LastLoss(small ?? Initializer.Normal(0.01))
            ),
        ];

        double LastLoss(Initializer rule) =>
            Trainer
                .Train(
                    Network.Create(Sizes.Of(2, 16, 8, 1), Activation.ReLU, rule, seed),
                    moons,
                    new() { LearningRate = 0.05, Steps = 500 }
                )
                .FinalLoss;
    }

    internal static IReadOnlyList<Measurement> OneForTanhTwoForReLU(int seed, double factor = 1)
    {
        const int first = 15;
        const int depth = 30;
        Prediction level = Prediction.Between(0.9, 1.1, "1, within a tenth");
        Prediction vanishes = Prediction.Below(0.9, "it vanishes: below 1 by more than a tenth");
        return
        [
            Factor("ReLU, k = 2", Activation.ReLU, 2, level),
            Factor("ReLU, k = 1", Activation.ReLU, 1, vanishes),
            Factor("tanh, k = 1", Activation.Tanh, 1, level),
            Factor("tanh, k = 1/2", Activation.Tanh, 0.5, vanishes),
            Factor("tanh, k = 2", Activation.Tanh, 2, Prediction.Above(1, "it grows")),
        ];

        Measurement Factor(string setting, Activation activation, double k, Prediction note) =>
            new(
                $"{setting}, layers 30 to 15: factor on the squared signal gradient per layer",
                note,
                Typical(activation, k, depth, first),
                MeanFactor(activation, factor * k, depth, seed, first)
            );
    }
}
