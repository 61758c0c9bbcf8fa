using System.Runtime.CompilerServices;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>
/// What training makes small: one number from the network's outputs and the targets, both with one example a column.
/// </summary>
public abstract record Loss
{
    private protected Loss() { }

    /// <summary>The mean over all entries of (output - target)².</summary>
    public static Loss MeanSquaredError { get; } = new MeanSquaredErrorLoss();

    /// <summary>
    /// The mean over all entries of log(1 + exp(z)) - t z, for logits z and targets t from 0 to 1; an untrained
    /// network that outputs 0 has ln 2.
    /// </summary>
    public static Loss BinaryCrossEntropy { get; } = new BinaryCrossEntropyLoss();

    /// <summary>
    /// The mean over examples of -sum t log softmax(z), for logits z and targets t whose columns add up to 1; an
    /// untrained network that outputs 0 for K classes has ln K.
    /// </summary>
    public static Loss SoftmaxCrossEntropy { get; } = new SoftmaxCrossEntropyLoss();

    /// <summary>The name of the loss as a chart shows it.</summary>
    public abstract string Name { get; }

    /// <summary>The loss of some outputs.</summary>
    /// <param name="outputs">[outputs x examples]; logits for the two cross-entropies.</param>
    /// <param name="targets">[outputs x examples].</param>
    public double Value(Matrix<double> outputs, Matrix<double> targets)
    {
        Require.NotNull(outputs);
        Require.Shape(targets, outputs.RowCount, outputs.ColumnCount);
        CheckTargets(targets);
        double[] z = outputs.ToColumnMajorArray();
        var losses = new double[outputs.ColumnCount];
        LossesAndDelta(z, targets.ToColumnMajorArray(), new double[z.Length], losses, losses.Length);
        return Mean(losses);
    }

    /// <summary>Throws unless every target is one that this loss can take.</summary>
    internal abstract void CheckTargets(Matrix<double> targets);

    /// <summary>
    /// Writes the loss of each of some examples of a batch into <paramref name="losses"/>, and the derivative of the
    /// mean loss over the whole batch by each output into <paramref name="delta"/>.
    /// </summary>
    internal abstract void LossesAndDelta(
        ReadOnlySpan<double> outputs,
        ReadOnlySpan<double> targets,
        Span<double> delta,
        Span<double> losses,
        int batch
    );

    /// <summary>The mean, summed in the order of the examples.</summary>
    internal static double Mean(ReadOnlySpan<double> losses)
    {
        double sum = 0;
        foreach (double loss in losses)
            sum += loss;
        return sum / losses.Length;
    }

    /// <summary>The name of the loss.</summary>
    public sealed override string ToString() => Name;

    private static void CheckEach(Matrix<double> targets, Func<double, bool> holds, string expected)
    {
        for (int column = 0; column < targets.ColumnCount; column++)
        for (int row = 0; row < targets.RowCount; row++)
        {
            double target = targets[row, column];
            if (!holds(target))
                throw Require.OutOfRange($"targets[{row}, {column}]", target, expected);
        }
    }

    private sealed record MeanSquaredErrorLoss : Loss
    {
        public override string Name => "mean squared error";

        internal override void CheckTargets(Matrix<double> targets) =>
            CheckEach(targets, double.IsFinite, "a finite number");

        internal override void LossesAndDelta(
            ReadOnlySpan<double> outputs,
            ReadOnlySpan<double> targets,
            Span<double> delta,
            Span<double> losses,
            int batch
        )
        {
            int rows = outputs.Length / losses.Length;
            for (int i = 0; i < losses.Length; i++)
            {
                double sum = 0;
                for (int k = i * rows; k < (i + 1) * rows; k++)
                {
                    double error = outputs[k] - targets[k];
                    sum += error * error;
                    delta[k] = 2 * error / ((double)rows * batch);
                }
                losses[i] = sum / rows;
            }
        }
    }

    private sealed record BinaryCrossEntropyLoss : Loss
    {
        public override string Name => "binary cross-entropy";

