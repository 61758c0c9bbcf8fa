namespace NotebookSupport;

/// <summary>Trains networks by gradient descent.</summary>
public static class Trainer
{
    /// <summary>Trains a copy of a network; the network itself stays as it is.</summary>
    /// <param name="network">Where to start, with as many inputs and outputs as the data.</param>
    /// <param name="data">What to learn.</param>
    /// <param name="options">How; default as <see cref="TrainingOptions"/> says.</param>
    public static TrainingRun Train(Network network, Dataset data, TrainingOptions? options = null)
    {
        options ??= new TrainingOptions();
        Check(Require.NotNull(network), Require.NotNull(data), options);
        Loss loss = options.Loss ?? data.Loss;
        int batchSize = Math.Min(options.BatchSize ?? data.Count, data.Count);

        Network trained = network.Copy();
        var pass = new BatchPass(trained, batchSize);
        var batches = new Batches(data, batchSize, options.Seed);
        var steps = new List<TrainingStep>(options.Steps);
        var snapshots = new List<Snapshot>();
        int? divergedAt = null;
        var progress = new TrainingProgress(
            options.Steps,
            () => new TrainingRun(network, trained.Copy(), [.. steps], steps[^1].Loss, divergedAt, [.. snapshots])
        );
        for (int t = 0; t < options.Steps; t++)
        {
            if (IsSnapshot(t, options))
                snapshots.Add(new Snapshot(t, trained.Copy()));
            batches.Next();
            pass.Forward(batches.Inputs, batchSize);
            double value = pass.Backward(batches.Targets, loss);
            double norm = GlobalNorm(pass);
            steps.Add(new TrainingStep(t, value, norm));
            if (!double.IsFinite(value))
            {
                divergedAt = t;
                break;
            }
            Descend(pass.Weights, pass.WeightGradients, norm, options);
            Descend(pass.Biases, pass.BiasGradients, norm, options);
            progress.Done = steps.Count;
            options.Observer?.Report(progress);
        }
        double final = divergedAt is null ? loss.Value(trained.Forward(data.Inputs), data.Targets) : double.NaN;
        if (divergedAt is null && !double.IsFinite(final))
            divergedAt = options.Steps;
        if (options.Snapshots > 0)
            snapshots.Add(new Snapshot(steps.Count, trained.Copy()));
        return new TrainingRun(network, trained, steps, final, divergedAt, snapshots);
    }

    private static void Check(Network network, Dataset data, TrainingOptions options)
    {
        Require.NonNegative(options.LearningRate, nameof(options.LearningRate));
        Require.AtLeast(options.Steps, 0, nameof(options.Steps));
        Require.AtLeast(options.Snapshots, 0, nameof(options.Snapshots));
        Require.AtLeast(options.BatchSize ?? 1, 1, nameof(options.BatchSize));
        Require.NotNull(options.Clipping, nameof(options.Clipping));
        options.Loss?.CheckTargets(data.Targets);
        int inputs = network.Layers[0].FanIn;
        int outputs = network.Layers[^1].FanOut;
        if (inputs != data.Inputs.RowCount || outputs != data.Targets.RowCount)
            throw new ArgumentException(
                $"network has {inputs} inputs and {outputs} outputs; expected {data.Inputs.RowCount} and "
                    + $"{data.Targets.RowCount}, as the data set {data.Name} has.",
                nameof(network)
            );
    }

    private static bool IsSnapshot(int step, TrainingOptions options) =>
        options.Snapshots > 0
        && (
            step == 0
            || step * (long)options.Snapshots / options.Steps != (step - 1) * (long)options.Snapshots / options.Steps
        );

    private static double GlobalNorm(BatchPass pass)
    {
        double sum = 0;
        foreach (double[] gradient in pass.WeightGradients.Concat(pass.BiasGradients))
        foreach (double value in gradient)
            sum += value * value;
        return Math.Sqrt(sum);
    }

    private static void Descend(double[][] parameters, double[][] gradients, double norm, TrainingOptions options)
    {
        for (int l = 0; l < parameters.Length; l++)
        {
            options.Clipping.Apply(gradients[l], norm);
            for (int i = 0; i < parameters[l].Length; i++)
                parameters[l][i] -= options.LearningRate * gradients[l][i];
        }
    }

    /// <summary>The batches of a training: the whole data, or parts of it in an order that changes each pass.</summary>
    private sealed class Batches
    {
        private readonly double[] _inputs;
        private readonly double[] _targets;
        private readonly int[] _order;
        private readonly int _size;
        private readonly Random _random;
        private int _next;

        public Batches(Dataset data, int size, int seed)
        {
            _inputs = data.Inputs.ToColumnMajorArray();
            _targets = data.Targets.ToColumnMajorArray();
            _order = [.. Enumerable.Range(0, data.Count)];
            _size = size;
            _random = new Random(seed);
            _next = data.Count;
            bool whole = size == data.Count;
            Inputs = whole ? _inputs : new double[data.Inputs.RowCount * size];
            Targets = whole ? _targets : new double[data.Targets.RowCount * size];
        }

        public double[] Inputs { get; }

        public double[] Targets { get; }

        public void Next()
        {
            if (_size == _order.Length)
                return;
            if (_next + _size > _order.Length)
            {
                _random.Shuffle(_order);
                _next = 0;
            }
            for (int i = 0; i < _size; i++, _next++)
            {
                Copy(_inputs, Inputs, _order[_next], i);
                Copy(_targets, Targets, _order[_next], i);
            }
        }

        private void Copy(double[] from, double[] to, int source, int target)
        {
            int rows = to.Length / _size;
            from.AsSpan(source * rows, rows).CopyTo(to.AsSpan(target * rows));
        }
    }
}
