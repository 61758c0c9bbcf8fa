using NotebookSupport.Benchmarks;

namespace NotebookSupport.Tests;

public class MeanFieldTests
{
    public static TheoryData<Activation, double, double> Scales() =>
        new()
        {
            { Activation.Sigmoid, 1, 0 },
            { Activation.Sigmoid, 20, 0 },
            { Activation.Tanh, 1.5, 0.3 },
            { Activation.Tanh, 3, 0 },
            { Activation.ReLU, Math.Sqrt(2), 0 },
            { Activation.LeakyReLU(0.2), 1, 0.5 },
            { Activation.ELU(), 1.2, 0.3 },
            { Activation.GELU, 1.2, 0.5 },
            { Activation.SiLU, 1.2, 0.5 },
            { Activation.From("sine", Math.Sin, Math.Cos), 1.5, 0.2 },
        };

    /// <summary>
    /// q*, chi and points of the correlation map against values of high precision: mpmath with 30 digits in one dimension, in
    /// two the trapezoidal rule in extended precision, whose step made no difference above 1e-15, and for ELU and GELU an
    /// inner expectation in closed form. They include a sigmoid at s = 20 and ELU (2), whose kink ends the series late.
    /// </summary>
    [Fact]
    public void TheFixedPointsAndMapsAreThoseOfHighPrecision()
    {
        IReadOnlyList<TheoryCase> cases = TheoryCase.Read(
            Path.Combine(AppContext.BaseDirectory, "Golden", "mean-field.json")
        );
        Assert.Equal(9, cases.Count);
        Assert.All(cases, one => Assert.InRange(one.WorstError(), 0, 1e-9));
    }

    /// <summary>A function of the reader's may use a variable, so nothing of it is kept from call to call.</summary>
    [Fact]
    public void AFunctionOfTheReadersMayChange()
    {
        double slope = 1;
        Activation own = Activation.From(
            "scaled tanh",
            z => slope * Math.Tanh(z),
            z => slope * (1 - Math.Pow(Math.Tanh(z), 2))
        );
        double before = MeanField.NextCorrelation(own, 0.5, 2, 0.1);
        Assert.Equal(MeanField.NextCorrelation(Activation.Tanh, 0.5, 2, 0.1), before, 1e-9);
        slope = 2;
        Assert.Equal(
            MeanField.NextCorrelation(Activation.Tanh, 0.5, 4, 0.1),
            MeanField.NextCorrelation(own, 0.5, 2, 0.1),
            1e-9
        );
    }

    /// <summary>The composite rule against one of many nodes more: 20,000 trapezoids over ±9, which converge fast for smooth functions.</summary>
    [Theory]
    [InlineData(0.01)]
    [InlineData(1)]
    [InlineData(400)]
    [InlineData(10000)]
    public void TheLengthMapIsAccurate(double q)
    {
        Activation own = Activation.From("arctan", Math.Atan, z => 1 / (1 + z * z));
        foreach (
            Activation activation in (Activation[])
                [Activation.Sigmoid, Activation.Tanh, Activation.GELU, Activation.SiLU, own]
        )
        {
            double reference = Trapezoids(z => activation.Value(Math.Sqrt(q) * z) * activation.Value(Math.Sqrt(q) * z));
            Assert.Equal(reference, MeanField.NextLength(activation, q, 1), 1e-9 * Math.Max(1, q));
            double slope = Trapezoids(z => Math.Pow(activation.Derivative(Math.Sqrt(q) * z), 2));
            Assert.Equal(slope, MeanField.Chi(activation, q, 1), 1e-9);
        }
    }

