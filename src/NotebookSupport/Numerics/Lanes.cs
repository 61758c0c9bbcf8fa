using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NotebookSupport;

/// <summary>One lane: scalars and the tails of arrays.</summary>
internal readonly unsafe struct OneLane(double value) : ILanes<OneLane>
{
    public double Value { get; } = value;

    private ulong Bits => BitConverter.DoubleToUInt64Bits(Value);

    private static OneLane Of(ulong bits) => new(BitConverter.UInt64BitsToDouble(bits));

    public static int Count => 1;

    public static OneLane All(double value) => new(value);

    public static OneLane Load(double* from) => new(*from);

    public void Store(double* to) => *to = Value;

    public static OneLane operator +(OneLane x, OneLane y) => new(x.Value + y.Value);

    public static OneLane operator -(OneLane x, OneLane y) => new(x.Value - y.Value);

    public static OneLane operator *(OneLane x, OneLane y) => new(x.Value * y.Value);

    public static OneLane operator /(OneLane x, OneLane y) => new(x.Value / y.Value);

    public static OneLane SquareRoot(OneLane x) => new(Math.Sqrt(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane FusedMultiplyAdd(OneLane x, OneLane y, OneLane z) =>
        new(Math.FusedMultiplyAdd(x.Value, y.Value, z.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane Less(OneLane x, OneLane y) => Of(x.Value < y.Value ? ulong.MaxValue : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane Select(OneLane mask, OneLane x, OneLane y) =>
        Of((mask.Bits & x.Bits) | (~mask.Bits & y.Bits));

    public static OneLane And(OneLane x, OneLane y) => Of(x.Bits & y.Bits);

    public static OneLane Or(OneLane x, OneLane y) => Of(x.Bits | y.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane AddBits(OneLane x, OneLane y) => Of(x.Bits + y.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane ShiftBitsLeft(OneLane x, int count) => Of(x.Bits << count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane ShiftBitsRight(OneLane x, int count) => Of(x.Bits >> count);
}

/// <summary>Two lanes: SSE, NEON, WebAssembly.</summary>
internal readonly unsafe struct TwoLanes(Vector128<double> value) : ILanes<TwoLanes>
{
    private readonly Vector128<double> _value = value;

    public static int Count => Vector128<double>.Count;

    public static TwoLanes All(double value) => new(Vector128.Create(value));

    public static TwoLanes Load(double* from) => new(Vector128.Load(from));

    public void Store(double* to) => Vector128.Store(_value, to);

    public static TwoLanes operator +(TwoLanes x, TwoLanes y) => new(x._value + y._value);

    public static TwoLanes operator -(TwoLanes x, TwoLanes y) => new(x._value - y._value);

    public static TwoLanes operator *(TwoLanes x, TwoLanes y) => new(x._value * y._value);

    public static TwoLanes operator /(TwoLanes x, TwoLanes y) => new(x._value / y._value);

    public static TwoLanes SquareRoot(TwoLanes x) => new(Vector128.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoLanes FusedMultiplyAdd(TwoLanes x, TwoLanes y, TwoLanes z) =>
        new(Vector128.FusedMultiplyAdd(x._value, y._value, z._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoLanes Less(TwoLanes x, TwoLanes y) => new(Vector128.LessThan(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoLanes Select(TwoLanes mask, TwoLanes x, TwoLanes y) =>
        new(Vector128.ConditionalSelect(mask._value, x._value, y._value));

    public static TwoLanes And(TwoLanes x, TwoLanes y) => new(x._value & y._value);

    public static TwoLanes Or(TwoLanes x, TwoLanes y) => new(x._value | y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoLanes AddBits(TwoLanes x, TwoLanes y) => new((x._value.AsInt64() + y._value.AsInt64()).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoLanes ShiftBitsLeft(TwoLanes x, int count) => new((x._value.AsUInt64() << count).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoLanes ShiftBitsRight(TwoLanes x, int count) => new((x._value.AsUInt64() >> count).AsDouble());
}

/// <summary>Four lanes: AVX2.</summary>
internal readonly unsafe struct FourLanes(Vector256<double> value) : ILanes<FourLanes>
{
    private readonly Vector256<double> _value = value;

    public static int Count => Vector256<double>.Count;

    public static FourLanes All(double value) => new(Vector256.Create(value));

    public static FourLanes Load(double* from) => new(Vector256.Load(from));

    public void Store(double* to) => Vector256.Store(_value, to);

    public static FourLanes operator +(FourLanes x, FourLanes y) => new(x._value + y._value);

    public static FourLanes operator -(FourLanes x, FourLanes y) => new(x._value - y._value);

    public static FourLanes operator *(FourLanes x, FourLanes y) => new(x._value * y._value);

    public static FourLanes operator /(FourLanes x, FourLanes y) => new(x._value / y._value);

    public static FourLanes SquareRoot(FourLanes x) => new(Vector256.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes FusedMultiplyAdd(FourLanes x, FourLanes y, FourLanes z) =>
        new(Vector256.FusedMultiplyAdd(x._value, y._value, z._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes Less(FourLanes x, FourLanes y) => new(Vector256.LessThan(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes Select(FourLanes mask, FourLanes x, FourLanes y) =>
        new(Vector256.ConditionalSelect(mask._value, x._value, y._value));

    public static FourLanes And(FourLanes x, FourLanes y) => new(x._value & y._value);

    public static FourLanes Or(FourLanes x, FourLanes y) => new(x._value | y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes AddBits(FourLanes x, FourLanes y) =>
        new((x._value.AsInt64() + y._value.AsInt64()).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes ShiftBitsLeft(FourLanes x, int count) => new((x._value.AsUInt64() << count).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes ShiftBitsRight(FourLanes x, int count) => new((x._value.AsUInt64() >> count).AsDouble());
}

/// <summary>Eight lanes: AVX-512.</summary>
internal readonly unsafe struct EightLanes(Vector512<double> value) : ILanes<EightLanes>
{
    private readonly Vector512<double> _value = value;

    public static int Count => Vector512<double>.Count;

    public static EightLanes All(double value) => new(Vector512.Create(value));

    public static EightLanes Load(double* from) => new(Vector512.Load(from));

    public void Store(double* to) => Vector512.Store(_value, to);

    public static EightLanes operator +(EightLanes x, EightLanes y) => new(x._value + y._value);

    public static EightLanes operator -(EightLanes x, EightLanes y) => new(x._value - y._value);

    public static EightLanes operator *(EightLanes x, EightLanes y) => new(x._value * y._value);

    public static EightLanes operator /(EightLanes x, EightLanes y) => new(x._value / y._value);

    public static EightLanes SquareRoot(EightLanes x) => new(Vector512.Sqrt(x._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes FusedMultiplyAdd(EightLanes x, EightLanes y, EightLanes z) =>
        new(Vector512.FusedMultiplyAdd(x._value, y._value, z._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes Less(EightLanes x, EightLanes y) => new(Vector512.LessThan(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes Select(EightLanes mask, EightLanes x, EightLanes y) =>
        new(Vector512.ConditionalSelect(mask._value, x._value, y._value));

    public static EightLanes And(EightLanes x, EightLanes y) => new(x._value & y._value);

    public static EightLanes Or(EightLanes x, EightLanes y) => new(x._value | y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes AddBits(EightLanes x, EightLanes y) =>
        new((x._value.AsInt64() + y._value.AsInt64()).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes ShiftBitsLeft(EightLanes x, int count) => new((x._value.AsUInt64() << count).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes ShiftBitsRight(EightLanes x, int count) => new((x._value.AsUInt64() >> count).AsDouble());
}
