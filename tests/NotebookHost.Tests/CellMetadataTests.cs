using System.Text.Json.Nodes;
using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

/// <summary>What tags and other metadata of cells make the runner do, and notebooks of other languages.</summary>
public sealed class CellMetadataTests : IDisposable
{
    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TagsSayWhichCellsMayRaiseAndWhichAreNotRun()
    {
        string path = _folder.Write(
            "one.ipynb",
            "throw new Exception(\"expected\");",
            "1 +",
            "2",
            "throw new Exception(\"never\");",
            "Console.Write(\"reached\");"
        );
        Tag(path, 0, "raises-exception");
        Tag(path, 1, "raises-exception");
        Tag(path, 2, "raises-exception");
        Tag(path, 3, "skip-execution");
        Outcome run = await _folder.RunAsync("run", "one.ipynb");
        Assert.Equal(("", 0), (run.Errors, run.ExitCode));
        JsonObject[] cells = [.. Notebook.Read(_folder["output/one.ipynb"]).Cells];
        Assert.Equal("expected", (string?)cells[0]["outputs"]![0]!["evalue"]);
        Assert.Equal("CompilationError", (string?)cells[1]["outputs"]![0]!["ename"]);
        Assert.Equal("2", CodeCell.Text(cells[2]["outputs"]![0]!["data"]!["text/plain"]));
        Assert.Empty(cells[3]["outputs"]!.AsArray());
        Assert.Null(cells[3]["execution_count"]);
        Assert.Equal("reached", CodeCell.Text(cells[4]["outputs"]![0]!["text"]));
        Assert.Equal(4, (int?)cells[4]["execution_count"]);
    }

    [Fact]
    public async Task ACellThatMayRaiseMayNotEndTheProcess()
    {
        Tag(_folder.Write("one.ipynb", "Environment.Exit(3);", "1"), 0, "raises-exception");
        Outcome run = await _folder.RunAsync("run", "one.ipynb");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("one.ipynb, cell 1: ProcessExited: ", run.Errors);
    }

    [Theory]
    [InlineData("{}", "x", "x")]
    [InlineData("""{ "polyglot_notebook": { "kernelName": "csharp" } }""", "x", "x")]
    [InlineData("""{ "polyglot_notebook": { "kernelName": "fsharp" } }""", "x", "#!fsharp\nx")]
    [InlineData("""{ "polyglot_notebook": { "kernelName": "fsharp" } }""", "#!fsharp\nx", "#!fsharp\nx")]
    [InlineData("""{ "dotnet_interactive": { "language": "markdown" } }""", "x", "#!markdown\nx")]
    [InlineData(
        """{ "dotnet_interactive": { "language": "csharp" }, "vscode": { "languageId": "polyglot-notebook" } }""",
        "x",
        "x"
    )]
    [InlineData(
        """{ "vscode": { "languageId": "polyglot-notebook" }, "polyglot_notebook": { "kernelName": "html" } }""",
        "x",
        "#!html\nx"
    )]
    [InlineData("""{ "vscode": { "languageId": "dotnet-interactive.pwsh" } }""", "x", "#!pwsh\nx")]
    [InlineData("""{ "vscode": { "languageId": "csharp" } }""", "x", "x")]
    public void ACellOfAnotherLanguageNamesItInAFirstLine(string metadata, string source, string run) =>
        Assert.Equal(
            run,
            new CodeCell(new JsonObject { ["source"] = source, ["metadata"] = JsonNode.Parse(metadata) }, 1).Code
        );

    [Fact]
    public async Task AFolderLeavesOutOtherLanguagesAndFailsForWhatIsBroken()
    {
        _folder.Write("in/a.ipynb", "6 * 7");
        _folder.WriteText("in/b.ipynb", Of("python"));
        _folder.WriteText("in/c.ipynb", """{ "cells": [], "nbformat": 4, "nbformat_minor": 5 }""");
        Outcome run = await _folder.RunAsync("run", "in");
        Assert.Equal(("", 0), (run.Errors, run.ExitCode));
        Assert.Contains("in/b.ipynb is written in python; expected C#. It is left out.\n", run.Output);
        Assert.Contains("in/c.ipynb has no cells; expected a Jupyter notebook. It is left out.\n", run.Output);
        Assert.EndsWith("1 passed, 0 failed, 2 left out\n", run.Output);

        _folder.WriteText("in/d.ipynb", "");
        run = await _folder.RunAsync("run", "in");
        Assert.Equal((1, "in/d.ipynb is empty; expected a Jupyter notebook.\n"), (run.ExitCode, run.Errors));
        Assert.EndsWith("1 passed, 1 failed, 2 left out\n", run.Output);

        run = await _folder.RunAsync("run", "in/b.ipynb");
        Assert.Equal((1, "in/b.ipynb is written in python; expected C#.\n"), (run.ExitCode, run.Errors));

        File.Delete(_folder["in/a.ipynb"]);
        File.Delete(_folder["in/d.ipynb"]);
        run = await _folder.RunAsync("run", "in");
        Assert.Equal((1, "There is no C# notebook to run.\n"), (run.ExitCode, run.Errors));
    }

    [Fact]
    public async Task AScriptOfPolyglotIsRefusedWithWhatToDo()
    {
        _folder.WriteText("x.dib", "#!csharp\n1");
        foreach (string verb in new[] { "run", "site" })
        {
            Outcome run = await _folder.RunAsync(verb, "x.dib");
            Assert.Equal(
                (
                    1,
                    "x.dib is a script of Polyglot Notebooks, which is not supported; open it in VS Code and save it as .ipynb.\n"
                ),
                (run.ExitCode, run.Errors.Replace(" It is left out.", "", StringComparison.Ordinal))
            );
        }
    }

    private static string Of(string language) =>
        $$"""{ "cells": [{ "cell_type": "code", "source": "1" }], "metadata": { "kernelspec": { "language": "{{language}}" } }, "nbformat": 4 }""";

    private static void Tag(string path, int cell, string tag)
    {
        JsonNode notebook = JsonNode.Parse(File.ReadAllText(path))!;
        notebook["cells"]![cell]!["metadata"]!["tags"] = new JsonArray(tag);
        File.WriteAllText(path, notebook.ToJsonString());
    }
}
