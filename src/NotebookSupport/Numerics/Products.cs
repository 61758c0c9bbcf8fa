using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NotebookSupport;

/// <summary>
/// Matrix products on column-major arrays. Every element of the result is a chain of fused multiply-adds in the order
/// of the summed index, so that its digits depend neither on the number of lanes nor on which thread computes it.
/// </summary>
internal static unsafe class Products
{
    /// <summary>How many columns of the result a kernel computes at once.</summary>
    public const int TileColumns = 4;

    /// <summary>c = start + a b, all rows, for an a of [m x k], b [k x n], c [m x n]; start holds m numbers or none.</summary>
    public static void Multiply(
        PackedMatrix a,
        ReadOnlySpan<double> b,
        Span<double> c,
        int inner,
        ReadOnlySpan<double> start = default
    )
    {
        int columns = c.Length / a.Rows;
        Check(b.Length, inner * columns);
        for (int panel = 0; panel < a.Panels; panel++)
            MultiplyPanel(
                a,
                panel,
                a.Panel(panel, inner),
                a.Width(panel),
                b,
                1,
                inner,
                c,
                columns,
                inner,
                start,
                false
            );
    }

    /// <summary>
    /// As above for an a [m x k] that is not packed, which is worth it for few columns: then packing takes as long as the
    /// product. It has at least <see cref="PackedMatrix.Lanes"/> rows.
    /// </summary>
    public static void Multiply(
        ReadOnlySpan<double> a,
        int rows,
        ReadOnlySpan<double> b,
        Span<double> c,
        int inner,
        ReadOnlySpan<double> start
    )
    {
        int columns = c.Length / rows;
        Check(b.Length, inner * columns);
        if (a.Length != rows * inner || rows < PackedMatrix.Lanes)
            throw new ArgumentException(
                Invariant(
                    $"a has {a.Length} elements and {rows} rows; expected {rows * inner} and at least {PackedMatrix.Lanes}."
                )
            );
        if (RuntimeKernels.Made is { } made)
            fixed (
                double* pa = a,
                    pb = b,
                    pc = c
            )
                made.Multiply(pa, rows, rows, pb, 1, inner, pc, columns, inner, start, false);
        else if (Vector512.IsHardwareAccelerated)
            MultiplyUnpacked<EightLanes>(a, rows, b, c, columns, inner, start);
        else if (Vector256.IsHardwareAccelerated)
            MultiplyUnpacked<FourLanes>(a, rows, b, c, columns, inner, start);
        else if (Vector128.IsHardwareAccelerated)
            MultiplyUnpacked<TwoLanes>(a, rows, b, c, columns, inner, start);
        else
            MultiplyUnpacked<OneLane>(a, rows, b, c, columns, inner, start);
    }

    /// <summary>The rows of one panel of c = a bᵀ, or of c + a bᵀ, with a [m x k], b [n x k], c [m x n].</summary>
    public static void MultiplyTransposed(
        PackedMatrix a,
        int panel,
        ReadOnlySpan<double> b,
        Span<double> c,
        int inner,
        bool adds = false
    )
    {
        int columns = c.Length / a.Rows;
        Check(b.Length, inner * columns);
        MultiplyPanel(a, panel, a.Panel(panel, inner), a.Width(panel), b, columns, 1, c, columns, inner, default, adds);
    }

    /// <summary>As above for an a whose rows are whole groups of lanes, where it lies.</summary>
    public static void MultiplyTransposed(
        PackedMatrix layout,
        int panel,
        ReadOnlySpan<double> a,
        ReadOnlySpan<double> b,
        Span<double> c,
        int inner,
        bool adds = false
    )
    {
        int columns = c.Length / layout.Rows;
        Check(b.Length, inner * columns);
        layout.CheckWhole(a, inner);
        fixed (double* pa = a)
            MultiplyPanel(
                layout,
                panel,
                pa + layout.FirstRow(panel),
                layout.Rows,
                b,
                columns,
                1,
                c,
                columns,
                inner,
                default,
                adds
            );
    }

    private static void Check(int length, int expected)
    {
        if (length != expected)
            throw new ArgumentException(Invariant($"b has {length} elements; expected {expected}."));
    }

