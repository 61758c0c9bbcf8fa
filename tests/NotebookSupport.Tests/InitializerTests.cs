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

    /// <summary>A sample variance of n normal draws has standard error sqrt(2 / n) of itself; five are allowed.</summary>
    [Theory]
    [InlineData(FanMode.FanIn, 400, 25, 3.0 / 25)]
    [InlineData(FanMode.FanOut, 400, 25, 3.0 / 400)]
    [InlineData(FanMode.FanAverage, 400, 25, 6.0 / 425)]
    [InlineData(FanMode.FanIn, 25, 400, 3.0 / 400)]
    [InlineData(FanMode.FanOut, 25, 400, 3.0 / 25)]
    [InlineData(FanMode.FanAverage, 25, 400, 6.0 / 425)]
    public void FanModesTellTallFromWide(FanMode mode, int fanOut, int fanIn, double variance)
    {
        Initializer rule = Initializer.VarianceScaling(3, mode);
        Assert.Equal(variance, rule.Variance(fanOut, fanIn), 1e-15);
        double measured = rule.Sample(fanOut, fanIn, new Random(4)).Enumerate().Average(w => w * w);
        Assert.Equal(variance, measured, 5 * variance * Math.Sqrt(2.0 / (fanOut * fanIn)));
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

    /// <summary>Householder's algorithm is backward stable: the error is some epsilon times the size, 60 · 2.2e-16.</summary>
    [Theory]
    [InlineData(60, 60)]
    [InlineData(60, 20)]
    [InlineData(20, 60)]
    public void OrthogonalRowsOrColumnsAreOrthonormal(int fanOut, int fanIn)
    {
        Matrix<double> w = Initializer.Orthogonal(3).Sample(fanOut, fanIn, new Random(1)) / 3;
        Matrix<double> gram = fanOut >= fanIn ? w.TransposeThisAndMultiply(w) : w.TransposeAndMultiply(w);
        Matrix<double> error = gram - Matrix<double>.Build.DenseIdentity(gram.RowCount);
        Assert.InRange(error.Enumerate().Max(Math.Abs), 0, 1e-13);
        Assert.Equal(9.0 / 60, Initializer.Orthogonal(3).Variance(fanOut, fanIn), 1e-15);
    }

    /// <summary>
    /// The trace of a Haar matrix has mean 0 and variance 1 (Diaconis and Shahshahani, 1994); an unfixed Q of
    /// Householder's algorithm has a negative mean.
    /// </summary>
    [Fact]
    public void OrthogonalMatricesAreDrawnEvenly()
    {
        var random = new Random(2);
        double mean = Enumerable
            .Range(0, 400)
            .Average(_ => Initializer.Orthogonal().Sample(3, 3, random).Diagonal().Sum());
        Assert.Equal(0, mean, 5 / Math.Sqrt(400));
    }

    [Fact]
    public void LsuvGivesEveryLayerUnitVariance()
    {
        Network start = Network.Create([64, 50, 50, 50, 10], Activation.Tanh, Initializer.Orthogonal(0.1), 1);
        Dataset digits = Datasets.Digits();
        Network scaled = Lsuv.Apply(start, digits.Inputs);
        Assert.All(
            scaled.Signals(digits.Inputs),
            signal => Assert.Equal(1, signal.SecondMomentOfSums - signal.MeanOfSums * signal.MeanOfSums, 0.01)
        );
        Assert.Equal(0.1, start.Layers[1].Weights.L2Norm(), 1e-12);
    }

    [Fact]
    public void TheNotesFunctionGivesEachLayerItsOwnParameters()
    {
        IReadOnlyDictionary<string, Matrix<double>> parameters = LectureNote.InitializeParameters(
            [4, 4, 4, 1],
            new Random(1)
        );
        Assert.Equal(["W1", "b1", "W2", "b2", "W3", "b3"], parameters.Keys);
        Assert.NotEqual(parameters["W1"], parameters["W2"]);
        Assert.Equal((1, 4), (parameters["W3"].RowCount, parameters["W3"].ColumnCount));
        Assert.Equal(Matrix<double>.Build.Dense(4, 1), parameters["b2"]);
    }
}
