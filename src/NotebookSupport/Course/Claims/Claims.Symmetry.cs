using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <content>The claims of notebook 01.</content>
public static partial class Claims
{
    private static IEnumerable<Claim> Symmetry =>
        [
            new(
                1,
                "From zero weights the gradients are the same at every iteration, since equal weights stay equal, so nothing is learned.",
                Verdict.Imprecise,
                "With tanh or ReLU the gradients are indeed the same: every weight gradient is 0. With the sigmoid and classes of unequal "
                    + "size they are not: they change. The reason is true across the units of a layer. It does not "
                    + "make all gradients equal or constant: from weights of 0.5 they differ along the inputs of a unit and change from step to step.",
                false,
                _ => EqualUnits()
            ),
            new(
                2,
                "A network that starts at zero is no better than a linear model.",
                Verdict.Right,
                "The note is even too mild: with ReLU or tanh it is worse, since only the last bias learns. Weights that all have "
                    + "another constant value make a network of width 1. It may bend, but its boundary on the circles is one "
                    + "straight line.",
                true,
                seed => NoBetterThanLinear(seed)
            ),
            new(
                4,
                "Biases may start at 0, because their gradients depend on their own layer and not on the deeper ones.",
                Verdict.Imprecise,
                "The conclusion is right, the reason is not. Biases may start at 0 because random weights already tell the "
                    + "units apart. Their gradients do come through every deeper layer: set the last weights to 0, and the bias gradients are 0.",
                true,
                seed => ZeroBiases(seed)
            ),
            new(
                21,
                "Do not start all weights at zero; draw them at random.",
                Verdict.Right,
                "From zeros the eight units stay one, and the accuracy is that of a coin. From random weights they learn the circles.",
                true,
                seed => DifferentUnits(seed)
            ),
            new(
                22,
                "Biases can start at 0.",
                Verdict.Right,
                "Zero biases do no harm, as long as the weights are random: the circles are learnt, and no more slowly than from random biases.",
                true,
                seed => ZeroOrRandomBiases(seed)
            ),
        ];

    internal static IReadOnlyList<Measurement> EqualUnits(
        Activation? activation = null,
        Initializer? equal = null,
        Dataset? data = null,
        Dataset? uneven = null,
        double learningRate = 0.5
    )
    {
        Dataset circles = data ?? Datasets.Circles();
        Matrix<double>[][] zeros = WeightGradients(circles, activation ?? Activation.Tanh, Initializer.Zeros);
        Dataset fewerInside =
            uneven ?? circles.Choose("half inside", [.. Enumerable.Range(0, circles.Count).Where(i => i % 4 != 1)]);
        Matrix<double>[] sigmoid =
        [
            .. WeightGradients(fewerInside, Activation.Sigmoid, Initializer.Zeros).Select(layers => layers[1]),
        ];
        Matrix<double>[] first =
        [
            .. WeightGradients(circles, activation ?? Activation.Tanh, equal ?? Initializer.Constant(0.5))
                .Select(layers => layers[0]),
        ];
        double largest = first.Max(Largest);
        Prediction different = Prediction.Above(Prediction.Rounding, "more than rounding");
        return
        [
            new(
                "all weights 0, tanh: largest weight gradient at 20 of 1,500 steps",
                null,
                Prediction.Exactly(0),
                zeros.SelectMany(layers => layers).Max(Largest)
            ),
            new(
                "all weights 0, tanh: change of the weight gradients in 1,500 steps",
                Prediction.Exactly(0, "the same at each iteration"),
                Prediction.Exactly(0),
                zeros[0].Zip(zeros[^1], (before, after) => Largest(after - before)).Max()
            ),
            new(
                "all weights 0, sigmoid, half of the inner circle left out: change of ∂J/∂W2 in 1,500 steps",
                Prediction.Exactly(0, "the same at each iteration"),
                different,
                Largest(sigmoid[^1] - sigmoid[0])
            ),
            new(
                "all weights 0.5: difference of ∂J/∂W1 between two units, at 20 of 1,500 steps",
                Prediction.Exactly(0, "equal weights stay equal"),
                Prediction.Exactly(0),
                first.Max(Diagnostics.UnitDifference)
            ),
            new(
                "all weights 0.5: difference of ∂J/∂W1 between the two inputs of a unit, as a fraction of the largest gradient",
                null,
                different,
                first.Max(gradient => Math.Abs(gradient[0, 0] - gradient[0, 1])) / largest
            ),
            new(
                "all weights 0.5: change of ∂J/∂W1 in 1,500 steps, as a fraction of the largest gradient",
                null,
                different,
                Largest(first[^1] - first[0]) / largest
            ),
        ];

        Matrix<double>[][] WeightGradients(Dataset points, Activation phi, Initializer rule)
        {
            Network start = Network.Create([2, 8, 1], phi, rule, 1);
            TrainingOptions options = Training with { LearningRate = learningRate, Snapshots = 20 };
            return
            [
                .. Trainer
                    .Train(start, points, options)
                    .Snapshots.Select(snapshot =>
                        snapshot
                            .Network.Gradients(points.Inputs, points.Targets, points.Loss)
                            .Layers.Select(layer => layer.Weights)
                            .ToArray()
                    ),
            ];
        }
    }

