using MathNet.Numerics.LinearAlgebra;
using static NotebookSupport.Answers;

namespace NotebookSupport;

/// <summary>What limits how deep a network at its start may be.</summary>
public enum DepthLimit
{
    /// <summary>Nothing at this depth.</summary>
    None,

    /// <summary>All inputs become one.</summary>
    Order,

    /// <summary>Neighbours part.</summary>
    Chaos,

    /// <summary>It has too few units per layer, so that one network is not like another.</summary>
    Narrow,
}

/// <summary>The exercises of notebook 07.</summary>
public static class ChaosExercises
{
    private const int Hidden = 100;
    private const double BiasScale = 0.3;

    private static readonly Activation Sine = Activation.From("sine", Math.Sin, Math.Cos);

    private static readonly (string Name, double Scale, int Width, DepthLimit Limit)[] Patients =
    [
        ("A", 2, 100, DepthLimit.Chaos),
        ("B", 1.4, 100, DepthLimit.None),
        ("C", 1.4, 20, DepthLimit.Narrow),
        ("D", 1, 100, DepthLimit.Order),
    ];

    /// <summary>7.1: after how many layers is a distance of 0.1 below 0.001 where chi is 0.8, and what is lost?</summary>
    public static Exercise<(int Layers, char Lost)?> HowFarTold { get; } =
        new(
            "7.1",
            [
                "What does one layer do to a small 1 - κ?",
                "So what is left of 0.1 after l layers? Set it equal to 0.001 and take logarithms.",
                "A number of layers is whole, and the distance has to be below 0.001. For the letter ask: what would a network need to answer two inputs differently?",
            ],
            [
                new("the distance starts at 0.1, not at 1", told => told!.Value.Layers == 31 ? "31 is from 1." : null),
                new(
                    "the factor of the distance is chi, not its root",
                    told => told!.Value.Layers is 41 or 42 ? "that is for the factor √0.8." : null
                ),
                new("it is enough layers", told => told!.Value.Layers >= 21 ? null : "the distance is still larger."),
                new("they are not more than needed", told => told!.Value.Layers <= 21 ? null : "fewer would do."),
                new("the letter is right", told => told!.Value.Lost == 'b' ? null : "that is not what κ measures."),
            ]
        );

    /// <summary>7.2: the correlation map by sampling, of any activation.</summary>
    public static Exercise<Func<Activation, double, double, double, double, Random, double>> MapBySampling { get; } =
        new(
            "7.2",
            [
                "Draw pairs of independent standard normal numbers ζ₁ and ζ₂ and make z and z̃ of each pair, as the lesson does.",
                "Average φ(z) φ(z̃) over the pairs. What does the next layer do to that mean?",
                "The weights multiply it by s², and the biases, which both inputs share, add something. What has the product to be divided by to be a correlation?",
            ],
            [
                new(
                    "equal inputs stay equal, where the length is at its fixed point",
                    f => Maps(f, Activation.Tanh, 1, 1.5, 0.3)
                ),
                new("unrelated inputs share the biases", f => Maps(f, Activation.Tanh, 0, 1.5, 0.8)),
                new("inputs between", f => Maps(f, Activation.Tanh, 0.6, 2.5, 0.3)),
                new("opposite inputs", f => Maps(f, Activation.Tanh, -0.8, 2, 0.3)),
                new("an activation that it has not seen", f => Maps(f, Sine, 0.5, 1.5, 0.3)),
                new(
                    "it samples",
                    f =>
                        f(Activation.Tanh, 0.5, 1, 2, 0.3, new(1)) == f(Activation.Tanh, 0.5, 1, 2, 0.3, new(2))
                            ? "two generators give the same number."
                            : null
                ),
            ]
        );

