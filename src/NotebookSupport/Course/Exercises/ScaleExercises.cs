using static NotebookSupport.Answers;

namespace NotebookSupport;

/// <summary>Why the loss of a network stands still, or that it does not.</summary>
public enum Standstill
{
    /// <summary>It does not: the network learns.</summary>
    None,

    /// <summary>The weights are small, so that every product of them is smaller still.</summary>
    Plateau,

    /// <summary>The weights are large, so that most slopes of the hidden units are near 0.</summary>
    Saturation,

    /// <summary>The units of a layer are equal, so that the layer computes what one unit can.</summary>
    Symmetry,
}

/// <summary>The exercises of notebook 02.</summary>
public static class ScaleExercises
{
    private const int Draws = 10_000;

    private static readonly (string Name, Standstill Standstill, Initializer Rule)[] Networks =
    [
        ("A", Standstill.Saturation, Initializer.Uniform(30)),
        ("B", Standstill.None, Initializer.GlorotUniform),
        ("C", Standstill.Plateau, Initializer.Uniform(0.01)),
        ("D", Standstill.Symmetry, Initializer.Constant(0.5)),
    ];

    /// <summary>2.1: the steps of four hidden layers from half of ε, given those from ε.</summary>
    public static Exercise<double?> FourHiddenLayers { get; } =
        new(
            "2.1",
            [
                "How many other weights does the gradient of one weight contain when there are four hidden layers?",
                "So dw/dt = r w⁴. Which power of 1/ε does its solution have?",
                "The plateau grows by that power of 2. The 2,000 steps are the unit.",
            ],
            [
                new(
                    "it is not the law of two hidden layers",
                    steps => Near(steps!.Value, 4000, 200) ? "4,000 steps are twice as many, as 1/ε says." : null
                ),
                new(
                    "it is not the law of three hidden layers",
                    steps => Near(steps!.Value, 8000, 400) ? "8,000 steps are four times as many, as 1/ε² says." : null
                ),
                new(
                    "the power is not the number of hidden layers",
                    steps =>
                        Near(steps!.Value, 32_000, 1600)
                            ? "integrating w to the power -4 gives the power -3, and 32,000 is 2,000 times 2⁴."
                            : null
                ),
                new(
                    "it is within 5 % of what the law says",
                    steps => Near(steps!.Value, 16_000, 800) ? null : Yours(steps.Value)
                ),
            ]
        );

    /// <summary>2.2: a sampler of weights that take two values, with the variance of weights uniform on [-ε, ε].</summary>
    public static Exercise<Func<double, Random, double>> TwoValues { get; } =
        new(
            "2.2",
            [
                "A weight that is c or -c has the mean 0. What is its variance, the mean of its square?",
                "Set that variance equal to that of a weight uniform on [-ε, ε], and solve for c.",
                "For the sign, random.Next(2) is 0 or 1, with equal probability.",
            ],
            [
                new(
                    "it takes two values, c and -c",
                    f =>
                    {
                        double[] values = [.. Sample(f, 0.5).Distinct()];
                        return values.Length != 2 ? Invariant($"{values.Length:N0} different values came up.")
                            : values.Sum() != 0 ? Invariant($"they are {values[0]:G4} and {values[1]:G4}.")
                            : null;
                    }
                ),
                new(
                    "it takes its numbers from the generator that it is given",
                    f =>
                        Sample(f, 0.5).SequenceEqual(Sample(f, 0.5))
                            ? null
                            : "the same seed gave different weights the second time."
                ),
                new(
                    "both values are equally likely",
                    f =>
                    {
                        // The fraction has the standard error 0.5 / sqrt(draws); five are allowed.
                        double positive = Sample(f, 0.5).Count(weight => weight > 0) / (double)Draws;
                        return Near(positive, 0.5, 2.5 / Math.Sqrt(Draws))
                            ? null
                            : Invariant($"{positive:P0} of the weights were above 0.");
                    }
                ),
                new(
                    "the values are not -ε and ε",
                    f => Near(Largest(f, 0.5), 0.5) ? "their variance would be ε², not ε²/3." : null
                ),
                new(
                    "the variance is that of the uniform weights, for ε = 0.5 and ε = 3",
                    f =>
                        Near(Largest(f, 0.5), 0.5 / Math.Sqrt(3)) && Near(Largest(f, 3), Math.Sqrt(3))
                            ? null
                            : Invariant($"for ε = 0.5 yours is {Largest(f, 0.5) * Largest(f, 0.5):G4}.")
                ),
            ]
        );

