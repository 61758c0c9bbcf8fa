using static NotebookSupport.Answers;

namespace NotebookSupport;

/// <summary>The exercises of notebook 02.</summary>
public static class ScaleExercises
{
    /// <summary>2.1: how many times longer is the plateau of three hidden layers from weights ten times smaller?</summary>
    public static Exercise<double?> TenTimesSmaller { get; } =
        new(
            "2.1",
            [
                "Which power of 1/ε belongs to three hidden layers?",
                "Read it off the chart: two decades up for one across.",
            ],
            [
                new(
                    "it is not the law of two hidden layers",
                    factor => factor == 10 ? "10 is the factor of 1/ε." : null
                ),
                new(
                    "the factor is within 20 % of the law's",
                    factor => factor is >= 80 and <= 120 ? null : "it is not."
                ),
            ]
        );

    /// <summary>2.2: Glorot's ε as a function of fan-in and fan-out.</summary>
    public static Exercise<Func<int, int, double>> GlorotLimit { get; } =
        new(
            "2.2",
            [
                "The variance that Glorot asks for is 2 / (fan-in + fan-out), that of a uniform weight ε²/3.",
                "Solve for ε, and mind that 6 / 425 is 0 in C#.",
            ],
            [
                new(
                    "it is above 0 for a layer from 400 to 25",
                    f => f(400, 25) > 0 ? null : "it is 0, as an integer division gives."
                ),
                new(
                    "both fans count",
                    f =>
                        f(400, 25) == f(400, 400) || f(400, 25) == f(25, 25) ? "one of them makes no difference." : null
                ),
                new(
                    "it is a limit, not a standard deviation",
                    f => Near(f(400, 25), Math.Sqrt(2.0 / 425)) ? "sqrt(2 / 425) is the standard deviation." : null
                ),
                new(
                    "it is 0.1188 for a layer from 400 to 25",
                    f => Near(f(400, 25), Math.Sqrt(6.0 / 425)) ? null : Yours(f(400, 25))
                ),
                new("it is right for a layer from 3 to 7", f => Near(f(3, 7), Math.Sqrt(0.6)) ? null : Yours(f(3, 7))),
            ]
        );

    /// <summary>2.3: the standard deviation of a normal rule with the variance of a uniform one.</summary>
    public static Exercise<Func<double, double>> EqualVariance { get; } =
        new(
            "2.3",
            ["The variance of a weight uniform on [-ε, ε] is the mean of w², an integral of w² / 2ε.", "It is ε²/3."],
            [
                new(
                    "it is a standard deviation, not a variance",
                    f => Near(f(0.5), 0.25 / 3) ? "ε²/3 is the variance." : null
                ),
                new(
                    "it is not ε itself",
                    f => Near(f(0.5), 0.5) ? "the weights of a normal rule would be larger." : null
                ),
                new(
                    "it is right for ε = 0.5 and ε = 3",
                    f => Near(f(0.5), 0.5 / Math.Sqrt(3)) && Near(f(3), Math.Sqrt(3)) ? null : Yours(f(0.5))
                ),
            ]
        );

    /// <summary>2.4: a rule for three hidden layers that leaves the plateau within 50 steps.</summary>
    public static Exercise<Initializer> SameWait { get; } =
        new(
            "2.4",
            [
                "The chart says how ε and the wait go together.",
                "Larger than 1/sqrt(width) is no longer small: which rule aims at that?",
            ],
            [
                new(
                    "three networks, from seeds 1 to 3, reach a loss of 0.55 within 50 steps",
                    rule =>
                    {
                        int[] steps =
                        [
                            .. new[] { 1, 2, 3 }.Select(seed =>
                                Trainer
                                    .Train(
                                        Network.Create([2, 8, 8, 8, 1], Activation.Tanh, rule, seed),
                                        Datasets.Blobs(),
                                        new()
                                        {
                                            LearningRate = 0.5,
                                            Steps = 500,
                                            StopBelow = 0.55,
                                        }
                                    )
                                    .Steps.Count
                            ),
                        ];
                        return steps.Max() <= 50 ? null : $"they need {string.Join(", ", steps)} of at most 500 steps.";
                    }
                ),
            ]
        );
}