    /// <summary>7.3: a square orthogonal matrix.</summary>
    public static Exercise<Func<int, Random, Matrix<double>>> Orthogonal { get; } =
        new(
            "7.3",
            [
                "MathNet's QR() writes a matrix as Q R with an orthogonal Q and a triangular R. Which matrix should it be given, so that no direction is special?",
                "Draw many matrices of 3 rows and count how often Q[0, 0] is above 0. Half of them should be.",
                "Q R is also (Q D)(D R) for any diagonal matrix D of ones and minus ones: which of these is returned, the program decides. Choose D by a rule of your own that looks at R.",
            ],
            [
                new(
                    "it is square, of the size asked for",
                    f => f(7, new Random(1)) is { RowCount: 7, ColumnCount: 7 } ? null : "it is not."
                ),
                new(
                    "its columns have length 1 and are at right angles",
                    f =>
                    {
                        Matrix<double> q = f(7, new Random(1));
                        double off = (q.TransposeThisAndMultiply(q) - Matrix<double>.Build.DenseIdentity(7)).L2Norm();
                        return off < 1e-12 ? null : Invariant($"QᵀQ is off by {off:G3}.");
                    }
                ),
                new(
                    "it draws from the generator that it is given",
                    f => f(7, new Random(1)).Equals(f(7, new Random(2))) ? "two generators give one matrix." : null
                ),
                new(
                    "all orthogonal matrices are equally likely: both signs of the first entry occur equally often",
                    f =>
                    {
                        int positive = Enumerable.Range(0, 400).Count(seed => f(3, new Random(seed))[0, 0] > 0);
                        return Math.Abs(positive - 200) <= 50
                            ? null
                            : Invariant($"it is above 0 in {positive} of 400.");
                    }
                ),
            ]
        );

    /// <summary>7.4: what limits the depth of the networks of <see cref="FourNetworks"/>?</summary>
    public static Exercise<DepthLimit[]> Diagnosis { get; } =
        new(
            "7.4",
            [
                "Look first at the neighbours and the strangers: have they become one, have they met far below 1, or neither?",
                "Then look at the ten networks of one row: how far apart are the smallest and the largest ratio?",
                "The critical scale holds for the mean of many networks. What decides how far a single one strays from it?",
            ],
            [
                new(
                    "there is an answer for each of A to D",
                    found => found!.Length == Patients.Length ? null : Invariant($"yours has {found.Length}.")
                ),
                .. Patients.Select(
                    (patient, i) =>
                        new Check<DepthLimit[]>(
                            $"network {patient.Name}",
                            found =>
                                i < found!.Length && found[i] == patient.Limit
                                    ? null
                                    : "its row of the table does not look like that."
                        )
                ),
            ]
        );

    /// <summary>7.5: a network of a hundred layers that learns the circles.</summary>
    public static Exercise<Func<int, Network>> HundredLayers { get; } =
        new(
            "7.5",
            [
                "The lesson has two kinds of blocks that train at this depth, and one that diverges. What do the two have in common?",
                "Create a network of 101 hidden layers of one width, and change every second layer with `layer with { … }`.",
                "A layer that ends a block is linear, spans two layers and adds little or nothing at first. A layer has Activation, ResidualScale, ResidualSpan and Weights.",
            ],
            [
                new(
                    "it has at least 100 hidden layers of at least 2 units",
                    draw =>
                        draw(1).Sizes.Skip(1).SkipLast(1).Count(size => size >= 2) >= Hidden ? null : "it has fewer."
                ),
                new(
                    "at least half of its hidden layers are not linear",
                    draw =>
                        2 * draw(1).Layers.SkipLast(1).Count(layer => layer.Activation == Activation.Identity)
                        > draw(1).Layers.Count - 1
                            ? "more are."
                            : null
                ),
                new("its seed decides", draw => Same(draw(1), draw(2)) ? "seeds 1 and 2 give one network." : null),
                new(
                    "it learns the circles to a loss below 0.1 at one of the learning rates 0.01, 0.03, 0.1 and 0.3, seeds 1 to 3",
                    draw =>
                        Seeds.Select(seed => Best(draw(seed)).FinalLoss).FirstOrDefault(loss => !(loss < 0.1), 0)
                            is var loss
                                and not 0
                            ? Invariant($"one ends at {loss:G3}.")
                            : null
                ),
                new(
                    "its depth is what learns: without its branches the loss is above 0.3, seeds 1 to 3",
                    draw =>
                        Seeds
                            .Select(seed => Best(draw(seed)).Network)
                            .Where(network => network.Layers.Any(layer => layer.ResidualScale is not null))
                            .Select(LossWithoutBranches)
                            .FirstOrDefault(loss => loss <= 0.3, 1)
                            is var loss
                                and <= 0.3
                            ? Invariant($"without them one has {loss:G3}.")
                            : null
                ),
            ]
        );

