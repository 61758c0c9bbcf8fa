using System.Globalization;
using System.Text.Json.Nodes;
using NotebookHost.Execution;
using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

public sealed class RunCommandTests : IDisposable
{
    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TheInputStaysUntouchedUntilItIsAskedFor()
    {
        string path = _folder.Write("in/sub/one.ipynb", "1 + 1");
        string before = File.ReadAllText(path);

        Assert.Equal(0, (await _folder.RunAsync("run", "in")).ExitCode);
        Assert.Equal(before, File.ReadAllText(path));
        string executed = File.ReadAllText(_folder["output/sub/one.ipynb"]);
        Assert.NotEqual(before, executed);

        Outcome check = await _folder.RunAsync("run", "in", "--check");
        Assert.Equal((1, "0 passed, 1 failed\n"), (check.ExitCode, check.Output));
        Assert.Equal(
            "in/sub/one.ipynb, cell 1: the file has «execution count none»; running it gives «execution count 1».\n",
            check.Errors
        );

        Assert.Equal(0, (await _folder.RunAsync("run", "in", "--in-place")).ExitCode);
        Assert.Equal(executed, File.ReadAllText(path));
        Assert.Equal(0, (await _folder.RunAsync("run", "in", "--check")).ExitCode);
        Assert.Equal(["one.ipynb"], Directory.GetFiles(_folder["in/sub"]).Select(Path.GetFileName));
    }

