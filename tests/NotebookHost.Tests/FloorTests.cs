using NotebookSupport.Tests;

namespace NotebookHost.Tests;

public class FloorTests
{
    [Fact]
    public void NoFolderOfTheHostKnowsOneAboveIt()
    {
        string faults = Floors.Faults(
            "NotebookHost",
            "Notebooks",
            "Execution",
            "Rendering",
            "Jupyter Site Grading",
            "Commands",
            "."
        );
        Assert.True(faults.Length == 0, faults);
    }

    [Fact]
    public void TheKernelDoesNotKnowTheCompiler() =>
        Assert.DoesNotContain(
            Directory
                .EnumerateFiles(Path.Combine(NotebookFolder.Repository, "src/NotebookHost/Jupyter"), "*.cs")
                .SelectMany(File.ReadLines),
            line => line.Contains("Microsoft.CodeAnalysis") || line.Contains("Microsoft.DotNet.Interactive")
        );
}
