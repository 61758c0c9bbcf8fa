using MathNet.Numerics.LinearAlgebra;
using static NotebookSupport.Answers;

namespace NotebookSupport;

/// <summary>The exercises of notebook 04.</summary>
public static class RuleExercises
{
    /// <summary>
    /// The relative variance of a layer's factor is 3 (1 + a⁴) / 2 over its squared mean ((1 + a²) / 2)², less 1: 3.08 for
    /// a = 0.5. Over 20 layers of 200 units the logarithm has a standard deviation of 0.55, of which three, and the mean
    /// of -0.15, make a factor of 6. He's rule for ReLU makes one of 1.25^19 = 69.
    /// </summary>
    private const double Kept = 6;

    private static readonly int[] Tapered = [512, 256, 128, 64, 32, 16, 1];

    /// <summary>4.1: what is left of the squared signal after 30 ReLU layers with Glorot's variance?</summary>
    public static Exercise<double?> LeftByGlorot { get; } =
        new(
            "4.1",
            [
                "At equal widths Glorot's variance is 1/n. What does a ReLU layer then do to the mean square?",
                "It halves it, in each of 30 layers.",
            ],
            [
                new("every layer counts", part => part == 0.5 ? "that is one layer." : null),
                new(
                    "it is of the squared signal",
                    part => Math.Abs(part!.Value * Math.Pow(2, 15) - 1) <= 0.01 ? "that is its root." : null
                ),
                new(
                    "the part is right to 1 %",
                    part => Math.Abs(part!.Value * Math.Pow(2, 30) - 1) <= 0.01 ? null : "it is not."
                ),
            ]
        );

    /// <summary>4.2: the standard deviation of He's rule for a leaky ReLU.</summary>
    public static Exercise<Func<int, int, double, double>> LeakyDeviation { get; } =
        new(
            "4.2",
            [
                "What has n Var(W) E[φ²]/q to be, so that the length stays?",
                "E[φ²] is (1 + α²)/2 of q. Solve for the variance; then take the root.",
            ],
            [
                new(
                    "there is no integer division",
                    f => f(100, 50, 0) is 0 or double.NaN ? "a whole number was divided by a whole number." : null
                ),
                new(
                    "the fan-in decides, not the fan-out",
                    f => Near(f(100, 50, 0), f(100, 400, 0)) ? null : "yours changes with the fan-out at equal fan-in."
                ),
                new(
                    "it is a standard deviation, not a variance",
                    f => Near(f(100, 50, 0), 0.02) ? "that is the variance." : null
                ),
                new("at slope 0 it is He's", f => Near(f(100, 50, 0), Math.Sqrt(0.02)) ? null : Yours(f(100, 50, 0))),
                new("at slope 1 it is LeCun's", f => Near(f(100, 50, 1), 0.1) ? null : Yours(f(100, 50, 1))),
                new(
                    "in between it keeps the length",
                    f => Near(f(64, 8, 0.2), Math.Sqrt(2 / (64 * 1.04))) ? null : Yours(f(64, 8, 0.2))
                ),
            ]
        );

    /// <summary>4.3: the note's line for He, repaired.</summary>
    public static Exercise<Func<int, int, Random, Matrix<double>>> RepairedHe { get; } =
        new(
            "4.3",
            [
                "Which of the two sizes is the number of columns?",
                "Draw from the generator that you are given: a new one of a fixed seed makes every layer the same.",
                "2.0 / fanIn is a double; 2 / fanIn is 0.",
            ],
            [
                new(
                    "its shape is [fan-out x fan-in]",
                    f =>
                        Drawn(f) is var w && (w.RowCount, w.ColumnCount) == (300, 200)
                            ? null
                            : Invariant(
                                $"yours is [{Drawn(f).RowCount} x {Drawn(f).ColumnCount}] for fan-out 300, fan-in 200."
                            )
                ),
                new(
                    "it holds numbers",
                    f => Drawn(f).Enumerate().All(double.IsFinite) ? null : "there is a NaN or an infinity in it."
                ),
                new(
                    "it is not zero",
                    f => Drawn(f).Enumerate().Any(w => w != 0) ? null : "every weight is 0: an integer division?"
                ),
                new(
                    "it draws from the generator that it is given",
                    f => Drawn(f, 1).Equals(Drawn(f, 2)) ? "two generators give the same weights." : null
                ),
                new("its mean is 0 within five standard errors", f => Judged(f, MeanIsZero)),
                new("its variance is 2 / fan-in within five standard errors", f => Judged(f, VarianceIsHes)),
            ]
        );

