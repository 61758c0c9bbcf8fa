using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>The ledger: what the lecture note says, and the experiments that decide it.</summary>
public static class Claims
{
    private static readonly int[] Seeds = [1, 2, 3];

    private static readonly TrainingOptions Training = new() { LearningRate = 0.5, Steps = 3000 };

    /// <summary>All claims, by number.</summary>
    public static IReadOnlyList<Claim> All { get; } =
    [
        new(
            1,
            "With zero weights all gradients have the same value at each iteration.",
            Verdict.Imprecise,
            "They are equal across the units of a layer, so units that start equal stay equal. Along the inputs of one "
                + "unit they differ, and they change from step to step.",
            EqualUnits
        ),
        new(
            2,
            "Zero weights make the network no better than a linear model.",
            Verdict.Wrong,
            "It is worse: with ReLU or tanh every weight gradient is 0 and only the last bias learns. Weights that all "
                + "have another constant value make a network of width 1.",
            NoBetterThanLinear
        ),
        new(
            3,
            "Weights uniform in [-1, 1] times 0.01 keep the units active, away from where derivatives vanish.",
            Verdict.Imprecise,
            "True of a shallow network. With each hidden layer more the start is a longer plateau: the steps to leave it "
                + "grow as ln(1/ε), 1/ε, 1/ε² for one, two and three hidden layers.",
            HowSmall
        ),
        new(
            4,
            "Biases may start at 0 because their gradients do not depend on the deeper layers.",
            Verdict.Imprecise,
            "They may start at 0, but because random weights already tell the units apart. Their gradients do come "
                + "through every deeper layer.",
            ZeroBiases
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
        new(
            19,
            "The weights are uniform, says the text; normal, says the code.",
            Verdict.Wrong,
            "The two differ in shape: the kurtosis is 1.8 for uniform and 3 for normal weights. At equal variance it makes "
                + "no difference to how long a plateau lasts.",
            UniformOrNormal
        ),
    ];

    /// <summary>Runs the experiment of a claim with three seeds and shows what it decides.</summary>
    /// <param name="number">The number of the claim.</param>
    public static DecidedClaim Show(int number)
    {
        Claim claim =
            All.FirstOrDefault(c => c.Number == number)
            ?? throw Require.OutOfRange(
                nameof(number),
                number,
                "one of the claims " + string.Join(", ", All.Select(c => c.Number))
            );
        return new DecidedClaim(claim, [.. Seeds.SelectMany(claim.Experiment)]);
    }

    private static IReadOnlyList<Trial> EqualUnits(int seed)
    {
        Dataset circles = Datasets.Circles(seed: seed);
        Network start = Network.Create([2, 8, 1], Activation.Tanh, Initializer.Constant(0.5), seed);
        Network trained = Trainer.Train(start, circles, Training).Network;
        Matrix<double> gradient = trained.Gradients(circles.Inputs, circles.Targets, circles.Loss).Layers[0].Weights;
        return
        [
            new(
                seed,
                "largest difference between rows of W1",
                0,
                0,
                Diagnostics.UnitDifference(trained.Layers[0].Weights)
            ),
            AboveZero(
                seed,
                "difference of dW1 between the inputs of unit 1",
                Math.Abs(gradient[0, 0] - gradient[0, 1])
            ),
            AboveZero(
                seed,
                "largest change of a weight of W1",
                (trained.Layers[0].Weights - start.Layers[0].Weights).Enumerate().Max(Math.Abs)
            ),
        ];
    }

    /// <summary>
    /// A network of width 1 is a monotone function of one projection, so it parts the plane by a line. Of the circles
    /// of radius 1 and 1/2 the best line, a tangent to the inner one, has all of the inner points on the right side and
    /// a third of the outer ones: 2/3 of all. Two standard deviations of a share of 400 points are added.
    /// </summary>
    private static IReadOnlyList<Trial> NoBetterThanLinear(int seed)
    {
        Dataset circles = Datasets.Circles(seed: seed);
        double bestLine = 2.0 / 3 + 2 * Math.Sqrt(2.0 / 3 * (1.0 / 3) / circles.Count);
        TrainingRun zeros = Run(Activation.ReLU, Initializer.Zeros);
        return
        [
            new(
                seed,
                "zeros, ReLU: largest weight",
                0,
                0,
                zeros.Network.Layers.Max(l => l.Weights.Enumerate().Max(Math.Abs))
            ),
            new(seed, "zeros, ReLU: accuracy", 0.5, 0.5, circles.Accuracy(zeros.Network)),
            AtMost(
                seed,
                "constant 0.5, ReLU: accuracy",
                bestLine,
                circles.Accuracy(Run(Activation.ReLU, Initializer.Constant(0.5)).Network)
            ),
            AtMost(
                seed,
                "constant 0.5, tanh: accuracy",
                bestLine,
                circles.Accuracy(Run(Activation.Tanh, Initializer.Constant(0.5)).Network)
            ),
            new(
                seed,
                "Glorot, tanh: accuracy",
                0.99,
                1,
                circles.Accuracy(Run(Activation.Tanh, Initializer.GlorotNormal).Network)
            ),
        ];

        TrainingRun Run(Activation activation, Initializer initializer) =>
            Trainer.Train(Network.Create([2, 8, 1], activation, initializer, seed), circles, Training);
    }

    private static IReadOnlyList<Trial> ZeroBiases(int seed)
    {
        Dataset circles = Datasets.Circles(seed: seed);
        Network network = Network.Create([2, 8, 8, 1], Activation.Tanh, Initializer.GlorotNormal, seed);
        Network cut = network.WithWeights(2, Matrix<double>.Build.Dense(1, 8));
        return
        [
            AboveZero(seed, "norm of db1", BiasGradient(network)),
            new(seed, "norm of db1, z1 unchanged but W3 = 0", 0, 0, BiasGradient(cut)),
            new(
                seed,
                "accuracy from zero biases",
                0.99,
                1,
                circles.Accuracy(Trainer.Train(network, circles, Training).Network)
            ),
        ];

        double BiasGradient(Network n) =>
            n.Gradients(circles.Inputs, circles.Targets, circles.Loss).Layers[0].Biases.L2Norm();
    }

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

    /// <summary>
    /// A layer of 256 units changes the logarithm of a squared norm with a variance of the order of 5 / 256, as in a ReLU
    /// network; the mean over 19 layers has a standard deviation of about 0.03, of which five are allowed. For tanh the
    /// theory is the product of chi over the layers, with q from the length map, and the logarithm over 99 layers has a
    /// standard deviation of about 1.4; five are allowed.
    /// </summary>
    private static IReadOnlyList<Trial> SigmoidAndTanh(int seed)
    {
        double chi = MeanField.FixedChi(Activation.Sigmoid, 1);
        double allowed = Math.Exp(5 * Math.Sqrt(5.0 / 256 / 19));
        double tanh = 1;
        double q = 1;
        for (int l = 1; l < 100; l++)
        {
            tanh *= MeanField.Chi(Activation.Tanh, q, 1);
            q = MeanField.NextLength(Activation.Tanh, q, 1);
        }
        double spread = Math.Exp(5 * Math.Sqrt(5.0 / 256 * 99));
        return
        [
            new(
                seed,
                "sigmoid, s = 1: factor a layer",
                chi / allowed,
                chi * allowed,
                Math.Pow(BackwardRatio(Activation.Sigmoid, Initializer.Normal(1 / 16.0), 256, 20, seed), 1 / 19.0)
            ),
            new(
                seed,
                "tanh, s = 1: factor over 100 layers",
                tanh / spread,
                tanh * spread,
                BackwardRatio(Activation.Tanh, Initializer.Normal(1 / 16.0), 256, 100, seed)
            ),
        ];
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
                Require.Invariant($"s² = {squaredScale}: factor over 50 layers"),
                typical / allowed,
                typical * allowed,
                BackwardRatio(Activation.ReLU, Initializer.VarianceScaling(squaredScale), 100, 50, seed)
            );
        }
    }

    private static IReadOnlyList<Trial> LargeWeights(int seed)
    {
        Matrix<double> positive = Initializer.Uniform(0.5).Sample(256, 256, new Random(seed)) + 0.5;
        Network network = Network.Create([256, 256, 256, 256, 1], Activation.Sigmoid, Initializer.LeCunNormal, seed);
        for (int l = 0; l < 3; l++)
            network = network.WithWeights(l, positive);
        double allowed = Math.Exp(5 * Math.Sqrt(5.0 / 256 / 19));
        return
        [
            AtMost(
                seed,
                "weights from U(0, 1): largest |δ| of layer 2",
                1e-15,
                Backward(network, seed)[1].Deltas!.Enumerate().Max(Math.Abs)
            ),
            .. new[] { 5.0, 20 }.Select(s =>
            {
                double chi = MeanField.FixedChi(Activation.Sigmoid, s);
                return new Trial(
                    seed,
                    Require.Invariant($"mean 0, s = {s}: factor a layer"),
                    chi / allowed,
                    chi * allowed,
                    Math.Pow(BackwardRatio(Activation.Sigmoid, Initializer.Normal(s / 16), 256, 20, seed), 1 / 19.0)
                );
            }),
        ];
    }

    /// <summary>The squared norm of dJ/dz at the first of some equal hidden layers, as a part of that at the last.</summary>
    private static double BackwardRatio(Activation activation, Initializer rule, int width, int depth, int seed)
    {
        IReadOnlyList<LayerSignal> signals = Backward(
            Network.Create([.. Enumerable.Repeat(width, depth + 1), 1], activation, rule, seed),
            seed
        );
        double ratio = signals[0].DeltaNorm / signals[depth - 1].DeltaNorm;
        return ratio * ratio;
    }

    private static IReadOnlyList<LayerSignal> Backward(Network network, int seed)
    {
        Matrix<double> inputs = Initializer.Normal(1).Sample(network.Sizes[0], 16, new Random(seed + 1000));
        return network.Signals(inputs, Matrix<double>.Build.Dense(1, 16, 1), Loss.MeanSquaredError);
    }

    private static Trial AboveZero(int seed, string quantity, double measured) =>
        new(seed, quantity, double.Epsilon, double.PositiveInfinity, measured);

    private static Trial AtMost(int seed, string quantity, double high, double measured) =>
        new(seed, quantity, double.NegativeInfinity, high, measured);
}
