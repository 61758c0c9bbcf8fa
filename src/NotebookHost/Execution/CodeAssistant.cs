using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.QuickInfo;
using Microsoft.CodeAnalysis.Text;

namespace NotebookHost.Execution;

/// <summary>Completes and explains the cell being written, by Roslyn's own services.</summary>
/// <param name="chain">The cells that ran.</param>
internal sealed class CodeAssistant(SubmissionChain chain)
{
    private const int MostMatches = 200;
    private static readonly string[] OpenText = ["CS8997", "CS1039", "CS1035"];

    /// <inheritdoc cref="ICellSession.CompleteAsync"/>
    public async Task<Completions> CompleteAsync(string code, int cursor)
    {
        Document? document = await OpenAsync(code);
        CompletionList found = document is null
            ? CompletionList.Empty
            : await CompletionService.GetService(document)!.GetCompletionsAsync(document, cursor);
        TextSpan span = found.ItemsList.Count > 0 ? found.Span : new TextSpan(cursor, 0);
        string typed = code[span.Start..cursor];
        return new Completions(
            span.Start,
            span.End,
            [
                .. found
                    .ItemsList.Where(item => item.DisplayText.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
                    .DistinctBy(item => item.DisplayText)
                    .OrderByDescending(item => item.DisplayText.StartsWith(typed, StringComparison.Ordinal))
                    .ThenBy(item => item.SortText, StringComparer.OrdinalIgnoreCase)
                    .Take(MostMatches)
                    .Select(item => new Completion(item.DisplayText, item.Tags.FirstOrDefault("").ToLowerInvariant())),
            ]
        );
    }

    /// <inheritdoc cref="ICellSession.InspectAsync"/>
    public async Task<string?> InspectAsync(string code, int cursor)
    {
        if (await OpenAsync(code) is not { } document || await ExplainedAsync(document, cursor) is not { } info)
            return null;
        IEnumerable<string> parts = info.Sections.Select(section => section.Text.Trim()).Where(part => part.Length > 0);
        return string.Join("\n\n", parts).ReplaceLineEndings("\n");
    }

    /// <inheritdoc cref="ICellSession.CompletenessAsync"/>
    public static Task<Completeness> CompletenessAsync(string code) =>
        DeepStack.RunAsync(() =>
        {
            if (CodeDepth.Refusal(code) is not null)
                return Completeness.Invalid;
            SyntaxTree tree = CSharpSyntaxTree.ParseText(code, SubmissionChain.ParseOptions);
            // Roslyn takes a raw or verbatim string that is still open for a complete one.
            return !SyntaxFactory.IsCompleteSubmission(tree) || tree.GetDiagnostics().Any(d => OpenText.Contains(d.Id))
                    ? Completeness.Incomplete
                : tree.GetDiagnostics().Any(d => d.Severity == DiagnosticSeverity.Error) ? Completeness.Invalid
                : Completeness.Complete;
        });

    private static async Task<QuickInfoItem?> ExplainedAsync(Document document, int cursor)
    {
        QuickInfoService service = QuickInfoService.GetService(document)!;
        QuickInfoItem? info =
            await service.GetQuickInfoAsync(document, cursor)
            ?? (cursor > 0 ? await service.GetQuickInfoAsync(document, cursor - 1) : null);
        return info is null && CalledName((await document.GetSyntaxRootAsync())!, cursor) is { } called
            ? await service.GetQuickInfoAsync(document, called)
            : info;
    }

    private static int? CalledName(SyntaxNode root, int cursor)
    {
        ArgumentListSyntax? arguments = root.FindToken(Math.Max(0, cursor - 1))
            .Parent?.AncestorsAndSelf()
            .OfType<ArgumentListSyntax>()
            .FirstOrDefault();
        return arguments?.Parent switch
        {
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member } => member.Name.SpanStart,
            InvocationExpressionSyntax call => call.Expression.SpanStart,
            ObjectCreationExpressionSyntax creation => creation.Type.SpanStart,
            _ => null,
        };
    }

    /// <summary>The cell that is being written, after those that ran; null for one that the compiler would not take.</summary>
    private async Task<Document?> OpenAsync(string code) =>
        await DeepStack.RunAsync(() => CodeDepth.Refusal(code)) is null ? chain.Next(code) : null;
}
