namespace NotebookSupport.Tests;

public class ClaimTests
{
    public static TheoryData<int> Numbers => [.. Claims.All.Select(claim => claim.Number)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void EveryMeasurementAgrees(int number) =>
        Assert.All(Claims.Show(number).Trials, trial => Assert.True(trial.Agrees, trial.ToString()));

    [Fact]
    public void AllTwentyAreThere() => Assert.Equal(Enumerable.Range(1, 20), Claims.All.Select(claim => claim.Number));

    [Theory]
    [InlineData(0.5, true)]
    [InlineData(0.51, false)]
    [InlineData(double.NaN, false)]
    public void ATrialAgreesWithinItsBounds(double measured, bool agrees) =>
        Assert.Equal(agrees, new Trial(1, "x", 0.4, 0.5, measured).Agrees);

    [Fact]
    public void AFailedTrialShows()
    {
        var failed = new DecidedClaim(Claims.All[0], [new Trial(1, "x", 0, 0, 1)]);
        Assert.False(failed.Holds);
        Assert.Contains("✗ no", System.Net.WebUtility.HtmlDecode(failed.ToHtml()), StringComparison.Ordinal);
    }

    [Fact]
    public void AClaimIsMeasuredOnceInASession() => Assert.Same(Claims.Show(5), Claims.Show(5));
}
