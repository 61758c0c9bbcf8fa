using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.JavaScript;
using NotebookSupport;

namespace NotebookHost.Kernels;

/// <summary>The library's kernels in WebAssembly, each made when it is first wanted.</summary>
internal sealed unsafe partial class BrowserKernels : RuntimeKernels
{
    private const int SumLanes = 32;

    /// <summary>The tiles of a product: so many rows, and so many columns beside each other, as a processor has registers for.</summary>
    private static readonly (int Rows, int Columns)[] Tiles = [(8, 2), (4, 4), (2, 4), (1, 4)];

    private readonly bool _isExact;
    private readonly Dictionary<(Type, long), int> _maps = [];
    private readonly Lazy<int> _multiply;
    private readonly Lazy<int> _transpose;
    private readonly Lazy<int> _addColumns;
    private readonly Lazy<int> _sumOfSquares;
    private readonly double* _sums = (double*)NativeMemory.AlignedAlloc(SumLanes * sizeof(double), 16);
    private double* _zeros;
    private int _zeroCount;

    private BrowserKernels(bool isExact)
    {
        _isExact = isExact;
        _multiply = new(() => Add(Product()));
        _transpose = new(() => Add(Transposition()));
        _addColumns = new(() => Add(ColumnSum()));
        _sumOfSquares = new(() => Add(SquareSum()));
    }

    /// <summary>Whether a fused multiply-add is an instruction here, and not emulated.</summary>
    public bool IsRelaxed => !_isExact;

    /// <summary>
    /// The kernels by the relaxed instruction, where it rounds once for all that a probe tries, as it does wherever the processor
    /// has it; else, and where that is asked for, by the emulation.
    /// </summary>
    public static BrowserKernels Create(bool exact) =>
        !exact && new BrowserKernels(isExact: false) is var relaxed && relaxed.RoundsOnce()
            ? relaxed
            : new BrowserKernels(isExact: true);

    public override void Map<TFunction>(TFunction f, double* x, double* y, double* z, double* to, int count)
    {
        int size = Unsafe.SizeOf<TFunction>() / sizeof(double);
        var fields = new ReadOnlySpan<double>(Unsafe.AsPointer(ref f), size);
        // Which fields are 0 decides what a function does.
        long zeros = 0;
        for (int i = 0; i < size; i++)
            zeros |= fields[i] == 0 ? 1L << i : 0;
        if (Last<TFunction>.Maker != this || Last<TFunction>.Zeros != zeros)
        {
            ref int made = ref CollectionsMarshal.GetValueRefOrAddDefault(
                _maps,
                (typeof(TFunction), zeros),
                out bool known
            );
            if (!known)
                made = Add(Elementwise<TFunction>(zeros, size));
            (Last<TFunction>.Maker, Last<TFunction>.Zeros, Last<TFunction>.Kernel) = (this, zeros, made);
        }
        int* arguments = stackalloc int[6] { (int)x, (int)y, (int)z, (int)to, count, (int)Unsafe.AsPointer(ref f) };
        Call(Last<TFunction>.Kernel, arguments);
    }

    /// <summary>The kernel of a function that was called last: to look one up takes as long as many of them.</summary>
    private static class Last<TFunction>
    {
        public static BrowserKernels? Maker;
        public static long Zeros;
        public static int Kernel;
    }

    public override double SumOfSquares(double* x, int count)
    {
        int* arguments = stackalloc int[3] { (int)x, count, (int)_sums };
        Call(_sumOfSquares.Value, arguments);
        return _sums[0];
    }

    public override void Multiply(
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
    )
    {
        if (_zeroCount < rows)
        {
            NativeMemory.Free(_zeros);
            _zeros = (double*)NativeMemory.AllocZeroed((nuint)(_zeroCount = 2 * rows), sizeof(double));
        }
        fixed (double* given = start)
        {
            double* from =
                adds ? c
                : start.IsEmpty ? _zeros
                : given;
            int* arguments = stackalloc int[11]
            {
                (int)a,
                8 * (int)aStep,
                rows,
                (int)b,
                8 * innerStep,
                8 * columnStep,
                (int)c,
                columns,
                inner,
                (int)from,
                adds ? 8 * rows : 0,
            };
            Call(_multiply.Value, arguments);
        }
    }

