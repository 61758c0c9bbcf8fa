using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotebookHost.Execution;
using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

/// <summary>The tool as somebody has it who has its package and no repository.</summary>
public sealed partial class ToolPackageTests(InstalledTool tool) : IClassFixture<InstalledTool>, IDisposable
{
    private static readonly string Readme = Path.Combine(NotebookFolder.Repository, "src/NotebookHost/Package.md");

    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Each row of the package's page: a cell, and what it shows or says.</summary>
    [Fact]
    public async Task EachRowOfItsPageIsTrue()
    {
        (string Cell, string Shown)[] rows = [.. File.ReadLines(Readme).Select(Row).OfType<(string, string)>()];
        Assert.InRange(rows.Length, 20, 100);
        _folder.WriteText("more.csx", "int FromFile(int n) => n + 1;");
        _folder.Write("rows.ipynb", ["raises-exception"], [.. rows.Select(row => row.Cell)]);
        Outcome outcome = await tool.RunAsync(_folder.Root, "run", "rows.ipynb", "--in-place");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        Assert.All(
            rows.Zip(_folder.Outputs("rows.ipynb")),
            row => Assert.Contains(row.First.Shown, string.Join('\n', row.Second.Select(Text)))
        );
    }

    [Fact]
    public async Task AForeignNotebookRunsAndBecomesAPage()
    {
        _folder.Write(
            "foreign.ipynb",
            "var words = \"the quick brown fox\".Split(' ');",
            "words.Max(word => word.Length)"
        );
        Outcome run = await tool.RunAsync(_folder.Root, "run", "foreign.ipynb", "--in-place");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal("5", _folder.Outputs("foreign.ipynb")[1][0]!["data"]!["text/plain"]![0]!.ToString());

        Outcome site = await tool.RunAsync(_folder.Root, "site", "foreign.ipynb");
        Assert.Equal((0, ""), (site.ExitCode, site.Errors));
        Assert.StartsWith("The pages do not run C#: ", site.Output, StringComparison.Ordinal);
        Assert.Contains("the quick brown fox", File.ReadAllText(_folder["site/foreign.html"]));
        Assert.False(Directory.Exists(_folder["site/run"]));
        Outcome meant = await tool.RunAsync(_folder.Root, "site", "foreign.ipynb", "--no-run");
        Assert.StartsWith("Open file://", meant.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ItsKernelIsTheInstalledProgramAndRunsAForeignNotebookInJupyter()
    {
        Outcome install = await tool.RunAsync(_folder.Root, "kernel", "install", "--prefix", _folder["prefix"]);
        Assert.Equal((0, ""), (install.ExitCode, install.Errors));
        string kernels = _folder["prefix/share/jupyter"];
        string spec = File.ReadAllText(Path.Combine(kernels, "kernels/notebooksupport/kernel.json"));
        string program = JsonNode.Parse(spec)!["argv"]![1]!.ToString();
        Assert.StartsWith(tool.Folder, program, StringComparison.Ordinal);
        Assert.True(File.Exists(program));
        if (Programs.Here.Find("jupyter-nbconvert") is not { } nbconvert)
            return;
        _folder.Write("foreign.ipynb", "Enumerable.Range(1, 10).Sum()");
        ProcessResult run = await ChildProcess.RunAsync(
            new ChildStart(nbconvert, ["--to", "notebook", "--execute", "--inplace", "foreign.ipynb"])
            {
                Folder = _folder.Root,
                Variables = new Dictionary<string, string> { ["JUPYTER_PATH"] = kernels },
            },
            CancellationToken.None
        );
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal("55", Text(_folder.Outputs("foreign.ipynb")[0][0]).Trim());
    }

    [Theory]
    [InlineData("notebooks does not exist; expected a notebook or a folder of notebooks.")]
    [InlineData(
        "notebooks holds no notebook with exercises; expected the course's notebooks, which --course names.",
        "grade",
        "submissions"
    )]
    public async Task WhatTakesACourseSaysSoInOneSentence(string sentence, params string[] arguments)
    {
        Outcome outcome = await tool.RunAsync(_folder.Root, arguments);
        Assert.Equal((1, "", sentence + "\n"), (outcome.ExitCode, outcome.Output, outcome.Errors));
    }

    [Fact]
    public async Task TheDoctorIsContentWithoutTheRepository()
    {
        Outcome outcome = await tool.RunAsync(_folder.Root, "doctor");
        Assert.Equal(0, outcome.ExitCode);
        Assert.DoesNotContain("--project", outcome.Output);
        Assert.DoesNotContain("library", outcome.Output);
    }

    private static (string Cell, string Shown)? Row(string line)
    {
        string[] columns = line.Split('|');
        if (columns.Length != 5 || !columns[3].Contains('`'))
            return null;
        return (
            string.Join('\n', Quoted().Matches(columns[2]).Select(code => code.Groups[1].Value)),
            Quoted().Match(columns[3]).Groups[1].Value
        );
    }

    /// <summary>All that an output shows.</summary>
    private static string Text(JsonNode? output) =>
        string.Join(
            '\n',
            (
                (JsonNode?[])
                    [output!["text"], output["evalue"], .. (output["data"] as JsonObject ?? []).Select(d => d.Value)]
            )
                .OfType<JsonNode>()
                .Select(CodeCell.Text)
        );

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}

/// <summary>The package of the tool made of this build, and installed from its folder alone.</summary>
public sealed class InstalledTool : IAsyncLifetime
{
    private readonly NotebookFolder _folder = new();

    public string Folder => _folder["tool"];

    /// <summary>Runs the installed command in a folder.</summary>
    public async Task<Outcome> RunAsync(string folder, params string[] arguments)
    {
        string command = Path.Combine(Folder, OperatingSystem.IsWindows() ? "notebook-host.exe" : "notebook-host");
        ProcessResult ended = await ChildProcess.RunAsync(
            new ChildStart(command, arguments) { Folder = folder },
            CancellationToken.None
        );
        return new Outcome(ended.ExitCode, ended.Output, ended.Errors);
    }

    public async Task InitializeAsync()
    {
        string configuration = new DirectoryInfo(HostProgram.Path).Parent!.Parent!.Name;
        string project = Path.Combine(NotebookFolder.Repository, "src/NotebookHost");
        await DotNetAsync("pack", project, "--no-build", "-c", configuration, "-o", _folder["feed"]);
        await DotNetAsync("tool", "install", "NotebookHost", "--tool-path", Folder, "--source", _folder["feed"]);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    private async Task DotNetAsync(params string[] arguments)
    {
        ProcessResult ended = await DotNetCommand.RunAsync(arguments, _folder.Root, CancellationToken.None);
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Errors);
    }
}
