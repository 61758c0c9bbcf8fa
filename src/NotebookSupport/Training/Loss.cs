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
        return ValueAndDelta(z, targets.ToColumnMajorArray(), new double[z.Length], outputs.RowCount);
    }

    /// <summary>Throws unless every target is one that this loss can take.</summary>
    internal abstract void CheckTargets(Matrix<double> targets);

    /// <summary>Returns the loss and writes its derivative by each output into <paramref name="delta"/>.</summary>
    internal abstract double ValueAndDelta(
        ReadOnlySpan<double> outputs,
        ReadOnlySpan<double> targets,
        Span<double> delta,
        int rows
    );

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

        internal override double ValueAndDelta(
            ReadOnlySpan<double> outputs,
            ReadOnlySpan<double> targets,
            Span<double> delta,
            int rows
        )
        {
            double sum = 0;
            for (int i = 0; i < outputs.Length; i++)
            {
                double error = outputs[i] - targets[i];
                sum += error * error;
                delta[i] = 2 * error / outputs.Length;
            }
            return sum / outputs.Length;
        }
    }

    private sealed record BinaryCrossEntropyLoss : Loss
    {
        public override string Name => "binary cross-entropy";

        internal override void CheckTargets(Matrix<double> targets) =>
            CheckEach(targets, t => t is >= 0 and <= 1, "a probability from 0 to 1");

        internal override double ValueAndDelta(
            ReadOnlySpan<double> outputs,
            ReadOnlySpan<double> targets,
            Span<double> delta,
            int rows
        )
        {
            double sum = 0;
            for (int i = 0; i < outputs.Length; i++)
            {
                double z = outputs[i];
                double e = Math.Exp(-Math.Abs(z));
                sum += Math.Max(z, 0) - targets[i] * z + LogOnePlus(e);
                delta[i] = ((z >= 0 ? 1 / (1 + e) : e / (1 + e)) - targets[i]) / outputs.Length;
            }
            return sum / outputs.Length;
        }

        /// <summary>
        /// log(1 + x) without the loss of digits for small x. Source: Goldberg, "What Every Computer Scientist Should
        /// Know About Floating-Point Arithmetic", 1991, theorem 4.
        /// </summary>
        private static double LogOnePlus(double x)
        {
            double sum = 1 + x;
            return sum == 1 ? x : x * Math.Log(sum) / (sum - 1);
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

        internal override double ValueAndDelta(
            ReadOnlySpan<double> outputs,
            ReadOnlySpan<double> targets,
            Span<double> delta,
            int rows
        )
        {
            int examples = outputs.Length / rows;
            double sum = 0;
            for (int start = 0; start < outputs.Length; start += rows)
            {
                ReadOnlySpan<double> z = outputs.Slice(start, rows);
                ReadOnlySpan<double> t = targets.Slice(start, rows);
                Span<double> d = delta.Slice(start, rows);
                double largest = z[0];
                foreach (double value in z)
                    largest = Math.Max(largest, value);
                double total = 0;
                for (int i = 0; i < rows; i++)
                    total += d[i] = Math.Exp(z[i] - largest);
                double logTotal = Math.Log(total);
                for (int i = 0; i < rows; i++)
                {
                    if (t[i] != 0)
                        sum -= t[i] * (z[i] - largest - logTotal);
                    d[i] = (d[i] / total - t[i]) / examples;
                }
            }
            return sum / examples;
        }
    }
}
