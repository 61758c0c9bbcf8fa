using System.Diagnostics;
using System.Text.Json.Nodes;
using NotebookHost.Execution;
using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

/// <summary>The main job: what the program does without a verb, on a small course of its own.</summary>
public sealed class CourseCommandTests : IDisposable
{
    private const string Waits = "while (!System.IO.File.Exists(\"../go\")) System.Threading.Thread.Sleep(20);";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ThePagesAreThereAtOnceAndEachIsReplacedWhenItsNotebookEnds()
    {
        WriteWithOutput("notebooks/long.ipynb", "committed-long", Waits, "\"executed\" + \"-long\"");
        WriteWithOutput("notebooks/short.ipynb", "committed-short", "\"executed\" + \"-short\"");
        using ChildProcess course = Start();
        string? first = await course.Output.ReadLineAsync().WaitAsync(Patience);
        Assert.Equal($"Open {new Uri(_folder["site/index.html"]).AbsoluteUri}", first);
        Assert.Contains("committed-long", Page("long"));

        await WaitUntilAsync(() => Page("short").Contains("executed-short"));
        Assert.DoesNotContain("committed-short", Page("short"));
        Assert.Contains("committed-long", Page("long"));

        Outcome other = await _folder.RunAsync();
        Assert.Equal(
            (1, "", "Another run of the course writes to output; wait until it has ended.\n"),
            (other.ExitCode, other.Output, other.Errors)
        );

        _folder.WriteText("go", "");
        string rest = await course.Output.ReadToEndAsync().WaitAsync(Patience);
        await course.WaitForExitAsync(CancellationToken.None);
        Assert.Contains("\n2 passed, 0 failed\n", rest);
        Assert.Equal(0, course.ExitCode);
        Assert.Contains("executed-long", Page("long"));
        Assert.Contains("executed-short", File.ReadAllText(_folder["site/assets/search.js"]));
        Assert.True(File.Exists(_folder["site/run/runtime.js"]));
    }

    [SkippableFact]
    public async Task ARunThatIsStoppedLeavesTheSiteWholeAndTheNextOneGoesOn()
    {
        Skip.If(OperatingSystem.IsWindows(), "It sends a signal.");
        WriteWithOutput("notebooks/long.ipynb", "committed-long", Waits);
        WriteWithOutput("notebooks/short.ipynb", "committed-short", Counted("\"executed\" + \"-short\""));
        using ChildProcess course = Start();
        await WaitUntilAsync(() => File.Exists(_folder["output/short.state.json"]));
        Process.Start("kill", ["-TERM", $"{course.Id}"]).WaitForExit();
        string errors = await course.Errors.ReadToEndAsync().WaitAsync(Patience);
        await course.WaitForExitAsync(CancellationToken.None);
        Assert.Equal(
            (1, "Stopped. The site shows the notebooks that ended; the next run executes the others.\n"),
            (course.ExitCode, errors)
        );
        Assert.Contains("executed-short", Page("short"));
        Assert.EndsWith("</html>\n", Page("long"), StringComparison.Ordinal);
        Assert.Contains("committed-long", Page("long"));

        _folder.WriteText("go", "");
        Outcome next = await _folder.RunAsync();
        Assert.Equal((0, ""), (next.ExitCode, next.Errors));
        Assert.Contains(
            "1 notebook is unchanged since it last ran and counts as passed; --all runs it too.",
            next.Output
        );
        Assert.Equal(1, Count());
    }

