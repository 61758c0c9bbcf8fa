namespace NotebookSupport.Tests;

public class CrewTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void EveryPieceIsDoneOnce(int threads)
    {
        using var crew = new Crew(threads);
        for (int pieces = 0; pieces < 200; pieces++)
        {
            int[] done = new int[pieces];
            crew.Run(pieces, i => Interlocked.Increment(ref done[i]));
            Assert.All(done, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void ASleepingCrewWakesUp()
    {
        using var crew = new Crew(2);
        for (int round = 0; round < 3; round++)
        {
            Thread.Sleep(20);
            // Each of the two pieces waits for the other: one thread alone would never end.
            using var both = new Barrier(2);
            crew.Run(2, _ => Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(30))));
        }
    }

    [Fact]
    public void AFailureReachesTheCaller()
    {
        using var crew = new Crew(2);
        Action<int> fails = i => throw new NotSupportedException($"piece {i}");
        Assert.IsType<NotSupportedException>(
            Assert.Throws<InvalidOperationException>(() => crew.Run(10, fails)).InnerException
        );
    }
}
