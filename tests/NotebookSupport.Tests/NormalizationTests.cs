using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

public class NormalizationTests
{
    private const double Epsilon = 1e-5;

    private static readonly Dataset Circles = Datasets.Circles(80);

    private static Network Create(Normalization normalization, Activation? phi = null, double? residualScale = null) =>
        Network.Create(
            [2, 6, 6, 1],
            phi ?? Activation.Tanh,
            Initializer.GlorotNormal,
            1,
            Initializer.Normal(0.1),
            residualScale,
            normalization
        );

    /// <summary>
    /// Central differences with h = 1e-5 are off by h²/6 times the third derivative, which 1 / sqrt(variance), up to 10
    /// here, makes a thousand times larger: below 1e-7. A gradient that left the mean or the variance out would be off by a
    /// fraction of its size.
    /// </summary>
    [Theory]
    [InlineData(Normalization.Batch, null)]
    [InlineData(Normalization.Layer, null)]
    [InlineData(Normalization.Batch, 0.5)]
    [InlineData(Normalization.Layer, 0.5)]
    public void GradientsAgreeWithCentralDifferences(Normalization normalization, double? residualScale)
    {
        foreach (Activation phi in (Activation[])[Activation.Tanh, Activation.GELU])
            Assert.InRange(Diagnostics.GradientError(Create(normalization, phi, residualScale), Circles), 0, 1e-7);
    }

    /// <summary>
    /// Each of u = W a, less its group's mean and divided by the root of its variance + 1e-5, and plus b; a few roundings
    /// of numbers up to 5.
    /// </summary>
    [Theory]
    [InlineData(Normalization.Batch)]
    [InlineData(Normalization.Layer)]
    public void PreActivationsAreNormalizedInTraining(Normalization normalization)
    {
        Network network = Create(normalization);
        LayerSignal signal = network.Signals(Circles.Inputs, Circles.Targets, Circles.Loss)[0];
        Matrix<double> u = network.Layers[0].Weights * Circles.Inputs;
        Matrix<double> expected = normalization == Normalization.Batch ? ByRow(u) : ByRow(u.Transpose()).Transpose();
        Vector<double> biases = network.Layers[0].Biases;
        Assert.InRange(
            (expected.MapIndexed((row, _, n) => n + biases[row]) - signal.PreActivations).Enumerate().Max(Math.Abs),
            0,
            1e-13
        );

        static Matrix<double> ByRow(Matrix<double> rows) =>
            Matrix<double>.Build.DenseOfRowVectors(
                rows.EnumerateRows()
                    .Select(row =>
                    {
                        Vector<double> centred = row - row.Average();
                        return centred / Math.Sqrt(centred.Average(x => x * x) + Epsilon);
                    })
            );
    }

    /// <summary>
    /// A learning rate of 0 keeps the weights, so that after T steps on one and the same batch the running mean is
    /// (1 - 0.9^T) times its mean, and the variance 0.9^T + (1 - 0.9^T) times the unbiased one; 50 roundings of 1e-16 each.
    /// </summary>
    [Fact]
    public void OutsideTrainingABatchNormalizedLayerUsesRunningAverages()
    {
        const int steps = 7;
        Network network = Create(Normalization.Batch);
        Network trained = Trainer.Train(network, Circles, new() { LearningRate = 0, Steps = steps }).Network;
        double old = Math.Pow(0.9, steps);
        Matrix<double> u = network.Layers[0].Weights * Circles.Inputs;
        for (int unit = 0; unit < 6; unit++)
        {
            Vector<double> row = u.Row(unit);
            double mean = row.Average();
            double variance = row.Sum(x => (x - mean) * (x - mean)) / (row.Count - 1);
            Assert.Equal((1 - old) * mean, trained.Layers[0].RunningMean[unit], 1e-14);
            Assert.Equal(old + (1 - old) * variance, trained.Layers[0].RunningVariance[unit], 1e-14);
            Assert.Equal(
                (u[unit, 0] - (1 - old) * mean) / Math.Sqrt(old + (1 - old) * variance + Epsilon)
                    + network.Layers[0].Biases[unit],
                trained.Signals(Circles.Inputs)[0].PreActivations[unit, 0],
                1e-13
            );
        }
        Assert.Equal(Vector<double>.Build.Dense(6), network.Layers[0].RunningMean);
        Assert.Equal(Vector<double>.Build.Dense(6, 1), network.Layers[0].RunningVariance);
    }

    /// <summary>An example alone, and among others: outside training its answer is the same.</summary>
    [Theory]
    [InlineData(Normalization.Batch)]
    [InlineData(Normalization.Layer)]
    public void AnAnswerDoesNotDependOnTheOtherExamples(Normalization normalization)
    {
        Network trained = Trainer.Train(Create(normalization), Circles, new() { Steps = 20, BatchSize = 16 }).Network;
        Assert.Equal(
            trained.Forward(Circles.Inputs)[0, 3],
            trained.Forward(Circles.Inputs.SubMatrix(0, 2, 3, 1))[0, 0]
        );
    }

    /// <summary>
    /// Five layers of weights that are far too small: without normalization the loss stays at ln 10, with it the network learns.
    /// </summary>
    [Theory]
    [InlineData(Normalization.Batch)]
    [InlineData(Normalization.Layer)]
    public void ANormalizedNetworkLearnsFromWeightsThatAreTooSmall(Normalization normalization)
    {
        double FinalLoss(Normalization how)
        {
            Network start = Network.Create(
                [64, .. Enumerable.Repeat(32, 5), 10],
                Activation.ReLU,
                Initializer.Normal(0.01),
                1,
                normalization: how
            );
            var options = new TrainingOptions
            {
                LearningRate = 0.02,
                Steps = 400,
                BatchSize = 64,
            };
            return Trainer.Train(start, Datasets.Digits(), options).FinalLoss;
        }
        Assert.Equal(Math.Log(10), FinalLoss(Normalization.None), 1e-2);
        Assert.InRange(FinalLoss(normalization), 0, 1);
    }

    [Fact]
    public void ALayerSaysHowItNormalizes()
    {
        Layer layer = Create(Normalization.Batch, residualScale: 0.5).Layers[1];
        Assert.Equal("6 -> 6 tanh, batch normalization, residual 0.5", layer.ToString());
        Assert.Equal(2, (layer with { Weights = Matrix<double>.Build.Dense(2, 6) }).RunningMean.Count);
    }

    [Theory]
    [InlineData(Normalization.Batch)]
    [InlineData(Normalization.Layer)]
    public void ThreadsDoNotChangeTheDigits(Normalization normalization)
    {
        TrainingRun[] runs =
        [
            .. new[] { 1, 2, 3 }.Select(threads =>
                Trainer.Train(
                    Create(normalization),
                    Circles,
                    new()
                    {
                        Steps = 30,
                        BatchSize = 70,
                        Threads = threads,
                    }
                )
            ),
        ];
        Assert.Equal(runs[0].Losses, runs[1].Losses);
        Assert.Equal(runs[0].Losses, runs[2].Losses);
    }
}
