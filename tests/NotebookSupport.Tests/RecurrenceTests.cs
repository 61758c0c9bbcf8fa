using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

public class RecurrenceTests
{
    private static readonly Matrix<double> Sequences = Initializer.Normal(1).Sample(8, 5, new Random(1));

    public static TheoryData<string> Losses => ["cliff", "sum"];

    private static PlaneLoss Cliff(double w, double b) => RecurrentUnit.Cliff(w, b);

    private static PlaneLoss Sum(double w, double v) => RecurrentUnit.RunningSum(w, v, Sequences);

    /// <summary>A central difference of step 1e-5 is wrong by some 1e-10 of the third derivative, below 1e4 here.</summary>
    [Theory]
    [MemberData(nameof(Losses))]
    public void TheGradientAgreesWithDifferences(string name)
    {
        Func<double, double, PlaneLoss> loss = name == "cliff" ? Cliff : Sum;
        (double x, double y) = name == "cliff" ? (3.0, -1.2) : (0.9, 1.1);
        const double h = 1e-5;
        PlaneLoss here = loss(x, y);
        Assert.Equal((loss(x + h, y).Loss - loss(x - h, y).Loss) / (2 * h), here.ByX, 1e-6);
        Assert.Equal((loss(x, y + h).Loss - loss(x, y - h).Loss) / (2 * h), here.ByY, 1e-6);
    }

    [Fact]
    public void TheRunningSumHasItsMinimumAtOneAndOne()
    {
        PlaneLoss minimum = Sum(1, 1);
        Assert.InRange(minimum.Loss, 0, 1e-28);
        Assert.InRange(minimum.GradientNorm, 0, 1e-12);
    }

    [Fact]
    public void AStepIsAtMostRateTimesThreshold()
    {
        IReadOnlyList<PlaneStep> path = PlaneDescent.Run(Cliff, 5.3, -2.4, 0.1, 20, 0.5);
        Assert.Equal(21, path.Count);
        Assert.All(
            path.Zip(path.Skip(1)),
            pair =>
                Assert.InRange(
                    Math.Sqrt(Math.Pow(pair.Second.X - pair.First.X, 2) + Math.Pow(pair.Second.Y - pair.First.Y, 2)),
                    0,
                    0.05 * (1 + 1e-12)
                )
        );
    }

    [Fact]
    public void ADescentThatDivergesEndsThere()
    {
        IReadOnlyList<PlaneStep> path = PlaneDescent.Run(Sum, 1.5, 1, 1, 1000);
        Assert.InRange(path.Count, 2, 20);
    }

    /// <summary>A central difference of step 1e-5 is wrong by some 1e-10 of the third derivative, below 1e3 here.</summary>
    [Fact]
    public void ARecurrentNetworkHasTheGradientOfDifferences()
    {
        Dataset data = Datasets.Adding(7, 5);
        RecurrentNetwork network = RecurrentNetwork.Create(2, 8, 1, 1.2, 3);
        Gradients gradients = network.Gradients(data.Inputs, data.Targets);
        double Loss(RecurrentNetwork moved) =>
            NotebookSupport.Loss.MeanSquaredError.Value(moved.Forward(data.Inputs), data.Targets);
        Assert.Equal(Loss(network), gradients.Loss, 1e-12);
        const double h = 1e-5;
        foreach ((int row, int column) in ((int, int)[])[(0, 0), (3, 7), (5, 8), (7, 9)])
        {
            RecurrentNetwork Moved(double by)
            {
                Matrix<double> weights = network.Hidden.Weights;
                weights[row, column] += by;
                return network with { Hidden = network.Hidden with { Weights = weights } };
            }
            Assert.Equal((Loss(Moved(h)) - Loss(Moved(-h))) / (2 * h), gradients.Layers[0].Weights[row, column], 1e-7);
        }
        RecurrentNetwork Lifted(Layer hidden, Layer readout) => new(hidden, readout);
        Vector<double> up = Vector<double>.Build.Dense(8, i => i == 2 ? h : 0);
        Layer Shifted(double sign) => network.Hidden with { Biases = network.Hidden.Biases + sign * up };
        Assert.Equal(
            (Loss(Lifted(Shifted(1), network.Readout)) - Loss(Lifted(Shifted(-1), network.Readout))) / (2 * h),
            gradients.Layers[0].Biases[2],
            1e-7
        );
        Layer Read(double by) => network.Readout with { Weights = network.Readout.Weights + by };
        Assert.Equal(
            (Loss(Lifted(network.Hidden, Read(h))) - Loss(Lifted(network.Hidden, Read(-h)))) / (2 * h),
            gradients.Layers[1].Weights.Enumerate().Sum(),
            1e-7
        );
    }

    [Fact]
    public void ASignalGradientGoesBackByAtMostTheSingularValue()
    {
        Dataset data = Datasets.Adding(20, 12);
        IReadOnlyList<double> norms = RecurrentNetwork.Create(2, 16, 1, 0.7, 1).DeltaNorms(data.Inputs, data.Targets);
        Assert.Equal(12, norms.Count);
        Assert.All(norms.Zip(norms.Skip(1)), pair => Assert.InRange(pair.First, 0, 0.7 * (1 + 1e-12) * pair.Second));
    }

    [Fact]
    public void ARecurrentTrainingStepsByRateTimesTheClippedGradient()
    {
        Dataset data = Datasets.Adding(8, 6);
        RecurrentNetwork network = RecurrentNetwork.Create(2, 8, 1, 1, 1);
        RecurrentRun run = RecurrentTrainer.Train(network, data, 0.1, 1, GradientClipping.ByGlobalNorm(0.5));
        Gradients clipped = GradientClipping
            .ByGlobalNorm(0.5)
            .Clip(network.Gradients(data.Inputs, data.Targets))
            .Gradients;
        Assert.True(run.Steps[0].GradientNorm > 0.5);
        Matrix<double> moved = run.Network.Hidden.Weights - network.Hidden.Weights;
        Assert.InRange((moved + 0.1 * clipped.Layers[0].Weights).FrobeniusNorm(), 0, 1e-14);
    }

    [Fact]
    public void ARecurrentTrainingLearnsAndOneThatDivergesEndsThere()
    {
        Dataset data = Datasets.Adding(64, 4);
        RecurrentNetwork network = RecurrentNetwork.Create(2, 8, 1, 1, 1);
        RecurrentRun run = RecurrentTrainer.Train(network, data, 0.1, 300, GradientClipping.ByGlobalNorm(1));
        Assert.Null(run.DivergedAt);
        Assert.InRange(run.Steps[^1].Loss, 0, 0.1 * run.Steps[0].Loss);
        RecurrentRun lost = RecurrentTrainer.Train(network, data, 1e3, 3000);
        Assert.Equal(lost.Steps[^1].Step, lost.DivergedAt);
        Assert.InRange(lost.Steps.Count, 2, 2999);
    }

    [Fact]
    public void TheAddingProblemMarksOneNumberInEachHalf()
    {
        Dataset data = Datasets.Adding(50, 7, 4);
        for (int n = 0; n < data.Count; n++)
        {
            int[] marked = [.. Enumerable.Range(0, 7).Where(step => data.Inputs[2 * step + 1, n] == 1)];
            Assert.Equal(2, marked.Length);
            Assert.True(marked[0] < 3 && marked[1] >= 3);
            Assert.Equal(data.Inputs[2 * marked[0], n] + data.Inputs[2 * marked[1], n], data.Targets[0, n]);
        }
    }
}
