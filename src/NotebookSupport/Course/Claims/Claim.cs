using System.Globalization;

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

    /// <summary>The scan of the note lost what it said; this is no fault of its author.</summary>
    Damaged,
}

/// <summary>What somebody expects of a measurement, from the lowest to the highest value.</summary>
/// <param name="Low">The smallest value that agrees.</param>
/// <param name="High">The largest value that agrees.</param>
/// <param name="Value">What is expected, as the card shows it.</param>
/// <param name="Reason">Where the value or its tolerance comes from; empty where it needs no word.</param>
public sealed record Prediction(double Low, double High, string Value, string Reason = "")
{
    /// <summary>Whether a measured value agrees; false for NaN.</summary>
    /// <param name="measured">The value; may be infinite or NaN.</param>
    internal bool Agrees(double measured) => measured >= Low && measured <= High;

    /// <summary>What is expected, and why.</summary>
    public override string ToString() => Reason.Length == 0 ? Value : $"{Value} ({Reason})";

    internal static Prediction Exactly(double value, string reason = "") =>
        new(value, value, $"exactly {Digits(value)}", reason);

    internal static Prediction AtMost(double high, string reason = "") =>
        new(double.NegativeInfinity, high, $"at most {Digits(high)}", reason);

    internal static Prediction AtLeast(double low, string reason = "") =>
        new(low, double.PositiveInfinity, $"at least {Digits(low)}", reason);

    internal static Prediction Below(double limit, string reason = "") =>
        new(double.NegativeInfinity, Math.BitDecrement(limit), $"below {Digits(limit)}", reason);

    internal static Prediction Above(double limit, string reason = "") =>
        new(Math.BitIncrement(limit), double.PositiveInfinity, $"above {Digits(limit)}", reason);

    internal static Prediction Between(double low, double high, string reason) =>
        new(low, high, $"{Digits(low)} to {Digits(high)}", reason);

    internal static Prediction Near(double value, double tolerance, string reason) =>
        new(value - tolerance, value + tolerance, $"{Digits(value)} ± {Digits(tolerance, 2)}", reason);

    /// <summary>A value up or down by a factor, which is shown as a percentage.</summary>
    internal static Prediction Times(double value, double factor, string reason) =>
        new(value / factor, value * factor, $"{Digits(value)} ± {Digits(100 * (factor - 1), 2)} %", reason);

    /// <summary>A value that only rounding may change; norms of float64 vectors agree to 1e-12 of themselves.</summary>
    internal static Prediction Rounded(double value, string reason = "up to rounding", double rounding = Rounding) =>
        new(value * (1 - rounding), value * (1 + rounding), Digits(value), reason);

    internal const double Rounding = 1e-12;

    /// <summary>A number with three significant digits, or as many as asked for.</summary>
    internal static string Digits(double value, int digits = 3) =>
        ValueText.Short(
            double.Parse(
                value.ToString(Invariant($"G{digits}"), CultureInfo.InvariantCulture),
                CultureInfo.InvariantCulture
            )
        );
}

/// <summary>One quantity that a claim is decided by.</summary>
/// <param name="Quantity">What was measured.</param>
/// <param name="Note">What the lecture note leads one to expect, read as well as it can be; null where it says nothing of it.</param>
/// <param name="Course">What this course expects.</param>
/// <param name="Measured">The measured values, one a seed; one alone where no chance enters.</param>
public sealed record Measurement(string Quantity, Prediction? Note, Prediction Course, IReadOnlyList<double> Measured)
{
    internal Measurement(string quantity, Prediction? note, Prediction course, double measured)
        : this(quantity, note, course, [measured]) { }

    /// <summary>Whether every value is as the course expects.</summary>
    public bool Agrees => Measured.All(Course.Agrees);

    /// <summary>Whether every value is as the note leads one to expect; null where it says nothing of it.</summary>
    public bool? AgreesWithNote => Note is null ? null : Measured.All(Note.Agrees);

    /// <summary>With whom the values agree, in words.</summary>
    public string AgreesWith =>
        (AgreesWithNote, Agrees) switch
        {
            (null, true) => "✓ the course; the note says nothing",
            (null, false) => "✗ not with the course",
            (true, true) => "✓ both",
            (false, true) => "✓ the course, not the note",
            (true, false) => "✗ the note, not the course",
            (false, false) => "✗ neither",
        };

    /// <summary>The values and both predictions in one line.</summary>
    public override string ToString() =>
        $"{Quantity}: {Values}; the course: {Course}; the note: {Note?.ToString() ?? "nothing"}";

    /// <summary>The values with three digits; one of them where all look the same.</summary>
    internal string Values
    {
        get
        {
            string[] each = [.. Measured.Select(value => Prediction.Digits(value))];
            return each.Length == 1 ? each[0]
                : each.Distinct().Count() == 1 ? $"{each[0]} every time"
                : string.Join(" · ", each);
        }
    }
}

