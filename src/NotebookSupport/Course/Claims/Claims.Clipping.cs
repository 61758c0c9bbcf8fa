using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <content>The claims of notebook 06.</content>
public static partial class Claims
{
    private const int ClippingSteps = 200;
    private const double ClippingRate = 0.002;

    private static IEnumerable<Claim> ClippingClaims =>
        [
            new(
                16,
                "The gradient is clipped when it drops below a threshold; and a sentence later, when it exceeds one.",
                Verdict.Imprecise,
                "The note contradicts itself; “exceeds” is right. The norm after clipping is the smaller of the norm and the threshold. "
                    + "A small gradient stays as it is, or the descent would never arrive.",
                true,
                seed => ExceedsOrDropsBelow(seed)
            ),
            new(
                17,
                "Clip when the L2 regularization exceeds a threshold.",
                Verdict.Wrong,
                "One word is wrong: it is the L2 norm of the gradient. Regularization is a penalty on the weights, λ Σ θ², where θ "
                    + "goes through all parameters. It "
                    + "hardly changes while the gradient explodes, so it cannot tell when to clip.",
                true,
                seed => NormNotRegularization(seed)
            ),
            new(
                18,
                "The clipped weights are W t / (λ Σ θ²).",
                Verdict.Wrong,
                "Here t is the threshold and θ goes through all parameters. The note scales the wrong thing, by the wrong power, and with a λ too many. "
                    + "The gradient g is scaled, by its norm and not by the square of it: it becomes g t / ‖g‖.",
                true,
                seed => TheFormula(seed)
            ),
            new(
                25,
                "Bounded steps help against exploding gradients.",
                Verdict.Right,
                "With plain steps, 12 ReLU layers of variance 4/n diverge at some of four learning rates. With the norm of the gradient "
                    + "clipped at 1 they diverge at none. That widens the choice of learning rates. Whether the best result becomes better is "
                    + "another question: notebook 06 compares each at its own best learning rate, and it hardly does.",
                true,
                seed => BoundedSteps(seed)
            ),
        ];

    /// <summary>
    /// On the loss x² with the sign of x for a gradient, as the first reading makes it where |2 x| is below 1, steps of 0.1
    /// from 0.25 go to 0.15 and 0.05, and from there to -0.05 and back for ever.
    /// </summary>
    internal static IReadOnlyList<Measurement> ExceedsOrDropsBelow(int seed, bool exchanged = false)
    {
        Prediction learns = Prediction.Below(0.1, "it learns: a tenth of the first loss");
        return
        [
            new(
                "recurrent unit that should add up 30 numbers, clipped when the norm drops below 1: last loss divided by the first",
                learns,
                Prediction.AtLeast(1, "it diverges, as without clipping"),
                Fraction(Descend(seed, Clipped(!exchanged)))
            ),
            new(
                "recurrent unit that should add up 30 numbers, clipped when the norm exceeds 1: last loss divided by the first",
                learns,
                learns,
                Fraction(Descend(seed, Clipped(exchanged)))
            ),
            new(
                "loss x² from 0.25, clipped when the norm drops below 1, steps of 0.1: distance to the minimum after 100 steps",
                Prediction.Below(0.01, "it arrives"),
                new Prediction(0.05 - 1e-13, 0.05 + 1e-13, "0.05", "half a step, up to rounding"),
                Math.Abs(Bowl(Clipped(!exchanged)))
            ),
            new(
                "the same, clipped when the norm exceeds 1",
                Prediction.Below(0.01, "it arrives"),
                Prediction.Below(0.01, "0.25 · 0.8¹⁰⁰"),
                Math.Abs(Bowl(Clipped(exchanged)))
            ),
        ];

        static double Bowl(Func<double, double> factor) =>
            PlaneDescent.Run((x, _) => Scaled(new PlaneLoss(x * x, 2 * x, 0), factor), 0.25, 0, 0.1, 100)[^1].X;
    }

    /// <summary>
    /// A step has a length of at most the rate times the threshold, 1, so the norm of (w, v) changes from 1.53 by at most
    /// 0.4 in all.
    /// </summary>
    internal static IReadOnlyList<Measurement> NormNotRegularization(
        int seed,
        double start = 1.15,
        double threshold = 1
    )
    {
        Matrix<double> sequences = RandomSequences(seed);
        IReadOnlyList<PlaneStep> path = PlaneDescent.Run(
            (w, v) => RecurrentUnit.RunningSum(w, v, sequences),
            start,
            1,
            ClippingRate,
            ClippingSteps,
            threshold
        );
        double first = Math.Sqrt(1.15 * 1.15 + 1);
        double most = Math.Pow((first + ClippingSteps * ClippingRate) / (first - ClippingSteps * ClippingRate), 2);
        return
        [
            new(
                "recurrent unit that should add up 30 numbers, clipped at 1: largest norm of the gradient over the smallest",
                null,
                Prediction.AtLeast(100, "it explodes at first"),
                LargestOverSmallest(path.Select(step => step.GradientNorm))
            ),
            new(
                "the same training: largest λ Σ θ² over the smallest, for any λ",
                Prediction.AtLeast(100, "it tells when to clip"),
                Prediction.AtMost(most, "200 steps of at most 0.002"),
                LargestOverSmallest(path.Select(step => step.X * step.X + step.Y * step.Y))
            ),
        ];

        static double LargestOverSmallest(IEnumerable<double> values) => values.Max() / values.Min();
    }