    public override void Transpose(double* from, int rows, int columns, double* to)
    {
        int* arguments = stackalloc int[4] { (int)from, rows, columns, (int)to };
        Call(_transpose.Value, arguments);
    }

    public override void AddColumns(double* from, int rows, int columns, double* sums)
    {
        int* arguments = stackalloc int[4] { (int)from, rows, columns, (int)sums };
        Call(_addColumns.Value, arguments);
    }

    private static void Call(int kernel, int* arguments) => ((delegate* unmanaged<int, void>)kernel)((int)arguments);

    private static int Add(WasmModule module) => AddKernel(module.Bytes());

    /// <summary>Compiles a module; returns where its function stands in the runtime's table.</summary>
    [JSImport("addKernel", "runtime-worker.js")]
    private static partial int AddKernel(byte[] module);

    /// <summary>
    /// Runs the function on numbers that are only written down. What it uses of its fields is read when the kernel is called,
    /// so that a rate that changes needs no other kernel.
    /// </summary>
    private WasmModule Elementwise<TFunction>(long zeros, int size)
        where TFunction : struct, IFunction3
    {
        (WasmModule module, bool isTheSame) = (Written(1), false);
        isTheSame = module.Code.SequenceEqual(Written(2).Code);
        return isTheSame
            ? module
            : throw new InvalidOperationException(
                $"{typeof(TFunction)} computes with its fields outside of lanes; expected values that are ready."
            );

        WasmModule Written(int run)
        {
            var made = new WasmModule(_isExact);
            // Numbers that stand nowhere in the library.
            double[] fields =
            [
                .. Enumerable
                    .Range(0, size)
                    .Select(i => (zeros >> i & 1) == 1 ? 0 : 1.2345678912345e77 * run + i * 1e66),
            ];
            int x = made.Argument(0);
            int y = made.Argument(1);
            int z = made.Argument(2);
            int to = made.Argument(3);
            int count = made.Argument(4);
            int values = made.Argument(5);
            (int vx, int vy, int vz) = (made.Lanes(), made.Lanes(), made.Lanes());
            TFunction f = default;
            for (int i = 0; i < size; i++)
                ((double*)Unsafe.AsPointer(ref f))[i] = fields[i];
            var trace = Traced.Current = new Trace(made, fields);
            int result = 0;
            List<byte> body = made.Apart(() => result = f.Of(new Traced(vx), new Traced(vy), new Traced(vz)).Local);
            foreach ((int field, int local) in trace.Fields)
            {
                made.Get(values);
                made.LoadBoth(8 * (field < 0 ? ~field : field));
                if (field < 0)
                    made.Simd(0xED);
                made.Set(local);
            }
            foreach ((long bits, int local) in trace.Constants)
            {
                made.Constant(bits);
                made.Set(local);
            }
            (int Address, int Value)[] parts = [(x, vx), (y, vy), (z, vz)];
            made.While(
                count,
                2,
                () =>
                {
                    foreach ((int address, int value) in parts)
                    {
                        made.Get(address);
                        made.Load();
                        made.Set(value);
                        made.Advance(address, 16);
                    }
                    made.Code.AddRange(body);
                    made.Get(to);
                    made.Get(result);
                    made.Store();
                    made.Advance(to, 16);
                }
            );
            made.While(
                count,
                1,
                () =>
                {
                    foreach ((int address, int value) in parts)
                    {
                        made.Get(address);
                        made.LoadOne();
                        made.Set(value);
                    }
                    made.Code.AddRange(body);
                    made.Get(to);
                    made.Get(result);
                    made.StoreOne();
                }
            );
            return made;
        }
    }

