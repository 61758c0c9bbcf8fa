using System.Runtime.CompilerServices;

namespace NotebookSupport;

/// <summary>
/// The elementary functions of a training step, made of IEEE 754 operations alone: the digits depend neither on the
/// platform's mathematics library nor on the number of lanes.
/// </summary>
internal static class Elementary
{
    private const double LnTwoHigh = 0.693147180369123816490;
    private const double LnTwoLow = 1.90821492927058770002e-10;
    private const double LogTwoE = 1.4426950408889634074;

    /// <summary>1.5 * 2^52: adding it rounds to an integer, which then stands in the lowest bits.</summary>
    private const double Rounder = 6755399441055744;

    /// <summary>exp(x).</summary>
    public static double Exp(double x) => Exp(new OneLane(x)).Value;

    /// <summary>The natural logarithm of x.</summary>
    public static double Log(double x) => Log(new OneLane(x)).Value;

    /// <summary>tanh(x).</summary>
    public static double Tanh(double x) => Tanh(new OneLane(x)).Value;

    /// <summary>
    /// exp(x) = 2^n exp(r) with |r| of at most ln(2)/2, exp(r) by its Taylor polynomial of degree 13, whose remainder
    /// is below 5e-18.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x)
        where T : struct, ILanes<T>
    {
        x = T.Select(T.Less(T.All(710), x), T.All(710), x);
        x = T.Select(T.Less(x, T.All(-746)), T.All(-746), x);
        T n = T.FusedMultiplyAdd(x, T.All(LogTwoE), T.All(Rounder)) - T.All(Rounder);
        T power = T.All(1) + ExpMinusOneNearZero(Reduce(x, n));
        T half = T.FusedMultiplyAdd(n, T.All(0.5), T.All(Rounder)) - T.All(Rounder);
        return power * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    /// <summary>
    /// log(x) = e ln(2) + log(1 + f) with 1 + f from sqrt(1/2) to sqrt(2), and log(1 + f) = 2 artanh(s) for
    /// s = f / (2 + f), |s| below 0.172, by its series up to s^23, whose remainder is below 1e-19.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log<T>(T x)
        where T : struct, ILanes<T>
    {
        T tiny = T.Less(x, T.All(2.2250738585072014e-308));
        T normal = T.Select(tiny, x * T.All(18014398509481984), x);
        T shifted = T.AddBits(normal, Bits<T>(0x3FF0000000000000 - 0x3FE6A09E667F3BCD));
        T exponent =
            T.Or(T.ShiftBitsRight(shifted, 52), T.All(4503599627370496))
            - T.Select(tiny, T.All(4503599627370496 + 1023 + 54), T.All(4503599627370496 + 1023));
        T mantissa = T.AddBits(T.And(shifted, Bits<T>(0x000FFFFFFFFFFFFF)), Bits<T>(0x3FE6A09E667F3BCD));
        T f = mantissa - T.All(1);
        T s = f / (T.All(2) + f);
        T z = s * s;
        T series = T.All(2.0 / 23);
        series = T.FusedMultiplyAdd(series, z, T.All(2.0 / 21));
        series = T.FusedMultiplyAdd(series, z, T.All(2.0 / 19));
        series = T.FusedMultiplyAdd(series, z, T.All(2.0 / 17));
        series = T.FusedMultiplyAdd(series, z, T.All(2.0 / 15));
        series = T.FusedMultiplyAdd(series, z, T.All(2.0 / 13));
        series = T.FusedMultiplyAdd(series, z, T.All(2.0 / 11));
        series = T.FusedMultiplyAdd(series, z, T.All(2.0 / 9));
        series = T.FusedMultiplyAdd(series, z, T.All(2.0 / 7));
        series = T.FusedMultiplyAdd(series, z, T.All(2.0 / 5));
        series = T.FusedMultiplyAdd(series, z, T.All(2.0 / 3));
        // log(1 + f) = f - f²/2 + s (f²/2 + z series): only the small last terms are rounded twice.
        T halfSquare = T.All(0.5) * f * f;
        T correction = T.FusedMultiplyAdd(s, T.FusedMultiplyAdd(z, series, halfSquare), exponent * T.All(LnTwoLow));
        T result = T.FusedMultiplyAdd(exponent, T.All(LnTwoHigh), f - (halfSquare - correction));
        result = result + (x - x);
        result = T.Select(T.Less(T.All(double.MaxValue), x), x, result);
        result = T.Select(T.Less(x, T.All(double.Epsilon)), T.All(double.NegativeInfinity), result);
        return T.Select(T.Less(x, T.All(0)), T.All(double.NaN), result);
    }

    /// <summary>tanh(x) = -t / (t + 2) with the sign of x, for t = exp(-2 |x|) - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x)
        where T : struct, ILanes<T>
    {
        T size = Absolute(x);
        // From 22 on tanh is 1 in float64.
        size = T.Select(T.Less(T.All(22), size), T.All(22), size);
        T y = T.All(-2) * size;
        T n = T.FusedMultiplyAdd(y, T.All(LogTwoE), T.All(Rounder)) - T.All(Rounder);
        T scale = PowerOfTwo(n);
        T t = T.FusedMultiplyAdd(scale, ExpMinusOneNearZero(Reduce(y, n)), scale - T.All(1));
        return T.Or(Absolute(t / (t + T.All(2))), T.And(x, T.All(-0.0)));
    }

    /// <summary>The logistic function 1 / (1 + exp(-x)), without overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T x)
        where T : struct, ILanes<T>
    {
        T e = ExpOfMinusSize(x);
        return T.Select(T.Less(x, T.All(0)), e, T.All(1)) / (T.All(1) + e);
    }

    /// <summary>The derivative of the logistic function, e / (1 + e)² for e = exp(-|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T SigmoidDerivative<T>(T x)
        where T : struct, ILanes<T>
    {
        T e = ExpOfMinusSize(x);
        T sum = T.All(1) + e;
        return e / (sum * sum);
    }

    /// <summary>
    /// log(1 + exp(-|x|)), accurate also where the exponential is small. Source: Goldberg, "What Every Computer Scientist Should Know About Floating-Point Arithmetic", 1991,
    /// theorem 4.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T SoftPlusOfMinusSize<T>(T x)
        where T : struct, ILanes<T>
    {
        T e = ExpOfMinusSize(x);
        T sum = T.All(1) + e;
        return T.Select(T.Less(T.All(1), sum), e * Log(sum) / (sum - T.All(1)), e);
    }

    /// <summary>exp(-|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ExpOfMinusSize<T>(T x)
        where T : struct, ILanes<T> => Exp(T.Or(x, T.All(-0.0)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Absolute<T>(T x)
        where T : struct, ILanes<T> => T.And(x, Bits<T>(0x7FFFFFFFFFFFFFFF));

    /// <summary>x - n ln(2), with ln(2) in two parts of which n times the first is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Reduce<T>(T x, T n)
        where T : struct, ILanes<T> =>
        T.FusedMultiplyAdd(n, T.All(-LnTwoLow), T.FusedMultiplyAdd(n, T.All(-LnTwoHigh), x));

    /// <summary>exp(r) - 1 for |r| of at most ln(2)/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ExpMinusOneNearZero<T>(T r)
        where T : struct, ILanes<T>
    {
        T q = T.All(1.0 / 6227020800);
        q = T.FusedMultiplyAdd(q, r, T.All(1.0 / 479001600));
        q = T.FusedMultiplyAdd(q, r, T.All(1.0 / 39916800));
        q = T.FusedMultiplyAdd(q, r, T.All(1.0 / 3628800));
        q = T.FusedMultiplyAdd(q, r, T.All(1.0 / 362880));
        q = T.FusedMultiplyAdd(q, r, T.All(1.0 / 40320));
        q = T.FusedMultiplyAdd(q, r, T.All(1.0 / 5040));
        q = T.FusedMultiplyAdd(q, r, T.All(1.0 / 720));
        q = T.FusedMultiplyAdd(q, r, T.All(1.0 / 120));
        q = T.FusedMultiplyAdd(q, r, T.All(1.0 / 24));
        q = T.FusedMultiplyAdd(q, r, T.All(1.0 / 6));
        q = T.FusedMultiplyAdd(q, r, T.All(0.5));
        return T.FusedMultiplyAdd(q, r * r, r);
    }

    /// <summary>2^n for an integer n from -1022 to 1023.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T PowerOfTwo<T>(T n)
        where T : struct, ILanes<T> => T.AddBits(T.ShiftBitsLeft(n + T.All(Rounder), 52), T.All(1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Bits<T>(long bits)
        where T : struct, ILanes<T> => T.All(BitConverter.Int64BitsToDouble(bits));
}
