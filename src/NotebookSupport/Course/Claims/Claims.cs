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

    /// <summary>Runs the experiment of a claim with three seeds and shows what it decides.</summary>
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
        return new DecidedClaim(claim, [.. Seeds.SelectMany(claim.Experiment)]);
    }

    private static Trial AboveZero(int seed, string quantity, double measured) =>
        new(seed, quantity, double.Epsilon, double.PositiveInfinity, measured);

    private static Trial AtMost(int seed, string quantity, double high, double measured) =>
        new(seed, quantity, double.NegativeInfinity, high, measured);
}