    internal static IReadOnlyList<Measurement> NoBetterThanLinear(
        int seed,
        Initializer? zeros = null,
        Initializer? equal = null,
        Initializer? random = null
    )
    {
        zeros ??= Initializer.Zeros;
        equal ??= Initializer.Constant(0.5);
        Dataset circles = Datasets.Circles(seed: seed);
        Dataset moons = Datasets.Moons(seed: seed);
        TrainingRun fromZeros = Train(circles, Activation.ReLU, zeros, seed, Short);
        Network linear = Trainer
            .Train(Network.Create([2, 1], Activation.Identity, Initializer.Zeros, seed), moons, Short)
            .Network;
        return
        [
            new(
                "circles, zeros, ReLU: accuracy",
                AtMostALine,
                Prediction.Exactly(0.5),
                circles.Accuracy(fromZeros.Network)
            ),
            new("circles, zeros, ReLU: last loss", null, LossOfAGuess(1e-12), fromZeros.FinalLoss),
            .. new[] { Activation.ReLU, Activation.Tanh, Activation.Sigmoid }.Select(phi => new Measurement(
                $"circles, all weights 0.5, {phi}: accuracy",
                AtMostALine,
                AtMostALine,
                circles.Accuracy(Train(circles, phi, equal, seed).Network)
            )),
            new(
                "circles, He's random weights, ReLU: accuracy",
                BetterThanALine,
                BetterThanALine,
                circles.Accuracy(Train(circles, Activation.ReLU, random ?? Initializer.HeNormal, seed).Network)
            ),
            new(
                "moons, zeros, ReLU: accuracy minus that of a linear model",
                Prediction.AtMost(0, "no better"),
                Prediction.AtMost(
                    -TwoStandardErrors,
                    "worse by more than two standard errors of a fraction of 400 points"
                ),
                moons.Accuracy(Train(moons, Activation.ReLU, zeros, seed, Short).Network) - moons.Accuracy(linear)
            ),
        ];
    }

    internal static IReadOnlyList<Measurement> ZeroBiases(int seed, double lastWeights = 0, Initializer? rule = null)
    {
        Dataset circles = Datasets.Circles(seed: seed);
        Network network = Network.Create([2, 8, 8, 1], Activation.Tanh, rule ?? Initializer.GlorotNormal, seed);
        Network cut = network.WithWeights(2, network.Layers[2].Weights * lastWeights);
        return
        [
            new(
                "‖∂J/∂b1‖ when W3 becomes 0 and z1 stays, as a fraction of before",
                new Prediction(1, 1, "1", "b1 does not depend on the deeper layers"),
                Prediction.Exactly(0),
                BiasGradient(cut) / BiasGradient(network)
            ),
            new(
                "accuracy on the circles from zero biases",
                BetterThanALine,
                BetterThanALine,
                circles.Accuracy(Trainer.Train(network, circles, Training).Network)
            ),
        ];

        double BiasGradient(Network n) =>
            n.Gradients(circles.Inputs, circles.Targets, circles.Loss).Layers[0].Biases.L2Norm();
    }

