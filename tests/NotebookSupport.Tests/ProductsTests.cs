namespace NotebookSupport.Tests;

/// <summary>The kernels give exactly the digits of three loops with one fused multiply-add.</summary>
public class ProductsTests
{
    public static TheoryData<int, int, int> Shapes()
    {
        var data = new TheoryData<int, int, int>();
        int[] sizes = [1, 2, 3, 4, 5, 7, 8, 9, 10, 23, 24, 25, 33, 49, 100];
        foreach (int rows in sizes)
            data.Add(rows, sizes[(rows * 7 + 3) % sizes.Length], sizes[(rows * 5 + 1) % sizes.Length]);
        data.Add(1, 1, 1);
        data.Add(1, 128, 100);
        data.Add(100, 1, 100);
        data.Add(100, 100, 1);
        data.Add(10, 128, 100);
        data.Add(256, 6, 257);
        data.Add(32, 32, 400);
        return data;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AProductIsAChainOfMultiplyAdds(int rows, int columns, int inner)
    {
        double[] a = Numbers(rows * inner, 1);
        double[] b = Numbers(inner * columns, 2);
        double[] start = Numbers(rows, 3);
        double[] expected = Naive(rows, columns, inner, (i, p) => a[i + p * rows], (p, j) => b[p + j * inner], start);

        Assert.Equal(expected, Multiplied(Packed(a, rows, inner), b, columns, inner, start));
        if (rows >= PackedMatrix.Lanes)
        {
            var unpacked = new double[rows * columns];
            Products.Multiply(a, rows, b, unpacked, inner, start);
            Assert.Equal(expected, unpacked);
        }
        double[] transposed = Transposed(a, rows, inner);
        Assert.Equal(expected, Multiplied(PackedTransposed(transposed, rows, inner), b, columns, inner, start));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AProductWithATransposeIsAChainOfMultiplyAdds(int rows, int columns, int inner)
    {
        double[] a = Numbers(rows * inner, 1);
        double[] b = Numbers(columns * inner, 2);
        var packed = Packed(a, rows, inner);
        var c = new double[rows * columns];
        var sums = new double[rows];
        for (int panel = 0; panel < packed.Panels; panel++)
        {
            Products.MultiplyTransposed(packed, panel, b, c, inner);
            packed.SumRows(panel, inner, sums);
        }
        if (PackedMatrix.IsWhole(rows))
        {
            var whole = new double[rows * columns];
            var sumsOfWhole = new double[rows];
            for (int panel = 0; panel < packed.Panels; panel++)
            {
                Products.MultiplyTransposed(packed, panel, a, b, whole, inner);
                packed.SumRows(a, panel, inner, sumsOfWhole);
            }
            Assert.Equal(c, whole);
            Assert.Equal(sums, sumsOfWhole);
        }
        Func<int, int, double> at = (i, p) => a[i + p * rows];
        Assert.Equal(Naive(rows, columns, inner, at, (p, j) => b[j + p * columns], new double[rows]), c);
        Assert.Equal(Naive(rows, 1, inner, at, (_, _) => 1, new double[rows]), sums);
    }

    [Fact]
    public void InfinityAndNaNPassThrough()
    {
        PackedMatrix packed = Packed([double.PositiveInfinity, 1, double.NaN, 1], 2, 2);
        Assert.Equal([double.NaN, 5], Multiplied(packed, [2, 3], 1, 2, [0, 0]));
        Assert.Equal(
            [double.PositiveInfinity, 2],
            Multiplied(Packed([double.PositiveInfinity, 1], 2, 1), [2], 1, 1, [0, 0])
        );
    }

    [Fact]
    public void AWrongLengthIsRefused()
    {
        PackedMatrix packed = Packed(new double[6], 2, 3);
        Assert.Throws<ArgumentException>(() => Multiplied(packed, new double[5], 2, 3, [0, 0]));
        Assert.Throws<ArgumentException>(() => packed.Pack(new double[8], 4, 0));
        Assert.Throws<ArgumentException>(() =>
            Products.Multiply(new double[48], 24, new double[2], new double[24], 3, [])
        );
    }

    private static double[] Multiplied(PackedMatrix a, double[] b, int columns, int inner, double[] start)
    {
        var c = new double[a.Rows * columns];
        Products.Multiply(a, b, c, inner, start);
        return c;
    }

    private static PackedMatrix Packed(double[] a, int rows, int inner)
    {
        var packed = new PackedMatrix(rows, inner);
        for (int panel = 0; panel < packed.Panels; panel++)
            packed.Pack(a, inner, panel);
        return packed;
    }

    private static PackedMatrix PackedTransposed(double[] a, int rows, int inner)
    {
        var packed = new PackedMatrix(rows, inner);
        for (int panel = 0; panel < packed.Panels; panel++)
            packed.PackTransposed(a, inner, panel);
        return packed;
    }

    private static double[] Naive(
        int rows,
        int columns,
        int inner,
        Func<int, int, double> a,
        Func<int, int, double> b,
        double[] start
    )
    {
        var c = new double[rows * columns];
        for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++)
        {
            double sum = start[i];
            for (int p = 0; p < inner; p++)
                sum = Math.FusedMultiplyAdd(a(i, p), b(p, j), sum);
            c[i + j * rows] = sum;
        }
        return c;
    }

    private static double[] Transposed(double[] a, int rows, int inner) =>
        [.. Enumerable.Range(0, rows * inner).Select(k => a[k / inner + k % inner * rows])];

    private static double[] Numbers(int count, int seed) =>
        Initializer.Normal(1).Sample(count, 1, new Random(seed)).ToColumnMajorArray();
}
