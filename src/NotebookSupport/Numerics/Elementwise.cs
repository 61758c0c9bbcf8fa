using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NotebookSupport;

/// <summary>A function of one number, written for any number of lanes.</summary>
internal interface IFunction
{
    T Of<T>(T x)
        where T : struct, ILanes<T>;
}

/// <summary>A function of two numbers, written for any number of lanes.</summary>
internal interface IFunction2
{
    T Of<T>(T x, T y)
        where T : struct, ILanes<T>;
}

/// <summary>A function of three numbers, written for any number of lanes.</summary>
internal interface IFunction3
{
    T Of<T>(T x, T y, T z)
        where T : struct, ILanes<T>;
}

/// <summary>Functions applied to every element of arrays, with as many lanes as the processor has.</summary>
internal static unsafe class Elementwise
{
    /// <summary>The lanes of a sum, whatever the processor has: they fix the order of its terms.</summary>
    private const int SumLanes = 32;

    /// <summary>result[i] = f(x[i]); the result may be x.</summary>
    public static void Map<TFunction>(TFunction f, ReadOnlySpan<double> x, Span<double> result)
        where TFunction : struct, IFunction => Map(new First<TFunction>(f), x, x, x, result);

    /// <summary>result[i] = f(x[i], y[i]); the result may be x or y.</summary>
    public static void Map<TFunction>(TFunction f, ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result)
        where TFunction : struct, IFunction2 => Map(new FirstTwo<TFunction>(f), x, y, x, result);

    /// <summary>result[i] = f(x[i], y[i], z[i]); the result may be x, y or z.</summary>
    public static void Map<TFunction>(
        TFunction f,
        ReadOnlySpan<double> x,
        ReadOnlySpan<double> y,
        ReadOnlySpan<double> z,
        Span<double> result
    )
        where TFunction : struct, IFunction3
    {
        int count = result.Length;
        if (x.Length < count || y.Length < count || z.Length < count)
            throw new ArgumentException(
                Invariant($"x, y and z have {x.Length}, {y.Length}, {z.Length}; expected {count}.")
            );
        fixed (
            double* px = x,
                py = y,
                pz = z,
                to = result
        )
        {
            if (RuntimeKernels.Made is { } made)
            {
                made.Map(f, px, py, pz, to, count);
                return;
            }
            int done = 0;
            if (Vector512.IsHardwareAccelerated)
                done = Map<TFunction, EightLanes>(f, px, py, pz, to, done, count);
            else if (Vector256.IsHardwareAccelerated)
                done = Map<TFunction, FourLanes>(f, px, py, pz, to, done, count);
            else if (Vector128.IsHardwareAccelerated)
                done = Map<TFunction, TwoLanes>(f, px, py, pz, to, done, count);
            Map<TFunction, OneLane>(f, px, py, pz, to, done, count);
        }
    }

    /// <summary>The sum, one term after the other.</summary>
    public static double Sum(ReadOnlySpan<double> terms)
    {
        double sum = 0;
        if (RuntimeKernels.Made is { } made)
            fixed (double* from = terms)
                made.AddColumns(from, 1, terms.Length, &sum);
        else
            foreach (double term in terms)
                sum += term;
        return sum;
    }

    /// <summary>The sum of the squares.</summary>
    public static double SumOfSquares(ReadOnlySpan<double> x)
    {
        if (RuntimeKernels.Made is { } made)
            fixed (double* px = x)
                return made.SumOfSquares(px, x.Length);
        double* sums = stackalloc double[SumLanes];
        new Span<double>(sums, SumLanes).Clear();
        int whole = x.Length - x.Length % SumLanes;
        fixed (double* px = x)
        {
            if (Vector512.IsHardwareAccelerated)
                AddSquares<EightLanes>(px, whole, sums);
            else if (Vector256.IsHardwareAccelerated)
                AddSquares<FourLanes>(px, whole, sums);
            else if (Vector128.IsHardwareAccelerated)
                AddSquares<TwoLanes>(px, whole, sums);
            else
                AddSquares<OneLane>(px, whole, sums);
        }
        for (int i = whole; i < x.Length; i++)
            sums[i - whole] = Math.FusedMultiplyAdd(x[i], x[i], sums[i - whole]);
        for (int half = SumLanes / 2; half > 0; half /= 2)
        for (int lane = 0; lane < half; lane++)
            sums[lane] += sums[lane + half];
        return sums[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Map<TFunction, T>(TFunction f, double* x, double* y, double* z, double* to, int i, int count)
        where TFunction : struct, IFunction3
        where T : struct, ILanes<T>
    {
        for (; i <= count - T.Count; i += T.Count)
            f.Of(T.Load(x + i), T.Load(y + i), T.Load(z + i)).Store(to + i);
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddSquares<T>(double* x, int count, double* sums)
        where T : struct, ILanes<T>
    {
        for (int i = 0; i < count; i += SumLanes)
        for (int lane = 0; lane < SumLanes; lane += T.Count)
        {
            T value = T.Load(x + i + lane);
            T.FusedMultiplyAdd(value, value, T.Load(sums + lane)).Store(sums + lane);
        }
    }

    private readonly struct First<TFunction>(TFunction f) : IFunction3
        where TFunction : struct, IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x, T y, T z)
            where T : struct, ILanes<T> => f.Of(x);
    }

    private readonly struct FirstTwo<TFunction>(TFunction f) : IFunction3
        where TFunction : struct, IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x, T y, T z)
            where T : struct, ILanes<T> => f.Of(x, y);
    }
}

/// <summary>x + y.</summary>
internal readonly struct Sum : IFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Of<T>(T x, T y)
        where T : struct, ILanes<T> => x + y;
}

/// <summary>factor x.</summary>
internal readonly struct Scale(double factor) : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Of<T>(T x)
        where T : struct, ILanes<T> => T.All(factor) * x;
}

/// <summary>x + factor y, rounded once.</summary>
internal readonly struct AddScaled(double factor) : IFunction2
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Of<T>(T x, T y)
        where T : struct, ILanes<T> => T.FusedMultiplyAdd(T.All(factor), y, x);
}
