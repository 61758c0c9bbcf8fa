using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;

namespace NotebookSupport;

/// <content>The claims of notebook 02.</content>
public static partial class Claims
{
    private static IEnumerable<Claim> Scale =>
        [
            new(
                3,
                "Weights uniform in [-1, 1] times 0.01 keep the units where the slopes of the activation are not close to 0.",
                Verdict.Right,
                "The note is right about the slopes. It is silent about speed: a product of small weights makes a long plateau. The "
                    + "steps to leave it grow as ln(1/ε), 1/ε and 1/ε² for one, two and three hidden layers.",
                true,
                seed => HowSmall(seed)
            ),
            new(
                5,
                "Draw each weight at random from [-ε, ε].",
                Verdict.Right,
                "The note leaves ε open. The variance is ε²/3, so ε = sqrt(6 / (fan-in + fan-out)) is Glorot's rule: 0.1188 for a "
                    + "layer from 400 to 25.",
                true,
                seed => UniformWeights(seed)
            ),
            new(
                19,
                "The weights are uniform, says the text; its code draws normal ones.",
                Verdict.Imprecise,
                "The two contradict each other without harm. The shapes differ: the kurtosis is 1.8 for uniform and 3 for "
                    + "normal weights. At equal variance no difference shows in the number of steps to learn.",
                true,
                seed => UniformOrNormal(seed)
            ),
        ];

    /// <summary>
    /// The slope of tanh is below 1 % of its largest value where |z| is above 3. For weights from [-20, 20] and inputs of
    /// length r, z has a density of at most sqrt(2) / (40 r): at most 0.21 / r of all z lie from -3 to 3, on average
    /// 0.32 over circles of radius 1 and 1/2. A mean over 100 units has a standard error of at most 0.05.
    /// The time of a plateau is A ln(1/ε) + B, A/ε + B or A/ε² + B, where B, the end of it, is the same for every ε
    /// (<see cref="LinearNetworks.PlateauTime"/>). So the differences of the times of three sizes, each the same fraction
    /// of the one before, have a ratio without A and B: 1 for the logarithm, 10 for the powers of the sizes below. A count
    /// of steps is a time rounded up: the second difference of three is wrong by less than 2. The laws are those of
    /// vanishing ε; what they leave out is of the relative order of the largest ε, 0.1.
    /// </summary>
    internal static IReadOnlyList<Measurement> HowSmall(
        int seed,
        double small = 0.01,
        double large = 20,
        IReadOnlyList<int>? depths = null
    )
    {
        depths ??= [1, 2, 3];
        int[] one = Waits(depths[0], 0.1, 0.01, 0.001);
        int[] two = Waits(depths[1], 0.1, 0.01, 0.001);
        int[] three = Waits(depths[2], 0.1, 0.1 / Math.Sqrt(10), 0.01);
        const string OneTenth = "the law leaves out a fraction of the order of the largest ε, 0.1";
        return
        [
            new(
                "ε = 0.01, tanh: fraction of slopes below 1 % of the largest",
                Prediction.Exactly(0),
                Prediction.Exactly(0),
                SmallSlopes(small)
            ),
            new(
                "ε = 20, tanh: fraction of slopes below 1 % of the largest",
                Prediction.AtLeast(0.5, "most"),
                Prediction.AtLeast(0.53, "a lower bound, minus three standard errors of a mean over 100 units"),
                SmallSlopes(large)
            ),
            new(
                "1 hidden layer: steps that ε 0.01 → 0.001 adds, minus those that ε 0.1 → 0.01 adds",
                null,
                Prediction.Near(0, 2, "steps are whole numbers"),
                one[2] - one[1] - (one[1] - one[0])
            ),
            new(
                "2 hidden layers: steps that ε 0.01 → 0.001 adds, divided by those that ε 0.1 → 0.01 adds",
                null,
                Prediction.Near(10, 1, OneTenth),
                Ratio(two)
            ),
            new(
                "3 hidden layers: steps that ε 0.032 → 0.01 adds, divided by those that ε 0.1 → 0.032 adds",
                null,
                Prediction.Near(10, 1, OneTenth),
                Ratio(three)
            ),
        ];

        double SmallSlopes(double epsilon) =>
            Network
                .Create([2, 100, 1], Activation.Tanh, Initializer.Uniform(epsilon), seed)
                .Signals(Datasets.Circles(seed: seed).Inputs)[0]
                .SaturatedFraction;

        int[] Waits(int hiddenLayers, params double[] sizes) =>
            [.. sizes.Select(epsilon => StepsToLeave(hiddenLayers, Initializer.Uniform(epsilon), seed))];

        static double Ratio(int[] waits) => (waits[2] - waits[1]) / (double)(waits[1] - waits[0]);
    }

