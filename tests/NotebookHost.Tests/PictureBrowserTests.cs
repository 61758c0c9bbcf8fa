using System.Diagnostics;
using System.Text.Json.Nodes;
using NotebookHost.Execution;
using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

/// <summary>The browser that draws the pictures of a run, behind a program that writes down each start of it.</summary>
public sealed class PictureBrowserTests : IDisposable
{
    private const string Figure = """"
        HTML("""<div class="notebook-figure" data-height="100"></div><script type="application/json">{"data":[{"y":[1,3,2]}],"layout":{}}</script>""")
        """";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task ARunWithThreeNotebooksStartsOneBrowserAndEndsIt()
    {
        WriteBrowser("");
        foreach (string name in new[] { "one", "two", "three" })
            _folder.Write($"in/{name}.ipynb", Figure);
        Outcome run = await _folder.RunAsync(Path(), "run", "in");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        foreach (string name in new[] { "one", "two", "three" })
            AssertHasPicture(name);
        Assert.False(IsAlive(Assert.Single(Starts())));
    }

    [SkippableFact]
    public async Task ABrowserThatDiesCostsOneNotebookItsPicturesInOneSentence()
    {
        WriteBrowser("[ $(wc -l < \"$log\") = 1 ] && { head -c 1 <&3 >/dev/null; exit 1; }");
        foreach (string name in new[] { "a", "b", "c" })
            _folder.Write($"in/{name}.ipynb", Figure);
        Outcome run = await _folder.RunAsync(Path(), "run", "in", "--jobs", "1");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains(
            $"in/a.ipynb: no picture beside 1 figures: {_folder["bin/chromium"]} drew 0 of them.\n",
            run.Output
        );
        Assert.False(Bundle("a").ContainsKey("image/png"));
        AssertHasPicture("b");
        AssertHasPicture("c");
        Assert.Equal(2, Starts().Length);
    }

    [SkippableFact]
    public async Task TheBrowserOfAKilledRunEnds()
    {
        WriteBrowser("");
        _folder.Write("in/a.ipynb", Figure);
        _folder.Write(
            "in/b.ipynb",
            "System.IO.File.WriteAllText(\"started\", \"\"); System.Threading.Thread.Sleep(-1);"
        );
        var start = new ChildStart(Programs.DotNet, HostProgram.Path, "run", "in", "--jobs", "1")
        {
            Folder = _folder.Root,
            Variables = new Dictionary<string, string> { [Path().Name] = Path().Value },
        };
        using var run = new ChildProcess(start);
        await WaitUntilAsync(() => File.Exists(_folder["in/started"]));
        int browser = Assert.Single(Starts());
        Assert.True(IsAlive(browser));
        using (Process host = Process.GetProcessById(run.Id))
            host.Kill();
        await WaitUntilAsync(() => !IsAlive(browser));
    }

    /// <summary>Puts a program of a browser's name on the PATH: it notes its process, does as told, and becomes the browser.</summary>
    private void WriteBrowser(string before)
    {
        Skip.If(OperatingSystem.IsWindows(), "The program is a shell's.");
        Skip.If(Programs.Here.Browser is null, "It needs Chromium, Chrome or Edge.");
        string script = _folder.WriteText(
            "bin/chromium",
            $"""
            #!/bin/sh
            log={_folder["log"]}
            echo $$ >> "$log"
            {before}
            exec {Programs.Here.Browser} "$@"

            """
        );
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private (string Name, string Value) Path() =>
        ("PATH", $"{_folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}");

    private int[] Starts() => [.. File.ReadAllLines(_folder["log"]).Select(int.Parse)];

    private JsonObject Bundle(string name) => _folder.Outputs($"output/{name}.ipynb")[0][0]!["data"]!.AsObject();

    private void AssertHasPicture(string name)
    {
        Assert.StartsWith("iVBORw0KGgo", Bundle(name)["image/png"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("src=\"data:image/png;base64,", CodeCell.Text(Bundle(name)["text/html"]));
    }

    /// <summary>A process that has ended and that nobody has asked for is not alive.</summary>
    private static bool IsAlive(int id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < Patience, "It did not happen within two minutes.");
            await Task.Delay(50);
        }
    }
}