    internal static IReadOnlyList<Measurement> DifferentUnits(
        int seed,
        Initializer? zeros = null,
        Initializer? random = null
    )
    {
        Dataset circles = Datasets.Circles(seed: seed);
        Network fromZeros = Train(circles, Activation.Tanh, zeros ?? Initializer.Zeros, seed, Short).Network;
        Network fromRandom = Train(circles, Activation.Tanh, random ?? Initializer.GlorotNormal, seed, Short).Network;
        return
        [
            new(
                "from zeros: different units among 8",
                One,
                One,
                fromZeros.Layers[0].Weights.EnumerateRows().DistinctBy(row => (row[0], row[1])).Count()
            ),
            new(
                "from zeros: accuracy on the circles",
                AtMostALine,
                Prediction.Exactly(0.5),
                circles.Accuracy(fromZeros)
            ),
            new(
                "from Glorot's random weights: accuracy on the circles",
                BetterThanALine,
                BetterThanALine,
                circles.Accuracy(fromRandom)
            ),
        ];
    }

    internal static IReadOnlyList<Measurement> ZeroOrRandomBiases(int seed, Initializer? weights = null)
    {
        Dataset circles = Datasets.Circles(seed: seed);
        Initializer drawn = weights ?? Initializer.HeNormal;
        var noLess = Prediction.AtLeast(
            -Math.Sqrt(2) * TwoStandardErrors,
            "two standard errors of the difference of two fractions of 400 points"
        );
        return
        [
            new(
                "zero biases: accuracy on the circles",
                BetterThanALine,
                BetterThanALine,
                Accuracy(drawn, Initializer.Zeros, Training.Steps)
            ),
            new(
                "zero biases: accuracy after 100 steps, minus that from biases of standard deviation 0.5",
                noLess,
                noLess,
                Accuracy(drawn, Initializer.Zeros, 100) - Accuracy(Initializer.HeNormal, Initializer.Normal(0.5), 100)
            ),
        ];

        double Accuracy(Initializer rule, Initializer biases, int steps) =>
            circles.Accuracy(
                Trainer
                    .Train(
                        Network.Create([2, 8, 1], Activation.ReLU, rule, seed, biases),
                        circles,
                        Training with
                        {
                            Steps = steps,
                        }
                    )
                    .Network
            );
    }

    /// <summary>
    /// The most that a line gets right of the circles. A network of width 1 is a monotone function of one projection, so
    /// it separates the plane by a line. Of circles of radius 1 and 1/2 the best line, a tangent to the inner one, has all of
    /// the inner points on the right side and a third of the outer ones: 2/3 of all. Two standard errors of a fraction of
    /// 400 points are added.
    /// </summary>
    private static readonly double BestLine = 2.0 / 3 + 2 * Math.Sqrt(2.0 / 3 * (1.0 / 3) / 400);

    private const string OfALine =
        "2/3, what the best straight line gets right, plus two standard errors of a fraction of 400 points";

    private static readonly Prediction AtMostALine = new(0, BestLine, "at most 0.71", OfALine);

    private static readonly Prediction BetterThanALine = new(Math.BitIncrement(BestLine), 1, "above 0.71", OfALine);

    private static readonly Prediction One = Prediction.Exactly(1);

    /// <summary>Two standard errors of a fraction of 400 points are largest, 0.05, for a fraction of one half.</summary>
    private static readonly double TwoStandardErrors = 2 * Math.Sqrt(0.25 / 400);

    /// <summary>The loss of always answering 1/2, ln 2.</summary>
    private static Prediction LossOfAGuess(double tolerance) =>
        new(Math.Log(2) - tolerance, Math.Log(2) + tolerance, "0.693", "ln 2, the loss of always answering 1/2");

    private static TrainingRun Train(
        Dataset data,
        Activation activation,
        Initializer rule,
        int seed,
        TrainingOptions? options = null
    ) => Trainer.Train(Network.Create([2, 8, 1], activation, rule, seed), data, options ?? Training);

    private static TrainingOptions Short => Training with { Steps = 1000 };

    private static double Largest(Matrix<double> matrix) => matrix.Enumerate().Max(Math.Abs);
}
