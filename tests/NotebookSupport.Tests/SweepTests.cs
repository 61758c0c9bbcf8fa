using System.Collections.Concurrent;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

public class SweepTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void ResultsComeInOrderWhateverTheThreads(int threads)
    {
        IReadOnlyList<SweepResult<string, string>> results = Sweep.Run(
            ["a", "b", "c"],
            [1, 2],
            (name, seed) =>
            {
                Thread.Sleep(name == "a" ? 20 : 0);
                return name + seed;
            },
            threads
        );
        Assert.Equal(["a1", "a2", "b1", "b2", "c1", "c2"], results.Select(trial => trial.Result));
        Assert.Equal(results.Select(trial => trial.Result), results.Select(trial => trial.Configuration + trial.Seed));
    }

    /// <summary>
    /// A training that would be worth several threads, seen through its activation, which is called for 16 blocks of
    /// examples a step: in a sweep that runs two experiments at a time each keeps to its own thread.
    /// </summary>
    [Fact]
    public void ATrainingInASweepHasOneThread()
    {
        bool[] alone =
        [
            .. Sweep.Run([1, 2], [1], (_, _) => KeepsToItsThread(null), threads: 2).Select(trial => trial.Result),
        ];
        Assert.Equal([true, true], alone);
        Assert.False(KeepsToItsThread(2));

        static bool KeepsToItsThread(int? threads)
        {
            var seen = new ConcurrentDictionary<int, bool>();
            Activation watched = Activation.From(
                "watched",
                z => seen.TryAdd(Environment.CurrentManagedThreadId, true) ? z : z,
                _ => 1
            );
            Matrix<double> inputs = Initializer.Normal(1).Sample(100, 1024, new Random(1));
            var data = new Dataset("noise", inputs, inputs.SubMatrix(0, 10, 0, 1024), Loss.MeanSquaredError);
            Network network = Network.Create([100, 100, 10], watched, Initializer.LeCunNormal, 1);
            Trainer.Train(network, data, new() { Steps = 20, Threads = threads });
            return seen.Keys.SequenceEqual([Environment.CurrentManagedThreadId]);
        }
    }

    [Fact]
    public void ProgressCountsToTheEnd()
    {
        var seen = new Recorder();
        Sweep.Run([1, 2, 3], [1], (configuration, seed) => configuration + seed, threads: 1, seen);
        Assert.Equal([(1, 3), (2, 3), (3, 3)], seen.Reports);
    }

    [Fact]
    public void CancellationStopsBeforeTheNext()
    {
        using var source = new CancellationTokenSource();
        int ran = 0;
        Assert.Throws<OperationCanceledException>(() =>
            Sweep.Run(
                Enumerable.Range(0, 100),
                [1],
                (_, _) =>
                {
                    source.Cancel();
                    return ran++;
                },
                threads: 1,
                cancellation: source.Token
            )
        );
        Assert.Equal(1, ran);
    }

    private sealed class Recorder : IProgress<(int, int)>
    {
        public List<(int, int)> Reports { get; } = [];

        public void Report((int, int) value) => Reports.Add(value);
    }
}
