using System.Numerics;

namespace NotebookSupport.Tests;

/// <summary>The elementary functions against 1,500-bit integers, and their digits for any number of lanes.</summary>
public class ElementaryTests
{
    /// <summary>
    /// Half a unit in the last place for the addition of 1, and half a unit for exp(r) - 1, which is below 1/2 and off
    /// by at most one of its own units; the remaining terms are below a tenth.
    /// </summary>
    [Fact]
    public void ExpIsWithinOneUnit() =>
        WorstErrorIsBelow(1.1, Elementary.Exp, x => Exact.Exp(Exact.Of(x)), Spread(-745, 709.78));

    /// <summary>One rounding of the result, and the small correction's errors of less than half a unit.</summary>
    [Fact]
    public void LogIsWithinOneUnit() =>
        WorstErrorIsBelow(
            1,
            Elementary.Log,
            x => Exact.Log(Exact.Of(x)),
            [
                .. Spread(-745, 709).Select(Math.Exp).Where(x => x > 0),
                .. Spread(0.5, 2),
                1 + 1e-9,
                1 - 1e-9,
                double.Epsilon,
                double.MaxValue,
                2.2250738585072014e-308,
            ]
        );

    /// <summary>
    /// Near 1 the quotient doubles the half unit of t, t + 2 has units twice as large, and the quotient is rounded:
    /// 1 + 1 + 1/2; below, t is off by up to a unit and a half in place of a half, t + 2 by half a unit.
    /// </summary>
    [Fact]
    public void TanhIsWithinThreeUnits() =>
        WorstErrorIsBelow(
            3,
            Elementary.Tanh,
            Tanh,
            [.. Spread(-23, 23), .. Spread(-40, 0).Select(x => Math.Exp(x)), 1e-300, double.Epsilon, -1e-5]
        );

    /// <summary>One unit for e, which can double where 1 + e passes a power of two, half each for sum and quotient.</summary>
    [Fact]
    public void SigmoidIsWithinThreeUnits() =>
        WorstErrorIsBelow(
            3,
            Activation.Sigmoid.Value,
            x => Exact.Quotient(Exact.One, Exact.One + Exact.Exp(-Exact.Of(x))),
            Spread(-745, 40)
        );

    /// <summary>
    /// Half a unit each for f and its quotient, doubled where they pass a power of two, one for exp and half for each of the
    /// two products; above 0, half a unit of a number above 1/2 and what the tail, at most 1/2, adds.
    /// </summary>
    [Fact]
    public void TheNormalProbabilityIsWithinFiveUnits() =>
        WorstErrorIsBelow(
            5,
            Elementary.NormalProbability,
            x => Exact.NormalProbability(Exact.Of(x)),
            [.. Spread(-37.5, 0), .. Spread(-3, 3), .. Spread(0, 9)]
        );

    [Fact]
    public void ExpAtTheEnds()
    {
        Assert.Equal(1, Elementary.Exp(0));
        Assert.Equal(1, Elementary.Exp(-0.0));
        Assert.Equal(double.PositiveInfinity, Elementary.Exp(709.79));
        Assert.Equal(double.PositiveInfinity, Elementary.Exp(double.PositiveInfinity));
        Assert.Equal(double.Epsilon, Elementary.Exp(-745.1));
        Assert.Equal(0, Elementary.Exp(-745.2));
        Assert.Equal(0, Elementary.Exp(double.NegativeInfinity));
        Assert.Equal(double.NaN, Elementary.Exp(double.NaN));
    }

    [Fact]
    public void LogAtTheEnds()
    {
        Assert.Equal(0, Elementary.Log(1));
        Assert.Equal(double.NegativeInfinity, Elementary.Log(0));
        Assert.Equal(double.NegativeInfinity, Elementary.Log(-0.0));
        Assert.Equal(double.PositiveInfinity, Elementary.Log(double.PositiveInfinity));
        Assert.Equal(double.NaN, Elementary.Log(-1));
        Assert.Equal(double.NaN, Elementary.Log(double.NegativeInfinity));
        Assert.Equal(double.NaN, Elementary.Log(double.NaN));
    }

    [Fact]
    public void TanhAndSigmoidAtTheEnds()
    {
        Assert.Equal(1, Elementary.Tanh(double.PositiveInfinity));
        Assert.Equal(-1, Elementary.Tanh(double.NegativeInfinity));
        Assert.Equal(double.NaN, Elementary.Tanh(double.NaN));
        Assert.Equal(double.NegativeInfinity, 1 / Elementary.Tanh(-0.0));
        Assert.Equal(1, Activation.Sigmoid.Value(double.PositiveInfinity));
        Assert.Equal(0, Activation.Sigmoid.Value(double.NegativeInfinity));
        Assert.Equal(double.NaN, Activation.Sigmoid.Value(double.NaN));
        Assert.Equal(0.5, Activation.Sigmoid.Value(0));
        Assert.Equal(0, Activation.Sigmoid.Derivative(double.NegativeInfinity));
        Assert.Equal(0, Activation.ReLU.Value(double.NegativeInfinity));
        Assert.Equal(double.NaN, Activation.ReLU.Value(double.NaN));
    }

