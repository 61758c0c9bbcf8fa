using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>The exercises of notebook 08.</summary>
public static class NoteExercises
{
    private static readonly (char Letter, string Purpose, string Code, bool IsWrong)[] Code =
    [
        ('A', "He, normal", "Initializer.Normal(Math.Sqrt(2.0 / fanIn))", false),
        ('B', "He, normal", "Initializer.Normal(2.0 / fanIn)", true),
        ('C', "He, normal", "Initializer.Normal(Math.Sqrt(2 / fanIn))", true),
        ('D', "Glorot, uniform", "Initializer.Uniform(Math.Sqrt(6.0 / (fanIn + fanOut)))", false),
        ('E', "He, uniform", "Initializer.Uniform(Math.Sqrt(2.0 / fanIn))", true),
        ('F', "Glorot, normal", "Initializer.Normal(Math.Sqrt(2.0 / fanIn + fanOut))", true),
        ('G', "clip at c by norm", "g.Select(x => norm < c ? x * c / norm : x)", true),
        ('H', "clip at c by norm", "g.Select(x => x * Math.Min(1, c / norm))", false),
    ];

    /// <summary>8.1: which of the lines A to H have a bug? See <see cref="Lines"/>.</summary>
    public static Exercise<string> BugHunt { get; } =
        new(
            "8.1",
            [
                "Five have one. Look for whole numbers, for missing roots, for brackets, for limits, and for the wrong case.",
                "The limit of a uniform rule is sqrt(3) times its standard deviation.",
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

    /// <summary>8.2: the weights of a network, drawn layer by layer.</summary>
    public static Exercise<Func<int[], Random, IReadOnlyList<Matrix<double>>>> RepairedFunction { get; } =
        new(
            "8.2",
            [
                "Layer l has sizes[l] rows and sizes[l - 1] columns, for l from 1.",
                "Draw every layer from the same generator, the one that you are given.",
            ],
            [
                new(
                    "there is a matrix for each layer",
                    f => f([5, 4, 3, 2], new Random(1)).Count == 3 ? null : "of four sizes, three layers are expected."
                ),
                new(
                    "the shapes are [size x size before]",
                    f =>
                        f([5, 4, 3, 2], new Random(1))
                            .Select(w => (w.RowCount, w.ColumnCount))
                            .SequenceEqual([(4, 5), (3, 4), (2, 3)])
                            ? null
                            : "they are not."
                ),
                new(
                    "the generator decides",
                    f =>
                        f([5, 4], new Random(1))[0].Equals(f([5, 4], new Random(2))[0])
                            ? "two generators give one network: is there a seed inside?"
                            : null
                ),
                new(
                    "layers of one shape differ",
                    f =>
                        f([6, 6, 6], new Random(1)) is var layers && layers[0].Equals(layers[1])
                            ? "they are equal: is a generator made anew for each?"
                            : null
                ),
                new(
                    "the variance is He's, within five standard errors",
                    f =>
                    {
                        double variance = f([200, 300], new Random(1))[0].Enumerate().Average(w => w * w);
                        return Math.Abs(variance * 100 - 1) <= 5 * Math.Sqrt(2.0 / 60_000)
                            ? null
                            : Invariant($"yours is {variance:G4} for fan-in 200.");
                    }
                ),
            ]
        );

    /// <summary>8.3: a network of ten hidden layers that learns the digits.</summary>
    public static Exercise<Func<int, Network>> Recipe { get; } =
        new(
            "8.3",
            ["Which rule goes with which activation?", "The leaderboard has the answer for six layers."],
            [
                new(
                    "it has 64 inputs, 10 outputs and at least 10 hidden layers of at most 64 units",
                    draw =>
                        draw(1).Sizes is var sizes
                        && sizes[0] == 64
                        && sizes[^1] == 10
                        && sizes.Count >= 12
                        && sizes.Max() <= 64
                            ? null
                            : "it has not."
                ),
                new(
                    "400 steps of rate 0.05 get more than 80 % of unseen digits right, seeds 1 to 3",
                    draw =>
                    {
                        double[] accuracies =
                        [
                            .. Sweep.Run([0], [1, 2, 3], (_, seed) => Accuracy(draw(seed), seed)).Select(t => t.Result),
                        ];
                        return accuracies.Min() > 0.8
                            ? null
                            : Invariant($"it gets {accuracies[0]:P0}, {accuracies[1]:P0}, {accuracies[2]:P0}.");
                    }
                ),
            ]
        );

    /// <summary>The table of exercise 8.1.</summary>
    public static Table Lines() =>
        Table.Of(
            Code.Select(line => new
            {
                Line = line.Letter.ToString(),
                MeantFor = line.Purpose,
                line.Code,
            }),
            "fanIn and fanOut are integers"
        );

    private static bool Accused(string found, char letter) =>
        found.Contains(letter, StringComparison.OrdinalIgnoreCase);

    private static double Accuracy(Network network, int seed)
    {
        (Dataset train, Dataset test) = Datasets.Digits().Split(0.8, seed);
        TrainingOptions options = new()
        {
            LearningRate = 0.05,
            Steps = 400,
            BatchSize = 64,
        };
        return test.Accuracy(Trainer.Train(network, train, options).Network);
    }
}
