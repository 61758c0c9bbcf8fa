using MathNet.Numerics.LinearAlgebra;
using static NotebookSupport.Answers;

namespace NotebookSupport;

/// <summary>What may ail a deep network at its start.</summary>
public enum Ailment
{
    /// <summary>Nothing: signal and gradient keep their size.</summary>
    None,

    /// <summary>The gradient shrinks by a factor in each layer.</summary>
    Vanishing,

    /// <summary>The gradient grows by a factor in each layer.</summary>
    Exploding,

    /// <summary>Units answer 0 to every example.</summary>
    DeadUnits,

    /// <summary>Units answer from the flat ends of their activation.</summary>
    Saturation,
}

/// <summary>The exercises of notebook 05.</summary>
public static class DyingExercises
{
    private static readonly (string Name, Ailment Ailment, Func<int, Network> Draw)[] Patients =
    [
        ("A", Ailment.Exploding, seed => Ten(Activation.ReLU, Initializer.VarianceScaling(4), seed)),
        ("B", Ailment.DeadUnits, seed => Ten(Activation.ReLU, Initializer.HeNormal, seed, Initializer.Constant(-0.5))),
        ("C", Ailment.None, seed => Ten(Activation.ReLU, Initializer.HeNormal, seed)),
        (
            "D",
            Ailment.Saturation,
            seed => Ten(Activation.Sigmoid, Initializer.LeCunNormal, seed, Initializer.Constant(8))
        ),
        ("E", Ailment.Vanishing, seed => Ten(Activation.ReLU, Initializer.LeCunNormal, seed)),
    ];

    /// <summary>5.1: the first layer that float32 cannot hold where numbers double in each.</summary>
    public static Exercise<int?> DoublingOverflow { get; } =
        new(
            "5.1",
            ["The largest float32 is about 3.4e38. Which power of 2 is that?", "2^128 is the first one above it."],
            [
                new("the factor is 2, not 10", layer => layer == 39 ? "39 is for tenfold numbers." : null),
                new("it is float32, not float64", layer => layer == 1024 ? "1024 is for float64." : null),
                new(
                    "the layer is right",
                    layer =>
                        layer > 0
                        && float.IsInfinity((float)Math.Pow(2, layer.Value))
                        && float.IsFinite((float)Math.Pow(2, layer.Value - 1))
                            ? null
                            : "it is not."
                ),
            ]
        );

    /// <summary>5.2: the number of dead units of a layer of ReLUs, from its sums.</summary>
    public static Exercise<Func<Matrix<double>, int>> CountDead { get; } =
        new(
            "5.2",
            ["Each row of z belongs to one unit, each column to one example.", "Dead: no example makes z positive."],
            [
                new("a unit that one example reaches is alive", f => Seen(f, PreActivations([-1, 2, -3]), 0)),
                new("a unit that no example reaches is dead", f => Seen(f, PreActivations([-1, -2, -3]), 1)),
                new("units are counted, not numbers", f => Seen(f, PreActivations([-1, -2, -3], [1, -2, -3]), 1)),
                new("a sum of exactly 0 does not reach the unit", f => Seen(f, PreActivations([0, -2, 0]), 1)),
            ]
        );

    /// <summary>5.3: what ails the networks A to E?</summary>
    public static Exercise<Ailment[]> Diagnosis { get; } =
        new(
            "5.3",
            [
                "One network is healthy. Look for the one whose gradient neither shrinks nor grows.",
                "Saturated units have large sums and a flat slope; dead ones answer 0 to everything.",
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
                                i < found.Length && found[i] == patient.Ailment
                                    ? null
                                    : "its row of the table does not look like that."
                        )
                ),
            ]
        );

    /// <summary>5.4: a rule with which twenty sigmoid layers keep their gradient.</summary>
    public static Exercise<Initializer> DeepSigmoid { get; } =
        new(
            "5.4",
            [
                "Which weight scale s makes chi of the sigmoid 1? The chart of the notebook crosses the line there.",
                "VarianceScaling takes s². MeanField.CriticalScale may save some reading.",
            ],
            [
                new(
                    "from layer 20 to layer 1 the squared gradient changes by less than a factor of 12, seeds 1 to 3",
                    rule => WithinFactor(Kept, seed => BackThroughSigmoids(rule!, seed))
                ),
            ]
        );

    /// <summary>
    /// At the critical scale the logarithm of the squared gradient walks with a variance of about 5 / 256 per layer, so over
    /// 19 layers with a standard deviation of 0.61: four of them are a factor of 12.
    /// </summary>
    private const double Kept = 12;

    /// <summary>The table of exercise 5.3: some layers of five networks of ten hidden layers, before training.</summary>
    public static Table SickNetworks()
    {
        Dataset digits = Standardization.Of(Datasets.Digits()).Apply(Datasets.Digits());
        return Table.Of(
            Patients.Select(patient =>
            {
                IReadOnlyList<LayerSignal> signals = patient
                    .Draw(1)
                    .Signals(digits.Inputs, digits.Targets, digits.Loss);
                return new
                {
                    Network = patient.Name,
                    Activation = signals[0].Layer.Activation,
                    MeanSquareOfFirst = signals[0].SecondMomentOfPreActivations,
                    MeanSquareOfLast = signals[9].SecondMomentOfPreActivations,
                    GradientOfFirst = signals[0].DeltaNorm,
                    GradientOfLast = signals[9].DeltaNorm,
                    FlatInLast = signals[9].SaturatedFraction,
                    DeadInLast = signals[9].DeadFraction,
                };
            }),
            "the first and the last of ten hidden layers, before training; the mean square is that of z"
        );
    }

    private static Network Ten(Activation activation, Initializer rule, int seed, Initializer? biases = null) =>
        Network.Create(Sizes.Of(64, 64, 10, 10), activation, rule, seed, biases);

    private static double BackThroughSigmoids(Initializer rule, int seed) =>
        Diagnostics.GradientRatio(
            Probe.Signals(Network.Create(Sizes.Of(256, 256, 20, 1), Activation.Sigmoid, rule, seed), seed)
        );

    private static Matrix<double> PreActivations(params double[][] units) =>
        Matrix<double>.Build.DenseOfRowArrays(units);

    private static string? Seen(Func<Matrix<double>, int> answer, Matrix<double> sums, int expected) =>
        answer(sums) is var count && count == expected ? null : Invariant($"you count {count}.");
}
