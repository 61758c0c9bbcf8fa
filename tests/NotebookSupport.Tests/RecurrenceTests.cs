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
}
