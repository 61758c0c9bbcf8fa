using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

/// <summary>Bad input gets one sentence: which argument, its value, what was expected.</summary>
public class BadInputTests
{
    private static readonly Dataset Circles = Datasets.Circles(20);

    private static Network Small => Network.Create([2, 3, 1], Activation.Tanh, Initializer.GlorotNormal, 1);

    [Theory]
    [InlineData(new int[0], "sizes has 0 entries")]
    [InlineData(new[] { 3 }, "sizes has 1 entries")]
    [InlineData(new[] { 3, 0, 1 }, "sizes[1] is 0")]
    public void NetworkSizes(int[] sizes, string message) =>
        Says<ArgumentException>(message, () => Network.Create(sizes, Activation.Tanh, Initializer.HeNormal, 1));

    [Theory]
    [InlineData(-0.1, "LearningRate is -0.1")]
    [InlineData(double.NaN, "LearningRate is NaN")]
    public void LearningRate(double rate, string message) =>
        Says<ArgumentException>(message, () => Trainer.Train(Small, Circles, new() { LearningRate = rate }));

    [Fact]
    public void LayerRates()
    {
        Says<ArgumentException>(
            "LayerRates has length 1; expected 2",
            () => Trainer.Train(Small, Circles, new() { LayerRates = [(1, 1)] })
        );
        Says<ArgumentException>(
            "LayerRates.Biases is -1",
            () => Trainer.Train(Small, Circles, new() { LayerRates = [(1, 1), (1, -1)] })
        );
    }

    [Fact]
    public void Labels() =>
        Says<ArgumentException>(
            "labels[1] is 3; expected a class from 0 to 2",
            () => Dataset.OfClasses("x", Matrix<double>.Build.Dense(2, 2), [0, 3], 3)
        );

    [Fact]
    public void Shapes()
    {
        Says<ArgumentException>("inputs has 3 rows; expected 2", () => Small.Forward(Matrix<double>.Build.Dense(3, 1)));
        Says<ArgumentException>("expected 64 and 10", () => Trainer.Train(Small, Datasets.Digits()));
    }

    [Fact]
    public void EmptyBatch() =>
        Says<ArgumentException>("BatchSize is 0", () => Trainer.Train(Small, Circles, new() { BatchSize = 0 }));

    [Fact]
    public void Threads() =>
        Says<ArgumentException>("Threads is 0", () => Trainer.Train(Small, Circles, new() { Threads = 0 }));

    private static void Says<T>(string part, Action action)
        where T : Exception => Assert.Contains(part, Assert.ThrowsAny<T>(action).Message, StringComparison.Ordinal);
}
