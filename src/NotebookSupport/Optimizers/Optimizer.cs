using System.Runtime.CompilerServices;

namespace NotebookSupport;

/// <summary>
/// The rule of your own by which one weight or bias moves, for <see cref="Optimizer.From"/>; called from several threads.
/// </summary>
/// <param name="parameter">theta, the weight or bias.</param>
/// <param name="gradient">g, its gradient after clipping.</param>
/// <param name="state">What is remembered of this parameter from step to step, all 0 at first: read and write it.</param>
/// <param name="rate">The learning rate.</param>
/// <param name="step">The step, counted from 1.</param>
/// <returns>The new theta.</returns>
public delegate double ParameterUpdate(double parameter, double gradient, Span<double> state, double rate, int step);

/// <summary>
/// How a gradient moves the parameters. The named rules are the static members, and <see cref="From"/> makes one of your
/// own.
/// </summary>
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
    /// <param name="momentum">The fraction of the velocity that stays; at least 0, below 1, default 0.9.</param>
    public static Optimizer Momentum(double momentum = 0.9) =>
        new MomentumDescent(Fraction(momentum, nameof(momentum)));

    /// <summary>
    /// Adam: m = beta1 m + (1 - beta1) g and v = beta2 v + (1 - beta2) g², both 0 at first;
    /// theta -= rate m' / (sqrt(v') + epsilon) with m' = m / (1 - beta1^t), v' = v / (1 - beta2^t) at step t = 1, 2, …
    /// Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015, algorithm 1.
    /// </summary>
    /// <param name="beta1">The fraction of the mean gradient that stays; at least 0, below 1, default 0.9.</param>
    /// <param name="beta2">The fraction of the mean square that stays; at least 0, below 1, default 0.999.</param>
    /// <param name="epsilon">Keeps the division finite; finite, above 0, default 1e-8.</param>
    public static Optimizer Adam(double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) =>
        new AdamDescent(Fraction(beta1, nameof(beta1)), Fraction(beta2, nameof(beta2)), Require.Positive(epsilon));

    /// <summary>A rule of your own, which moves every weight and bias by itself, without knowing the others.</summary>
    /// <param name="name">The name as tables show it.</param>
    /// <param name="stateSlots">How many numbers are remembered for each parameter; at least 0.</param>
    /// <param name="update">The rule.</param>
    public static Optimizer From(string name, int stateSlots, ParameterUpdate update) =>
        new OwnOptimizer(Require.NotNull(name), Require.AtLeast(stateSlots, 0), Require.NotNull(update));

    /// <summary>How many numbers are remembered for each parameter.</summary>
    internal abstract int StateSlots { get; }

    /// <summary>Moves some parameters along their gradient.</summary>
    internal abstract void Move(ParameterSlice slice);

    private static double Fraction(double value, string name) =>
        value is >= 0 and < 1 ? value : throw Require.OutOfRange(name, value, "a number of at least 0 and below 1");

    private sealed record PlainDescent : Optimizer
    {
        internal override int StateSlots => 0;

        internal override void Move(ParameterSlice slice) =>
            Elementwise.Map(new AddScaled(-slice.Rate), slice.Parameters, slice.Gradient, slice.Parameters);

        public override string ToString() => "gradient descent";
    }

    private sealed record MomentumDescent(double Kept) : Optimizer
    {
        internal override int StateSlots => 1;

        internal override void Move(ParameterSlice slice)
        {
            Span<double> velocity = slice.State(0);
            Elementwise.Map(new Blend(Kept, -slice.Rate), velocity, slice.Gradient, velocity);
            Elementwise.Map(new Sum(), slice.Parameters, velocity, slice.Parameters);
        }

        public override string ToString() => Invariant($"momentum {Kept}");
    }

    private sealed record AdamDescent(double Beta1, double Beta2, double Epsilon) : Optimizer
    {
        internal override int StateSlots => 2;

        internal override void Move(ParameterSlice slice)
        {
            Span<double> mean = slice.State(0);
            Span<double> square = slice.State(1);
            Elementwise.Map(new Blend(Beta1, 1 - Beta1), mean, slice.Gradient, mean);
            Elementwise.Map(new BlendSquares(Beta2, 1 - Beta2), square, slice.Gradient, square);
            var move = new AdamMove(slice.Rate, 1 - Power(Beta1, slice.Step), 1 - Power(Beta2, slice.Step), Epsilon);
            Elementwise.Map(move, slice.Parameters, mean, square, slice.Parameters);
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

    private sealed record OwnOptimizer(string Name, int Slots, ParameterUpdate Update) : Optimizer
    {
        internal override int StateSlots => Slots;

        internal override void Move(ParameterSlice slice)
        {
            Span<double> state = Slots <= 16 ? stackalloc double[Slots] : new double[Slots];
            for (int i = 0; i < slice.Parameters.Length; i++)
            {
                for (int slot = 0; slot < Slots; slot++)
                    state[slot] = slice.State(slot)[i];
                slice.Parameters[i] = Update(slice.Parameters[i], slice.Gradient[i], state, slice.Rate, slice.Step);
                for (int slot = 0; slot < Slots; slot++)
                    slice.State(slot)[i] = state[slot];
            }
        }

        public override string ToString() => Name;
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
