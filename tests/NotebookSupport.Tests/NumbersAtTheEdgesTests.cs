using MathNet.Numerics.LinearAlgebra;
using BigInteger = System.Numerics.BigInteger;

namespace NotebookSupport.Tests;

/// <summary>
/// Losses, their gradients, norms and clipping against exact arithmetic, to 1e-12 relative: for logits up to ±1e3, entries
/// up to 1e±200 and beyond, and infinities, where the limit counts.
/// </summary>
public class NumbersAtTheEdgesTests
{
    private static readonly double[] Logits =
    [
        0,
        1e-200,
        -1e-12,
        1e-12,
        0.3,
        -1,
        3.9,
        4,
        4.1,
        -4.1,
        7,
        12.5,
        -12.5,
        20,
        36.7,
        -36.7,
        40,
        700,
        -700,
        745,
        1000,
        -1000,
    ];

    public static TheoryData<double> EachLogit => [.. Logits];

    [Theory]
    [MemberData(nameof(EachLogit))]
    public void BinaryCrossEntropy(double z)
    {
        foreach (double t in (double[])[0, 0.25, 1])
        {
            BigInteger expected =
                Exact.Log(Exact.One + Exact.Exp(Exact.Of(z))) - Exact.Product(Exact.Of(t), Exact.Of(z));
            Exact.IsNear(expected, Loss.BinaryCrossEntropy.Value(Column(z), Column(t)), $"the loss for target {t}");
        }
        foreach (double t in (double[])[0, 1])
        {
            BigInteger e = Exact.Exp(Exact.Of(z));
            BigInteger expected = Exact.Quotient(e, Exact.One + e) - Exact.Of(t);
            if (t == 1)
                expected = -Exact.Quotient(Exact.One, Exact.One + e);
            Exact.IsNear(expected, Delta(Loss.BinaryCrossEntropy, [z], [t])[0], $"the gradient for target {t}");
        }
    }

    [Theory]
    [MemberData(nameof(EachLogit))]
    public void SoftmaxCrossEntropy(double first)
    {
        foreach (double second in Logits)
        foreach (
            double[] z in (double[][])
                [
                    [first, second],
                    [second, 1, first],
                    [first, first - 1e-12, second, 999.99],
                ]
        )
            for (int k = 0; k < z.Length; k++)
            {
                double[] t = new double[z.Length];
                t[k] = 1;
                BigInteger[] e = [.. z.Select(one => Exact.Exp(Exact.Of(one) - Exact.Of(z[k])))];
                BigInteger total = e.Aggregate(BigInteger.Add);
                string what = FormattableString.Invariant($"[{string.Join(" ", z)}], target {k}:");
                Exact.IsNear(
                    Exact.Log(total),
                    Loss.SoftmaxCrossEntropy.Value(Column(z), Column(t)),
                    what + " the loss"
                );
                double[] delta = Delta(Loss.SoftmaxCrossEntropy, z, t);
                for (int j = 0; j < z.Length; j++)
                    Exact.IsNear(
                        j == k ? -Exact.Quotient(total - Exact.One, total) : Exact.Quotient(e[j], total),
                        delta[j],
                        what + $" the gradient by {j}"
                    );
            }
    }

    [Theory]
    [InlineData(double.PositiveInfinity, 1, 0, 0)]
    [InlineData(double.PositiveInfinity, 0, double.PositiveInfinity, 1)]
    [InlineData(double.NegativeInfinity, 0, 0, 0)]
    [InlineData(double.NegativeInfinity, 1, double.PositiveInfinity, -1)]
    [InlineData(double.NegativeInfinity, 0.25, double.PositiveInfinity, -0.25)]
    [InlineData(double.NaN, 1, double.NaN, double.NaN)]
    [InlineData(double.NaN, 0, double.NaN, double.NaN)]
    public void BinaryCrossEntropyOfInfiniteLogitsIsTheLimit(double z, double t, double loss, double gradient)
    {
        Assert.Equal(loss, Loss.BinaryCrossEntropy.Value(Column(z), Column(t)));
        Assert.Equal(gradient, Delta(Loss.BinaryCrossEntropy, [z], [t])[0]);
    }

