namespace NotebookSupport;

/// <summary>Random draws from an explicit generator.</summary>
internal static class Draw
{
    /// <summary>Fills with draws from U(-limit, limit).</summary>
    public static void Uniform(Span<double> values, double limit, Random random)
    {
        foreach (ref double value in values)
            value = limit * (2 * random.NextDouble() - 1);
    }

    /// <summary>
    /// Fills with draws from N(0, standardDeviation²) by the polar method.
    /// Source: Marsaglia and Bray, "A Convenient Method for Generating Normal Variables", 1964.
    /// </summary>
    public static void Normal(Span<double> values, double standardDeviation, Random random)
    {
        for (int i = 0; i < values.Length; i += 2)
        {
            (double first, double second) = NormalPair(random);
            values[i] = standardDeviation * first;
            if (i + 1 < values.Length)
                values[i + 1] = standardDeviation * second;
        }
    }

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