        internal override void CheckTargets(Matrix<double> targets) =>
            CheckEach(targets, t => t is >= 0 and <= 1, "a probability from 0 to 1");

        internal override void LossesAndDelta(
            ReadOnlySpan<double> outputs,
            ReadOnlySpan<double> targets,
            Span<double> delta,
            Span<double> losses,
            int batch
        )
        {
            int rows = outputs.Length / losses.Length;
            Elementwise.Map(default(Entropy), outputs, targets, delta);
            for (int i = 0; i < losses.Length; i++)
            {
                double sum = 0;
                foreach (double entropy in delta.Slice(i * rows, rows))
                    sum += entropy;
                losses[i] = sum / rows;
            }
            Elementwise.Map(new Derivative((double)rows * batch), outputs, targets, delta);
        }

        private readonly struct Entropy : IFunction2
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public T Of<T>(T z, T t)
                where T : struct, ILanes<T> => Elementary.SoftPlus(z) - t * z;
        }

        private readonly struct Derivative(double count) : IFunction2
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public T Of<T>(T z, T t)
                where T : struct, ILanes<T> => (Elementary.Sigmoid(z) - t) / T.All(count);
        }
    }

    private sealed record SoftmaxCrossEntropyLoss : Loss
    {
        public override string Name => "softmax cross-entropy";

        internal override void CheckTargets(Matrix<double> targets)
        {
            CheckEach(targets, t => t is >= 0 and <= 1, "a probability from 0 to 1");
            for (int column = 0; column < targets.ColumnCount; column++)
            {
                double sum = targets.Column(column).Sum();
                if (Math.Abs(sum - 1) > 1e-9)
                    throw Require.OutOfRange($"the sum of targets in column {column}", sum, "1");
            }
        }

        internal override void LossesAndDelta(
            ReadOnlySpan<double> outputs,
            ReadOnlySpan<double> targets,
            Span<double> delta,
            Span<double> losses,
            int batch
        )
        {
            int rows = outputs.Length / losses.Length;
            for (int i = 0; i < losses.Length; i++)
            {
                ReadOnlySpan<double> z = outputs.Slice(i * rows, rows);
                Span<double> d = delta.Slice(i * rows, rows);
                double largest = Largest(z);
                for (int k = 0; k < rows; k++)
                    d[k] = z[k] - largest;
            }
            Elementwise.Map(default(Exponential), delta, delta);
            for (int i = 0; i < losses.Length; i++)
            {
                double total = 0;
                foreach (double e in delta.Slice(i * rows, rows))
                    total += e;
                losses[i] = total;
            }
            for (int i = 0; i < losses.Length; i++)
            {
                ReadOnlySpan<double> t = targets.Slice(i * rows, rows);
                Span<double> d = delta.Slice(i * rows, rows);
                for (int k = 0; k < rows; k++)
                    d[k] = (d[k] / losses[i] - t[k]) / batch;
            }
            Elementwise.Map(default(Logarithm), losses, losses);
            for (int i = 0; i < losses.Length; i++)
            {
                ReadOnlySpan<double> z = outputs.Slice(i * rows, rows);
                ReadOnlySpan<double> t = targets.Slice(i * rows, rows);
                double logOfSum = Largest(z) + losses[i];
                double sum = 0;
                for (int k = 0; k < rows; k++)
                    if (t[k] != 0)
                        sum += t[k] * (logOfSum - z[k]);
                losses[i] = sum;
            }
        }

        private static double Largest(ReadOnlySpan<double> values)
        {
            double largest = values[0];
            foreach (double value in values)
                largest = value > largest ? value : largest;
            return largest;
        }

        private readonly struct Exponential : IFunction
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public T Of<T>(T x)
                where T : struct, ILanes<T> => Elementary.Exp(x);
        }

        private readonly struct Logarithm : IFunction
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public T Of<T>(T x)
                where T : struct, ILanes<T> => Elementary.Log(x);
        }
    }
}
