using MathNet.Numerics.LinearAlgebra;
using static NotebookSupport.Answers;

namespace NotebookSupport;

/// <summary>What is wrong with the scale of a network's weights.</summary>
public enum ScaleFault
{
    /// <summary>Nothing: the rule suits ReLU, forward.</summary>
    None,

    /// <summary>The fan-out stands where the fan-in should.</summary>
    WrongFan,

    /// <summary>The gain of ReLU is missing.</summary>
    NoGain,

    /// <summary>The standard deviation was taken for the variance.</summary>
    DeviationAsVariance,
}

/// <summary>The exercises of notebook 04.</summary>
public static class RuleExercises
{
    private const int Draws = 20_000;

    /// <summary>
    /// A mean square of normal numbers that went through one of the activations has a relative variance of at most 5 over the number of
    /// draws. Two of them, each of 100,000 draws, have a standard error of 0.5 % in the root of their product; five are allowed.
    /// </summary>
    private const double Sampled = 0.025;

    private static readonly int[] Widths = [150, 100, 200, 50, 150, 75, 1];

    /// <summary>Two to the slope above 0, minus one below: E[phi²] is 5/2 of the length.</summary>
    private static readonly Activation Bent = Activation.From("bent", z => z > 0 ? 2 * z : -z, z => z > 0 ? 2 : -1);

    private static readonly (string Name, ScaleFault Fault, Initializer Rule)[] Networks =
    [
        ("A", ScaleFault.NoGain, Initializer.LeCunNormal),
        ("B", ScaleFault.WrongFan, Initializer.VarianceScaling(2, FanMode.FanOut)),
        (
            "C",
            ScaleFault.DeviationAsVariance,
            Initializer.From(
                "sqrt(2 / n) as a variance",
                (fanOut, fanIn, random) =>
                    Initializer.Normal(Math.Sqrt(Math.Sqrt(2.0 / fanIn))).Sample(fanOut, fanIn, random)
            )
        ),
        ("D", ScaleFault.None, Initializer.HeNormal),
    ];

    private static readonly (string Name, Initializer Rule)[] Translated =
    [
        ("A", Initializer.VarianceScaling(2 / 1.04, FanMode.FanOut, Distribution.Uniform)),
        ("B", Initializer.VarianceScaling(25.0 / 9, FanMode.FanAverage)),
        ("C", Initializer.VarianceScaling(0.5, FanMode.FanAverage, Distribution.TruncatedNormal)),
    ];

    /// <summary>4.1: the factor of ten ReLU layers whose widths alternate between 400 and 100, by Glorot's rule.</summary>
    public static Exercise<double?> AlternatingWidths { get; } =
        new(
            "4.1",
            [
                "What is n Var(W) of a layer from 400 to 100 units by Glorot's rule, and what of one from 100 to 400?",
                "ReLU halves each of these factors. Multiply one wide and one narrow layer.",
                "From layer 1 to layer 11 there are ten layers: how many such pairs?",
            ],
            [
                new(
                    "the widths count",
                    factor => Ratio(factor, Math.Pow(0.5, 10)) ? "it is that of ten layers of equal width." : null
                ),
                new(
                    "ReLU counts",
                    factor => Ratio(factor, Math.Pow(0.64, 5)) ? "it is that of ten linear layers." : null
                ),
                new(
                    "it is of the mean square",
                    factor => Ratio(factor, Math.Pow(0.16, 2.5)) ? "it is the root of the factor." : null
                ),
                new(
                    "all ten layers count",
                    factor => Ratio(factor, 0.16) ? "it is that of one wide and one narrow layer." : null
                ),
                new("it is right to 1 %", factor => Ratio(factor, Math.Pow(0.16, 5)) ? null : Yours(factor!.Value)),
            ]
        );

