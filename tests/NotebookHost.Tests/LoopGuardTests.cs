using NotebookHost.Execution;

namespace NotebookHost.Tests;

/// <summary>What is put into the loops of a cell: a look at each turn, and no line more.</summary>
public class LoopGuardTests
{
    private const string Look = "global::NotebookHost.Execution.LoopGuard.Check();";

    [Theory]
    [InlineData("while (true) { }", 1)]
    [InlineData("for (;;)\n    F();", 1)]
    [InlineData("do\n{ // why\n    F();\n}\nwhile (true);", 1)]
    [InlineData("foreach (var (a, b) in pairs)\nforeach (int c in list)\n    F(a, c);", 2)]
    [InlineData("IEnumerable<int> All()\n{\n    while (true)\n        yield return 1;\n}", 1)]
    [InlineData("var f = () => { for (int i = 0; i < 3; i++) while (F()) ; };", 2)]
    [InlineData("1 + 1", 0)]
    public void EachLoopLooksAndEachLineKeepsItsNumber(string code, int loops)
    {
        string guarded = LoopGuard.Into(code);
        Assert.Equal(loops, guarded.Split(Look).Length - 1);
        Assert.Equal(code.Count(c => c == '\n'), guarded.Count(c => c == '\n'));
    }
}
