using MathNet.Numerics.LinearAlgebra;
using static NotebookSupport.Answers;

namespace NotebookSupport;

/// <summary>The exercises of notebook 00.</summary>
public static class StartExercises
{
    private const string StartsInOrder = "CADB";

    private static readonly int[] Sizes = [64, 32, 10];
    private static readonly Lazy<(Dataset Train, Dataset Test)> Digits = new(() => Datasets.Digits().Split(0.8, 1));

    /// <summary>Ten examples of three inputs; new each time, because an answer may write into what it is given.</summary>
    private static Matrix<double> Examples => Matrix<double>.Build.Dense(3, 10, (i, n) => Math.Cos(3 * i + n));

    /// <summary>0.1: the loss of a classifier that has learnt how frequent its classes are.</summary>
    public static Exercise<double?> LossOfALetterGuesser { get; } =
        new(
            "0.1",
            [
                "Which probability does it give to e, and which to each of the other letters?",
                "The loss is the mean of -ln p over all letters of the set: a quarter of them are e.",
                "Two terms, one for e and one for all others, each weighted by how often it occurs.",
            ],
            [
                new(
                    "the frequent letter counts as frequent",
                    loss => Near(loss!.Value, Math.Log(26), 0.005) ? "ln 26 is the loss of equal probabilities." : null
                ),
                new(
                    "the logarithm is natural",
                    loss =>
                        Near(loss!.Value * Math.Log(10), LetterLoss, 0.005)
                        || Near(loss.Value * Math.Log(2), LetterLoss, 0.005)
                            ? "yours has another base."
                            : null
                ),
                new(
                    "the loss is right to two decimals",
                    loss => Near(loss!.Value, LetterLoss, 0.005) ? null : "it is not."
                ),
            ]
        );

    /// <summary>0.2: the forward pass, as the mean square of the pre-activations of each layer.</summary>
    public static Exercise<Func<Network, Matrix<double>, double[]>> MeanSquares { get; } =
        new(
            "0.2",
            [
                "Start with a = x, and go through network.Layers; each has Weights, Biases and an Activation.",
                "z is Weights * a, with the bias of its row added to each entry, for which matrices have MapIndexed; z.Map(layer.Activation.Value) is the next a.",
                "The mean square of a matrix: z.PointwisePower(2).Enumerate().Average().",
            ],
            [
                new(
                    "there is one number for each layer",
                    f =>
                        f(Wide(), Examples).Length is var n && n == 3 ? null : Invariant($"yours has {n} for 3 layers.")
                ),
                new("the first layer is right", f => Layer(f, Wide(), 0)),
                new("the deeper layers take the activations, not the pre-activations", f => Layer(f, Wide(), 2)),
                new(
                    "biases are added",
                    f => Layer(f, Wide().WithBiases(0, Vector<double>.Build.Dense(5, i => i - 2)), 1)
                ),
                new(
                    "each layer has its own activation function",
                    f =>
                        Layer(
                            f,
                            new Network([
                                Wide().Layers[0] with
                                {
                                    Activation = Activation.Tanh,
                                },
                                .. Wide().Layers.Skip(1),
                            ]),
                            1
                        )
                ),
            ]
        );

    /// <summary>0.3: the weight gradient of the first layer of the small network of the notebook, for another input.</summary>
    public static Exercise<Matrix<double>> FirstWeightGradient { get; } =
        new(
            "0.3",
            [
                "First the forward pass: both pre-activations of the hidden units, and what ReLU makes of them.",
                "One of the two units is switched off by ReLU. What is its slope there, and what becomes of its signal gradient?",
                "The answer is 1.5, so the signal gradient of the output is 2. Go back from there, lines 3, 4 and 5.",
            ],
            [
                new(
                    "it is a matrix of 2 x 2",
                    answer =>
                        answer is { RowCount: 2, ColumnCount: 2 }
                            ? null
                            : Invariant($"yours is {answer.RowCount} x {answer.ColumnCount}.")
                ),
                new(
                    "the unit that is off gets no gradient",
                    answer => answer.Row(1).AbsoluteMaximum() == 0 ? null : "yours gets one."
                ),
                new(
                    "the input that is 0 gets no gradient",
                    answer => answer.Column(1).AbsoluteMaximum() == 0 ? null : "yours gets one."
                ),
                new("the sign is right", answer => answer[0, 0] >= 0 ? null : "it is the other one."),
                new(
                    "the entry that is left is right",
                    answer => Near(answer[0, 0], 4) ? null : Invariant($"yours is {answer[0, 0]:G4}.")
                ),
            ]
        );

    /// <summary>0.4: the second derivative of a function of one number, by differences.</summary>
    public static Exercise<Func<Func<double, double>, double, double>> SecondDerivative { get; } =
        new(
            "0.4",
            [
                "The second derivative is the slope of the slope. Take the slope a little to the right, and a little to the left.",
                "Three values of f are enough: at x, and at a small step to both sides.",
                "Their rounding is divided by the square of the step, so the step must be larger than for the slope: try 1e-4.",
            ],
            [
                new("x³ has the second derivative 6 at 1", d => Value(d(x => x * x * x, 1), 6, 1e-5)),
                new("exp has the second derivative e at 1, to six digits", d => Value(d(Math.Exp, 1), Math.E, 1e-6)),
                new("a straight line has none", d => Value(d(x => 3 * x, 0.5), 0, 1e-6)),
            ]
        );

