using MathNet.Numerics.LinearAlgebra;
using static NotebookSupport.Answers;

namespace NotebookSupport;

/// <summary>The exercises of notebook 08.</summary>
public static class NoteExercises
{
    private static readonly (char Letter, string Purpose, string Code, bool IsWrong)[] Code =
    [
        ('A', "He, normal", "Initializer.Normal(Math.Sqrt(2.0 / fanIn))", false),
        ('B', "Glorot, normal", "Initializer.Normal(Math.Sqrt(2.0 / fanIn + fanOut))", true),
        ('C', "LeCun, uniform", "Initializer.Uniform(Math.Sqrt(1.0 / fanIn))", true),
        ('D', "He, normal", "Initializer.Normal(1).Sample(fanOut, fanIn, random) * Math.Sqrt(2 / fanIn)", true),
        ('E', "Glorot, uniform", "Initializer.Uniform(Math.Sqrt(6.0 / (fanIn + fanOut)))", false),
        ('F', "five networks", "seeds.Select(seed => Network.Create(sizes, phi, rule, 1))", true),
        ('G', "leaky ReLU, normal", "Initializer.Normal(Math.Sqrt(2.0 / (1 + a * a) / fanIn))", false),
        ('H', "a fair learning rate", "rates.MaxBy(rate => Median(reported[rate]))", true),
    ];

    /// <summary>8.1: how many of 40 rules win in all of five seeds by luck, and why?</summary>
    public static Exercise<(double Reported, char Reason)?> ByLuck { get; } =
        new(
            "8.1",
            [
                "Look at one rule first. With what probability does it win in the first seed, and in the first two?",
                "The five seeds are independent, so their probabilities multiply. It has to win, not just to differ.",
                "The mean of a count is the number of rules times the probability of each. It need not be a whole number.",
            ],
            [
                new(
                    "the letter is that of the reason",
                    answer => answer!.Value.Reason is 'b' ? null : ReasonOf(answer)
                ),
                new(
                    "only wins count",
                    answer =>
                        Near(answer!.Value.Reported, 2.5)
                            ? "2.5 counts the rules that lose in all five seeds as well."
                            : null
                ),
                new(
                    "the mean number is right",
                    answer => Near(answer!.Value.Reported, 40 / 32.0) ? null : Yours(answer.Value.Reported)
                ),
            ]
        );

    /// <summary>8.2: which of the lines A to H have a bug? See <see cref="Lines"/>.</summary>
    public static Exercise<string> BugHunt { get; } =
        new(
            "8.2",
            [
                "Five have one. For the rules, compute the variance of a weight for fanIn = 100 and fanOut = 50 by hand.",
                "In C#, what is 2 / 100? And what is the variance of a weight that is uniform between two limits?",
                "Two lines draw nothing wrong. Ask of each of their names and numbers whether it is the one that belongs there.",
            ],
            [
                new(
                    "the letters are from A to H",
                    found =>
                        found!.ToUpperInvariant().All(letter => Code.Any(line => line.Letter == letter))
                            ? null
                            : "one is not."
                ),
                new(
                    "no right line is accused",
                    found =>
                        Code.Where(line => !line.IsWrong && Accused(found!, line.Letter))
                            .Select(line => line.Letter)
                            .ToArray()
                            is { Length: > 0 } right
                            ? $"{string.Join(", ", right)} is right."
                            : null
                ),
                new(
                    "all five are found",
                    found =>
                        Code.Count(line => line.IsWrong && Accused(found!, line.Letter)) is var count && count == 5
                            ? null
                            : Invariant($"you have {count}.")
                ),
            ]
        );

    /// <summary>8.3: the factors on the learning rates of each layer in the mu parametrization, by the number of hidden layers and the ratio of widths.</summary>
    public static Exercise<Func<int, double, (double Weights, double Biases)[]>> RatesByWidth { get; } =
        new(
            "8.3",
            [
                "How large is δ of a hidden unit, in powers of the width? The weights above the last hidden layer go as 1/width.",
                "A step changes a weight by its factor times δ times an activation, and a bias by its factor times δ.",
                "A pre-activation of an inner layer adds up as many such changes as the layer below has units. Count the powers.",
            ],
            [
                new(
                    "there is a pair for each layer of weights, for 1 and for 3 hidden layers",
                    f =>
                        f(1, 4) is { Length: 2 } && f(3, 4) is { Length: 4 }
                            ? null
                            : Invariant($"of 3 hidden layers there are 4 layers; yours has {f(3, 4)?.Length ?? 0}.")
                ),
                new(
                    "at the same width nothing changes",
                    f =>
                        f(3, 1).All(rate => Near(rate.Weights, 1) && Near(rate.Biases, 1))
                            ? null
                            : "a ratio of 1 changes a rate."
                ),
                new("the first layer", f => Factors(f, layer: 0, weights: 4, biases: 4)),
                new("the last layer", f => Factors(f, layer: 3, weights: 0.25, biases: 1)),
                new(
                    "the layers between hidden layers",
                    f => Factors(f, layer: 1, weights: 1, biases: 4) ?? Factors(f, layer: 2, weights: 1, biases: 4)
                ),
            ]
        );

