using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>What a training of a recurrent network did.</summary>
/// <param name="Network">The network after.</param>
/// <param name="Steps">One record per step, measured before the parameters changed.</param>
/// <param name="DivergedAt">The step whose loss or gradient was not finite, at which the training stopped; null if none.</param>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public sealed record RecurrentRun(RecurrentNetwork Network, IReadOnlyList<TrainingStep> Steps, int? DivergedAt)
{
    /// <summary>The steps and the first and last loss in one line.</summary>
    public override string ToString() =>
        Invariant($"{Steps.Count} steps, loss from {Steps[0].Loss:G4} to {Steps[^1].Loss:G4}")
        + (DivergedAt is { } step ? Invariant($", diverged at step {step}") : "");
}

/// <summary>Trains recurrent networks by gradient descent on mini-batches.</summary>
public static class RecurrentTrainer
{
    /// <summary>Trains a copy of a network; ends early where the loss or the gradient is not finite.</summary>
    /// <param name="network">Where to start; it stays as it is.</param>
    /// <param name="data">Sequences, such as <see cref="Datasets.Adding"/>, whose loss is the mean squared error.</param>
    /// <param name="learningRate">The step length; above 0.</param>
    /// <param name="steps">How many steps; at least 1.</param>
    /// <param name="clipping">The limit on the gradient; default none (null).</param>
    /// <param name="batchSize">The sequences per step, one batch after the other; at least 1, default 32.</param>
    public static RecurrentRun Train(
        RecurrentNetwork network,
        Dataset data,
        double learningRate,
        int steps,
        GradientClipping? clipping = null,
        int batchSize = 32
    )
    {
        Require.NotNull(network);
        (Matrix<double> sequences, Matrix<double> targets) = (Require.NotNull(data).Inputs, data.Targets);
        Require.Shape(targets, network.Readout.FanOut, data.Count, "data");
        if (data.Loss != Loss.MeanSquaredError)
            throw new ArgumentException(
                $"data has the loss {data.Loss}; expected {Loss.MeanSquaredError}.",
                nameof(data)
            );
        Require.Positive(learningRate);
        Require.AtLeast(steps, 1);
        Require.AtLeast(batchSize, 1);
        clipping ??= GradientClipping.None;
        int size = Math.Min(batchSize, data.Count);
        var trained = new RecurrentNetwork(network.Hidden.Copy(), network.Readout.Copy());
        var pass = new RecurrentPass(trained, size, sequences.RowCount);
        var taken = new List<TrainingStep>();
        for (int step = 0; step < steps; step++)
        {
            RunningCell.Interruption.ThrowIfCancellationRequested();
            int first = step % (data.Count / size) * size;
            double loss = pass.Differentiate(sequences, targets, first);
            double norm = Norm.Of(pass.Gradients, pass.Gradients.Sum(array => Elementwise.SumOfSquares(array)));
            taken.Add(new TrainingStep(step, loss, norm));
            if (!double.IsFinite(loss) || !double.IsFinite(norm))
                return new RecurrentRun(trained, taken, step);
            clipping.Apply(pass.Gradients, pass.Parameters, pass.Units, norm);
            for (int i = 0; i < pass.Parameters.Length; i++)
            for (int j = 0; j < pass.Parameters[i].Length; j++)
                pass.Parameters[i][j] -= learningRate * pass.Gradients[i][j];
        }
        return new RecurrentRun(trained, taken, null);
    }
}