    [Theory]
    [InlineData(new[] { double.PositiveInfinity, 1, 2 }, 0, 0.0, new[] { 0.0, 0, 0 })]
    [InlineData(new[] { double.PositiveInfinity, 1, 2 }, 1, double.PositiveInfinity, new[] { 1.0, -1, 0 })]
    [InlineData(new[] { double.NegativeInfinity, 0, 0 }, 0, double.PositiveInfinity, new[] { -1, 0.5, 0.5 })]
    [InlineData(new[] { double.NegativeInfinity, 5, double.NegativeInfinity }, 1, 0.0, new[] { 0.0, 0, 0 })]
    [InlineData(
        new[] { double.PositiveInfinity, double.PositiveInfinity },
        0,
        double.NaN,
        new[] { double.NaN, double.NaN }
    )]
    [InlineData(new[] { double.NaN, 0 }, 1, double.NaN, new[] { double.NaN, double.NaN })]
    public void SoftmaxCrossEntropyOfInfiniteLogitsIsTheLimit(double[] z, int k, double loss, double[] gradient)
    {
        double[] t = new double[z.Length];
        t[k] = 1;
        Assert.Equal(loss, Loss.SoftmaxCrossEntropy.Value(Column(z), Column(t)));
        Assert.Equal(gradient, Delta(Loss.SoftmaxCrossEntropy, z, t));
    }

    [Theory]
    [InlineData(new[] { 3.0, -1, 0.1 }, new[] { 1.0, 2, 0.3 })]
    [InlineData(new[] { 1e150, 1e-150 }, new[] { -1e150, 0 })]
    [InlineData(new[] { 1.2e154, 1.1e154 }, new[] { 0.0, 0 })]
    [InlineData(new[] { 1e200, 1 }, new[] { 0.0, 0 })]
    [InlineData(new[] { 1e-200, 2e-200 }, new[] { 0.0, 0 })]
    [InlineData(new[] { 1e-160, 2e-160 }, new[] { 0.0, 0 })]
    [InlineData(new[] { 1.7e308, 0 }, new[] { 0.0, 0 })]
    public void MeanSquaredError(double[] outputs, double[] targets)
    {
        BigInteger[] errors = [.. outputs.Zip(targets, (y, t) => Exact.Of(y - t))];
        BigInteger mean = errors.Aggregate(BigInteger.Zero, (sum, e) => sum + Exact.Product(e, e)) / errors.Length;
        Exact.IsNear(mean, Loss.MeanSquaredError.Value(Column(outputs), Column(targets)), "the loss");
        double[] delta = Delta(Loss.MeanSquaredError, outputs, targets);
        for (int k = 0; k < errors.Length; k++)
            Exact.IsNear(2 * errors[k] / errors.Length, delta[k], "the gradient");
    }

    /// <summary>A million equal terms, of which each addition rounds the same way.</summary>
    [Fact]
    public void AHugeBatch()
    {
        const int count = 1_000_000;
        var z = Matrix<double>.Build.Dense(1, count, -1.3);
        BigInteger one = Exact.Log(Exact.One + Exact.Exp(Exact.Of(-1.3)));
        Exact.IsNear(one, Loss.BinaryCrossEntropy.Value(z, Matrix<double>.Build.Dense(1, count)), "the mean");
        var large = Matrix<double>.Build.Dense(1, 1000, 1e153);
        Exact.IsNear(
            Exact.Product(Exact.Of(1e153), Exact.Of(1e153)),
            Loss.MeanSquaredError.Value(large, Matrix<double>.Build.Dense(1, 1000)),
            "the mean of squares whose sum overflows"
        );
    }

    public static TheoryData<double[]> Entries =>
        [
            [3.0, -4, 12],
            [1e200, 1e200],
            [1e200, -1e-200, 3],
            [3e-200, 4e-200],
            [-1e-170, 1e-160, 0],
            [double.Epsilon, -double.Epsilon, 3 * double.Epsilon],
            [1e-310, 2e-308],
            [1e155, 1e-155],
            [0, 0, 0],
            [double.MaxValue / 2, double.MaxValue / 3],
            [1.5e308, 1.5e308, -1.5e308],
            [.. Enumerable.Range(0, 100).Select(i => 1e160 * (i - 30.5))],
            [.. Enumerable.Range(0, 100).Select(i => 1e-160 * (i - 30.5))],
        ];

