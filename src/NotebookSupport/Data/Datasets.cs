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
        Require.Between(factor, 0, 1);
        return Plane(
            "circles",
            count,
            2,
            noise,
            seed,
            (label, part) =>
            {
                double radius = label == 0 ? 1 : factor;
                return (radius * Trigonometry.Cos(2 * Math.PI * part), radius * Trigonometry.Sin(2 * Math.PI * part));
            }
        );
    }

    /// <summary>
    /// Two interleaved half circles of radius 1: class 0 above around (0, 0), class 1 below around
    /// (1, 0.5).
    /// </summary>
    /// <param name="count">The number of points, even; at least 2, default 400.</param>
    /// <param name="noise">The standard deviation added to each coordinate; at least 0, default 0.1.</param>
    /// <param name="seed">The seed of the noise; default 0.</param>
    public static Dataset Moons(int count = 400, double noise = 0.1, int seed = 0) =>
        Plane(
            "moons",
            count,
            2,
            noise,
            seed,
            (label, part) =>
            {
                double angle = Math.PI * part;
                return label == 0
                    ? (Trigonometry.Cos(angle), Trigonometry.Sin(angle))
                    : (1 - Trigonometry.Cos(angle), 0.5 - Trigonometry.Sin(angle));
            }
        );

    /// <summary>
    /// The adding problem: sequences of numbers from 0 to 1, two of which carry a mark, one in each half of the sequence. The
    /// target is the sum of those two. A column holds a sequence: number and mark (1 or 0) of the first step, of the second,
    /// and so on. Source: Hochreiter and Schmidhuber, "Long short-term memory", 1997, experiment 4, here with numbers from 0.
    /// </summary>
    /// <param name="count">The number of sequences; at least 1, default 1000.</param>
    /// <param name="length">The steps of a sequence; at least 2, default 10.</param>
    /// <param name="seed">The seed of the numbers and marks; default 0.</param>
    public static Dataset Adding(int count = 1000, int length = 10, int seed = 0)
    {
        Require.AtLeast(count, 1);
        Require.AtLeast(length, 2);
        var random = new Random(seed);
        var inputs = Matrix<double>.Build.Dense(2 * length, count);
        var targets = Matrix<double>.Build.Dense(1, count);
        for (int n = 0; n < count; n++)
        {
            for (int step = 0; step < length; step++)
                inputs[2 * step, n] = random.NextDouble();
            int half = length / 2;
            foreach (int step in (int[])[random.Next(half), half + random.Next(length - half)])
            {
                inputs[2 * step + 1, n] = 1;
                targets[0, n] += inputs[2 * step, n];
            }
        }
        return new Dataset("adding problem", inputs, targets, Loss.MeanSquaredError);
    }

    /// <summary>Arms of spirals that wind around the origin, one a class, out to radius 1.</summary>
    /// <param name="count">The number of points, shared out in turn; at least the number of classes, default 400.</param>
    /// <param name="classes">The number of arms; at least 2, default 2.</param>
    /// <param name="turns">How often an arm winds around; finite, above 0, default 1.5.</param>
    /// <param name="noise">The standard deviation added to each coordinate; at least 0, default 0.02.</param>
    /// <param name="seed">The seed of the noise; default 0.</param>
    public static Dataset Spirals(
        int count = 400,
        int classes = 2,
        double turns = 1.5,
        double noise = 0.02,
        int seed = 0
    )
    {
        Require.Positive(turns);
        return Plane(
            "spirals",
            count,
            classes,
            noise,
            seed,
            (label, part) =>
            {
                double angle = 2 * Math.PI * (turns * part + label / (double)classes);
                return (part * Trigonometry.Cos(angle), part * Trigonometry.Sin(angle));
            }
        );
    }

    /// <summary>Clouds of normal points, one a class, whose centres lie evenly on a circle of radius 1.</summary>
    /// <param name="count">The number of points, shared out in turn; at least the number of classes, default 400.</param>
    /// <param name="classes">The number of clouds; at least 2, default 2.</param>
    /// <param name="noise">The standard deviation of a cloud in each coordinate; at least 0, default 0.3.</param>
    /// <param name="seed">The seed of the points; default 0.</param>
    public static Dataset Blobs(int count = 400, int classes = 2, double noise = 0.3, int seed = 0) =>
        Plane(
            "blobs",
            count,
            classes,
            noise,
            seed,
            (label, _) =>
            {
                double angle = 2 * Math.PI * label / classes;
                return (Trigonometry.Cos(angle), Trigonometry.Sin(angle));
            }
        );

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

    /// <summary>
    /// Points of the plane, class 0, 1, … in turn; <paramref name="place"/> says where, for a class and a fraction
    /// from 0 to below 1, and normal noise is added.
    /// </summary>
    private static Dataset Plane(
        string name,
        int count,
        int classes,
        double noise,
        int seed,
        Func<int, double, (double X, double Y)> place
    )
    {
        Require.AtLeast(classes, 2);
        Require.AtLeast(count, classes);
        Require.NonNegative(noise);
        var inputs = new double[2 * count];
        Draw.Normal(inputs, noise, new Random(seed));
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % classes)];
        int ofClass = (count + classes - 1) / classes;
        for (int i = 0; i < count; i++)
        {
            (double x, double y) = place(labels[i], i / classes / (double)ofClass);
            inputs[2 * i] += x;
            inputs[2 * i + 1] += y;
        }
        return Dataset.OfClasses(name, Matrix<double>.Build.Dense(2, count, inputs), labels, classes);
    }
}
