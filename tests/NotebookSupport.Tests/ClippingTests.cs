using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

public class ClippingTests
{
    private static Gradients Of(params double[] values) =>
        new(0, [new(Matrix<double>.Build.Dense(1, values.Length, values), Vector<double>.Build.Dense(1))]);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(7)]
    public void NormAfterIsTheSmallerOfNormAndThreshold(double threshold)
    {
        ClippedGradients clipped = GradientClipping.ByGlobalNorm(threshold).Clip(Of(3, 4));
        Assert.Equal(5, clipped.NormBefore);
        Assert.Equal(Math.Min(5, threshold), clipped.Gradients.GlobalNorm, 1e-15);
        Assert.Equal(
            0.75,
            clipped.Gradients.Layers[0].Weights[0, 0] / clipped.Gradients.Layers[0].Weights[0, 1],
            1e-15
        );
    }

    [Fact]
    public void ValueLimitsEachEntryAndLeavesTheInputAlone()
    {
        Gradients gradients = Of(-3, 0.5, 2);
        Gradients clipped = GradientClipping.ByValue(1).Clip(gradients).Gradients;
        Assert.Equal([-1, 0.5, 1], clipped.Layers[0].Weights.ToRowMajorArray());
        Assert.Equal(-3, gradients.Layers[0].Weights[0, 0]);
    }

    [Fact]
    public void TensorNormLimitsEachMatrixByItself()
    {
        var gradients = new Gradients(
            0,
            [
                new(Matrix<double>.Build.Dense(1, 2, [3, 4]), Vector<double>.Build.Dense([0.6, 0.8])),
                new(Matrix<double>.Build.Dense(2, 1, [6, 8]), Vector<double>.Build.Dense([0, 30])),
            ]
        );
        IReadOnlyList<LayerGradient> clipped = GradientClipping.ByTensorNorm(5).Clip(gradients).Gradients.Layers;
        Assert.Equal([5, 5], clipped.Select(layer => layer.Weights.FrobeniusNorm()));
        Assert.Equal([1, 5], clipped.Select(layer => layer.Biases.L2Norm()));
    }

    /// <summary>Rows of W of norm 5 and 0; the second counts as 1e-3. With factor 0.1 the limits are 0.5 and 1e-4.</summary>
    [Fact]
    public void AdaptiveLimitsEachUnitByTheSizeOfItsWeights()
    {
        Network network = Network
            .Create([2, 2], Activation.Identity, Initializer.Zeros, 1)
            .WithWeights(0, Matrix<double>.Build.DenseOfRowArrays([3, 4], [0, 0]))
            .WithBiases(0, Vector<double>.Build.Dense([10, 0]));
        var gradients = new Gradients(
            0,
            [new(Matrix<double>.Build.DenseOfRowArrays([6, 8], [3, 4]), Vector<double>.Build.Dense([0.5, 0.5]))]
        );
        LayerGradient clipped = GradientClipping.Adaptive(0.1).Clip(gradients, network).Gradients.Layers[0];
        Matrix<double> expected = Matrix<double>.Build.DenseOfRowArrays([0.3, 0.4], [6e-5, 8e-5]);
        Assert.InRange((clipped.Weights - expected).Enumerate().Max(Math.Abs), 0, 1e-16);
        Assert.Equal([0.5, 0.5], clipped.Biases);
        Assert.Contains(
            "network is null",
            Assert.Throws<ArgumentNullException>(() => GradientClipping.Adaptive().Clip(gradients)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ATrainingClipsAdaptivelyAsTheFunctionDoes()
    {
        Network network = Network.Create([2, 4, 1], Activation.Tanh, Initializer.GlorotNormal, 1);
        Dataset circles = Datasets.Circles(40);
        GradientClipping adaptive = GradientClipping.Adaptive(0.02);
        Gradients clipped = adaptive
            .Clip(network.Gradients(circles.Inputs, circles.Targets, circles.Loss), network)
            .Gradients;
        Network trained = Trainer
            .Train(
                network,
                circles,
                new()
                {
                    Steps = 1,
                    LearningRate = 1,
                    Clipping = adaptive,
                }
            )
            .Network;
        for (int l = 0; l < 2; l++)
            Assert.InRange(
                (network.Layers[l].Weights - clipped.Layers[l].Weights - trained.Layers[l].Weights)
                    .Enumerate()
                    .Max(Math.Abs),
                0,
                1e-15
            );
    }

    /// <summary>A second batch of infinite size is not allowed as data, so the weights are made to overflow.</summary>
    private static (Network, Dataset) Overflowing() =>
        (
            Network.Create([1, 1, 1], Activation.Identity, Initializer.Constant(1e200), 1),
            new Dataset(
                "one",
                Matrix<double>.Build.Dense(1, 1, 1),
                Matrix<double>.Build.Dense(1, 1, 1),
                Loss.MeanSquaredError
            )
        );

    [Theory]
    [InlineData(NonFinitePolicy.Diverge, 1)]
    [InlineData(NonFinitePolicy.Skip, 3)]
    [InlineData(NonFinitePolicy.Zero, 3)]
    public void ANonFiniteStepIsTreatedAsAsked(NonFinitePolicy policy, int steps)
    {
        (Network network, Dataset data) = Overflowing();
        TrainingRun run = Trainer.Train(network, data, new() { Steps = 3, NonFinite = policy });
        Assert.Equal(steps, run.Steps.Count);
        Assert.Equal(policy == NonFinitePolicy.Diverge ? 0 : 3, run.DivergedAt);
        Assert.All(run.Network.Layers, layer => Assert.True(double.IsFinite(layer.Weights[0, 0])));
    }

    [Fact]
    public void ANonFiniteStepThrowsWhereAsked()
    {
        (Network network, Dataset data) = Overflowing();
        Assert.Contains(
            "step 0",
            Assert
                .Throws<NotFiniteNumberException>(() =>
                    Trainer.Train(network, data, new() { Steps = 3, NonFinite = NonFinitePolicy.Throw })
                )
                .Message,
            StringComparison.Ordinal
        );
    }
}
