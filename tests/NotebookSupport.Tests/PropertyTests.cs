using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

/// <summary>What holds for any gradient, any logits and any architecture.</summary>
public class PropertyTests
{
    /// <summary>Numbers of every magnitude from 1e-10 to 1e10, and zeros.</summary>
    private static readonly Gen<double> Number =
        from mantissa in Gen.Choose(-1000, 1000)
        from exponent in Gen.Choose(-10, 10)
        select mantissa / 1000.0 * Math.Pow(10, exponent);

    private static readonly Gen<(Gradients Gradients, double Threshold)> GradientsAndThreshold =
        from weights in Number.NonEmptyListOf()
        from biases in Number.NonEmptyListOf()
        from threshold in Gen.Choose(1, 1000).Select(t => t / 100.0)
        select (
            new Gradients(
                0,
                [
                    new LayerGradient(
                        Matrix<double>.Build.Dense(1, weights.Count, [.. weights]),
                        Vector<double>.Build.Dense([.. biases])
                    ),
                ]
            ),
            threshold
        );

    private static double[] Entries(Gradients gradients) =>
        [.. gradients.Layers.SelectMany(layer => layer.Weights.ToColumnMajorArray().Concat(layer.Biases))];

    /// <summary>A norm of n entries is rounded by at most about n / 2 units, a scaled entry by two more.</summary>
    private static double Rounding(Gradients gradients) => (Entries(gradients).Length + 8) * 2.2e-16;

    [Property]
    public Property ClippingByNormLimitsTheNormAndKeepsTheDirection() =>
        Prop.ForAll(
            GradientsAndThreshold.ToArbitrary(),
            sample =>
            {
                (Gradients gradients, double threshold) = sample;
                ClippedGradients clipped = GradientClipping.ByGlobalNorm(threshold).Clip(gradients);
                double before = gradients.GlobalNorm;
                double after = clipped.Gradients.GlobalNorm;
                double rounding = Rounding(gradients);
                Assert.Equal(before, clipped.NormBefore);
                Assert.Equal(Math.Min(before, threshold), after, threshold * rounding);
                double factor = before > threshold ? threshold / before : 1;
                Assert.All(
                    Entries(gradients).Zip(Entries(clipped.Gradients)),
                    pair => Assert.Equal(factor * pair.First, pair.Second, Math.Abs(pair.Second) * rounding)
                );
                Gradients again = GradientClipping.ByGlobalNorm(threshold).Clip(clipped.Gradients).Gradients;
                Assert.Equal(after, again.GlobalNorm, after * rounding);
            }
        );

    [Property]
    public Property ClippingByValueLimitsEachEntryAndChangesNoOther() =>
        Prop.ForAll(
            GradientsAndThreshold.ToArbitrary(),
            sample =>
            {
                (Gradients gradients, double threshold) = sample;
                Gradients clipped = GradientClipping.ByValue(threshold).Clip(gradients).Gradients;
                Assert.Equal(Entries(gradients).Select(x => Math.Clamp(x, -threshold, threshold)), Entries(clipped));
            }
        );

    private static readonly Gen<(double[] Logits, double Shift, int Label)> Logits =
        from count in Gen.Choose(2, 20)
        from logits in Gen.Choose(-10_000, 10_000).Select(n => (double)n).ArrayOf(count)
        from shift in Gen.Choose(-10_000, 10_000)
        from label in Gen.Choose(0, count - 1)
        select (logits, (double)shift, label);

