using System.Diagnostics;
using NotebookHost.Notebooks;
using NotebookSupport.Tests;

namespace NotebookHost.Tests;

/// <summary>What writing over a notebook keeps.</summary>
public sealed class InPlaceTests : IDisposable
{
    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AFileThatChangedWhileItRanIsLeftAloneAndTheResultLiesBesideIt()
    {
        const string change =
            "var f = System.IO.Directory.GetFiles(\".\", \"one.ipynb\")[0]; System.IO.File.AppendAllText(f, \" \");";
        string path = _folder.Write("one.ipynb", change, "6 * 7");
        string before = File.ReadAllText(path);
        _folder.WriteText("one.executed.ipynb", "mine");
        Outcome run = await _folder.RunAsync("run", "one.ipynb", "--in-place");
        Assert.Equal(
            (
                1,
                "one.ipynb changed while it ran and is not written over; its executed notebook is one.executed-2.ipynb.\n"
            ),
            (run.ExitCode, run.Errors)
        );
        Assert.Equal(before + " ", File.ReadAllText(path));
        Assert.Equal("mine", File.ReadAllText(_folder["one.executed.ipynb"]));
        Assert.Equal("42", CodeCell.Text(_folder.Outputs("one.executed-2.ipynb")[1][0]!["data"]!["text/plain"]));
        Assert.Equal(3, Directory.GetFiles(_folder.Root).Length);
    }

    [Fact]
    public async Task AFileThatWasRemovedWhileItRanIsNotMadeAgain()
    {
        string path = _folder.Write("one.ipynb", "System.IO.File.Delete(\"one.ipynb\");");
        Outcome run = await _folder.RunAsync("run", "one.ipynb", "--in-place");
        Assert.Equal(1, run.ExitCode);
        Assert.False(File.Exists(path));
        Assert.True(File.Exists(_folder["one.executed.ipynb"]));
    }

