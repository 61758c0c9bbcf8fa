using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace NotebookSupport;

/// <summary>
/// A rule that draws the weight matrix of one layer, [fan-out x fan-in]. The named rules are the static members, and
/// <see cref="From"/> makes one of your own.
/// </summary>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public abstract record Initializer
{
    private protected Initializer() { }

    /// <summary>Every weight is 0.</summary>
    public static Initializer Zeros { get; } = new ConstantInitializer(0);

    /// <summary>Every weight is <paramref name="value"/>.</summary>
    /// <param name="value">The value of every weight; finite.</param>
    public static Initializer Constant(double value) => new ConstantInitializer(Require.Finite(value));

    /// <summary>Weights uniform on [-epsilon, epsilon); variance epsilon²/3.</summary>
    /// <param name="epsilon">The limit of the interval; finite, at least 0.</param>
    public static Initializer Uniform(double epsilon) => new UniformInitializer(Require.NonNegative(epsilon));

    /// <summary>Weights normal with mean 0; variance standardDeviation².</summary>
    /// <param name="standardDeviation">The standard deviation; finite, at least 0.</param>
    public static Initializer Normal(double standardDeviation) =>
        new NormalInitializer(Require.NonNegative(standardDeviation), Distribution.Normal);

    /// <summary>
    /// Normal weights with mean 0, cut at ±2.274 standardDeviation, which is two standard deviations of the distribution
    /// before the cut; the variance after the cut is standardDeviation², as in Keras and JAX. PyTorch's trunc_normal_ takes
    /// the standard deviation before the cut, and cuts at fixed values, by default ±2.
    /// </summary>
    /// <param name="standardDeviation">The standard deviation of a weight; finite, at least 0.</param>
    public static Initializer TruncatedNormal(double standardDeviation) =>
        new NormalInitializer(Require.NonNegative(standardDeviation), Distribution.TruncatedNormal);

    /// <summary>Weights with mean 0 and variance scale / n, with n given by <paramref name="mode"/>.</summary>
    /// <param name="scale">The variance times n; finite, at least 0.</param>
    /// <param name="mode">Which n: fan-in (the default), fan-out or their average.</param>
    /// <param name="distribution">Normal (the default), uniform or truncated normal, of equal variance.</param>
    public static Initializer VarianceScaling(
        double scale,
        FanMode mode = FanMode.FanIn,
        Distribution distribution = Distribution.Normal
    ) =>
        new VarianceScalingInitializer(
            Require.NonNegative(scale),
            Require.Defined(mode),
            Require.Defined(distribution)
        );

    /// <summary>
    /// Normal with variance 2 / fan-in, for ReLU. Source: He, Zhang, Ren and Sun, "Delving Deep into Rectifiers",
    /// 2015, equation 10.
    /// </summary>
    public static Initializer HeNormal { get; } = VarianceScaling(2);

    /// <summary>Uniform with variance 2 / fan-in, that is on ±sqrt(6 / fan-in). Source: as <see cref="HeNormal"/>.</summary>
    public static Initializer HeUniform { get; } = VarianceScaling(2, FanMode.FanIn, Distribution.Uniform);

    /// <summary>
    /// Normal with variance 2 / (fan-in + fan-out), also called Xavier normal. Source: Glorot and Bengio,
    /// "Understanding the difficulty of training deep feedforward neural networks", 2010, equation 12.
    /// </summary>
    public static Initializer GlorotNormal { get; } = VarianceScaling(1, FanMode.FanAverage);

    /// <summary>
    /// Uniform on ±sqrt(6 / (fan-in + fan-out)), also called Xavier uniform. Source: Glorot and Bengio, 2010,
    /// equation 16.
    /// </summary>
    public static Initializer GlorotUniform { get; } = VarianceScaling(1, FanMode.FanAverage, Distribution.Uniform);

    /// <summary>
    /// Normal with variance 1 / fan-in. Source: LeCun, Bottou, Orr and Müller, "Efficient BackProp", 1998,
    /// equation 16.
    /// </summary>
    public static Initializer LeCunNormal { get; } = VarianceScaling(1);

    /// <summary>Uniform with variance 1 / fan-in. Source: as <see cref="LeCunNormal"/>.</summary>
    public static Initializer LeCunUniform { get; } = VarianceScaling(1, FanMode.FanIn, Distribution.Uniform);

    /// <summary>
    /// A matrix with orthonormal rows or columns, whichever are fewer, drawn uniformly from all of them (Haar measure),
    /// times <paramref name="gain"/>: a square one multiplies the length of every vector by gain. Variance of one weight
    /// gain² / max(fan-in, fan-out). Source: Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of
    /// learning in deep linear neural networks", 2014.
    /// </summary>
    /// <param name="gain">The factor; finite, at least 0, default 1.</param>
    public static Initializer Orthogonal(double gain = 1) => new OrthogonalInitializer(Require.NonNegative(gain));

    /// <summary>
    /// A rule of your own. It gives the whole matrix, as <see cref="Sample"/> does: so it may build on another rule's
    /// matrix, and its weights may depend on each other, as those of an orthogonal matrix do.
    /// </summary>
    /// <param name="name">The name as charts and tables show it.</param>
    /// <param name="sample">
    /// Draws the [fan-out x fan-in] matrix, given fan-out, fan-in and the generator, which must be its only source of randomness.
    /// </param>
    /// <param name="variance">The variance of one weight, given fan-out and fan-in; null, the default, where it is unknown: it is NaN then.</param>
    public static Initializer From(
        string name,
        Func<int, int, Random, Matrix<double>> sample,
        Func<int, int, double>? variance = null
    ) => new OwnInitializer(Require.NotNull(name), Require.NotNull(sample), variance);

    /// <summary>Draws one weight matrix.</summary>
    /// <param name="fanOut">The number of rows, the units of the layer; at least 1.</param>
    /// <param name="fanIn">The number of columns, the inputs of each unit; at least 1.</param>
    /// <param name="random">The generator to draw from.</param>
    /// <returns>A matrix of shape [fan-out x fan-in].</returns>
    public Matrix<double> Sample(int fanOut, int fanIn, Random random)
    {
        Require.AtLeast(fanOut, 1);
        Require.AtLeast(fanIn, 1);
        Require.NotNull(random);
        var weights = Matrix<double>.Build.Dense(fanOut, fanIn);
        Fill(weights.AsColumnMajorArray(), fanOut, fanIn, random);
        return weights;
    }

    /// <summary>
    /// The variance of one weight of a [fan-out x fan-in] matrix, in closed form; NaN for a rule of your own that does not
    /// say it.
    /// </summary>
    /// <param name="fanOut">The units of the layer; at least 1.</param>
    /// <param name="fanIn">The inputs of each unit; at least 1.</param>
    public double Variance(int fanOut, int fanIn) => VarianceOf(Require.AtLeast(fanOut, 1), Require.AtLeast(fanIn, 1));

    private protected abstract void Fill(Span<double> weights, int fanOut, int fanIn, Random random);

    private protected abstract double VarianceOf(int fanOut, int fanIn);

    private static string NameOf(Distribution distribution) =>
        distribution switch
        {
            Distribution.Uniform => "uniform",
            Distribution.TruncatedNormal => "truncated normal",
            _ => "normal",
        };

    private sealed record ConstantInitializer(double Value) : Initializer
    {
        private protected override void Fill(Span<double> weights, int fanOut, int fanIn, Random random) =>
            weights.Fill(Value);

        private protected override double VarianceOf(int fanOut, int fanIn) => 0;

        public override string ToString() => Value == 0 ? "zeros" : Invariant($"constant {Value}");
    }

    private sealed record UniformInitializer(double Epsilon) : Initializer
    {
        private protected override void Fill(Span<double> weights, int fanOut, int fanIn, Random random) =>
            Draw.Uniform(weights, Epsilon, random);

        private protected override double VarianceOf(int fanOut, int fanIn) => Epsilon * Epsilon / 3;

        public override string ToString() => Invariant($"uniform ±{Epsilon:G4}");
    }

    private sealed record NormalInitializer(double StandardDeviation, Distribution Distribution) : Initializer
    {
        private protected override void Fill(Span<double> weights, int fanOut, int fanIn, Random random) =>
            Draw.Normal(weights, StandardDeviation, random, Distribution == Distribution.TruncatedNormal);

        private protected override double VarianceOf(int fanOut, int fanIn) => StandardDeviation * StandardDeviation;

        public override string ToString() => Invariant($"{NameOf(Distribution)}, std {StandardDeviation:G4}");
    }

    private sealed record VarianceScalingInitializer(double Scale, FanMode Mode, Distribution Distribution)
        : Initializer
    {
        private protected override void Fill(Span<double> weights, int fanOut, int fanIn, Random random)
        {
            double variance = VarianceOf(fanOut, fanIn);
            if (Distribution == Distribution.Uniform)
                Draw.Uniform(weights, Math.Sqrt(3 * variance), random);
            else
                Draw.Normal(weights, Math.Sqrt(variance), random, Distribution == Distribution.TruncatedNormal);
        }

        private protected override double VarianceOf(int fanOut, int fanIn) =>
            Mode switch
            {
                FanMode.FanIn => Scale / fanIn,
                FanMode.FanOut => Scale / fanOut,
                _ => 2 * Scale / (fanIn + fanOut),
            };

        public override string ToString() =>
            (Scale, Mode) switch
            {
                (2, FanMode.FanIn) => $"He {Shape}",
                (1, FanMode.FanAverage) => $"Glorot {Shape}",
                (1, FanMode.FanIn) => $"LeCun {Shape}",
                _ => Invariant($"variance {Scale} / {Mode}, {Shape}"),
            };

        private string Shape => NameOf(Distribution);
    }

    private sealed record OrthogonalInitializer(double Gain) : Initializer
    {
        /// <summary>
        /// Q of the QR decomposition of a matrix of independent standard normal entries, each column times the sign of R's
        /// diagonal entry; without the signs, Q is not drawn uniformly. Source:
        /// Mezzadri, "How to generate random matrices from the classical compact groups", 2007.
        /// </summary>
        private protected override void Fill(Span<double> weights, int fanOut, int fanIn, Random random)
        {
            var normal = new double[fanOut * fanIn];
            Draw.Normal(normal, 1, random);
            (int longer, int shorter) = (Math.Max(fanOut, fanIn), Math.Min(fanOut, fanIn));
            QR<double> qr = Matrix<double>.Build.Dense(longer, shorter, normal).QR(QRMethod.Thin);
            for (int i = 0; i < fanOut; i++)
            for (int j = 0; j < fanIn; j++)
            {
                (int row, int column) = fanOut >= fanIn ? (i, j) : (j, i);
                weights[i + j * fanOut] = Gain * Math.Sign(qr.R[column, column]) * qr.Q[row, column];
            }
        }

        private protected override double VarianceOf(int fanOut, int fanIn) => Gain * Gain / Math.Max(fanOut, fanIn);

        public override string ToString() => Invariant($"orthogonal, gain {Gain}");
    }

    private sealed record OwnInitializer(
        string Name,
        Func<int, int, Random, Matrix<double>> Sampler,
        Func<int, int, double>? VarianceBySize
    ) : Initializer
    {
        private protected override void Fill(Span<double> weights, int fanOut, int fanIn, Random random)
        {
            Matrix<double>? drawn = Sampler(fanOut, fanIn, random);
            if (drawn is null || drawn.RowCount != fanOut || drawn.ColumnCount != fanIn)
                throw new InvalidOperationException(
                    Invariant($"The initializer {Name} gave {ValueText.Short(drawn ?? (object)"null")}; ")
                        + Invariant($"expected a matrix of [fan-out x fan-in], [{fanOut} x {fanIn}].")
                );
            drawn.ToColumnMajorArray().CopyTo(weights);
        }

        private protected override double VarianceOf(int fanOut, int fanIn) =>
            VarianceBySize?.Invoke(fanOut, fanIn) ?? double.NaN;

        public override string ToString() => Name;
    }
}
