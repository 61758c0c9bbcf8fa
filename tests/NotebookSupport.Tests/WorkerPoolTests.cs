namespace NotebookSupport.Tests;

public class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void EveryItemRunsOnce(int threads)
    {
        using var workers = new WorkerPool(threads);
        for (int items = 0; items < 200; items++)
        {
            int[] done = new int[items];
            workers.Run(items, i => Interlocked.Increment(ref done[i]));
            Assert.All(done, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void ASleepingPoolWakesUp()
    {
        using var workers = new WorkerPool(2);
        for (int round = 0; round < 3; round++)
        {
            Thread.Sleep(20);
            // Each of the two items waits for the other: one thread alone would never end.
            using var both = new Barrier(2);
            workers.Run(2, _ => Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(30))));
        }
    }

    [Fact]
    public void AFailureReachesTheCaller()
    {
        using var workers = new WorkerPool(2);
        Action<int> fails = i => throw new NotSupportedException($"item {i}");
        Assert.Throws<NotSupportedException>(() => workers.Run(10, fails));
    }
}
