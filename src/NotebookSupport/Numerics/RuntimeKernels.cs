namespace NotebookSupport;

/// <summary>
/// Kernels that a host makes while it runs, where the compiled ones would be slow: in a browser .NET is interpreted and has
/// no fused multiply-add. They give the same digits. Elsewhere there are none, and the compiler drops the question.
/// </summary>
internal abstract unsafe class RuntimeKernels
{
    private static RuntimeKernels? s_made;

    /// <summary>Null outside of browsers. Set before anything else of this library is used.</summary>
    public static RuntimeKernels? Made
    {
        get => OperatingSystem.IsBrowser() ? s_made : null;
        set => s_made = value;
    }

    /// <summary>
    /// to[i] = f(x[i], y[i], z[i]). All fields of the function are float64; it may compare one with 0, and else only compute with it
    /// in lanes.
    /// </summary>
    public abstract void Map<TFunction>(TFunction f, double* x, double* y, double* z, double* to, int count)
        where TFunction : struct, IFunction3;

    /// <summary>As <see cref="Elementwise.SumOfSquares"/>.</summary>
    public abstract double SumOfSquares(double* x, int count);

    /// <summary>
    /// c = start + a b, or c + a b where it <paramref name="adds"/>: each element by a chain of fused multiply-adds in the order
    /// of the inner index. Steps count elements.
    /// </summary>
    public abstract void Multiply(
        double* a,
        nint aStep,
        int rows,
        double* b,
        int innerStep,
        int columnStep,
        double* c,
        int columns,
        int inner,
        ReadOnlySpan<double> start,
        bool adds
    );

    /// <summary>The transpose of a column-major [rows x columns] matrix.</summary>
    public abstract void Transpose(double* from, int rows, int columns, double* to);

    /// <summary>Adds each column of a column-major matrix to the sums, in order.</summary>
    public abstract void AddColumns(double* from, int rows, int columns, double* sums);
}
