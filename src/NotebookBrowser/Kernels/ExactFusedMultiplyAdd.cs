namespace NotebookHost.Kernels;

/// <summary>
/// x y + z rounded once, of multiplications and additions. Source: Boldo and Melquiond, "Emulation of FMA and correctly rounded
/// sums: proved algorithms using rounding to odd", 2008. Where a part could overflow or be subnormal, which the proof excludes,
/// the runtime's script computes in whole numbers.
/// </summary>
internal static class ExactFusedMultiplyAdd
{
    private const byte V128 = 0x7B;
    private const int Add = 0xF0;
    private const int Subtract = 0xF1;
    private const int Multiply = 0xF2;
    private const int Absolute = 0xEC;
    private const int Equal = 0x47;
    private const int NotEqual = 0x48;
    private const int AtMost = 0x4B;
    private const int AtLeast = 0x4C;
    private const int And = 0x4E;
    private const int AndNot = 0x4F;
    private const int Or = 0x50;
    private const int ExclusiveOr = 0x51;
    private const int BitSelect = 0x52;
    private const int AllTrue = 0xC3;
    private const int AddBits = 0xCE;

    /// <summary>The function, of three pairs of lanes.</summary>
    public static List<byte> Function()
    {
        var module = new WasmModule(isExact: false);
        var locals = new List<byte>();
        const int x = 0,
            y = 1,
            z = 2;
        int p = Local(),
            zero = Local(),
            inRange = Local();
        Set(p, Multiply, x, y);
        Bits(0);
        module.Set(zero);
        Get(x, zero, Equal);
        Get(y, zero, Equal);
        module.Simd(Or);
        module.Set(zero);
        Get(p);
        module.Simd(Absolute);
        Number(Math.ScaleB(1, -900));
        module.Simd(AtLeast);
        foreach ((int part, int power) in new[] { (p, 1000), (x, 990), (y, 990), (z, 1000) })
        {
            Get(part);
            module.Simd(Absolute);
            Number(Math.ScaleB(1, power));
            module.Simd(AtMost);
            module.Simd(And);
        }
        module.Set(inRange);
        Get(inRange, zero, Or);
        module.Simd(AllTrue);
        module.Code.AddRange([0x45, 0x04, V128]); // if not
        module.Get(p);
        for (byte lane = 0; lane < 2; lane++)
        {
            foreach (int part in new[] { x, y, z })
            {
                module.Get(part);
                module.Simd(0x21);
                module.Code.Add(lane);
            }
            module.Code.AddRange([0x10, 0]); // the script's
            module.Simd(0x22);
            module.Code.Add(lane);
        }
        module.Code.Add(0x05); // else
        (int xHigh, int xLow) = Split(x);
        (int yHigh, int yLow) = Split(y);
        int low = Local();
        Set(low, Multiply, xHigh, yHigh);
        Set(low, Subtract, low, p);
        foreach ((int first, int second) in new[] { (xHigh, yLow), (xLow, yHigh), (xLow, yLow) })
        {
            module.Get(low);
            Get(first, second, Multiply);
            module.Simd(Add);
            module.Set(low);
        }
        (int th, int tl) = Sum(z, low);
        (int vh, int vl) = Sum(p, th);
        (int sum, int error) = Sum(tl, vl);
        // To odd: where the sum is not exact and its last bit is 0, one more in the direction of the error.
        int step = Local();
        Get(sum, error, ExclusiveOr);
        module.Constant(63);
        module.Simd(0xCC); // all bits where the signs differ
        Bits(1);
        module.Simd(Or); // 1 or -1
        module.Set(step);
        Bits(1);
        module.Get(sum);
        module.Simd(And);
        module.Constant(63);
        module.Simd(0xCB);
        module.Constant(63);
        module.Simd(0xCC); // all bits where it is odd
        int odd = Local();
        module.Set(odd);
        module.Get(step);
        module.Get(error);
        Bits(0);
        module.Simd(NotEqual);
        module.Simd(And);
        module.Get(odd);
        module.Simd(AndNot);
        module.Get(sum);
        module.Simd(AddBits);
        module.Set(sum);
        Get(p, z, Add);
        Get(vh, sum, Add);
        module.Get(zero);
        module.Simd(BitSelect);
        module.Code.Add(0x0B);
        return WasmModule.Function(locals, module.Code);

        int Local()
        {
            locals.Add(V128);
            return 2 + locals.Count;
        }
        void Get(int first, int second = -1, int operation = -1)
        {
            module.Get(first);
            if (second < 0)
                return;
            module.Get(second);
            module.Simd(operation);
        }
        void Set(int to, int operation, int first, int second)
        {
            Get(first, second, operation);
            module.Set(to);
        }
        void Number(double value) => Bits(BitConverter.DoubleToInt64Bits(value));
        void Bits(long bits) => module.Constant(bits);

        // Veltkamp: a sum of two parts of 26 bits.
        (int High, int Low) Split(int part)
        {
            int c = Local(),
                high = Local(),
                rest = Local();
            module.Get(part);
            Number(134217729);
            module.Simd(Multiply);
            module.Set(c);
            Set(high, Subtract, c, part);
            Set(high, Subtract, c, high);
            Set(rest, Subtract, part, high);
            return (high, rest);
        }

        // Knuth: a sum and its error.
        (int Sum, int Error) Sum(int first, int second)
        {
            int s = Local(),
                part = Local(),
                e = Local(),
                other = Local();
            Set(s, Add, first, second);
            Set(part, Subtract, s, first);
            Set(e, Subtract, s, part);
            Set(e, Subtract, first, e);
            Set(other, Subtract, second, part);
            Set(e, Add, e, other);
            return (s, e);
        }
    }
}
