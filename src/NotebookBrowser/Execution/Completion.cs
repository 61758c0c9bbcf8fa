using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookHost.Execution;

/// <summary>Completes a name by what the compiler knows; what an editor adds to it is too large for a page.</summary>
internal static class Completion
{
    private const int Most = 200;

    /// <summary>What may take the place of the code from <c>start</c> up to, not including, <c>end</c>.</summary>
    public static JsonObject At(CSharpCompilation compilation, int position)
    {
        SyntaxTree tree = compilation.SyntaxTrees[0];
        SemanticModel model = compilation.GetSemanticModel(tree);
        string code = tree.GetText().ToString();
        int start = position;
        while (start > 0 && SyntaxFacts.IsIdentifierPartCharacter(code[start - 1]))
            start--;
        string typed = code[start..position];
        SyntaxToken before = tree.GetRoot().FindToken(Math.Max(0, start - 1));
        ISymbol[] symbols =
            before.Parent is MemberAccessExpressionSyntax access && access.OperatorToken == before
                ? [.. Members(model, access, start)]
                : [.. model.LookupSymbols(start)];
        var items = new JsonArray([
            .. symbols
                .Where(symbol =>
                    symbol.CanBeReferencedByName && symbol.Name.StartsWith(typed, StringComparison.OrdinalIgnoreCase)
                )
                .DistinctBy(symbol => symbol.Name)
                .OrderByDescending(symbol => symbol.Name.StartsWith(typed, StringComparison.Ordinal))
                .ThenByDescending(symbol => symbol.Locations.Any(place => place.IsInSource))
                .ThenBy(symbol => symbol.Name, StringComparer.OrdinalIgnoreCase)
                .Take(Most)
                .Select(symbol =>
                    (JsonNode)
                        new JsonObject { ["text"] = symbol.Name, ["kind"] = symbol.Kind.ToString().ToLowerInvariant() }
                ),
        ]);
        return new JsonObject
        {
            ["start"] = start,
            ["end"] = position,
            ["items"] = items,
        };
    }

    private static IEnumerable<ISymbol> Members(SemanticModel model, MemberAccessExpressionSyntax access, int position)
    {
        ISymbol? owner = model.GetSymbolInfo(access.Expression).Symbol;
        bool isStatic = owner is INamespaceOrTypeSymbol;
        INamespaceOrTypeSymbol? container = isStatic
            ? (INamespaceOrTypeSymbol)owner!
            : model.GetTypeInfo(access.Expression).Type;
        return container is null
            ? []
            : model
                .LookupSymbols(position, container, includeReducedExtensionMethods: !isStatic)
                .Where(symbol => container is INamespaceSymbol || symbol is ITypeSymbol || symbol.IsStatic == isStatic);
    }
}
