using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Markdig.Helpers;

namespace Notebooks.Tests;

public partial class ConventionTests
{
    public static TheoryData<string> Notebooks => [.. Course.Notebooks];

    public static TheoryData<string> Lessons => [.. Course.Lessons];

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void MetadataSuitEveryHost(string notebook)
    {
        JsonObject json = Course.Read(notebook);
        Assert.Equal((4, 5), (json["nbformat"]!.GetValue<int>(), json["nbformat_minor"]!.GetValue<int>()));
        JsonNode metadata = json["metadata"]!;
        Assert.Equal(".net-csharp", metadata["kernelspec"]!["name"]!.ToString());
        Assert.Equal("C#", metadata["kernelspec"]!["language"]!.ToString());
        Assert.Equal("C#", metadata["language_info"]!["name"]!.ToString());
        Assert.Equal("csharp", metadata["polyglot_notebook"]!["kernelInfo"]!["defaultKernelName"]!.ToString());
        JsonObject[] cells = Course.Cells(notebook);
        Assert.All(
            cells,
            cell =>
            {
                JsonObject own = cell["metadata"]!.DeepClone().AsObject();
                if (own["browser_seconds"] is JsonValue seconds && seconds.GetValue<int>() > 0)
                    own.Remove("browser_seconds");
                Assert.True(
                    own.ToJsonString()
                        is "{}"
                            or """{"tags":["cover"]}"""
                            or """{"tags":["hero"]}"""
                            or """{"tags":["remove-cell"]}""",
                    $"{cell["id"]}"
                );
            }
        );
        Assert.Equal(
            Course.Lessons.Contains(notebook) ? 1 : 0,
            cells.Count(cell => cell["metadata"]!["tags"]?[0]?.ToString() == "cover" && Course.Pictures(cell).Any())
        );
        Assert.Distinct(cells.Select(cell => cell["id"]!.ToString()));
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void CellsAreShortAndNeverTwoOfCodeInARow(string notebook)
    {
        JsonObject[] cells = Course.Cells(notebook);
        Assert.DoesNotContain(
            cells.Zip(cells.Skip(1)),
            pair => Course.IsCode(pair.First) && Course.IsCode(pair.Second)
        );
        string[][] code = [.. cells.Where(Course.IsCode).Select(cell => Course.Source(cell).Split('\n'))];
        Assert.All(code, lines => Assert.InRange(lines.Length, 1, 20));
        Assert.All(code.SelectMany(lines => lines), line => Assert.InRange(line.Length, 0, 88));
        Assert.InRange(code.Select(lines => lines.Length).Order().ElementAt(code.Length / 2), 1, 6);
        Assert.DoesNotContain(code.SelectMany(lines => lines), line => line.StartsWith("#!", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void TheSetupCellIsOneReferenceAndTheNamespace(string notebook)
    {
        string[] setup = Course.Source(Course.Cells(notebook).First(Course.IsCode)).Split('\n');
        Assert.Matches("^#r \"(\\.\\./)+src/NotebookSupport/bin/NotebookSupport\\.dll\"$", setup[0]);
        Assert.Equal(["using NotebookSupport;"], setup[1..]);
        Assert.Single(
            Course.Cells(notebook).Where(Course.IsCode).SelectMany(cell => Course.Source(cell).Split('\n')),
            line => line.StartsWith("#r", StringComparison.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Lessons))]
    public void ItSaysItsGoalsItsTimeAndItsSources(string notebook)
    {
        string text = Course.Text(notebook);
        foreach (
            string part in (string[])
                [
                    "# ",
                    "**Goals.**",
                    "**You need**",
                    "minutes",
                    "**Predict:**",
                    "## Summary",
                    "## Exercises",
                    "## References",
                ]
        )
            Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.InRange(ExerciseNumber().Count(text), 3, 8);
    }

    [Theory]
    [MemberData(nameof(Lessons))]
    public void EveryExerciseIsOpenInTheLessonAndSolvedInItsSolutions(string lesson)
    {
        string name = Path.GetFileName(lesson)[..2] + "-solutions.ipynb";
        string solutions = Path.Combine("notebooks", "solutions", name);
        Assert.Contains($"](solutions/{name})", Course.Text(lesson), StringComparison.Ordinal);
        Assert.Contains($"](../{Path.GetFileName(lesson)})", Course.Text(solutions), StringComparison.Ordinal);
        foreach (Match exercise in ExerciseNumber().Matches(Course.Text(lesson)))
        {
            string number = exercise.Groups[1].Value;
            Assert.Contains($"Exercise {number}: open", Outputs(lesson), StringComparison.Ordinal);
            Assert.Contains($"Exercise {number}: solved", Outputs(solutions), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TheReadmesSayTheTimeAndTheNumberOfExercises()
    {
        (string Name, int Minutes)[] lessons =
        [
            .. Course.Lessons.Select(lesson =>
                (Path.GetFileName(lesson), Course.Read(lesson)["metadata"]!["minutes"]!.GetValue<int>())
            ),
        ];
        Assert.All(
            Course.Lessons.Zip(lessons),
            pair => Assert.Contains($"**Time:** {pair.Second.Minutes} minutes", Course.Text(pair.First))
        );
        string course = File.ReadAllText(Path.Combine(Course.Root, "notebooks", "README.md"));
        foreach (string readme in (string[])[course, File.ReadAllText(Path.Combine(Course.Root, "README.md"))])
        foreach ((string name, int minutes) in lessons)
            Assert.Matches($@"{Regex.Escape(name)}\) \|.*\| {minutes} \|", readme);
        Assert.Contains($"Together {lessons.Sum(lesson => lesson.Minutes)} minutes", course, StringComparison.Ordinal);
        int exercises = Course.Lessons.Sum(lesson => ExerciseNumber().Count(Course.Text(lesson)));
        Assert.Contains($"exercises, {exercises} of them", course, StringComparison.Ordinal);
    }

    /// <summary>The rule that notebooks/README.md states.</summary>
    [Theory]
    [MemberData(nameof(Lessons))]
    public void MinutesAreCountedByTheStatedRule(string lesson)
    {
        JsonObject[] cells = Course.Cells(lesson);
        string[] texts = [.. cells.Where(cell => !Course.IsCode(cell)).Select(Course.Source)];
        JsonObject[] code = [.. cells.Where(Course.IsCode)];
        double minutes =
            texts.Sum(text => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length) / 200.0
            + code.Sum(cell => Course.Source(cell).Split('\n').Length) / 20.0
            + code.Count(cell => cell["outputs"]!.AsArray().Any(output => output!["data"]?["text/html"] is not null))
                / 2.0
            + texts.Sum(text => Regex.Count(text, @"\*\*Predict:\*\*"))
            + 4 * ExerciseNumber().Count(Course.Text(lesson));
        Assert.Equal(
            5 * Math.Round(minutes / 5, MidpointRounding.AwayFromZero),
            Course.Read(lesson)["metadata"]!["minutes"]!.GetValue<int>()
        );
    }

    private static string Outputs(string notebook) =>
        string.Join(
            '\n',
            Course.Cells(notebook).Where(Course.IsCode).Select(cell => cell["outputs"]!.AsArray().ToJsonString())
        );

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void LinksLeadSomewhere(string notebook)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Course.Root, notebook))!;
        foreach (Match link in Course.Cells(notebook).SelectMany(cell => Link().Matches(Course.Source(cell))))
            if (!Regex.IsMatch(link.Groups[1].Value, "://|^data:image/"))
                Assert.True(
                    File.Exists(Path.Combine(folder, link.Groups[1].Value.Split('#')[0])),
                    link.Groups[1].Value
                );
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("notebooks/README.md")]
    [InlineData("notebooks/glossary.md")]
    [InlineData("notebooks/references.md")]
    [InlineData("src/NotebookSupport/README.md")]
    [InlineData("src/NotebookHost/README.md")]
    [InlineData("src/NotebookHost/Package.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("tests/README.md")]
    [InlineData("tests/NotebookSupport.Benchmarks/README.md")]
    [InlineData(".devcontainer/README.md")]
    public void LinksOfATextLeadToAFileAndAHeading(string file)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Course.Root, file))!;
        foreach (Match link in Link().Matches(File.ReadAllText(Path.Combine(Course.Root, file))))
        {
            string[] target = link.Groups[1].Value.Split('#', 2);
            if (target[0].Contains("://", StringComparison.Ordinal))
                continue;
            string path = target[0].Length == 0 ? Path.Combine(Course.Root, file) : Path.Combine(folder, target[0]);
            Assert.True(File.Exists(path) || Directory.Exists(path), link.Value);
            if (target.Length == 2)
                Assert.Contains(
                    Heading().Matches(File.ReadAllText(path)),
                    heading => LinkHelper.UrilizeAsGfm(heading.Groups[1].Value) == target[1]
                );
        }
    }

    [GeneratedRegex("(?m)^#+ (.+?)\\s*$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?m)^\*\*(\d+\.\d+)\*\* ")]
    private static partial Regex ExerciseNumber();
}
