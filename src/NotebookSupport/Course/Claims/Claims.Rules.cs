using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <content>The claims of notebook 04.</content>
public static partial class Claims
{
    private static IEnumerable<Claim> Rules =>
        [
            new(
                11,
                "Leaky ReLU overcomes vanishing gradients entirely, by its slope of usually 0.01 for z ≤ 0.",
                Verdict.Wrong,
                "The squared gradient changes by s²(1 + α²)/2 a layer, so at s² = 1 a slope of α = 0.01 halves it as ReLU "
                    + "does. What a leaky ReLU does cure are dead units: its gradient is never 0.",
                LeakyThroughDepth
            ),
            new(
                12,
                "Multiply the random weights by the variance sqrt(k/n), where n is the number of layers less 1.",
                Verdict.Wrong,
                "sqrt(k/n) is the standard deviation, and n is the fan-in, the number of inputs of a unit: Var(W) n = k.",
                DeviationNotVariance
            ),
            new(
                13,
                "W = sqrt(2 / size of the layer before).",
                Verdict.Wrong,
                "That is the scale of the weights. The weights are random numbers times it; a matrix that holds it in "
                    + "every place has equal units.",
                ScaleNotWeights
            ),
            new(
                14,
                "In code: randn(size_l, size_l - 1) * sqrt(2 / size_l - 1).",
                Verdict.Wrong,
                "The minus belongs to the index. As typed, the matrix has a column too few or many, and the root is of "
                    + "2/size less 1, which is negative from size 3 on: NaN. In C#, 2 / n with an integer n is 0 as well.",
                DamagedCode
            ),
            new(
                15,
                "Xavier's rule is sqrt(1 / fan-in); sqrt(2 / (fan-in + fan-out)) is another heuristic.",
                Verdict.Wrong,
                "The first is LeCun's, the second is Glorot's (Xavier is his first name). LeCun's keeps the signal on the "
                    + "way forward, Glorot's splits the error between forward and back.",
                LeCunAndGlorot
            ),
        ];

    /// <summary>
    /// The logarithm of the squared gradient walks with the mean and variance of <see cref="FiniteWidth"/>, which a slope
    /// of 0.01 changes by less than 1 part in 1000; four deviations are allowed. A dead ReLU has a gradient of exactly 0.
    /// </summary>
    private static IReadOnlyList<Trial> LeakyThroughDepth(int seed)
    {
        (double mean, double variance) = FiniteWidth.LogSquaredNorm([.. Enumerable.Repeat(100, 49)], 100);
        double typical = Math.Exp(49 * Math.Log((1 + 1e-4) / 2) + mean);
        double allowed = Math.Exp(4 * Math.Sqrt(variance));
        return
        [
            new(
                seed,
                "α = 0.01, s² = 1: factor over 50 layers",
                typical / allowed,
                typical * allowed,
                BackwardRatio(Activation.LeakyReLU(0.01), Initializer.LeCunNormal, 100, 50, seed)
            ),
            new(seed, "dead unit, ReLU: change of its weights in 3,000 steps", 0, 0, ChangeOfDeadUnit(Activation.ReLU)),
            AboveZero(
                seed,
                "dead unit, α = 0.01: change of its weights in 3,000 steps",
                ChangeOfDeadUnit(Activation.LeakyReLU(0.01))
            ),
        ];

        double ChangeOfDeadUnit(Activation activation)
        {
            Network start = Network.Create([2, 8, 1], activation, Initializer.HeNormal, seed);
            double largest = start.Layers[0].Weights.Row(0).L1Norm();
            start = start.WithBiases(0, Vector<double>.Build.Dense(8, unit => unit == 0 ? -2 * largest : 0));
            Network end = Trainer.Train(start, Datasets.Circles(seed: seed), Training).Network;
            return (end.Layers[0].Weights.Row(0) - start.Layers[0].Weights.Row(0)).L2Norm();
        }
    }

    /// <summary>
    /// The mean of N squares of normal draws has standard error sqrt(2 / N) of itself; five are allowed. Taken for the
    /// variance, sqrt(2 / n) makes the second moment sqrt(n / 2) times as large in each ReLU layer; over 10 layers the
    /// logarithm of the product has the standard deviation of <see cref="FiniteWidth"/>, of which four are allowed.
    /// </summary>
    private static IReadOnlyList<Trial> DeviationNotVariance(int seed)
    {
        const int n = 128;
        const int layers = 10;
        Matrix<double> weights = Initializer.HeNormal.Sample(n, n, new Random(seed));
        double allowed = 5 * Math.Sqrt(2.0 / (n * n));
        (double mean, double variance) = FiniteWidth.LogSquaredNorm([.. Enumerable.Repeat(n, layers)], n);
        double factor = Math.Pow(Math.Sqrt(n / 2.0), layers) * Math.Exp(mean);
        double spread = Math.Exp(4 * Math.Sqrt(variance));
        return
        [
            new(seed, "Var(W) n of He's rule", 2 * (1 - allowed), 2 * (1 + allowed), n * MeanPower(weights, 2)),
            new(
                seed,
                "variance sqrt(2/n), n = 128: factor of E a² over 10 layers",
                factor / spread,
                factor * spread,
                Through(Initializer.Normal(Math.Sqrt(Math.Sqrt(2.0 / n))))
            ),
            new(
                seed,
                "He's rule: factor of E a² over 10 layers",
                Math.Exp(mean) / spread,
                Math.Exp(mean) * spread,
                Through(Initializer.HeNormal)
            ),
        ];

        double Through(Initializer rule)
        {
            Matrix<double> input = Initializer.Normal(1).Sample(n, 1, new Random(seed + 1000));
            Network network = Network.Create(Sizes.Of(n, n, layers, 1), Activation.ReLU, rule, seed);
            return network.Signals(input)[layers - 1].SecondMomentOfActivations / MeanPower(input, 2);
        }
    }

