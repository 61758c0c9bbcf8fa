using System.Diagnostics;

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
        using var workers = new WorkerPool(options.Threads ?? WorthwhileThreads(network, batchSize));
        using var descent = new Descent(trained, batchSize, options, workers);
        var batches = new Batches(data, batchSize, options.Seed);
        var steps = new TrainingStep[options.Steps];
        var snapshots = new List<Snapshot>();
        int taken = 0;
        int? divergedAt = null;
        var progress = new TrainingProgress(
            options.Steps,
            () => new TrainingRun(network, trained.Copy(), steps[..taken], steps[taken - 1].Loss, null, [.. snapshots])
        );
        bool arrived = false;
        var pace = new SharingPace(Stopwatch.GetTimestamp());
        CancellationToken cancellation = options.Cancellation ?? RunningCell.Interruption;
        for (int t = 0; t < options.Steps && divergedAt is null && !arrived; t++)
        {
            if (cancellation.IsCancellationRequested)
                throw new OperationCanceledException(
                    Invariant($"The training was stopped before step {t} of {options.Steps}."),
                    cancellation
                );
            if (IsSnapshot(t, options))
                snapshots.Add(new Snapshot(t, trained.Copy()));
            workers.IsAlone = pace.IsAlone;
            batches.Next();
            (double value, double norm) = descent.Differentiate(batches.Inputs, batches.Targets, loss);
            steps[taken++] = new TrainingStep(t, value, norm);
            if (double.IsFinite(value) && double.IsFinite(norm))
                descent.Move(norm);
            else if (options.NonFinite == NonFinitePolicy.Zero)
                descent.Move(descent.DropNonFinite());
            else if (options.NonFinite == NonFinitePolicy.Throw)
                throw new NotFiniteNumberException(
                    Invariant($"The loss of step {t} is {value}, its gradient norm {norm}; expected finite numbers."),
                    norm
                );
            else if (options.NonFinite == NonFinitePolicy.Diverge)
                divergedAt = t;
            pace.StepDone(Stopwatch.GetTimestamp());
            arrived = value < options.StopBelow;
            progress.Done = taken;
            options.Observer?.Report(progress);
        }
        double final = divergedAt is null ? loss.Value(trained.Forward(data.Inputs), data.Targets) : double.NaN;
        if (divergedAt is null && !double.IsFinite(final))
            divergedAt = options.Steps;
        if (options.Snapshots > 0)
            snapshots.Add(new Snapshot(taken, trained.Copy()));
        return new TrainingRun(
            network,
            trained,
            new ArraySegment<TrainingStep>(steps, 0, taken),
            final,
            divergedAt,
            snapshots
        );
    }

    private static void Check(Network network, Dataset data, TrainingOptions options)
    {
        Require.NonNegative(options.LearningRate, nameof(options.LearningRate));
        Require.AtLeast(options.Steps, 0, nameof(options.Steps));
        Require.AtLeast(options.Snapshots, 0, nameof(options.Snapshots));
        Require.Finite(options.StopBelow ?? 0, nameof(options.StopBelow));
        Require.AtLeast(options.BatchSize ?? 1, 1, nameof(options.BatchSize));
        Require.AtLeast(options.Threads ?? 1, 1, nameof(options.Threads));
        Require.NotNull(options.Clipping, nameof(options.Clipping));
        Require.NotNull(options.Optimizer, nameof(options.Optimizer));
        Require.Defined(options.NonFinite, nameof(options.NonFinite));
        options.Loss?.CheckTargets(data.Targets);
        if (options.LayerRates is { } rates)
        {
            if (rates.Count != network.Layers.Count)
                throw new ArgumentException(
                    Invariant(
                        $"LayerRates has length {rates.Count}; expected {network.Layers.Count}, one for each layer."
                    ),
                    nameof(options)
                );
            foreach ((double weights, double biases) in rates)
            {
                Require.NonNegative(weights, "LayerRates.Weights");
                Require.NonNegative(biases, "LayerRates.Biases");
            }
        }
        int inputs = network.Layers[0].FanIn;
        int outputs = network.Layers[^1].FanOut;
        if (inputs != data.Inputs.RowCount || outputs != data.Targets.RowCount)
            throw new ArgumentException(
                Invariant($"network has {inputs} inputs and {outputs} outputs; expected {data.Inputs.RowCount} and ")
                    + Invariant($"{data.Targets.RowCount}, as the data set {data.Name} has."),
                nameof(network)
            );
    }

    private static bool IsSnapshot(int step, TrainingOptions options) =>
        options.Snapshots > 0
        && (
            step == 0
            || step * (long)options.Snapshots / options.Steps != (step - 1) * (long)options.Snapshots / options.Steps
        );

    /// <summary>
    /// Sharing a step between threads costs some microseconds of waiting, which pays from about half a million multiply-adds
    /// per thread.
    /// </summary>
    private static int WorthwhileThreads(Network network, int batchSize)
    {
        if (Sweep.KeepsCoresBusy)
            return 1;
        long multiplyAdds = 3L * network.ParameterCount * batchSize;
        return (int)Math.Clamp(multiplyAdds / 500_000, 1, Environment.ProcessorCount);
    }

    /// <summary>Gradients and updates of all parameters, one slice of an array at a time.</summary>
    private sealed class Descent : IDisposable
    {
        private const int SliceLength = 4096;

        private readonly BatchPass _pass;
        private readonly TrainingOptions _options;
        private readonly WorkerPool _workers;
        private readonly double[][] _parameters;
        private readonly double[][] _gradients;
        private readonly double[] _rates;
        private readonly int[] _units;
        private readonly double[][][] _state;
        private readonly (int Array, int Start, int Length)[] _slices;
        private readonly double[] _squares;
        private readonly Action<int> _sumSquares;
        private readonly Action<int> _move;
        private int _step;

        public Descent(Network network, int batchSize, TrainingOptions options, WorkerPool workers)
        {
            _pass = new BatchPass(network, batchSize, workers, keepsSignals: false);
            _options = options;
            _workers = workers;
            _parameters = [.. _pass.Weights, .. _pass.Biases];
            _gradients = [.. _pass.WeightGradients, .. _pass.BiasGradients];
            _rates = options.LayerRates is { } rates
                ? [.. rates.Select(rate => rate.Weights), .. rates.Select(rate => rate.Biases)]
                : [.. _parameters.Select(_ => 1.0)];
            _units = [.. network.Layers.Select(layer => layer.FanOut), .. network.Layers.Select(_ => 1)];
            _state =
            [
                .. _parameters.Select(array =>
                    Enumerable.Range(0, options.Optimizer.StateSlots).Select(_ => new double[array.Length]).ToArray()
                ),
            ];
            _slices = [.. _parameters.SelectMany((array, i) => SlicesOf(i, array.Length))];
            _squares = new double[_slices.Length];
            _sumSquares = SumSquares;
            _move = MoveSlice;
        }

        public void Dispose() => _pass.Dispose();

        /// <summary>The loss of a batch and the global norm of its gradient.</summary>
        public (double Loss, double Norm) Differentiate(double[] inputs, double[] targets, Loss loss)
        {
            double value = _pass.Differentiate(inputs, targets, loss);
            return (value, GlobalNorm());
        }

        /// <summary>Puts 0 in the place of every entry that is not finite; returns the global norm of what is left.</summary>
        public double DropNonFinite()
        {
            foreach (double[] gradient in _gradients)
            foreach (ref double entry in gradient.AsSpan())
                entry = double.IsFinite(entry) ? entry : 0;
            return GlobalNorm();
        }

        public void Move(double norm)
        {
            _options.Clipping.Apply(_gradients, _parameters, _units, norm);
            _pass.UpdateRunningAverages();
            _step++;
            _workers.Run(_slices.Length, _move);
        }

        private double GlobalNorm()
        {
            _workers.Run(_slices.Length, _sumSquares);
            double sum = 0;
            foreach (double squares in _squares)
                sum += squares;
            return Norm.Of(_gradients, sum);
        }

        private void SumSquares(int slice)
        {
            (int array, int start, int length) = _slices[slice];
            _squares[slice] = Elementwise.SumOfSquares(_gradients[array].AsSpan(start, length));
        }

        private void MoveSlice(int slice)
        {
            (int array, int start, int length) = _slices[slice];
            _options.Optimizer.Move(
                new ParameterSlice(
                    _parameters[array],
                    _gradients[array],
                    _state[array],
                    start..(start + length),
                    _options.LearningRate * _rates[array],
                    _step
                )
            );
        }

        private static IEnumerable<(int, int, int)> SlicesOf(int array, int length)
        {
            for (int start = 0; start < length; start += SliceLength)
                yield return (array, start, Math.Min(SliceLength, length - start));
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
