using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace NotebookSupport;

/// <summary>
/// One fully connected layer: z = W a + b, then phi(z) in each unit. It never changes: it keeps copies of what it is given,
/// and <see cref="Weights"/> and <see cref="Biases"/> are copies too.
/// </summary>
/// <param name="Weights">W, [fan-out x fan-in].</param>
/// <param name="Biases">b, of length fan-out.</param>
/// <param name="Activation">phi.</param>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public sealed record Layer(Matrix<double> Weights, Vector<double> Biases, Activation Activation)
{
    private readonly Matrix<double> _weights = Copied(Weights);
    private readonly Vector<double> _biases = Copied(Biases);
    private readonly Vector<double> _runningMean = new DenseVector(Weights.RowCount);
    private readonly Vector<double> _runningVariance = DenseVector.Create(Weights.RowCount, 1);

    /// <summary>W, [fan-out x fan-in]; a copy.</summary>
    public Matrix<double> Weights
    {
        get => _weights.Clone();
        init
        {
            _weights = Copied(value);
            if (FanOut != _runningMean.Count)
                (_runningMean, _runningVariance) = (new DenseVector(FanOut), DenseVector.Create(FanOut, 1));
        }
    }

    /// <summary>b, of length fan-out; a copy.</summary>
    public Vector<double> Biases
    {
        get => _biases.Clone();
        init => _biases = Copied(value);
    }

    /// <summary>
    /// The factor c of a residual layer, a = x + c phi(z) for inputs x, which needs as many units as inputs; default none
    /// (null), a = phi(z). Source: He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition", 2016.
    /// </summary>
    public double? ResidualScale { get; init; }

    /// <summary>
    /// How many layers the shortcut of a residual layer spans, this one the last: x is what enters the first of them. At least
    /// 1, default 1. With 2 and a linear second layer the two are the block x + c W2 phi(W1 x).
    /// </summary>
    public int ResidualSpan { get; init; } = 1;

    /// <summary>How W a is normalized before the biases are added; default not at all.</summary>
    public Normalization Normalization { get; init; }

    /// <summary>
    /// The running mean of each unit's W a over the batches of a training, by which a batch-normalized layer answers outside
    /// training; 0 before it, and in other layers; a copy.
    /// </summary>
    public Vector<double> RunningMean => _runningMean.Clone();

    /// <summary>The running variance of each unit's W a, as <see cref="RunningMean"/>; 1 before training; a copy.</summary>
    public Vector<double> RunningVariance => _runningVariance.Clone();

    /// <summary>The number of inputs of a unit.</summary>
    public int FanIn => _weights.ColumnCount;

    /// <summary>The number of units.</summary>
    public int FanOut => _weights.RowCount;

    /// <summary>The layer's own numbers, which only a training changes, in a network that nobody else has yet.</summary>
    internal double[] WeightArray => _weights.AsColumnMajorArray();

    /// <inheritdoc cref="WeightArray"/>
    internal double[] BiasArray => _biases.AsArray();

    /// <inheritdoc cref="WeightArray"/>
    internal double[] RunningMeanArray => _runningMean.AsArray();

    /// <inheritdoc cref="WeightArray"/>
    internal double[] RunningVarianceArray => _runningVariance.AsArray();

    /// <summary>The shape and the activation in one line.</summary>
    public override string ToString() => $"{FanIn} -> {FanOut} {ActivationText}";

    /// <summary>The activation, and what else happens on the way from inputs to outputs.</summary>
    internal string ActivationText =>
        Activation.Name
        + (Normalization == Normalization.None ? "" : $", {Normalization.ToString().ToLowerInvariant()} normalization")
        + (ResidualScale is { } scale ? Invariant($", residual {scale:G4}") : "")
        + (ResidualScale is not null && ResidualSpan > 1 ? Invariant($" over {ResidualSpan} layers") : "");

    internal Layer Copy() => new(this);

    private Layer(Layer other)
    {
        (_weights, _biases) = (other.Weights, other.Biases);
        (_runningMean, _runningVariance) = (other.RunningMean, other.RunningVariance);
        (Activation, Normalization) = (other.Activation, other.Normalization);
        (ResidualScale, ResidualSpan) = (other.ResidualScale, other.ResidualSpan);
    }

    private static Matrix<double> Copied(Matrix<double> weights) =>
        Matrix<double>.Build.DenseOfMatrix(Require.NotNull(weights));

    private static Vector<double> Copied(Vector<double> biases) =>
        Vector<double>.Build.DenseOfVector(Require.NotNull(biases));
}