/// <summary>A sentence of the lecture note, on trial.</summary>
/// <param name="Number">Its number in the course, from 1.</param>
/// <param name="Note">What the note says, in other words and in its strongest reading.</param>
/// <param name="Verdict">What the course finds.</param>
/// <param name="Instead">What is true.</param>
/// <param name="Draws">Whether chance enters the experiment, so that it is repeated with several seeds.</param>
/// <param name="Experiment">The measurements for a seed, each of one value; without chance, the same for every seed.</param>
public sealed record Claim(
    int Number,
    string Note,
    Verdict Verdict,
    string Instead,
    bool Draws,
    Func<int, IReadOnlyList<Measurement>> Experiment
)
{
    /// <summary>The number, the verdict and what is true, in one line.</summary>
    public override string ToString() =>
        Invariant($"Claim {Number} is {Verdict.ToString().ToLowerInvariant()}: {Instead}");
}

/// <summary>A claim with its measurements, as a notebook shows it.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Measurements">What was measured.</param>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public sealed record DecidedClaim(Claim Claim, IReadOnlyList<Measurement> Measurements) : IHtml
{
    /// <summary>More rows are folded, so that the verdict stands beside what comes after it.</summary>
    private const int MostOpenRows = 3;

    /// <summary>Whether every measurement agrees with what the course predicts.</summary>
    public bool Holds => Measurements.All(row => row.Agrees);

    /// <summary>In how many measurements the course is right, such as "4 of 5".</summary>
    public string AgreesWithCourse => $"{Measurements.Count(row => row.Agrees)} of {Measurements.Count}";

    /// <summary>In how many of the measurements of which it says something the note is right, such as "1 of 3".</summary>
    public string AgreesWithNote =>
        $"{Measurements.Count(row => row.AgreesWithNote == true)} of {Measurements.Count(row => row.Note is not null)}";

    /// <summary>The claim as a card.</summary>
    public string ToHtml() =>
        HtmlParts
            .Card(
                "claim",
                Invariant($"Claim {Claim.Number}: {Claim.Verdict.ToString().ToLowerInvariant()}"),
                Html.Of(
                    $"<p><em>The note, in our words:</em> {Claim.Note}</p><p><em>{(Claim.Verdict == Verdict.Right ? "We found" : "Instead")}:</em> {Claim.Instead}</p>{Rows()}"
                ),
                new
                {
                    Claim = Claim.Number,
                    Claim.Verdict,
                    Claim.Note,
                    Claim.Instead,
                    Claim.Draws,
                    Measurements = Measurements.Select(row => new
                    {
                        row.Quantity,
                        Note = row.Note?.ToString(),
                        Course = row.Course.ToString(),
                        row.Measured,
                        row.AgreesWithNote,
                        row.Agrees,
                    }),
                }
            )
            .ToString();

    /// <summary>The verdict, and how many measurements agree with the course and with the note.</summary>
    public override string ToString() =>
        $"Claim {Claim.Number} is {Claim.Verdict.ToString().ToLowerInvariant()}: of {Measurements.Count} measurements, "
        + $"{Measurements.Count(row => row.Agrees)} agree with the course and "
        + $"{Measurements.Count(row => row.AgreesWithNote == true)} with the note";

    /// <summary>Each quantity has a line of its own above what was predicted and measured, so that the table stays narrow.</summary>
    private Html Rows()
    {
        string measured =
            Claim.Draws && Measurements.Count > 0
                ? Invariant($"measured, seeds 1 to {Measurements[0].Measured.Count}")
                : "measured";
        IEnumerable<Html> heads = new[] { "the note predicts", "this course predicts", measured, "agrees with" }.Select(
            head => Html.Of($"<th scope=\"col\">{head}</th>")
        );
        Html table = Html.Of(
            $"<table class=\"notebook-table trial\"><thead><tr>{heads}</tr></thead>{Measurements.Select(Rows)}</table>"
        );
        return Measurements.Count <= MostOpenRows
            ? table
            : Html.Of(
                $"<details><summary>{Measurements.Count} measurements: this course predicted {AgreesWithCourse} correctly, the note {AgreesWithNote}</summary>{table}</details>"
            );
    }

    private static Html Rows(Measurement row)
    {
        Html left = Html.Of($" style=\"text-align:left\"");
        Html note = row.Note is { } prediction ? Cell(prediction) : Html.Of($"nothing");
        Html course = row.Course == row.Note ? Html.Of($"the same") : Cell(row.Course);
        return Html.Of(
            $"<tbody><tr><th colspan=\"4\" scope=\"rowgroup\"{left}>{row.Quantity}</th></tr><tr><td{left}>{note}</td><td{left}>{course}</td><td{left}>{row.Values}</td><td{left}>{row.AgreesWith}</td></tr></tbody>"
        );
    }

    private static Html Cell(Prediction prediction) =>
        prediction.Reason.Length == 0
            ? Html.Of($"{prediction.Value}")
            : Html.Of($"{prediction.Value}<br><small>{prediction.Reason}</small>");
}