    /// <summary>
    /// Glorot and Bengio, 2010, equation 16, is the ε of equation 12. The sample variance of n = 10,000 uniform weights
    /// has standard error sqrt(0.8 / n) of itself.
    /// </summary>
    internal static IReadOnlyList<Measurement> UniformWeights(int seed, double factor = 1, Initializer? rule = null)
    {
        double epsilon = Math.Sqrt(6.0 / (400 + 25));
        Matrix<double> weights = Initializer.Uniform(factor * epsilon).Sample(25, 400, new Random(seed));
        return
        [
            new(
                "ε = 0.1188, layer from 400 to 25: largest |w| / ε",
                Prediction.AtMost(1),
                // Of 10,000 weights none is above 1 - x with probability exp(-10,000 x).
                Prediction.Between(0.998, 1, "one of 10,000 weights is almost surely that close to the limit"),
                Largest(weights) / epsilon
            ),
            new(
                "the same layer: variance of the weights times (fan-in + fan-out) / 2",
                null,
                Prediction.Near(
                    1,
                    5 * Math.Sqrt(0.8 / 10_000),
                    "Glorot's rule; five standard errors of 10,000 squares"
                ),
                MeanPower(weights, 2) * (400 + 25) / 2
            ),
            new(
                "accuracy on the circles from such weights",
                BetterThanALine,
                BetterThanALine,
                AccuracyFrom(rule ?? Initializer.GlorotUniform)
            ),
        ];

        double AccuracyFrom(Initializer start)
        {
            Dataset circles = Datasets.Circles(seed: seed);
            return circles.Accuracy(Train(circles, Activation.Tanh, start, seed).Network);
        }
    }

    /// <summary>
    /// The sample kurtosis of n = 10,000 normal draws has standard error sqrt(24 / n), of uniform ones less; five are
    /// allowed. Of the waits of 20 networks of each kind the means may differ by four standard errors of the difference.
    /// </summary>
    internal static IReadOnlyList<Measurement> UniformOrNormal(
        int seed,
        Initializer? uniform = null,
        Initializer? normal = null
    )
    {
        uniform ??= Initializer.Uniform(0.01);
        normal ??= Initializer.Normal(0.01 / Math.Sqrt(3));
        double allowed = 5 * Math.Sqrt(24.0 / 10_000);
        const string FiveErrors = "five standard errors of 10,000 draws";
        return
        [
            new(
                "kurtosis E w⁴ / (E w²)² of uniform weights",
                Prediction.Near(1.8, allowed, FiveErrors),
                Prediction.Near(1.8, allowed, FiveErrors),
                Kurtosis(uniform)
            ),
            new(
                "kurtosis of the weights that its code draws",
                Prediction.Near(1.8, allowed, "uniform, says its text"),
                Prediction.Near(3, allowed, FiveErrors),
                Kurtosis(normal)
            ),
            new(
                "mean steps to learn from 20 normal starts minus those from 20 uniform ones of equal variance, in standard errors",
                null,
                Prediction.Near(0, 4, "chance alone; four standard errors are about a fifth of the mean"),
                StandardErrorsApart(Waits(normal), Waits(uniform))
            ),
        ];

        double[] Waits(Initializer rule) =>
            [.. Enumerable.Range(0, 20).Select(i => (double)StepsToLeave(2, rule, 100 * seed + i))];

        double Kurtosis(Initializer rule)
        {
            Matrix<double> weights = rule.Sample(100, 100, new Random(seed));
            return MeanPower(weights, 4) / Math.Pow(MeanPower(weights, 2), 2);
        }
    }

    /// <summary>Steps until the loss of a tanh network of width 8 on two blobs is below 0.55, from ln 2 = 0.69.</summary>
    private static int StepsToLeave(int hiddenLayers, Initializer rule, int seed) =>
        Trainer
            .Train(
                Network.Create(Sizes.Of(2, 8, hiddenLayers, 1), Activation.Tanh, rule, seed),
                Datasets.Blobs(50),
                Training with
                {
                    Steps = 100_000,
                    StopBelow = 0.55,
                }
            )
            .Steps.Count;

    private static double StandardErrorsApart(double[] first, double[] second) =>
        (first.Mean() - second.Mean()) / Math.Sqrt(first.Variance() / first.Length + second.Variance() / second.Length);

    private static double MeanPower(Matrix<double> weights, int power) =>
        weights.Enumerate().Average(w => Math.Pow(w, power));
}
