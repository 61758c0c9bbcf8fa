using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>The exercises of notebook 01.</summary>
public static class SymmetryExercises
{
    private static Dataset Circles => Datasets.Circles();

    private static Network Constant => Network.Create([2, 8, 1], Activation.Tanh, Initializer.Constant(0.5), 1);

    /// <summary>1.1: how many different units does a trained network of constant weights have?</summary>
    public static Exercise<int?> DifferentUnits { get; } =
        new(
            "1.1",
            ["What do two units need to receive, to move apart?", "Look at the chart: where do all lines lie?"],
            [
                new(
                    "the number of different units is right",
                    n => n == 1 ? null : Invariant($"{n} is not what the chart shows.")
                ),
            ]
        );

    /// <summary>1.2: a function that counts the different units of a layer.</summary>
    public static Exercise<Func<Layer, int>> CountUnits { get; } =
        new(
            "1.2",
            [
                "A unit is a row of Weights together with one entry of Biases.",
                "Turn each unit into a string or a tuple; LINQ has Distinct and Count.",
            ],
            [
                new("eight equal units count as 1", count => Counted(count(Constant.Layers[0]), 1)),
                new(
                    "eight random units count as 8",
                    count =>
                        Counted(
                            count(Network.Create([2, 8, 1], Activation.Tanh, Initializer.GlorotNormal, 1).Layers[0]),
                            8
                        )
                ),
                new(
                    "two kinds of units, taking turns, count as 2",
                    count =>
                        Counted(
                            count(
                                Constant
                                    .WithWeights(0, Matrix<double>.Build.Dense(8, 2, (i, j) => i % 2 + 10 * j))
                                    .Layers[0]
                            ),
                            2
                        )
                ),
                new(
                    "units that differ by their bias alone are different",
                    count => Counted(count(Constant.WithBiases(0, Vector<double>.Build.Dense(8, i => i)).Layers[0]), 8)
                ),
                new(
                    "units that differ by 1e-9 are different",
                    count =>
                        Counted(
                            count(
                                Constant
                                    .WithWeights(0, Matrix<double>.Build.Dense(8, 2, (i, _) => 0.5 + 1e-9 * i))
                                    .Layers[0]
                            ),
                            8
                        )
                ),
            ]
        );

    /// <summary>1.3: a change of at most 8 numbers of the constant network after which it learns the circles.</summary>
    public static Exercise<Network> BreakTheTie { get; } =
        new(
            "1.3",
            [
                "Which eight numbers belong to one unit each?",
                "Equal weights are no harm where something else differs: WithBiases gives a copy with other biases.",
                "A tiny difference grows; one that starts at 1e-6 needs more steps than one that starts at 1.",
            ],
            [
                new(
                    "the sizes are still 2-8-1",
                    network =>
                        network.Sizes.SequenceEqual([2, 8, 1]) ? null : $"they are {string.Join("-", network.Sizes)}."
                ),
                new(
                    "at most 8 numbers differ from the constant network",
                    network => Changed(network) is <= 8 and > 0 ? null : Invariant($"{Changed(network)} do.")
                ),
                new(
                    "3,000 steps with learning rate 0.5 get at least 99 % of the circles right",
                    network =>
                    {
                        Network trained = Trainer
                            .Train(network, Circles, new() { LearningRate = 0.5, Steps = 3000 })
                            .Network;
                        double accuracy = Circles.Accuracy(trained);
                        return accuracy >= 0.99 ? null : Invariant($"{accuracy:P1} are right.");
                    }
                ),
            ]
        );

    /// <summary>1.4: the weight gradient of softmax regression at zero weights.</summary>
    public static Exercise<Func<Matrix<double>, Matrix<double>, Matrix<double>>> ZeroGradient { get; } =
        new(
            "1.4",
            [
                "With zero weights every class has the same probability.",
                "dW is the mean over the examples of (p - t) xᵀ; with one example a column that is one product.",
                "Subtract t from p, multiply by the transpose of the inputs, divide by the number of examples.",
            ],
            [
                new(
                    "the shape is [classes x inputs]",
                    f => Small(f) is { RowCount: 3, ColumnCount: 4 } ? null : "it is not."
                ),
                new(
                    "the mean over the examples is taken, not the sum",
                    f =>
                        Distance(Small(f), SmallGradient) <= 1e-12 || Distance(Small(f) / 5, SmallGradient) > 1e-12
                            ? null
                            : "it is 5 times too large for 5 examples."
                ),
                new(
                    "the sign is that of the gradient, not of the step",
                    f => Distance(-Small(f), SmallGradient) > 1e-12 ? null : "it points downhill."
                ),
                new(
                    "it agrees with backpropagation",
                    f =>
                        Distance(Small(f), SmallGradient) is var d && d <= 1e-12
                            ? null
                            : Invariant($"an entry is off by {d:G3}.")
                ),
            ]
        );

    private static readonly Dataset FiveExamples = Dataset.OfClasses(
        "five examples",
        Matrix<double>.Build.Dense(4, 5, (i, n) => Math.Cos(3 * i + n)),
        [0, 1, 2, 1, 0],
        3
    );

    private static Matrix<double> SmallGradient =>
        Network
            .Create([4, 3], Activation.Identity, Initializer.Zeros, 1)
            .Gradients(FiveExamples.Inputs, FiveExamples.Targets, FiveExamples.Loss)
            .Layers[0]
            .Weights;

    private static Matrix<double> Small(Func<Matrix<double>, Matrix<double>, Matrix<double>> f) =>
        f(FiveExamples.Inputs, FiveExamples.Targets)
        ?? throw new InvalidOperationException("the function returned null.");

    private static double Distance(Matrix<double> a, Matrix<double> b) =>
        a.RowCount == b.RowCount && a.ColumnCount == b.ColumnCount
            ? (a - b).Enumerate().Max(Math.Abs)
            : double.PositiveInfinity;

    private static int Changed(Network network) =>
        network.Sizes.SequenceEqual([2, 8, 1])
            ? network
                .Layers.Zip(Constant.Layers)
                .Sum(pair =>
                    pair.First.Weights.Enumerate().Zip(pair.Second.Weights.Enumerate()).Count(w => w.First != w.Second)
                    + pair.First.Biases.Zip(pair.Second.Biases).Count(b => b.First != b.Second)
                )
            : network.ParameterCount;

    private static string? Counted(int answer, int expected) =>
        answer == expected ? null : Invariant($"you count {answer}.");
}
