namespace NotebookSupport.Tests;

public class FloorTests
{
    private static readonly string[] All =
    [
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
        "Course",
    ];

    [Fact]
    public void NoFolderOfTheLibraryKnowsOneAboveIt()
    {
        string faults = Floors.Faults("NotebookSupport", All);
        Assert.True(faults.Length == 0, faults);
    }

    [Fact]
    public void AnArrowUpwardsAndAFolderWithoutAFloorAreFound()
    {
        string faults = Floors.Faults("NotebookSupport", [.. All.Skip(1).Reverse()]);
        Assert.Contains("Charts names Training.TrainingRun in ", faults);
        Assert.Contains("Numerics/ has no floor.", faults);
    }
}
