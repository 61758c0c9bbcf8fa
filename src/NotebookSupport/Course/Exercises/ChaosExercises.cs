using MathNet.Numerics.LinearAlgebra;
using static NotebookSupport.Answers;

namespace NotebookSupport;

/// <summary>The exercises of notebook 07.</summary>
public static class ChaosExercises
{
    private const int Hidden = 100;

    /// <summary>7.1: the depth scale at chi = 0.9.</summary>
    public static Exercise<double?> DepthScale { get; } =
        new(
            "7.1",
            ["After l layers a small distance is chi to the power l.", "Solve chi^l = 1/e by a logarithm."],
            [
                new(
                    "the logarithm is exact, not 1 - chi",
                    l => l == 10 ? "10 is 1 / (1 - chi), which holds for chi near 1 only." : null
                ),
                new("it is a positive number of layers", l => l > 0 ? null : "ln chi is negative."),
                new("it is right to 1 %", l => Math.Abs(l!.Value * -Math.Log(0.9) - 1) <= 0.01 ? null : "it is not."),
            ]
        );

    /// <summary>7.2: the correlation map of ReLU with He's rule.</summary>
    public static Exercise<Func<double, double>> ReLUMap { get; } =
        new(
            "7.2",
            [
                "For unit normals u, v of correlation c = cos θ: E[relu(u) relu(v)] = (sin θ + (π - θ) cos θ) / (2π).",
                "At c = 1 it is 1/2, so the map is twice that. Math.Acos gives θ.",
            ],
            [
                new("equal inputs stay equal: 1 goes to 1", f => Near(f(1), 1) ? null : Yours(f(1))),
                new("opposite ones become unrelated: -1 goes to 0", f => Near(f(-1), 0) ? null : Yours(f(-1))),
                new("unrelated ones become related: 0 goes to 1/π", f => Near(f(0), 1 / Math.PI) ? null : Yours(f(0))),
                new(
                    "it agrees with the theory of the library",
                    f =>
                        Near(f(0.6), MeanField.NextCorrelation(Activation.ReLU, 0.6, Math.Sqrt(2)))
                            ? null
                            : Yours(f(0.6))
                ),
            ]
        );

    /// <summary>7.3: a square orthogonal matrix.</summary>
    public static Exercise<Func<int, Random, Matrix<double>>> Orthogonal { get; } =
        new(
            "7.3",
            [
                "MathNet's QR() of a matrix gives an orthogonal Q.",
                "The signs of R's diagonal have to be moved into Q: multiply column j of Q by the sign of R[j, j].",
            ],
            [
                new(
                    "it is square, of the size asked for",
                    f => f(7, new Random(1)) is { RowCount: 7, ColumnCount: 7 } ? null : "it is not."
                ),
                new(
                    "its columns have length 1 and are at right angles",
                    f =>
                    {
                        Matrix<double> q = f(7, new Random(1));
                        double off = (q.TransposeThisAndMultiply(q) - Matrix<double>.Build.DenseIdentity(7)).L2Norm();
                        return off < 1e-12 ? null : Invariant($"QᵀQ is off by {off:G3}.");
                    }
                ),
                new(
                    "it draws from the generator that it is given",
                    f => f(7, new Random(1)).Equals(f(7, new Random(2))) ? "two generators give one matrix." : null
                ),
                new(
                    "all orthogonal matrices are equally likely: both signs of the first entry occur equally often",
                    f =>
                    {
                        int positive = Enumerable.Range(0, 400).Count(seed => f(3, new Random(seed))[0, 0] > 0);
                        return Math.Abs(positive - 200) <= 50
                            ? null
                            : Invariant($"it is above 0 in {positive} of 400.");
                    }
                ),
            ]
        );

    /// <summary>7.4: a network of a hundred layers that keeps its gradient.</summary>
    public static Exercise<Func<int, Network>> HundredLayers { get; } =
        new(
            "7.4",
            [
                "Networks with shortcuts, or with orthogonal weights, keep it best.",
                "Network.Create takes a residualScale: which c keeps (1 + c²)^100 in bounds?",
            ],
            [
                new(
                    "it has at least 100 hidden layers of at least 2 units",
                    draw =>
                        draw(1).Sizes.Skip(1).SkipLast(1).Count(size => size >= 2) >= Hidden ? null : "it has fewer."
                ),
                new(
                    "its hidden layers are not linear",
                    draw =>
                        draw(1).Layers.SkipLast(1).Any(layer => layer.Activation == Activation.Identity)
                            ? "one is."
                            : null
                ),
                new("its seed decides", draw => Same(draw(1), draw(2)) ? "seeds 1 and 2 give one network." : null),
                new(
                    "the squared gradient changes by less than a factor of 10 from end to end, seeds 1 to 3",
                    draw => WithinFactor(10, seed => Diagnostics.GradientRatio(Probe.Signals(draw(seed), seed)))
                ),
            ]
        );

    private static bool Same(Network first, Network second) => first.Layers[0].Weights.Equals(second.Layers[0].Weights);
}
