using MathNet.Numerics.LinearAlgebra;
using static NotebookSupport.Answers;

namespace NotebookSupport;

/// <summary>What may ail a deep network at its start.</summary>
public enum Ailment
{
    /// <summary>Nothing: signals and signal gradients keep their size.</summary>
    None,

    /// <summary>The signal gradient shrinks by a factor per layer on its way back.</summary>
    Vanishing,

    /// <summary>The signal gradient grows by a factor per layer on its way back.</summary>
    Exploding,

    /// <summary>Hidden units whose slope is 0 for every example.</summary>
    DeadUnits,

    /// <summary>Hidden units at the flat ends of their activation.</summary>
    Saturation,
}

/// <summary>The exercises of notebook 05.</summary>
public static class DyingExercises
{
    private const int DeadDepth = 20;
    private const int DeadWidth = 16;
    private const double DeadBias = -0.5;

    /// <summary>Weights that are all above 0, with the mean 0.05.</summary>
    private static readonly Initializer Positive = Initializer.From(
        "positive",
        (rows, columns, random) => Initializer.Uniform(0.05).Sample(rows, columns, random) + 0.05
    );

    /// <summary>What exercise 5.4 normalizes: three units, eight examples; new each time, because an answer may write into it.</summary>
    private static Matrix<double> Batch => Initializer.Normal(2).Sample(3, 8, new Random(1)) + 1;

    private static readonly (string Name, Ailment Ailment, Func<Network> Draw)[] Patients =
    [
        (
            "A",
            Ailment.DeadUnits,
            () => Twenty(Activation.ReLU, Initializer.HeNormal, biases: Initializer.Constant(-0.2))
        ),
        ("B", Ailment.None, () => Twenty(Activation.LeakyReLU(0.2), Initializer.VarianceScaling(2 / (1 + 0.2 * 0.2)))),
        (
            "C",
            Ailment.Exploding,
            () => Twenty(Activation.ReLU, Initializer.HeNormal, normalization: Normalization.Batch)
        ),
        ("D", Ailment.Vanishing, () => Twenty(Activation.LeakyReLU(0.5), Initializer.LeCunNormal)),
        ("E", Ailment.Saturation, () => Twenty(Activation.Tanh, Positive)),
    ];

    /// <summary>5.1: the layers after which a signal gradient that is halved per layer is 0 in float16.</summary>
    public static Exercise<int?> HalfUnderflow { get; } =
        new(
            "5.1",
            [
                "`Half.Epsilon` is the smallest number above 0 that a Half holds. Which power of 2 is it?",
                "A number between 0 and Half.Epsilon becomes one of the two. Which becomes 0?",
                "`(Half)Math.Pow(2, -layers)` shows what is held. Look for the first that equals 0.",
            ],
            [
                new(
                    "it is past the layer at which digits begin to be lost",
                    layers => layers == 15 ? "below 2^-14 a Half has fewer digits, but it is not 0 yet." : null
                ),
                new(
                    "it is past the last layer that is held",
                    layers => layers == 24 ? "2^-24 is Half.Epsilon, which a Half holds." : null
                ),
                new("it is float16, not float32", layers => layers == 150 ? "150 is for float32." : null),
                new(
                    "a Half holds what one layer less leaves, and 0 is left here",
                    layers =>
                        layers > 0
                        && (Half)Math.Pow(2, -layers.Value) == (Half)0
                        && (Half)Math.Pow(2, 1 - layers.Value) > (Half)0
                            ? null
                            : Yours(layers!.Value)
                ),
            ]
        );

    /// <summary>5.2: the number of ReLU units of a first layer that no input from 0 to 1 can wake.</summary>
    public static Exercise<Func<Matrix<double>, Vector<double>, int>> NeverAwake { get; } =
        new(
            "5.2",
            [
                "Each row of the weights is a unit. Which input from 0 to 1 makes its pre-activation as large as it can be?",
                "An input helps where its weight is above 0. Where the weight is below 0, which value does no harm?",
                "So the largest pre-activation is the bias plus a sum over some of the weights. Compare it with 0.",
            ],
            [
                new(
                    "a unit with a weight above 0 and no bias can be woken",
                    f =>
                        Counts(
                            f!,
                            [
                                [1, -3],
                            ],
                            [0],
                            0
                        )
                ),
                new(
                    "the biases count",
                    f =>
                        Counts(
                            f!,
                            [
                                [0.2, 0.2],
                            ],
                            [-0.5],
                            1
                        )
                ),
                new(
                    "inputs are from 0 to 1, not below 0",
                    f =>
                        Counts(
                            f!,
                            [
                                [-1, -1],
                            ],
                            [-0.1],
                            1
                        )
                ),
                new(
                    "each input has the value that suits the unit best",
                    f =>
                        Counts(
                            f!,
                            [
                                [1, -3],
                            ],
                            [-0.5],
                            0
                        )
                ),
                new(
                    "a pre-activation of exactly 0 wakes no unit",
                    f =>
                        Counts(
                            f!,
                            [
                                [0.5, -1],
                            ],
                            [-0.5],
                            1
                        )
                ),
                new(
                    "units are counted, one a row",
                    f =>
                        Counts(
                            f!,
                            [
                                [1, 1, 1],
                                [-1, -1, -1],
                                [-2, -1, 0.25],
                            ],
                            [-2, 0, -0.5],
                            2
                        )
                ),
            ]
        );