    /// <summary>What exercise 0.5 is about: four networks before their first step.</summary>
    public static Table FourStarts =>
        Table.Of(
            StartsInOrder
                .Zip(
                    (Initializer[])
                        [Initializer.Zeros, Initializer.Normal(0.01), Initializer.HeNormal, Initializer.Normal(1)]
                )
                .OrderBy(start => start.First)
                .Select(start =>
                {
                    Gradients gradients = Network
                        .Create(Sizes, Activation.ReLU, start.Second, 7)
                        .Gradients(Digits.Value.Train.Inputs, Digits.Value.Train.Targets, Digits.Value.Train.Loss);
                    return new
                    {
                        Network = start.First,
                        Loss = Math.Round(gradients.Loss, 3),
                        NormOfFirstWeightGradient = gradients.Layers[0].Weights.FrobeniusNorm(),
                        NormOfLastWeightGradient = gradients.Layers[1].Weights.FrobeniusNorm(),
                        NormOfLastBiasGradient = gradients.Layers[1].Biases.L2Norm(),
                    };
                }),
            "before the first step"
        );

    /// <summary>0.5: which of four networks was started by which rule.</summary>
    public static Exercise<string> WhichIsWhich { get; } =
        new(
            "0.5",
            [
                "Which weights receive a gradient when all weights are 0? Lines 2 and 3 of the section by hand say it.",
                "Which start has a first loss that is far from ln 10, and which one is there to three decimals although its weights do receive gradients?",
                "One start is left; its loss is a little above ln 10. Write the four letters in the order that the exercise asks for.",
            ],
            [
                new(
                    "it is each of the letters A to D once",
                    answer => Letters(answer).Order().SequenceEqual("ABCD") ? null : $"yours is {answer}."
                ),
                new("the network of zeros is found", answer => Found(answer, 0)),
                new("the network of 1 is found", answer => Found(answer, 3)),
                new("the network of 0.01 is found", answer => Found(answer, 1)),
                new("He's network is found", answer => Found(answer, 2)),
            ]
        );

    /// <summary>0.6: one standard deviation for all layers of a network, from which it learns.</summary>
    public static Exercise<double?> OneStandardDeviation { get; } =
        new(
            "0.6",
            [
                "Between 0.01, which is too small, and 1, which is too large, there is a wide range to try in.",
                "He's rule gives each layer its own number: about 0.18 to the first, which has 64 inputs, and 0.25 to the others, which have 32.",
                "Try a few numbers in that range; a training takes less than a second.",
            ],
            [
                new("it is above 0", answer => answer > 0 ? null : "it is not."),
                new(
                    "the first loss is below 10, for each of three seeds",
                    answer => First(answer!.Value, seed => FirstLoss(answer.Value, seed) < 10, "one starts above.")
                ),
                new(
                    "at least 93 % of the test images are right after training, for each of three seeds",
                    answer => First(answer!.Value, seed => Trained(answer.Value, seed) >= 0.93, "one has fewer.")
                ),
            ]
        );

    private static double LetterLoss => 0.25 * Math.Log(4) + 0.75 * Math.Log(25 / 0.75);

    private static Network Wide() => Network.Create([3, 5, 4, 2], Activation.ReLU, Initializer.HeNormal, 3);

    private static string? Layer(Func<Network, Matrix<double>, double[]> f, Network network, int layer)
    {
        double expected = network.Signals(Examples)[layer].SecondMomentOfPreActivations;
        double yours = f(network, Examples)[layer];
        return Near(yours, expected, 1e-12)
            ? null
            : Invariant($"layer {layer + 1} gives {yours:G4}; expected {expected:G4}.");
    }

    private static string Letters(string answer) => answer.Trim().ToUpperInvariant();

    private static string? Found(string answer, int place) =>
        Letters(answer) is { Length: 4 } letters && letters[place] == StartsInOrder[place]
            ? null
            : "it is another one.";

    private static string? First(double deviation, Func<int, bool> isRight, string otherwise) =>
        deviation > 0 && Enumerable.Range(1, 3).All(isRight) ? null : otherwise;

    private static Network Deep(double deviation, int seed) =>
        Network.Create([64, 32, 32, 32, 32, 10], Activation.ReLU, Initializer.Normal(deviation), seed);

    private static double FirstLoss(double deviation, int seed) =>
        Digits.Value.Train.Loss.Value(
            Deep(deviation, seed).Forward(Digits.Value.Train.Inputs),
            Digits.Value.Train.Targets
        );

    private static double Trained(double deviation, int seed) =>
        Digits.Value.Test.Accuracy(
            Trainer
                .Train(
                    Deep(deviation, seed),
                    Digits.Value.Train,
                    new()
                    {
                        LearningRate = 0.1,
                        Steps = 600,
                        BatchSize = 64,
                    }
                )
                .Network
        );

    private static string? Value(double answer, double expected, double tolerance) =>
        Near(answer, expected, tolerance) ? null : Invariant($"yours is {answer:G10}.");
}
