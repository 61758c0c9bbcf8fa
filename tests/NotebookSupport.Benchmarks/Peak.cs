using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace NotebookSupport.Benchmarks;

/// <summary>How much of what one core can do with fused multiply-adds the products reach.</summary>
public static class Peak
{
    private const int Rounds = 40;

    /// <summary>Prints the table in Markdown.</summary>
    public static void Print()
    {
        (int Rows, int Columns, int Inner)[] shapes =
        [
            (256, 256, 256),
            (100, 128, 100),
            (100, 100, 128),
            (64, 128, 64),
            (10, 128, 100),
        ];
        ProductCase[] products = [.. shapes.Select(shape => new ProductCase(shape.Rows, shape.Columns, shape.Inner))];
        double peak = 0;
        double[,] best = new double[products.Length, 3];
        for (int round = 0; round < Rounds; round++)
        {
            peak = Math.Max(peak, GigaflopsOfChains());
            for (int i = 0; i < products.Length; i++)
            {
                best[i, 0] = Math.Max(best[i, 0], products[i].Gigaflops(products[i].Multiply));
                best[i, 1] = Math.Max(best[i, 1], products[i].Gigaflops(products[i].MultiplyTransposedFirst));
                best[i, 2] = Math.Max(best[i, 2], products[i].Gigaflops(products[i].MultiplyTransposedSecond));
            }
        }
        Console.WriteLine(FormattableString.Invariant($"Peak of independent multiply-adds: {peak:F1} GFLOP/s."));
        Console.WriteLine("| rows x columns x inner | a b | of peak | aᵀ b | of peak | a bᵀ | of peak |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        for (int i = 0; i < shapes.Length; i++)
            Console.WriteLine(
                FormattableString.Invariant(
                    $"| {shapes[i].Rows}x{shapes[i].Columns}x{shapes[i].Inner} | {best[i, 0]:F1} | {best[i, 0] / peak:P0} | {best[i, 1]:F1} | {best[i, 1] / peak:P0} | {best[i, 2]:F1} | {best[i, 2] / peak:P0} |"
                )
            );
    }

    private static double GigaflopsOfChains()
    {
        double[] x = new double[PackedMatrix.Lanes];
        long start = Stopwatch.GetTimestamp();
        Elementwise.Map(default(Chains), x, x);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return 2.0 * Chains.Count * Chains.Length * x.Length / seconds * 1e-9;
    }

    /// <summary>Chains of multiply-adds, enough of them to hide how long each takes.</summary>
    private readonly struct Chains : IFunction
    {
        public const int Count = 12;
        public const int Length = 100_000;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public T Of<T>(T x)
            where T : struct, ILanes<T>
        {
            T y = T.All(0.5);
            T c0 = x,
                c1 = x,
                c2 = x,
                c3 = x,
                c4 = x,
                c5 = x,
                c6 = x,
                c7 = x,
                c8 = x,
                c9 = x,
                c10 = x,
                c11 = x;
            for (int i = 0; i < Length; i++)
            {
                c0 = T.FusedMultiplyAdd(c0, y, y);
                c1 = T.FusedMultiplyAdd(c1, y, y);
                c2 = T.FusedMultiplyAdd(c2, y, y);
                c3 = T.FusedMultiplyAdd(c3, y, y);
                c4 = T.FusedMultiplyAdd(c4, y, y);
                c5 = T.FusedMultiplyAdd(c5, y, y);
                c6 = T.FusedMultiplyAdd(c6, y, y);
                c7 = T.FusedMultiplyAdd(c7, y, y);
                c8 = T.FusedMultiplyAdd(c8, y, y);
                c9 = T.FusedMultiplyAdd(c9, y, y);
                c10 = T.FusedMultiplyAdd(c10, y, y);
                c11 = T.FusedMultiplyAdd(c11, y, y);
            }
            return c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11;
        }
    }
}