    [SkippableFact]
    public async Task LinksModeAndOwnerStay()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has neither.");
        if (OperatingSystem.IsWindows())
            return;
        string real = _folder.Write("real/one.ipynb", "6 * 7");
        string hard = _folder.Write("real/two.ipynb", "6 * 8");
        File.SetUnixFileMode(real, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        bool isRoot = Environment.UserName == "root";
        if (isRoot)
            Shell("chown", "12345:12345", real, hard);
        File.CreateSymbolicLink(_folder["middle.ipynb"], "real/one.ipynb");
        File.CreateSymbolicLink(_folder["link.ipynb"], "middle.ipynb");
        Shell("ln", hard, _folder["hard.ipynb"]);
        FileIdentity linked = FileIdentity.Of(hard)!;
        Outcome run = await _folder.RunAsync("run", "link.ipynb", "hard.ipynb", "--in-place");
        Assert.Equal(("", 0), (run.Errors, run.ExitCode));
        Assert.Equal("middle.ipynb", new FileInfo(_folder["link.ipynb"]).LinkTarget);
        Assert.Equal("real/one.ipynb", new FileInfo(_folder["middle.ipynb"]).LinkTarget);
        Assert.Equal("42", CodeCell.Text(_folder.Outputs("real/one.ipynb")[0][0]!["data"]!["text/plain"]));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
            File.GetUnixFileMode(real)
        );
        Assert.Equal("48", CodeCell.Text(_folder.Outputs("real/two.ipynb")[0][0]!["data"]!["text/plain"]));
        Assert.Equal(linked, FileIdentity.Of(_folder["hard.ipynb"]));
        Assert.Equal(2u, linked.Links);
        if (isRoot)
            Assert.Equal(12345u, FileIdentity.Of(real)!.Owner);
        Assert.Empty(Directory.GetFiles(_folder.Root, "*.notebookhost", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task FilesOfTheUserAreNotUsedAndThoseOfADeadRunAreRemoved()
    {
        _folder.Write("one.ipynb", "6 * 7");
        _folder.WriteText("one.ipynb.tmp", "mine");
        _folder.WriteText(".one.ipynb.notes.notebookhost", "mine too");
        string dead = _folder.WriteText(".one.ipynb.0123456789abcdef.notebookhost", "half");
        string alive = _folder.WriteText(".one.ipynb.fedcba9876543210.notebookhost", "half");
        using (new FileStream(alive, FileMode.Open, FileAccess.ReadWrite, FileShare.Delete))
            Assert.Equal(0, (await _folder.RunAsync("run", "one.ipynb", "--in-place")).ExitCode);
        Assert.Equal("mine", File.ReadAllText(_folder["one.ipynb.tmp"]));
        Assert.True(File.Exists(_folder[".one.ipynb.notes.notebookhost"]));
        Assert.False(File.Exists(dead));
        Assert.True(File.Exists(alive));
        SafeFile.Clean(_folder.Root);
        Assert.False(File.Exists(alive));
    }

    [SkippableTheory]
    [InlineData("link", true)]
    [InlineData("hard", true)]
    [InlineData("copy", false)]
    public async Task AnOutputThatIsAnInputUnderAnotherNameIsRefused(string kind, bool isRefused)
    {
        Skip.If(OperatingSystem.IsWindows(), "Links need rights there.");
        string path = _folder.Write("in/one.ipynb", "6 * 7");
        string before = File.ReadAllText(path);
        Directory.CreateDirectory(_folder["out"]);
        if (kind == "link")
            File.CreateSymbolicLink(_folder["out/one.ipynb"], path);
        else if (kind == "hard")
            Shell("ln", path, _folder["out/one.ipynb"]);
        else
            File.Copy(path, _folder["out/one.ipynb"]);
        Outcome run = await _folder.RunAsync("run", "in", "--output", "out");
        Assert.Equal(
            isRefused ? (1, "--output out would write over in/one.ipynb; expected another folder.\n") : (0, ""),
            (run.ExitCode, run.Errors)
        );
        Assert.Equal(before, File.ReadAllText(path));
    }

    [Fact]
    public async Task OneFileUnderManyNamesRunsOnce()
    {
        _folder.Write("in/one.ipynb", "System.IO.File.AppendAllText(\"count\", \"x\");");
        if (!OperatingSystem.IsWindows())
        {
            Shell("ln", _folder["in/one.ipynb"], _folder["in/two.ipynb"]);
            File.CreateSymbolicLink(_folder["in/loop"], ".");
        }
        Outcome run = await _folder.RunAsync("run", "in", "in/../in", "in/one.ipynb", "in");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("1 passed, 0 failed", run.Output);
        Assert.Equal("x", File.ReadAllText(_folder["in/count"]));
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void AWriteInPlaceThatWasKilledIsFinishedUnlessSomebodyWroteSince(bool hasChanged)
    {
        byte[] old = "0123456789"u8.ToArray();
        byte[] whole = "abcdefghijklmn"u8.ToArray();
        string path = _folder.WriteText("x.ipynb", hasChanged ? "abcdX56789" : "abcd456789");
        var journal = new List<byte>();
        foreach (byte[] part in new[] { "x.ipynb"u8.ToArray(), old, whole })
            journal.AddRange([.. BitConverter.GetBytes(part.Length), .. part]);
        File.WriteAllBytes(_folder[".x.ipynb.0123456789abcdef.journal.notebookhost"], [.. journal]);
        SafeFile.Clean(_folder.Root);
        Assert.Equal(hasChanged ? "abcdX56789" : "abcdefghijklmn", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(_folder.Root));
    }

    [SkippableTheory]
    [InlineData(4, false)]
    [InlineData(2, true)]
    [InlineData(20, false)]
    public void ARunThatIsKilledLeavesTheFileWholeAndNothingElse(int rounds, bool hardLink)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "It looks for processes in /proc.");
        if (rounds > 4)
            Exhaustive.Needs($"It is killed at {rounds} moments, and not at 4 alone,");
        Assert.Equal((0, 0, 0), KilledRuns.Count(rounds, hardLink));
    }

    private static void Shell(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
