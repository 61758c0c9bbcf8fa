using NotebookHost.Execution;

namespace NotebookHost.Tests;

/// <summary>The names that a cell gives to later ones decide what an exercise waits for, and what a grader runs.</summary>
public class CellNamesTests
{
    [Theory]
    [InlineData("int a = 1, b = 2;", "a b")]
    [InlineData("int Twice(int n) { var sum = n + n; return sum; }", "Twice")]
    [InlineData("var tripled = numbers.Select(n => { var sum = 3 * n; return sum; });", "tripled")]
    [InlineData(
        "double Power(double x, int n) { double y = 1; for (int i = 0; i < n; i++) y *= x; return y; }",
        "Power"
    )]
    [InlineData("var best = runs.MinBy(rate => -rate.Loss)!;", "best")]
    [InlineData("if (!isDone) Console.Write(-seed);", "")]
    public void AFunctionKeepsItsVariables(string code, string given) =>
        Assert.Equal(given, string.Join(' ', CellNames.Of(code).Given.Order()));

    [Theory]
    [InlineData("count++;")]
    [InlineData("--count;")]
    [InlineData("count += 2;")]
    [InlineData("Read(ref count);")]
    [InlineData("void Add() { count++; }")]
    [InlineData("void Add() { { int count = 1; } count++; }")]
    [InlineData("numbers.ForEach(n => count += n);")]
    public void AVariableOfAnotherCellThatIsChangedIsGiven(string code) =>
        Assert.Contains("count", CellNames.Of(code).Given);
}
