using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookHost.Execution;

/// <summary>The text of a cell as it is compiled: every line keeps its number, none is added.</summary>
internal static class CellCode
{
    private static readonly string Guard = $"global::{typeof(LoopGuard).FullName}.";
    private static readonly string Check = $"{Guard}{nameof(LoopGuard.Check)}();";
    private static readonly string Await = $"{Guard}{nameof(LoopGuard.Awaited)}(";

    /// <summary>
    /// A cell whose loops and awaited work end with an interruption, and in which <c>Console.Clear()</c> clears what it has shown.
    /// </summary>
    public static string Guarded(string code)
    {
        SyntaxNode root = CSharpSyntaxTree.ParseText(code, CellLanguage.ParseOptions).GetRoot();
        var edits = new List<Edit>();
        void Around(SyntaxNode node, string before, string after)
        {
            if (node.Span.IsEmpty)
                return;
            // Of several at one place the outer opens first and closes last; what ends comes before what begins.
            edits.Add(new(node.Span.End, 0, node.Span.Length, after));
            edits.Add(new(node.SpanStart, 2, -node.Span.Length, before));
        }
        foreach (SyntaxNode node in root.DescendantNodes())
            switch (node)
            {
                case InvocationExpressionSyntax { ArgumentList.Arguments.Count: 0 } call
                    when call.Expression.ToString() is "Console.Clear" or "System.Console.Clear":
                    edits.Add(
                        new(call.SpanStart, 3, 0, $"{Guard}{nameof(LoopGuard.Clear)}", call.Expression.Span.Length)
                    );
                    break;
                case AwaitExpressionSyntax awaited:
                    Around(Awaited(awaited.Expression), Await, ")");
                    break;
                case CommonForEachStatementSyntax { AwaitKeyword.RawKind: not 0 } loop:
                    Around(loop.Expression, Await, ")");
                    Loop(loop.Statement);
                    break;
                case GotoStatementSyntax jump:
                    Around(jump, $"{{{Check}", "}");
                    break;
                default:
                    if (Body(node) is { } body)
                        Loop(body);
                    break;
            }
        return Edited(code, edits);

        void Loop(StatementSyntax body)
        {
            if (body is BlockSyntax { OpenBraceToken.IsMissing: false } block)
                edits.Add(new(block.OpenBraceToken.Span.End, 1, 0, Check));
            else
                Around(body, $"{{{Check}", "}");
        }
    }

    /// <summary>What is awaited; of <c>task.ConfigureAwait(false)</c> the task.</summary>
    private static ExpressionSyntax Awaited(ExpressionSyntax expression) =>
        expression
            is InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait" } configured,
            }
            ? configured.Expression
            : expression;

    private static StatementSyntax? Body(SyntaxNode node) =>
        node switch
        {
            ForStatementSyntax loop => loop.Statement,
            CommonForEachStatementSyntax loop => loop.Statement,
            WhileStatementSyntax loop => loop.Statement,
            DoStatementSyntax loop => loop.Statement,
            _ => null,
        };

    private static string Edited(string code, List<Edit> edits)
    {
        if (edits.Count == 0)
            return code;
        var text = new StringBuilder(code.Length + 80 * edits.Count);
        int done = 0;
        foreach (Edit edit in edits.OrderBy(e => e.At).ThenBy(e => e.Kind).ThenBy(e => e.Order))
        {
            text.Append(code, done, edit.At - done).Append(edit.Text);
            done = edit.At + edit.Removed;
        }
        return text.Append(code, done, code.Length - done).ToString();
    }

    /// <summary>A text to put at a place; of several there, those of a lower kind come first, then those of a lower order.</summary>
    private sealed record Edit(int At, int Kind, int Order, string Text, int Removed = 0);
}
