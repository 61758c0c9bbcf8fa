using System.Runtime.CompilerServices;

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

    /// <summary>Clips a copy of some gradients.</summary>
    /// <param name="gradients">The gradients, which stay as they are.</param>
    /// <returns>The clipped gradients and the global norm before.</returns>
    public ClippedGradients Clip(Gradients gradients)
    {
        Require.NotNull(gradients);
        LayerGradient[] copies =
        [
            .. gradients.Layers.Select(layer => new LayerGradient(layer.Weights.Clone(), layer.Biases.Clone())),
        ];
        double[][] arrays =
        [
            .. copies.Select(layer => layer.Weights.AsColumnMajorArray()),
            .. copies.Select(layer => layer.Biases.AsArray()),
        ];
        double norm = gradients.GlobalNorm;
        foreach (double[] array in arrays)
            Apply(array, norm);
        return new ClippedGradients(gradients with { Layers = copies }, norm);
    }

    /// <summary>Clips one array of a gradient whose global norm is known, in place.</summary>
    internal abstract void Apply(Span<double> gradient, double globalNorm);

    private sealed record NoClipping : GradientClipping
    {
        internal override void Apply(Span<double> gradient, double globalNorm) { }

        public override string ToString() => "no clipping";
    }

    private sealed record ValueClipping(double Threshold) : GradientClipping
    {
        internal override void Apply(Span<double> gradient, double globalNorm) =>
            Elementwise.Map(new Clamp(Threshold), gradient, gradient);

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
        internal override void Apply(Span<double> gradient, double globalNorm)
        {
            double factor = Threshold / (globalNorm + Epsilon);
            if (factor < 1)
                Elementwise.Map(new Scale(factor), gradient, gradient);
        }

        public override string ToString() => FormattableString.Invariant($"by global norm {Threshold}");

        private readonly struct Scale(double factor) : IFunction
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public T Of<T>(T x)
                where T : struct, ILanes<T> => T.All(factor) * x;
        }
    }
}

/// <summary>What clipping returns.</summary>
/// <param name="Gradients">The gradients after clipping.</param>
/// <param name="NormBefore">The global norm before.</param>
public sealed record ClippedGradients(Gradients Gradients, double NormBefore);
