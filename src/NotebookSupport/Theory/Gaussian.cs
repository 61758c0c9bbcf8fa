using MathNet.Numerics.Integration;

namespace NotebookSupport;

/// <summary>Expectations over a normal variable, accurate also where the function is nearly a step.</summary>
internal static class Gaussian
{
    private const int Nodes = 32;

    /// <summary>Beyond 9 standard deviations lies less than 3e-19 of the probability.</summary>
    private const double Range = 9;

    /// <summary>
    /// E[f(mean + deviation z)] for standard normal z. The activations change their shape at 0 and on the
    /// scale of 1, so the range is cut there and at the powers of 2 around, and each piece is smooth enough for
    /// Gauss-Legendre.
    /// </summary>
    public static double Expectation(Func<double, double> f, double mean, double deviation)
    {
        if (deviation == 0)
            return f(mean);
        double sum = 0;
        double[] cuts = Cuts(mean, deviation);
        for (int i = 0; i + 1 < cuts.Length; i++)
            sum += GaussLegendreRule.Integrate(z => f(mean + deviation * z) * Density(z), cuts[i], cuts[i + 1], Nodes);
        return sum;
    }

    private static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);

    private static double[] Cuts(double mean, double deviation)
    {
        var cuts = new SortedSet<double> { -Range, -Range / 3, Range / 3, Range };
        Add(0);
        for (double u = 0.5; u <= 64; u *= 2)
        {
            Add(u);
            Add(-u);
        }
        return [.. cuts];

        void Add(double u)
        {
            double z = (u - mean) / deviation;
            if (Math.Abs(z) < Range)
                cuts.Add(z);
        }
    }
}
