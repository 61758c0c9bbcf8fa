using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <content>The claims of notebook 01.</content>
public static partial class Claims
{
    private static IEnumerable<Claim> Symmetry =>
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
                4,
                "Biases may start at 0 because their gradients do not depend on the deeper layers.",
                Verdict.Imprecise,
                "They may start at 0, but because random weights already tell the units apart. Their gradients do come "
                    + "through every deeper layer.",
                ZeroBiases
            ),
        ];

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

    /// <summary>Of what a line can do, see <see cref="BestLine"/>.</summary>
    private static IReadOnlyList<Trial> NoBetterThanLinear(int seed)
    {
        Dataset circles = Datasets.Circles(seed: seed);
        double bestLine = BestLine(circles);
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
                bestLine,
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
                BestLine(circles),
                1,
                circles.Accuracy(Trainer.Train(network, circles, Training).Network)
            ),
        ];

        double BiasGradient(Network n) =>
            n.Gradients(circles.Inputs, circles.Targets, circles.Loss).Layers[0].Biases.L2Norm();
    }

    /// <summary>
    /// The most that a line gets right of the circles. A network of width 1 is a monotone function of one projection, so
    /// it separates the plane by a line. Of circles of radius 1 and 1/2 the best line, a tangent to the inner one, has all of
    /// the inner points on the right side and a third of the outer ones: 2/3 of all. Two standard deviations of a fraction
    /// of so many points are added.
    /// </summary>
    private static double BestLine(Dataset circles) => 2.0 / 3 + 2 * Math.Sqrt(2.0 / 3 * (1.0 / 3) / circles.Count);
}
