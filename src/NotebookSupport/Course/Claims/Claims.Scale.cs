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
                "Weights uniform in [-1, 1] times 0.01 keep the units active, away from where derivatives vanish.",
                Verdict.Imprecise,
                "True of a shallow network. With each hidden layer more the start is a longer plateau: the steps to leave it "
                    + "grow as ln(1/ε), 1/ε, 1/ε² for one, two and three hidden layers.",
                HowSmall
            ),
            new(
                5,
                "Draw each weight from [-ε, ε].",
                Verdict.Right,
                "It leaves ε open. The variance is ε²/3, so ε = sqrt(6 / (fan-in + fan-out)) is Glorot's rule: 0.1188 for a "
                    + "layer from 400 to 25.",
                UniformVariance
            ),
            new(
                19,
                "The weights are uniform, says the text; normal, says the code.",
                Verdict.Wrong,
                "The two differ in shape: the kurtosis is 1.8 for uniform and 3 for normal weights. At equal variance it makes "
                    + "no difference to how long a plateau lasts.",
                UniformOrNormal
            ),
        ];

    /// <summary>
    /// The time of a plateau is A ln(1/ε) + B, A/ε + B or A/ε² + B, where B, the end of it, is the same for every ε. So
    /// the differences of the times of three sizes, each the same fraction of the one before, have a ratio
    /// without A and B: 1 for the logarithm, 10 for the powers of the sizes below. A count of steps is a time rounded up:
    /// the second difference of three is wrong by less than 2. The laws are those of vanishing ε; what they leave out is
    /// of the relative order of the largest ε, 0.1.
    /// </summary>
    private static IReadOnlyList<Trial> HowSmall(int seed)
    {
        int[] one = Waits(1, 0.1, 0.01, 0.001);
        int[] two = Waits(2, 0.1, 0.01, 0.001);
        int[] three = Waits(3, 0.1, 0.1 / Math.Sqrt(10), 0.01);
        return
        [
            new(
                seed,
                "1 hidden layer: steps added by ε .01 → .001, less those by .1 → .01",
                -2,
                2,
                one[2] - one[1] - (one[1] - one[0])
            ),
            new(seed, "2 hidden layers: the same two as a ratio; 1/ε says 10", 9, 11, Ratio(two)),
            new(seed, "3 hidden layers, .1 → .032 → .01: 1/ε² says 10", 9, 11, Ratio(three)),
        ];

        int[] Waits(int hiddenLayers, params double[] sizes) =>
            [.. sizes.Select(epsilon => StepsToLeave(hiddenLayers, Initializer.Uniform(epsilon), seed))];

        static double Ratio(int[] waits) => (waits[2] - waits[1]) / (double)(waits[1] - waits[0]);
    }

    /// <summary>The sample variance of n = 10,000 uniform weights has standard error sqrt(0.8 / n) of itself.</summary>
    private static IReadOnlyList<Trial> UniformVariance(int seed)
    {
        Matrix<double> weights = Initializer.GlorotUniform.Sample(25, 400, new Random(seed));
        double variance = 2.0 / (400 + 25);
        double allowed = 5 * Math.Sqrt(0.8 / 10_000) * variance;
        return
        [
            new(
                seed,
                "largest |w| of a layer from 400 to 25",
                0.1188 - 0.0002,
                0.1189,
                weights.Enumerate().Max(Math.Abs)
            ),
            new(seed, "its variance", variance - allowed, variance + allowed, MeanPower(weights, 2)),
        ];
    }

    /// <summary>
    /// The sample kurtosis of n = 10,000 normal draws has standard error sqrt(24 / n), of uniform ones less; five are
    /// allowed. Of the waits of 20 networks of each kind the means may differ by four standard errors of the difference.
    /// </summary>
    private static IReadOnlyList<Trial> UniformOrNormal(int seed)
    {
        double allowed = 5 * Math.Sqrt(24.0 / 10_000);
        return
        [
            Kurtosis("uniform", Initializer.Uniform(0.01), 1.8),
            Kurtosis("normal", Initializer.Normal(0.01), 3),
            new(
                seed,
                "mean wait, normal less uniform of equal variance, in standard errors",
                -4,
                4,
                StandardErrorsApart(Waits(Initializer.Normal(0.01 / Math.Sqrt(3))), Waits(Initializer.Uniform(0.01)))
            ),
        ];

        double[] Waits(Initializer rule) =>
            [.. Enumerable.Range(0, 20).Select(i => (double)StepsToLeave(2, rule, 100 * seed + i))];

        Trial Kurtosis(string name, Initializer rule, double expected)
        {
            Matrix<double> weights = rule.Sample(100, 100, new Random(seed));
            double measured = MeanPower(weights, 4) / Math.Pow(MeanPower(weights, 2), 2);
            return new(seed, $"kurtosis of {name} weights", expected - allowed, expected + allowed, measured);
        }
    }

    /// <summary>Steps until the loss of a tanh network of width 8 on two blobs is below 0.55, from ln 2 = 0.69.</summary>
    private static int StepsToLeave(int hiddenLayers, Initializer rule, int seed) =>
        Trainer
            .Train(
                Network.Create(Sizes.Of(2, 8, hiddenLayers, 1), Activation.Tanh, rule, seed),
                Datasets.Blobs(),
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
