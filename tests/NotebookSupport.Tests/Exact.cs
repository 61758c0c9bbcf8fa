using System.Numerics;

namespace NotebookSupport.Tests;

/// <summary>Functions of real numbers as integers with 1,500 bits after the point, some 450 digits.</summary>
internal static class Exact
{
    private const int FractionBits = 1500;

    public static readonly BigInteger One = BigInteger.One << FractionBits;

    /// <summary>The smallest number above 0 that float64 has: what is smaller is rounded to 0 or to it.</summary>
    private static readonly BigInteger Smallest = Of(double.Epsilon);

    /// <summary>A finite number, exactly.</summary>
    public static BigInteger Of(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(Math.Abs(x));
        int exponent = (int)(bits >> 52);
        BigInteger mantissa = (bits & ((1L << 52) - 1)) | (exponent > 0 ? 1L << 52 : 0);
        return Math.Sign(x) * (mantissa << (FractionBits - 1074 + Math.Max(exponent, 1) - 1));
    }

    public static BigInteger Product(BigInteger x, BigInteger y) => (x * y) >> FractionBits;

    public static BigInteger Quotient(BigInteger x, BigInteger y) => (x << FractionBits) / y;

    /// <summary>exp(x) = exp(x / 2^20)^(2^20), the latter by its series; below 0 as 1 / exp(-x).</summary>
    public static BigInteger Exp(BigInteger x)
    {
        if (x < 0)
            return Quotient(One, Exp(-x));
        BigInteger small = x >> 20;
        BigInteger sum = One;
        BigInteger term = One;
        for (int n = 1; !term.IsZero; n++)
            sum += term = Product(term, small) / n;
        for (int i = 0; i < 20; i++)
            sum = Product(sum, sum);
        return sum;
    }

    /// <summary>log(x) = l + log(1 + r) with r = x / exp(l) - 1, which is tiny for l near log(x), by its series.</summary>
    public static BigInteger Log(BigInteger x)
    {
        BigInteger near = Of(BigInteger.Log(x) - FractionBits * Math.Log(2));
        BigInteger r = (near > 0 ? Quotient(x, Exp(near)) : Product(x, Exp(-near))) - One;
        BigInteger sum = near;
        BigInteger power = r;
        for (int n = 1; !power.IsZero && power != -1; n++)
        {
            sum += n % 2 == 1 ? power / n : -power / n;
            power = Product(power, r);
        }
        return sum;
    }

    /// <summary>
    /// Phi(x) = 1/2 + exp(-x²/2) / sqrt(2 pi) (x + x³/3 + x⁵/15 + …), all of whose terms have one sign, with
    /// pi = 16 arctan(1/5) - 4 arctan(1/239) (Machin). For x of -37.5 the difference takes 1,020 of the 1,500 bits.
    /// </summary>
    public static BigInteger NormalProbability(BigInteger x)
    {
        BigInteger square = Product(x, x);
        BigInteger sum = 0;
        BigInteger term = x;
        for (int n = 1; !term.IsZero && term != -1; n++)
        {
            sum += term;
            term = Product(term, square) / (2 * n + 1);
        }
        return One / 2 + Quotient(sum, Product(Exp(square / 2), RootOfTwoPi));
    }

    /// <summary>exp(-x²/2) / sqrt(2 pi).</summary>
    public static BigInteger NormalDensity(BigInteger x) => Quotient(Exp(-Product(x, x) / 2), RootOfTwoPi);

    private static readonly BigInteger RootOfTwoPi = Root(
        8 * (4 * InverseTangent(5) - InverseTangent(239)) << FractionBits
    );

    /// <summary>arctan(1/n).</summary>
    private static BigInteger InverseTangent(int n)
    {
        BigInteger sum = 0;
        BigInteger power = One / n;
        for (int k = 1; !power.IsZero; k += 2, power /= n * n)
            sum += k % 4 == 1 ? power / k : -power / k;
        return sum;
    }

    /// <summary>The L2 norm: the root of integers whose squares have twice as many bits after the point.</summary>
    public static BigInteger Norm(IEnumerable<double> entries)
    {
        BigInteger squares = entries.Aggregate(BigInteger.Zero, (sum, x) => sum + Of(x) * Of(x));
        return squares.IsZero ? 0 : Root(squares);
    }

    /// <summary>The integer root, by Newton's method from above.</summary>
    private static BigInteger Root(BigInteger square)
    {
        BigInteger root = BigInteger.One << (int)((square.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (root + square / root) >> 1;
            if (next >= root)
                return root;
            root = next;
        }
    }

    /// <summary>
    /// Whether a number is the expected one to 1e-12 of it, or to the smallest number that float64 has; what is beyond the
    /// largest has to be infinite.
    /// </summary>
    public static void IsNear(BigInteger expected, double actual, string what)
    {
        if (BigInteger.Abs(expected) > Of(double.MaxValue))
        {
            Assert.Equal(expected > 0 ? double.PositiveInfinity : double.NegativeInfinity, actual);
            return;
        }
        Assert.True(double.IsFinite(actual), FormattableString.Invariant($"{what} is {actual}"));
        BigInteger off = BigInteger.Abs(Of(actual) - expected);
        Assert.True(
            off <= BigInteger.Max(BigInteger.Abs(expected) / 1_000_000_000_000, Smallest),
            FormattableString.Invariant(
                $"{what} is {actual:R}, off by {Math.Exp(BigInteger.Log(off + 1) - BigInteger.Log(BigInteger.Abs(expected) + 1)):G3} of it"
            )
        );
    }
}
