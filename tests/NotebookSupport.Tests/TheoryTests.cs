using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

public class TheoryTests
{
    /// <summary>The points (1, 2) and (-1, -2): a line through 0, so that the biases stay 0.</summary>
    private static readonly Dataset TwoPoints = new(
        "two points",
        Matrix<double>.Build.Dense(1, 2, [1, -1]),
        Matrix<double>.Build.Dense(1, 2, [2, -2]),
        Loss.MeanSquaredError
    );

    /// <summary>
    /// Euler's steps of gradient descent follow the flow with an error of the order of the learning rate times the
    /// largest curvature: at rate 1e-4 and second derivatives of at most 2 s² · 2 = 16, some 1e-3 of the strength.
    /// </summary>
    [Fact]
    public void ALinearNetworkLearnsAsSaxesCurveSays()
    {
        const double rate = 1e-4;
        Network start = Network.Create([1, 1, 1], Activation.Identity, Initializer.Constant(0.1), 1);
        TrainingRun run = Trainer.Train(
            start,
            TwoPoints,
            new()
            {
                LearningRate = rate,
                Steps = 12000,
                Snapshots = 60,
            }
        );
        Assert.All(
            run.Snapshots,
            snapshot =>
            {
                double strength = snapshot.Network.Layers[0].Weights[0, 0] * snapshot.Network.Layers[1].Weights[0, 0];
                Assert.Equal(
                    LinearNetworks.ModeStrength(snapshot.Step, 0.01, 2, 1 / (2 * rate)),
                    strength,
                    16 * rate * 2
                );
            }
        );
    }

    /// <summary>
    /// While the output is near 0 the gradient of one weight of h + 1 is -2 t times the product of the others, so the
    /// growth rate is 2 t times the learning rate. It is watched until the output is 1 % of the target, which slows it
    /// by at most 1 %; one step is the resolution.
    /// </summary>
    [Theory]
    [InlineData(1, 0.01)]
    [InlineData(1, 0.001)]
    [InlineData(2, 0.05)]
    [InlineData(3, 0.1)]
    public void APlateauLastsAsLongAsTheLawSays(int hiddenLayers, double start)
    {
        const double rate = 1e-3;
        double end = Math.Pow(0.02, 1.0 / (hiddenLayers + 1));
        Network network = Network.Create(
            [.. Enumerable.Repeat(1, hiddenLayers + 2)],
            Activation.Identity,
            Initializer.Constant(start),
            1
        );
        double law = LinearNetworks.PlateauTime(hiddenLayers, start, end, 2 * 2 * rate);
        TrainingRun run = Trainer.Train(network, TwoPoints, new() { LearningRate = rate, Steps = (int)(2 * law) });
        int taken = run.Losses.ToList().FindIndex(loss => loss < (2 - 0.02) * (2 - 0.02));
        Assert.InRange(taken, law * 0.99 - 1, law * 1.01 + 1);
    }

    /// <summary>
    /// 300 networks of 10 layers of 200 units: the mean of the logarithm has standard error sqrt(variance / 300), its
    /// variance about sqrt(2 / 300) of itself; five are allowed. What the first order leaves out is of the order of
    /// layers / n² = 2.5e-4, far below.
    /// </summary>
    [Fact]
    public void TheLogarithmOfANormIsTheRandomWalkOfFiniteWidth()
    {
        int[] widths = [.. Enumerable.Repeat(200, 10)];
        Matrix<double> input = Initializer.Normal(1).Sample(200, 1, new Random(1));
        double[] logs =
        [
            .. Enumerable
                .Range(0, 300)
                .Select(seed =>
                    Math.Log(
                        Network
                            .Create([200, .. widths, 1], Activation.ReLU, Initializer.HeNormal, seed)
                            .Signals(input)[9]
                            .SecondMomentOfActivations
                            * 200
                            / input.Enumerate().Sum(x => x * x)
                    )
                ),
        ];
        (double mean, double variance) = FiniteWidth.LogSquaredNorm(widths, 200);
        double average = logs.Average();
        Assert.Equal(mean, average, 5 * Math.Sqrt(variance / 300));
        Assert.Equal(variance, logs.Average(x => (x - average) * (x - average)), 5 * variance * Math.Sqrt(2.0 / 300));
    }
}
