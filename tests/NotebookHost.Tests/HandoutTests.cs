using System.IO.Compression;
using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

/// <summary>The course as students get it, unzipped where there is no repository.</summary>
public sealed class HandoutTests(HandedOut handout) : IClassFixture<HandedOut>
{
    private const string Name = "notebooksupport-1.0.0";

    [Fact]
    public void ItHoldsTheNotebooksWithoutOutputsAndNoSolution()
    {
        string[] lessons = [.. Directory.EnumerateFiles(GradedClass.Course, "*.ipynb").Select(Path.GetFileName)!];
        string[] files =
        [
            .. Directory
                .EnumerateFiles(handout.Root, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(handout.Root, file)),
        ];
        Assert.Equal(lessons.Order(), files.Where(IsNotebook).Select(Path.GetFileName).Order());
        Assert.All(
            ["README.md", "LICENSE", "notebooks/glossary.md", "src/NotebookSupport/bin/NotebookSupport.dll"],
            file => Assert.Contains(file.Replace('/', Path.DirectorySeparatorChar), files)
        );
        Assert.All(
            lessons,
            lesson =>
            {
                var given = Notebook.Read(Path.Combine(handout.Root, "notebooks", lesson));
                Assert.All(given.CodeCells, cell => Assert.Empty(cell.Outputs));
                Assert.Equal(
                    Notebook.Read(Path.Combine(GradedClass.Course, lesson)).CodeCells.Select(cell => cell.Source),
                    given.CodeCells.Select(cell => cell.Source)
                );
            }
        );

        static bool IsNotebook(string file) => file.EndsWith(".ipynb", StringComparison.Ordinal);
    }

    [Fact]
    public void ItsPageSaysTheVersionAndHowToStartAndToHandIn()
    {
        string page = File.ReadAllText(Path.Combine(handout.Root, "README.md"));
        Assert.StartsWith("# NotebookSupport 1.0.0\n", page, StringComparison.Ordinal);
        Assert.All(
            [
                "notebook-host kernel install",
                "dotnet tool install --global NotebookHost --add-source .",
                "notebooks/00-start-here.ipynb | 60 | 6 |",
                "## Hand in",
            ],
            text => Assert.Contains(text, page)
        );
    }

    [Fact]
    public async Task ItRunsWhereItWasUnzippedAndGivesTheCoursesOutputs()
    {
        using var folder = new NotebookFolder();
        Outcome run = await folder.RunAsync(
            "run",
            Path.Combine(handout.Root, "notebooks", "00-start-here.ipynb"),
            "--output",
            "."
        );
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Notebook[] both =
        [
            Notebook.Read(folder["00-start-here.ipynb"]),
            Notebook.Read(Path.Combine(GradedClass.Course, "00-start-here.ipynb")),
        ];
        string[][] texts = [.. both.Select(notebook => notebook.CodeCells.Select(Texts).ToArray())];
        Assert.Equal(texts[1], texts[0]);

        // Pictures depend on the browser.
        static string Texts(CodeCell cell) =>
            string.Join(
                '\n',
                cell.Outputs.Select(output => CodeCell.Text(output!["data"]?["text/plain"] ?? output["text"]))
            );
    }

    [Fact]
    public async Task HandedInUntouchedAllItsExercisesAreOpen()
    {
        using var folder = new NotebookFolder();
        Outcome graded = await folder.RunAsync(
            "grade",
            Path.Combine(handout.Root, "notebooks"),
            "--course",
            GradedClass.Course,
            "--output",
            "marks.csv"
        );
        Assert.Equal((0, ""), (graded.ExitCode, graded.Errors));
        string[] marks = [.. GradedClass.Read(File.ReadAllText(folder["marks.csv"])).Skip(1).SelectMany(row => row)];
        Assert.Equal(
            Directory
                .EnumerateFiles(GradedClass.Course, "*.ipynb")
                .SelectMany(lesson => Notebook.Read(lesson).CodeCells)
                .Count(cell => cell.Source.Contains("Exercises.Check(", StringComparison.Ordinal)),
            marks.Count(mark => mark == "open")
        );
        Assert.DoesNotContain("passed", marks);
    }

    [Fact]
    public async Task TheSameCourseGivesTheSameBytesUnderTheNameOfItsVersion()
    {
        using var folder = new NotebookFolder();
        folder.WriteText($"{Name}.zip", "an older one");
        Outcome again = await folder.RunAsync("handout", "--course", GradedClass.Course);
        Assert.Equal((0, ""), (again.ExitCode, again.Errors));
        Assert.Equal(File.ReadAllBytes(handout.File), File.ReadAllBytes(folder[$"{Name}.zip"]));
        Assert.Equal([folder[$"{Name}.zip"]], Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public async Task WithOutputsTheNotebooksAreTheCourses()
    {
        using var folder = new NotebookFolder();
        Outcome outcome = await folder.RunAsync(
            "handout",
            "--course",
            GradedClass.Course,
            "--with-outputs",
            "--output",
            "with.zip"
        );
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        using ZipArchive zip = ZipFile.OpenRead(folder["with.zip"]);
        using var given = new StreamReader(zip.GetEntry($"{Name}/notebooks/01-symmetry.ipynb")!.Open());
        Assert.Equal(
            File.ReadAllText(Path.Combine(GradedClass.Course, "01-symmetry.ipynb")),
            await given.ReadToEndAsync()
        );
    }

    [Theory]
    [InlineData("--output is course.tar; expected a file that ends in .zip.", "--output", "course.tar")]
    [InlineData("--output is folder.zip, a folder; expected a file that ends in .zip.", "--output", "folder.zip")]
    [InlineData(
        "empty holds no notebook with exercises; expected the course's notebooks, which --course names.",
        "--course",
        "empty"
    )]
    public async Task WhatCannotBeDoneIsSaidInOneSentence(string sentence, params string[] arguments)
    {
        using var folder = new NotebookFolder();
        Directory.CreateDirectory(folder["empty"]);
        Directory.CreateDirectory(folder["folder.zip"]);
        string[] course = arguments.Contains("--course") ? [] : ["--course", GradedClass.Course];
        Outcome outcome = await folder.RunAsync(["handout", .. course, .. arguments]);
        Assert.Equal((1, "", sentence + "\n"), (outcome.ExitCode, outcome.Output, outcome.Errors));
    }

    /// <summary>A path of this machine leads nowhere on a student's.</summary>
    [Fact]
    public async Task ALibraryByAnAbsolutePathIsRefused()
    {
        using var folder = new NotebookFolder();
        string library = Path.GetFullPath("../src/NotebookSupport/bin/NotebookSupport.dll", GradedClass.Course);
        folder.Write(
            "notebooks/01.ipynb",
            $"#r \"{library}\"\nusing NotebookSupport;",
            "double? answer = null;\nExercises.Check(\"1.1\", answer)"
        );
        Outcome outcome = await folder.RunAsync("handout");
        Assert.Equal(1, outcome.ExitCode);
        Assert.EndsWith("expected a file that is there, by a path relative to the notebook.\n", outcome.Errors);
    }
}

/// <summary>The course handed out once, as a file and unzipped.</summary>
public sealed class HandedOut : IAsyncLifetime
{
    private readonly NotebookFolder _folder = new();

    public string File => _folder["out/notebooksupport-1.0.0.zip"];

    public string Root => _folder["unzipped/notebooksupport-1.0.0"];

    public async Task InitializeAsync()
    {
        Outcome outcome = await _folder.RunAsync("handout", "--course", GradedClass.Course, "--output", File);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        await ZipFile.ExtractToDirectoryAsync(File, _folder["unzipped"]);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }
}
