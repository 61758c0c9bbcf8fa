using MathNet.Numerics.LinearAlgebra;
using static NotebookSupport.Answers;

namespace NotebookSupport;

/// <summary>What keeps signals or gradients from passing through a deep network at its start, or that nothing does.</summary>
public enum DepthFault
{
    /// <summary>Nothing: both pass.</summary>
    None,

    /// <summary>The weights are too small, so that signals and signal gradients vanish.</summary>
    WeightsTooSmall,

    /// <summary>The weights are too large, so that signal gradients explode.</summary>
    WeightsTooLarge,

    /// <summary>The inputs are too large, so that the first layer is flat.</summary>
    InputsTooLarge,
}

/// <summary>The exercises of notebook 03.</summary>
public static class DepthExercises
{
    private static readonly (string Name, DepthFault Fault, double Scale, double Inputs)[] Starts =
    [
        ("A", DepthFault.WeightsTooLarge, 2.5, 1),
        ("B", DepthFault.InputsTooLarge, 1, 200),
        ("C", DepthFault.None, 1, 1),
        ("D", DepthFault.WeightsTooSmall, 0.7, 1),
    ];

    private static readonly Activation Absolute = Activation.From("absolute value", Math.Abs, z => z < 0 ? -1 : 1);

    private static readonly Activation Sine = Activation.From("sine", Math.Sin, Math.Cos);

    /// <summary>3.1: the weight gradients of the first and the last of 40 leaky ReLU layers with s² = 1.44, and the reason.</summary>
    public static Exercise<(double First, double Last, char Reason)?> EarlyAndLate { get; } =
        new(
            "3.1",
            [
                "The weight gradient is a column times a row. What has the column been through, and what the row?",
                "For layer 1 the row is the input and the column went through 39 layers. For layer 40 count again.",
                "Each layer multiplies a mean square by s² times a mean, in which half of the squared slopes are 1. Count the factors of both layers.",
            ],
            [
                new(
                    "the weight gradient is not the signal gradient",
                    found =>
                        Near(found!.Value.First, Left, 0.02 * Left) && Near(found.Value.Last, 1, 0.02)
                            ? "those are the signal gradients. What is the other factor in layer 40?"
                            : null
                ),
                new(
                    "the factor per layer is that of a mean square",
                    found =>
                        Near(found!.Value.First, Math.Sqrt(Left), 0.02 * Math.Sqrt(Left))
                            ? "yours is that of the root mean square."
                            : null
                ),
                new("layer 1 is right to 2 %", found => Within(found!.Value.First)),
                new("layer 40 is right to 2 %", found => Within(found!.Value.Last)),
                new(
                    "the reason fits both numbers",
                    found =>
                        char.ToLowerInvariant(found!.Value.Reason) switch
                        {
                            'b' => null,
                            'a' => "by that reason layer 40 would have a larger one.",
                            'c' => "by that reason nothing would shrink.",
                            char other => $"'{other}' is none of a, b and c.",
                        }
                ),
            ]
        );

    /// <summary>3.2: chi of any activation, at a length q and a scale s, by sampling.</summary>
    public static Exercise<Func<Activation, double, double, Random, double>> FactorBySampling { get; } =
        new(
            "3.2",
            [
                "chi is s² times a mean. Of what is it the mean, and over which random number?",
                "A standard normal number times the root of q has the mean square q.",
                "Square each slope before you take the mean, and remember what s does to a variance.",
            ],
            [
                new(
                    "it is the identity's s²",
                    f =>
                        Near(f(Activation.Identity, 2, 3, new(1)), 9)
                            ? null
                            : Yours(f(Activation.Identity, 2, 3, new(1)))
                ),
                new("it uses the slope, not the value", f => Chi(f, Activation.ReLU, 9, 1)),
                new("it uses the root of q", f => Chi(f, Activation.Tanh, 4, 1.5)),
                new("it squares before it takes the mean", f => Chi(f, Activation.LeakyReLU(0.5), 1, 1)),
                new("it is right for an activation that it has not seen", f => Chi(f, Sine, 0.5, 1.2)),
                new(
                    "it samples",
                    f =>
                        f(Activation.Tanh, 1, 1, new(1)) == f(Activation.Tanh, 1, 1, new(2))
                            ? "two different seeds give the same number, so it does not sample."
                            : null
                ),
            ]
        );

    /// <summary>3.3: the width at which half of the 40-layer He networks keep 80 % of a squared norm.</summary>
    public static Exercise<int?> WideEnough { get; } =
        new(
            "3.3",
            [
                "Half of the networks: that is the median. What is the median of a normal number?",
                "The median of the logarithm is its mean, minus 5 H / (2 n). Which logarithm belongs to 80 %?",
                "Solve 5 H / (2 n) = -ln 0.8 for n. A width is a whole number, and a narrower network keeps less.",
            ],
            [
                new("80 % is kept, not lost", n => n is >= 60 and <= 66 ? "that is the width that keeps 20 %." : null),
                new("it is wide enough", n => n >= 449 ? null : "the median network keeps less."),
                new("it is not wider than needed", n => n <= 449 ? null : "fewer units would do."),
            ]
        );

