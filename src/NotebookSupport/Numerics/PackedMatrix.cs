using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NotebookSupport;

/// <summary>
/// The first factor of a product, [rows x inner], laid out as the kernels read it: panels of up to three groups of
/// lanes, each panel one inner index after the other. What lanes beyond the rows hold does not matter.
/// Its memory is the system's: pinned arrays, made for each network of a sweep, would ask for a collection of everything.
/// </summary>
internal sealed unsafe class PackedMatrix : IDisposable
{
    /// <summary>The largest number of lane groups in a panel.</summary>
    public const int LargestPanel = 3;

    private const int Alignment = 64;

    /// <summary>The side of the squares in which a matrix is transposed.</summary>
    private const int Square = 4;

    private double* _start;
    private readonly int _groups;
    private readonly int _capacity;

    /// <param name="rows">The rows.</param>
    /// <param name="inner">The largest inner size; 0 where only the layout is asked for.</param>
    public PackedMatrix(int rows, int inner)
    {
        Rows = rows;
        _capacity = inner;
        _groups = (rows + Lanes - 1) / Lanes;
        // Kernels made at run time take the matrix as one panel.
        Panels = RuntimeKernels.Made is null ? (_groups + LargestPanel - 1) / LargestPanel : 1;
        _start = (double*)NativeMemory.AlignedAlloc((nuint)(_groups * Lanes * inner) * sizeof(double), Alignment);
    }

    ~PackedMatrix() => NativeMemory.AlignedFree(_start);