    private WasmModule Product()
    {
        var made = new WasmModule(_isExact);
        int a = made.Argument(0),
            aStep = made.Argument(1),
            rows = made.Argument(2),
            b = made.Argument(3),
            innerStep = made.Argument(4),
            columnStep = made.Argument(5),
            c = made.Argument(6),
            columns = made.Argument(7),
            inner = made.Argument(8),
            from = made.Argument(9),
            fromStep = made.Argument(10);
        int cStep = made.Integer();
        made.Get(rows);
        made.ShiftLeft(3);
        made.Set(cStep);
        int left = made.Integer(),
            tileB = made.Integer(),
            tileC = made.Integer(),
            tileFrom = made.Integer(),
            pa = made.Integer(),
            count = made.Integer(),
            to = made.Integer();
        int mostColumns = Tiles.Max(tile => tile.Columns);
        int[] pb = [.. Enumerable.Range(0, mostColumns).Select(_ => made.Integer())];
        int[] row = [.. Enumerable.Range(0, 4).Select(_ => made.Lanes())];
        int column = made.Lanes();
        int[] sums = [.. Enumerable.Range(0, 8).Select(_ => made.Lanes())];
        foreach ((int tileRows, int tileColumns) in Tiles)
            made.While(
                rows,
                tileRows,
                () =>
                {
                    made.Copy(columns, left);
                    made.Copy(b, tileB);
                    made.Copy(c, tileC);
                    made.Copy(from, tileFrom);
                    made.While(left, tileColumns, () => Tile(tileRows, tileColumns));
                    made.While(left, 1, () => Tile(tileRows, 1));
                    made.Advance(a, 8 * tileRows);
                    made.Advance(c, 8 * tileRows);
                    made.Advance(from, 8 * tileRows);
                }
            );
        return made;

        void Tile(int tileRows, int tileColumns)
        {
            int groups = Math.Max(1, tileRows / 2);
            for (int j = 0; j < tileColumns; j++)
            {
                made.Copy(tileB, pb[j]);
                made.AdvanceBy(tileB, columnStep);
                for (int g = 0; g < groups; g++)
                {
                    made.Get(tileFrom);
                    LoadRows(16 * g);
                    made.Set(sums[j * groups + g]);
                }
                made.AdvanceBy(tileFrom, fromStep);
            }
            made.Copy(a, pa);
            made.Copy(inner, count);
            made.While(
                count,
                1,
                () =>
                {
                    for (int g = 0; g < groups; g++)
                    {
                        made.Get(pa);
                        LoadRows(16 * g);
                        made.Set(row[g]);
                    }
                    made.AdvanceBy(pa, aStep);
                    for (int j = 0; j < tileColumns; j++)
                    {
                        made.Get(pb[j]);
                        made.LoadBoth();
                        made.Set(column);
                        made.AdvanceBy(pb[j], innerStep);
                        for (int g = 0; g < groups; g++)
                        {
                            made.Get(row[g]);
                            made.Get(column);
                            made.Get(sums[j * groups + g]);
                            made.FusedMultiplyAdd();
                            made.Set(sums[j * groups + g]);
                        }
                    }
                }
            );
            for (int j = 0; j < tileColumns; j++)
            {
                for (int g = 0; g < groups; g++)
                {
                    made.Get(tileC);
                    made.Get(sums[j * groups + g]);
                    if (tileRows == 1)
                        made.StoreOne();
                    else
                        made.Store(16 * g);
                }
                made.AdvanceBy(tileC, cStep);
            }

            void LoadRows(int offset)
            {
                if (tileRows == 1)
                    made.LoadOne();
                else
                    made.Load(offset);
            }
        }
    }

    private WasmModule Transposition()
    {
        var made = new WasmModule(_isExact);
        int from = made.Argument(0),
            rows = made.Argument(1),
            columns = made.Argument(2),
            to = made.Argument(3);
        int step = made.Integer(),
            left = made.Integer(),
            place = made.Integer(),
            value = made.Lanes();
        made.Get(columns);
        made.ShiftLeft(3);
        made.Set(step);
        made.While(
            columns,
            1,
            () =>
            {
                made.Copy(rows, left);
                made.Copy(to, place);
                made.While(
                    left,
                    1,
                    () =>
                    {
                        made.Get(from);
                        made.LoadOne();
                        made.Set(value);
                        made.Get(place);
                        made.Get(value);
                        made.StoreOne();
                        made.Advance(from, 8);
                        made.AdvanceBy(place, step);
                    }
                );
                made.Advance(to, 8);
            }
        );
        return made;
    }

