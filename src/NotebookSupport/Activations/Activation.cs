using System.Runtime.CompilerServices;

namespace NotebookSupport;

/// <summary>
/// The function phi that a unit applies to its pre-activation z, elementwise: a = phi(z). The named functions are the
/// static members, and <see cref="From"/> makes one of your own.
/// </summary>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public abstract record Activation
{
    private protected Activation(string name, bool isPiecewiseLinear)
    {
        Name = name;
        IsPiecewiseLinear = isPiecewiseLinear;
    }

    /// <summary>phi(z) = z, derivative 1.</summary>
    public static Activation Identity { get; } =
        Of("identity", default(IdentityForward), default(IdentityBackward), isPiecewiseLinear: true);

    /// <summary>The logistic function phi(z) = 1 / (1 + exp(-z)); range 0 to 1, derivative at most 1/4.</summary>
    public static Activation Sigmoid { get; } = Of("sigmoid", default(SigmoidForward), default(SigmoidBackward));

    /// <summary>phi(z) = tanh(z); range -1 to 1, derivative at most 1.</summary>
    public static Activation Tanh { get; } =
        Of("tanh", default(TanhForward), default(TanhBackward), derivativeTakesOutput: true);

    /// <summary>
    /// phi(z) = max(0, z); the derivative is 1 for z above 0 and 0 otherwise, also for NaN.
    /// Source: Nair and Hinton, "Rectified Linear Units Improve Restricted Boltzmann Machines", 2010.
    /// </summary>
    public static Activation ReLU { get; } = Rectifier("ReLU", 0);

    /// <summary>
    /// phi(z) = z for z above 0, slope * z otherwise.
    /// Source: Maas, Hannun and Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013.
    /// </summary>
    /// <param name="slope">The slope for z of at most 0; finite, default 0.01.</param>
    public static Activation LeakyReLU(double slope = 0.01) =>
        Require.Finite(slope) == 0 ? ReLU : Rectifier(Invariant($"leaky ReLU ({slope})"), slope);

    /// <summary>
    /// phi(z) = z for z above 0, alpha (exp(z) - 1) otherwise; at 0 the derivative is alpha.
    /// Source: Clevert, Unterthiner and Hochreiter, "Fast and Accurate Deep Network Learning by Exponential Linear Units",
    /// 2016, equation 15.
    /// </summary>
    /// <param name="alpha">-alpha is the limit of phi(z) as z goes to minus infinity; finite, at least 0, default 1.</param>
    public static Activation ELU(double alpha = 1) =>
        Of(
            Require.NonNegative(alpha) == 1 ? "ELU" : Invariant($"ELU ({alpha})"),
            new ELUForward(alpha),
            new ELUBackward(alpha)
        );

    /// <summary>
    /// phi(z) = z cdf(z), with cdf(z) the probability that a standard normal variable is below z; the exact form, not its
    /// approximation by tanh. Source: Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016.
    /// </summary>
    public static Activation GELU { get; } = Of("GELU", default(GELUForward), default(GELUBackward));

    /// <summary>
    /// phi(z) = z / (1 + exp(-z)), also called swish. Source: Elfwing, Uchibe and Doya, "Sigmoid-Weighted Linear Units for
    /// Neural Network Function Approximation in Reinforcement Learning", 2018, equation 5.
    /// </summary>
    public static Activation SiLU { get; } = Of("SiLU", default(SiLUForward), default(SiLUBackward));

    /// <summary>
    /// A function of your own. It trains, and charts and theory take it, as they take the named ones; it is slower, as it
    /// works on one number at a time.
    /// </summary>
    /// <param name="name">The name as charts and tables show it.</param>
    /// <param name="value">phi(z); called from several threads.</param>
    /// <param name="derivative">phi'(z); Diagnostics.GradientError shows whether it fits phi.</param>
    public static Activation From(string name, Func<double, double> value, Func<double, double> derivative) =>
        new OwnActivation(Require.NotNull(name), Require.NotNull(value), Require.NotNull(derivative));

    /// <summary>The name of the activation as a chart shows it.</summary>
    public string Name { get; }

    /// <summary>Whether phi is a line on each side of 0, so that phi(c z) = c phi(z) for c above 0.</summary>
    internal bool IsPiecewiseLinear { get; }

    /// <summary>Whether it is a function of the reader's, which may give another value at another time.</summary>
    internal virtual bool IsOwn => false;

    /// <summary>phi(z).</summary>
    /// <param name="z">The pre-activation of one unit; any number.</param>
    public abstract double Value(double z);

    /// <summary>phi'(z).</summary>
    /// <param name="z">The pre-activation of one unit; any number.</param>
    public abstract double Derivative(double z);

    /// <summary>Writes phi(z) into <paramref name="a"/>, which may be the same memory.</summary>
    internal abstract void Apply(ReadOnlySpan<double> z, Span<double> a);

    /// <summary>Multiplies each element of <paramref name="delta"/> by phi'(z), given z and a = phi(z).</summary>
    internal abstract void MultiplyByDerivative(ReadOnlySpan<double> z, ReadOnlySpan<double> a, Span<double> delta);

    /// <summary>The name of the activation.</summary>
    public sealed override string ToString() => Name;

    private static Activation Of<TPhi, TBackward>(
        string name,
        TPhi phi,
        TBackward backward,
        bool derivativeTakesOutput = false,
        bool isPiecewiseLinear = false
    )
        where TPhi : struct, IFunction
        where TBackward : struct, IFunction2 =>
        new LaneActivation<TPhi, TBackward>(name, phi, backward, derivativeTakesOutput, isPiecewiseLinear);

    private static Activation Rectifier(string name, double slope) =>
        Of(name, new RectifierForward(slope), new RectifierBackward(slope), isPiecewiseLinear: true);

    /// <summary>A function written for any number of lanes.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="Phi">phi.</param>
    /// <param name="Backward">delta phi'(z), of z and delta.</param>
    /// <param name="DerivativeTakesOutput">Whether <paramref name="Backward"/> takes a = phi(z) in the place of z.</param>
    /// <param name="IsPiecewiseLinear">Whether phi is a line on each side of 0.</param>
    private sealed record LaneActivation<TPhi, TBackward>(
        string Name,
        TPhi Phi,
        TBackward Backward,
        bool DerivativeTakesOutput,
        bool IsPiecewiseLinear
    ) : Activation(Name, IsPiecewiseLinear)
        where TPhi : struct, IFunction
        where TBackward : struct, IFunction2
    {
        public override double Value(double z) => Phi.Of(new OneLane(z)).Value;

        public override double Derivative(double z) =>
            Backward.Of(new OneLane(DerivativeTakesOutput ? Value(z) : z), new OneLane(1)).Value;

        internal override void Apply(ReadOnlySpan<double> z, Span<double> a) => Elementwise.Map(Phi, z, a);

        internal override void MultiplyByDerivative(
            ReadOnlySpan<double> z,
            ReadOnlySpan<double> a,
            Span<double> delta
        ) => Elementwise.Map(Backward, DerivativeTakesOutput ? a : z, delta, delta);
    }

    private sealed record OwnActivation(string Name, Func<double, double> Phi, Func<double, double> Slope)
        : Activation(Name, isPiecewiseLinear: false)
    {
        internal override bool IsOwn => true;

        public override double Value(double z) => Phi(z);

        public override double Derivative(double z) => Slope(z);

        internal override void Apply(ReadOnlySpan<double> z, Span<double> a)
        {
            for (int i = 0; i < a.Length; i++)
                a[i] = Phi(z[i]);
        }

        internal override void MultiplyByDerivative(ReadOnlySpan<double> z, ReadOnlySpan<double> a, Span<double> delta)
        {
            for (int i = 0; i < delta.Length; i++)
                delta[i] *= Slope(z[i]);
        }
    }

    private readonly struct IdentityForward : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T z)
            where T : struct, ILanes<T> => z;
    }

    private readonly struct IdentityBackward : IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T z, T delta)
            where T : struct, ILanes<T> => delta;
    }

    private readonly struct SigmoidForward : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T z)
            where T : struct, ILanes<T> => Elementary.Sigmoid(z);
    }

    private readonly struct SigmoidBackward : IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T z, T delta)
            where T : struct, ILanes<T> => delta * Elementary.SigmoidDerivative(z);
    }

    private readonly struct TanhForward : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T z)
            where T : struct, ILanes<T> => Elementary.Tanh(z);
    }

    private readonly struct TanhBackward : IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T a, T delta)
            where T : struct, ILanes<T> => delta * ((T.All(1) - a) * (T.All(1) + a));
    }

    /// <summary>A slope of 0 gives 0 for z of minus infinity too, and NaN stays NaN.</summary>
    private readonly struct RectifierForward(double slope) : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T z)
            where T : struct, ILanes<T> =>
            slope == 0
                ? T.Select(T.Less(z, T.All(0)), T.All(0), z)
                : T.Select(T.Less(z, T.All(0)), T.All(slope) * z, z);
    }

    private readonly struct RectifierBackward(double slope) : IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T z, T delta)
            where T : struct, ILanes<T> =>
            T.Select(T.Less(T.All(0), z), delta, slope == 0 ? T.All(0) : T.All(slope) * delta);
    }

    private readonly struct ELUForward(double alpha) : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T z)
            where T : struct, ILanes<T> =>
            T.Select(T.Less(z, T.All(0)), T.All(alpha) * Elementary.ExpMinusOneOfNegative(z), z);
    }

    private readonly struct ELUBackward(double alpha) : IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T z, T delta)
            where T : struct, ILanes<T> =>
            T.Select(T.Less(T.All(0), z), delta, T.All(alpha) * Elementary.Exp(z) * delta);
    }

    /// <summary>z is raised to -40, where the cdf is 0 in float64: minus infinity times 0 would be NaN, and the limit is 0.</summary>
    private readonly struct GELUForward : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T z)
            where T : struct, ILanes<T> => Within(z, T.All(-40), z) * Elementary.NormalProbability(z);
    }

    private readonly struct GELUBackward : IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T z, T delta)
            where T : struct, ILanes<T> =>
            delta
            * T.FusedMultiplyAdd(
                Within(z, T.All(-40), T.All(40)),
                Elementary.NormalDensity(z),
                Elementary.NormalProbability(z)
            );
    }

    /// <summary>z is raised to -746, where the sigmoid is 0 in float64: minus infinity times 0 would be NaN, and the limit is 0.</summary>
    private readonly struct SiLUForward : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T z)
            where T : struct, ILanes<T> => Within(z, T.All(-746), z) * Elementary.Sigmoid(z);
    }

    private readonly struct SiLUBackward : IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T z, T delta)
            where T : struct, ILanes<T> =>
            delta
            * (
                Elementary.Sigmoid(z)
                * T.FusedMultiplyAdd(Within(z, T.All(-746), T.All(746)), Elementary.Sigmoid(T.All(0) - z), T.All(1))
            );
    }

    /// <summary>The nearest number from low to high; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Within<T>(T x, T low, T high)
        where T : struct, ILanes<T> => T.Select(T.Less(x, low), low, T.Select(T.Less(high, x), high, x));
}