    /// <summary>Integers are shifted without rounding, so that not one digit of the loss may change.</summary>
    [Property]
    public Property SoftmaxIgnoresAShiftAndNeverOverflows() =>
        Prop.ForAll(
            Logits.ToArbitrary(),
            sample =>
            {
                (double[] logits, double shift, int label) = sample;
                Network network = Network.Create([1, logits.Length], Activation.Identity, Initializer.Zeros, 0);
                Matrix<double> targets = Matrix<double>.Build.Dense(logits.Length, 1, (row, _) => row == label ? 1 : 0);
                Gradients Of(double by) =>
                    network
                        .WithBiases(0, Vector<double>.Build.Dense([.. logits.Select(z => z + by)]))
                        .Gradients(Matrix<double>.Build.Dense(1, 1, 1), targets, Loss.SoftmaxCrossEntropy);
                Gradients plain = Of(0);
                Gradients shifted = Of(shift);
                Assert.InRange(plain.Loss, 0, 20_000 + Math.Log(20));
                // The loss is the distance to the largest logit and a logarithm; adding the shift rounds both once.
                Assert.Equal(plain.Loss, shifted.Loss, 1e-11);
                Assert.Equal(Entries(plain), Entries(shifted));
                Assert.All(Entries(plain), derivative => Assert.InRange(derivative, -1, 1));
                Assert.Equal(0, plain.Layers[0].Biases.Sum(), 1e-14);
            }
        );

    [Property]
    public Property BinaryCrossEntropyNeverOverflows() =>
        Prop.ForAll(
            Gen.Choose(-10_000, 10_000).ToArbitrary(),
            logit =>
            {
                double Of(double target) =>
                    Loss.BinaryCrossEntropy.Value(
                        Matrix<double>.Build.Dense(1, 1, logit),
                        Matrix<double>.Build.Dense(1, 1, target)
                    );
                Assert.InRange(Of(0), 0, 10_000 + Math.Log(2));
                Assert.Equal(logit, Of(0) - Of(1), 1e-11);
            }
        );

    private static readonly Gen<(int[] Sizes, int Activation, int Examples, int Seed)> Architecture =
        from depth in Gen.Choose(2, 5)
        from sizes in Gen.Choose(1, 30).ArrayOf(depth)
        from activation in Gen.Choose(0, 2)
        from examples in Gen.Choose(1, 70)
        from seed in Gen.Choose(0, 1_000_000)
        select (sizes, activation, examples, seed);

    /// <summary>
    /// Along a random direction the central difference is off by h²/6 times the third derivative and by the rounding of
    /// the loss / h, about 1e-10 each for h = 1e-5: 1e-7 has room for third derivatives of a thousand.
    /// </summary>
    [Property(MaxTest = 60)]
    public Property BackpropagationAgreesWithDifferencesForAnyArchitecture() =>
        Prop.ForAll(
            Architecture.ToArbitrary(),
            sample =>
            {
                (int[] sizes, int kind, int examples, int seed) = sample;
                Activation activation = new[] { Activation.Identity, Activation.Sigmoid, Activation.Tanh }[kind];
                var random = new Random(seed);
                Network network = Network.Create(
                    sizes,
                    activation,
                    Initializer.GlorotNormal,
                    seed,
                    Initializer.Normal(0.1)
                );
                Matrix<double> inputs = Initializer.Normal(1).Sample(sizes[0], examples, random);
                Matrix<double> targets = Initializer.Normal(1).Sample(sizes[^1], examples, random);
                int layer = random.Next(network.Layers.Count);
                Matrix<double> weights = network.Layers[layer].Weights;
                Matrix<double> direction = Initializer.Normal(1).Sample(weights.RowCount, weights.ColumnCount, random);
                direction /= direction.FrobeniusNorm();
                const double h = 1e-5;
                double At(double step) =>
                    Loss.MeanSquaredError.Value(
                        network.WithWeights(layer, weights + step * direction).Forward(inputs),
                        targets
                    );
                double expected = network
                    .Gradients(inputs, targets, Loss.MeanSquaredError)
                    .Layers[layer]
                    .Weights.PointwiseMultiply(direction)
                    .Enumerate()
                    .Sum();
                double scale = Math.Max(1, At(0));
                Assert.Equal(expected, (At(h) - At(-h)) / (2 * h), 1e-7 * scale);
            }
        );
}
