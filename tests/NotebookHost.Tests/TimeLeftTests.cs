using NotebookHost.Commands;

namespace NotebookHost.Tests;

public sealed class TimeLeftTests
{
    [Fact]
    public void WithTimesOfTheLastRunItIsKnownFromTheStart()
    {
        var left = new TimeLeft([(10, Seconds(30)), (10, Seconds(10))], 2);
        Assert.Equal(Seconds(30), left.After(TimeSpan.Zero)); // The longer one, beside which the other runs.
        left = new TimeLeft([(10, Seconds(30)), (10, Seconds(10))], 1);
        Assert.Equal(Seconds(40), left.After(TimeSpan.Zero));
        left.Done(0, 5);
        left.Done(1, 5);
        Assert.Equal(Seconds(20), left.After(Seconds(20))); // Half of it, in half of the time.
        Assert.True(left.After(Seconds(40)) > Seconds(20)); // The machine is slower than it was.
        left.Done(0);
        left.Done(1);
        Assert.Equal(TimeSpan.Zero, left.After(Seconds(40)));
    }

    [Fact]
    public void ANotebookWithoutATimeCountsAsTheOthersByItsCells()
    {
        var left = new TimeLeft([(10, Seconds(20)), (5, null)], 1);
        Assert.Equal(Seconds(30), left.After(TimeSpan.Zero));
    }

    [Fact]
    public void WithoutTimesItIsTheShareOfTheCells()
    {
        var left = new TimeLeft([(6, null), (2, null)], 2);
        Assert.Null(left.After(Seconds(5)));
        left.Done(0, 2);
        Assert.Equal(Seconds(30), left.After(Seconds(10)));
        left.Done(1);
        Assert.Equal(Seconds(10), left.After(Seconds(10)));
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData(0.0, "a few seconds left")]
    [InlineData(11.0, "about 15 s left")]
    [InlineData(90.0, "about 90 s left")]
    [InlineData(91.0, "about 2 min left")]
    public void ItIsSaidInRoundNumbers(double? seconds, string expected) =>
        Assert.Equal(expected, TimeLeft.Words(seconds is { } number ? Seconds(number) : null));

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
