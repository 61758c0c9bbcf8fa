using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotebookHost.Grading;
using NotebookHost.Notebooks;
using NotebookSupport.Tests;

namespace NotebookHost.Tests;

/// <summary>A class of submissions, graded once for all tests.</summary>
public sealed class GradedClass : IAsyncLifetime
{
    public const string Setup = "#r \"../src/NotebookSupport/bin/NotebookSupport.dll\"\nusing NotebookSupport;";
    public const string Right =
        "double? alternatingWidths = Math.Pow(0.8 * 0.2, 5);\nExercises.Check(\"4.1\", alternatingWidths)";

    internal const string SecondAnswer =
        "ScaleFault[] diagnosis = [ScaleFault.NoGain, ScaleFault.WrongFan,\n    ScaleFault.DeviationAsVariance, ScaleFault.None];\n"
        + "Exercises.Check(\"4.5\", diagnosis)";

    public static readonly string Course = Path.Combine(NotebookFolder.Repository, "notebooks");

    private readonly NotebookFolder _folder = new();

    public Outcome Outcome { get; private set; } = null!;

    public string Csv { get; private set; } = "";

    public string Page { get; private set; } = "";

    /// <summary>Every third cheat is tried each time, and those whose reason a test reads.</summary>
    public static bool IsTried(string cheat) =>
        Exhaustive.IsAsked
        || cheat == "another library"
        || GradeTests.Reasons.ContainsKey(cheat)
        || Cheats.All.Keys.ToList().IndexOf(cheat) % 3 == 0;

    /// <summary>The lines of the table by student, each its cells.</summary>
    public IReadOnlyDictionary<string, string[]> Rows { get; private set; } = new Dictionary<string, string[]>();

    /// <summary>Whether every byte of the submissions is as it was, and nothing was added.</summary>
    public bool IsUntouched { get; private set; }