    /// <summary>4.2: a sampler of normal weights cut at one standard deviation, with a given variance.</summary>
    public static Exercise<Func<double, Random, double>> NarrowCut { get; } =
        new(
            "4.2",
            [
                "Draw standard normal numbers until one lies between -1 and 1. What is the variance of those that are kept?",
                "Integrate by parts from -1 to 1, as the lesson does from -2 to 2, or let a million draws tell you.",
                "Multiply the kept number by a constant. Its square is the variance asked for over the variance of the kept numbers.",
            ],
            [
                new(
                    "it takes its numbers from the generator that it is given",
                    f =>
                        Sample(f, 1, 10).SequenceEqual(Sample(f, 1, 10))
                            ? null
                            : "the same seed gave different weights the second time."
                ),
                new(
                    "it is cut, not pressed to the edge",
                    f =>
                    {
                        double[] weights = Sample(f, 1);
                        double largest = weights.Max(Math.Abs);
                        int edge = weights.Count(weight => Math.Abs(weight) == largest);
                        return edge > 2
                            ? Invariant($"{edge / (double)Draws:P0} of the weights lie at the edge.")
                            : null;
                    }
                ),
                new(
                    "the cut lies at one standard deviation of the distribution before it",
                    f =>
                    {
                        double largest = Sample(f, 4).Max(Math.Abs);
                        double cut = 2 / Math.Sqrt(CutVariance);
                        return largest > cut * (1 + 1e-9)
                                ? Invariant($"a weight of {largest:G4} came up for the variance 4.")
                            : Near(largest, 2, 0.01) ? "cut like this, weights have less than the variance asked for."
                            : largest < 0.99 * cut
                                ? Invariant($"the largest of {Draws:N0} weights was {largest:G4} for the variance 4.")
                            : null;
                    }
                ),
                new(
                    "inside the cut it is normal",
                    f =>
                    {
                        // 56 % of the kept numbers lie within half of the cut; five standard errors are allowed.
                        double[] weights = Sample(f, 1);
                        double inner = weights.Count(weight => Math.Abs(weight) < 0.5 / Math.Sqrt(CutVariance));
                        return Near(inner / Draws, 0.38292 / 0.68269, 2.5 / Math.Sqrt(Draws))
                            ? null
                            : Invariant($"{inner / Draws:P0} of the weights lie within half of the cut.");
                    }
                ),
                new("its variance is the one asked for, for 1 and for 4", f => Varies(f, 1) ?? Varies(f, 4)),
            ]
        );

    /// <summary>4.3: the squared gain at which forward and backward factor multiply to 1, by sampling.</summary>
    public static Exercise<Func<Activation, double>> BothWishes { get; } =
        new(
            "4.3",
            [
                "Which two means does a layer need, one for the forward pass and one for the backward pass?",
                "At the scale s the factors are s² times each mean. Set their product to 1 and solve for s².",
                "Initializer.Normal(1).Sample(1000, 1000, random) holds a million numbers; average phi.Value(z)², then phi.Derivative(z)².",
            ],
            [
                new(
                    "it is the square of the gain",
                    f => Ratio(f(Activation.ReLU), Math.Sqrt(2), Sampled) ? "for ReLU yours is the gain itself." : null
                ),
                new("for ReLU both passes want the same", f => Wished(f, Activation.ReLU)),
                new(
                    "for tanh it is not what one pass alone asks for",
                    f =>
                        Ratio(f(Activation.Tanh), 1 / MeanField.NextLength(Activation.Tanh, 1, 1), Sampled)
                            ? "yours keeps the forward pass only."
                        : Ratio(f(Activation.Tanh), 1 / MeanField.Chi(Activation.Tanh, 1, 1), Sampled)
                            ? "yours keeps the backward pass only."
                        : null
                ),
                new("for tanh the product of both factors is 1", f => Wished(f, Activation.Tanh)),
                new("for GELU it is too", f => Wished(f, Activation.GELU)),
                new("and for an activation that you have not seen", f => Wished(f, Bent)),
            ]
        );

