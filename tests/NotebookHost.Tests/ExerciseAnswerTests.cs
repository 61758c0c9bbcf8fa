using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

/// <summary>An answer of the course's exercises that never ends, checked in a real cell.</summary>
public class ExerciseAnswerTests
{
    [Fact]
    public async Task AnEndlessAnswerIsStoppedAtItsFirstTimeLimitAndNothingOfItGoesOn()
    {
        using var folder = new NotebookFolder();
        string library = Path.Combine(NotebookFolder.Repository, "src/NotebookSupport/bin/NotebookSupport.dll");
        folder.Write(
            "a.ipynb",
            $"#r \"{library}\"\nusing NotebookSupport;\nlong turns = 0;",
            "double Endless(Func<double, double> f, double x)\n{\n    while (true)\n        turns++;\n}\n"
                + "var result = StartExercises.CentralDifference.Check(Endless);\nresult.Checks.Count",
            "long before = turns;\nSystem.Threading.Thread.Sleep(500);\nturns == before",
            "result.Checks.Count(check => check.Failure is not null)"
        );
        Outcome outcome = await folder.RunAsync("run", "a.ipynb", "--output", "out");
        Assert.Equal("", outcome.Errors);
        string[] shown =
        [
            .. folder.Outputs("out/a.ipynb")[1..].Select(outputs => CodeCell.Text(outputs[0]!["data"]!["text/plain"])),
        ];
        Assert.Equal(["1", "True", "1"], shown);
    }

    /// <summary>Five times the limit of 10 s is for an answer that a busy machine leaves without a processor.</summary>
    [Fact]
    public async Task AnAnswerThatOnlyWaitsHasNoMoreThanItsTime()
    {
        using var folder = new NotebookFolder();
        string library = Path.Combine(NotebookFolder.Repository, "src/NotebookSupport/bin/NotebookSupport.dll");
        folder.Write(
            "a.ipynb",
            $"#r \"{library}\"\nusing NotebookSupport;",
            "double Waiting(Func<double, double> f, double x)\n{\n    System.Threading.Thread.Sleep(-1);\n    return 0;\n}\n"
                + "var clock = System.Diagnostics.Stopwatch.StartNew();\n"
                + "StartExercises.CentralDifference.Check(Waiting);\nclock.Elapsed.TotalSeconds < 40"
        );
        Outcome outcome = await folder.RunAsync("run", "a.ipynb", "--output", "out");
        Assert.Equal("", outcome.Errors);
        Assert.Equal("True", CodeCell.Text(folder.Outputs("out/a.ipynb")[1][0]!["data"]!["text/plain"]));
    }
}