    /// <summary>
    /// The note's formula puts (w, v) into the disc w² + v² ≤ t / λ = 1 after each step. There v w^k is at most
    /// sqrt(k^k / (k + 1)^(k + 1)), and at most a seventh over half of the sequence: of the sum, whose weights are all 1,
    /// more than half is missing. A network that always answers 0 misses all of it.
    /// </summary>
    internal static IReadOnlyList<Measurement> TheFormula(
        int seed,
        double exponent = 2,
        double threshold = 1,
        bool onGradient = false
    )
    {
        Vector<double> g = Vector<double>.Build.Dense([3, 4]);
        Matrix<double> sequences = RandomSequences(seed);
        double zero = RecurrentUnit.RunningSum(0, 0, sequences).Loss;
        Prediction one = Prediction.Rounded(1, "the threshold");
        Prediction learns = Prediction.Below(0.1, "it learns");
        return
        [
            new(
                "(3, 4), t = 1, the note's formula with λ = 1: norm",
                one,
                Prediction.Rounded(0.2),
                Formula(1).L2Norm()
            ),
            new(
                "(3, 4), t = 1, the note's formula with λ = 0.01: norm",
                one,
                Prediction.Rounded(20),
                Formula(0.01).L2Norm()
            ),
            new("(3, 4) as a gradient, g t / ‖g‖ with t = 1: norm", one, one, ByNorm()),
            new(
                "recurrent unit that should add up 30 numbers, the note's formula after each step, t = λ = 1: last loss divided by that of always answering 0",
                learns,
                Prediction.AtLeast(0.5, "the formula keeps the weights too small"),
                WithTheFormula()
            ),
            new(
                "recurrent unit that should add up 30 numbers, g t / ‖g‖ with t = 1: last loss divided by that of always answering 0",
                learns,
                learns,
                Finite(Descend(seed, norm => Math.Min(1, threshold / norm))[^1].Loss) / zero
            ),
        ];

        Vector<double> Formula(double lambda) => g / (lambda * Math.Pow(g.L2Norm(), exponent));

        double ByNorm()
        {
            var gradients = new Gradients(0, [new LayerGradient(g.ToRowMatrix(), Vector<double>.Build.Dense(1))]);
            return GradientClipping.ByGlobalNorm(threshold).Clip(gradients).Gradients.GlobalNorm;
        }

        double WithTheFormula()
        {
            (double w, double v) = (1.15, 1);
            for (int step = 0; step < ClippingSteps; step++)
            {
                PlaneLoss here = RecurrentUnit.RunningSum(w, v, sequences);
                double rate = ClippingRate * (onGradient ? Math.Min(1, 1 / here.GradientNorm) : 1);
                (w, v) = (w - rate * here.ByX, v - rate * here.ByY);
                double squares = w * w + v * v;
                if (squares > 1 && !onGradient)
                    (w, v) = (w / squares, v / squares);
            }
            return Finite(RecurrentUnit.RunningSum(w, v, sequences).Loss) / zero;
        }
    }

    internal static IReadOnlyList<Measurement> BoundedSteps(
        int seed,
        double threshold = 1,
        IReadOnlyList<double>? rates = null
    )
    {
        rates ??= [0.01, 0.1, 1, 10];
        Dataset moons = Datasets.Moons(100, seed: seed);
        Network start = Network.Create(Sizes.Of(2, 16, 12, 1), Activation.ReLU, Initializer.VarianceScaling(4), seed);
        Prediction some = Prediction.AtLeast(1, "the gradients explode");
        Prediction none = Prediction.AtMost(0, "no step is longer than the rate times 1");
        return
        [
            new(
                "12 ReLU layers, variance 4/n, plain steps at the learning rates 0.01, 0.1, 1 and 10: how many diverge",
                some,
                some,
                Diverging(GradientClipping.None)
            ),
            new(
                "the same, norm of the gradient clipped at 1: how many diverge",
                none,
                none,
                Diverging(GradientClipping.ByGlobalNorm(threshold))
            ),
        ];

        double Diverging(GradientClipping clipping) =>
            rates.Count(rate =>
                Trainer
                    .Train(
                        start,
                        moons,
                        new()
                        {
                            LearningRate = rate,
                            Steps = 100,
                            Clipping = clipping,
                        }
                    )
                    .DivergedAt
                    is not null
            );
    }

    /// <summary>The factor on a gradient of some norm that sets it to 1 where it is below 1, or where it is above.</summary>
    private static Func<double, double> Clipped(bool below) =>
        norm => (below ? norm < 1 && norm > 0 : norm > 1) ? 1 / norm : 1;

    /// <summary>
    /// The way down the loss of a linear recurrent unit that adds up 30 numbers, from w = 1.15 and v = 1, where its
    /// gradient is of the order of 1.15^60.
    /// </summary>
    private static IReadOnlyList<PlaneStep> Descend(int seed, Func<double, double> factor, double start = 1.15)
    {
        Matrix<double> sequences = RandomSequences(seed);
        return PlaneDescent.Run(
            (w, v) => Scaled(RecurrentUnit.RunningSum(w, v, sequences), factor),
            start,
            1,
            ClippingRate,
            ClippingSteps
        );
    }

    private static PlaneLoss Scaled(PlaneLoss here, Func<double, double> factor)
    {
        double by = factor(here.GradientNorm);
        return here with { ByX = here.ByX * by, ByY = here.ByY * by };
    }

    private static Matrix<double> RandomSequences(int seed) => Initializer.Normal(1).Sample(30, 20, new Random(seed));

    private static double Fraction(IReadOnlyList<PlaneStep> path) => Finite(path[^1].Loss) / path[0].Loss;

    /// <summary>A loss that is not a number any more counts as infinite.</summary>
    private static double Finite(double loss) => double.IsNaN(loss) ? double.PositiveInfinity : loss;
}
