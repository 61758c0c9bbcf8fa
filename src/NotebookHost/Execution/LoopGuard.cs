using System.ComponentModel;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookHost.Execution;

/// <summary>
/// Lets an interruption end a loop: nothing in .NET stops a thread from outside, so each loop of a cell looks for the
/// interruption once a turn.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LoopGuard
{
    private static readonly StatementSyntax Look = SyntaxFactory.ParseStatement(
        $"global::{typeof(LoopGuard).FullName}.{nameof(Check)}();"
    );

    private static volatile bool s_isStopped;

    /// <summary>Throws an <see cref="OperationCanceledException"/> after an interruption.</summary>
    public static void Check()
    {
        if (s_isStopped)
            throw new OperationCanceledException("The cell was interrupted.");
    }

    /// <summary>Loops stop while the token is cancelled.</summary>
    internal static CancellationTokenRegistration Follow(CancellationToken interruption)
    {
        s_isStopped = false;
        return interruption.Register(() => s_isStopped = true);
    }

    /// <summary>A cell whose loops look for an interruption; every line keeps its number.</summary>
    internal static string Into(string code)
    {
        SyntaxNode root = CSharpSyntaxTree
            .ParseText(code, new CSharpParseOptions(LanguageVersion.Latest, kind: SourceCodeKind.Script))
            .GetRoot();
        return root.ReplaceNodes(
                root.DescendantNodes().Select(Body).OfType<StatementSyntax>(),
                (_, body) => Guarded(body)
            )
            .ToFullString();
    }

    private static StatementSyntax? Body(SyntaxNode node) =>
        node switch
        {
            ForStatementSyntax loop => loop.Statement,
            CommonForEachStatementSyntax loop => loop.Statement,
            WhileStatementSyntax loop => loop.Statement,
            DoStatementSyntax loop => loop.Statement,
            _ => null,
        };

    private static BlockSyntax Guarded(StatementSyntax body) =>
        body is BlockSyntax block
            ? block.WithStatements(block.Statements.Insert(0, Look))
            : SyntaxFactory.Block(Look, body);
}
