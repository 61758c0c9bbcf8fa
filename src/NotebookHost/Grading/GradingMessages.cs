namespace NotebookHost.Grading;

/// <summary>What the process of a submission is given.</summary>
/// <param name="Secret">What it signs its messages with; new for each process.</param>
/// <param name="Library">The course's library.</param>
/// <param name="Cells">The cells of the submission.</param>
/// <param name="Course">The cells of the course's notebook.</param>
/// <param name="Exercises">The exercises of that.</param>
/// <param name="LeftOut">The cells that are not run, because they ended an earlier process, and how.</param>
/// <param name="NotJudged">The exercises that are not judged, because their answers did.</param>
/// <param name="CellSeconds">How long a cell may take.</param>
internal sealed record GradingRequest(
    string Secret,
    string Library,
    IReadOnlyList<SubmittedCell> Cells,
    IReadOnlyList<string> Course,
    IReadOnlyList<CourseExercise> Exercises,
    IReadOnlyDictionary<int, string> LeftOut,
    IReadOnlyCollection<string> NotJudged,
    double CellSeconds
);

internal enum GradingStep
{
    /// <summary>A cell begins.</summary>
    Cell,

    /// <summary>A cell failed.</summary>
    CellFailed,

    /// <summary>A cell uses what no exercise needs; nothing of the submission is run any more.</summary>
    Refused,

    /// <summary>A cell was interrupted and goes on all the same.</summary>
    Stuck,

    /// <summary>The judgement of an exercise begins.</summary>
    Judging,

    /// <summary>An exercise is judged.</summary>
    Judged,

    /// <summary>Everything is done.</summary>
    End,
}

/// <summary>How an exercise of a submission was judged.</summary>
internal enum Mark
{
    /// <summary>There is no answer.</summary>
    Open,

    /// <summary>Every check passed.</summary>
    Passed,

    /// <summary>There is an answer, and a check failed.</summary>
    Failed,

    /// <summary>There is no answer because its code failed.</summary>
    Error,

    /// <summary>The submission's code is one that a person has to look at.</summary>
    NotGraded,
}

/// <summary>An exercise with its mark and, but for a passed one, why.</summary>
internal sealed record Verdict(string Exercise, Mark Mark, string Reason = "");

/// <summary>What the process of a submission reports.</summary>
internal sealed record GradingMessage(string Secret, GradingStep Step)
{
    public int Cell { get; init; }

    public string Text { get; init; } = "";

    public Verdict? Verdict { get; init; }
}
