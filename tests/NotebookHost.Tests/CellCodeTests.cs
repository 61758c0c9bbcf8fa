using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NotebookHost.Execution;

namespace NotebookHost.Tests;

/// <summary>What is written into a cell so that it can be interrupted: no line more, and nothing that does not compile.</summary>
public class CellCodeTests
{
    private const string Look = "global::NotebookHost.Execution.LoopGuard.Check();";
    private const string Await = "global::NotebookHost.Execution.LoopGuard.Awaited(";

    [Theory]
    [InlineData("while (true) { }", 1, 0)]
    [InlineData("for (;;)\n    F();", 1, 0)]
    [InlineData("do\n{ // why\n    F();\n}\nwhile (true);", 1, 0)]
    [InlineData("foreach (var (a, b) in pairs)\nforeach (int c in list)\n    F(a, c);", 2, 0)]
    [InlineData("IEnumerable<int> All()\n{\n    while (true)\n        yield return 1;\n}", 1, 0)]
    [InlineData("var f = () => { for (int i = 0; i < 3; i++) while (F()) ; };", 2, 0)]
    [InlineData("while (true)\n{\n#pragma warning disable\n    F();\n#pragma warning restore\n}", 1, 0)]
    [InlineData("while (true) // why\n    /* and */ F(); // so", 1, 0)]
    [InlineData("while (true)\n{\n    // nothing\n}", 1, 0)]
    [InlineData("while (true)\n#region one\n    F();\n#endregion", 1, 0)]
    [InlineData("again: F();\ngoto again;", 1, 0)]
    [InlineData("while (F()) goto end; end: ;", 2, 0)]
    [InlineData("await F(await G());", 0, 2)]
    [InlineData("await foreach (var x in F())\n    await G(x);", 1, 2)]
    [InlineData("1 + 1", 0, 0)]
    public void EachLoopLooksEachAwaitEndsAndEachLineKeepsItsNumber(string code, int looks, int awaits)
    {
        string written = CellCode.Guarded(code);
        Assert.Equal(looks, written.Split(Look).Length - 1);
        Assert.Equal(awaits, written.Split(Await).Length - 1);
        Assert.Equal(code.Count(c => c == '\n'), written.Count(c => c == '\n'));
        SyntaxTree tree = CSharpSyntaxTree.ParseText(written, CellLanguage.ParseOptions);
        Assert.DoesNotContain(tree.GetDiagnostics(), d => d.Severity == DiagnosticSeverity.Error);
    }

    [Theory]
    [InlineData("Console.Clear();", "global::NotebookHost.Execution.LoopGuard.Clear();")]
    [InlineData("System.Console.Clear() ;", "global::NotebookHost.Execution.LoopGuard.Clear() ;")]
    [InlineData("// Console.Clear();\nlist.Clear();", "// Console.Clear();\nlist.Clear();")]
    public void ClearingTheConsoleClearsTheOutput(string code, string expected) =>
        Assert.Equal(expected, CellCode.Guarded(code));

    [Theory]
    [InlineData('(', ')')]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void DeepBracketsAreRefused(char open, char close)
    {
        Assert.Null(CodeDepth.Refusal(new string(open, 400) + new string(close, 400)));
        Assert.Contains("deep", CodeDepth.Refusal(new string(open, 50_000)));
        Assert.Null(CodeDepth.Refusal(string.Concat(Enumerable.Repeat($"{open}{close};", 20_000))));
        Assert.Null(CodeDepth.Refusal($"\"{new string(open, 50_000)}\""));
    }
}
