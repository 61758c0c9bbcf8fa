namespace NotebookSupport;

/// <summary>How the checks of exercises compare numbers and speak of them.</summary>
internal static class Answers
{
    /// <summary>Whether an answer is the expected number; false for NaN.</summary>
    public static bool Near(double answer, double expected, double tolerance = 1e-9) =>
        Math.Abs(answer - expected) <= tolerance;

    /// <summary>Null where a factor is from 1 / limit to limit for seeds 1 to 3, else the first that is not.</summary>
    public static string? WithinFactor(double limit, Func<int, double> factor)
    {
        foreach (double measured in Enumerable.Range(1, 3).Select(factor))
            if (!(measured >= 1 / limit && measured <= limit))
                return Invariant($"one changes by a factor of {measured:G3}.");
        return null;
    }

    public static string Yours(double answer) => Invariant($"yours is {answer:G6}.");
}
