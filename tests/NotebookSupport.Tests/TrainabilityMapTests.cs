namespace NotebookSupport.Tests;

public class TrainabilityMapTests
{
    /// <summary>Cells of each kind: at the bottom, on both sides of the tongue, at its edges and in its tip.</summary>
    [Theory]
    [InlineData(0.6, 2)]
    [InlineData(0.9, 12)]
    [InlineData(1.08, 20)]
    [InlineData(1.38, 50)]
    [InlineData(1.5, 36)]
    [InlineData(2.4, 18)]
    [InlineData(3, 10)]
    [InlineData(3, 50)]
    public void AStoredCellIsWhatItsTrainingsGive(double scale, double depth) =>
        Assert.Equal(
            TrainabilityMap.Train(scale, depth),
            TrainabilityMap.Steps.Select(steps => TrainabilityMap.Accuracy(steps, scale, depth))
        );

    [Fact]
    public void EveryCellIsStored() =>
        Assert.All(
            TrainabilityMap.Depths.SelectMany(depth => TrainabilityMap.Scales, (depth, scale) => (depth, scale)),
            cell =>
                Assert.All(
                    TrainabilityMap.Steps,
                    steps => Assert.InRange(TrainabilityMap.Accuracy(steps, cell.scale, cell.depth), 0, 1)
                )
        );

    [Fact]
    public void APlaceOffTheGridIsNamed() =>
        Assert.StartsWith(
            "depth is 3; expected one of 2, 4, …, 50.",
            Assert.Throws<ArgumentOutOfRangeException>(() => TrainabilityMap.Accuracy(400, 0.6, 3)).Message,
            StringComparison.Ordinal
        );
}