    public async Task InitializeAsync()
    {
        Write("right", Right, SecondAnswer);
        Write(
            "wrong",
            "double? alternatingWidths = Math.Pow(0.5, 10);\nExercises.Check(\"4.1\", alternatingWidths)",
            SecondAnswer
        );
        Write("open", "double? alternatingWidths = null;\nExercises.Check(\"4.1\", alternatingWidths)");
        Write("handed to the check", "Exercises.Check(\"4.1\", Math.Pow(0.16, 5))");
        Write(
            "set later",
            "double? alternatingWidths = null;\nExercises.Check(\"4.1\", alternatingWidths)",
            "alternatingWidths = Math.Pow(0.16, 5);"
        );
        Write("crash", "throw new InvalidOperationException(\"mine\");", Right);
        Write(
            "crash in the answer's cell",
            "double? alternatingWidths = Math.Pow(double.Parse(\"x\"), 5);\nExercises.Check(\"4.1\", alternatingWidths)",
            SecondAnswer
        );
        Write("stack", "int Deep(int n) => Deep(n + 1) + 1;\nDeep(0)", Right);
        Write(
            "stack in an answer",
            "double Deep(double n) => Deep(n + 1) + 1;\nFunc<Activation, double> bothWishes = phi => Deep(0);\nExercises.Check(\"4.3\", bothWishes)",
            Right
        );
        Write("endless", "while (true) { }", Right);
        Write("endless without a loop", "System.Numerics.BigInteger.Pow(3, 100_000_000).ToString().Length", Right);
        Write(
            "endless answer",
            "Func<Activation, double> bothWishes = phi => { while (true) { } };\nExercises.Check(\"4.3\", bothWishes)",
            Right
        );
        Write(
            "memory",
            "var all = new List<double[]>();\nwhile (true) all.Add(new double[10_000_000]);",
            "all = null;",
            Right
        );
        Write("output", "for (int i = 0; i < 1000; i++) Console.WriteLine(new string('x', 10_240));", Right);
        Write("endless output", "while (true) Console.WriteLine(new string('x', 100_000));", Right);
        Write(
            "syntax",
            "double? alternatingWidths = Math.Pow(;\nExercises.Check(\"4.1\", alternatingWidths)",
            SecondAnswer
        );
        Write(
            "wrong type",
            "string alternatingWidths = \"1e-4\";\nExercises.Check(\"4.1\", alternatingWidths)",
            SecondAnswer
        );
        Write(
            "shows what it has",
            Right,
            "display(alternatingWidths);\nalternatingWidths.Display();\nalternatingWidths.GetType().Name"
        );
        Write("tries something", "var slept = 1;\nSystem.Threading.Thread.Sleep(slept);", Right);
        Write(
            "rests on what is refused",
            "int Slept() { System.Threading.Thread.Sleep(1); return 5; }",
            "double? alternatingWidths = Math.Pow(0.16, Slept());\nExercises.Check(\"4.1\", alternatingWidths)"
        );
        Write(
            "many faults",
            "Func<double, Random, double> narrowCut = (variance, random) => 1;\nExercises.Check(\"4.2\", narrowCut)"
        );
        Write("Müller, Anna = \"A\"", Right);
        Write("=HYPERLINK(1)", Right);
        _folder.WriteText("in/no notebook/04-he-and-glorot.ipynb", "PK: a zip");
        _folder.WriteText("in/other language/04.ipynb", Python);
        _folder.WriteText("in/another subject/essay.ipynb", File.ReadAllText(_folder.Write("essay.ipynb", "1 + 1")));
        Directory.CreateDirectory(_folder["in/empty folder"]);
        Notebook handedOut = Notebook.Read(Path.Combine(Course, "04-he-and-glorot.ipynb"));
        Notebook solutions = Notebook.Read(Path.Combine(Course, "solutions/04-solutions.ipynb"));
        CourseNotebook course = (await CourseNotebook.ReadAllAsync(Course)).Single(one => one.Number == "4");
        File.WriteAllText(_folder["in/untouched.ipynb"], handedOut.ToString());
        _folder.WriteText(
            "in/uses the course.ipynb",
            handedOut
                .ToString()
                .Replace("alternatingWidths = null;", "alternatingWidths = Math.Pow(0.16, ten.Length / 2);")
        );
        File.WriteAllText(
            _folder["in/solutions.ipynb"],
            SelfTest.SolvedNotebook(course, handedOut, solutions).ToString()
        );
        _folder.WriteText("in/with outputs.ipynb", Outputs());
        foreach ((string name, string[] cells) in Cheats.All.Where(cheat => IsTried(cheat.Key)))
            Write($"cheat {name}", cells);
        _folder.WriteText("in/cheat another library/evil/Evil.dll", "MZ");
        _folder.WriteText("in/cheat another library/NotebookSupport.dll", "MZ");
        _folder.WriteText("in/cheat a loaded file/evil.csx", "double? alternatingWidths = 1;");
        string before = Digest();
        Outcome = await _folder.RunAsync(
            "grade",
            "in",
            "--course",
            Course,
            "--output",
            "marks/report.csv",
            "--html",
            "marks/report.html",
            "--timeout",
            "40"
        );
        IsUntouched = before == Digest();
        if (!File.Exists(_folder["marks/report.csv"]))
            throw new InvalidOperationException(Outcome.Errors);
        Csv = File.ReadAllText(_folder["marks/report.csv"]);
        Page = File.ReadAllText(_folder["marks/report.html"]);
        Rows = Read(Csv).Skip(1).ToDictionary(row => row[0]);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Reads comma-separated values as RFC 4180 has them.</summary>
    public static IEnumerable<string[]> Read(string csv)
    {
        foreach (string line in csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var cells = new List<string>();
            for (int at = 0; at <= line.Length; )
                if (at < line.Length && line[at] == '"')
                {
                    int end = at + 1;
                    while (line[end] != '"' || (end + 1 < line.Length && line[end + 1] == '"'))
                        end += line[end] == '"' ? 2 : 1;
                    cells.Add(line[(at + 1)..end].Replace("\"\"", "\""));
                    at = end + 2;
                }
                else
                {
                    int end = line.IndexOf(',', at) is >= 0 and var comma ? comma : line.Length;
                    cells.Add(line[at..end]);
                    at = end + 1;
                }
            yield return [.. cells];
        }
    }

    private const string Python = """
        {"cells":[{"cell_type":"code","execution_count":null,"metadata":{},"outputs":[],"source":["1"]}],
        "metadata":{"kernelspec":{"display_name":"Python 3","language":"python","name":"python3"}},"nbformat":4,"nbformat_minor":5}
        """;

    private void Write(string student, params string[] cells) =>
        _folder.Write($"in/{student}/04-he-and-glorot.ipynb", [Setup, .. cells]);

    /// <summary>An untouched exercise whose file says that it is solved, in its outputs and its metadata.</summary>
    private string Outputs()
    {
        string path = _folder.Write(
            "solved.ipynb",
            Setup,
            "double? alternatingWidths = null;\nExercises.Check(\"4.1\", alternatingWidths)"
        );
        JsonNode json = JsonNode.Parse(File.ReadAllText(path))!;
        json["metadata"]!["grade"] = 6;
        JsonNode cell = json["cells"]![1]!;
        cell["metadata"]!["nbgrader"] = new JsonObject { ["points"] = 1, ["grade"] = true };
        cell["outputs"] = new JsonArray(
            new JsonObject
            {
                ["output_type"] = "display_data",
                ["metadata"] = new JsonObject(),
                ["data"] = new JsonObject { ["text/html"] = "<div class=\"card exercise\">Exercise 4.1: solved</div>" },
            }
        );
        return json.ToJsonString();
    }

    private string Digest() =>
        string.Join(
            "\n",
            Directory
                .EnumerateFileSystemEntries(_folder["in"], "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(path =>
                    File.Exists(path) ? path + Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))) : path
                )
        );
}