    /// <summary>
    /// Against 1,500-bit integers, to 1e-12 of the number, or of the larger of the two terms of a derivative that passes 0.
    /// </summary>
    [Fact]
    public void TheSmoothRectifiersAreRight()
    {
        const double a = 0.7;
        foreach (double z in (double[])[.. Spread(-37, 37), .. Spread(-2, 2), 1e-300, -1e-300, -1e-9, 0, -0.0, 1e300])
        {
            BigInteger x = Exact.Of(z);
            BigInteger e = z > 700 ? 0 : Exact.Exp(-BigInteger.Abs(x));
            BigInteger s = Exact.Quotient(z < 0 ? e : Exact.One, Exact.One + e);
            BigInteger phi = z > 40 ? Exact.One : Exact.NormalProbability(x);
            BigInteger density = z > 40 ? 0 : Exact.NormalDensity(x);
            Exact.IsNear(Exact.Product(x, phi), Activation.GELU.Value(z), $"GELU({z})");
            Exact.IsNear(Exact.Product(x, s), Activation.SiLU.Value(z), $"SiLU({z})");
            Exact.IsNear(
                z > 0 ? x : Exact.Product(Exact.Of(a), e - Exact.One),
                Activation.ELU(a).Value(z),
                $"ELU({z})"
            );
            Exact.IsNear(
                z > 0 ? Exact.One : Exact.Product(Exact.Of(a), e),
                Activation.ELU(a).Derivative(z),
                $"ELU'({z})"
            );
            SumIsNear(phi, Exact.Product(x, density), Activation.GELU.Derivative(z));
            SumIsNear(s, Exact.Product(Exact.Product(x, s), Exact.One - s), Activation.SiLU.Derivative(z));
        }

        static void SumIsNear(BigInteger first, BigInteger second, double actual) =>
            Assert.True(
                BigInteger.Abs(Exact.Of(actual) - first - second)
                    <= BigInteger.Max(BigInteger.Abs(first), BigInteger.Abs(second)) / 1_000_000_000_000,
                FormattableString.Invariant($"{actual}")
            );
    }

    [Fact]
    public void TheSmoothRectifiersAtTheEnds()
    {
        foreach (Activation phi in (Activation[])[Activation.GELU, Activation.SiLU, Activation.ELU()])
        {
            Assert.Equal(double.PositiveInfinity, phi.Value(double.PositiveInfinity));
            Assert.Equal(phi.Name == "ELU" ? -1 : 0, phi.Value(double.NegativeInfinity));
            Assert.Equal(1, phi.Derivative(double.PositiveInfinity));
            Assert.Equal(0, phi.Derivative(double.NegativeInfinity));
            Assert.Equal(double.NaN, phi.Value(double.NaN));
            Assert.Equal(double.NaN, phi.Derivative(double.NaN));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => Activation.ELU(-1));
    }

    public static TheoryData<Activation> Activations() => [.. GradientTests.Every];

    /// <summary>Arrays of every length up to 40 end in every kind of tail. Any NaN will do for a NaN.</summary>
    [Theory]
    [MemberData(nameof(Activations))]
    public void AnArrayHasTheDigitsOfItsElements(Activation activation)
    {
        double[] ends = [double.NaN, double.NegativeInfinity, -800, -0.0, 0, 1e-310, 800, double.PositiveInfinity];
        for (int count = 0; count <= 40; count++)
        {
            double[] z =
            [
                .. Enumerable.Range(0, count).Select(i => i % 5 == 0 ? ends[i / 5] : Math.ScaleB(i - 20.3, i % 7 - 5)),
            ];
            double[] a = new double[count];
            double[] delta = new double[count];
            Array.Fill(delta, 1);
            activation.Apply(z, a);
            activation.MultiplyByDerivative(z, a, delta);
            Assert.Equal(z.Select(activation.Value).Select(Bits), a.Select(Bits));
            Assert.Equal(z.Select(activation.Derivative).Select(Bits), delta.Select(Bits));
        }

        static long Bits(double x) => BitConverter.DoubleToInt64Bits(double.IsNaN(x) ? double.NaN : x);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(100)]
    public void ASumOfSquaresIsExactForIntegers(int count)
    {
        double[] x = [.. Enumerable.Range(1, count).Select(i => (double)i)];
        Assert.Equal(count * (count + 1.0) * (2 * count + 1) / 6, Elementwise.SumOfSquares(x));
    }

    private static IEnumerable<double> Spread(double low, double high) =>
        Enumerable.Range(0, 400).Select(i => low + (high - low) * (i + 0.37) / 400);

    private static void WorstErrorIsBelow(
        double units,
        Func<double, double> actual,
        Func<double, BigInteger> expected,
        IEnumerable<double> arguments
    )
    {
        foreach (double x in arguments)
        {
            double value = actual(x);
            BigInteger unit = Exact.Of(Math.BitIncrement(Math.Abs(value))) - Exact.Of(Math.Abs(value));
            double error = (double)((BigInteger.Abs(Exact.Of(value) - expected(x)) << 20) / unit) / (1 << 20);
            Assert.True(error < units, FormattableString.Invariant($"{x:R} gives {value:R}, {error:F2} units off"));
        }
    }

    private static BigInteger Tanh(double x)
    {
        BigInteger e = Exact.Exp(2 * Exact.Of(x));
        return Exact.Quotient(e - Exact.One, e + Exact.One);
    }
}
