using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

public class InitializerTests
{
    public static TheoryData<string, double, double> Cases() =>
        new()
        {
            { "HeNormal", 2.0 / 300, 3 },
            { "HeUniform", 2.0 / 300, 1.8 },
            { "GlorotNormal", 2.0 / 500, 3 },
            { "GlorotUniform", 2.0 / 500, 1.8 },
            { "LeCunNormal", 1.0 / 300, 3 },
            { "LeCunUniform", 1.0 / 300, 1.8 },
        };

    /// <summary>
    /// Of n = 60,000 draws the mean has standard error sigma / sqrt(n), the variance sigma² sqrt((kurtosis - 1) / n);
    /// five of them are allowed. The kurtosis of normal draws has standard error sqrt(24 / n), of uniform ones less.
    /// </summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void MomentsAreThoseOfThePaper(string name, double variance, double kurtosis)
    {
        var initializer = (Initializer)typeof(Initializer).GetProperty(name)!.GetValue(null)!;
        Matrix<double> weights = initializer.Sample(200, 300, new Random(3));
        Assert.Equal((200, 300), (weights.RowCount, weights.ColumnCount));
        Assert.Equal(variance, initializer.Variance(200, 300), 1e-15);
        double[] draws = weights.ToColumnMajorArray();
        int n = draws.Length;
        double mean = draws.Average();
        double second = draws.Average(w => w * w);
        double fourth = draws.Average(w => w * w * w * w);
        Assert.Equal(0, mean, 5 * Math.Sqrt(variance / n));
        Assert.Equal(variance, second, 5 * variance * Math.Sqrt((kurtosis - 1) / n));
        Assert.Equal(kurtosis, fourth / (second * second), 5 * Math.Sqrt(24.0 / n));
    }

    [Fact]
    public void ASeedDecidesTheDraw()
    {
        Matrix<double> Draw(int seed) => Initializer.HeNormal.Sample(4, 5, new Random(seed));
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }

    [Fact]
    public void LayersOfANetworkAreDrawnApart()
    {
        Network network = Network.Create([5, 5, 5], Activation.Tanh, Initializer.HeNormal, 1);
        Assert.NotEqual(network.Layers[0].Weights, network.Layers[1].Weights);
    }
}