    [Fact]
    public async Task ASecondRunExecutesWhatChangedAndWhatFailed()
    {
        WriteWithOutput("notebooks/one.ipynb", "committed-one", Counted("\"executed\" + \"-one\""));
        WriteWithOutput(
            "notebooks/two.ipynb",
            "committed-two",
            Counted("System.IO.File.ReadAllText(\"deep/data.txt\")")
        );
        _folder.WriteText("notebooks/deep/data.txt", "first-data");
        Outcome first = await _folder.RunAsync();
        Assert.Equal((0, "", 2), (first.ExitCode, first.Errors, Count()));

        Outcome second = await _folder.RunAsync();
        Assert.Equal((0, ""), (second.ExitCode, second.Errors));
        Assert.Equal(2, Count());
        Assert.EndsWith(
            "2 notebooks are unchanged since they last ran and count as passed; --all runs them too.\n2 passed, 0 failed\n",
            second.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("executed-one", Page("one"));
        Assert.Contains("first-data", Page("two"));

        Outcome all = await _folder.RunAsync("--all");
        Assert.Equal((0, 4), (all.ExitCode, Count()));
        Assert.DoesNotContain("unchanged", all.Output);

        WriteWithOutput("notebooks/one.ipynb", "committed-again", Counted("throw new Exception(\"on purpose\");"));
        _folder.WriteText("output/two.state.json", "{\"Seconds\": \"many\"}");
        for (int run = 1; run <= 2; run++)
        {
            Outcome failing = await _folder.RunAsync();
            Assert.Equal(1, failing.ExitCode);
            Assert.StartsWith("notebooks/one.ipynb, cell 1, line ", failing.Errors, StringComparison.Ordinal);
            Assert.EndsWith("\n1 passed, 1 failed\n", failing.Output, StringComparison.Ordinal);
            Assert.Equal(run == 2, failing.Output.Contains("1 notebook is unchanged"));
            Assert.Contains("committed-again", Page("one"));
        }
        Assert.Equal(7, Count());
    }

    [Fact]
    public async Task ANotebookThatIsEditedWhileItRunsRunsAgain()
    {
        const string edit =
            "System.IO.File.WriteAllText(\"one.ipynb\", System.IO.File.ReadAllText(\"one.ipynb\").Replace(\"-old\", \"-new\"));";
        _folder.Write("notebooks/one.ipynb", edit, "\"version\" + \"-old\"");
        Outcome first = await _folder.RunAsync();
        Assert.Equal((0, ""), (first.ExitCode, first.Errors));
        Assert.Contains(
            "notebooks/one.ipynb changed while it ran: its page shows the version that ran; run again for the new one.\n",
            first.Output
        );
        Assert.Contains("version-old", Page("one"));
        Outcome second = await _folder.RunAsync();
        Assert.DoesNotContain("changed", second.Output);
        Assert.Contains("version-new", Page("one"));
    }

    [Fact]
    public async Task WhereNothingCanBeKeptNothingRuns()
    {
        _folder.Write("notebooks/one.ipynb", Counted("1"));
        _folder.WriteText("output", "a file");
        Outcome run = await _folder.RunAsync();
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("The executed notebooks cannot be written to output: ", run.Errors, StringComparison.Ordinal);
        Assert.Equal(0, Count());
    }

    /// <summary>Code that leaves a mark outside the folder of the notebooks each time that it runs.</summary>
    private static string Counted(string code) => $"System.IO.File.AppendAllText(\"../count\", \"x\");\n{code}";

    private int Count() => File.Exists(_folder["count"]) ? File.ReadAllText(_folder["count"]).Length : 0;

    private string Page(string name) => File.ReadAllText(_folder[$"site/{name}.html"]);

    /// <summary>Writes a notebook whose last cell holds an output.</summary>
    private void WriteWithOutput(string name, string output, params string[] cells)
    {
        Notebook notebook = Notebook.Read(_folder.Write(name, cells));
        notebook
            .CodeCells[^1]
            .Outputs.Add(
                new JsonObject
                {
                    ["name"] = "stdout",
                    ["output_type"] = "stream",
                    ["text"] = new JsonArray(output),
                }
            );
        notebook.Write(_folder[name]);
    }

    private ChildProcess Start() => new(new ChildStart(Programs.DotNet, HostProgram.Path) { Folder = _folder.Root });

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < Patience, "It did not happen within five minutes.");
            await Task.Delay(50);
        }
    }
}
