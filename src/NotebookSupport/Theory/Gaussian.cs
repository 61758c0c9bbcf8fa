using System.Runtime.CompilerServices;
using MathNet.Numerics.Integration;

namespace NotebookSupport;

/// <summary>
/// Rules for expectations over a normal variable, accurate also where the function is nearly a step. The activations change
/// their shape at 0 and on the scale of 1, so the range is cut there and at the powers of 2 around, and each piece is
/// smooth enough for Gauss-Legendre.
/// </summary>
internal static class Gaussian
{
    private const int Order = 32;

    /// <summary>Beyond 9 standard deviations lies less than 3e-19 of the probability.</summary>
    private const double Range = 9;

    private const double SmallestCut = 0.5;
    private const double LargestCut = 64;
    private const int CutsOfShape = 8;

    /// <summary>Two pieces on each side, or as many more as there are cuts in them.</summary>
    private const int MostPieces = 2 * (2 + CutsOfShape) + 1;

    private static readonly double[] Abscissas;
    private static readonly double[] Weights;

    static Gaussian()
    {
        var legendre = new GaussLegendreRule(-1, 1, Order);
        Abscissas = [.. Enumerable.Range(0, Order).Select(legendre.GetAbscissa)];
        Weights = [.. Enumerable.Range(0, Order).Select(legendre.GetWeight)];
    }

    /// <summary>The most nodes that <see cref="Rule"/> fills in.</summary>
    public const int MostNodes = MostPieces * Order;

    /// <summary>E[f(mean + deviation z)] for standard normal z.</summary>
    public static double Expectation(Func<double, double> f, double mean, double deviation)
    {
        if (deviation == 0)
            return f(mean);
        Span<double> nodes = stackalloc double[MostNodes];
        Span<double> weights = stackalloc double[MostNodes];
        int count = Rule(mean, deviation, nodes, weights);
        double sum = 0;
        for (int i = 0; i < count; i++)
            sum += weights[i] * f(nodes[i]);
        return sum;
    }

    /// <summary>E[phi(u) phi(v)] for normal u, v of mean 0, variance q and correlation c.</summary>
    public static double Product(Func<double, double> phi, double c, double q)
    {
        double rest = Math.Sqrt(q * Math.Max(0, 1 - c * c));
        return Expectation(u => phi(u) * Expectation(phi, c * u, rest), 0, Math.Sqrt(q));
    }

    /// <summary>Nodes of mean + deviation z, z standard normal, and their weights; returns how many there are.</summary>
    public static int Rule(double mean, double deviation, Span<double> nodes, Span<double> weights)
    {
        Span<double> cuts = stackalloc double[MostPieces + 1];
        int count = 0;
        foreach (double cut in (ReadOnlySpan<double>)[-Range, -Range / 3, Range / 3, Range])
            cuts[count++] = cut;
        Add(cuts, ref count, -mean / deviation);
        for (double u = SmallestCut; u <= LargestCut; u *= 2)
        {
            Add(cuts, ref count, (u - mean) / deviation);
            Add(cuts, ref count, (-u - mean) / deviation);
        }
        int filled = Fill(cuts[..count], nodes, weights);
        foreach (ref double node in nodes[..filled])
            node = mean + deviation * node;
        return filled;
    }

    /// <summary>
    /// Nodes of a standard normal z above 0 and their weights, so close that an oscillation of up to 150 radians per
    /// unit is integrated too; the pieces end where deviation z is a power of 2.
    /// </summary>
    public static (double[] Nodes, double[] Weights) UpperHalf(double deviation)
    {
        const int Pieces = 32;
        Span<double> cuts = stackalloc double[Pieces + 1 + CutsOfShape];
        int count = 0;
        for (int i = 0; i <= Pieces; i++)
            cuts[count++] = Range * i / Pieces;
        for (double u = SmallestCut; u <= LargestCut; u *= 2)
            Add(cuts, ref count, u / deviation);
        double[] nodes = new double[cuts.Length * Order];
        double[] weights = new double[nodes.Length];
        int filled = Fill(cuts[..count], nodes, weights);
        return (nodes[..filled], weights[..filled]);
    }

    private static void Add(Span<double> cuts, ref int count, double z)
    {
        if (Math.Abs(z) < Range)
            cuts[count++] = z;
    }

    private static int Fill(Span<double> cuts, Span<double> nodes, Span<double> weights)
    {
        cuts.Sort();
        int count = 0;
        for (int piece = 0; piece + 1 < cuts.Length; piece++)
        {
            double half = (cuts[piece + 1] - cuts[piece]) / 2;
            if (half == 0)
                continue;
            for (int i = 0; i < Order; i++, count++)
            {
                nodes[count] = cuts[piece] + half * (1 + Abscissas[i]);
                weights[count] = half * Weights[i];
            }
        }
        Elementwise.Map(default(TimesDensity), nodes[..count], weights[..count], weights[..count]);
        return count;
    }

    private readonly struct TimesDensity : IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T node, T weight)
            where T : struct, ILanes<T> => weight * Elementary.NormalDensity(node);
    }
}