    /// <summary>4.4: which rule was used? The signals of a network that grows thinner layer by layer.</summary>
    public static Exercise<Initializer> Diagnosis { get; } =
        new(
            "4.4",
            [
                "What is the factor from one layer to the next, and what would it be for a variance of 2 / fan-in?",
                "Each layer has half the units of the one before. Which fan makes the factor twice too large?",
            ],
            [
                new(
                    "it is not the rule that keeps the signal",
                    rule => Forward(rule!, 1) is > 0.9 and < 1.1 ? "with yours the line would be flat." : null
                ),
                new(
                    "it gives the factor of the chart in each layer",
                    rule =>
                        Enumerable.Range(0, 5).All(l => Near(Forward(rule!, l), Forward(Sick, l)))
                            ? null
                            : Yours(Forward(rule!, 1))
                ),
            ]
        );

    /// <summary>4.5: a rule for 20 layers of leaky ReLUs with slope 0.5.</summary>
    public static Exercise<Initializer> StrongLeak { get; } =
        new(
            "4.5",
            [
                "The leak makes each layer stronger than a ReLU layer. By which factor?",
                "VarianceScaling takes the 2 / (1 + α²) as its scale.",
            ],
            [
                new(
                    "signals keep their size within a factor of 6 over 20 layers, seeds 1 to 3",
                    rule => WithinFactor(Kept, seed => Strength(rule!, seed).Forward)
                ),
                new(
                    "gradients keep theirs within a factor of 6, seeds 1 to 3",
                    rule => WithinFactor(Kept, seed => Strength(rule!, seed).Back)
                ),
            ]
        );

    private static Initializer Sick => Initializer.VarianceScaling(2, FanMode.FanOut);

    /// <summary>The chart of exercise 4.4: mean of z² in the layers of a tapering ReLU network, five seeds.</summary>
    public static Figure SickNetwork()
    {
        Series[] series =
        [
            .. Enumerable
                .Range(1, 5)
                .Select(seed =>
                {
                    Matrix<double> inputs = Initializer.Normal(1).Sample(Tapered[0], 64, new Random(seed));
                    double[] lengths =
                    [
                        .. Network
                            .Create(Tapered, Activation.ReLU, Sick, seed)
                            .Signals(inputs)
                            .Take(5)
                            .Select(layer => layer.SecondMomentOfPreActivations),
                    ];
                    return Series.Measured("one network", [1, 2, 3, 4, 5], lengths);
                }),
        ];
        return Charts.Curves(
            "A ReLU network of widths 512, 256, 128, 64, 32, 16",
            "layer",
            "mean of z²",
            series,
            logY: true
        );
    }

    /// <summary>The factor of the second moment in layer l + 1 of the tapered network.</summary>
    private static double Forward(Initializer rule, int l) =>
        rule.Variance(Tapered[l + 1], Tapered[l]) * Tapered[l] / 2;

    private static (double Forward, double Back) Strength(Initializer rule, int seed)
    {
        Network network = Network.Create(Sizes.Of(200, 200, 20, 1), Activation.LeakyReLU(0.5), rule, seed);
        Matrix<double> inputs = Initializer.Normal(1).Sample(200, 32, new Random(seed + 1000));
        IReadOnlyList<LayerSignal> signals = network.Signals(
            inputs,
            Matrix<double>.Build.Dense(1, 32, 1),
            Loss.MeanSquaredError
        );
        return (
            signals[19].SecondMomentOfPreActivations / signals[0].SecondMomentOfPreActivations,
            Diagnostics.GradientRatio(signals)
        );
    }

    private static Matrix<double> Drawn(Func<int, int, Random, Matrix<double>> answer, int seed = 1) =>
        answer(300, 200, new Random(seed))
        ?? throw new InvalidOperationException("it returned null; expected a matrix.");

    private static string? Judged(Func<int, int, Random, Matrix<double>> answer, Func<Matrix<double>, string?> judge) =>
        judge(Drawn(answer));

    private static string? MeanIsZero(Matrix<double> weights)
    {
        int count = weights.RowCount * weights.ColumnCount;
        double mean = weights.Enumerate().Average();
        double deviation = Math.Sqrt(weights.Enumerate().Average(w => w * w) / count);
        return Math.Abs(mean) <= 5 * deviation ? null : Yours(mean);
    }

    private static string? VarianceIsHes(Matrix<double> weights)
    {
        int count = weights.RowCount * weights.ColumnCount;
        double variance = weights.Enumerate().Average(w => w * w);
        return Math.Abs(variance / 0.01 - 1) <= 5 * Math.Sqrt(2.0 / count) ? null : Yours(variance);
    }
}