    /// <summary>5.3: what ails the networks A to E?</summary>
    public static Exercise<Ailment[]> Diagnosis { get; } =
        new(
            "5.3",
            [
                "Start with the signal gradients: in which networks do they keep their size from layer 20 to layer 1?",
                "Where they do not, look at the slopes first: are they flat, and are whole units dead? For ReLU, half of all slopes are 0 in a healthy network.",
                "Healthy pre-activations do not prove healthy signal gradients, as the lesson saw with batch normalization.",
            ],
            [
                new(
                    "there is an answer for each of A to E",
                    found => found!.Length == Patients.Length ? null : $"yours has {found.Length}."
                ),
                .. Patients.Select(
                    (patient, i) =>
                        new Check<Ailment[]>(
                            $"network {patient.Name}",
                            found =>
                                i < found!.Length && found[i] == patient.Ailment
                                    ? null
                                    : "its rows of the table do not look like that."
                        )
                ),
            ]
        );

    /// <summary>5.4: batch normalization of one layer, from W a of a batch.</summary>
    public static Exercise<Func<Matrix<double>, Matrix<double>>> BatchNormalize { get; } =
        new(
            "5.4",
            [
                "Each row belongs to one unit: what is its mean, and what is left when you subtract it?",
                "The variance is the mean of the squares of what is left. `EnumerateRows()` gives the rows, `Matrix<double>.Build.DenseOfRowVectors` puts rows together.",
                "Divide by the root of the variance plus the small number. That number belongs under the root.",
            ],
            [
                new(
                    "the shape stays",
                    f =>
                        f!(Batch) is var z && z.RowCount == Batch.RowCount && z.ColumnCount == Batch.ColumnCount
                            ? null
                            : "the result has another shape."
                ),
                new(
                    "each unit has the mean 0",
                    f => Near(f!(Batch).Row(0).Average(), 0, 1e-12) ? null : Yours(f(Batch).Row(0).Average())
                ),
                new(
                    "the deviation divides, not the variance",
                    f =>
                        Near(
                            f!(Batch).Row(1).L2Norm(),
                            Batch.Row(1).Subtract(Batch.Row(1).Average()).L2Norm() / Variance(1),
                            1e-3
                        )
                            ? "you divide by the variance."
                            : null
                ),
                new(
                    "the variance is the mean of the squares, as in the formula",
                    f =>
                        Near(f!(Batch).Row(1).L2Norm(), Math.Sqrt(Batch.ColumnCount - 1), 1e-3)
                            ? "you divide the squares by one less than their number."
                            : null
                ),
                new(
                    "equal numbers become 0, not NaN",
                    f => f!(Matrix<double>.Build.Dense(2, 4, 3)).Enumerate().All(z => z == 0) ? null : "they do not."
                ),
                new(
                    "it is what the library's layer does",
                    f =>
                        (f!(Batch) - Normalized()).Enumerate().Max(Math.Abs) is var error && error < 1e-9
                            ? null
                            : Invariant($"the largest difference is {error:G3}.")
                ),
            ]
        );

