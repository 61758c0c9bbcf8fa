using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>Recurrent networks of one unit, small enough to see their whole loss: it has two parameters.</summary>
public static class RecurrentUnit
{
    /// <summary>
    /// The loss (sigmoid(x) - target)² after some steps of x ← w sigmoid(x) + b from x = 0.5, and its gradient. Where w is
    /// above 4 two values of x can both be stable, and where one of them ends the loss is a cliff. Source: Pascanu,
    /// Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2013, figure 6.
    /// </summary>
    /// <param name="w">The recurrent weight; finite.</param>
    /// <param name="b">The bias; finite.</param>
    /// <param name="steps">How often the unit is applied; at least 1, default 50.</param>
    /// <param name="target">What sigmoid(x) should be; finite, default 0.7.</param>
    public static PlaneLoss Cliff(double w, double b, int steps = 50, double target = 0.7)
    {
        Require.Finite(w);
        Require.Finite(b);
        Require.AtLeast(steps, 1);
        Require.Finite(target);
        (double x, double byW, double byB) = (0.5, 0, 0);
        for (int step = 0; step < steps; step++)
        {
            double s = Activation.Sigmoid.Value(x);
            double slope = w * s * (1 - s);
            (x, byW, byB) = (w * s + b, s + slope * byW, 1 + slope * byB);
        }
        double output = Activation.Sigmoid.Value(x);
        double delta = 2 * (output - target) * output * (1 - output);
        return new PlaneLoss((output - target) * (output - target), delta * byW, delta * byB);
    }

    /// <summary>
    /// A linear unit that should add up a sequence: the mean of (x - sum)² over sequences, for x ← w x + v input from
    /// x = 0, and its gradient by backpropagation through time. It is 0 at w = v = 1. The gradient holds powers of w up
    /// to twice the length.
    /// </summary>
    /// <param name="w">The recurrent weight; finite.</param>
    /// <param name="v">The weight of the input; finite.</param>
    /// <param name="sequences">[length x sequences], one a column.</param>
    public static PlaneLoss RunningSum(double w, double v, Matrix<double> sequences)
    {
        Require.Finite(w);
        Require.Finite(v);
        int length = Require.NotNull(sequences).RowCount;
        (double loss, double byW, double byV) = (0, 0, 0);
        foreach (Vector<double> inputs in sequences.EnumerateColumns())
        {
            var x = new double[length + 1];
            for (int t = 0; t < length; t++)
                x[t + 1] = w * x[t] + v * inputs[t];
            double error = x[length] - inputs.Sum();
            loss += error * error;
            double delta = 2 * error;
            for (int t = length - 1; t >= 0; t--)
            {
                byW += delta * x[t];
                byV += delta * inputs[t];
                delta *= w;
            }
        }
        int count = sequences.ColumnCount;
        return new PlaneLoss(loss / count, byW / count, byV / count);
    }
}
