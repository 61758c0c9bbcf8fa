using NotebookSupport;

namespace NotebookHost.Kernels;

/// <summary>
/// Two lanes that are not computed but written down: running a function of the library on them makes its kernel.
/// </summary>
internal readonly unsafe struct Traced(int local) : ILanes<Traced>
{
    /// <summary>The kernel that is being written.</summary>
    public static Trace? Current { get; set; }

    /// <summary>The variable that holds it.</summary>
    public int Local { get; } = local;

    public static int Count => 2;

    public static Traced All(double value) => new(Current!.Constant(value));

    public static Traced Load(double* from) => throw new NotSupportedException();

    public void Store(double* to) => throw new NotSupportedException();

    public static Traced operator +(Traced x, Traced y) => Of(0xF0, x, y);

    public static Traced operator -(Traced x, Traced y) => Of(0xF1, x, y);

    public static Traced operator *(Traced x, Traced y) => Of(0xF2, x, y);

    public static Traced operator /(Traced x, Traced y) => Of(0xF3, x, y);

    public static Traced SquareRoot(Traced x) => Of(0xEF, x);

    public static Traced FusedMultiplyAdd(Traced x, Traced y, Traced z) =>
        new(Current!.Value(module => module.FusedMultiplyAdd(), x.Local, y.Local, z.Local));

    public static Traced Less(Traced x, Traced y) => Of(0x49, x, y);

    public static Traced Select(Traced mask, Traced x, Traced y) => Of(0x52, x, y, mask);

    public static Traced And(Traced x, Traced y) => Of(0x4E, x, y);

    public static Traced Or(Traced x, Traced y) => Of(0x50, x, y);

    public static Traced AddBits(Traced x, Traced y) => Of(0xCE, x, y);

    public static Traced ShiftBitsLeft(Traced x, int count) => Shifted(0xCB, x, count);

    public static Traced ShiftBitsRight(Traced x, int count) => Shifted(0xCD, x, count);

    private static Traced Of(int operation, params ReadOnlySpan<Traced> parts)
    {
        int[] locals = new int[parts.Length];
        for (int i = 0; i < locals.Length; i++)
            locals[i] = parts[i].Local;
        return new(Current!.Value(module => module.Simd(operation), locals));
    }

    private static Traced Shifted(int operation, Traced x, int count) =>
        new(
            Current!.Value(
                module =>
                {
                    module.Constant(count);
                    module.Simd(operation);
                },
                x.Local
            )
        );
}

/// <summary>What <see cref="Traced"/> writes down.</summary>
/// <param name="module">The kernel.</param>
/// <param name="fields">What stands for the fields of the function.</param>
internal sealed class Trace(WasmModule module, double[] fields)
{
    private readonly Dictionary<long, int> _constants = [];

    /// <summary>The numbers, and which variables hold them.</summary>
    public IReadOnlyDictionary<long, int> Constants => _constants;

    /// <summary>The fields, and which variables hold them or, of a field i by the name ~i, their negative.</summary>
    public Dictionary<int, int> Fields { get; } = [];

    public int Constant(double value)
    {
        int field = Array.FindIndex(fields, one => one != 0 && (one == value || one == -value));
        if (field >= 0)
        {
            int key = fields[field] == value ? field : ~field;
            if (!Fields.TryGetValue(key, out int local))
                local = Fields[key] = module.Lanes();
            return local;
        }
        long bits = BitConverter.DoubleToInt64Bits(value);
        if (!_constants.TryGetValue(bits, out int known))
            known = _constants[bits] = module.Lanes();
        return known;
    }

    public int Value(Action<WasmModule> operation, params ReadOnlySpan<int> parts)
    {
        foreach (int part in parts)
            module.Get(part);
        operation(module);
        int local = module.Lanes();
        module.Set(local);
        return local;
    }
}