    /// <summary>He's rule draws 8 · 2 different numbers; a matrix of one number has units that stay equal.</summary>
    private static IReadOnlyList<Trial> ScaleNotWeights(int seed)
    {
        Dataset circles = Datasets.Circles(seed: seed);
        Network literal = Network.Create([2, 8, 1], Activation.ReLU, Initializer.Constant(1), seed);
        literal = literal.WithWeights(1, Matrix<double>.Build.Dense(1, 8, Math.Sqrt(2.0 / 8)));
        Network random = Network.Create([2, 8, 1], Activation.ReLU, Initializer.HeNormal, seed);
        return
        [
            new(
                seed,
                "W = sqrt(2/size): difference of units after training",
                0,
                0,
                Diagnostics.UnitDifference(Trainer.Train(literal, circles, Training).Network.Layers[0].Weights)
            ),
            new(
                seed,
                "He's rule: different numbers in W1 of [8 x 2]",
                16,
                16,
                random.Layers[0].Weights.Enumerate().Distinct().Count()
            ),
        ];
    }

    private static IReadOnlyList<Trial> DamagedCode(int seed)
    {
        int[] sizes = [.. Enumerable.Range(3, 998)];
        const int fanIn = 64;
        const int fanOut = 32;
        return
        [
            new(
                seed,
                "share of sizes 3 to 1000 where Math.Sqrt(2.0 / n - 1) is NaN",
                1,
                1,
                sizes.Count(n => double.IsNaN(Math.Sqrt(2.0 / n - 1))) / (double)sizes.Length
            ),
            new(
                seed,
                "share of sizes 3 to 1000 where Math.Sqrt(2 / n) is 0",
                1,
                1,
                sizes.Count(n => Math.Sqrt(2 / n) == 0) / (double)sizes.Length
            ),
            new(
                seed,
                "columns of (size_l, size_l - 1) for a layer from 64 to 32",
                fanOut - 1,
                fanOut - 1,
                Initializer.HeNormal.Sample(fanOut, fanOut - 1, new Random(seed)).ColumnCount
            ),
            new(
                seed,
                "columns of the repaired layer",
                fanIn,
                fanIn,
                Initializer.HeNormal.Sample(fanOut, fanIn, new Random(seed)).ColumnCount
            ),
        ];
    }

    /// <summary>
    /// The factor of the second moment is the mean of 7,840 squared weights, times the width, with relative variance
    /// 2 / 7840; over N inputs of 10 nearly equal directions it varies by 2 / (10 N) more. Five standard deviations are
    /// allowed.
    /// </summary>
    private static IReadOnlyList<Trial> LeCunAndGlorot(int seed)
    {
        const int fanIn = 784;
        const int fanOut = 10;
        const int examples = 500;
        double allowed = 5 * Math.Sqrt(2.0 / (fanIn * fanOut) + 2.0 / (10 * examples));
        var random = new Random(seed + 1000);
        Matrix<double> inputs = Initializer.Normal(1).Sample(fanIn, examples, random);
        Matrix<double> deltas = Initializer.Normal(1).Sample(fanOut, examples, random);
        return
        [
            .. Factors("LeCun", Initializer.LeCunNormal, 1.0 / fanIn),
            .. Factors("Glorot", Initializer.GlorotNormal, 2.0 / (fanIn + fanOut)),
        ];

        IEnumerable<Trial> Factors(string name, Initializer rule, double variance)
        {
            Matrix<double> weights = rule.Sample(fanOut, fanIn, new Random(seed));
            yield return Factor("forward", fanIn * variance, MeanPower(weights * inputs, 2) / MeanPower(inputs, 2));
            yield return Factor(
                "back",
                fanOut * variance,
                MeanPower(weights.Transpose() * deltas, 2) / MeanPower(deltas, 2)
            );

            Trial Factor(string way, double expected, double measured) =>
                new(
                    seed,
                    $"{name}, 784 → 10: factor {way}",
                    expected * (1 - allowed),
                    expected * (1 + allowed),
                    measured
                );
        }
    }
}