    /// <summary>8.4: a network as Flax would draw it.</summary>
    public static Exercise<Func<int, Network>> FromFlax { get; } =
        new(
            "8.4",
            [
                "Three Layer objects make a network: new Network([…]). Each has weights of units rows and inputs columns.",
                "Initializer.VarianceScaling takes what Flax's variance_scaling takes; FanMode and Distribution have the words.",
                "Draw all three matrices from one Random of the seed. A vector of equal numbers is Vector<double>.Build.Dense(10, x).",
            ],
            [
                new(
                    "the layers have 64, 48, 24 and 10 units",
                    draw =>
                        draw(1).Sizes.SequenceEqual([64, 48, 24, 10])
                            ? null
                            : $"yours have {string.Join(", ", draw(1).Sizes)}."
                ),
                new(
                    "the activations are tanh, ReLU and none",
                    draw =>
                        draw(1)
                            .Layers.Select(layer => layer.Activation)
                            .SequenceEqual([Activation.Tanh, Activation.ReLU, Activation.Identity])
                            ? null
                            : $"yours are {string.Join(", ", draw(1).Layers.Select(layer => layer.Activation))}."
                ),
                new(
                    "the seed decides",
                    draw =>
                        draw(1).Layers[0].Weights.Equals(draw(2).Layers[0].Weights)
                            ? "two seeds give the same first layer."
                            : null
                ),
                new("first layer: the variance", draw => VarianceIs(draw(1).Layers[0], 1.0 / 64)),
                new(
                    "first layer: the shape",
                    // Flax cuts at two standard deviations of the normal distribution, and divides by what that takes away.
                    draw =>
                        Largest(draw(1).Layers[0]) <= 2 * Math.Sqrt(1.0 / 64) / 0.87962566103423978
                            ? null
                            : Invariant($"the largest weight is {Largest(draw(1).Layers[0]):G3}; Flax's are cut.")
                ),
                new("second layer: the variance", draw => VarianceIs(draw(1).Layers[1], 2.0 / 24)),
                new(
                    "second layer: the shape",
                    // The largest of 1,152 uniform weights is almost surely within 1 % of the limit, and never beyond it.
                    draw =>
                        Largest(draw(1).Layers[1]) / Math.Sqrt(6.0 / 24) is > 0.99 and <= 1
                            ? null
                            : Invariant($"the largest weight is {Largest(draw(1).Layers[1]):G3}.")
                ),
                new("last layer: the variance", draw => VarianceIs(draw(1).Layers[2], 0.02 * 0.02)),
                new(
                    "the biases",
                    draw =>
                        draw(1).Layers.Take(2).All(layer => layer.Biases.AbsoluteMaximum() == 0)
                        && draw(1).Layers[2].Biases.All(bias => Near(bias, 0.1))
                            ? null
                            : "those of one layer are not what Flax sets."
                ),
            ]
        );

    /// <summary>8.5: a function that makes badly drawn networks learn, and may only multiply each weight matrix by a number.</summary>
    public static Exercise<Func<Network, Network>> Rescue { get; } =
        new(
            "8.5",
            [
                "What variance should the weights of a layer have, given its fan-in and its activation? What variance have they?",
                "The number for a layer is a quotient of two standard deviations, and each layer has its own.",
                "layer.Weights.Enumerate() lists the weights of a layer, and network.WithWeights(l, w) returns a changed copy.",
            ],
            [
                new(
                    "sizes, activations and biases stay",
                    rescue =>
                        Sick(1)
                            .All(sick =>
                                rescue(sick.Network) is var saved
                                && saved.Sizes.SequenceEqual(sick.Network.Sizes)
                                && saved
                                    .Layers.Zip(sick.Network.Layers)
                                    .All(pair =>
                                        pair.First.Activation == pair.Second.Activation
                                        && pair.First.Biases.Equals(pair.Second.Biases)
                                        && pair.First.Normalization == Normalization.None
                                    )
                            )
                            ? null
                            : "one changed."
                ),
                new(
                    "each weight matrix is a multiple of the one it was",
                    rescue =>
                        Sick(1)
                            .All(sick =>
                                rescue(sick.Network)
                                    .Layers.Zip(sick.Network.Layers)
                                    .All(pair => IsMultiple(pair.First.Weights, pair.Second.Weights))
                            )
                            ? null
                            : "one is not: you may multiply it by a number, and nothing else."
                ),
                new(
                    "after 200 steps of rate 0.1 all get more than 80 % of unseen digits right, seeds 1 to 3",
                    rescue =>
                    {
                        var runs = Sweep.Run(
                            Enumerable.Range(0, 3),
                            [1, 2, 3],
                            (i, seed) => Accuracy(rescue(Sick(seed)[i].Network), seed)
                        );
                        var lowest = runs.MinBy(run => run.Result)!;
                        return lowest.Result > 0.8
                            ? null
                            : Invariant(
                                $"from {Sick(1)[lowest.Configuration].Name}, seed {lowest.Seed}, it gets {lowest.Result:P0}."
                            );
                    }
                ),
            ]
        );

