using System.Diagnostics;

namespace NotebookSupport.Benchmarks;

/// <summary>The three products of a training step at one shape, packing included, on one thread.</summary>
public sealed class ProductCase
{
    private readonly int _inner;
    private readonly double[] _a;
    private readonly double[] _b;
    private readonly double[] _c;
    private readonly PackedMatrix _packed;

    public ProductCase(int rows, int columns, int inner)
    {
        _inner = inner;
        _a = Initializer.Normal(1).Sample(rows, inner, new Random(1)).ToColumnMajorArray();
        _b = Initializer.Normal(1).Sample(inner, columns, new Random(2)).ToColumnMajorArray();
        _c = new double[rows * columns];
        _packed = new PackedMatrix(rows, inner);
    }

    /// <summary>c = a b.</summary>
    public void Multiply()
    {
        for (int panel = 0; panel < _packed.Panels; panel++)
            _packed.Pack(_a, _inner, panel);
        Products.Multiply(_packed, _b, _c, _inner);
    }

    /// <summary>c = aᵀ b.</summary>
    public void MultiplyTransposedFirst()
    {
        for (int panel = 0; panel < _packed.Panels; panel++)
            _packed.PackTransposed(_a, _inner, panel);
        Products.Multiply(_packed, _b, _c, _inner);
    }

    /// <summary>c = a bᵀ.</summary>
    public void MultiplyTransposedSecond()
    {
        for (int panel = 0; panel < _packed.Panels; panel++)
        {
            _packed.Pack(_a, _inner, panel);
            Products.MultiplyTransposed(_packed, panel, _b, _c, _inner);
        }
    }

    /// <summary>The speed of one of the products in one short block.</summary>
    public double Gigaflops(Action product)
    {
        const int Repetitions = 10;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Repetitions; i++)
            product();
        return 2.0 * Repetitions * _c.Length * _inner / Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }
}
