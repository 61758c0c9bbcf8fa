namespace NotebookSupport.Tests;

public class FloorTests
{
    [Fact]
    public void NoFolderOfTheLibraryKnowsOneAboveIt()
    {
        string faults = Floors.Faults(
            "NotebookSupport",
            "Numerics",
            "Hosting",
            "Activations",
            "Initialization",
            "Losses",
            "Networks",
            "Data",
            "Diagnostics",
            "Clipping",
            "Optimizers",
            "Training",
            "Theory",
            "Recurrence",
            "Charts",
            "Course"
        );
        Assert.True(faults.Length == 0, faults);
    }
}
