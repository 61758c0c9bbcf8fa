namespace NotebookSupport;

/// <summary>
/// Some float64 numbers side by side. Each operation is the exact IEEE 754 one in every lane, so that code written
/// once for any number of lanes gives the same digits with one, two, four or eight of them.
/// </summary>
internal unsafe interface ILanes<T>
    where T : struct, ILanes<T>
{
    static abstract int Count { get; }

    static abstract T All(double value);

    static abstract T Load(double* from);

    void Store(double* to);

    static abstract T operator +(T x, T y);

    static abstract T operator -(T x, T y);

    static abstract T operator *(T x, T y);

    static abstract T operator /(T x, T y);

    static abstract T SquareRoot(T x);

    /// <summary>x * y + z, rounded once.</summary>
    static abstract T FusedMultiplyAdd(T x, T y, T z);

    /// <summary>All bits set where x is less than y, none elsewhere.</summary>
    static abstract T Less(T x, T y);

    /// <summary>The bits of x where the mask has them set, the bits of y elsewhere.</summary>
    static abstract T Select(T mask, T x, T y);

    /// <summary>The bits that both have.</summary>
    static abstract T And(T x, T y);

    /// <summary>The bits that either has.</summary>
    static abstract T Or(T x, T y);

    /// <summary>The bits added as 64-bit integers.</summary>
    static abstract T AddBits(T x, T y);

    static abstract T ShiftBitsLeft(T x, int count);

    static abstract T ShiftBitsRight(T x, int count);
}
