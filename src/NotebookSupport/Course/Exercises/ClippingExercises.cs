using System.Globalization;
using static NotebookSupport.Answers;

namespace NotebookSupport;

/// <summary>What is wrong with a clipped training, or that nothing is.</summary>
public enum ClippingFault
{
    /// <summary>Nothing: the network learns.</summary>
    None,

    /// <summary>The threshold is so low that every step is as short as it allows.</summary>
    TooLow,

    /// <summary>The threshold is so high that hardly any step is clipped, while some are too long.</summary>
    TooHigh,

    /// <summary>The gradient is too short from the start, so that nothing is there to be clipped.</summary>
    Vanishing,
}

/// <summary>The exercises of notebook 06.</summary>
public static class ClippingExercises
{
    /// <summary>The layers to which <see cref="ByWeight"/> is put, each with a weight and a bias.</summary>
    private static readonly (double W, double B, int Layers)[] Units = [(3, -1.2, 1), (3, -1.2, 2), (4.7, -2.4, 50)];

    private static readonly (string Name, ClippingFault Fault, double Scale, double Threshold)[] Trainings =
    [
        ("A", ClippingFault.TooHigh, 2, 10),
        ("B", ClippingFault.TooLow, 2, 0.01),
        ("C", ClippingFault.Vanishing, 1, 1),
        ("D", ClippingFault.None, 2, 0.3),
    ];

    /// <summary>6.1: where the wall of a unit stands that starts from 0.</summary>
    public static Exercise<double?> OtherWall { get; } =
        new(
            "6.1",
            [
                "At the wall the start is a fixed point. Write that down for the start 0.",
                "z = w φ(z) + b with z = 0: what is the sigmoid of 0?",
                "Put in w = 6 and solve for b.",
            ],
            [
                new(
                    "it is not the wall of the start 0.5",
                    b => Near(b!.Value, 0.5 - 6 * Activation.Sigmoid.Value(0.5), 0.005) ? Yours(b.Value) : null
                ),
                new("the bias moves z back by what the weight moves it on", b => b == 3 ? "the sign is wrong." : null),
                new("the start 0 is a fixed point there", b => Near(b!.Value, -3) ? null : Yours(b.Value)),
            ]
        );

    /// <summary>6.2: backpropagation through time for one unit, written by hand.</summary>
    public static Exercise<Func<double, double, int, double>> ByWeight { get; } =
        new(
            "6.2",
            [
                "Go forward first, and keep every z: z[0] = 0.5, and the activation before layer l is the sigmoid of z[l - 1].",
                "At the end, δ is the derivative of (a - 0.7)² by z: 2 (a - 0.7) times the slope of the sigmoid there.",
                "Go back from the last layer: add δ times the activation that the layer received, then multiply δ by its factor per layer.",
            ],
            [
                new("one layer has one term", f => Derivative(f, Units[0])),
                new(
                    "it is not the term of the first or the last layer alone",
                    f =>
                        Near(f(Units[1].W, Units[1].B, 2), Term(Units[1], 1))
                        || Near(f(Units[1].W, Units[1].B, 2), Term(Units[1], 2))
                            ? "yours is one term of two."
                            : null
                ),
                new("two layers have two terms", f => Derivative(f, Units[1])),
                new("fifty layers, on a steep place", f => Derivative(f, Units[2])),
            ]
        );

    /// <summary>6.3: adaptive clipping of one unit, written by hand.</summary>
    public static Exercise<Func<double[], double[], double, double[]>> Adaptive { get; } =
        new(
            "6.3",
            [
                "What is the largest norm that the gradient may have? It depends on the weights, not on the gradient.",
                "It is the fraction times the norm of the weights, or times 10⁻³ where that norm is smaller.",
                "What remains is clipping by norm with that number as the threshold. A gradient of 0 must not be divided by.",
            ],
            [
                new(
                    "a long gradient ends at the fraction of the weights' norm",
                    f =>
                        Same(f([3, 4], [6, 8], 0.1), [0.3, 0.4])
                            ? null
                            : "yours gives others for (3, 4), (6, 8) and 0.1."
                ),
                new(
                    "a short one is left alone",
                    f => Same(f([3, 4], [0.03, 0.04], 0.1), [0.03, 0.04]) ? null : "yours changes (0.03, 0.04)."
                ),
                new(
                    "weights of 0 count as having the norm 10⁻³",
                    f =>
                        Same(f([0, 0], [3, 4], 0.1), [6e-5, 8e-5])
                            ? null
                            : "yours gives others for weights of 0, the gradient (3, 4) and the fraction 0.1."
                ),
                new("a gradient of 0 stays 0", f => Same(f([3, 4], [0, 0], 0.1), [0, 0]) ? null : "yours is not 0."),
                new(
                    "what is given is not changed",
                    f =>
                    {
                        double[] given = [6, 8];
                        f([3, 4], given, 0.1);
                        return Same(given, [6, 8]) ? null : "yours writes into it.";
                    }
                ),
            ]
        );

