namespace Notebooks.Tests;

public class ExecutionTests
{
    public static TheoryData<string> Notebooks => [.. Course.Notebooks];

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void RunningGivesTheCommittedOutputs(string notebook)
    {
        (int code, string output) = Course.Host("run", notebook, "--check", "--timeout", "600");
        Assert.True(code == 0, output);
        Assert.EndsWith("1 passed, 0 failed", output.TrimEnd(), StringComparison.Ordinal);
    }
}
