using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>
/// L2 norms of entries of any size. The plain sum of squares, which is fast, is kept wherever it neither overflows nor
/// loses tiny entries; elsewhere the entries are first scaled by a power of two, which rounds nothing.
/// </summary>
internal static class Norm
{
    /// <summary>Squares that underflow are off by 2^-1074 each, which is nothing beside a sum of this size.</summary>
    private static readonly double SmallestSafeSum = Math.ScaleB(1, -900);

    private const double SmallestNormal = 2.2250738585072014e-308;

    /// <summary>The norm of an array.</summary>
    public static double Of(ReadOnlySpan<double> x)
    {
        double squares = Elementwise.SumOfSquares(x);
        if (IsSafe(squares))
            return Math.Sqrt(squares);
        double largest = Largest(x);
        return Scaled(ScaledSquares(x, largest), largest);
    }

    /// <summary>The norm of some arrays together, given the plain sum of their squares.</summary>
    public static double Of(IReadOnlyList<double[]> arrays, double squares)
    {
        if (IsSafe(squares))
            return Math.Sqrt(squares);
        double largest = 0;
        foreach (double[] array in arrays)
            largest = Math.Max(largest, Largest(array));
        double sum = 0;
        foreach (double[] array in arrays)
            sum += ScaledSquares(array, largest);
        return Scaled(sum, largest);
    }

    /// <summary>The norm of a row of a column-major matrix.</summary>
    public static double OfRow(ReadOnlySpan<double> matrix, int row, int rows)
    {
        double squares = 0;
        for (int i = row; i < matrix.Length; i += rows)
            squares += matrix[i] * matrix[i];
        return IsSafe(squares) ? Math.Sqrt(squares) : Of(Row(matrix, row, rows));
    }

    /// <summary>The Frobenius norm of a matrix.</summary>
    public static double Of(Matrix<double> matrix)
    {
        double norm = matrix.FrobeniusNorm();
        return IsSafe(norm * norm) ? norm : Of(matrix.ToColumnMajorArray());
    }

    /// <summary>The norm of a vector.</summary>
    public static double Of(Vector<double> vector)
    {
        double norm = vector.L2Norm();
        return IsSafe(norm * norm) ? norm : Of(vector.ToArray());
    }

    /// <summary>
    /// Scales an array by threshold / norm where that is below 1, which keeps its direction. A norm of NaN leaves it as
    /// it is.
    /// </summary>
    public static void Limit(Span<double> x, double norm, double threshold)
    {
        if (double.IsPositiveInfinity(norm))
        {
            BringIntoRange(x, HoldsInfinity(x));
            Rescale(x, Of(x), threshold);
        }
        else if (threshold / norm < 1)
            Rescale(x, norm, threshold);
    }

    /// <summary>Scales an array by threshold / norm, also where that quotient is too small for all its digits.</summary>
    public static void Rescale(Span<double> x, double norm, double threshold)
    {
        double factor = threshold / norm;
        if (factor >= SmallestNormal)
            Elementwise.Map(new Scale(factor), x, x);
        else
        {
            int exponent = Math.ILogB(norm);
            factor = threshold / Math.ScaleB(norm, -exponent);
            foreach (ref double entry in x)
                entry = Math.ScaleB(entry, -exponent) * factor;
        }
    }

    /// <summary>As <see cref="Limit"/> for a row of a column-major matrix.</summary>
    public static void LimitRow(Span<double> matrix, int row, int rows, double threshold)
    {
        double norm = OfRow(matrix, row, rows);
        double factor = threshold / norm;
        if (factor is < 1 and >= SmallestNormal)
            for (int i = row; i < matrix.Length; i += rows)
                matrix[i] *= factor;
        else if (factor < 1)
        {
            double[] entries = Row(matrix, row, rows);
            Limit(entries, norm, threshold);
            for (int i = 0; i < entries.Length; i++)
                matrix[row + i * rows] = entries[i];
        }
    }

    /// <summary>
    /// Gives a gradient whose norm is infinite the same direction and a finite norm: where it has infinite entries the
    /// direction of these alone, as in the limit.
    /// </summary>
    public static void BringIntoRange(Span<double> x, bool holdsInfinity)
    {
        foreach (ref double entry in x)
            entry =
                !holdsInfinity ? Math.ScaleB(entry, -64)
                : double.IsInfinity(entry) ? Math.Sign(entry)
                : 0;
    }

    public static bool HoldsInfinity(ReadOnlySpan<double> x)
    {
        foreach (double entry in x)
            if (double.IsInfinity(entry))
                return true;
        return false;
    }

    private static bool IsSafe(double squares) => squares >= SmallestSafeSum && double.IsFinite(squares);

    private static double Largest(ReadOnlySpan<double> x)
    {
        double largest = 0;
        foreach (double entry in x)
            largest = Math.Max(largest, Math.Abs(entry));
        return largest;
    }

    private static double ScaledSquares(ReadOnlySpan<double> x, double largest)
    {
        double sum = 0;
        int exponent = Exponent(largest);
        foreach (double entry in x)
        {
            double scaled = Math.ScaleB(entry, -exponent);
            sum += scaled * scaled;
        }
        return sum;
    }

    private static double Scaled(double squares, double largest) => Math.ScaleB(Math.Sqrt(squares), Exponent(largest));

    /// <summary>0 for 0, NaN and infinity, whose norm is themselves.</summary>
    private static int Exponent(double largest) => largest > 0 && double.IsFinite(largest) ? Math.ILogB(largest) : 0;

    private static double[] Row(ReadOnlySpan<double> matrix, int row, int rows)
    {
        var entries = new double[matrix.Length / rows];
        for (int i = 0; i < entries.Length; i++)
            entries[i] = matrix[row + i * rows];
        return entries;
    }
}
