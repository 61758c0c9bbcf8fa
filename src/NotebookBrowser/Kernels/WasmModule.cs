using System.Buffers.Binary;

namespace NotebookHost.Kernels;

/// <summary>
/// A module of WebAssembly with one function, which takes the address of its arguments in the runtime's memory. Source: WebAssembly
/// Core Specification 3.0, chapter 5, binary format.
/// </summary>
/// <param name="isExact">Whether fused multiply-adds are emulated: the relaxed instruction may round twice.</param>
internal sealed class WasmModule(bool isExact)
{
    private const byte I32 = 0x7F;
    private const byte F64 = 0x7C;
    private const byte V128 = 0x7B;
    private const byte End = 0x0B;
    private const int Arguments = 0;

    private readonly List<byte> _locals = [];

    /// <summary>The instructions so far.</summary>
    public List<byte> Code { get; private set; } = [];

    /// <summary>A new local variable of type i32; its number.</summary>
    public int Integer() => Local(I32);

    /// <summary>A new local variable of two float64; its number.</summary>
    public int Lanes() => Local(V128);

    /// <summary>Collects what an action emits without adding it to the code.</summary>
    public List<byte> Apart(Action emit)
    {
        List<byte> before = Code;
        Code = [];
        emit();
        (List<byte> apart, Code) = (Code, before);
        return apart;
    }

    public void Get(int local) => Emit(0x20, local);

    public void Set(int local) => Emit(0x21, local);

    public void Constant(int value)
    {
        Code.Add(0x41);
        while (true)
        {
            byte low = (byte)(value & 0x7F);
            value >>= 7;
            bool isLast = (value == 0 && (low & 0x40) == 0) || (value == -1 && (low & 0x40) != 0);
            Code.Add(isLast ? low : (byte)(low | 0x80));
            if (isLast)
                return;
        }
    }

    /// <summary>An argument: a number of 32 bits.</summary>
    public int Argument(int index)
    {
        int local = Integer();
        Get(Arguments);
        Emit(0x28, 2);
        Unsigned(4 * index);
        Set(local);
        return local;
    }

    /// <summary>local += value.</summary>
    public void Advance(int local, int value)
    {
        Get(local);
        Constant(value);
        Add();
        Set(local);
    }

    /// <summary>local += other.</summary>
    public void AdvanceBy(int local, int other)
    {
        Get(local);
        Get(other);
        Add();
        Set(local);
    }

    public void Copy(int from, int to)
    {
        Get(from);
        Set(to);
    }

    public void Add() => Code.Add(0x6A);

    public void Subtract() => Code.Add(0x6B);

    public void And() => Code.Add(0x71);

    public void ShiftLeft(int bits)
    {
        Constant(bits);
        Code.Add(0x74);
    }

    /// <summary>Repeats while at least so many are left, and takes them off.</summary>
    public void While(int left, int atLeast, Action body)
    {
        Code.AddRange([0x02, 0x40, 0x03, 0x40]); // block, loop
        Get(left);
        Constant(atLeast);
        Code.AddRange([0x48, 0x0D, 1]); // less: leave
        body();
        Advance(left, -atLeast);
        Code.AddRange([0x0C, 0, End, End]);
    }

    /// <summary>An instruction on lanes.</summary>
    public void Simd(int operation)
    {
        Code.Add(0xFD);
        Unsigned(operation);
    }

    /// <summary>Two numbers from an address on the stack.</summary>
    public void Load(int offset = 0) => Memory(0x00, offset);

    /// <summary>One number, and 0 beside it.</summary>
    public void LoadOne(int offset = 0) => Memory(0x5D, offset);

    /// <summary>One number in both lanes.</summary>
    public void LoadBoth(int offset = 0) => Memory(0x0A, offset);

    public void Store(int offset = 0) => Memory(0x0B, offset);

    /// <summary>The first lane alone.</summary>
    public void StoreOne(int offset = 0)
    {
        Memory(0x5B, offset);
        Code.Add(0);
    }

    /// <summary>The same bits in both lanes.</summary>
    public void Constant(long bits)
    {
        Simd(0x0C);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bits);
        Code.AddRange(bytes);
        Code.AddRange(bytes);
    }

    /// <summary>Of x, y and z on the stack: x y + z.</summary>
    public void FusedMultiplyAdd()
    {
        if (isExact)
            Emit(0x10, 2);
        else
            Simd(0x107);
    }

    /// <summary>The module; it exports its function as <c>f</c>.</summary>
    public byte[] Bytes()
    {
        List<byte> types = [3, 0x60, 1, I32, 0, 0x60, 3, V128, V128, V128, 1, V128, 0x60, 3, F64, F64, F64, 1, F64];
        List<byte> imports = [2, .. Name("env"), .. Name("memory"), 2, 0, 0];
        imports.AddRange([.. Name("env"), .. Name("fma"), 0, 2]);
        List<byte> functions = isExact ? [2, 0, 1] : [1, 0];
        List<byte> exports = [1, .. Name("f"), 0, 1];
        List<byte> bodies = isExact
            ? [2, .. Function(_locals, Code), .. ExactFusedMultiplyAdd.Function()]
            : [1, .. Function(_locals, Code)];
        List<byte> module = [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0];
        Section(1, types);
        Section(2, imports);
        Section(3, functions);
        Section(7, exports);
        Section(10, bodies);
        return [.. module];

        void Section(byte id, List<byte> content)
        {
            module.Add(id);
            module.AddRange(Length(content.Count));
            module.AddRange(content);
        }
    }

    /// <summary>A function: its size, its locals and its code.</summary>
    public static List<byte> Function(List<byte> locals, List<byte> code)
    {
        List<byte> body = [.. Length(locals.Count)];
        foreach (byte type in locals)
            body.AddRange([1, type]);
        body.AddRange(code);
        body.Add(End);
        return [.. Length(body.Count), .. body];
    }

    private int Local(byte type)
    {
        _locals.Add(type);
        return _locals.Count; // The arguments' address is number 0.
    }

    private void Memory(int operation, int offset)
    {
        Simd(operation);
        Code.Add(3);
        Unsigned(offset);
    }

    private void Emit(byte operation, int number)
    {
        Code.Add(operation);
        Unsigned(number);
    }

    private void Unsigned(int value) => Code.AddRange(Length(value));

    private static List<byte> Length(int value)
    {
        List<byte> bytes = [];
        for (; value > 0x7F; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return bytes;
    }

    private static List<byte> Name(string name) => [(byte)name.Length, .. System.Text.Encoding.ASCII.GetBytes(name)];
}