    /// <summary>The table of exercise 8.2.</summary>
    public static Table Lines() =>
        Table.Of(
            Code.Select(line => new
            {
                Line = line.Letter.ToString(),
                MeantFor = line.Purpose,
                line.Code,
            }),
            "fanIn and fanOut are integers; a is the slope of the leak; reported has the results on the digits for reporting"
        );

    private static string ReasonOf((double, char Reason)? answer) =>
        answer!.Value.Reason switch
        {
            'a' => "a rule need not be better to win all five: that is luck.",
            'c' => "a fifth would be the chance in one of five seeds.",
            _ => "expected a, b or c.",
        };

    private static bool Accused(string found, char letter) =>
        found.Contains(letter, StringComparison.OrdinalIgnoreCase);

    private static string? Factors(
        Func<int, double, (double Weights, double Biases)[]> rates,
        int layer,
        double weights,
        double biases
    )
    {
        (double, double) found = rates(3, 4)[layer];
        return Near(found.Item1, weights) && Near(found.Item2, biases)
            ? null
            : Invariant($"four times as wide, layer {layer + 1} of 4 has {found.Item1:G4} and {found.Item2:G4}.");
    }

    /// <summary>Null where the mean square of the weights is within five standard errors of a variance, for normal weights.</summary>
    private static string? VarianceIs(Layer layer, double variance)
    {
        double measured = layer.Weights.Enumerate().Average(weight => weight * weight);
        return Near(measured / variance, 1, 5 * Math.Sqrt(2.0 / (layer.FanIn * layer.FanOut)))
            ? null
            : Invariant($"yours is {measured:G3}.");
    }

    private static double Largest(Layer layer) => layer.Weights.Enumerate().Max(Math.Abs);

    /// <summary>
    /// Six hidden ReLU layers of 32 units from weights too small, too large, and both in turn; of seeds that nobody would try, since
    /// a normal network of the same seed is a multiple of them.
    /// </summary>
    private static (string Name, Network Network)[] Sick(int seed)
    {
        Network Drawn(Initializer rule) =>
            Network.Create(Sizes.Of(64, hidden: 32, depth: 6, outputs: 10), Activation.ReLU, rule, 1000 + seed);
        int layer = 0;
        var inTurn = Initializer.From(
            "in turn",
            (rows, columns, random) => Initializer.Normal(layer++ % 2 == 0 ? 0.001 : 10).Sample(rows, columns, random)
        );
        return
        [
            ("standard deviation 0.01", Drawn(Initializer.Normal(0.01))),
            ("variance 50/n", Drawn(Initializer.VarianceScaling(50))),
            ("layers of 0.001 and 10 in turn", Drawn(inTurn)),
        ];
    }

    private static bool IsMultiple(Matrix<double> saved, Matrix<double> sick)
    {
        double factor = saved.FrobeniusNorm() / sick.FrobeniusNorm();
        return double.IsFinite(factor) && (saved - factor * sick).FrobeniusNorm() <= 1e-9 * saved.FrobeniusNorm();
    }

    private static double Accuracy(Network network, int seed)
    {
        (Dataset train, Dataset test) = Datasets.Digits().Split(0.8, seed);
        Standardization scale = Standardization.Of(train);
        TrainingRun run = Trainer.Train(
            network,
            scale.Apply(train),
            new()
            {
                LearningRate = 0.1,
                Steps = 200,
                BatchSize = 32,
                Seed = seed,
            }
        );
        return run.DivergedAt is null ? scale.Apply(test).Accuracy(run.Network) : 0;
    }
}
