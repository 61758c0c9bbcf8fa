using System.Globalization;
using System.IO.Compression;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>The data sets of the course.</summary>
public static class Datasets
{
    /// <summary>Two concentric circles in the plane: class 0 at radius 1, class 1 at radius factor.</summary>
    /// <param name="count">The number of points, even; at least 2, default 400.</param>
    /// <param name="factor">The radius of the inner circle, from 0 to 1; default 0.5.</param>
    /// <param name="noise">The standard deviation added to each coordinate; at least 0, default 0.05.</param>
    /// <param name="seed">The seed of the noise; default 0.</param>
    public static Dataset Circles(int count = 400, double factor = 0.5, double noise = 0.05, int seed = 0)
    {
        Require.AtLeast(count, 2);
        Require.Between(factor, 0, 1);
        Require.NonNegative(noise);
        var offsets = new double[2 * count];
        Draw.Normal(offsets, noise, new Random(seed));
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % 2)];
        var inputs = Matrix<double>.Build.Dense(
            2,
            count,
            (row, i) =>
            {
                double angle = 2 * Math.PI * (i / 2) / ((count + 1) / 2);
                double radius = labels[i] == 0 ? 1 : factor;
                return radius * (row == 0 ? Math.Cos(angle) : Math.Sin(angle)) + offsets[2 * i + row];
            }
        );
        return Dataset.OfClasses("circles", inputs, labels, 2);
    }

    /// <summary>
    /// 1,797 handwritten digits of 8 x 8 pixels, [64 x 1797], scaled to 0 … 1; classes 0 to 9. Source: E. Alpaydin
    /// and C. Kaynak, "Optical Recognition of Handwritten Digits" (test part), UCI Machine Learning Repository, 1998,
    /// licence CC BY 4.0, doi 10.24432/C50P49.
    /// </summary>
    public static Dataset Digits()
    {
        using Stream packed =
            typeof(Datasets).Assembly.GetManifestResourceStream("digits.csv.gz")
            ?? throw new InvalidOperationException("The digits are missing from the assembly.");
        using var reader = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        int[][] rows =
        [
            .. reader
                .ReadToEnd()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(',').Select(v => int.Parse(v, CultureInfo.InvariantCulture)).ToArray()),
        ];
        var inputs = Matrix<double>.Build.Dense(64, rows.Length, (pixel, i) => rows[i][pixel] / 16.0);
        return Dataset.OfClasses("digits", inputs, [.. rows.Select(row => row[64])], 10);
    }
}