public sealed class GradeTests(GradedClass graded) : IClassFixture<GradedClass>
{
    public static TheoryData<string> CheatNames => [.. Cheats.All.Keys];

    /// <summary>What a teacher is told of some cheats.</summary>
    internal static IReadOnlyDictionary<string, string> Reasons { get; } =
        new Dictionary<string, string>
        {
            ["reflection on the list of exercises"] = "cell 2 uses System.Reflection.BindingFlags",
            ["dynamic"] = "cell 2 uses dynamic",
            ["exit code 0"] = "cell 2 uses System.Environment.Exit",
            ["a thread that prints later"] = "cell 2 uses System.Threading.Thread",
            ["a file over the library"] = "cell 2 uses System.",
            ["kills the parent"] = "cell 2 uses System.Diagnostics.Process",
            ["looks at its callers"] = "cell 2 uses System.Diagnostics.StackTrace",
            ["an accessor of a private field"] = "cell 2 uses System.Runtime.CompilerServices.UnsafeAccessor",
            ["fields over each other"] = "cell 2 uses System.Runtime.InteropServices",
            ["a class of the library, derived"] = "cell 2 uses a class Liar that derives from MathNet.Numerics",
        };

    public static TheoryData<string, string> Explained
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach ((string name, string reason) in Reasons)
                data.Add(name, reason);
            return data;
        }
    }

    /// <summary>Columns of the table.</summary>
    private const int Points = 3;
    private const int FirstExercise = 10;

    /// <summary>Grades the folder in, as a table and a page.</summary>
    private static readonly string[] ToMarks =
    [
        "grade",
        "in",
        "--course",
        GradedClass.Course,
        "--output",
        "marks.csv",
        "--html",
        "marks.html",
    ];

    private string Marks(string student) => string.Join(" ", graded.Rows[student][FirstExercise..(FirstExercise + 6)]);

    private string Notes(string student) => graded.Rows[student][^1];

    [SkippableTheory]
    [MemberData(nameof(CheatNames))]
    public void ACheatGetsNoPoint(string name)
    {
        if (!GradedClass.IsTried(name))
            Exhaustive.Needs($"The cheat \"{name}\" is tried");
        string[] row = graded.Rows[$"cheat {name}"];
        Assert.Contains(row[Points], new[] { "0", "" });
        Assert.DoesNotContain("passed", row[FirstExercise..(FirstExercise + 6)]);
        // Nothing of it is lost: the teacher sees that there was something.
        Assert.Contains(graded.Rows[$"cheat {name}"], cell => cell is "failed" or "error" or "not graded");
    }

    [Theory]
    [MemberData(nameof(Explained))]
    public void CodeThatNoExerciseNeedsIsNamedForTheTeacher(string name, string reason)
    {
        string what = reason["cell 2 uses ".Length..];
        Assert.Matches($"Not graded: cell 2 uses {what}|Cell 2: it uses {what}", Notes($"cheat {name}"));
        Assert.DoesNotContain("passed", Marks($"cheat {name}"));
    }

    [Fact]
    public void ACellThatTriedSomethingCostsNoAnswer()
    {
        Assert.Equal("passed open open open open open", Marks("tries something"));
        Assert.Contains(
            "Cell 2: it uses System.Threading.Thread, so it was not run; no answer uses it.",
            Notes("tries something")
        );
        Assert.Contains("Not graded: cell 2 uses System.Threading.Thread", Notes("rests on what is refused"));
        Assert.Equal("", graded.Rows["rests on what is refused"][Points]);
    }

    [Theory]
    [InlineData("right", "passed open open open passed open")]
    [InlineData("wrong", "failed open open open passed open")]
    [InlineData("open", "open open open open open open")]
    [InlineData("untouched", "open open open open open open")]
    [InlineData("solutions", "passed passed passed passed passed passed")]
    [InlineData("uses the course", "passed open open open open open")]
    [InlineData("with outputs", "open open open open open open")]
    [InlineData("shows what it has", "passed open open open open open")]
    [InlineData("handed to the check", "passed open open open open open")]
    [InlineData("set later", "passed open open open open open")]
    [InlineData("crash", "passed open open open open open")]
    [InlineData("crash in the answer's cell", "error open open open passed open")]
    [InlineData("stack", "passed open open open open open")]
    [InlineData("stack in an answer", "passed open error open open open")]
    [InlineData("endless", "passed open open open open open")]
    [InlineData("endless without a loop", "passed open open open open open")]
    [InlineData("endless answer", "passed open failed open open open")]
    [InlineData("memory", "passed open open open open open")]
    [InlineData("output", "passed open open open open open")]
    [InlineData("endless output", "passed open open open open open")]
    [InlineData("syntax", "error open open open passed open")]
    [InlineData("wrong type", "error open open open passed open")]
    [InlineData("Müller, Anna = \"A\"", "passed open open open open open")]
    public void AnExerciseIsJudgedByItsAnswer(string student, string marks) => Assert.Equal(marks, Marks(student));

    [Theory]
    [InlineData("wrong", "4.1: the widths count, but it is that of ten layers of equal width")]
    [InlineData("crash", "Cell 2: System.InvalidOperationException: mine")]
    [InlineData("stack", "Cell 2: the stack overflowed.")]
    [InlineData("stack in an answer", "4.3: The answer ended its process: the stack overflowed.")]
    [InlineData("endless", "Cell 2: it took longer than 10 s.")]
    [InlineData("endless answer", "did not end within 10 seconds")]
    [InlineData("memory", "Cell 2: System.OutOfMemoryException")]
    [InlineData("output", "Cell 2: it wrote more than 10 million characters.")]
    [InlineData("syntax", "4.1: There is no answer, because cell 2 failed: CompilationError")]
    [InlineData("wrong type", "4.1: The answer is none of the type double?")]
    [InlineData(
        "cheat another library",
        "Cell 2: it asks for #r \"evil/Evil.dll\", and a submission gets the course's library only"
    )]
    public void TheReasonIsGiven(string student, string reason) => Assert.Contains(reason, Notes(student));

    [Theory]
    [InlineData("no notebook", "The file")]
    [InlineData("other language", "is written in python; expected C#.")]
    [InlineData("another subject", "It checks no exercise of the course")]
    [InlineData("empty folder", "The folder holds no notebook")]
    public void WhatIsNoSubmissionIsNamedAndStopsNoOther(string student, string reason)
    {
        Assert.Contains(reason, Notes(student));
        Assert.Equal("", graded.Rows[student][Points]);
        Assert.Equal(1, graded.Outcome.ExitCode);
    }

    /// <summary>Lesson 00 has a cell that gives a type of Plotly.NET another name, which no answer uses.</summary>
    [Fact]
    public async Task ALessonWithOneAnswerIsJudgedWhateverItsOtherCellsUse()
    {
        using var folder = new NotebookFolder();
        string lesson = File.ReadAllText(Path.Combine(GradedClass.Course, "00-start-here.ipynb"));
        string answered = lesson.Replace(
            "double? lossOfAGuesser = null;",
            "double? lossOfAGuesser = 0.25 * Math.Log(4) + 0.75 * Math.Log(1 / 0.03);",
            StringComparison.Ordinal
        );
        Assert.NotEqual(lesson, answered);
        folder.WriteText("in/a/00-start-here.ipynb", answered);
        Outcome graded = await folder.RunAsync("grade", "in", "--course", GradedClass.Course, "--output", "marks.csv");
        Assert.Equal(0, graded.ExitCode);
        Assert.Contains("passed,open,open,open,open,open", File.ReadAllText(folder["marks.csv"]).Replace("\"", ""));
    }

    [SkippableFact]
    public async Task TheWorkOfAnotherIsNotHandedInByALink()
    {
        Skip.If(OperatingSystem.IsWindows(), "A link to a folder needs rights there.");
        using var folder = new NotebookFolder();
        folder.Write("in/a/04.ipynb", GradedClass.Setup, GradedClass.Right);
        Directory.CreateDirectory(folder["in/b"]);
        Directory.CreateSymbolicLink(folder["in/b/mine"], folder["in/a"]);
        folder.WriteText("in/c/answers.zip", "");
        Outcome outcome = await folder.RunAsync("grade", "in", "--course", GradedClass.Course, "--output", "marks.csv");
        Assert.Equal(1, outcome.ExitCode);
        string[][] rows = [.. GradedClass.Read(File.ReadAllText(folder["marks.csv"]))];
        Assert.Equal(["a", "b", "c"], rows.Skip(1).Select(row => row[0]));
        Assert.Contains("The folder holds no notebook; expected *.ipynb.", rows[2]);
        Assert.Contains("The folder holds no notebook but answers.zip; unpack it.", rows[3]);
    }

    [Fact]
    public async Task TheSameSubmissionsHaveTheSameMarks()
    {
        using var folder = new NotebookFolder();
        folder.Write("in/a/04.ipynb", GradedClass.Setup, GradedClass.Right, "new Random(3).Next()");
        folder.Write("in/b/04.ipynb", GradedClass.Setup, "throw new Exception(\"b\");", GradedClass.SecondAnswer);
        folder.Write(
            "in/c/04.ipynb",
            GradedClass.Setup,
            "int five = 5;\nEnvironment.Exit(five);",
            "double? alternatingWidths = Math.Pow(0.16, five);\nExercises.Check(\"4.1\", alternatingWidths)"
        );
        Outcome first = await folder.RunAsync([.. ToMarks, "--jobs", "1"]);
        string[] written = [File.ReadAllText(folder["marks.csv"]), File.ReadAllText(folder["marks.html"])];
        Outcome second = await folder.RunAsync([.. ToMarks, "--jobs", "3"]);
        Assert.Equal(first, second);
        Assert.Equal(written[0], File.ReadAllText(folder["marks.csv"]));
        Assert.Equal(written[1], File.ReadAllText(folder["marks.html"]));
        Assert.Contains("2 graded, 1 to be looked at.", first.Output);
    }

    /// <summary>Folders as Moodle names them, of students who answered one lesson or two.</summary>
    [Fact]
    public async Task ThePageAddsUpWhatAStudentHasInAllNotebooksAndShowsTheAnswers()
    {
        using var folder = new NotebookFolder();
        folder.Write("in/Ada_1_assignsubmission_file/04.ipynb", GradedClass.Setup, GradedClass.Right);
        folder.Write(
            "in/Ada_1_assignsubmission_file/00.ipynb",
            GradedClass.Setup,
            "double? lossOfAGuesser = Math.Log(26) + 1;\nExercises.Check(\"0.1\", lossOfAGuesser)"
        );
        folder.Write("in/Bo_2_assignsubmission_file/04.ipynb", GradedClass.Setup, GradedClass.Right);
        folder.Write("in/Bo_3_assignsubmission_file/04-he-and-glorot.ipynb", GradedClass.Setup, "1 < 2");
        Outcome outcome = await folder.RunAsync(ToMarks);
        Assert.Equal(0, outcome.ExitCode);
        string[][] rows = [.. GradedClass.Read(File.ReadAllText(folder["marks.csv"])).Skip(1)];
        Assert.Equal(
            ["Ada", "Ada", "Bo_2_assignsubmission_file", "Bo_3_assignsubmission_file"],
            rows.Select(row => row[0])
        );
        string page = File.ReadAllText(folder["marks.html"]);
        Assert.Equal(
            [
                "Student|00-start-here|04-he-and-glorot|Points",
                "Ada|0|1|1",
                "Bo_2_assignsubmission_file|–|1|1",
                "Bo_3_assignsubmission_file|–|0|0",
            ],
            Regex
                .Matches(page[page.IndexOf("class=\"totals\"", StringComparison.Ordinal)..], "<tr>(.+?)</tr>")
                .Select(row =>
                    WebUtility.HtmlDecode(
                        Regex.Replace(row.Groups[1].Value.Replace("<wbr>", ""), "<[^>]+>", "|").Trim('|')
                    )
                )
        );
        Assert.Contains("<summary>its code</summary><pre>double? lossOfAGuesser = Math.Log(26) + 1;", page);
        Assert.Contains("<pre>" + WebUtility.HtmlEncode(GradedClass.Right), page);
        Assert.DoesNotContain("1 &lt; 2", page);
    }

    [Theory]
    [InlineData("No submissions were named; expected a folder, or --selftest.", "grade")]
    [InlineData("nowhere does not exist; expected a folder of submissions.", "grade", "nowhere")]
    [InlineData(
        "empty holds no submissions; expected notebooks (*.ipynb), or a folder for each student.",
        "grade",
        "empty"
    )]
    [InlineData(
        "--output one.ipynb is a submission; expected another file.",
        "grade",
        "one.ipynb",
        "--output",
        "one.ipynb"
    )]
    [InlineData("--timeout is 0; expected a whole number from 1 to 1000000.", "grade", "one.ipynb", "--timeout", "0")]
    [InlineData(
        "empty holds no notebook with exercises; expected the course's notebooks, which --course names.",
        "grade",
        "one.ipynb",
        "--course",
        "empty"
    )]
    public async Task WhatCannotBeDoneIsSaidInOneSentence(string sentence, params string[] arguments)
    {
        using var folder = new NotebookFolder();
        folder.Write("one.ipynb", GradedClass.Setup, GradedClass.Right);
        Directory.CreateDirectory(folder["empty"]);
        Outcome outcome = await folder.RunAsync(arguments);
        Assert.Equal((1, sentence + "\n"), (outcome.ExitCode, outcome.Errors));
    }

    /// <summary>Of an answer with several faults, each is a part of one sentence.</summary>
    [Fact]
    public void TheFaultsOfAnAnswerAreOneSentence()
    {
        Assert.Contains("; ", Notes("many faults"));
        Assert.DoesNotContain(".;", Notes("many faults"));
        Assert.EndsWith(".", Notes("many faults"), StringComparison.Ordinal);
    }

    [Fact]
    public void NoSubmissionIsWrittenTo() => Assert.True(graded.IsUntouched);

    /// <summary>A name that a spreadsheet would take for a formula stays a name.</summary>
    [Fact]
    public void NamesAreTexts()
    {
        Assert.Contains("\r\n\"Müller, Anna = \"\"A\"\"\",", graded.Csv);
        Assert.Contains("\r\n'=HYPERLINK(1),", graded.Csv);
        Assert.Contains("Müller, Anna = &quot;A&quot;", graded.Page.Replace("&#252;", "ü"));
        Assert.DoesNotContain("<script", graded.Page);
        Assert.All(GradedClass.Read(graded.Csv), row => Assert.Equal(FirstExercise + 7, row.Length));
    }
}
