using System.Runtime.CompilerServices;

namespace NotebookSupport;

/// <summary>How a gradient moves the parameters.</summary>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public abstract record Optimizer
{
    private protected Optimizer() { }

    /// <summary>Plain gradient descent: theta -= rate g, with g the gradient after clipping.</summary>
    public static Optimizer GradientDescent { get; } = new PlainDescent();

    /// <summary>
    /// Gradient descent with a velocity v, 0 at first: v = momentum v - rate g, theta += v. Source: Sutskever,
    /// Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep learning", 2013,
    /// equations 1 and 2.
    /// </summary>
    /// <param name="momentum">The part of the velocity that stays; at least 0, below 1, default 0.9.</param>
    public static Optimizer Momentum(double momentum = 0.9) =>
        new MomentumDescent(Fraction(momentum, nameof(momentum)));

    /// <summary>
    /// Adam: m = beta1 m + (1 - beta1) g and v = beta2 v + (1 - beta2) g², both 0 at first;
    /// theta -= rate m' / (sqrt(v') + epsilon) with m' = m / (1 - beta1^t), v' = v / (1 - beta2^t) at step t = 1, 2, …
    /// Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015, algorithm 1.
    /// </summary>
    /// <param name="beta1">The part of the mean gradient that stays; at least 0, below 1, default 0.9.</param>
    /// <param name="beta2">The part of the mean square that stays; at least 0, below 1, default 0.999.</param>
    /// <param name="epsilon">Keeps the division finite; finite, above 0, default 1e-8.</param>
    public static Optimizer Adam(double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) =>
        new AdamDescent(Fraction(beta1, nameof(beta1)), Fraction(beta2, nameof(beta2)), Require.Positive(epsilon));

    /// <summary>How many numbers are remembered for each parameter, from 0 to 2.</summary>
    internal abstract int Memories { get; }

    /// <summary>Moves some parameters along their gradient.</summary>
    /// <param name="parameters">theta.</param>
    /// <param name="gradient">g.</param>
    /// <param name="first">The first memory of each parameter, 0 at first; empty if there is none.</param>
    /// <param name="second">The second one.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="step">The step, counted from 1.</param>
    internal abstract void Move(
        Span<double> parameters,
        ReadOnlySpan<double> gradient,
        Span<double> first,
        Span<double> second,
        double rate,
        int step
    );

    private static double Fraction(double value, string name) =>
        value is >= 0 and < 1 ? value : throw Require.OutOfRange(name, value, "a number of at least 0 and below 1");

    private sealed record PlainDescent : Optimizer
    {
        internal override int Memories => 0;

        internal override void Move(
            Span<double> parameters,
            ReadOnlySpan<double> gradient,
            Span<double> first,
            Span<double> second,
            double rate,
            int step
        ) => Elementwise.Map(new AddScaled(-rate), parameters, gradient, parameters);

        public override string ToString() => "gradient descent";
    }

    private sealed record MomentumDescent(double Part) : Optimizer
    {
        internal override int Memories => 1;

        internal override void Move(
            Span<double> parameters,
            ReadOnlySpan<double> gradient,
            Span<double> first,
            Span<double> second,
            double rate,
            int step
        )
        {
            Elementwise.Map(new Blend(Part, -rate), first, gradient, first);
            Elementwise.Map(new Sum(), parameters, first, parameters);
        }

        public override string ToString() => Invariant($"momentum {Part}");
    }

    private sealed record AdamDescent(double Beta1, double Beta2, double Epsilon) : Optimizer
    {
        internal override int Memories => 2;

        internal override void Move(
            Span<double> parameters,
            ReadOnlySpan<double> gradient,
            Span<double> first,
            Span<double> second,
            double rate,
            int step
        )
        {
            Elementwise.Map(new Blend(Beta1, 1 - Beta1), first, gradient, first);
            Elementwise.Map(new BlendSquares(Beta2, 1 - Beta2), second, gradient, second);
            var move = new AdamMove(rate, 1 - Power(Beta1, step), 1 - Power(Beta2, step), Epsilon);
            Elementwise.Map(move, parameters, first, second, parameters);
        }

        public override string ToString() => Invariant($"Adam ({Beta1}, {Beta2}, {Epsilon})");

        /// <summary>x^n by squaring: Math.Pow may differ between platforms.</summary>
        private static double Power(double x, int n)
        {
            double power = 1;
            for (; n > 0; n >>= 1, x *= x)
                if ((n & 1) == 1)
                    power *= x;
            return power;
        }
    }

    private readonly struct Blend(double keep, double add) : IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x, T y)
            where T : struct, ILanes<T> => T.FusedMultiplyAdd(T.All(keep), x, T.All(add) * y);
    }

    private readonly struct BlendSquares(double keep, double add) : IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x, T y)
            where T : struct, ILanes<T> => T.FusedMultiplyAdd(T.All(keep), x, T.All(add) * (y * y));
    }

    private readonly struct AdamMove(double rate, double correction1, double correction2, double epsilon) : IFunction3
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T parameter, T first, T second)
            where T : struct, ILanes<T> =>
            parameter
            - T.All(rate) * (first / T.All(correction1)) / (T.SquareRoot(second / T.All(correction2)) + T.All(epsilon));
    }
}
