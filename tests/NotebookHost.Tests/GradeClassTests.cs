using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using NotebookHost.Grading;
using NotebookHost.Notebooks;
using NotebookSupport.Tests;
using Xunit.Abstractions;

namespace NotebookHost.Tests;

/// <summary>A class of a hundred, made of the solutions of notebook 04, and the course itself.</summary>
public sealed class GradeClassTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string Course = Path.Combine(NotebookFolder.Repository, "notebooks");

    /// <summary>For each exercise a part of its right answer, and what a student may have written in its place.</summary>
    private static readonly (string Right, string Wrong)[] Slips =
    [
        ("Math.Pow(0.8 * 0.2, 5)", "Math.Pow(0.5, 10)"),
        ("variance / 0.2911251", "variance"),
        ("* Mean(z => phi.Derivative(z) * phi.Derivative(z))", "* Mean(z => phi.Value(z) * phi.Value(z))"),
        ("25.0 / 9", "5.0 / 3"),
        ("ScaleFault.NoGain, ScaleFault.WrongFan", "ScaleFault.WrongFan, ScaleFault.NoGain"),
        ("Initializer.VarianceScaling(0.4)", "Initializer.LeCunNormal"),
    ];

    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task AHundredSubmissionsAreJudgedRightly()
    {
        Exhaustive.Needs("Grades a hundred submissions");
        int count = int.Parse(
            Environment.GetEnvironmentVariable("NOTEBOOKS_CLASS") ?? "100",
            CultureInfo.InvariantCulture
        );
        Notebook handedOut = Notebook.Read(Path.Combine(Course, "04-he-and-glorot.ipynb"));
        Notebook solutions = Notebook.Read(Path.Combine(Course, "solutions/04-solutions.ipynb"));
        CourseNotebook course = (await CourseNotebook.ReadAllAsync(Course)).Single(one => one.Number == "4");
        Notebook solved = SelfTest.SolvedNotebook(course, handedOut, solutions);
        var expected = new Dictionary<string, string>();
        for (int i = 0; i < count; i++)
        {
            (JsonNode notebook, string marks) = Submission(i, solved, handedOut);
            string student = $"student {i:D3}";
            expected[student] = marks;
            _folder.WriteText($"in/{student}/04.ipynb", notebook.ToJsonString());
        }
        var clock = Stopwatch.StartNew();
        Outcome outcome = await _folder.RunAsync("grade", "in", "--course", Course, "--output", "marks.csv");
        output.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{count} submissions in {clock.Elapsed.TotalSeconds:F0} s")
        );
        output.WriteLine(outcome.Output);
        Assert.Equal(
            expected,
            GradedClass
                .Read(File.ReadAllText(_folder["marks.csv"]))
                .Skip(1)
                .ToDictionary(row => row[0], row => string.Join(" ", row[10..16]))
        );
    }

    [SkippableFact]
    public async Task TheSolutionsPassAndUntouchedNotebooksAreOpen()
    {
        Exhaustive.Needs("Grades the solutions of all lessons");
        Outcome outcome = await _folder.RunAsync("grade", "--selftest", "--course", Course);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
    }

    /// <summary>Of twenty: seven right, seven with a slip, the others broken in one way each.</summary>
    private static (JsonNode Notebook, string Marks) Submission(int i, Notebook solved, Notebook handedOut)
    {
        const string all = "passed passed passed passed passed passed";
        const string none = "not graded not graded not graded not graded not graded not graded";
        JsonNode notebook = JsonNode.Parse(solved.ToString())!;
        switch (i % 20)
        {
            case < 7:
                Add(notebook, $"// attempt {i}\nvar mine = Initializer.HeNormal.Sample(3, 3, new Random({i}));\nmine");
                return (notebook, all);
            case < 14:
                int exercise = i % Slips.Length;
                Replace(notebook, Slips[exercise].Right, Slips[exercise].Wrong);
                string[] marks = all.Split(' ');
                marks[exercise] = "failed";
                return (notebook, string.Join(" ", marks));
            case 14:
                Add(notebook, "int turns = 0;\nwhile (true) turns++;");
                return (notebook, all);
            case 15:
                Replace(notebook, "(Activation phi) => 1 / Math.Sqrt(", "(Activation phi) => Forever(");
                Add(notebook, "double Forever(double x) { while (true) { } }");
                return (notebook, "passed passed failed passed passed passed");
            case 16:
                Add(notebook, "int Deep(int n) => Deep(n + 1) + 1;\nDeep(0)");
                return (notebook, all);
            case 17:
                Add(notebook, "var memory = new List<double[]>();\nwhile (true) memory.Add(new double[20_000_000]);");
                return (notebook, all);
            case 18:
                Add(notebook, "typeof(Exercises).GetFields(System.Reflection.BindingFlags.NonPublic)");
                return (notebook, none);
            default:
                return (JsonNode.Parse(handedOut.ToString())!, "open open open open open open");
        }
    }

    /// <summary>Puts a cell after the one that loads the library.</summary>
    private static void Add(JsonNode notebook, string code)
    {
        JsonNode added = Cell(notebook, "#r ").DeepClone();
        added["source"] = CodeCell.Lines(code);
        added["id"] = "added";
        notebook["cells"]!.AsArray().Insert(3, added);
    }

    private static void Replace(JsonNode notebook, string right, string wrong)
    {
        JsonNode cell = Cell(notebook, right);
        cell["source"] = CodeCell.Lines(CodeCell.Text(cell["source"]).Replace(right, wrong, StringComparison.Ordinal));
    }

    private static JsonNode Cell(JsonNode notebook, string part) =>
        notebook["cells"]!
            .AsArray()
            .First(cell =>
                (string?)cell!["cell_type"] == "code"
                && CodeCell.Text(cell["source"]).Contains(part, StringComparison.Ordinal)
            )!;
}
