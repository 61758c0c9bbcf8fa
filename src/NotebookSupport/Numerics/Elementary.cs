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

    /// <summary>Phi(x), the probability that a standard normal variable is below x.</summary>
    public static double NormalProbability(double x) => NormalProbability(new OneLane(x)).Value;

    /// <summary>The density of the standard normal distribution at x.</summary>
    public static double NormalDensity(double x) => NormalDensity(new OneLane(x)).Value;

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
        T t = ExpMinusOneOfNegative(T.All(-2) * size);
        return T.Or(Absolute(t / (t + T.All(2))), T.And(x, T.All(-0.0)));
    }

    /// <summary>exp(x) - 1 for x of at most 0, accurate also near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ExpMinusOneOfNegative<T>(T x)
        where T : struct, ILanes<T>
    {
        // From -44 on it is -1 in float64.
        x = T.Select(T.Less(x, T.All(-44)), T.All(-44), x);
        T n = T.FusedMultiplyAdd(x, T.All(LogTwoE), T.All(Rounder)) - T.All(Rounder);
        T scale = PowerOfTwo(n);
        return T.FusedMultiplyAdd(scale, ExpMinusOneNearZero(Reduce(x, n)), scale - T.All(1));
    }

    /// <summary>The density of the standard normal distribution, exp(-x²/2) / sqrt(2 pi); 0 beyond ±40.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T NormalDensity<T>(T x)
        where T : struct, ILanes<T> => T.All(0.3989422804014327) * ExpOfMinusHalfSquare(SizeUpTo40(x));

    /// <summary>
    /// Phi(x) = 1 - Phi(-x), and Phi(-x) = exp(-x²/2) f(t) / (1 + x) for x of at least 0, where f is smooth in
    /// t = (x - 4) / (x + 4): its Chebyshev interpolation of degree 24, written in powers of t, is off by less than 1e-16.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T NormalProbability<T>(T x)
        where T : struct, ILanes<T>
    {
        T size = SizeUpTo40(x);
        T t = (size - T.All(4)) / (size + T.All(4));
        T f = T.All(0);
        foreach (double coefficient in NormalTail)
            f = T.FusedMultiplyAdd(f, t, T.All(coefficient));
        T tail = f / (T.All(1) + size) * ExpOfMinusHalfSquare(size);
        return T.Select(T.Less(x, T.All(0)), tail, T.All(1) - tail);
    }

    private static ReadOnlySpan<double> NormalTail =>
        [
            1.7873545221852657e-10,
            -6.763267210562454e-10,
            -2.6180348731255444e-09,
            5.474708632048689e-09,
            2.0257667136861587e-08,
            -1.7932121916642413e-08,
            -1.1446850712758079e-07,
            -1.237153366992197e-09,
            5.548340462207789e-07,
            4.0671730125154447e-07,
            -2.6144101706596152e-06,
            -3.433372216853275e-06,
            1.3627395285352675e-05,
            2.1250446856208376e-05,
            -8.785330394797745e-05,
            -9.443033944152223e-05,
            0.0006948971219073166,
            -0.00028562308680939413,
            -0.005002378592511494,
            0.01793609747886859,
            -0.03219783742802203,
            0.02860036405357749,
            0.013999634724424333,
            -0.09670347732652607,
            0.47205320650984467,
        ];

    /// <summary>|x| or 40, whose density and tail are 0 in float64; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SizeUpTo40<T>(T x)
        where T : struct, ILanes<T>
    {
        T size = Absolute(x);
        return T.Select(T.Less(T.All(40), size), T.All(40), size);
    }

    /// <summary>exp(-x²/2), where what the rounding of x² loses is multiplied in again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ExpOfMinusHalfSquare<T>(T x)
        where T : struct, ILanes<T>
    {
        T half = T.All(-0.5) * x;
        T square = half * x;
        T power = Exp(square);
        return T.FusedMultiplyAdd(power, T.FusedMultiplyAdd(half, x, T.All(0) - square), power);
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
