using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using static NotebookSupport.Answers;

namespace NotebookSupport;

/// <summary>The exercises of notebook 06.</summary>
public static class ClippingExercises
{
    /// <summary>6.1: the first entry of (3, 4) clipped by norm to 1.</summary>
    public static Exercise<double?> FirstOfThreeFour { get; } =
        new(
            "6.1",
            ["What is the norm of (3, 4)?", "Every entry is multiplied by the same factor, threshold / norm."],
            [
                new(
                    "it is clipped by norm, not by value",
                    x => x == 1 ? "that is what clipping by value gives." : null
                ),
                new(
                    "it is divided by the norm, not by its square",
                    x => x is { } y && Near(y, 0.12) ? "3 / 25 divides by the square." : null
                ),
                new("the entry is right", x => Near(x!.Value, 0.6) ? null : "it is not."),
            ]
        );

    /// <summary>6.2: clipping by norm, written by hand.</summary>
    public static Exercise<Func<double[], double, double[]>> ByNorm { get; } =
        new(
            "6.2",
            [
                "The norm is the root of the sum of squares. When is anything to be done?",
                "Where the norm exceeds the threshold, every entry times threshold / norm; else the same entries.",
            ],
            [
                new("a long gradient ends at the threshold", f => Length(f([3, 4], 1), 1)),
                new(
                    "a short one is left alone",
                    f => Same(f([0.3, 0.4], 1), [0.3, 0.4]) ? null : "yours changes (0.3, 0.4) at threshold 1."
                ),
                new(
                    "the norm is that of all entries, not the largest of them",
                    f => Same(f([3, 3, 3, 3], 4), [2, 2, 2, 2]) ? null : "yours misses that (3, 3, 3, 3) has norm 6."
                ),
                new(
                    "the direction stays",
                    f =>
                    {
                        double[] clipped = f([1, 10], 2);
                        return Near(clipped[1] / clipped[0], 10) ? null : "yours turns (1, 10).";
                    }
                ),
                new("a gradient of 0 stays 0", f => Same(f([0, 0], 1), [0, 0]) ? null : "yours is not 0."),
                new(
                    "what is given is not changed",
                    f =>
                    {
                        double[] given = [3, 4];
                        f(given, 1);
                        return Same(given, [3, 4]) ? null : "yours writes into it.";
                    }
                ),
            ]
        );

    /// <summary>6.3: which rules were used? See <see cref="ClippedThreeWays"/>.</summary>
    public static Exercise<GradientClipping[]> Diagnosis { get; } =
        new(
            "6.3",
            [
                "Which rule gives entries of one size? Which keeps the ratio of all entries?",
                "By tensor norm every matrix and every bias vector is clipped on its own.",
            ],
            [
                new("there are three rules", rules => rules!.Length == 3 ? null : $"yours has {rules.Length}."),
                .. Enumerable
                    .Range(0, 3)
                    .Select(i => new Check<GradientClipping[]>(
                        $"the rule of column {"ABC"[i]} gives its numbers",
                        rules =>
                            i < rules!.Length && Same([.. Entries(rules[i])], [.. Entries(Used[i])])
                                ? null
                                : "yours gives others."
                    )),
            ]
        );

    /// <summary>6.4: a rule that makes twenty He layers learn at a learning rate of 0.3.</summary>
    public static Exercise<GradientClipping> SaveTheRun { get; } =
        new(
            "6.4",
            ["Which rule keeps the direction?", "Read a threshold off the sweep: in the middle of what works."],
            [
                new(
                    "the loss falls below 0.3 within 300 steps, seeds 1 to 3",
                    rule =>
                    {
                        double[] losses =
                        [
                            .. Sweep
                                .Run([0], [1, 2, 3], (_, seed) => Trained(rule!, seed))
                                .Select(trial => trial.Result),
                        ];
                        return losses.All(loss => loss < 0.3)
                            ? null
                            : Invariant(
                                $"the losses are {string.Join(", ", losses.Select(l => l.ToString("G3", CultureInfo.InvariantCulture)))}."
                            );
                    }
                ),
            ]
        );

    private static GradientClipping[] Used =>
        [GradientClipping.ByGlobalNorm(1), GradientClipping.ByValue(1), GradientClipping.ByTensorNorm(1)];

    private static Gradients Raw { get; } =
        new(
            0,
            [
                new LayerGradient(
                    Matrix<double>.Build.DenseOfArray(
                        new[,]
                        {
                            { 3.0, -4 },
                        }
                    ),
                    Vector<double>.Build.Dense([0.5])
                ),
                new LayerGradient(
                    Matrix<double>.Build.DenseOfArray(
                        new[,]
                        {
                            { 0.2 },
                        }
                    ),
                    Vector<double>.Build.Dense([-12.0])
                ),
            ]
        );

    /// <summary>The table of exercise 6.3: a gradient, and what three rules of threshold 1 make of it.</summary>
    public static Table ClippedThreeWays()
    {
        double[][] columns =
        [
            [.. Entries(GradientClipping.None)],
            .. Used.Select(rule => Entries(rule).ToArray()),
        ];
        string[] names = ["W1[1, 1]", "W1[1, 2]", "b1[1]", "W2[1, 1]", "b2[1]"];
        return Table.Of(
            names.Select(
                (name, i) =>
                    new
                    {
                        Entry = name,
                        Before = columns[0][i],
                        A = columns[1][i],
                        B = columns[2][i],
                        C = columns[3][i],
                    }
            ),
            "threshold 1"
        );
    }

    private static IEnumerable<double> Entries(GradientClipping rule) =>
        rule.Clip(Raw).Gradients.Layers.SelectMany(layer => layer.Weights.Enumerate().Concat(layer.Biases));

    private static double Trained(GradientClipping rule, int seed) =>
        Trainer
            .Train(
                Network.Create(Sizes.Of(2, 32, 20, 1), Activation.ReLU, Initializer.HeNormal, seed),
                Datasets.Moons(),
                new()
                {
                    LearningRate = 0.3,
                    Steps = 300,
                    Clipping = rule,
                }
            )
            .FinalLoss;

    private static string? Length(double[] clipped, double expected)
    {
        double norm = Math.Sqrt(clipped.Sum(x => x * x));
        return Near(norm, expected) ? null : Invariant($"yours has norm {norm:G6}.");
    }

    private static bool Same(double[] first, double[] second) =>
        first.Length == second.Length && first.Zip(second).All(pair => Near(pair.First, pair.Second));
}