    /// <summary>6.4: how far clipping by value turns a normal gradient of which every entry is cut.</summary>
    public static Exercise<double?> CosineOfSigns { get; } =
        new(
            "6.4",
            [
                "After the cut every entry is the threshold or its negative. The length of a vector does not matter for an angle.",
                "Write the cosine as a sum over products, divided by two norms. Which mean is the sum, per entry?",
                "It is the mean of |g| over the root of the mean of g². Sample a few ten thousand normal numbers, or integrate.",
            ],
            [
                new("it is a cosine", c => c is >= -1 and <= 1 ? null : Yours(c!.Value)),
                new(
                    "the mean of |g| is not the mean of g²",
                    c => Near(c!.Value, 1, 0.001) ? "at 1 the direction would stay." : null
                ),
                new("the root has been taken", c => Near(c!.Value, 2 / Math.PI, 0.005) ? "yours is its square." : null),
                new("it is right to 0.01", c => Near(c!.Value, Math.Sqrt(2 / Math.PI), 0.01) ? null : Yours(c.Value)),
            ]
        );

    /// <summary>6.5: what is wrong with the trainings of <see cref="FourTrainings"/>?</summary>
    public static Exercise<ClippingFault[]> Diagnosis { get; } =
        new(
            "6.5",
            [
                "One of the four learns. Which?",
                "Look at the fraction of clipped steps: all of them, or hardly any?",
                "Two trainings are hardly ever clipped. Compare their first norms, and how far their losses have come.",
            ],
            [
                new(
                    "there is an answer for each of A to D",
                    found => found!.Length == Trainings.Length ? null : $"yours has {found.Length}."
                ),
                .. Trainings.Select(
                    (training, i) =>
                        new Check<ClippingFault[]>(
                            $"training {training.Name}",
                            found =>
                                i < found!.Length && found[i] == training.Fault
                                    ? null
                                    : "its row of the table does not look like that."
                        )
                ),
            ]
        );

    /// <summary>6.6: a clipping with which a recurrent network learns at thirty times its best rate.</summary>
    public static Exercise<GradientClipping> BoldSteps { get; } =
        new(
            "6.6",
            [
                "How long is a step when every gradient is clipped by global norm?",
                "It is the learning rate times the threshold. With the threshold 1, the rates 0.1 and 0.3 did well.",
                "Which threshold gives steps at the rate 3 that are as long as the shorter of those?",
            ],
            [
                new(
                    "the median of the last 50 losses is below 0.09, seeds 1 to 3",
                    clipping =>
                    {
                        double[] losses =
                        [
                            .. Sweep
                                .Run([0], [1, 2, 3], (_, seed) => LossAtRateThree(clipping!, seed))
                                .Select(trial => trial.Result),
                        ];
                        return losses.All(loss => loss < 0.09)
                            ? null
                            : Invariant(
                                $"the losses are {string.Join(", ", losses.Select(l => l.ToString("G3", CultureInfo.InvariantCulture)))}."
                            );
                    }
                ),
            ]
        );

    /// <summary>
    /// The table of exercise 6.5: trainings of 20 hidden layers on the moons, clipped by global norm, and what was measured.
    /// </summary>
    public static Table FourTrainings()
    {
        Dataset moons = Datasets.Moons(50);
        return Table.Of(
            Trainings.Select(training =>
            {
                TrainingRun run = Trainer.Train(
                    Network.Create(
                        Sizes.Of(2, 16, 20, 1),
                        Activation.ReLU,
                        Initializer.VarianceScaling(training.Scale),
                        1
                    ),
                    moons,
                    new()
                    {
                        LearningRate = 0.3,
                        Steps = 300,
                        Clipping = GradientClipping.ByGlobalNorm(training.Threshold),
                    }
                );
                return new
                {
                    Training = training.Name,
                    training.Threshold,
                    FirstNorm = run.Steps[0].GradientNorm,
                    LargestNorm = run.Steps.Max(step => step.GradientNorm),
                    FractionClipped = run.Steps.Average(step => step.GradientNorm > training.Threshold ? 1.0 : 0),
                    LossAtStart = run.Losses[0],
                    LossAfterwards = run.Steps.TakeLast(50).Select(step => step.Loss).Order().ElementAt(25),
                };
            }),
            "learning rate 0.3, 300 steps; loss afterwards: the median of the last 50 steps"
        );
    }

    private static double LossAtRateThree(GradientClipping clipping, int seed)
    {
        RecurrentRun run = RecurrentTrainer.Train(
            RecurrentNetwork.Create(2, 16, 1, 1, seed),
            Datasets.Adding(),
            3,
            600,
            clipping
        );
        return run.DivergedAt is not null
            ? double.PositiveInfinity
            : run.Steps.TakeLast(50).Select(step => step.Loss).Order().ElementAt(25);
    }

    private static string? Derivative(Func<double, double, int, double> f, (double W, double B, int Layers) unit)
    {
        double right = RecurrentUnit.Cliff(unit.W, unit.B, unit.Layers).ByX;
        double found = f(unit.W, unit.B, unit.Layers);
        return Near(found, right, 1e-9 * Math.Abs(right))
            ? null
            : Invariant(
                $"for w = {unit.W}, b = {unit.B} and {unit.Layers} layers yours is {found:G6}, not {right:G6}."
            );
    }

    /// <summary>One term of the derivative by the weight of two layers.</summary>
    private static double Term((double W, double B, int Layers) unit, int layer)
    {
        Activation phi = Activation.Sigmoid;
        double z1 = unit.W * phi.Value(0.5) + unit.B;
        double z2 = unit.W * phi.Value(z1) + unit.B;
        double delta = 2 * (phi.Value(z2) - 0.7) * phi.Derivative(z2);
        return layer == 2 ? delta * phi.Value(z1) : delta * unit.W * phi.Derivative(z1) * phi.Value(0.5);
    }

    private static bool Same(double[] first, double[] second) =>
        first.Length == second.Length && first.Zip(second).All(pair => Near(pair.First, pair.Second));
}