    /// <summary>2.3: the size of weights from which three hidden layers wait a given number of steps.</summary>
    public static Exercise<Func<double, double, double>> SizeForAWait { get; } =
        new(
            "2.3",
            [
                "The table gives the time of the plateau for three hidden layers. Which letters are known here?",
                "Put in 1 for the size that ends the plateau, and bring everything but 1/ε² to the other side.",
                "At the end, take a root. Check: after 0 steps the weights have their final size, so ε is 1.",
            ],
            [
                new(
                    "no time at all needs weights of size 1",
                    f => Near(f(0.1, 0), 1) ? null : Invariant($"for 0 steps yours is {f(0.1, 0):G4}.")
                ),
                new(
                    "it is not the law of two hidden layers",
                    f => Near(f(0.1, 50), 1 / 6.0) ? "that solves the equation with w²." : null
                ),
                new(
                    "a plateau from there lasts as long as asked, for 50 and for 5,000 steps",
                    f => Lasts(f(0.1, 50), 0.1, 50) ?? Lasts(f(0.02, 5000), 0.02, 5000)
                ),
            ]
        );

    /// <summary>2.4: why do the networks of <see cref="StandingStill"/> not learn?</summary>
    public static Exercise<Standstill[]> Diagnosis { get; } =
        new(
            "2.4",
            [
                "One of the four learns: compare its loss at the start with the one after 300 steps.",
                "Small weights leave the slopes of the hidden units alone. Which network has flat ones?",
                "Two networks are left. Notebook 01 says what makes a difference of exactly 0.",
            ],
            [
                new(
                    "there is an answer for each of A to D",
                    found => found!.Length == Networks.Length ? null : $"yours has {found.Length}."
                ),
                .. Networks.Select(
                    (network, i) =>
                        new Check<Standstill[]>(
                            $"network {network.Name}",
                            found =>
                                i < found!.Length && found[i] == network.Standstill
                                    ? null
                                    : "its row of the table does not look like that."
                        )
                ),
            ]
        );

    /// <summary>2.5: an optimizer that does not wait, however small the weights.</summary>
    public static Exercise<Optimizer> WithoutWaiting { get; } =
        new(
            "2.5",
            [
                "Which of the three optimizers of the lesson takes steps whose length does not follow the gradient's?",
                "Even that one waits here. What do the steps divide by, and what is added to it? See the comment of Optimizer.Adam.",
                "The gradients at this start are far below 1e-8. The parameter that is added has to be smaller than they are.",
            ],
            [
                new(
                    "three networks, from seeds 1 to 3, reach a loss of 0.05 within 500 steps",
                    optimizer =>
                    {
                        double[] losses =
                        [
                            .. new[] { 1, 2, 3 }.Select(seed =>
                                Trainer
                                    .Train(
                                        Network.Create(
                                            [2, 8, 8, 8, 1],
                                            Activation.Tanh,
                                            Initializer.Uniform(1e-5),
                                            seed
                                        ),
                                        Datasets.Blobs(),
                                        new()
                                        {
                                            LearningRate = 0.01,
                                            Optimizer = optimizer!,
                                            Steps = 500,
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

    /// <summary>The table of exercise 2.4: four networks of three hidden layers on the circles, before and after 300 steps.</summary>
    public static Table StandingStill()
    {
        Dataset circles = Datasets.Circles();
        return Table.Of(
            Networks.Select(network =>
            {
                var start = Network.Create([2, 8, 8, 8, 1], Activation.Tanh, network.Rule, 1);
                TrainingRun run = Trainer.Train(start, circles, new() { LearningRate = 0.5, Steps = 300 });
                LayerSignal[] hidden = [.. start.Signals(circles.Inputs, circles.Targets, circles.Loss).SkipLast(1)];
                return new
                {
                    Network = network.Name,
                    LossAtStart = run.Losses[0],
                    LossAfterwards = run.FinalLoss,
                    FirstWeightGradient = hidden[0].WeightGradientNorm,
                    FlatSlopes = hidden.Average(layer => layer.SaturatedFraction),
                    DifferenceOfUnits = Diagnostics.UnitDifference(run.Network.Layers[0].Weights),
                };
            }),
            "first weight gradient: the norm of dJ/dW of the first layer at the start; flat slopes: the fraction of the hidden "
                + "units' slopes below 1 % of the largest, at the start; difference of units: in the first layer, after the steps"
        );
    }

    private static double[] Sample(Func<double, Random, double> sampler, double epsilon)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, Draws).Select(_ => sampler(epsilon, random))];
    }

    private static double Largest(Func<double, Random, double> sampler, double epsilon) =>
        Sample(sampler, epsilon).Max();

    private static string? Lasts(double epsilon, double rate, double steps)
    {
        if (!(epsilon is > 0 and <= 1))
            return Invariant($"yours is {epsilon:G4} for {steps:N0} steps; expected a size from 0 to 1.");
        double lasts = LinearNetworks.PlateauTime(3, epsilon, end: 1, rate);
        return Near(lasts, steps, 1e-9 * steps)
            ? null
            : Invariant($"from yours it lasts {lasts:G4} steps, not {steps:N0}.");
    }
}
