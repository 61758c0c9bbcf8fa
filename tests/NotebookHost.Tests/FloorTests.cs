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
            "Jupyter Site",
            "Commands",
            "."
        );
        Assert.True(faults.Length == 0, faults);
    }
}
