namespace NotebookSupport;

/// <summary>What the course finds of a sentence of the lecture note.</summary>
public enum Verdict
{
    /// <summary>It is true as it stands.</summary>
    Right,

    /// <summary>It is true of something near to what it says.</summary>
    Imprecise,

    /// <summary>It is false.</summary>
    Wrong,
}

/// <summary>One measurement that a claim is decided by.</summary>
/// <param name="Seed">The seed of every random draw of the experiment.</param>
/// <param name="Quantity">What was measured.</param>
/// <param name="Low">The smallest value that agrees with the prediction.</param>
/// <param name="High">The largest value that agrees with the prediction.</param>
/// <param name="Measured">The value measured.</param>
public sealed record Trial(int Seed, string Quantity, double Low, double High, double Measured)
{
    /// <summary>Whether the measurement agrees with the prediction; false for NaN.</summary>
    public bool Agrees => Measured >= Low && Measured <= High;

    /// <summary>The measurement and the prediction in one line.</summary>
    public override string ToString() =>
        Invariant($"seed {Seed}, {Quantity}: {ValueText.Short(Measured)}, predicted {Prediction}");

    /// <summary>The prediction in words.</summary>
    public string Prediction =>
        (Low, High) switch
        {
            var (low, high) when low == high => $"exactly {ValueText.Short(low)}",
            (double.Epsilon, double.PositiveInfinity) => "above 0",
            var (low, high) when ValueText.Short(low) == ValueText.Short(high) => ValueText.Short(low),
            (_, double.PositiveInfinity) => $"at least {ValueText.Short(Low)}",
            (double.NegativeInfinity, _) => $"at most {ValueText.Short(High)}",
            _ => $"{ValueText.Short(Low)} to {ValueText.Short(High)}",
        };
}

/// <summary>A sentence of the lecture note, on trial.</summary>
/// <param name="Number">Its number in the course, from 1.</param>
/// <param name="Note">What the note says, in other words.</param>
/// <param name="Verdict">What the course finds.</param>
/// <param name="Instead">What is true.</param>
/// <param name="Experiment">The measurements for a seed.</param>
public sealed record Claim(
    int Number,
    string Note,
    Verdict Verdict,
    string Instead,
    Func<int, IReadOnlyList<Trial>> Experiment
)
{
    /// <summary>The number, the verdict and what is true, in one line.</summary>
    public override string ToString() =>
        Invariant($"Claim {Number} is {Verdict.ToString().ToLowerInvariant()}: {Instead}");
}

/// <summary>A claim with its measurements, as a notebook shows it.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Trials">The measurements over all seeds.</param>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public sealed record DecidedClaim(Claim Claim, IReadOnlyList<Trial> Trials) : IHtml
{
    /// <summary>Whether every measurement agrees with what the course predicts.</summary>
    public bool Holds => Trials.All(trial => trial.Agrees);

    /// <summary>The claim as a card.</summary>
    public string ToHtml() =>
        HtmlParts
            .Card(
                "claim",
                Invariant($"Claim {Claim.Number}: {Claim.Verdict.ToString().ToLowerInvariant()}"),
                Html.Of(
                    $"<p><em>The note:</em> {Claim.Note}</p><p><em>{(Claim.Verdict == Verdict.Right ? "We found" : "Instead")}:</em> {Claim.Instead}</p>{Measurements()}"
                ),
                new
                {
                    Claim = Claim.Number,
                    Claim.Verdict,
                    Claim.Note,
                    Claim.Instead,
                    Trials,
                }
            )
            .ToString();

    /// <summary>The verdict, and how many measurements agree.</summary>
    public override string ToString() =>
        $"Claim {Claim.Number} is {Claim.Verdict.ToString().ToLowerInvariant()}: "
        + $"{Trials.Count(trial => trial.Agrees)} of {Trials.Count} measurements agree";

    private Html Measurements()
    {
        int[] seeds = [.. Trials.Select(trial => trial.Seed).Distinct()];
        return HtmlParts.Table(
            ["measured", "predicted", .. seeds.Select(seed => Invariant($"seed {seed}")), "agrees"],
            Trials
                .GroupBy(trial => (trial.Quantity, trial.Prediction))
                .Select(row =>
                    (IReadOnlyList<object?>)
                        [
                            row.Key.Quantity,
                            row.Key.Prediction,
                            .. seeds.Select(seed => (object?)row.FirstOrDefault(t => t.Seed == seed)?.Measured),
                            row.All(trial => trial.Agrees) ? "✓ yes" : "✗ no",
                        ]
                )
        );
    }
}