    /// <summary>3.4: what is wrong with the networks of <see cref="FourStarts"/>?</summary>
    public static Exercise<DepthFault[]> Diagnosis { get; } =
        new(
            "3.4",
            [
                "Which networks break the rule of health, and in which of the four columns?",
                "Compare the first layer's mean square with what inputs of mean square 1 and an s near 1 would give.",
                "With tanh, weights that are too large do not show in the mean square of the last layer, which settles. Look at the gradients.",
            ],
            [
                new(
                    "there is an answer for each of A to D",
                    found => found!.Length == Starts.Length ? null : Invariant($"yours has {found.Length}.")
                ),
                .. Starts.Select(
                    (start, i) =>
                        new Check<DepthFault[]>(
                            $"network {start.Name}",
                            found =>
                                i < found!.Length && found[i] == start.Fault
                                    ? null
                                    : "its row of the table does not look like that."
                        )
                ),
            ]
        );

    /// <summary>3.5: an initializer for twenty layers whose activation is the absolute value.</summary>
    public static Exercise<Initializer> AbsoluteValue { get; } =
        new(
            "3.5",
            [
                "What fraction of the mean square of z is left after |z|?",
                "So what are the factors of the forward and of the backward pass, in terms of s²?",
                "Initializer.VarianceScaling takes s². Choose it so that the factor is 1.",
            ],
            [
                new(
                    "three networks, from seeds 1 to 3, reach a loss of 0.05 within 300 steps",
                    rule =>
                    {
                        double[] losses =
                        [
                            .. new[] { 1, 2, 3 }.Select(seed =>
                                Trainer
                                    .Train(
                                        Network.Create(Sizes.Of(2, 32, 20, 1), Absolute, rule!, seed),
                                        Datasets.Blobs(),
                                        new()
                                        {
                                            LearningRate = 0.01,
                                            Steps = 300,
                                            StopBelow = 0.05,
                                        }
                                    )
                                    .Steps[^1]
                                    .Loss
                            ),
                        ];
                        return losses.All(loss => loss < 0.05)
                            ? null
                            : $"their losses are {string.Join(", ", losses.Select(loss => Invariant($"{loss:G4}")))}.";
                    }
                ),
            ]
        );

    /// <summary>The table of exercise 3.4: four tanh networks of thirty hidden layers, before training.</summary>
    public static Table FourStarts() =>
        Table.Of(
            Starts.Select(start =>
            {
                var network = Network.Create(
                    Sizes.Of(100, 100, 30, 1),
                    Activation.Tanh,
                    Initializer.VarianceScaling(start.Scale * start.Scale),
                    1
                );
                Matrix<double> inputs = start.Inputs * Initializer.Normal(1).Sample(100, 16, new Random(1001));
                IReadOnlyList<LayerSignal> signals = network.Signals(
                    inputs,
                    Matrix<double>.Build.Dense(1, 16, 1),
                    Loss.MeanSquaredError
                );
                return new
                {
                    Network = start.Name,
                    FirstLength = signals[0].SecondMomentOfPreActivations,
                    LastLength = signals[29].SecondMomentOfPreActivations,
                    SecondOverLastSignalGradient = Math.Pow(signals[1].DeltaNorm / signals[29].DeltaNorm, 2),
                    FirstOverSecondSignalGradient = Math.Pow(signals[0].DeltaNorm / signals[1].DeltaNorm, 2),
                };
            }),
            "lengths: the mean square of z in layers 1 and 30; then the squared signal gradient of layer 2 over that of layer 30, and of "
                + "layer 1 over that of layer 2"
        );

    /// <summary>(s² (1 + 1/4) / 2)^39.</summary>
    private static double Left => Math.Pow(0.9, 39);

    private static string? Within(double meanSquare) => Near(meanSquare, Left, 0.02 * Left) ? null : Yours(meanSquare);

    /// <summary>
    /// Null where a function gives chi: four standard errors of a thousand draws, whose squared slopes have a standard deviation of
    /// at most half their largest value, are 4 s² / (2 √1000) = 0.063 s².
    /// </summary>
    private static string? Chi(
        Func<Activation, double, double, Random, double> factor,
        Activation activation,
        double q,
        double s
    )
    {
        double expected = MeanField.Chi(activation, q, s);
        double found = factor(activation, q, s, new Random(1));
        return Near(found, expected, 0.063 * s * s)
            ? null
            : Invariant($"for {activation.Name}, q = {q} and s = {s} yours is {found:G3}, not about {expected:G3}.");
    }
}
