using static NotebookSupport.Answers;

namespace NotebookSupport;

/// <summary>The exercises of notebook 03.</summary>
public static class DepthExercises
{
    /// <summary>3.1: what is left of the second moment after 10 ReLU layers with s² = 1?</summary>
    public static Exercise<double?> AfterTenLayers { get; } =
        new(
            "3.1",
            ["What does one layer multiply the second moment by?", "By s²/2, ten times over."],
            [
                new("every layer counts", part => part == 0.5 ? "that is one layer." : null),
                new("the part is right to 1 %", part => Math.Abs(part!.Value * 1024 - 1) <= 0.01 ? null : "it is not."),
            ]
        );

    /// <summary>3.2: the length map of a leaky ReLU.</summary>
    public static Exercise<Func<double, double, double, double>> LeakyLengthMap { get; } =
        new(
            "3.2",
            [
                "Half of the z are positive and give z²; the other half give (α z)².",
                "E[φ(z)²] = q (1 + α²) / 2, times s².",
            ],
            [
                new("it halves for ReLU with s = 1", f => Near(f(1, 1, 0), 0.5) ? null : Yours(f(1, 1, 0))),
                new("s counts squared", f => Near(f(1, 3, 0), 4.5) ? null : Yours(f(1, 3, 0))),
                new("the slope counts squared", f => Near(f(1, 1, 0.5), 0.625) ? null : Yours(f(1, 1, 0.5))),
                new(
                    "it agrees with the theory of the library",
                    f =>
                        Near(f(2, 1.5, 0.2), MeanField.NextLength(Activation.LeakyReLU(0.2), 2, 1.5))
                            ? null
                            : Yours(f(2, 1.5, 0.2))
                ),
            ]
        );

    /// <summary>3.3: the width at which 50 He layers typically keep at least 1/e of a squared norm.</summary>
    public static Exercise<int?> WideEnough { get; } =
        new(
            "3.3",
            ["The mean of the logarithm is -5 L / (2 n).", "Set it to -1 and solve for n."],
            [
                new("it is wide enough", n => n >= 125 ? null : "it typically loses more."),
                new("it is not wider than needed", n => n <= 125 ? null : "fewer units would do."),
            ]
        );

    /// <summary>3.4: the scale at which a tanh network with biases of deviation 0.3 is critical.</summary>
    public static Exercise<double?> CriticalWithBiases { get; } =
        new(
            "3.4",
            [
                "Biases push units into the flat part of tanh, so s has to be larger than 1.",
                "MeanField.ChiAtFixedPoint(Activation.Tanh, s, 0.3) should be 1.",
            ],
            [
                new("it is not the scale without biases", s => s == 1 ? "chi is then below 1." : null),
                new(
                    "chi is 1 to three decimals",
                    s =>
                        Math.Abs(MeanField.ChiAtFixedPoint(Activation.Tanh, s!.Value, 0.3) - 1) <= 5e-4
                            ? null
                            : Yours(MeanField.ChiAtFixedPoint(Activation.Tanh, s.Value, 0.3))
                ),
            ]
        );
}
