using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace NotebookHost.Tests;

/// <summary>How packages are restored, with packages that the test makes, so that no network is needed.</summary>
public sealed class PackageRestoreTests : IDisposable
{
    private readonly NotebookFolder _folder = new();
    private readonly PackageFeed _feed;

    public PackageRestoreTests()
    {
        _feed = new PackageFeed(_folder["feed"]);
        PackageFeed.Configure(_folder, "feed");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("#r \"nuget: Plotly.NET, 5.1.0\"\n#r \"nuget: Plotly.NET.Interactive, 5.0.0\"")]
    [InlineData("#r \"nuget: Plotly.NET.Interactive, 5.0.0\"\n#r \"nuget: Plotly.NET, 5.1.0\"")]
    public async Task TheChartsOfAReplacedPackageAreThoseThatTheCellNames(string cell)
    {
        _feed.AddLibraries("Plotly.NET 5.1.0", "Plotly.NET 6.0.0");
        Assert.Equal(["5.1.0"], await ShownAsync(cell + "\nPlotlyNET.Version"));
    }

    [SkippableFact]
    public async Task ANativeLibraryOfOnePackageServesAnotherAndTheCells()
    {
        Skip.If(OperatingSystem.IsWindows(), "The native library of the test is one of .NET on Unix.");
        string extension = OperatingSystem.IsMacOS() ? ".dylib" : ".so";
        byte[] native = await File.ReadAllBytesAsync(
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "libSystem.Native" + extension)
        );
        const string Import =
            "[System.Runtime.InteropServices.DllImport(\"processes\", EntryPoint = \"SystemNative_GetPid\")] public static extern int Own();";
        _feed.AddCode("Processes", "1.0.0", Import);
        _feed.Add(
            "Processes.Natives",
            "1.0.0",
            [],
            ($"runtimes/{RuntimeInformation.RuntimeIdentifier}/native/libprocesses{extension}", native),
            ("runtimes/none-of-ours/native/libprocesses.so", [1])
        );
        Assert.Equal(
            ["True", "True"],
            await ShownAsync(
                "#r \"nuget: Processes, 1.0.0\"\n#r \"nuget: Processes.Natives, 1.0.0\"",
                "Processes.Own() == Environment.ProcessId",
                Import + "\nOwn() == Environment.ProcessId"
            )
        );
    }

    [Fact]
    public async Task WhatDotNetHoldsNeedsNoSource()
    {
        PackageFeed.Configure(_folder);
        string sentence = $"System.Text.Json comes with .NET {Environment.Version.Major} and is taken from there.\n";
        Assert.Equal(
            ["2", sentence, sentence, sentence, "[1]", "1"],
            await ShownAsync(
                "1 + 1",
                "#r \"nuget: System.Text.Json\"",
                "#r \"nuget: System.Text.Json, 6.0.0\"",
                "#r \"nuget: System.Text.Json, [8.0.0,9.0.0)\"",
                "System.Text.Json.JsonSerializer.Serialize(new[] { 1 })",
                "display(1);"
            )
        );
    }

    [Fact]
    public async Task TheConfigurationOfAFolderAboveCounts()
    {
        _feed.AddLibraries("Base 1.0.0");
        _folder.Write("part/one/a.ipynb", "#r \"nuget: Base, 1.0.0\"\nBase.Version");
        Outcome outcome = await RunAsync("run", "part/one/a.ipynb", "--output", "out");
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
    }

    [Fact]
    public async Task ADirectiveAddsASource()
    {
        PackageFeed.Configure(_folder);
        string[] sources = ["feed", "./other", _folder["third"]];
        foreach (string source in sources)
            new PackageFeed(_folder[source]).AddLibraries($"{Path.GetFileName(source)} 1.0.0");
        Assert.Equal(
            ["1.0.0 1.0.0 1.0.0"],
            await ShownAsync(
                string.Concat(sources.Select(source => $"#i \"nuget:{source}\"\n")) + "1.ToString();",
                "#r \"nuget: feed, 1.0.0\"\n#r \"nuget: other, 1.0.0\"\n#r \"nuget: third, 1.0.0\"\n"
                    + "feed.Version + \" \" + other.Version + \" \" + third.Version"
            )
        );
    }

    [Fact]
    public async Task WhatWasRestoredOnceNeedsNoSourceAgain()
    {
        _feed.AddLibraries("Base 1.0.0");
        string[] first = await ShownAsync("#r \"nuget: Base\"\nBase.Version");
        Directory.Delete(_folder["feed"], recursive: true);
        Assert.Equal(first, await ShownAsync("#r \"nuget: Base\"\nBase.Version"));
        Directory.Delete(_folder["restored"], recursive: true);
        Assert.Contains("Base", await FailAsync("#r \"nuget: Base\"\nBase.Version"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherConfigurationIsAnotherRequest()
    {
        _feed.AddLibraries("Base 1.0.0");
        new PackageFeed(_folder["other"]).AddLibraries("Base 2.0.0");
        Assert.Equal(["Base 1.0.0 is used.\n", "1.0.0"], await ShownAsync("#r \"nuget: Base\"\nBase.Version"));
        PackageFeed.Configure(_folder, "other");
        Assert.Equal(["Base 2.0.0 is used.\n", "2.0.0"], await ShownAsync("#r \"nuget: Base\"\nBase.Version"));
    }

    [Fact]
    public async Task TwoProcessesRestoreAtOnce()
    {
        _feed.AddLibraries("Base 1.0.0");
        _folder.Write("a.ipynb", "#r \"nuget: Base, 1.0.0\"\nBase.Version");
        _folder.Write("b.ipynb", "#r \"nuget: Base, 1.0.0\"\nBase.Version");
        Outcome[] outcomes = await Task.WhenAll(
            RunAsync("run", "a.ipynb", "--output", "out"),
            RunAsync("run", "b.ipynb", "--output", "out")
        );
        Assert.All(outcomes, outcome => Assert.True(outcome.ExitCode == 0, outcome.Errors));
        Assert.Single(Kept());
    }

    [Fact]
    public async Task ANewerCopyOfWhatTheHostHoldsIsLoadedBesideIt()
    {
        _feed.AddLibraries("Markdig 99.0.0");
        Assert.Equal(
            ["2", "99.0.0", "1"],
            await ShownAsync("1 + 1", "#r \"nuget: Markdig, 99.0.0\"\nMarkdig.Version", "display(1);")
        );
    }

    [Fact]
    public async Task TheHostsOwnCopyIsUsedForAnOlderOne()
    {
        _feed.AddLibraries("Markdig 0.1.0");
        string[] shown = await ShownAsync(
            "#r \"nuget: Markdig, 0.1.0\"\nMarkdig.Markdown.ToHtml(\"a\")",
            "display(1);"
        );
        Assert.Matches(
            @"^Markdig [1-9]\S+ is used instead of 0\.1\.0, because this program uses it itself\.\n$",
            shown[0]
        );
        Assert.Equal(["<p>a</p>\n", "1"], shown[1..]);
    }

    [SkippableFact]
    public async Task ASharedFrameworkThatAPackageNeedsComesWithIt()
    {
        string all = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../Microsoft.AspNetCore.App");
        Skip.IfNot(Directory.Exists(all), "The shared framework of ASP.NET is not installed.");
        _feed.Frameworks = ["Microsoft.AspNetCore.App"];
        _feed.AddLibraries("Web 1.0.0");
        Assert.Equal(
            ["1.0.0", "404"],
            await ShownAsync(
                "#r \"nuget: Web, 1.0.0\"\nWeb.Version",
                "new Microsoft.AspNetCore.Http.DefaultHttpContext { Response = { StatusCode = 404 } }.Response.StatusCode"
            )
        );
    }

    [Fact]
    public async Task AnAssemblyOfThePlatformNamedInALaterCellBreaksNothing()
    {
        string[] names = ["System.Text.Json", "System.Net.Http", "netstandard", "mscorlib", "System.Runtime"];
        string[] expected = ["2", .. names.Select(_ => "1"), "True"];
        Assert.Equal(
            expected,
            await ShownAsync([
                "1 + 1",
                .. names.SelectMany(name => (List<string>)[$"#r \"{name}\"", "display(1);"]),
                "typeof(System.Text.Json.JsonSerializer).Assembly == System.Reflection.Assembly.Load(\"System.Text.Json\")",
            ])
        );
    }

    [Theory]
    [InlineData(
        "1;\n#r \"nuget: No.Such.Package, 1.0.0\"",
        "cell 1, line 2: ReferenceError: #r \"nuget: No.Such.Package, 1.0.0\": no package No.Such.Package was found in source0."
    )]
    [InlineData(
        "#r \"nuget: Base, 1.0.0\"\n#r \"nuget: Base, 2.0.0\"",
        "line 2: ReferenceError: #r \"nuget: Base, 2.0.0\": the cell asks for Base 1.0.0 too."
    )]
    public async Task WhatCannotBeHadIsOneSentenceThatNamesTheLine(string cell, string expected)
    {
        _feed.AddLibraries("Base 1.0.0", "Base 2.0.0");
        string errors = await FailAsync(cell);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.Single(errors.Trim().Split('\n'));
        Assert.Empty(Kept());
    }

    [SkippableFact]
    public async Task AnInterruptionKillsTheRestoreAndLeavesNothingOfTheCell()
    {
        Skip.If(OperatingSystem.IsWindows(), "The store is moved by a variable that Windows does not know.");
        _feed.AddLibraries("Base 1.0.0");
        // A source that takes calls and never answers.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var kernel = new KernelClient(
            _folder.Root,
            $"XDG_DATA_HOME='{_folder["data"]}' TMPDIR='{Directory.CreateDirectory(_folder["tmp"])}' exec \"$@\""
        );
        JsonObject header = kernel.SendCell(
            $"#i \"nuget:https://{silent.LocalEndpoint}/index.json\"\n#r \"nuget: Base, *\"\nint left = 1;"
        );
        using TcpClient call = await silent.AcceptTcpClientAsync().WaitAsync(KernelClient.Patience);
        kernel.Control("interrupt_request", []);
        var clock = Stopwatch.StartNew();
        JsonObject reply = kernel.Reply(header).Content;
        Assert.Equal("Interrupted", reply["ename"]!.ToString());
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), $"The reply came after {clock.Elapsed}.");
        Assert.Equal("The cell was interrupted.", reply["evalue"]!.ToString());
        await EndOfCallAsync(call.GetStream()).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Empty(Kept());
        Assert.Empty(Directory.EnumerateDirectories(_folder["tmp"], "notebook-packages-*"));
        kernel.Drain();
        Assert.Contains("CS0103", kernel.Execute("left").Reply["evalue"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("ok", kernel.Execute("#r \"nuget: Base, *\"\nBase.Version").Reply["status"]!.ToString());
    }

    /// <summary>Reads what the caller sends until it hangs up, as it does when it is killed.</summary>
    private static async Task EndOfCallAsync(NetworkStream call)
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (await call.ReadAsync(buffer) > 0) { }
        }
        catch (IOException)
        {
            // Hung up in the middle of a word.
        }
    }

    private IEnumerable<string> Kept() =>
        Directory.Exists(_folder["data/NotebookHost/restored"])
            ? Directory.EnumerateFileSystemEntries(_folder["data/NotebookHost/restored"])
            : [];

    private Task<Outcome> RunAsync(string verb, params string[] arguments) =>
        _folder.RunAsync(("XDG_DATA_HOME", _folder["data"]), [verb, .. arguments]);

    private async Task<string> FailAsync(params string[] cells)
    {
        _folder.Write("a.ipynb", cells);
        Outcome outcome = await RunAsync("run", "a.ipynb");
        Assert.Equal(1, outcome.ExitCode);
        return outcome.Errors;
    }

    /// <summary>The texts of all outputs, in order.</summary>
    private async Task<string[]> ShownAsync(params string[] cells)
    {
        _folder.Write("a.ipynb", cells);
        Outcome outcome = await RunAsync("run", "a.ipynb", "--output", "out");
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return
        [
            .. from cell in _folder.Outputs("out/a.ipynb")
            from output in cell
            select string.Concat(
                (output["text"] ?? output["data"]!["text/plain"])!.AsArray().Select(line => line!.ToString())
            ),
        ];
    }
}
