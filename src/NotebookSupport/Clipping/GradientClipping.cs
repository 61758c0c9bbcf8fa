using System.Runtime.CompilerServices;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>A limit on the gradient of a step, applied before the parameters change.</summary>
public abstract record GradientClipping
{
    private protected GradientClipping() { }

    /// <summary>The gradient as it is.</summary>
    public static GradientClipping None { get; } = new NoClipping();

    /// <summary>Each entry limited to [-threshold, threshold]; this can turn the gradient's direction.</summary>
    /// <param name="threshold">The limit; finite, above 0.</param>
    public static GradientClipping ByValue(double threshold) => new ValueClipping(Require.Positive(threshold));

    /// <summary>
    /// All gradients scaled by threshold / norm when their joint L2 norm exceeds the threshold: the norm after is
    /// min(norm, threshold), the direction is kept. Source: Pascanu, Mikolov and Bengio, "On the difficulty of
    /// training recurrent neural networks", 2013, algorithm 1.
    /// </summary>
    /// <param name="threshold">The largest norm that passes unchanged; finite, above 0.</param>
    /// <param name="epsilon">Added to the norm in threshold / norm; at least 0, default 0. PyTorch adds 1e-6.</param>
    public static GradientClipping ByGlobalNorm(double threshold, double epsilon = 0) =>
        new GlobalNormClipping(Require.Positive(threshold), Require.NonNegative(epsilon));

    /// <summary>
    /// As <see cref="ByGlobalNorm"/>, but each weight matrix and each bias vector by its own norm; this can turn the
    /// gradient's direction.
    /// </summary>
    /// <param name="threshold">The largest norm of a matrix or vector that passes unchanged; finite, above 0.</param>
    public static GradientClipping ByTensorNorm(double threshold) =>
        new TensorNormClipping(Require.Positive(threshold));

    /// <summary>
    /// Adaptive clipping: the gradient of each unit's weights, a row of W, scaled so that its norm is at most
    /// <paramref name="factor"/> times the norm of the weights; a bias vector counts as one unit. Source: Brock, De,
    /// Smith and Simonyan, "High-Performance Large-Scale Image Recognition Without Normalization", 2021, equation 3.
    /// </summary>
    /// <param name="factor">The largest gradient as a part of the weights; finite, above 0, default 0.01.</param>
    /// <param name="smallestNorm">The norm that smaller weights count as, so that zeros can move; finite, above 0, default 1e-3.</param>
    public static GradientClipping Adaptive(double factor = 0.01, double smallestNorm = 1e-3) =>
        new AdaptiveClipping(Require.Positive(factor), Require.Positive(smallestNorm));

    /// <summary>Clips a copy of some gradients.</summary>
    /// <param name="gradients">The gradients, which stay as they are.</param>
    /// <param name="network">Whose gradients; needed by <see cref="Adaptive"/> alone.</param>
    /// <returns>The clipped gradients and the global norm before.</returns>
    public ClippedGradients Clip(Gradients gradients, Network? network = null)
    {
        Require.NotNull(gradients);
        if (this is AdaptiveClipping)
            Require.NotNull(network);
        LayerGradient[] copies =
        [
            .. gradients.Layers.Select(layer => new LayerGradient(layer.Weights.Clone(), layer.Biases.Clone())),
        ];
        double norm = gradients.GlobalNorm;
        for (int l = 0; l < copies.Length; l++)
        {
            Layer? layer = network?.Layers[l];
            (Matrix<double> weights, Vector<double> biases) = copies[l];
            Apply(weights.AsColumnMajorArray(), layer?.Weights.ToColumnMajorArray(), weights.RowCount, norm);
            Apply(biases.AsArray(), layer?.Biases.ToArray(), 1, norm);
        }
        return new ClippedGradients(gradients with { Layers = copies }, norm);
    }

    /// <summary>Clips one array of a gradient in place.</summary>
    /// <param name="gradient">[units x parameters of a unit], column-major.</param>
    /// <param name="parameters">What the gradient is of; empty unless the clipping is adaptive.</param>
    /// <param name="units">The rows of both.</param>
    /// <param name="globalNorm">The norm of the gradient by all parameters.</param>
    internal abstract void Apply(Span<double> gradient, ReadOnlySpan<double> parameters, int units, double globalNorm);

    private static void ScaleDown(Span<double> gradient, double norm, double threshold)
    {
        double factor = threshold / norm;
        if (factor < 1)
            Elementwise.Map(new Scale(factor), gradient, gradient);
    }

    private sealed record NoClipping : GradientClipping
    {
        internal override void Apply(
            Span<double> gradient,
            ReadOnlySpan<double> parameters,
            int units,
            double globalNorm
        ) { }

        public override string ToString() => "no clipping";
    }

    private sealed record ValueClipping(double Threshold) : GradientClipping
    {
        internal override void Apply(
            Span<double> gradient,
            ReadOnlySpan<double> parameters,
            int units,
            double globalNorm
        ) => Elementwise.Map(new Clamp(Threshold), gradient, gradient);

        public override string ToString() => FormattableString.Invariant($"by value {Threshold}");

        private readonly struct Clamp(double limit) : IFunction
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public T Of<T>(T x)
                where T : struct, ILanes<T>
            {
                T low = T.All(-limit);
                T high = T.All(limit);
                x = T.Select(T.Less(x, low), low, x);
                return T.Select(T.Less(high, x), high, x);
            }
        }
    }

    private sealed record GlobalNormClipping(double Threshold, double Epsilon) : GradientClipping
    {
        internal override void Apply(
            Span<double> gradient,
            ReadOnlySpan<double> parameters,
            int units,
            double globalNorm
        ) => ScaleDown(gradient, globalNorm + Epsilon, Threshold);

        public override string ToString() => FormattableString.Invariant($"by global norm {Threshold}");
    }

    private sealed record TensorNormClipping(double Threshold) : GradientClipping
    {
        internal override void Apply(
            Span<double> gradient,
            ReadOnlySpan<double> parameters,
            int units,
            double globalNorm
        ) => ScaleDown(gradient, Math.Sqrt(Elementwise.SumOfSquares(gradient)), Threshold);

        public override string ToString() => FormattableString.Invariant($"by tensor norm {Threshold}");
    }

    private sealed record AdaptiveClipping(double Factor, double SmallestNorm) : GradientClipping
    {
        internal override void Apply(
            Span<double> gradient,
            ReadOnlySpan<double> parameters,
            int units,
            double globalNorm
        )
        {
            for (int unit = 0; unit < units; unit++)
            {
                double limit = Factor * Math.Max(NormOfRow(parameters, unit, units), SmallestNorm);
                double norm = NormOfRow(gradient, unit, units);
                for (int i = unit; norm > limit && i < gradient.Length; i += units)
                    gradient[i] *= limit / norm;
            }
        }

        public override string ToString() => FormattableString.Invariant($"adaptive {Factor}");

        private static double NormOfRow(ReadOnlySpan<double> matrix, int row, int rows)
        {
            double sum = 0;
            for (int i = row; i < matrix.Length; i += rows)
                sum += matrix[i] * matrix[i];
            return Math.Sqrt(sum);
        }
    }
}

/// <summary>What clipping returns.</summary>
/// <param name="Gradients">The gradients after clipping.</param>
/// <param name="NormBefore">The global norm before.</param>
public sealed record ClippedGradients(Gradients Gradients, double NormBefore);