    public void Dispose()
    {
        NativeMemory.AlignedFree(_start);
        _start = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>The lanes of a group: as many as the processor has.</summary>
    public static int Lanes { get; } =
        RuntimeKernels.Made is not null ? OneLane.Count
        : Vector512.IsHardwareAccelerated ? EightLanes.Count
        : Vector256.IsHardwareAccelerated ? FourLanes.Count
        : Vector128.IsHardwareAccelerated ? TwoLanes.Count
        : OneLane.Count;

    public int Rows { get; }

    public int Panels { get; }

    /// <summary>The start of a panel whose matrix has the given inner size.</summary>
    public double* Panel(int panel, int inner) => _start + (nint)FirstGroup(panel) * Lanes * inner;

    /// <summary>The first row of a panel; the number of rows for the panel after the last.</summary>
    public int FirstRow(int panel) => Math.Min(FirstGroup(panel) * Lanes, Rows);

    /// <summary>How many lane groups a panel has.</summary>
    public int Groups(int panel) => FirstGroup(panel + 1) - FirstGroup(panel);

    /// <summary>The lanes of a panel, filled or not.</summary>
    public int Width(int panel) => Groups(panel) * Lanes;

    /// <summary>Whether the rows of a matrix are whole groups of lanes, which the kernels can read where it lies.</summary>
    public static bool IsWhole(int rows) => rows % Lanes == 0;

    /// <summary>Packs one panel of a column-major [rows x inner] matrix.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pack(ReadOnlySpan<double> matrix, int inner, int panel)
    {
        Check(matrix, inner);
        int first = FirstRow(panel);
        int rows = FirstRow(panel + 1) - first;
        int width = Width(panel);
        double* to = Panel(panel, inner);
        if (RuntimeKernels.Made is not null)
        {
            matrix[..(Rows * inner)].CopyTo(new Span<double>(to, Rows * inner));
            return;
        }
        fixed (double* from = matrix)
            for (int p = 0; p < inner; p++, to += width)
            {
                double* column = from + (nint)p * Rows + first;
                int i = 0;
                if (Vector512.IsHardwareAccelerated)
                    for (; i <= rows - Vector512<double>.Count; i += Vector512<double>.Count)
                        Vector512.Load(column + i).Store(to + i);
                for (; i <= rows - Square; i += Square)
                    Vector256.Load(column + i).Store(to + i);
                for (; i < rows; i++)
                    to[i] = column[i];
            }
    }

    /// <summary>Packs one panel of the transpose of a column-major [inner x rows] matrix.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PackTransposed(ReadOnlySpan<double> matrix, int inner, int panel)
    {
        Check(matrix, inner);
        int first = FirstRow(panel);
        int rows = FirstRow(panel + 1) - first;
        int width = Width(panel);
        double* to = Panel(panel, inner);
        fixed (double* from = matrix)
        {
            if (RuntimeKernels.Made is { } made)
            {
                made.Transpose(from, inner, Rows, to);
                return;
            }
            int row = 0;
            if (Avx.IsSupported)
                for (; row <= rows - Square; row += Square)
                    TransposeFourColumns(from + (nint)(first + row) * inner, inner, to + row, width);
            for (; row < rows; row++)
            for (int p = 0; p < inner; p++)
                to[row + (nint)p * width] = from[(nint)(first + row) * inner + p];
        }
    }

    /// <summary>Turns four columns of the given length into four neighbours in each of as many rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeFourColumns(double* from, int length, double* to, int step)
    {
        int p = 0;
        for (; p <= length - Square; p += Square, from += Square)
        {
            Vector256<double> c0 = Vector256.Load(from);
            Vector256<double> c1 = Vector256.Load(from + length);
            Vector256<double> c2 = Vector256.Load(from + 2 * (nint)length);
            Vector256<double> c3 = Vector256.Load(from + 3 * (nint)length);
            Vector256<double> even01 = Avx.UnpackLow(c0, c1);
            Vector256<double> odd01 = Avx.UnpackHigh(c0, c1);
            Vector256<double> even23 = Avx.UnpackLow(c2, c3);
            Vector256<double> odd23 = Avx.UnpackHigh(c2, c3);
            Avx.Permute2x128(even01, even23, 0x20).Store(to);
            Avx.Permute2x128(odd01, odd23, 0x20).Store(to + step);
            Avx.Permute2x128(even01, even23, 0x31).Store(to + 2 * step);
            Avx.Permute2x128(odd01, odd23, 0x31).Store(to + 3 * step);
            to += Square * step;
        }
        for (; p < length; p++, from++, to += step)
        for (int column = 0; column < Square; column++)
            to[column] = from[column * (nint)length];
    }

    /// <summary>The sum of each row of one panel, in the order of the inner index, or what was there before and that sum.</summary>
    public void SumRows(int panel, int inner, Span<double> sums, bool adds = false) =>
        SumRows(Panel(panel, inner), Width(panel), panel, inner, sums, adds);

    /// <summary>As above for a matrix whose rows are whole groups of lanes, where it lies.</summary>
    public void SumRows(ReadOnlySpan<double> matrix, int panel, int inner, Span<double> sums, bool adds = false)
    {
        CheckWhole(matrix, inner);
        fixed (double* from = matrix)
            SumRows(from + FirstRow(panel), Rows, panel, inner, sums, adds);
    }

    private void SumRows(double* from, int step, int panel, int inner, Span<double> sums, bool adds)
    {
        if (RuntimeKernels.Made is { } made)
        {
            if (!adds)
                sums[..Rows].Clear();
            fixed (double* to = sums)
                made.AddColumns(from, Rows, inner, to);
        }
        else if (Vector512.IsHardwareAccelerated)
            SumRows<EightLanes>(from, step, panel, inner, sums, adds);
        else if (Vector256.IsHardwareAccelerated)
            SumRows<FourLanes>(from, step, panel, inner, sums, adds);
        else if (Vector128.IsHardwareAccelerated)
            SumRows<TwoLanes>(from, step, panel, inner, sums, adds);
        else
            SumRows<OneLane>(from, step, panel, inner, sums, adds);
    }

    private void SumRows<T>(double* from, int step, int panel, int inner, Span<double> sums, bool adds)
        where T : struct, ILanes<T>
    {
        int width = Width(panel);
        double* part = stackalloc double[width];
        int first = FirstRow(panel);
        var rows = new Span<double>(part, FirstRow(panel + 1) - first);
        rows.Clear();
        if (adds)
            sums.Slice(first, rows.Length).CopyTo(rows);
        for (int group = 0; group < width; group += T.Count)
            SumGroup(T.Load(part + group), from + group, step, inner).Store(part + group);
        rows.CopyTo(sums[first..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T SumGroup<T>(T sum, double* from, int step, int count)
        where T : struct, ILanes<T>
    {
        for (; count > 0; count--, from += step)
            sum += T.Load(from);
        return sum;
    }

    /// <summary>The panels share the groups as evenly as they can. A small product asks often, and a division is slow.</summary>
    private int FirstGroup(int panel) => Panels == 1 ? panel * _groups : (int)((long)panel * _groups / Panels);

    /// <summary>Throws unless a matrix has these rows, in whole groups of lanes, and the inner size.</summary>
    public void CheckWhole(ReadOnlySpan<double> matrix, int inner)
    {
        if (!IsWhole(Rows) || matrix.Length != Rows * inner)
            throw new ArgumentException(
                Invariant(
                    $"matrix has {matrix.Length} elements and {Rows} rows; expected {Rows * inner} and a multiple of {Lanes}."
                )
            );
    }

    private void Check(ReadOnlySpan<double> matrix, int inner)
    {
        if (inner > _capacity || matrix.Length < Rows * inner)
            throw new ArgumentException(
                Invariant(
                    $"matrix has {matrix.Length} elements and inner is {inner}; expected {Rows * inner} and at most {_capacity}."
                )
            );
    }
}
