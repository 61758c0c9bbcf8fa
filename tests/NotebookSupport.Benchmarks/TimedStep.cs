using System.Diagnostics;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Benchmarks;

/// <summary>
/// One full training step on one fixed batch: ReLU, softmax cross-entropy, plain gradient descent, float64; the same
/// work as the Python peers do.
/// </summary>
public sealed class TimedStep
{
    private const int Blocks = 5;
    private const int StepsPerBlock = 100;

    /// <summary>The runtime recompiles what is hot after about a tenth of a second.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.7);

    private readonly Network _network;
    private readonly Dataset _data;

    public TimedStep(IReadOnlyList<int> sizes, int batch)
    {
        Sizes = sizes;
        Batch = batch;
        var random = new Random(0);
        _network = Network.Create(sizes, Activation.ReLU, Initializer.HeNormal, 0);
        Matrix<double> inputs = Initializer.Normal(1).Sample(sizes[0], batch, random);
        var targets = Matrix<double>.Build.Dense(sizes[^1], batch);
        for (int example = 0; example < batch; example++)
            targets[random.Next(sizes[^1]), example] = 1;
        _data = new Dataset("fixed batch", inputs, targets, Loss.SoftmaxCrossEntropy);
    }

    public IReadOnlyList<int> Sizes { get; }

    public int Batch { get; }

    /// <summary>The time of a step in the best of five blocks.</summary>
    public double BestMicroseconds(int? threads)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < WarmUp)
            Train(threads, StepsPerBlock);
        var clock = new BlockClock();
        Train(threads, StepsPerBlock * Blocks + 1, clock);
        return clock.BestMicroseconds;
    }

    /// <summary>The mean time of a step in a training that takes about the given time.</summary>
    public double MeanMicroseconds(int? threads, TimeSpan time)
    {
        double once = Microseconds(StepsPerBlock);
        int steps = (int)Math.Max(StepsPerBlock, time.TotalMicroseconds / once);
        return Microseconds(steps);

        double Microseconds(int count)
        {
            long start = Stopwatch.GetTimestamp();
            Train(threads, count);
            return Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
        }
    }

    /// <summary>
    /// What the whole process allocates during 100 steps, after 400 in which its threads start: the least of three, because
    /// the runtime has a thread that now and then allocates for itself.
    /// </summary>
    public long AllocatedBytes(int threads)
    {
        Train(threads, AllocationCounter.Steps, new AllocationCounter());
        return Enumerable.Range(0, 3).Min(_ => Count());

        long Count()
        {
            var counter = new AllocationCounter();
            Train(threads, AllocationCounter.Steps, counter);
            return counter.Bytes;
        }
    }

    /// <summary>Trains from the same start.</summary>
    public TrainingRun Train(int? threads, int steps, IProgress<TrainingProgress>? observer = null) =>
        Trainer.Train(
            _network,
            _data,
            new()
            {
                LearningRate = 0.01,
                Steps = steps,
                Threads = threads,
                Observer = observer,
            }
        );

    private sealed class BlockClock : IProgress<TrainingProgress>
    {
        private long _start;

        public double BestMicroseconds { get; private set; } = double.PositiveInfinity;

        public void Report(TrainingProgress value)
        {
            if (value.Done % StepsPerBlock != 0)
                return;
            if (value.Done > 0)
                BestMicroseconds = Math.Min(
                    BestMicroseconds,
                    Stopwatch.GetElapsedTime(_start).TotalMicroseconds / StepsPerBlock
                );
            _start = Stopwatch.GetTimestamp();
        }
    }

    private sealed class AllocationCounter : IProgress<TrainingProgress>
    {
        private const int Start = 4 * StepsPerBlock;

        public const int Steps = Start + StepsPerBlock + 1;

        public long Bytes { get; private set; }

        public void Report(TrainingProgress value)
        {
            if (value.Done == Start)
                Bytes = -GC.GetTotalAllocatedBytes(precise: true);
            else if (value.Done == Start + StepsPerBlock)
                Bytes += GC.GetTotalAllocatedBytes(precise: true);
        }
    }
}
