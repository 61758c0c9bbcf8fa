using System.Text.Json.Nodes;
using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

/// <summary>A folder of notebooks that all fail, run once for all of its tests.</summary>
public sealed class FailingNotebooks : IAsyncLifetime
{
    public NotebookFolder Folder { get; } = new();

    public Outcome Outcome { get; private set; } = new(-1, "", "");

    public async Task InitializeAsync()
    {
        Folder.Write("in/compile.ipynb", "var a = 1;", "\n\nvar x = y;\nint z = \"s\";", "Console.WriteLine(3);");
        Folder.Write(
            "in/exception.ipynb",
            "void Deep(int n)\n{\n    if (n == 0)\n        throw new ArgumentException(\"too deep\");\n    Deep(n - 1);\n}",
            "Console.WriteLine(\"so far\");\nawait Task.Yield();\nDeep(1);"
        );
        Folder.Write("in/missing.ipynb", "// one\n#r \"../bin/Nowhere.dll\"");
        Folder.Write("in/package.ipynb", "#r \"nuget: Nothing.Of.This.Name, 1.0.0\"");
        Folder.Write("in/text.ipynb", "#r \"text.ipynb\"");
        Folder.Write("in/failfast.ipynb", "Console.WriteLine(\"so far\");\nEnvironment.FailFast(\"on purpose\");");
        Folder.Write("in/overflow.ipynb", "int Grow(int n) => Grow(n + 1) + 1;\nGrow(0)");
        Folder.Write("in/exit.ipynb", "Console.Write(\"so far\");\nEnvironment.Exit(3);");
        Folder.Write("in/question.ipynb", "await GetInputAsync(\"Name?\")");
        Outcome = await Folder.RunAsync("run", "in", "--output", "out");
    }

    public Task DisposeAsync()
    {
        Folder.Dispose();
        return Task.CompletedTask;
    }
}

public class FailureTests(FailingNotebooks notebooks) : IClassFixture<FailingNotebooks>
{
    [Fact]
    public void EveryNotebookIsCountedAndTheExitCodeIsOne()
    {
        Assert.Equal(1, notebooks.Outcome.ExitCode);
        Assert.Equal("0 passed, 9 failed\n", notebooks.Outcome.Output);
    }

    [Theory]
    [InlineData("in/compile.ipynb, cell 2, line 3: CompilationError: (3,9): error CS0103: ")]
    [InlineData("(4,9): error CS0029: ")]
    [InlineData("in/exception.ipynb, cell 2, line 3: System.ArgumentException: too deep")]
    [InlineData(
        "in/question.ipynb, cell 1, line 1: System.Exception: The cell asks for input (Name?), and nobody is there"
    )]
    [InlineData("in/missing.ipynb, cell 1, line 2: ReferenceError: #r \"../bin/Nowhere.dll\": there is no file /")]
    [InlineData("in/package.ipynb, cell 1, line 1: ReferenceError: #r \"nuget: Nothing.Of.This.Name, 1.0.0\": ")]
    [InlineData("in/text.ipynb, cell 1, line 1: ReferenceError: #r \"text.ipynb\": ")]
    [InlineData("in/failfast.ipynb, cell 1: ProcessExited: ")]
    [InlineData("Process terminated. on purpose")]
    [InlineData("in/overflow.ipynb, cell 1: ProcessExited: ")]
    [InlineData("Stack overflow.")]
    [InlineData(
        "in/exit.ipynb, cell 1: ProcessExited: The process of the notebook ended with exit code 3 in this cell."
    )]
    public void AFailureNamesNotebookCellLineAndMessage(string expected) =>
        Assert.Contains(expected, notebooks.Outcome.Errors);

    [Theory]
    [InlineData("exception.ipynb", 1)]
    [InlineData("failfast.ipynb", 0)]
    [InlineData("exit.ipynb", 0)]
    public void WhatTheCellShowedBeforeIsKept(string name, int cell)
    {
        JsonArray outputs = notebooks.Folder.Outputs($"out/{name}")[cell];
        Assert.Equal(["stream", "error"], outputs.Select(output => (string?)output!["output_type"]));
        Assert.Equal("so far", CodeCell.Text(outputs[0]!["text"]).TrimEnd());
    }

    [Fact]
    public void NoCellRunsAfterAFailure()
    {
        IReadOnlyList<CodeCell> cells = Notebook.Read(notebooks.Folder["out/compile.ipynb"]).CodeCells;
        Assert.Equal("error", (string?)Assert.Single(cells[1].Outputs)!["output_type"]);
        Assert.Empty(cells[2].Outputs);
        Assert.Null(cells[2].Json["execution_count"]);
    }

    [Fact]
    public void ATraceHoldsTheLinesOfTheCellsAlone() =>
        Assert.Equal(
            [
                "System.ArgumentException: too deep",
                "   at Deep(Int32 n) in cell 1:line 4",
                "   at Deep(Int32 n) in cell 1:line 5",
                "   at cell 2:line 3",
            ],
            notebooks.Folder.Outputs("out/exception.ipynb")[1][1]!["traceback"]!.AsArray().Select(line => (string?)line)
        );
}
