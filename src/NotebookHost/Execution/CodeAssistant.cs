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
        Func<CompletionItem, Nearness> nearness = document is null
            ? _ => Nearness.Elsewhere
            : await NearnessAsync(document, span.Start);
        return new Completions(
            span.Start,
            span.End,
            [
                .. found
                    .ItemsList.Where(item => item.DisplayText.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
                    .DistinctBy(item => item.DisplayText)
                    .OrderByDescending(item => item.DisplayText.StartsWith(typed, StringComparison.Ordinal))
                    .ThenBy(nearness)
                    .ThenBy(item => item.SortText, StringComparer.OrdinalIgnoreCase)
                    .Take(MostMatches)
                    .Select(item => new Completion(item.DisplayText, item.Tags.FirstOrDefault("").ToLowerInvariant())),
            ]
        );
    }

    /// <summary>How near to the notebook a name is: its own first, then those of the libraries that its cells refer to.</summary>
    private async Task<Func<CompletionItem, Nearness>> NearnessAsync(Document document, int start)
    {
        SemanticModel model = (await document.GetSemanticModelAsync())!;
        SyntaxToken before = (await document.GetSyntaxRootAsync())!.FindToken(Math.Max(0, start - 1));
        INamespaceOrTypeSymbol? owner =
            before.Parent is MemberAccessExpressionSyntax access && access.OperatorToken == before
                ? model.GetTypeInfo(access.Expression).Type
                    ?? model.GetSymbolInfo(access.Expression).Symbol as INamespaceOrTypeSymbol
                : null;
        ILookup<string, ISymbol> known = model
            .LookupSymbols(start, owner, includeReducedExtensionMethods: true)
            .ToLookup(symbol => symbol.Name);
        IReadOnlySet<string> libraries = chain.Libraries;
        return item => known[item.FilterText].Select(Of).DefaultIfEmpty(Nearness.Elsewhere).Min();

        Nearness Of(ISymbol symbol) =>
            symbol is ILocalSymbol or IParameterSymbol or IRangeVariableSymbol
            || symbol.ContainingType is { IsScriptClass: true }
                ? Nearness.OfNotebook
            : First(symbol).ContainingType?.SpecialType
                is SpecialType.System_Object
                    or SpecialType.System_ValueType
                    or SpecialType.System_Enum
                ? Nearness.OfEveryType
            : libraries.Contains(symbol.ContainingAssembly?.Name ?? "") ? Nearness.OfLibrary
            : symbol is IMethodSymbol { MethodKind: MethodKind.ReducedExtension } ? Nearness.Extension
            : Nearness.Elsewhere;
    }

    /// <summary>The method that a method overrides, in the end.</summary>
    private static ISymbol First(ISymbol symbol) =>
        symbol is IMethodSymbol { OverriddenMethod: { } overridden } ? First(overridden) : symbol;

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
            SyntaxTree tree = CSharpSyntaxTree.ParseText(code, CellLanguage.ParseOptions);
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

    /// <summary>The order of completions that fit equally well.</summary>
    private enum Nearness
    {
        OfNotebook,
        OfLibrary,
        Elsewhere,
        Extension,
        OfEveryType,
    }
}
