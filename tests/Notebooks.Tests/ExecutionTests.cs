namespace Notebooks.Tests;

/// <summary>All notebooks, run by one command and compared with their files.</summary>
public sealed class CheckedCourse
{
    private readonly Lazy<(int Code, string Output)> _run = new(() =>
        Course.Host("run", "notebooks", "--check", "--timeout", "600")
    );

    public int Code => _run.Value.Code;

    public string Output => _run.Value.Output;
}

public sealed class ExecutionTests(CheckedCourse course) : IClassFixture<CheckedCourse>
{
    public static TheoryData<string> Notebooks => [.. Course.Notebooks];

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void RunningGivesTheCommittedOutputs(string notebook)
    {
        string said = Assert.Single(
            course.Output.Split('\n'),
            line => line.StartsWith(notebook, StringComparison.Ordinal)
        );
        int cells = Course.Cells(notebook).Count(Course.IsCode);
        Assert.StartsWith($"{notebook}: {cells} cells in ", said, StringComparison.Ordinal);
    }

    [Fact]
    public void AllOfThemPass()
    {
        Assert.True(course.Code == 0, course.Output);
        Assert.Contains(
            $"{Course.Notebooks.Length} passed, 0 failed",
            course.Output.Split('\n', StringSplitOptions.TrimEntries)
        );
    }
}
