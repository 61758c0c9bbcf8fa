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
