using MathNet.Numerics.LinearAlgebra;

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
    /// Ten times smaller weights: a logarithm adds ln 10 / rate, which is the same for every step from ε to ε / 10;
    /// 1/ε makes the plateau 10 times longer, 1/ε² 100 times. The laws are those of vanishing ε; the end of the plateau,
    /// which is the same for all, makes the factors of finite ones larger by its share: ε at the end of it.
    /// </summary>
    private static IReadOnlyList<Trial> HowSmall(int seed)
    {
        int[] one =
        [
            .. new[] { 0.1, 0.01, 0.001 }.Select(epsilon => StepsToLeave(1, Initializer.Uniform(epsilon), seed)),
        ];
        int[] two = [.. new[] { 0.01, 0.001 }.Select(epsilon => StepsToLeave(2, Initializer.Uniform(epsilon), seed))];
        int[] three = [.. new[] { 0.1, 0.01 }.Select(epsilon => StepsToLeave(3, Initializer.Uniform(epsilon), seed))];
        return
        [
            new(
                seed,
                "1 hidden layer: steps added by ε .01 → .001, less those by .1 → .01",
                -2,
                2,
                one[2] - 2 * one[1] + one[0]
            ),
            new(seed, "2 hidden layers: factor from ε .01 to .001", 9, 11, two[1] / (double)two[0]),
            new(seed, "3 hidden layers: factor from ε .1 to .01", 80, 120, three[1] / (double)three[0]),
        ];
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
    /// allowed. The plateau depends on the draw of the network, by a factor of about 1.5 from seed to seed.
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
                "steps to leave, normal / uniform of equal variance",
                0.5,
                2,
                StepsToLeave(2, Initializer.Normal(0.01 / Math.Sqrt(3)), seed)
                    / (double)StepsToLeave(2, Initializer.Uniform(0.01), seed)
            ),
        ];

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
                Network.Create([2, .. Enumerable.Repeat(8, hiddenLayers), 1], Activation.Tanh, rule, seed),
                Datasets.Blobs(),
                Training with
                {
                    Steps = 100_000,
                    StopBelow = 0.55,
                }
            )
            .Steps.Count;

    private static double MeanPower(Matrix<double> weights, int power) =>
        weights.Enumerate().Average(w => Math.Pow(w, power));
}
