using NotebookHost.Commands;
using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

/// <summary>When the last run of a notebook is still true.</summary>
public sealed class LastRunsTests : IDisposable
{
    private readonly NotebookFolder _folder = new();
    private readonly LastRuns _last;

    public LastRunsTests()
    {
        _last = new LastRuns(_folder["output"]);
        WriteNotebook("Answer.Value");
        _folder.WriteText("lib/Lib.dll", "library");
        _folder.WriteText("lib/Other.dll", "what the library needs");
        _folder.WriteText("scripts/more.csx", "#load \"deep.csx\" // what it needs\r\n");
        _folder.WriteText("scripts/deep.csx", "int deep = 1;");
        _folder.WriteText("in/deep/data.csv", "1,2");
        _folder.WriteText("in/read.md", "read by a cell");
        _folder.WriteText("in/text.md", "a page");
        _folder.WriteText("in/.hidden", "a page");
        _folder.Write("in/other.ipynb", "1");
        _folder.WriteText("output/one.ipynb", "executed");
        _last.Keep(Notebook(), Inputs(), TimeSpan.FromSeconds(2.5));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ARunIsTrueAsLongAsNothingChangesThatACellMayReadAndItsTimeIsKnown()
    {
        Assert.True(_last.IsUnchanged(Notebook()));
        Assert.Equal(TimeSpan.FromSeconds(2.5), _last.Duration(Notebook()));
        _folder.WriteText("in/text.md", "another page");
        _folder.WriteText("in/.hidden", "another");
        _folder.Write("in/other.ipynb", "2");
        Assert.True(_last.IsUnchanged(Notebook()));
    }

    [Fact]
    public void AnOutputThatIsSavedInTheNotebookChangesNothing()
    {
        Notebook notebook = NotebookHost.Notebooks.Notebook.Read(_folder["in/one.ipynb"]);
        notebook.CodeCells[0].SetExecuted();
        notebook.CodeCells[0].Outputs.Add(new System.Text.Json.Nodes.JsonObject { ["output_type"] = "stream" });
        notebook.Write(_folder["in/one.ipynb"]);
        Assert.True(_last.IsUnchanged(Notebook()));
    }

    [Fact]
    public void AChangedCellEndsIt()
    {
        WriteNotebook("Answer.Value + 1");
        Assert.False(_last.IsUnchanged(Notebook()));
        Assert.NotNull(_last.Duration(Notebook()));
    }

    [Theory]
    [InlineData("lib/Lib.dll")]
    [InlineData("lib/Other.dll")]
    [InlineData("lib/New.dll")]
    [InlineData("scripts/more.csx")]
    [InlineData("scripts/deep.csx")]
    [InlineData("in/deep/data.csv")]
    [InlineData("in/new.csv")]
    [InlineData("in/read.md")]
    [InlineData("in/one.ipynb")]
    [InlineData("output/one.ipynb")]
    [InlineData("output/one.state.json")]
    public void AFileThatChangesEndsIt(string file)
    {
        _folder.WriteText(file, "changed");
        Assert.False(_last.IsUnchanged(Notebook()));
    }

    [Theory]
    [InlineData("lib/Lib.dll")]
    [InlineData("in/deep/data.csv")]
    [InlineData("output/one.ipynb")]
    [InlineData("output/one.state.json")]
    public void AFileThatIsGoneEndsIt(string file)
    {
        File.Delete(_folder[file]);
        Assert.False(_last.IsUnchanged(Notebook()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{ \"Inputs\": null, \"Executed\": null, \"Seconds\": 1e300 }")]
    [InlineData("{ \"Inputs\": 1, \"Executed\": [], \"Seconds\": {} }")]
    [InlineData("{ \"version\": 3, \"runs\": [] }")]
    public void AFileThatWasNotWrittenHereSaysNothing(string state)
    {
        _folder.WriteText("output/one.state.json", state);
        Assert.False(_last.IsUnchanged(Notebook()));
        Assert.Null(_last.Duration(Notebook()));
    }

    private void WriteNotebook(string code) =>
        _folder.Write(
            "in/one.ipynb",
            "#r \"../lib/Lib.dll\"",
            "#load \"../scripts/more.csx\"",
            $"{code} + System.IO.File.ReadAllText(\"read.md\")"
        );

    private NotebookFile Notebook() => NotebookFile.Find([_folder["in/one.ipynb"]])[0];

    private string Inputs() =>
        LastRuns.Inputs(NotebookHost.Notebooks.Notebook.Read(_folder["in/one.ipynb"]), _folder["in"]);
}
