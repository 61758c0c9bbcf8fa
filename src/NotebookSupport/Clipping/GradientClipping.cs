using System.Runtime.CompilerServices;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>A limit on the gradient of a step, applied before the parameters change.</summary>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
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
    /// <param name="factor">The largest gradient as a fraction of the weights; finite, above 0, default 0.01.</param>
    /// <param name="smallestNorm">The norm that smaller weights count as, so that zeros can move; finite, above 0, default 1e-3.</param>
    public static GradientClipping Adaptive(double factor = 0.01, double smallestNorm = 1e-3) =>
        new AdaptiveClipping(Require.Positive(factor), Require.Positive(smallestNorm));

    /// <summary>
    /// Clips a copy of some gradients. Where an entry is infinite, clipping by a norm leaves the direction of the infinite
    /// entries alone, as in the limit; a norm of NaN leaves the entries as they are.
    /// </summary>
    /// <param name="gradients">The gradients, which stay as they are.</param>
    /// <param name="network">Whose gradients; needed by <see cref="Adaptive"/> alone.</param>
    /// <returns>The clipped gradients and the global norm before.</returns>
    public ClippedGradients Clip(Gradients gradients, Network? network = null)
    {
        IReadOnlyList<LayerGradient> layers = Require.NotNull(gradients).Layers;
        if (this is AdaptiveClipping)
            CheckSame(layers, Require.NotNull(network).Layers);
        double norm = gradients.GlobalNorm;
        double[][] weights = [.. layers.Select(layer => layer.Weights.ToColumnMajorArray())];
        double[][] biases = [.. layers.Select(layer => layer.Biases.ToArray())];
        double[][] parameters =
            this is AdaptiveClipping
                ?
                [
                    .. network!.Layers.Select(layer => layer.Weights.ToColumnMajorArray()),
                    .. network.Layers.Select(layer => layer.Biases.ToArray()),
                ]
                : [.. layers.Concat(layers).Select(_ => Array.Empty<double>())];
        Apply(
            [.. weights, .. biases],
            parameters,
            [.. layers.Select(layer => layer.Weights.RowCount), .. layers.Select(_ => 1)],
            norm
        );
        LayerGradient[] clipped =
        [
            .. layers.Select(
                (layer, l) =>
                    new LayerGradient(
                        Matrix<double>.Build.Dense(layer.Weights.RowCount, layer.Weights.ColumnCount, weights[l]),
                        Vector<double>.Build.Dense(biases[l])
                    )
            ),
        ];
        return new ClippedGradients(gradients with { Layers = clipped }, norm);
    }

    /// <summary>Clips the arrays of a gradient in place.</summary>
    /// <param name="gradients">Each [units x parameters of a unit], column-major.</param>
    /// <param name="parameters">What each is of; empty unless the clipping is adaptive.</param>
    /// <param name="units">The rows of each.</param>
    /// <param name="globalNorm">The norm of the gradient by all parameters.</param>
    internal virtual void Apply(
        IReadOnlyList<double[]> gradients,
        IReadOnlyList<double[]> parameters,
        IReadOnlyList<int> units,
        double globalNorm
    )
    {
        for (int i = 0; i < gradients.Count; i++)
            Apply(gradients[i], parameters[i], units[i]);
    }

    private protected abstract void Apply(Span<double> gradient, ReadOnlySpan<double> parameters, int units);

    private static void CheckSame(IReadOnlyList<LayerGradient> gradients, IReadOnlyList<Layer> layers)
    {
        if (gradients.Count != layers.Count)
            throw new ArgumentException(
                Invariant($"gradients has {gradients.Count} layers; expected {layers.Count}, as network has."),
                nameof(gradients)
            );
        for (int l = 0; l < layers.Count; l++)
        {
            (Matrix<double> weights, Vector<double> biases) = gradients[l];
            if (weights.RowCount != layers[l].FanOut || weights.ColumnCount != layers[l].FanIn)
                throw new ArgumentException(
                    Invariant(
                        $"gradients has weights [{weights.RowCount} x {weights.ColumnCount}] in layer {l + 1}; expected [{layers[l].FanOut} x {layers[l].FanIn}], as network has."
                    ),
                    nameof(gradients)
                );
            if (biases.Count != layers[l].FanOut)
                throw new ArgumentException(
                    Invariant(
                        $"gradients has {biases.Count} biases in layer {l + 1}; expected {layers[l].FanOut}, as network has."
                    ),
                    nameof(gradients)
                );
        }
    }

    private sealed record NoClipping : GradientClipping
    {
        private protected override void Apply(Span<double> gradient, ReadOnlySpan<double> parameters, int units) { }

        public override string ToString() => "no clipping";
    }

    private sealed record ValueClipping(double Threshold) : GradientClipping
    {
        private protected override void Apply(Span<double> gradient, ReadOnlySpan<double> parameters, int units) =>
            Elementwise.Map(new Clamp(Threshold), gradient, gradient);

        public override string ToString() => Invariant($"by value {Threshold}");

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
            IReadOnlyList<double[]> gradients,
            IReadOnlyList<double[]> parameters,
            IReadOnlyList<int> units,
            double globalNorm
        )
        {
            if (double.IsPositiveInfinity(globalNorm))
                ClipInfinite(gradients);
            else
                for (int i = 0; i < gradients.Count; i++)
                    Norm.Limit(gradients[i], globalNorm + Epsilon, Threshold);
        }

        private protected override void Apply(Span<double> gradient, ReadOnlySpan<double> parameters, int units) =>
            Norm.Limit(gradient, Norm.Of(gradient) + Epsilon, Threshold);

        private void ClipInfinite(IReadOnlyList<double[]> gradients)
        {
            bool holdsInfinity = gradients.Any(gradient => Norm.HoldsInfinity(gradient));
            foreach (double[] gradient in gradients)
                Norm.BringIntoRange(gradient, holdsInfinity);
            double norm = Norm.Of(gradients, double.NaN);
            foreach (double[] gradient in gradients)
                Norm.Rescale(gradient, norm, Threshold);
        }

        public override string ToString() => Invariant($"by global norm {Threshold}");
    }

    private sealed record TensorNormClipping(double Threshold) : GradientClipping
    {
        private protected override void Apply(Span<double> gradient, ReadOnlySpan<double> parameters, int units) =>
            Norm.Limit(gradient, Norm.Of(gradient), Threshold);

        public override string ToString() => Invariant($"by tensor norm {Threshold}");
    }

    private sealed record AdaptiveClipping(double Factor, double SmallestNorm) : GradientClipping
    {
        private protected override void Apply(Span<double> gradient, ReadOnlySpan<double> parameters, int units)
        {
            for (int unit = 0; unit < units; unit++)
                Norm.LimitRow(
                    gradient,
                    unit,
                    units,
                    Factor * Math.Max(Norm.OfRow(parameters, unit, units), SmallestNorm)
                );
        }

        public override string ToString() => Invariant($"adaptive {Factor}");
    }
}

/// <summary>What clipping returns.</summary>
/// <param name="Gradients">The gradients after clipping.</param>
/// <param name="NormBefore">The global norm before.</param>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public sealed record ClippedGradients(Gradients Gradients, double NormBefore)
{
    /// <summary>The norms before and after in one line.</summary>
    public override string ToString() =>
        Invariant($"gradients clipped from global norm {NormBefore:G4} to {Gradients.GlobalNorm:G4}");
}
