namespace NotebookSupport.Tests;

/// <summary>Claims 1 and 2: what equal weights do to a training on two circles.</summary>
public class SymmetryTests
{
    private static TrainingRun Train(Activation activation, Initializer initializer) =>
        Trainer.Train(
            Network.Create([2, 8, 1], activation, initializer, 1),
            Datasets.Circles(100),
            new()
            {
                LearningRate = 0.5,
                Steps = 1000,
                Snapshots = 10,
            }
        );

    [Fact]
    public void EqualUnitsStayExactlyEqual()
    {
        TrainingRun run = Train(Activation.Tanh, Initializer.Constant(0.5));
        Assert.All(run.Snapshots, s => Assert.Equal(0, Diagnostics.UnitDifference(s.Network.Layers[0].Weights)));
        Assert.NotEqual(run.Initial.Layers[0].Weights, run.Network.Layers[0].Weights);
    }

    [Fact]
    public void RandomUnitsLearnTheCircles()
    {
        TrainingRun run = Train(Activation.Tanh, Initializer.GlorotNormal);
        Assert.True(Diagnostics.UnitDifference(run.Network.Layers[0].Weights) > 0.1);
        Assert.Equal(1, Datasets.Circles(100).Accuracy(run.Network));
    }

    [Fact]
    public void ZeroWeightsOfReLUNeverMove()
    {
        TrainingRun run = Train(Activation.ReLU, Initializer.Zeros);
        Assert.All(run.Network.Layers, layer => Assert.Equal(0, layer.Weights.L1Norm()));
        Assert.Equal(Math.Log(2), run.FinalLoss, 1e-12);
    }
}