    /// <summary>
    /// For u of variance q, E[exp(k u); u below 0] is exp(k² q / 2) Phi(-k sqrt(q)): so both maps of ELU are closed. The
    /// logarithm of each factor, up to 50, is rounded to 1e-16 of it: 1e-14 of the term.
    /// </summary>
    [Theory]
    [InlineData(0.01)]
    [InlineData(1)]
    [InlineData(25)]
    public void TheMapsOfEluAreItsClosedForms(double q)
    {
        double Below(double k) => Math.Exp(k * k * q / 2) * Elementary.NormalProbability(-k * Math.Sqrt(q));
        Assert.Equal(
            q / 2 + Below(2) - 2 * Below(1) + 0.5,
            MeanField.NextLength(Activation.ELU(), q, 1),
            1e-12 * Math.Max(1, q)
        );
        Assert.Equal(0.5 + Below(2), MeanField.Chi(Activation.ELU(), q, 1), 1e-12);
    }

    /// <summary>
    /// Far from 0 these functions are ReLU, near 0 lines of slope 1/2 (GELU, SiLU) or 1 (ELU): above s² = 2 every signal that
    /// is large enough grows without end, and chi tends to s²/2.
    /// </summary>
    [Fact]
    public void UnboundedActivationsGrowWithoutEndAboveTheScaleOfReLU()
    {
        foreach (Activation phi in (Activation[])[Activation.GELU, Activation.SiLU, Activation.ELU()])
        {
            Assert.Equal(double.PositiveInfinity, MeanField.LengthFixedPoint(phi, 2.1));
            Assert.Equal(2.1 * 2.1 / 2, MeanField.ChiAtFixedPoint(phi, 2.1), 1e-12);
        }
        Assert.Equal(0, MeanField.LengthFixedPoint(Activation.GELU, 1.3));
        Assert.Equal(1.3 * 1.3 / 4, MeanField.ChiAtFixedPoint(Activation.GELU, 1.3), 1e-12);
        double q = MeanField.LengthFixedPoint(Activation.ELU(), 1.39);
        Assert.InRange(q, 10, 1000);
        Assert.Equal(q, MeanField.NextLength(Activation.ELU(), q, 1.39), 1e-9 * q);
    }

    /// <summary>Values that the course states, to the digits stated.</summary>
    [Fact]
    public void ChiIsWhatTheCourseSays()
    {
        Assert.Equal(0.0557, MeanField.ChiAtFixedPoint(Activation.Sigmoid, 1), 5e-5);
        Assert.Equal(0.50, MeanField.ChiAtFixedPoint(Activation.Sigmoid, 5), 5e-3);
        Assert.Equal(0.99, MeanField.ChiAtFixedPoint(Activation.Sigmoid, 10), 5e-3);
        Assert.Equal(1.93, MeanField.ChiAtFixedPoint(Activation.Sigmoid, 20), 5e-3);
        Assert.Equal(1.86, MeanField.ChiAtFixedPoint(Activation.Tanh, 3), 5e-3);
        Assert.Equal(1.21, MeanField.ChiAtFixedPoint(Activation.Tanh, 5.0 / 3), 5e-3);
        Assert.Equal(1, MeanField.ChiAtFixedPoint(Activation.ReLU, Math.Sqrt(2)), 1e-12);
        Assert.Equal(1, MeanField.CriticalScale(Activation.Tanh), 1e-6);
        Assert.Equal(Math.Sqrt(2 / 1.04), MeanField.CriticalScale(Activation.LeakyReLU(0.2)), 1e-12);
    }

    /// <summary>
    /// One layer of 200,000 units: the mean of z² has standard error sqrt(2 / n) of itself, as z is normal given the
    /// input; the mean of phi'² of values from 0 to 1 at most 1 / (2 sqrt(n)) times s². Five of each are allowed.
    /// </summary>
    [Theory]
    [MemberData(nameof(Scales))]
    public void ALayerFollowsTheMaps(Activation activation, double s, double biasScale)
    {
        const int n = 200_000;
        double q = 0.7;
        var random = new Random(5);
        double[] z = Initializer.Normal(Math.Sqrt(q)).Sample(n, 1, random).ToColumnMajorArray();
        double next = s * s * z.Average(u => activation.Value(u) * activation.Value(u)) + biasScale * biasScale;
        double fourth = z.Average(u => Math.Pow(activation.Value(u), 4));
        Assert.Equal(next, MeanField.NextLength(activation, q, s, biasScale), 5 * s * s * Math.Sqrt(fourth / n));
        double chi = s * s * z.Average(u => Math.Pow(activation.Derivative(u), 2));
        Assert.Equal(chi, MeanField.Chi(activation, q, s), 5 * s * s / (2 * Math.Sqrt(n)));
    }

