using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

/// <summary>
/// Answers of the course's exercises that never end, checked in real cells, one after the other: what one of them uses,
/// the other would wait for.
/// </summary>
public sealed class EndlessAnswers : IAsyncLifetime
{
    private readonly NotebookFolder _folder = new();

    public string Errors { get; private set; } = "";

    public async Task InitializeAsync()
    {
        string library = Path.Combine(NotebookFolder.Repository, "src/NotebookSupport/bin/NotebookSupport.dll");
        string setup = $"#r \"{library}\"\nusing NotebookSupport;";
        _folder.Write(
            "in/turns.ipynb",
            setup + "\nlong turns = 0;",
            "double Endless(Func<double, double> f, double x)\n{\n    while (true)\n        turns++;\n}\n"
                + "var result = StartExercises.SecondDerivative.Check(Endless);\nresult.Checks.Count",
            "long before = turns;\nSystem.Threading.Thread.Sleep(500);\nturns == before",
            "result.Checks.Count(check => check.Failure is not null)"
        );
        _folder.Write(
            "in/waits.ipynb",
            setup,
            "double Waiting(Func<double, double> f, double x)\n{\n    System.Threading.Thread.Sleep(-1);\n    return 0;\n}\n"
                + "var clock = System.Diagnostics.Stopwatch.StartNew();\n"
                + "StartExercises.SecondDerivative.Check(Waiting);\nclock.Elapsed.TotalSeconds < 40"
        );
        Errors = (await _folder.RunAsync("run", "in", "--output", "out", "--jobs", "1")).Errors;
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>What the cells of a notebook show, without its first.</summary>
    public string[] Shown(string name) =>
        [.. _folder.Outputs(name)[1..].Select(outputs => CodeCell.Text(outputs[0]!["data"]!["text/plain"]))];
}

public sealed class ExerciseAnswerTests(EndlessAnswers answers) : IClassFixture<EndlessAnswers>
{
    [Fact]
    public void NoCheckFails() => Assert.Equal("", answers.Errors);

    [Fact]
    public void AnEndlessAnswerIsStoppedAtItsFirstTimeLimitAndNothingOfItGoesOn() =>
        Assert.Equal(["1", "True", "1"], answers.Shown("out/turns.ipynb"));

    /// <summary>Five times the limit of 10 s is for an answer that a busy machine leaves without a processor.</summary>
    [Fact]
    public void AnAnswerThatOnlyWaitsHasNoMoreThanItsTime() => Assert.Equal(["True"], answers.Shown("out/waits.ipynb"));
}
