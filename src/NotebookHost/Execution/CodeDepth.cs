using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookHost.Execution;

/// <summary>How deep code is nested: the compiler needs stack for each level, and its time grows with the square of the depth.</summary>
internal static class CodeDepth
{
    private const int MostBrackets = 500;
    private const int MostLevels = 1_500;
    private const string Interpolation = "$\"";

    /// <summary>Why code is not given to the compiler, in one sentence; null where it is. Needs a deep stack.</summary>
    public static string? Refusal(string code)
    {
        // Most code is shallow whatever its brackets mean. What is not is divided into tokens, unless that takes time too.
        bool isShallow =
            IsShallow(code) || (code.Split(Interpolation).Length <= MostBrackets && IsShallow(Brackets(code)));
        return !isShallow ? $"The cell nests brackets more than {MostBrackets} deep; the compiler takes fewer."
            : IsDeep(CSharpSyntaxTree.ParseText(code, CellLanguage.ParseOptions).GetRoot())
                ? $"The cell nests its code more than {MostLevels} levels deep; the compiler takes fewer."
            : null;
    }

    /// <summary>The brackets and semicolons that are not in a text or a comment.</summary>
    private static IEnumerable<char> Brackets(string code) =>
        SyntaxFactory
            .ParseTokens(code, options: CellLanguage.ParseOptions)
            .Where(token => token.Text.Length == 1)
            .Select(token => token.Text[0]);

    private static bool IsShallow(IEnumerable<char> code)
    {
        int depth = 0;
        int angles = 0;
        foreach (char c in code)
        {
            if (c is '(' or '[' or '{')
                depth++;
            else if (c is ')' or ']' or '}')
                depth = Math.Max(0, depth - 1);
            // An angle may be a comparison, which nothing closes.
            angles = c switch
            {
                '<' => angles + 1,
                '>' => Math.Max(0, angles - 1),
                ';' => 0,
                _ => angles,
            };
            if (depth > MostBrackets || angles > MostBrackets)
                return false;
        }
        return true;
    }

    private static bool IsDeep(SyntaxNode root)
    {
        var waiting = new Stack<(SyntaxNode Node, int Level)>([(root, 0)]);
        while (waiting.TryPop(out (SyntaxNode Node, int Level) next))
        {
            if (next.Level > MostLevels)
                return true;
            foreach (SyntaxNode child in next.Node.ChildNodes())
            {
                // The compiler goes along a sum, however long, without its stack.
                bool isSum =
                    child is BinaryExpressionSyntax && next.Node is BinaryExpressionSyntax sum && sum.Left == child;
                waiting.Push((child, isSum ? next.Level : next.Level + 1));
            }
        }
        return false;
    }
}
