using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

public class DatasetsTests
{
    [Fact]
    public void CirclesWithoutNoiseHaveTheirRadii()
    {
        Dataset circles = Datasets.Circles(40, factor: 0.3, noise: 0);
        Assert.All(
            circles.Inputs.EnumerateColumns().Zip(circles.Labels),
            point => Assert.Equal(point.Second == 0 ? 1 : 0.3, point.First.L2Norm(), 1e-15)
        );
    }

    [Fact]
    public void MoonsWithoutNoiseAreHalfCircles()
    {
        Dataset moons = Datasets.Moons(40, noise: 0);
        Assert.All(
            moons.Inputs.EnumerateColumns().Zip(moons.Labels),
            point =>
            {
                Vector<double> centre = Vector<double>.Build.Dense(point.Second == 0 ? [0, 0] : [1, 0.5]);
                Vector<double> offset = point.First - centre;
                Assert.Equal(1, offset.L2Norm(), 1e-15);
                Assert.True(point.Second == 0 ? offset[1] >= 0 : offset[1] <= 1e-15);
            }
        );
    }

    [Fact]
    public void SpiralsWithoutNoiseWindOutwards()
    {
        Dataset spirals = Datasets.Spirals(300, classes: 3, turns: 1, noise: 0);
        double[] radii = [.. spirals.Inputs.EnumerateColumns().Select(point => point.L2Norm())];
        Assert.All(radii.Zip(radii.Skip(3)), pair => Assert.True(pair.Second > pair.First));
        Assert.Equal([100, 100, 100], spirals.Labels.CountBy(label => label).Select(pair => pair.Value));
        Vector<double> quarter = spirals.Inputs.Column(75);
        Assert.Equal((0, 0.25), (Math.Round(quarter[0], 12), Math.Round(quarter[1], 12)));
    }

    /// <summary>The mean of n points of deviation 0.3 has standard error 0.3 / sqrt(n); five are allowed.</summary>
    [Fact]
    public void BlobsLieAroundTheirCentres()
    {
        Dataset blobs = Datasets.Blobs(4000, classes: 4);
        IReadOnlyList<int> labels = blobs.Labels;
        for (int label = 0; label < 4; label++)
        {
            Vector<double>[] points = [.. blobs.Inputs.EnumerateColumns().Where((_, i) => labels[i] == label)];
            double angle = Math.PI / 2 * label;
            Assert.Equal(Math.Cos(angle), points.Average(p => p[0]), 5 * 0.3 / Math.Sqrt(1000));
            Assert.Equal(Math.Sin(angle), points.Average(p => p[1]), 5 * 0.3 / Math.Sqrt(1000));
        }
    }

    [Fact]
    public void ASeedDecidesTheNoise()
    {
        Assert.Equal(Datasets.Moons(seed: 3).Inputs, Datasets.Moons(seed: 3).Inputs);
        Assert.NotEqual(Datasets.Moons(seed: 3).Inputs, Datasets.Moons(seed: 4).Inputs);
    }

    [Fact]
    public void StandardizationIsMeasuredOnceAndAppliesToOthers()
    {
        var data = new Dataset(
            "three features",
            Matrix<double>.Build.DenseOfRowArrays([1, 2, 3], [7, 7, 7], [-10, 0, 40]),
            Matrix<double>.Build.Dense(1, 3),
            Loss.MeanSquaredError
        );
        Standardization standardization = Standardization.Of(data);
        Matrix<double> inputs = standardization.Apply(data).Inputs;
        Assert.All(inputs.EnumerateRows(), row => Assert.Equal(0, row.Average(), 1e-15));
        Assert.Equal([1, 0, 1], inputs.EnumerateRows().Select(row => Math.Round(row.Average(x => x * x), 14)));
        var other = new Dataset(
            "one",
            Matrix<double>.Build.Dense(3, 1, [2, 8, 10]),
            Matrix<double>.Build.Dense(1, 1),
            Loss.MeanSquaredError
        );
        Assert.Equal([0, 1, 0], standardization.Apply(other).Inputs.Column(0));
    }
}
