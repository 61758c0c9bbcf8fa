using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>The exercises of notebook 01.</summary>
public static class SymmetryExercises
{
    private static Dataset Circles => Datasets.Circles();

    private static Network Constant => Network.Create([2, 8, 1], Activation.Tanh, Initializer.Constant(0.5), 1);

    /// <summary>1.1: how many different units do the two hidden layers have, where only the second starts with different biases?</summary>
    public static Exercise<int[]> DifferentUnits { get; } =
        new(
            "1.1",
            [
                "Go through the three lines of the proof for each of the two layers. What do its units need to receive, to separate?",
                "The second layer is the case of the section on biases.",
                "For the first layer, look at line 2: a unit of it has a weight out to each unit of the second. Are these weights equal for two of its units, before and after a step?",
            ],
            [
                new("it is two numbers", n => n.Length == 2 ? null : Invariant($"yours has {n.Length}.")),
                new(
                    "the second hidden layer is right",
                    n => n[1] == TwoLayers().Second ? null : Invariant($"{n[1]} is not.")
                ),
                new(
                    "the first hidden layer is right",
                    n => n[0] == TwoLayers().First ? null : Invariant($"{n[0]} is not.")
                ),
            ]
        );

    /// <summary>1.2: a function that counts the different units of a layer.</summary>
    public static Exercise<Func<Layer, int>> CountUnits { get; } =
        new(
            "1.2",
            [
                "A unit is a row of Weights together with one entry of Biases.",
                "Turn each unit into something that can be compared, such as a vector or a string.",
                "LINQ has Distinct and Count; a matrix has InsertColumn and EnumerateRows.",
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

    /// <summary>1.3: a function that swaps two hidden units.</summary>
    public static Exercise<Func<Network, int, int, Network>> SwapUnits { get; } =
        new(
            "1.3",
            [
                "A hidden unit is a row of W1, an entry of b1, and what else?",
                "The next layer reads unit i through column i of its weights.",
                "Clone the matrices; SetRow, SetColumn and an index are enough. WithWeights(0, …), WithBiases(0, …) and WithWeights(1, …) follow each other.",
            ],
            [
                new(
                    "the weights into the two units have changed places",
                    swap => Rows(swap(Swapped, 1, 3).Layers[0].Weights, [0, 3, 2, 1, 4]) ? null : "they have not."
                ),
                new(
                    "so have their biases",
                    swap =>
                        swap(Swapped, 1, 3).Layers[0].Biases[1] == Swapped.Layers[0].Biases[3] ? null : "they have not."
                ),
                new(
                    "the network computes the same as before",
                    swap =>
                        (swap(Swapped, 1, 3).Forward(Circles.Inputs) - Swapped.Forward(Circles.Inputs))
                            .Enumerate()
                            .Max(Math.Abs) <= 1e-12
                            ? null
                            : "its answers have changed."
                ),
                new(
                    "the network that was passed in is left as it was",
                    swap =>
                    {
                        Network given = Swapped;
                        Network other = swap(given, 0, 2);
                        return
                            !ReferenceEquals(given, other) && given.Layers[0].Weights.Equals(Swapped.Layers[0].Weights)
                            ? null
                            : "it was changed.";
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
                "dW is the mean over the examples of (p - y) xᵀ; with one example per column that is one product.",
                "Put the factors in the order in which their shapes fit, and mind that it is a mean over the examples.",
            ],
            [
                new(
                    "the shape is [classes x inputs]",
                    f =>
                        Small(f) is { RowCount: 3, ColumnCount: 4 }
                            ? null
                            : Invariant(
                                $"for 3 classes and 4 inputs it is [{Small(f).RowCount} x {Small(f).ColumnCount}]."
                            )
                ),
                new(
                    "the mean over the examples is taken, not the sum",
                    f => Distance(Small(f), Twice(f)) <= 1e-12 ? null : "with every example given twice it is another."
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

    /// <summary>1.5: other weights of the last layer, with which the constant network learns the circles.</summary>
    public static Exercise<Network> BreakTheTie { get; } =
        new(
            "1.5",
            [
                "Line 2 of the proof needs equal weights out. What happens to the signal gradients if these differ?",
                "constant.WithWeights(1, …) gives a copy with other weights of the last layer, a matrix of 1 x 8.",
                "Two different values give two different units, and that is not enough; a tiny difference needs more steps than a large one.",
            ],
            [
                new(
                    "the sizes are still 2-8-1",
                    network =>
                        network.Sizes.SequenceEqual([2, 8, 1]) ? null : $"they are {string.Join("-", network.Sizes)}."
                ),
                new(
                    "nothing but the weights of the last layer is changed",
                    network =>
                        Changed(network.WithWeights(1, Constant.Layers[1].Weights)) == 0 ? null : "something else is."
                ),
                new(
                    "3,000 steps with learning rate 0.5 get at least 99 % of the circles right",
                    network =>
                    {
                        Network trained = Trainer
                            .Train(network, Circles, new() { LearningRate = 0.5, Steps = 3000 })
                            .Network;
                        double accuracy = Circles.Accuracy(trained);
                        return accuracy >= 0.99 ? null : Invariant($"{100 * accuracy:F1} % are right.");
                    }
                ),
            ]
        );

    private static Network Swapped =>
        Network
            .Create([2, 5, 1], Activation.Tanh, Initializer.GlorotNormal, 4)
            .WithBiases(0, Vector<double>.Build.Dense(5, i => i - 1.5));

    private static bool Rows(Matrix<double> weights, int[] order) =>
        order.Select((row, i) => weights.Row(i).Equals(Swapped.Layers[0].Weights.Row(row))).All(isEqual => isEqual);

    private static (int First, int Second) TwoLayers()
    {
        Network trained = Trainer
            .Train(
                Network
                    .Create([2, 8, 8, 1], Activation.Tanh, Initializer.Constant(0.5), 1)
                    .WithBiases(1, Vector<double>.Build.Dense(8, i => i - 3.5)),
                Circles,
                new() { LearningRate = 0.5, Steps = 300 }
            )
            .Network;
        int Different(Layer layer) => layer.Weights.InsertColumn(0, layer.Biases).EnumerateRows().Distinct().Count();
        return (Different(trained.Layers[0]), Different(trained.Layers[1]));
    }

    /// <summary>New each time, because an answer may write into it.</summary>
    private static Dataset FiveExamples =>
        Dataset.OfClasses(
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

    /// <summary>The same with each example twice, by which a mean does not change.</summary>
    private static Matrix<double> Twice(Func<Matrix<double>, Matrix<double>, Matrix<double>> f) =>
        f(FiveExamples.Inputs.Append(FiveExamples.Inputs), FiveExamples.Targets.Append(FiveExamples.Targets))
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