    /// <summary>4.4: three calls of PyTorch and Keras in the words of this library.</summary>
    public static Exercise<Initializer[]> FromPyTorch { get; } =
        new(
            "4.4",
            [
                "For each line: which fan divides, which number stands above it, and which distribution is drawn?",
                "A gain multiplies the standard deviation. VarianceScaling takes the variance times the fan.",
                "The slope a = 0.2 makes the gain of A; FanMode and Distribution are the second and third arguments.",
            ],
            [
                new(
                    "there is an initializer for each of A to C",
                    rules => rules!.Length == Translated.Length ? null : $"yours has {rules.Length}."
                ),
                .. Translated.SelectMany(
                    (line, i) =>
                        new Check<Initializer[]>[]
                        {
                            new(
                                $"{line.Name}: its variance",
                                rules => i < rules!.Length ? SameVariance(rules[i], line.Rule) : "it is missing."
                            ),
                            new(
                                $"{line.Name}: its distribution",
                                rules => i < rules!.Length ? SameShape(rules[i], line.Rule) : "it is missing."
                            ),
                        }
                ),
            ]
        );

    /// <summary>4.5: what is wrong with the rules of <see cref="FourRules"/>?</summary>
    public static Exercise<ScaleFault[]> Diagnosis { get; } =
        new(
            "4.5",
            [
                "One column stays near one value from the first hidden layer on: that network needs no cure.",
                "Divide each number of a column by the one above it. Which column halves in each layer, whatever the fans?",
                "Of the two that are left, compare the factor of a layer with its fan-in over its fan-out.",
            ],
            [
                new(
                    "there is an answer for each of A to D",
                    found => found!.Length == Networks.Length ? null : $"yours has {found.Length}."
                ),
                .. Networks.Select(
                    (network, i) =>
                        new Check<ScaleFault[]>(
                            $"network {network.Name}",
                            found =>
                                i < found!.Length && found[i] == network.Fault
                                    ? null
                                    : "its column of the table does not look like that."
                        )
                ),
            ]
        );

    /// <summary>4.6: a rule with which twenty layers of an activation without a rule of its own learn.</summary>
    public static Exercise<Initializer> OwnActivation { get; } =
        new(
            "4.6",
            [
                "What fraction of the mean square does the activation pass on? Treat numbers above and below 0 apart.",
                "Half of the numbers are multiplied by 2, half by -1. What do their squares average to?",
                "The scale of VarianceScaling is 1 over that average.",
            ],
            [
                new(
                    "signals keep their size within a factor of 10 over 20 layers, seeds 1 to 3",
                    rule => WithinFactor(10, seed => Forward(rule!, seed))
                ),
                new(
                    "three networks, from seeds 1 to 3, reach a loss of 0.1 within 500 steps",
                    rule =>
                    {
                        double[] losses = [.. new[] { 1, 2, 3 }.Select(seed => LastLoss(rule!, seed))];
                        return losses.All(loss => loss < 0.1)
                            ? null
                            : $"their losses are {string.Join(", ", losses.Select(loss => Invariant($"{loss:G4}")))}.";
                    }
                ),
            ]
        );

    /// <summary>The table of exercise 4.5: the mean of z² in each hidden layer of four ReLU networks, over five seeds.</summary>
    public static Table FourRules()
    {
        double[][] columns =
        [
            .. Networks.Select(network =>
                Enumerable
                    .Range(0, Widths.Length - 2)
                    .Select(l => Enumerable.Range(1, 5).Average(seed => Squares(network.Rule, seed)[l]))
                    .ToArray()
            ),
        ];
        return Table.Of(
            Enumerable
                .Range(0, Widths.Length - 2)
                .Select(l => new
                {
                    Layer = l + 1,
                    FanIn = Widths[l],
                    FanOut = Widths[l + 1],
                    A = columns[0][l],
                    B = columns[1][l],
                    C = columns[2][l],
                    D = columns[3][l],
                }),
            "mean of z² in the hidden layers of four ReLU networks; the inputs have a mean square of 1"
        );

        double[] Squares(Initializer rule, int seed) =>
            [
                .. Network
                    .Create(Widths, Activation.ReLU, rule, seed)
                    .Signals(Initializer.Normal(1).Sample(Widths[0], 64, new Random(seed + 1000)))
                    .Select(layer => layer.SecondMomentOfPreActivations),
            ];
    }

