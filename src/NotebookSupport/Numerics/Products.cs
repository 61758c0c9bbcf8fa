namespace NotebookSupport;

/// <summary>
/// The three matrix products of a training step, on column-major arrays. Every element of the result is a chain of
/// fused multiply-adds in the order of the summed index, so that the digits depend on nothing but the operands.
/// </summary>
internal static class Products
{
    /// <summary>c = a b, with a [m x k], b [k x n], c [m x n].</summary>
    public static void Multiply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> c, int m, int n, int k)
    {
        for (int j = 0; j < n; j++)
        {
            Span<double> column = c.Slice(j * m, m);
            column.Clear();
            for (int p = 0; p < k; p++)
                AddScaled(a.Slice(p * m, m), b[p + j * k], column);
        }
    }

    /// <summary>c = aᵀ b, with a [k x m], b [k x n], c [m x n]; <paramref name="scratch"/> holds aᵀ meanwhile.</summary>
    public static void MultiplyTransposedFirst(
        ReadOnlySpan<double> a,
        ReadOnlySpan<double> b,
        Span<double> c,
        int m,
        int n,
        int k,
        Span<double> scratch
    )
    {
        for (int i = 0; i < m; i++)
        for (int p = 0; p < k; p++)
            scratch[i + p * m] = a[p + i * k];
        Multiply(scratch, b, c, m, n, k);
    }

    /// <summary>c = a bᵀ, with a [m x k], b [n x k], c [m x n].</summary>
    public static void MultiplyTransposedSecond(
        ReadOnlySpan<double> a,
        ReadOnlySpan<double> b,
        Span<double> c,
        int m,
        int n,
        int k
    )
    {
        c[..(m * n)].Clear();
        for (int p = 0; p < k; p++)
        for (int j = 0; j < n; j++)
            AddScaled(a.Slice(p * m, m), b[j + p * n], c.Slice(j * m, m));
    }

    private static void AddScaled(ReadOnlySpan<double> x, double factor, Span<double> sum)
    {
        int width = System.Numerics.Vector<double>.Count;
        var scale = new System.Numerics.Vector<double>(factor);
        int i = 0;
        for (; i <= x.Length - width; i += width)
        {
            var added = System.Numerics.Vector.FusedMultiplyAdd(
                new System.Numerics.Vector<double>(x[i..]),
                scale,
                new System.Numerics.Vector<double>(sum[i..])
            );
            added.CopyTo(sum[i..]);
        }
        for (; i < x.Length; i++)
            sum[i] = Math.FusedMultiplyAdd(x[i], factor, sum[i]);
    }
}
