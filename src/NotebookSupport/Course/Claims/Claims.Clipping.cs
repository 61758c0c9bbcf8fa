using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <content>The claims of notebook 06.</content>
public static partial class Claims
{
    /// <summary>Norms of float64 vectors of this length agree to this fraction of themselves.</summary>
    private const double Rounding = 1e-12;

    private static IEnumerable<Claim> ClippingClaims =>
        [
            new(
                16,
                "The gradient is clipped when it drops below a threshold.",
                Verdict.Wrong,
                "When it exceeds it: the norm after clipping is the smaller of the norm and the threshold. A small gradient "
                    + "is left as it is.",
                ExceedsNotDropsBelow
            ),
            new(
                17,
                "The gradient is normalized when the L2 regularization exceeds a threshold.",
                Verdict.Wrong,
                "When the L2 norm of the gradient does. Regularization is a penalty on the weights; the two have nothing to "
                    + "do with each other.",
                NormNotRegularization
            ),
            new(
                18,
                "W := W t / (λ Σ θ²).",
                Verdict.Wrong,
                "It is the gradient that is scaled, not the weights; by its norm, not by the square of it; and without λ: "
                    + "g := g t / ‖g‖. For (3, 4) and t = 1 the norm is then 1.",
                ThreeFour
            ),
        ];

    private static IReadOnlyList<Trial> ExceedsNotDropsBelow(int seed)
    {
        (Network network, Gradients gradients, double norm) = SomeGradient(seed, Initializer.GlorotNormal);
        return
        [
            Fraction("threshold a tenth of the norm: norm after, as a part of before", norm / 10, 0.1),
            Fraction("threshold ten times the norm: norm after, as a part of before", norm * 10, 1),
        ];

        Trial Fraction(string quantity, double threshold, double expected) =>
            new(
                seed,
                quantity,
                expected * (1 - Rounding),
                expected * (1 + Rounding),
                GradientClipping.ByGlobalNorm(threshold).Clip(gradients, network).Gradients.GlobalNorm / norm
            );
    }

    /// <summary>
    /// With constant weights of 100, whose squares add up to 240,000, and with weights of a hundredth of that, a threshold
    /// of twice the gradient's norm does nothing, and one of half of it halves the gradient: the size of the weights does not matter.
    /// </summary>
    private static IReadOnlyList<Trial> NormNotRegularization(int seed)
    {
        return [.. Trials("large", Initializer.Normal(100)), .. Trials("small", Initializer.Normal(0.01))];

        IEnumerable<Trial> Trials(string size, Initializer rule)
        {
            (Network network, Gradients gradients, double norm) = SomeGradient(seed, rule);
            foreach ((double fraction, double expected) in ((double, double)[])[(2, 1), (0.5, 0.5)])
                yield return new(
                    seed,
                    Invariant($"{size} weights, threshold {fraction} of the norm: factor on the gradient"),
                    expected * (1 - Rounding),
                    expected * (1 + Rounding),
                    GradientClipping.ByGlobalNorm(fraction * norm).Clip(gradients, network).Gradients.GlobalNorm / norm
                );
        }
    }

    private static (Network Network, Gradients Gradients, double Norm) SomeGradient(int seed, Initializer rule)
    {
        Dataset circles = Datasets.Circles(seed: seed);
        Network network = Network.Create([2, 8, 1], Activation.ReLU, rule, seed);
        Gradients gradients = network.Gradients(circles.Inputs, circles.Targets, circles.Loss);
        return (network, gradients, gradients.GlobalNorm);
    }

    private static IReadOnlyList<Trial> ThreeFour(int seed)
    {
        Vector<double> g = Vector<double>.Build.Dense([3, 4]);
        return
        [
            Norm("the note's formula, λ = 1", 0.2, g / g.DotProduct(g)),
            Norm("the note's formula, λ = 0.01", 20, g / (0.01 * g.DotProduct(g))),
            Norm("g t / ‖g‖", 1, g / g.L2Norm()),
        ];

        Trial Norm(string formula, double expected, Vector<double> clipped) =>
            new(
                seed,
                $"(3, 4), t = 1, {formula}: norm",
                expected * (1 - Rounding),
                expected * (1 + Rounding),
                clipped.L2Norm()
            );
    }
}