    /// <summary>The correlated pairs are draws too; their mean product has standard error at most sqrt(E phi⁴ / n).</summary>
    [Theory]
    [MemberData(nameof(Scales))]
    public void CorrelationsFollowTheMap(Activation activation, double s, double biasScale)
    {
        const int n = 200_000;
        const double c = 0.4;
        double q = MeanField.LengthFixedPoint(activation, s, biasScale);
        var random = new Random(6);
        double[] z = Initializer.Normal(1).Sample(2 * n, 1, random).ToColumnMajorArray();
        double[] products =
        [
            .. Enumerable
                .Range(0, n)
                .Select(i =>
                    activation.Value(Math.Sqrt(q) * z[2 * i])
                    * activation.Value(Math.Sqrt(q) * (c * z[2 * i] + Math.Sqrt(1 - c * c) * z[2 * i + 1]))
                ),
        ];
        double error = Math.Sqrt(products.Average(p => p * p) / n);
        double simulated = (s * s * products.Average() + biasScale * biasScale) / q;
        Assert.Equal(simulated, MeanField.NextCorrelation(activation, c, s, biasScale), 5 * s * s * error / q);
    }

    [Theory]
    [MemberData(nameof(Scales))]
    public void FixedPointsStay(Activation activation, double s, double biasScale)
    {
        double q = MeanField.LengthFixedPoint(activation, s, biasScale);
        Assert.Equal(q, MeanField.NextLength(activation, q, s, biasScale), 1e-9 * q);
        double c = MeanField.CorrelationFixedPoint(activation, s, biasScale);
        Assert.Equal(c, MeanField.NextCorrelation(activation, c, s, biasScale), 1e-9);
    }

    [Fact]
    public void OrderEndsInOneAndChaosDoesNot()
    {
        Assert.Equal(1, MeanField.CorrelationFixedPoint(Activation.Tanh, 1.1, 0.5));
        Assert.InRange(MeanField.CorrelationFixedPoint(Activation.Tanh, 2.5, 0.3), 0.01, 0.9);
        Assert.Equal(
            1,
            MeanField.ChiAtFixedPoint(Activation.Tanh, MeanField.CriticalScale(Activation.Tanh, 0.3), 0.3),
            1e-9
        );
        Assert.Equal(
            1,
            MeanField.ChiAtFixedPoint(Activation.Sigmoid, MeanField.CriticalScale(Activation.Sigmoid)),
            1e-9
        );
    }

    [Fact]
    public void ReLUGrowsWithoutEndAboveItsScale()
    {
        Assert.Equal(double.PositiveInfinity, MeanField.LengthFixedPoint(Activation.ReLU, 1.5));
        Assert.Equal(0.25 / (1 - 0.5), MeanField.LengthFixedPoint(Activation.ReLU, 1, 0.5), 1e-15);
        Assert.Equal(1 / Math.Log(2), MeanField.DepthScale(0.5), 1e-15);
    }

    private static double Trapezoids(Func<double, double> f)
    {
        const int pieces = 200_000;
        double sum = 0;
        for (int i = 0; i <= pieces; i++)
        {
            double z = -9 + 18.0 * i / pieces;
            sum += (i is 0 or pieces ? 0.5 : 1) * f(z) * Math.Exp(-z * z / 2);
        }
        return sum * 18 / pieces / Math.Sqrt(2 * Math.PI);
    }
}
