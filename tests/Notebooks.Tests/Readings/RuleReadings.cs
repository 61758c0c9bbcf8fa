namespace Notebooks.Tests.Readings;

/// <summary>What notebook 04 says of its figures and tables.</summary>
internal sealed class RuleReadings : LessonReadings
{
    private const string ByRate = "Gradient descent, 30 layers";
    private const string Six = "two moons: each rule at its best learning rate";
    private const string Level = "The right gain keeps the signal level";
    private const string Lopsided = "784 → 10, linear units";
    private const string ByLeak = "The leak does not cure vanishing";
    private const string Smooth = "squared gains at q = 1";
    private const string Defaults = "thirty ReLU layers on two moons: best of two rates";

    public RuleReadings()
        : base("notebooks/04-he-and-glorot.ipynb") { }
}
