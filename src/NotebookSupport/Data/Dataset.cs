using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>Examples to learn from, one a column.</summary>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public sealed class Dataset
{
    /// <summary>A data set.</summary>
    /// <param name="name">What a chart calls it.</param>
    /// <param name="inputs">[inputs x examples]; at least one example, finite numbers.</param>
    /// <param name="targets">[outputs x examples]; as <paramref name="loss"/> expects them.</param>
    /// <param name="loss">The loss that suits the targets.</param>
    public Dataset(string name, Matrix<double> inputs, Matrix<double> targets, Loss loss)
    {
        Name = Require.NotNull(name);
        Inputs = Require.NotNull(inputs);
        Targets = Require.Shape(targets, Require.NotNull(targets).RowCount, inputs.ColumnCount);
        Loss = Require.NotNull(loss);
        if (inputs.Enumerate().Any(value => !double.IsFinite(value)))
            throw new ArgumentException("inputs holds NaN or infinity; expected finite numbers.", nameof(inputs));
        loss.CheckTargets(targets);
    }

    /// <summary>What a chart calls the data.</summary>
    public string Name { get; }

    /// <summary>[inputs x examples].</summary>
    public Matrix<double> Inputs { get; }

    /// <summary>[outputs x examples].</summary>
    public Matrix<double> Targets { get; }

    /// <summary>The loss that suits the targets.</summary>
    public Loss Loss { get; }

    /// <summary>The number of examples.</summary>
    public int Count => Inputs.ColumnCount;

    /// <summary>
    /// A data set of classes: one row of targets, 0 or 1, for two classes; one-hot columns for more.
    /// </summary>
    /// <param name="name">What a chart calls it.</param>
    /// <param name="inputs">[inputs x examples].</param>
    /// <param name="labels">The class of each example, from 0 to classes - 1.</param>
    /// <param name="classes">The number of classes; at least 2.</param>
    public static Dataset OfClasses(string name, Matrix<double> inputs, IReadOnlyList<int> labels, int classes)
    {
        Require.NotNull(inputs);
        Require.AtLeast(classes, 2);
        if (Require.NotNull(labels).Count != inputs.ColumnCount)
            throw new ArgumentException(
                Invariant($"labels has length {labels.Count}; expected {inputs.ColumnCount}, one for each example."),
                nameof(labels)
            );
        var targets = Matrix<double>.Build.Dense(classes == 2 ? 1 : classes, labels.Count);
        for (int i = 0; i < labels.Count; i++)
        {
            int label = labels[i];
            if (label < 0 || label >= classes)
                throw Require.OutOfRange(
                    Invariant($"labels[{i}]"),
                    label,
                    Invariant($"a class from 0 to {classes - 1}")
                );
            if (classes == 2)
                targets[0, i] = label;
            else
                targets[label, i] = 1;
        }
        return new Dataset(name, inputs, targets, classes == 2 ? Loss.BinaryCrossEntropy : Loss.SoftmaxCrossEntropy);
    }

    /// <summary>The class of each example.</summary>
    public IReadOnlyList<int> Labels => ClassesOf(Targets, 0.5);

    /// <summary>The fraction of examples whose most likely class is the right one; from 0 to 1.</summary>
    /// <param name="network">A classifier with as many inputs and outputs as the data.</param>
    public double Accuracy(Network network)
    {
        Matrix<double> outputs = Require.NotNull(network).Forward(Inputs);
        Require.Shape(outputs, Targets.RowCount, Count, nameof(network));
        return ClassesOf(outputs, 0).Zip(Labels).Count(pair => pair.First == pair.Second) / (double)Count;
    }

    /// <summary>Two data sets: a random fraction of the examples, and the others.</summary>
    /// <param name="fraction">The fraction in the first, above 0 and below 1.</param>
    /// <param name="seed">The seed of the choice.</param>
    public (Dataset Train, Dataset Test) Split(double fraction, int seed)
    {
        int first = (int)Math.Round(Require.Between(fraction, 0, 1) * Count);
        if (first == 0 || first == Count)
            throw Require.OutOfRange(
                nameof(fraction),
                fraction,
                $"a part that leaves examples on both sides of {Count}"
            );
        int[] order = Draw.Permutation(Count, new Random(seed));
        return (Choose("train", order[..first]), Choose("test", order[first..]));
    }

    /// <summary>The name, the numbers of examples, inputs and classes or outputs, and the loss in one line.</summary>
    public override string ToString() =>
        Invariant($"{Name}: {Count} examples of {Inputs.RowCount} inputs, ")
        + (
            Classes is { } classes
                ? Invariant($"{classes} classes, {Loss}")
                : Invariant($"{Targets.RowCount} outputs, {Loss}")
        );

    /// <summary>The number of classes; null where the targets are not classes.</summary>
    internal int? Classes =>
        Loss != Loss.MeanSquaredError && Targets.Enumerate().All(target => target is 0 or 1)
            ? Math.Max(2, Targets.RowCount)
            : null;

    /// <summary>Some of the examples.</summary>
    internal Dataset Choose(string part, int[] columns) =>
        new(
            $"{Name} ({part})",
            Matrix<double>.Build.DenseOfColumnVectors(columns.Select(Inputs.Column)),
            Matrix<double>.Build.DenseOfColumnVectors(columns.Select(Targets.Column)),
            Loss
        );

    private static int[] ClassesOf(Matrix<double> outputs, double threshold) =>
        [
            .. outputs
                .EnumerateColumns()
                .Select(column => column.Count == 1 ? (column[0] > threshold ? 1 : 0) : column.MaximumIndex()),
        ];
}
