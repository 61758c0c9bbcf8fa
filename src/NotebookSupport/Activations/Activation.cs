namespace NotebookSupport;

/// <summary>
/// The function phi that a unit applies to its weighted sum z, elementwise: a = phi(z).
/// </summary>
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

    /// <summary>phi(z).</summary>
    /// <param name="z">The weighted sum of one unit; any number.</param>
    public abstract double Value(double z);

    /// <summary>phi'(z).</summary>
    /// <param name="z">The weighted sum of one unit; any number.</param>
    public abstract double Derivative(double z);

    /// <summary>Writes phi(z) into <paramref name="a"/>, which may be the same memory.</summary>
    internal virtual void Apply(ReadOnlySpan<double> z, Span<double> a)
    {
        for (int i = 0; i < z.Length; i++)
            a[i] = Value(z[i]);
    }

    /// <summary>Multiplies each element of <paramref name="delta"/> by phi'(z), given z and a = phi(z).</summary>
    internal virtual void MultiplyByDerivative(ReadOnlySpan<double> z, ReadOnlySpan<double> a, Span<double> delta)
    {
        for (int i = 0; i < z.Length; i++)
            delta[i] *= Derivative(z[i]);
    }

    /// <summary>The name of the activation.</summary>
    public sealed override string ToString() => Name;

    private sealed record IdentityActivation : Activation
    {
        public override string Name => "identity";

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

        public override double Value(double z)
        {
            double e = Math.Exp(-Math.Abs(z));
            return z >= 0 ? 1 / (1 + e) : e / (1 + e);
        }

        public override double Derivative(double z)
        {
            double e = Math.Exp(-Math.Abs(z));
            return e / ((1 + e) * (1 + e));
        }
    }

    private sealed record TanhActivation : Activation
    {
        public override string Name => "tanh";

        public override double Value(double z) => Math.Tanh(z);

        public override double Derivative(double z)
        {
            double a = Math.Tanh(z);
            return (1 - a) * (1 + a);
        }

        internal override void MultiplyByDerivative(ReadOnlySpan<double> z, ReadOnlySpan<double> a, Span<double> delta)
        {
            for (int i = 0; i < a.Length; i++)
                delta[i] *= (1 - a[i]) * (1 + a[i]);
        }
    }

    private sealed record LeakyReLUActivation(double Slope) : Activation
    {
        public override string Name => Slope == 0 ? "ReLU" : FormattableString.Invariant($"leaky ReLU ({Slope})");

        public override double Value(double z) => z > 0 ? z : Slope * z;

        public override double Derivative(double z) => z > 0 ? 1 : Slope;
    }
}
