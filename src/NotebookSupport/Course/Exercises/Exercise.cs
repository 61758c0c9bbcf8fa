using System.Globalization;

namespace NotebookSupport;

/// <summary>One property of a right answer.</summary>
/// <param name="Expectation">What is expected, in words that give no solution away.</param>
/// <param name="Judge">Null for an answer that has it, else one sentence on what was seen.</param>
internal sealed record Check<TAnswer>(string Expectation, Func<TAnswer, string?> Judge);

/// <summary>A task for the reader, whose answer is checked at once.</summary>
public abstract class Exercise
{
    private readonly IReadOnlyList<string> _hints;

    private protected Exercise(string number, IReadOnlyList<string> hints)
    {
        Number = number;
        _hints = hints;
    }

    /// <summary>The number of the notebook and of the exercise in it.</summary>
    public string Number { get; }

    /// <summary>The next help, for a reader who is stuck.</summary>
    /// <param name="step">1 for the first hint, and so on.</param>
    public string Hint(int step) =>
        step >= 1 && step <= _hints.Count
            ? Invariant($"Hint {step} of {_hints.Count}: {_hints[step - 1]}")
            : throw Require.OutOfRange(nameof(step), step, $"a hint from 1 to {_hints.Count}");

    /// <summary>Checks an answer of any type; throws where it is none that the exercise takes.</summary>
    internal abstract ExerciseResult CheckAny(object? answer);
}

/// <summary>A task for the reader, with the type of its answer.</summary>
public sealed class Exercise<TAnswer> : Exercise
{
    private readonly IReadOnlyList<Check<TAnswer>> _checks;

    internal Exercise(string number, IReadOnlyList<string> hints, IReadOnlyList<Check<TAnswer>> checks)
        : base(number, hints) => _checks = checks;

    /// <summary>The longest that the answer may take for one check; default 10 s.</summary>
    internal TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Checks an answer. An answer that throws fails that check and no other cell; one that takes longer than 10 s, or
    /// 60 s where many trainings judge it, is stopped, and no further check is tried.
    /// </summary>
    /// <param name="answer">The answer; null while the exercise is open.</param>
    public ExerciseResult Check(TAnswer? answer)
    {
        var results = new List<CheckResult>();
        foreach (Check<TAnswer> check in answer is null ? [] : _checks)
        {
            var run = AnswerRun.Of(() => check.Judge(answer!), Limit);
            results.Add(new CheckResult(check.Expectation, run.Failure));
            if (run.TimedOut)
                break;
        }
        return new ExerciseResult(Number, results);
    }

    internal override ExerciseResult CheckAny(object? answer) =>
        answer switch
        {
            null => Check(default),
            TAnswer right => Check(right),
            int or long or float when default(double) is TAnswer => Check(
                (TAnswer)(object)Convert.ToDouble(answer, CultureInfo.InvariantCulture)
            ),
            _ => throw new ArgumentException(
                $"answer is of type {ValueText.TypeName(answer.GetType())}; expected "
                    + $"{ValueText.TypeName(typeof(TAnswer))}, which exercise {Number} asks for.",
                nameof(answer)
            ),
        };
}

/// <summary>What a check found.</summary>
/// <param name="Expectation">What was expected.</param>
/// <param name="Failure">Null where it is so, else what was seen instead.</param>
public sealed record CheckResult(string Expectation, string? Failure)
{
    /// <summary>What was expected, and what was seen instead.</summary>
    public override string ToString() => Failure is null ? $"✓ {Expectation}" : $"✗ {Expectation}, but {Failure}";
}

/// <summary>What the checks of an exercise found.</summary>
/// <param name="Number">The number of the exercise.</param>
/// <param name="Checks">One result per check; empty while the exercise is open.</param>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public sealed record ExerciseResult(string Number, IReadOnlyList<CheckResult> Checks) : IHtml
{
    /// <summary>Whether there was an answer and it passed every check.</summary>
    public bool Passed => Checks.Count > 0 && Checks.All(check => check.Failure is null);

    /// <summary>The result as a card.</summary>
    public string ToHtml() =>
        HtmlParts
            .Card(
                "exercise",
                Title,
                Checks.Count == 0
                    ? Html.Of($"<p>Replace null with your answer and run the cell again.</p>")
                    : Html.Of($"<ul>{Checks.Select(check => Html.Of($"<li>{check.ToString()}</li>"))}</ul>"),
                new
                {
                    Exercise = Number,
                    State,
                    Checks,
                }
            )
            .ToString();

    /// <summary>The result as text.</summary>
    public override string ToString() => string.Join('\n', Checks.Select(check => check.ToString()).Prepend(Title));

    private string Title => $"Exercise {Number}: {State}";

    private string State =>
        Checks.Count == 0 ? "open"
        : Passed ? "solved"
        : "not yet";
}