    private static void MultiplyPanel(
        PackedMatrix a,
        int panel,
        double* rowsOfA,
        nint aStep,
        ReadOnlySpan<double> b,
        int innerStep,
        int columnStep,
        Span<double> c,
        int columns,
        int inner,
        ReadOnlySpan<double> start,
        bool adds
    )
    {
        if (RuntimeKernels.Made is { } made)
            fixed (
                double* pb = b,
                    pc = c
            )
                made.Multiply(rowsOfA, aStep, a.Rows, pb, innerStep, columnStep, pc, columns, inner, start, adds);
        else if (Vector512.IsHardwareAccelerated)
            MultiplyPanel<EightLanes>(
                a,
                panel,
                rowsOfA,
                aStep,
                b,
                innerStep,
                columnStep,
                c,
                columns,
                inner,
                start,
                adds
            );
        else if (Vector256.IsHardwareAccelerated)
            MultiplyPanel<FourLanes>(
                a,
                panel,
                rowsOfA,
                aStep,
                b,
                innerStep,
                columnStep,
                c,
                columns,
                inner,
                start,
                adds
            );
        else if (Vector128.IsHardwareAccelerated)
            MultiplyPanel<TwoLanes>(a, panel, rowsOfA, aStep, b, innerStep, columnStep, c, columns, inner, start, adds);
        else
            MultiplyPanel<OneLane>(a, panel, rowsOfA, aStep, b, innerStep, columnStep, c, columns, inner, start, adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyPanel<T>(
        PackedMatrix a,
        int panel,
        double* rowsOfA,
        nint aStep,
        ReadOnlySpan<double> b,
        int innerStep,
        int columnStep,
        Span<double> c,
        int columns,
        int inner,
        ReadOnlySpan<double> start,
        bool adds
    )
        where T : struct, ILanes<T>
    {
        int first = a.FirstRow(panel);
        int rows = a.FirstRow(panel + 1) - first;
        int groups = a.Groups(panel);
        int width = a.Width(panel);
        // Of the second group ten outputs use so little that narrow lanes do it in less time.
        int tail =
            T.Count < EightLanes.Count || groups != 2 ? 0
            : rows <= T.Count + TwoLanes.Count ? TwoLanes.Count
            : rows <= T.Count + FourLanes.Count ? FourLanes.Count
            : 0;
        int computed = tail == 0 ? width : T.Count + tail;
        double* tile = stackalloc double[PackedMatrix.LargestPanel * T.Count * TileColumns];
        double* starts = stackalloc double[PackedMatrix.LargestPanel * T.Count];
        for (int i = 0; i < width; i++)
            starts[i] = i < rows && !start.IsEmpty ? start[first + i] : 0;
        fixed (
            double* pb = b,
                pc = c
        )
            for (int j = 0; j < columns; j += TileColumns)
            {
                int wide = Math.Min(TileColumns, columns - j);
                bool whole = wide == TileColumns && rows == computed;
                double* to = whole ? pc + (nint)j * a.Rows + first : tile;
                int toStep = whole ? a.Rows : width;
                double* from = adds ? to : starts;
                int fromStep = adds ? toStep : 0;
                if (adds && !whole)
                    for (int column = 0; column < wide; column++)
                        new Span<double>(pc + (nint)(j + column) * a.Rows + first, rows).CopyTo(
                            new Span<double>(tile + column * width, rows)
                        );
                double* b0 = pb + (nint)j * columnStep;
                double* b1 = b0 + (wide > 1 ? columnStep : 0);
                double* b2 = b1 + (wide > 2 ? columnStep : 0);
                double* b3 = b2 + (wide > 3 ? columnStep : 0);
                if (tail == TwoLanes.Count)
                    TwoGroups<T, TwoLanes>(
                        rowsOfA,
                        aStep,
                        b0,
                        b1,
                        b2,
                        b3,
                        innerStep,
                        inner,
                        from,
                        fromStep,
                        to,
                        toStep
                    );
                else if (tail == FourLanes.Count)
                    TwoGroups<T, FourLanes>(
                        rowsOfA,
                        aStep,
                        b0,
                        b1,
                        b2,
                        b3,
                        innerStep,
                        inner,
                        from,
                        fromStep,
                        to,
                        toStep
                    );
                else if (groups == 3)
                    ThreeGroups<T>(rowsOfA, aStep, b0, b1, b2, b3, innerStep, inner, from, fromStep, to, toStep);
                else if (groups == 2)
                    TwoGroups<T, T>(rowsOfA, aStep, b0, b1, b2, b3, innerStep, inner, from, fromStep, to, toStep);
                else
                    OneGroup<T>(rowsOfA, aStep, b0, b1, b2, b3, innerStep, inner, from, fromStep, to, toStep);
                if (!whole)
                    for (int column = 0; column < wide; column++)
                        new Span<double>(tile + column * width, rows).CopyTo(
                            new Span<double>(pc + (nint)(j + column) * a.Rows + first, rows)
                        );
            }
    }

    /// <summary>Three lane groups at a time, then single ones; the last begins so that it ends with the last row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyUnpacked<T>(
        ReadOnlySpan<double> a,
        int rows,
        ReadOnlySpan<double> b,
        Span<double> c,
        int columns,
        int inner,
        ReadOnlySpan<double> start
    )
        where T : struct, ILanes<T>
    {
        double* tile = stackalloc double[3 * T.Count * TileColumns];
        double* starts = stackalloc double[3 * T.Count];
        new Span<double>(starts, 3 * T.Count).Clear();
        fixed (
            double* pa = a,
                pb = b,
                pc = c
        )
            for (int j = 0; j < columns; j += TileColumns)
            {
                int wide = Math.Min(TileColumns, columns - j);
                double* b0 = pb + (nint)j * inner;
                double* b1 = b0 + (wide > 1 ? inner : 0);
                double* b2 = b1 + (wide > 2 ? inner : 0);
                double* b3 = b2 + (wide > 3 ? inner : 0);
                for (int next = 0; next < rows; )
                {
                    bool three = next + 3 * T.Count <= rows;
                    int width = three ? 3 * T.Count : T.Count;
                    int first = Math.Min(next, rows - width);
                    next = first + width;
                    if (!start.IsEmpty)
                        start.Slice(first, width).CopyTo(new Span<double>(starts, width));
                    if (three)
                        ThreeGroups<T>(pa + first, rows, b0, b1, b2, b3, 1, inner, starts, 0, tile, width);
                    else
                        OneGroup<T>(pa + first, rows, b0, b1, b2, b3, 1, inner, starts, 0, tile, width);
                    for (int column = 0; column < wide; column++)
                        new Span<double>(tile + column * width, width).CopyTo(
                            new Span<double>(pc + (nint)(j + column) * rows + first, width)
                        );
                }
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ThreeGroups<T>(
        double* a,
        nint aStep,
        double* b0,
        double* b1,
        double* b2,
        double* b3,
        nint innerStep,
        int inner,
        double* start,
        nint startStep,
        double* c,
        nint columnStep
    )
        where T : struct, ILanes<T>
    {
        T c00 = T.Load(start),
            c01 = T.Load(start + startStep),
            c02 = T.Load(start + 2 * startStep),
            c03 = T.Load(start + 3 * startStep);
        T c10 = T.Load(start + T.Count),
            c11 = T.Load(start + T.Count + startStep),
            c12 = T.Load(start + T.Count + 2 * startStep),
            c13 = T.Load(start + T.Count + 3 * startStep);
        T c20 = T.Load(start + 2 * T.Count),
            c21 = T.Load(start + 2 * T.Count + startStep),
            c22 = T.Load(start + 2 * T.Count + 2 * startStep),
            c23 = T.Load(start + 2 * T.Count + 3 * startStep);
        for (nint p = 0; inner > 0; inner--, p += innerStep, a += aStep)
        {
            T a0 = T.Load(a),
                a1 = T.Load(a + T.Count),
                a2 = T.Load(a + 2 * T.Count);
            T b = T.All(b0[p]);
            c00 = T.FusedMultiplyAdd(a0, b, c00);
            c10 = T.FusedMultiplyAdd(a1, b, c10);
            c20 = T.FusedMultiplyAdd(a2, b, c20);
            b = T.All(b1[p]);
            c01 = T.FusedMultiplyAdd(a0, b, c01);
            c11 = T.FusedMultiplyAdd(a1, b, c11);
            c21 = T.FusedMultiplyAdd(a2, b, c21);
            b = T.All(b2[p]);
            c02 = T.FusedMultiplyAdd(a0, b, c02);
            c12 = T.FusedMultiplyAdd(a1, b, c12);
            c22 = T.FusedMultiplyAdd(a2, b, c22);
            b = T.All(b3[p]);
            c03 = T.FusedMultiplyAdd(a0, b, c03);
            c13 = T.FusedMultiplyAdd(a1, b, c13);
            c23 = T.FusedMultiplyAdd(a2, b, c23);
        }
        StoreColumn(c, c00, c10, c20);
        StoreColumn(c + columnStep, c01, c11, c21);
        StoreColumn(c + 2 * columnStep, c02, c12, c22);
        StoreColumn(c + 3 * columnStep, c03, c13, c23);
    }

    /// <summary>Two groups of lanes, of which the second may be narrower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TwoGroups<T, TTail>(
        double* a,
        nint aStep,
        double* b0,
        double* b1,
        double* b2,
        double* b3,
        nint innerStep,
        int inner,
        double* start,
        nint startStep,
        double* c,
        nint columnStep
    )
        where T : struct, ILanes<T>
        where TTail : struct, ILanes<TTail>
    {
        T c0 = T.Load(start),
            c1 = T.Load(start + startStep),
            c2 = T.Load(start + 2 * startStep),
            c3 = T.Load(start + 3 * startStep);
        TTail t0 = TTail.Load(start + T.Count),
            t1 = TTail.Load(start + startStep + T.Count),
            t2 = TTail.Load(start + 2 * startStep + T.Count),
            t3 = TTail.Load(start + 3 * startStep + T.Count);
        for (nint p = 0; inner > 0; inner--, p += innerStep, a += aStep)
        {
            T row = T.Load(a);
            TTail tail = TTail.Load(a + T.Count);
            c0 = T.FusedMultiplyAdd(row, T.All(b0[p]), c0);
            t0 = TTail.FusedMultiplyAdd(tail, TTail.All(b0[p]), t0);
            c1 = T.FusedMultiplyAdd(row, T.All(b1[p]), c1);
            t1 = TTail.FusedMultiplyAdd(tail, TTail.All(b1[p]), t1);
            c2 = T.FusedMultiplyAdd(row, T.All(b2[p]), c2);
            t2 = TTail.FusedMultiplyAdd(tail, TTail.All(b2[p]), t2);
            c3 = T.FusedMultiplyAdd(row, T.All(b3[p]), c3);
            t3 = TTail.FusedMultiplyAdd(tail, TTail.All(b3[p]), t3);
        }
        c0.Store(c);
        t0.Store(c + T.Count);
        c1.Store(c + columnStep);
        t1.Store(c + columnStep + T.Count);
        c2.Store(c + 2 * columnStep);
        t2.Store(c + 2 * columnStep + T.Count);
        c3.Store(c + 3 * columnStep);
        t3.Store(c + 3 * columnStep + T.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneGroup<T>(
        double* a,
        nint aStep,
        double* b0,
        double* b1,
        double* b2,
        double* b3,
        nint innerStep,
        int inner,
        double* start,
        nint startStep,
        double* c,
        nint columnStep
    )
        where T : struct, ILanes<T>
    {
        T c0 = T.Load(start),
            c1 = T.Load(start + startStep),
            c2 = T.Load(start + 2 * startStep),
            c3 = T.Load(start + 3 * startStep);
        for (nint p = 0; inner > 0; inner--, p += innerStep, a += aStep)
        {
            T row = T.Load(a);
            c0 = T.FusedMultiplyAdd(row, T.All(b0[p]), c0);
            c1 = T.FusedMultiplyAdd(row, T.All(b1[p]), c1);
            c2 = T.FusedMultiplyAdd(row, T.All(b2[p]), c2);
            c3 = T.FusedMultiplyAdd(row, T.All(b3[p]), c3);
        }
        c0.Store(c);
        c1.Store(c + columnStep);
        c2.Store(c + 2 * columnStep);
        c3.Store(c + 3 * columnStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreColumn<T>(double* c, T first, T second, T third)
        where T : struct, ILanes<T>
    {
        first.Store(c);
        second.Store(c + T.Count);
        third.Store(c + 2 * T.Count);
    }
}
