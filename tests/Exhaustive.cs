namespace NotebookSupport.Tests;

/// <summary>
/// What takes long and says little beyond what runs each time: it runs where the variable NOTEBOOKS_ALL_HOSTS is 1.
/// </summary>
internal static class Exhaustive
{
    private const string Variable = "NOTEBOOKS_ALL_HOSTS";

    public static bool IsAsked { get; } = Environment.GetEnvironmentVariable(Variable) == "1";

    /// <summary>Skips the test where it is not asked for.</summary>
    /// <param name="what">What the test would do, as the beginning of a sentence.</param>
    public static void Needs(string what) => Skip.IfNot(IsAsked, $"{what} with {Variable}=1.");
}
