namespace Notebooks.Tests.Readings;

/// <summary>Notebook 07.</summary>
internal sealed class ChaosReadings : LessonReadings
{
    public ChaosReadings()
        : base("notebooks/07-edge-of-chaos.ipynb")
    {
    }
}
