using System.Runtime.CompilerServices;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>
/// What training minimizes: one number from the network's outputs and the targets, both with one example a column.
/// </summary>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
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
        LossesAndDelta(new LossSlice(z, targets.ToColumnMajorArray(), new double[z.Length], losses, losses.Length));
        return Mean(losses);
    }

    /// <summary>Throws unless every target is one that this loss can take.</summary>
    internal abstract void CheckTargets(Matrix<double> targets);

    /// <summary>
    /// Writes the loss of each of some examples of a batch, and the derivative of the mean loss over the whole batch by each
    /// output.
    /// </summary>
    internal abstract void LossesAndDelta(LossSlice slice);

    /// <summary>The most terms that are added in one chain; longer sums are split, to round less often.</summary>
    private const int LongestSum = 4096;

    /// <summary>The mean, summed in the order of the examples.</summary>
    internal static double Mean(ReadOnlySpan<double> losses)
    {
        double mean = Sum(losses) / losses.Length;
        if (!double.IsInfinity(mean))
            return mean;
        double sum = 0;
        foreach (double loss in losses)
            sum += loss / losses.Length;
        return sum;
    }

    private static double Sum(ReadOnlySpan<double> terms)
    {
        if (terms.Length <= LongestSum)
            return Elementwise.Sum(terms);
        double sum = 0;
        for (int start = 0; start < terms.Length; start += LongestSum)
            sum += Elementwise.Sum(terms.Slice(start, Math.Min(LongestSum, terms.Length - start)));
        return sum;
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
                throw Require.OutOfRange(Invariant($"targets[{row}, {column}]"), target, expected);
        }
    }

    private sealed record MeanSquaredErrorLoss : Loss
    {
        public override string Name => "mean squared error";

        internal override void CheckTargets(Matrix<double> targets) =>
            CheckEach(targets, double.IsFinite, "a finite number");

        internal override void LossesAndDelta(LossSlice slice)
        {
            double half = (double)slice.Rows * slice.Batch / 2;
            for (int i = 0; i < slice.Losses.Length; i++)
            {
                ReadOnlySpan<double> y = slice.OutputsOf(i);
                ReadOnlySpan<double> t = slice.TargetsOf(i);
                Span<double> d = slice.DeltaOf(i);
                double sum = 0;
                for (int k = 0; k < d.Length; k++)
                {
                    double error = y[k] - t[k];
                    sum += error * error;
                    d[k] = error / half;
                }
                slice.Losses[i] = double.IsInfinity(sum) ? MeanOfLarge(y, t) : sum / slice.Rows;
            }
        }

        /// <summary>The mean of squares whose sum overflows, while their mean may not.</summary>
        private static double MeanOfLarge(ReadOnlySpan<double> outputs, ReadOnlySpan<double> targets)
        {
            double mean = 0;
            for (int k = 0; k < outputs.Length; k++)
                mean += (outputs[k] - targets[k]) / outputs.Length * (outputs[k] - targets[k]);
            return mean;
        }
    }

    private sealed record BinaryCrossEntropyLoss : Loss
    {
        public override string Name => "binary cross-entropy";

        internal override void CheckTargets(Matrix<double> targets) =>
            CheckEach(targets, t => t is >= 0 and <= 1, "a probability from 0 to 1");

        internal override void LossesAndDelta(LossSlice slice)
        {
            Elementwise.Map(default(Entropy), slice.Outputs, slice.Targets, slice.Delta);
            if (slice.Rows == 1)
                slice.Delta.CopyTo(slice.Losses);
            for (int i = 0; i < slice.Losses.Length && slice.Rows > 1; i++)
            {
                double sum = 0;
                foreach (double entropy in slice.DeltaOf(i))
                    sum += entropy;
                slice.Losses[i] = sum / slice.Rows;
            }
            var derivative = new Derivative((double)slice.Rows * slice.Batch);
            Elementwise.Map(derivative, slice.Outputs, slice.Targets, slice.Delta);
        }

        /// <summary>From this logit on, what remains beside a target of 1 is computed as such, not as a difference.</summary>
        private const double Confident = 4;

        /// <summary>
        /// log(1 + exp(-|z|)) and |z| times the target probability of the other class; where z is positive and not large,
        /// the same by a subtraction.
        /// </summary>
        private readonly struct Entropy : IFunction2
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public T Of<T>(T z, T t)
                where T : struct, ILanes<T>
            {
                T log = Elementary.SoftPlusOfMinusSize(z);
                T negative = T.Less(z, T.All(0));
                T other = T.Select(negative, t, T.All(1) - t);
                T slope = T.Select(T.Less(T.All(0), other), other * Elementary.Absolute(z), T.All(0));
                T isDifference = T.Select(T.Less(T.All(Confident), z), negative, T.Less(T.All(0), z));
                return T.Select(isDifference, z + log - t * z, slope + log);
            }
        }

        private readonly struct Derivative(double count) : IFunction2
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public T Of<T>(T z, T t)
                where T : struct, ILanes<T>
            {
                T e = Elementary.ExpOfMinusSize(z);
                T sum = T.All(1) + e;
                T difference = T.Select(T.Less(z, T.All(0)), e, T.All(1)) / sum - t;
                T confident = T.All(1) - t - e / sum;
                return T.Select(T.Less(T.All(Confident), z), confident, difference) / T.All(count);
            }
        }
    }

    private sealed record SoftmaxCrossEntropyLoss : Loss
    {
        /// <summary>Below this fraction of the total, what remains beside a target of 1 is computed as such, not as a difference.</summary>
        private const double Confident = 1.0 / 256;

        /// <summary>A loss that is smaller than its logits by this factor has lost ten of its 53 bits to them.</summary>
        private const double LargestCancellation = 1024;

        private const int MostOnStack = 256;

        public override string Name => "softmax cross-entropy";

        internal override void CheckTargets(Matrix<double> targets)
        {
            CheckEach(targets, t => t is >= 0 and <= 1, "a probability from 0 to 1");
            for (int column = 0; column < targets.ColumnCount; column++)
            {
                double sum = targets.Column(column).Sum();
                if (Math.Abs(sum - 1) > 1e-9)
                    throw Require.OutOfRange(Invariant($"the sum of targets in column {column}"), sum, "1");
            }
        }

        internal override void LossesAndDelta(LossSlice slice)
        {
            int rows = slice.Rows;
            Span<double> losses = slice.Losses;
            bool fits = losses.Length <= MostOnStack;
            Span<int> tops = fits ? stackalloc int[losses.Length] : new int[losses.Length];
            Span<double> rests = fits ? stackalloc double[losses.Length] : new double[losses.Length];
            for (int i = 0; i < losses.Length; i++)
            {
                ReadOnlySpan<double> z = slice.OutputsOf(i);
                Span<double> d = slice.DeltaOf(i);
                int top = tops[i] = Top(z);
                double largest = z[top];
                for (int k = 0; k < rows; k++)
                    d[k] = z[k] - largest;
                d[top] = double.IsNaN(largest) ? double.NaN : 0;
            }
            Elementwise.Map(default(Exponential), slice.Delta, slice.Delta);
            for (int i = 0; i < losses.Length; i++)
            {
                ReadOnlySpan<double> t = slice.TargetsOf(i);
                Span<double> d = slice.DeltaOf(i);
                int top = tops[i];
                (double total, double rest) = (0, 0);
                for (int k = 0; k < rows; k++)
                {
                    total += d[k];
                    rest += k == top ? 0 : d[k];
                }
                for (int k = 0; k < rows; k++)
                    d[k] = (d[k] / total - t[k]) / slice.Batch;
                if (rest < Confident && t[top] > 0.5)
                    d[top] = (1 - t[top] - rest / total) / slice.Batch;
                (losses[i], rests[i]) = (total, rest);
            }
            Elementwise.Map(default(LogarithmOfTotal), losses, rests, losses);
            for (int i = 0; i < losses.Length; i++)
            {
                ReadOnlySpan<double> z = slice.OutputsOf(i);
                ReadOnlySpan<double> t = slice.TargetsOf(i);
                double logOfSum = z[tops[i]] + losses[i];
                double sum = 0;
                for (int k = 0; k < rows; k++)
                    if (t[k] != 0)
                        sum += t[k] * (logOfSum - z[k]);
                losses[i] =
                    sum * LargestCancellation >= Math.Abs(logOfSum) ? sum : SumOfDifferences(z, t, tops[i], losses[i]);
            }
        }

        /// <summary>
        /// The loss of an example that is small beside its logits, or of infinite ones: differences of logits first.
        /// </summary>
        private static double SumOfDifferences(
            ReadOnlySpan<double> z,
            ReadOnlySpan<double> t,
            int top,
            double logOfTotal
        )
        {
            double sum = 0;
            for (int k = 0; k < z.Length; k++)
                if (t[k] != 0)
                    sum += t[k] * ((k == top ? 0 : z[top] - z[k]) + logOfTotal);
            return sum;
        }

        /// <summary>The index of the largest logit, the first of equal ones.</summary>
        private static int Top(ReadOnlySpan<double> values)
        {
            int top = 0;
            for (int k = 1; k < values.Length; k++)
                top = values[k] > values[top] ? k : top;
            return top;
        }

        private readonly struct Exponential : IFunction
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public T Of<T>(T x)
                where T : struct, ILanes<T> => Elementary.Exp(x);
        }

        /// <summary>log of a total of at least 1, given also what it is above 1, which a small one rounds away.</summary>
        private readonly struct LogarithmOfTotal : IFunction2
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public T Of<T>(T total, T rest)
                where T : struct, ILanes<T>
            {
                T isSmall = T.Less(rest, T.All(Confident));
                T sum = T.Select(isSmall, T.All(1) + rest, total);
                T log = Elementary.Log(sum);
                T ofSmall = T.Select(T.Less(T.All(1), sum), rest * log / (sum - T.All(1)), rest);
                return T.Select(isSmall, ofSmall, log);
            }
        }
    }
}
