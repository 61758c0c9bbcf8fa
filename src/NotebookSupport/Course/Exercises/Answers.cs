namespace NotebookSupport;

/// <summary>How the checks of exercises compare numbers and speak of them.</summary>
internal static class Answers
{
    /// <summary>Whether an answer is the expected number; false for NaN.</summary>
    public static bool Near(double answer, double expected, double tolerance = 1e-9) =>
        Math.Abs(answer - expected) <= tolerance;

    public static string Yours(double answer) => Invariant($"yours is {answer:G6}.");
}