    /// <summary>The table of exercise 7.4: four kinds of tanh networks of forty hidden layers, ten networks each, before training.</summary>
    public static Table FourNetworks() =>
        Table.Of(
            Patients.Select(patient =>
            {
                double[] neighbours = [.. Ten(seed => Correlation(patient.Scale, patient.Width, 0.99, seed))];
                double[] strangers = [.. Ten(seed => Correlation(patient.Scale, patient.Width, 0, seed))];
                double[] ratios =
                [
                    .. Ten(seed =>
                        Diagnostics.GradientRatio(Probe.Signals(Draw(patient.Scale, patient.Width, seed), seed, 1))
                    ),
                ];
                return new
                {
                    Network = patient.Name,
                    Neighbours = neighbours[5],
                    Strangers = strangers[5],
                    SmallestRatio = ratios[0],
                    MedianRatio = ratios[5],
                    LargestRatio = ratios[9],
                };
            }),
            "the correlation at layer 40 of neighbours, which start at 0.99, and of strangers, which start at 0, as medians; then the squared "
                + "signal gradient of layer 1 over that of layer 40"
        );

    private static IEnumerable<int> Seeds => [1, 2, 3];

    private static IOrderedEnumerable<double> Ten(Func<int, double> measure) =>
        Enumerable.Range(1, 10).Select(measure).Order();

    private static Network Draw(double scale, int width, int seed) =>
        Network.Create(
            Sizes.Of(width, width, 40, 1),
            Activation.Tanh,
            Initializer.VarianceScaling(scale * scale),
            seed,
            Initializer.Normal(BiasScale)
        );

    private static double Correlation(double scale, int width, double correlation, int seed)
    {
        double q = MeanField.LengthFixedPoint(Activation.Tanh, scale, BiasScale);
        Matrix<double> inputs = Initializer
            .Normal(Math.Sqrt(q - BiasScale * BiasScale) / scale)
            .Sample(width, 2, new Random(seed));
        inputs.SetColumn(
            1,
            correlation * inputs.Column(0) + Math.Sqrt(1 - correlation * correlation) * inputs.Column(1)
        );
        Matrix<double> z = Draw(scale, width, seed).Signals(inputs)[39].PreActivations;
        return z.Column(0).DotProduct(z.Column(1)) / (z.Column(0).L2Norm() * z.Column(1).L2Norm());
    }

    private static TrainingRun Best(Network network) =>
        new[] { 0.01, 0.03, 0.1, 0.3 }
            .Select(rate =>
                Trainer.Train(
                    network,
                    Datasets.Circles(100),
                    new()
                    {
                        LearningRate = rate,
                        Steps = 200,
                        BatchSize = 32,
                    }
                )
            )
            .MinBy(run => run.DivergedAt is null ? run.FinalLoss : double.PositiveInfinity)!;

    private static double LossWithoutBranches(Network network)
    {
        Dataset circles = Datasets.Circles(100);
        var muted = new Network([
            .. network.Layers.Select(layer => layer.ResidualScale is null ? layer : layer with { ResidualScale = 0 }),
        ]);
        return circles.Loss.Value(muted.Forward(circles.Inputs), circles.Targets);
    }

    /// <summary>
    /// Null where a function gives the correlation a layer later: φ(z) φ(z̃) lies between -1 and 1, so its standard deviation is at most 1,
    /// and four standard errors of 10,000 pairs are 0.04.
    /// </summary>
    private static string? Maps(
        Func<Activation, double, double, double, double, Random, double> map,
        Activation activation,
        double correlation,
        double s,
        double biasScale
    )
    {
        double q = MeanField.LengthFixedPoint(activation, s, biasScale);
        double expected = MeanField.NextCorrelation(activation, correlation, s, biasScale);
        double found = map(activation, correlation, q, s, biasScale, new Random(1));
        return Near(found, expected, 0.04 * s * s / q)
            ? null
            : Invariant(
                $"for {activation.Name}, κ = {correlation}, s = {s} and s_b = {biasScale} yours is {found:G3}, not about {expected:G3}."
            );
    }

    private static bool Same(Network first, Network second) => first.Layers[0].Weights.Equals(second.Layers[0].Weights);
}