    /// <summary>5.5: networks of twenty hidden layers that train although every hidden bias starts at -0.5.</summary>
    public static Exercise<Func<int, Network>> TrainTheDead { get; } =
        new(
            "5.5",
            [
                "With ReLU whole layers are dead at this start. What does a dead unit need to come back?",
                "Choose the activation first, one whose slope below 0 is not tiny, then the variance that suits it. `normalization:` is another way, but not with ReLU: what did the lesson measure of its signal gradient?",
                "Take `circles = Datasets.Circles(100)` and look at `network.Signals(circles.Inputs, circles.Targets, circles.Loss)`: no layer may be all dead, and the signal gradient should keep its size.",
            ],
            [
                new(
                    "it has 2 inputs, twenty hidden layers of 16 units, and one output",
                    draw =>
                        draw!(1).Sizes.SequenceEqual(Sizes.Of(2, DeadWidth, DeadDepth, 1))
                            ? null
                            : $"yours has the layers {string.Join("-", draw!(1).Sizes)}."
                ),
                new(
                    "every hidden bias is -0.5",
                    draw =>
                        draw!(1).Layers.SkipLast(1).All(layer => layer.Biases.All(bias => bias == DeadBias))
                            ? null
                            : "one of yours is not."
                ),
                new(
                    "other seeds draw other weights",
                    draw =>
                        draw!(1).Layers[^2].Weights.Equals(draw(2).Layers[^2].Weights)
                            ? "seeds 1 and 2 draw the same."
                            : null
                ),
                new(
                    "seeds 1 to 3 reach an accuracy of 0.95 on the circles in 400 steps, at one learning rate of 0.01, 0.03, 0.1 and 0.3",
                    draw =>
                    {
                        double best = 0;
                        foreach (double rate in (double[])[0.01, 0.03, 0.1, 0.3])
                        {
                            best = Math.Max(best, Worst(draw!, rate));
                            if (best >= 0.95)
                                return null;
                        }
                        return Invariant($"at the best of them the worst seed reaches {best:G3}.");
                    }
                ),
            ]
        )
        {
            // Up to twelve trainings of twenty layers: seconds, and more on a machine that does other things as well.
            Limit = TimeSpan.FromSeconds(60),
        };

    /// <summary>The table of exercise 5.3: three layers of each of five networks of twenty hidden layers, before training.</summary>
    public static Table SickNetworks()
    {
        Dataset images = Datasets.Digits().Split(0.25, 1).Train;
        Dataset digits = Standardization.Of(images).Apply(images);
        return Table.Of(
            from patient in Patients
            let signals = patient.Draw().Signals(digits.Inputs, digits.Targets, digits.Loss)
            from layer in (int[])[1, 10, 20]
            let signal = signals[layer - 1]
            select new
            {
                Network = patient.Name,
                Activation = signal.Layer.Activation.Name,
                Layer = layer,
                MeanSquareOfZ = signal.SecondMomentOfPreActivations,
                FlatSlopes = signal.SaturatedFraction,
                DeadUnits = signal.DeadFraction,
                SignalGradient = signal.DeltaNorm,
                WeightGradient = signal.WeightGradientNorm,
            },
            "layers 1, 10 and 20 of twenty hidden layers, before training; the signal gradient is ‖δ‖, the weight gradient ‖∂J/∂W‖"
        );
    }

    private static double Variance(int unit) =>
        Batch.Row(unit).Subtract(Batch.Row(unit).Average()) is var left ? left * left / left.Count : double.NaN;

    /// <summary>What a batch-normalized layer with the weights 1 makes of <see cref="Batch"/>.</summary>
    private static Matrix<double> Normalized()
    {
        Layer layer = new(
            Matrix<double>.Build.DenseIdentity(Batch.RowCount),
            Vector<double>.Build.Dense(Batch.RowCount),
            Activation.Identity
        )
        {
            Normalization = Normalization.Batch,
        };
        return new Network([layer]).Signals(Batch, Batch, Loss.MeanSquaredError)[0].PreActivations;
    }

    private static double Worst(Func<int, Network> draw, double rate)
    {
        Dataset circles = Datasets.Circles(100);
        TrainingOptions options = new() { LearningRate = rate, Steps = 400 };
        return Enumerable
            .Range(1, 3)
            .Min(seed => circles.Accuracy(Trainer.Train(draw(seed), circles, options).Network));
    }

    private static Network Twenty(
        Activation activation,
        Initializer rule,
        Initializer? biases = null,
        Normalization normalization = Normalization.None
    ) => Network.Create(Sizes.Of(64, 64, 20, 10), activation, rule, 1, biases, normalization: normalization);

    private static string? Counts(
        Func<Matrix<double>, Vector<double>, int> answer,
        double[][] weights,
        double[] biases,
        int expected
    ) =>
        answer(Matrix<double>.Build.DenseOfRowArrays(weights), Vector<double>.Build.Dense(biases)) is var count
        && count == expected
            ? null
            : Invariant($"you count {count}.");
}
