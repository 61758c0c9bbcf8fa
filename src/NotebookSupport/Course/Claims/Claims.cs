using System.Collections.Concurrent;

namespace NotebookSupport;

/// <summary>
/// The ledger: what the lecture note says, and the experiments that decide it. An experiment takes what it varies as
/// parameters, whose defaults are the settings of the claim.
/// </summary>
public static partial class Claims
{
    private static readonly int[] Seeds = [1, 2, 3, 4, 5];

    private static readonly TrainingOptions Training = new() { LearningRate = 0.5, Steps = 1500 };

    /// <summary>All claims, by number.</summary>
    public static IReadOnlyList<Claim> All { get; } =
    [
        .. new[] { Symmetry, Scale, Depth, Rules, Dying, ClippingClaims, Repair }
            .SelectMany(claims => claims)
            .OrderBy(claim => claim.Number),
    ];

    /// <summary>How many claims have each verdict.</summary>
    public static IReadOnlyDictionary<Verdict, int> Counts { get; } =
        All.CountBy(claim => claim.Verdict).OrderBy(count => count.Key).ToDictionary();

    private static readonly ConcurrentDictionary<int, DecidedClaim> Decided = new();

    /// <summary>
    /// Runs the experiment of a claim, once in a session, and shows what it decides: with five seeds where chance enters.
    /// </summary>
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
        int[] seeds = claim.Draws ? Seeds : [1];
        var runs = Sweep.Run([claim], seeds, (one, seed) => one.Experiment(seed));
        return Decided[number] = new DecidedClaim(
            claim,
            [
                .. runs[0]
                    .Result.Select(
                        (row, i) => row with { Measured = [.. runs.SelectMany(run => run.Result[i].Measured)] }
                    ),
            ]
        );
    }
}