    /// <summary>What a standard normal number has left of its variance between -1 and 1: 1 - 2 phi(1) / (2 Phi(1) - 1).</summary>
    private static double CutVariance => 1 - 2 * 0.24197072451914337 / 0.6826894921370859;

    private static bool Ratio(double? answer, double expected, double tolerance = 0.01) =>
        answer is { } value && Near(value / expected, 1, tolerance);

    private static double[] Sample(Func<double, Random, double> sampler, double variance, int draws = Draws)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, draws).Select(_ => sampler(variance, random))];
    }

    /// <summary>A variance of draws whose kurtosis is 1.94 has the standard error sqrt(0.94 / draws) of itself; five are allowed.</summary>
    private static string? Varies(Func<double, Random, double> sampler, double variance)
    {
        double measured = Sample(sampler, variance).Average(weight => weight * weight);
        return Ratio(measured, variance, 5 * Math.Sqrt(0.94 / Draws))
            ? null
            : Invariant($"for the variance {variance} yours is {measured:G4}.");
    }

    private static string? Wished(Func<Activation, double> answer, Activation phi)
    {
        double expected = 1 / Math.Sqrt(MeanField.NextLength(phi, 1, 1) * MeanField.Chi(phi, 1, 1));
        return Ratio(answer(phi), expected, Sampled) ? null : Yours(answer(phi));
    }

    private static string? SameVariance(Initializer? answer, Initializer expected)
    {
        double variance = answer?.Variance(200, 300) ?? double.NaN;
        double right = expected.Variance(200, 300);
        return Ratio(variance, right, 1e-9) && Ratio(answer!.Variance(300, 200), expected.Variance(300, 200), 1e-9)
                ? null
            : Ratio(answer?.Variance(300, 200), right, 1e-9) ? "its fan is the other one."
            : Ratio(variance * variance, right * right * 9 / 25, 1e-9)
                ? "a gain multiplies the standard deviation, not the variance."
            : Invariant($"for fan-out 200 and fan-in 300 yours is {variance:G4}.");
    }

    /// <summary>
    /// Of 60,000 weights the largest is that of the limit to 0.1 % where there is one: sqrt(3) standard deviations of uniform
    /// weights, 2.274 of truncated ones. Without a limit one above three is certain but for e^-160.
    /// </summary>
    private static string? SameShape(Initializer? answer, Initializer expected)
    {
        double Largest(Initializer rule) =>
            rule.Sample(200, 300, new Random(1)).Enumerate().Max(Math.Abs) / Math.Sqrt(rule.Variance(200, 300));
        static string Shape(double largest) =>
            largest < 1.8 ? "uniform"
            : largest < 2.3 ? "truncated normal"
            : "normal";
        if (answer is null)
            return "it is missing.";
        return Shape(Largest(answer)) == Shape(Largest(expected)) ? null : $"yours is {Shape(Largest(answer))}.";
    }

    private static Network Deep(Initializer rule, int seed) => Network.Create(Sizes.Of(2, 32, 20, 1), Bent, rule, seed);

    private static double Forward(Initializer rule, int seed)
    {
        Matrix<double> inputs = Datasets.Moons(100).Inputs;
        IReadOnlyList<LayerSignal> signals = Deep(rule, seed).Signals(inputs);
        return signals[19].SecondMomentOfPreActivations / signals[0].SecondMomentOfPreActivations;
    }

    private static double LastLoss(Initializer rule, int seed) =>
        Trainer
            .Train(
                Deep(rule, seed),
                Datasets.Moons(100),
                new()
                {
                    LearningRate = 0.02,
                    Steps = 500,
                    StopBelow = 0.1,
                }
            )
            .Steps[^1]
            .Loss;
}
