using System.Collections.Concurrent;

namespace NotebookSupport;

/// <summary>The ledger: what the lecture note says, and the experiments that decide it.</summary>
public static partial class Claims
{
    private static readonly int[] Seeds = [1, 2, 3];

    private static readonly TrainingOptions Training = new() { LearningRate = 0.5, Steps = 3000 };

    /// <summary>All claims, by number.</summary>
    public static IReadOnlyList<Claim> All { get; } =
    [
        .. new[] { Symmetry, Scale, Depth, Rules, Dying, ClippingClaims, Repair }
            .SelectMany(claims => claims)
            .OrderBy(claim => claim.Number),
    ];

    private static readonly ConcurrentDictionary<int, DecidedClaim> Decided = new();

    /// <summary>Runs the experiment of a claim with three seeds, once in a session, and shows what it decides.</summary>
    /// <param name="number">The number of the claim.</param>
    public static DecidedClaim Show(int number)
    {
        Claim claim =
            All.FirstOrDefault(c => c.Number == number)
            ?? throw Require.OutOfRange(
                nameof(number),
                number,
                "one of the claims " + string.Join(", ", All.Select(c => c.Number))
            );
        if (Decided.TryGetValue(number, out DecidedClaim? decided))
            return decided;
        var trials = Sweep.Run([claim], Seeds, (one, seed) => one.Experiment(seed));
        return Decided[number] = new DecidedClaim(claim, [.. trials.SelectMany(trial => trial.Result)]);
    }

    private static Trial AboveZero(int seed, string quantity, double measured) =>
        new(seed, quantity, double.Epsilon, double.PositiveInfinity, measured);

    private static Trial AtMost(int seed, string quantity, double high, double measured) =>
        new(seed, quantity, double.NegativeInfinity, high, measured);
}
