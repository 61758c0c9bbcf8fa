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
        for (int i = 0; i < values.Length; )
        {
            (double first, double second) = NormalPair(random);
            if (Math.Abs(first) <= cut)
                values[i++] = factor * first;
            if (Math.Abs(second) <= cut && i < values.Length)
                values[i++] = factor * second;
        }
    }

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

    private static (double, double) NormalPair(Random random)
    {
        while (true)
        {
            double u = 2 * random.NextDouble() - 1;
            double v = 2 * random.NextDouble() - 1;
            double square = u * u + v * v;
            if (square is > 0 and < 1)
            {
                double factor = Math.Sqrt(-2 * Elementary.Log(square) / square);
                return (u * factor, v * factor);
            }
        }
    }

    /// <summary>A random order of 0 .. count - 1 (Fisher and Yates).</summary>
    public static int[] Permutation(int count, Random random)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle(order);
        return order;
    }
}
