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
    public void FanModesDivideByTheirOwnFan(FanMode mode, int fanOut, int fanIn, double variance)
    {
        Initializer rule = Initializer.VarianceScaling(3, mode);
        Assert.Equal(variance, rule.Variance(fanOut, fanIn), 1e-15);
        double measured = rule.Sample(fanOut, fanIn, new Random(4)).Enumerate().Average(w => w * w);
        Assert.Equal(variance, measured, 5 * variance * Math.Sqrt(2.0 / (fanOut * fanIn)));
    }

    /// <summary>
    /// The kurtosis of a standard normal cut at ±2 is m4 / m2², by parts with m2 = 1 - 4 phi / p, m4 = 3 m2 - 16 phi / p and
    /// p the probability left. Of n = 60,000 draws the variance has standard error s² sqrt((kurtosis - 1) / n); five are
    /// allowed, and without the correction it would be off by 23 %.
    /// </summary>
    [Fact]
    public void ATruncatedNormalHasTheVarianceAskedForAndEndsAtTwoDeviationsBeforeTheCut()
    {
        double phi = Math.Exp(-2) / Math.Sqrt(2 * Math.PI);
        const double p = 0.954499736103641585599434725666933;
        double m2 = 1 - 4 * phi / p;
        double kurtosis = (3 * m2 - 16 * phi / p) / (m2 * m2);
        const double kerasFactor = .87962566103423978;
        Assert.Equal(kerasFactor, Math.Sqrt(m2), 1e-15);
        foreach (
            (Initializer rule, double variance) in new[]
            {
                (Initializer.TruncatedNormal(0.3), 0.09),
                (Initializer.VarianceScaling(2, FanMode.FanIn, Distribution.TruncatedNormal), 2.0 / 300),
            }
        )
        {
            double[] draws = rule.Sample(200, 300, new Random(3)).ToColumnMajorArray();
            double second = draws.Average(w => w * w);
            Assert.Equal(variance, rule.Variance(200, 300), 1e-15);
            Assert.Equal(variance, second, 5 * variance * Math.Sqrt((kurtosis - 1) / draws.Length));
            Assert.Equal(
                kurtosis,
                draws.Average(w => w * w * w * w) / (second * second),
                5 * Math.Sqrt(24.0 / draws.Length)
            );
            double cut = 2 * Math.Sqrt(variance) / kerasFactor;
            Assert.InRange(draws.Max(Math.Abs), 0.99 * cut, cut * (1 + 1e-15));
        }
        Assert.Equal(
            "He truncated normal",
            Initializer.VarianceScaling(2, distribution: Distribution.TruncatedNormal).ToString()
        );
    }

    [Fact]
    public void ARuleOfOnesOwnDrawsTheLayersOfANetwork()
    {
        Initializer twice = Initializer.From(
            "twice He",
            (fanOut, fanIn, random) => 2 * Initializer.HeNormal.Sample(fanOut, fanIn, random),
            (_, fanIn) => 8.0 / fanIn
        );
        Network own = Network.Create([3, 4, 2], Activation.ReLU, twice, 7);
        Network he = Network.Create([3, 4, 2], Activation.ReLU, Initializer.HeNormal, 7);
        Assert.All([0, 1], l => Assert.Equal(2 * he.Layers[l].Weights, own.Layers[l].Weights));
        Assert.Equal("twice He", twice.ToString());
        Assert.Equal(8.0 / 3, twice.Variance(4, 3));
    }

    [Fact]
    public void ARuleOfTheWrongShapeIsToldWhichShapeIsExpected()
    {
        Initializer turned = Initializer.From(
            "turned",
            (fanOut, fanIn, _) => Matrix<double>.Build.Dense(fanIn, fanOut)
        );
        Assert.Equal(
            "The initializer turned gave [3 x 4]; expected a matrix of [fan-out x fan-in], [4 x 3].",
            Assert.Throws<InvalidOperationException>(() => turned.Sample(4, 3, new Random(1))).Message
        );
        Assert.Equal(double.NaN, turned.Variance(4, 3));
    }

    [Fact]
    public void ASeedDecidesTheDraw()
    {
        Matrix<double> Draw(int seed) => Initializer.HeNormal.Sample(4, 5, new Random(seed));
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }

    [Fact]
    public void LayersOfANetworkAreDrawnIndependently()
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
    public void OrthogonalMatricesAreHaarDistributed()
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
            signal =>
                Assert.Equal(
                    1,
                    signal.SecondMomentOfPreActivations - signal.MeanOfPreActivations * signal.MeanOfPreActivations,
                    0.01
                )
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

    /// <summary>
    /// Draws are made in blocks, but the generator gives no more numbers than one pair after the other asks for, so that what
    /// is drawn next does not depend on the blocks.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1001)]
    public void NormalDrawsAreThoseOfOnePairAfterTheOther(int count)
    {
        var blocks = new Random(7);
        var pairs = new Random(7);
        double[] drawn = Initializer.Normal(0.5).Sample(count, 1, blocks).ToColumnMajorArray();
        var expected = new List<double>();
        while (expected.Count < count)
        {
            double u = 2 * pairs.NextDouble() - 1;
            double v = 2 * pairs.NextDouble() - 1;
            double square = u * u + v * v;
            if (square is not (> 0 and < 1))
                continue;
            double factor = Math.Sqrt(-2 * Elementary.Log(square) / square);
            expected.AddRange([0.5 * (u * factor), 0.5 * (v * factor)]);
        }
        Assert.Equal(expected.Take(count), drawn);
        Assert.Equal(pairs.NextDouble(), blocks.NextDouble());
    }
}
