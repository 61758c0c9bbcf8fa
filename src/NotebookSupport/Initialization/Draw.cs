using System.Runtime.CompilerServices;

namespace NotebookSupport;

/// <summary>Random draws from an explicit generator.</summary>
internal static class Draw
{
    /// <summary>Fills with draws that are uniform on [-limit, limit).</summary>
    public static void Uniform(Span<double> values, double limit, Random random)
    {
        foreach (ref double value in values)
            value = limit * (2 * random.NextDouble() - 1);
    }

    /// <summary>
    /// Fills with draws from N(0, standardDeviation²) by the polar method; truncated, with draws from a normal distribution
    /// cut at ±2 of its deviations that has the given deviation after the cut.
    /// Source: Marsaglia and Bray, "A Convenient Method for Generating Normal Variables", 1964.
    /// </summary>
    public static void Normal(Span<double> values, double standardDeviation, Random random, bool truncated = false)
    {
        double cut = truncated ? Cut : double.PositiveInfinity;
        double factor = truncated ? standardDeviation / DeviationAfterCut : standardDeviation;
        Span<double> first = stackalloc double[Pairs];
        Span<double> second = stackalloc double[Pairs];
        for (int i = 0; i < values.Length; )
        {
            // Never more than are needed: the generator serves others too.
            int pairs = Math.Min(Pairs, (values.Length - i + 1) / 2);
            NormalPairs(first[..pairs], second[..pairs], random);
            for (int pair = 0; pair < pairs; pair++)
            {
                if (Math.Abs(first[pair]) <= cut)
                    values[i++] = factor * first[pair];
                if (Math.Abs(second[pair]) <= cut && i < values.Length)
                    values[i++] = factor * second[pair];
            }
        }
    }

    private const int Pairs = 128;

    /// <summary>Where the truncated normal distribution ends, in standard deviations before the cut.</summary>
    private const double Cut = 2;

    /// <summary>
    /// The standard deviation that is left of a standard normal variable between -c and c: its variance there is
    /// 1 - 2 c density(c) / (2 cdf(c) - 1), by integration by parts, with the density and the cumulative distribution of the
    /// standard normal. For c = 2 this is the 0.87962566103423978 of JAX and Keras.
    /// </summary>
    private static readonly double DeviationAfterCut = Math.Sqrt(
        1 - 2 * Cut * Elementary.NormalDensity(Cut) / (1 - 2 * Elementary.NormalProbability(-Cut))
    );

    private static void NormalPairs(Span<double> first, Span<double> second, Random random)
    {
        Span<double> squares = stackalloc double[first.Length];
        for (int pair = 0; pair < first.Length; )
        {
            double u = 2 * random.NextDouble() - 1;
            double v = 2 * random.NextDouble() - 1;
            double square = u * u + v * v;
            if (square is > 0 and < 1)
                (first[pair], second[pair], squares[pair++]) = (u, v, square);
        }
        Elementwise.Map(default(PolarFactor), squares, squares);
        for (int pair = 0; pair < first.Length; pair++)
        {
            first[pair] *= squares[pair];
            second[pair] *= squares[pair];
        }
    }

    /// <summary>A random order of 0 .. count - 1 (Fisher and Yates).</summary>
    public static int[] Permutation(int count, Random random)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle(order);
        return order;
    }

    /// <summary>sqrt(-2 ln(square) / square), which makes a point of the unit disc a pair of normal draws.</summary>
    private readonly struct PolarFactor : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T square)
            where T : struct, ILanes<T> => T.SquareRoot(T.All(-2) * Elementary.Log(square) / square);
    }
}