    [Theory]
    [MemberData(nameof(Entries))]
    public void NormsOfAnySize(double[] entries)
    {
        BigInteger expected = Exact.Norm(entries);
        var matrix = Matrix<double>.Build.Dense(1, entries.Length, entries);
        var vector = Vector<double>.Build.Dense(entries);
        Gradients split = new(0, [new(matrix.SubMatrix(0, 1, 0, 1), vector.SubVector(1, entries.Length - 1))]);
        var signal = new LayerSignal(
            new Layer(matrix, vector, Activation.Identity),
            matrix,
            matrix,
            matrix,
            new LayerGradient(matrix, vector)
        );
        Exact.IsNear(expected, split.GlobalNorm, nameof(Gradients.GlobalNorm));
        Exact.IsNear(expected, signal.DeltaNorm, nameof(LayerSignal.DeltaNorm));
        Exact.IsNear(expected, signal.WeightGradientNorm, nameof(LayerSignal.WeightGradientNorm));
        Exact.IsNear(expected, signal.BiasGradientNorm, nameof(LayerSignal.BiasGradientNorm));
        if (entries.Length == 2)
            Exact.IsNear(expected, new PlaneLoss(0, entries[0], entries[1]).GradientNorm, nameof(PlaneLoss));
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void ClippingKeepsTheDirectionAndTheSmallerNorm(double[] entries)
    {
        BigInteger norm = Exact.Norm(entries);
        var network = new Network([
            new Layer(
                Matrix<double>.Build.Dense(1, entries.Length),
                Vector<double>.Build.Dense(1),
                Activation.Identity
            ),
        ]);
        foreach (double threshold in (double[])[1, 5, 1e-200, 1e-300, 1e200, 3e-160])
        foreach (
            GradientClipping clipping in (GradientClipping[])
                [
                    GradientClipping.ByGlobalNorm(threshold),
                    GradientClipping.ByTensorNorm(threshold),
                    GradientClipping.Adaptive(threshold, 1),
                ]
        )
        {
            Gradients gradients = Of(entries);
            double[] clipped = Clipped(clipping, gradients, network);
            for (int i = 0; i < entries.Length; i++)
                Exact.IsNear(
                    norm > Exact.Of(threshold)
                        ? Exact.Of(entries[i]) * Exact.Of(threshold) / norm
                        : Exact.Of(entries[i]),
                    clipped[i],
                    FormattableString.Invariant($"{clipping}, {threshold}: entry {i}")
                );
        }
    }

    [Fact]
    public void InfiniteEntriesGiveTheDirection()
    {
        Gradients gradients = Of(double.PositiveInfinity, 5, double.NegativeInfinity);
        double part = 3 / Math.Sqrt(2);
        // A root, a quotient and a product round on either side.
        double rounding = 6 * part * Math.ScaleB(1, -53);
        foreach (
            GradientClipping clipping in (GradientClipping[])
                [GradientClipping.ByGlobalNorm(3), GradientClipping.ByTensorNorm(3), GradientClipping.Adaptive(3, 1)]
        )
        {
            var network = new Network([
                new Layer(Matrix<double>.Build.Dense(1, 3), Vector<double>.Build.Dense(1), Activation.Identity),
            ]);
            double[] clipped = Clipped(clipping, gradients, network);
            Assert.Equal(part, clipped[0], rounding);
            Assert.Equal(0, clipped[1]);
            Assert.Equal(-part, clipped[2], rounding);
        }
        Assert.Equal([3, 3, -3], Clipped(GradientClipping.ByValue(3), gradients));
        Assert.Equal(double.PositiveInfinity, GradientClipping.ByGlobalNorm(3).Clip(gradients).NormBefore);
    }

    [Fact]
    public void ANaNStaysOneAndChangesNothingElse()
    {
        Gradients gradients = Of(double.NaN, 8, double.PositiveInfinity);
        Assert.Equal([double.NaN, 8, double.PositiveInfinity], Clipped(GradientClipping.ByGlobalNorm(3), gradients));
        Assert.Equal([double.NaN, 3, 3], Clipped(GradientClipping.ByValue(3), gradients));
        Assert.Equal(double.NaN, GradientClipping.ByGlobalNorm(3).Clip(gradients).NormBefore);
    }

    [Fact]
    public void ASparseGradientIsClippedToo()
    {
        Matrix<double> sparse = Matrix<double>.Build.SparseOfArray(
            new[,]
            {
                { 3.0, 4 },
            }
        );
        Assert.Equal(
            [0.6, 0.8],
            Clipped(GradientClipping.ByGlobalNorm(1), new(0, [new(sparse, Vector<double>.Build.Dense(1))])),
            new Near(1e-15)
        );
    }

    [Fact]
    public void ATrainingGoesOnThroughAGradientWhoseSquaresOverflow()
    {
        var data = new Dataset("far", Column(1e200), Column(1.0), Loss.BinaryCrossEntropy);
        TrainingRun run = Trainer.Train(
            Network.Create([1, 1], Activation.Identity, Initializer.Zeros, 1),
            data,
            new()
            {
                LearningRate = 1,
                Steps = 1,
                Clipping = GradientClipping.ByGlobalNorm(1),
            }
        );
        Assert.Null(run.DivergedAt);
        Assert.Equal(0.5e200, run.Steps[0].GradientNorm, 1e188);
        Assert.Equal(1, run.Network.Layers[0].Weights[0, 0], 1e-15);
    }

    [Theory]
    [InlineData(1, "gradients has 1 layers; expected 2, as network has")]
    [InlineData(2, "gradients has weights [2 x 3] in layer 1; expected [4 x 3], as network has")]
    [InlineData(3, "gradients has 3 biases in layer 2; expected 1, as network has")]
    public void AdaptiveRefusesTheGradientsOfAnotherNetwork(int wrong, string message)
    {
        static LayerGradient Part(int rows, int columns, int biases) =>
            new(Matrix<double>.Build.Dense(rows, columns), Vector<double>.Build.Dense(biases));
        LayerGradient[] layers = wrong switch
        {
            1 => [Part(4, 3, 4)],
            2 => [Part(2, 3, 2), Part(1, 2, 1)],
            _ => [Part(4, 3, 4), Part(1, 4, 3)],
        };
        Network network = Network.Create([3, 4, 1], Activation.ReLU, Initializer.Zeros, seed: 1);
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            GradientClipping.Adaptive().Clip(new Gradients(0, layers), network)
        );
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MeansOfSquaresThatOverflowOnlyInTheirSum()
    {
        var sums = Matrix<double>.Build.Dense(10, 100, 1.1e154);
        var signal = new LayerSignal(
            new Layer(Matrix<double>.Build.Dense(10, 1), Vector<double>.Build.Dense(10), Activation.Identity),
            sums,
            sums
        );
        Exact.IsNear(Exact.Product(Exact.Of(1.1e154), Exact.Of(1.1e154)), signal.SecondMomentOfPreActivations, "q");
    }

    private static Gradients Of(params double[] values) =>
        new(0, [new(Matrix<double>.Build.Dense(1, values.Length, values), Vector<double>.Build.Dense(1))]);

    private static double[] Clipped(GradientClipping clipping, Gradients gradients, Network? network = null) =>
        clipping.Clip(gradients, network).Gradients.Layers[0].Weights.ToColumnMajorArray();

    private static Matrix<double> Column(params double[] values) =>
        Matrix<double>.Build.Dense(values.Length, 1, values);

    private static double[] Delta(Loss loss, double[] outputs, double[] targets)
    {
        var delta = new double[outputs.Length];
        loss.LossesAndDelta(new LossSlice(outputs, targets, delta, new double[1], batch: 1));
        return delta;
    }

    private sealed class Near(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(double x) => 0;
    }
}