    private WasmModule ColumnSum()
    {
        var made = new WasmModule(_isExact);
        int from = made.Argument(0),
            rows = made.Argument(1),
            columns = made.Argument(2),
            sums = made.Argument(3);
        int step = made.Integer(),
            left = made.Integer(),
            place = made.Integer(),
            sum = made.Lanes();
        made.Get(rows);
        made.ShiftLeft(3);
        made.Set(step);
        foreach (int some in new[] { 2, 1 })
            made.While(
                rows,
                some,
                () =>
                {
                    made.Get(sums);
                    Load();
                    made.Set(sum);
                    made.Copy(columns, left);
                    made.Copy(from, place);
                    made.While(
                        left,
                        1,
                        () =>
                        {
                            made.Get(sum);
                            made.Get(place);
                            Load();
                            made.Simd(0xF0);
                            made.Set(sum);
                            made.AdvanceBy(place, step);
                        }
                    );
                    made.Get(sums);
                    made.Get(sum);
                    if (some == 1)
                        made.StoreOne();
                    else
                        made.Store();
                    made.Advance(sums, 8 * some);
                    made.Advance(from, 8 * some);

                    void Load()
                    {
                        if (some == 1)
                            made.LoadOne();
                        else
                            made.Load();
                    }
                }
            );
        return made;
    }

    private WasmModule SquareSum()
    {
        var made = new WasmModule(_isExact);
        int x = made.Argument(0),
            count = made.Argument(1),
            sums = made.Argument(2);
        int[] parts = [.. Enumerable.Range(0, SumLanes / 2).Select(_ => made.Lanes())];
        int value = made.Lanes(),
            place = made.Integer();
        made.While(
            count,
            SumLanes,
            () =>
            {
                for (int i = 0; i < parts.Length; i++)
                {
                    made.Get(x);
                    made.Load(16 * i);
                    made.Set(value);
                    Square(parts[i]);
                }
                made.Advance(x, 8 * SumLanes);
            }
        );
        for (int i = 0; i < parts.Length; i++)
        {
            made.Get(sums);
            made.Get(parts[i]);
            made.Store(16 * i);
        }
        made.Copy(sums, place);
        made.While(
            count,
            1,
            () =>
            {
                made.Get(x);
                made.LoadOne();
                made.Set(value);
                made.Get(place);
                made.LoadOne();
                made.Set(parts[0]);
                Square(parts[0]);
                made.Get(place);
                made.Get(parts[0]);
                made.StoreOne();
                made.Advance(x, 8);
                made.Advance(place, 8);
            }
        );
        for (int half = SumLanes / 2; half > 0; half /= 2)
        for (int lane = 0; lane < half; lane += 2)
        {
            made.Get(sums);
            made.Get(sums);
            made.Load(8 * lane);
            made.Get(sums);
            made.Load(8 * (lane + half));
            made.Simd(0xF0);
            if (half == 1)
                made.StoreOne();
            else
                made.Store(8 * lane);
        }
        return made;

        void Square(int sum)
        {
            made.Get(value);
            made.Get(value);
            made.Get(sum);
            made.FusedMultiplyAdd();
            made.Set(sum);
        }
    }

    /// <summary>Tries the multiply-add beside the runtime's own, on numbers of all sizes and such that nearly cancel.</summary>
    private bool RoundsOnce()
    {
        const int count = 600;
        var random = new Random(1);
        double[] x = new double[count],
            y = new double[count],
            z = new double[count],
            result = new double[count];
        for (int i = 0; i < count; i++)
        {
            int range = i % 3 == 0 ? 1000 : 30;
            x[i] = Any(range);
            y[i] = Any(range);
            z[i] = i % 2 == 0 ? -x[i] * y[i] * (1 + (random.NextDouble() - 0.5) * 1e-15) : Any(2 * range);
        }
        try
        {
            fixed (
                double* px = x,
                    py = y,
                    pz = z,
                    to = result
            )
                Map(default(MultiplyAdd), px, py, pz, to, count);
        }
        catch (JSException)
        {
            return false; // A browser without the instruction.
        }
        for (int i = 0; i < count; i++)
            if (!result[i].Equals(Math.FusedMultiplyAdd(x[i], y[i], z[i])))
                return false;
        return true;

        double Any(int range) =>
            Math.ScaleB((random.NextDouble() + 0.5) * (random.Next(2) - 0.5), random.Next(-range, range));
    }

    private readonly struct MultiplyAdd : IFunction3
    {
        public T Of<T>(T x, T y, T z)
            where T : struct, ILanes<T> => T.FusedMultiplyAdd(x, y, z);
    }
}
