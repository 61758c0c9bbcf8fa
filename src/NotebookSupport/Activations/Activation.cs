using System.Runtime.CompilerServices;

namespace NotebookSupport;

/// <summary>
/// The function phi that a unit applies to its weighted sum z, elementwise: a = phi(z).
/// </summary>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public abstract record Activation
{
    private protected Activation() { }

    /// <summary>phi(z) = z, derivative 1.</summary>
    public static Activation Identity { get; } = new IdentityActivation();

    /// <summary>The logistic function phi(z) = 1 / (1 + exp(-z)); range (0, 1), derivative at most 1/4.</summary>
    public static Activation Sigmoid { get; } = new SigmoidActivation();

    /// <summary>phi(z) = tanh(z); range (-1, 1), derivative at most 1.</summary>
    public static Activation Tanh { get; } = new TanhActivation();

    /// <summary>
    /// phi(z) = max(0, z); the derivative is 1 for z above 0 and 0 otherwise.
    /// Source: Nair and Hinton, "Rectified Linear Units Improve Restricted Boltzmann Machines", 2010.
    /// </summary>
    public static Activation ReLU { get; } = new LeakyReLUActivation(0);

    /// <summary>
    /// phi(z) = z for z above 0, slope * z otherwise.
    /// Source: Maas, Hannun and Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013.
    /// </summary>
    /// <param name="slope">The slope a for z of at most 0; finite, default 0.01.</param>
    public static Activation LeakyReLU(double slope = 0.01) => new LeakyReLUActivation(Require.Finite(slope));

    /// <summary>The name of the activation as a chart shows it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether phi is a line on each side of 0, so that phi(c z) = c phi(z) for c above 0.</summary>
    internal virtual bool IsPiecewiseLinear => false;

    /// <summary>phi(z).</summary>
    /// <param name="z">The weighted sum of one unit; any number.</param>
    public abstract double Value(double z);

    /// <summary>phi'(z).</summary>
    /// <param name="z">The weighted sum of one unit; any number.</param>
    public abstract double Derivative(double z);

    /// <summary>Writes phi(z) into <paramref name="a"/>, which may be the same memory.</summary>
    internal abstract void Apply(ReadOnlySpan<double> z, Span<double> a);

    /// <summary>Multiplies each element of <paramref name="delta"/> by phi'(z), given z and a = phi(z).</summary>
    internal abstract void MultiplyByDerivative(ReadOnlySpan<double> z, ReadOnlySpan<double> a, Span<double> delta);

    /// <summary>The name of the activation.</summary>
    public sealed override string ToString() => Name;

    private sealed record IdentityActivation : Activation
    {
        public override string Name => "identity";

        internal override bool IsPiecewiseLinear => true;

        public override double Value(double z) => z;

        public override double Derivative(double z) => 1;

        internal override void Apply(ReadOnlySpan<double> z, Span<double> a) => z.CopyTo(a);

        internal override void MultiplyByDerivative(
            ReadOnlySpan<double> z,
            ReadOnlySpan<double> a,
            Span<double> delta
        ) { }
    }

    private sealed record SigmoidActivation : Activation
    {
        public override string Name => "sigmoid";

        public override double Value(double z) => default(Phi).Of(new OneLane(z)).Value;

        public override double Derivative(double z) =>
            default(TimesDerivative).Of(new OneLane(z), new OneLane(1)).Value;

        internal override void Apply(ReadOnlySpan<double> z, Span<double> a) => Elementwise.Map(default(Phi), z, a);

        internal override void MultiplyByDerivative(
            ReadOnlySpan<double> z,
            ReadOnlySpan<double> a,
            Span<double> delta
        ) => Elementwise.Map(default(TimesDerivative), z, delta, delta);

        private readonly struct Phi : IFunction
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public T Of<T>(T x)
                where T : struct, ILanes<T> => Elementary.Sigmoid(x);
        }

        private readonly struct TimesDerivative : IFunction2
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public T Of<T>(T z, T delta)
                where T : struct, ILanes<T> => delta * Elementary.SigmoidDerivative(z);
        }
    }

    private sealed record TanhActivation : Activation
    {
        public override string Name => "tanh";

        public override double Value(double z) => Elementary.Tanh(z);

        public override double Derivative(double z) =>
            default(TimesDerivative).Of(new OneLane(Value(z)), new OneLane(1)).Value;

        internal override void Apply(ReadOnlySpan<double> z, Span<double> a) => Elementwise.Map(default(Phi), z, a);

        internal override void MultiplyByDerivative(
            ReadOnlySpan<double> z,
            ReadOnlySpan<double> a,
            Span<double> delta
        ) => Elementwise.Map(default(TimesDerivative), a, delta, delta);

        private readonly struct Phi : IFunction
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public T Of<T>(T x)
                where T : struct, ILanes<T> => Elementary.Tanh(x);
        }

        private readonly struct TimesDerivative : IFunction2
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public T Of<T>(T a, T delta)
                where T : struct, ILanes<T> => delta * ((T.All(1) - a) * (T.All(1) + a));
        }
    }

    private sealed record LeakyReLUActivation(double Slope) : Activation
    {
        public override string Name => Slope == 0 ? "ReLU" : Invariant($"leaky ReLU ({Slope})");

        internal override bool IsPiecewiseLinear => true;

        public override double Value(double z) => new Phi(Slope).Of(new OneLane(z)).Value;

        public override double Derivative(double z) =>
            new TimesDerivative(Slope).Of(new OneLane(z), new OneLane(1)).Value;

        internal override void Apply(ReadOnlySpan<double> z, Span<double> a) => Elementwise.Map(new Phi(Slope), z, a);

        internal override void MultiplyByDerivative(
            ReadOnlySpan<double> z,
            ReadOnlySpan<double> a,
            Span<double> delta
        ) => Elementwise.Map(new TimesDerivative(Slope), z, delta, delta);

        /// <summary>A slope of 0 gives 0 for z of minus infinity too, and NaN stays NaN.</summary>
        private readonly struct Phi(double slope) : IFunction
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public T Of<T>(T z)
                where T : struct, ILanes<T> =>
                slope == 0
                    ? T.Select(T.Less(z, T.All(0)), T.All(0), z)
                    : T.Select(T.Less(z, T.All(0)), T.All(slope) * z, z);
        }

        private readonly struct TimesDerivative(double slope) : IFunction2
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public T Of<T>(T z, T delta)
                where T : struct, ILanes<T> =>
                T.Select(T.Less(T.All(0), z), delta, slope == 0 ? T.All(0) : T.All(slope) * delta);
        }
    }
}