    /// <summary>A cell that keeps a processor busy is listed before one that does not, with the time of both clocks.</summary>
    [Fact]
    public async Task TimesNamesTheSlowestCells()
    {
        const string busy =
            "var clock = System.Diagnostics.Stopwatch.StartNew(); while (clock.ElapsedMilliseconds < 1500) { }";
        _folder.Write("one.ipynb", "1 + 1", "2 + 2", busy);
        Outcome run = await _folder.RunAsync("run", "one.ipynb", "--times");
        Assert.Equal(0, run.ExitCode);
        string[] lines = run.Output.Split('\n');
        int at = Array.FindIndex(lines, line => line.EndsWith("slowest cells", StringComparison.Ordinal));
        string[] slowest = [.. lines[(at + 1)..(at + 4)]];
        string[] ofBusy = slowest
            .Single(line => line.Contains("cell 3: var clock", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // Where the machine is busy, the cell gets a part of the time.
        Assert.InRange(double.Parse(ofBusy[0], CultureInfo.InvariantCulture), 1.4, 60);
        Assert.InRange(double.Parse(ofBusy[1], CultureInfo.InvariantCulture), 0.1, 60);
        Assert.Equal(slowest.OrderByDescending(Processor), slowest);
        Assert.Equal("1 passed, 0 failed", lines[^2]);

        static double Processor(string line) =>
            double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task CheckNamesTheFirstCellThatDiffers()
    {
        string path = _folder.Write("one.ipynb", "1 + 1", "\"same\"", "\"other\"");
        await _folder.RunAsync("run", "one.ipynb", "--in-place");
        File.WriteAllText(path, File.ReadAllText(path).Replace("       \"other\"", "       \"older\""));
        Outcome check = await _folder.RunAsync("run", "one.ipynb", "--check");
        Assert.Equal(1, check.ExitCode);
        Assert.StartsWith("one.ipynb, cell 3: the file has «\"older\"»; running it gives «\"other\"».", check.Errors);
    }

    [Fact]
    public async Task AFailedNotebookIsNotWrittenOver()
    {
        string path = _folder.Write("one.ipynb", "1", "throw new Exception();");
        string before = File.ReadAllText(path);
        Assert.Equal(1, (await _folder.RunAsync("run", "one.ipynb", "--in-place")).ExitCode);
        Assert.Equal(before, File.ReadAllText(path));
    }

    [Fact]
    public async Task AFloodThatIsStoppedInTheMiddleOfAnOutputIsKeptSoFar()
    {
        string[] names = ["one.ipynb", "two.ipynb", "three.ipynb"];
        foreach (string name in names)
            _folder.Write($"in/{name}", "while (true) display(new string('x', 1 << 20));");
        Outcome run = await _folder.RunAsync("run", "in", "--timeout", "8", "--jobs", "3");
        Assert.Equal("0 passed, 3 failed\n", run.Output);
        foreach (string name in names)
        {
            Assert.Contains($"in/{name}, cell 1: Timeout: The notebook took longer than 8 s", run.Errors);
            Assert.Equal("Timeout", Assert.Single(_folder.Outputs($"output/{name}")).Last()!["ename"]!.ToString());
        }
    }

    [Fact]
    public async Task ANotebookThatTimesOutBeforeItsProcessHasStartedSaysSo()
    {
        Notebook notebook = Notebook.Read(_folder.Write("one.ipynb", "1"));
        NotebookRun run = await NotebookRunner.RunAsync(
            notebook,
            _folder.Root,
            TimeSpan.FromMilliseconds(1),
            _ => { },
            CancellationToken.None
        );
        Assert.StartsWith("Timeout: The notebook took longer than 0.001 s", run.Failure!.Message);
        Assert.Equal("Timeout", Assert.Single(run.Executed.CodeCells[0].Outputs)!["ename"]!.ToString());
    }

    [Fact]
    public async Task ACellThatNeverEndsIsStoppedAtTheTimeout()
    {
        _folder.Write("one.ipynb", "while (true);");
        Outcome run = await _folder.RunAsync("run", "one.ipynb", "--timeout", "2");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            "one.ipynb, cell 1: Timeout: The notebook took longer than 2 s; it was stopped in this cell.\n",
            run.Errors
        );
    }

    [Fact]
    public async Task AMissingAssemblyWithAProjectIsBuiltFirst()
    {
        _folder.WriteText(
            "Lib/Lib.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
            </Project>
            """
        );
        _folder.WriteText("Lib/Answer.cs", "public static class Answer { public static int Value => 42; }");
        const string reference = "#r \"../Lib/bin/Release/net10.0/Lib.dll\"\n";
        _folder.Write("in/one.ipynb", reference + "Answer.Value");
        _folder.Write("in/two.ipynb", reference + "Answer.Value + 1");
        Outcome run = await _folder.RunAsync("run", "in");
        Assert.Equal(("", 0), (run.Errors, run.ExitCode));
        Assert.Equal("43", CodeCell.Text(_folder.Outputs("output/two.ipynb")[0][0]!["data"]!["text/plain"]));
    }

    [Fact]
    public async Task AProjectThatDoesNotBuildIsNamed()
    {
        string project = _folder.WriteText("Lib/Lib.csproj", "<Project>");
        _folder.Write("in/one.ipynb", "#r \"../Lib/bin/Lib.dll\"");
        Outcome run = await _folder.RunAsync("run", "in");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"{project} does not build: ", run.Errors);
        Assert.False(Directory.Exists(_folder["output"]));
    }

    [Fact]
    public async Task ANotebookOfTheLibraryDrawsTheSameEveryTime()
    {
        string notebook = Path.Combine(NotebookFolder.Repository, "tests/NotebookHost.Tests/Notebooks/digits.ipynb");
        Outcome first = await _folder.RunAsync("run", notebook, "--output", "first");
        Assert.Equal(("", 0), (first.Errors, first.ExitCode));
        await _folder.RunAsync("run", notebook, "--output", "second");
        Assert.Equal(File.ReadAllText(_folder["first/digits.ipynb"]), File.ReadAllText(_folder["second/digits.ipynb"]));
        JsonNode figure = Assert.Single(_folder.Outputs("first/digits.ipynb")[2])!;
        Assert.Contains("notebook-figure", CodeCell.Text(figure["data"]!["text/html"]));
        JsonNode tuple = Assert.Single(_folder.Outputs("first/digits.ipynb")[3])!;
        Assert.Contains("<td>Item1</td>", CodeCell.Text(tuple["data"]!["text/html"]));
    }

    [Theory]
    [InlineData("nowhere does not exist; expected a notebook or a folder of notebooks.", "nowhere")]
    [InlineData("empty holds no notebooks; expected *.ipynb.", "empty")]
    [InlineData("--jobs is 0; expected a whole number from 1 to 1000000.", "one.ipynb", "--jobs", "0")]
    [InlineData("--timeout is -1; expected a whole number from 1 to 1000000.", "one.ipynb", "--timeout", "-1")]
    [InlineData("--timeout is soon; expected a whole number from 1 to 1000000.", "one.ipynb", "--timeout", "soon")]
    [InlineData("--check and --in-place were both given; expected one of them.", "--check", "--in-place")]
    [InlineData("--bogus is not an option of run; see run --help.", "one.ipynb", "--bogus")]
    [InlineData("--output . would write over one.ipynb; expected another folder.", "one.ipynb", "--output", ".")]
    [InlineData("one.ipynb and other/one.ipynb have the same name; expected different ones.", "one.ipynb", "other")]
    public async Task BadArgumentsAreOneSentence(string expected, params string[] arguments)
    {
        Directory.CreateDirectory(_folder["empty"]);
        string before = File.ReadAllText(_folder.Write("one.ipynb", "1"));
        _folder.Write("other/one.ipynb", "1");
        Outcome run = await _folder.RunAsync(["run", .. arguments]);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Equal(expected + "\n", run.Errors);
        Assert.Equal(before, File.ReadAllText(_folder["one.ipynb"]));
    }
}
