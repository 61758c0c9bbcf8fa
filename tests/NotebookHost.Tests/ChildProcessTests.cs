using System.Runtime.InteropServices;
using NotebookHost.Execution;

namespace NotebookHost.Tests;

public sealed class ChildProcessTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task AProcessForCellsWhoseParentIsGoneEndsByItself()
    {
        using var limit = new CancellationTokenSource(Limit);
        ProcessResult ended = await ChildProcess.RunAsync(
            new ChildStart(
                Programs.DotNet,
                HostProgram.Path,
                NotebookProcess.Verb,
                $"nobody-listens-{Environment.ProcessId}"
            ),
            limit.Token
        );
        Assert.Equal(new ProcessResult(0, "", ""), ended);
    }

    [SkippableFact]
    public async Task ACancelledProgramIsKilledWithAllThatItStarted()
    {
        Skip.If(OperatingSystem.IsWindows(), "The program is a shell's.");
        using var folder = new NotebookFolder();
        using var stop = new CancellationTokenSource();
        Task<ProcessResult> running = ChildProcess.RunAsync(
            new ChildStart("sh", "-c", "sleep 1000 & echo $! > part; mv part started; wait") { Folder = folder.Root },
            stop.Token
        );
        while (!File.Exists(folder["started"]))
            await Task.Delay(10);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Limit));
        string state = $"/proc/{File.ReadAllText(folder["started"]).Trim()}/cmdline";
        using var limit = new CancellationTokenSource(Limit);
        while (File.Exists(state) && File.ReadAllText(state).Contains("1000"))
            await Task.Delay(10, limit.Token);
    }

    [Fact]
    public void ProgramsAreFoundOnThePath()
    {
        Assert.Equal("/b/jupyter", Linux("/a:/b:", "/b/jupyter", "/jupyter").Find("jupyter"));
        Assert.Equal("/a/lab", Linux("/a:/b", "/b/jupyter", "/a/lab").Find("jupyter", "lab"));
        Assert.Null(Linux("/a:/b", "/c/jupyter").Find("jupyter"));
        Assert.Equal(@"C:\bin\code.cmd", Windows(@"C:\bin\;D:\x", @"C:\bin\code.cmd", @"C:\bin\code").Find("code"));
    }

    [Fact]
    public void BrowsersAreFoundWhereTheyAreInstalled()
    {
        const string edge = @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe";
        const string chrome = @"C:\Users\me\AppData\Local\Google\Chrome\Application\chrome.exe";
        Assert.Equal(edge, Windows("", edge).Browser);
        Assert.Equal(chrome, Windows("", edge, chrome).Browser);
        Assert.Equal(@"D:\chrome.exe", Windows("D:", edge, chrome, @"D:\chrome.exe").Browser);
        const string ofAll = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
        const string ofUser = "/Users/me/Applications/Chromium.app/Contents/MacOS/Chromium";
        Assert.Equal(ofAll, On(OSPlatform.OSX, "", ofUser, ofAll).Browser);
        Assert.Equal(ofUser, On(OSPlatform.OSX, "/usr/bin", ofUser).Browser);
        Assert.Equal("/usr/bin/chromium", Linux("/usr/bin", "/usr/bin/chromium").Browser);
        Assert.Null(Linux("/usr/bin", ofAll, edge).Browser);
    }

    private static Programs Linux(string path, params string[] files) => On(OSPlatform.Linux, path, files);

    private static Programs Windows(string path, params string[] files) => On(OSPlatform.Windows, path, files);

    private static Programs On(OSPlatform system, string path, params string[] files)
    {
        var variables = new Dictionary<string, string>
        {
            ["PATH"] = path,
            ["HOME"] = "/Users/me",
            ["ProgramFiles"] = @"C:\Program Files",
            ["ProgramFiles(x86)"] = @"C:\Program Files (x86)",
            ["LocalAppData"] = @"C:\Users\me\AppData\Local",
        };
        return new Programs(system, name => variables.GetValueOrDefault(name), files.Contains);
    }
}
