using static NotebookSupport.Answers;

namespace NotebookSupport;

/// <summary>The exercises of notebook 00.</summary>
public static class StartExercises
{
    /// <summary>0.1: the loss of a classifier of 26 letters that has learnt nothing.</summary>
    public static Exercise<double?> LossOfALetterGuesser { get; } =
        new(
            "0.1",
            ["What probability does it give to the right letter?", "The loss is -ln of that probability."],
            [
                new(
                    "the logarithm is the natural one",
                    loss =>
                        Near(loss!.Value, Math.Log10(26), 0.005) || Near(loss.Value, Math.Log2(26), 0.005)
                            ? "it has another base."
                            : null
                ),
                new(
                    "the loss is right to two decimals",
                    loss => Near(loss!.Value, Math.Log(26), 0.005) ? null : "it is not."
                ),
            ]
        );

    /// <summary>0.2: the standard deviation sqrt(2 / n) as a function of the number of inputs.</summary>
    public static Exercise<Func<int, double>> StandardDeviation { get; } =
        new(
            "0.2",
            ["What is 2 / 64 in C#, and what is 2.0 / 64?", "Math.Sqrt comes last."],
            [
                new("it is above 0 for 64 inputs", f => f(64) > 0 ? null : "it is 0, as an integer division gives."),
                new("it is a standard deviation", f => f(64) == 2.0 / 64 ? "2 / n is the variance." : null),
                new(
                    "it is right for 1, 64 and 100 inputs",
                    f => new[] { 1, 64, 100 }.All(n => Near(f(n), Math.Sqrt(2.0 / n), 1e-15)) ? null : "it is not."
                ),
            ]
        );

    /// <summary>0.3: the derivative of a function of one number by a central difference.</summary>
    public static Exercise<Func<Func<double, double>, double, double>> CentralDifference { get; } =
        new(
            "0.3",
            [
                "Walk a little to both sides, and divide by the whole way.",
                "A step of 1e-5 is near the best: a smaller one drowns in rounding.",
            ],
            [
                new("x² has slope 6 at 3", d => Slope(d(x => x * x, 3), 6, 1e-8)),
                new(
                    "exp has slope e at 1, to 1e-7, which a one-sided difference misses",
                    d => Slope(d(Math.Exp, 1), Math.E, 1e-7)
                ),
                new("|x| has slope 0 at 0, by symmetry", d => Slope(d(Math.Abs, 0), 0, 1e-12)),
            ]
        );

    private static string? Slope(double answer, double expected, double tolerance) =>
        Near(answer, expected, tolerance) ? null : Invariant($"yours is {answer:G10}.");
}
