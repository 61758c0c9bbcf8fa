using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Text;

namespace NotebookHost.Site;

/// <summary>
/// Colours the cells of one notebook by what the compiler knows of each name: each cell is a submission after the one before, so
/// that a name from an earlier cell is known for what it is.
/// </summary>
internal sealed class CSharpHighlighter
{
    private static readonly string[] Usings =
    [
        "System",
        "System.Text",
        "System.Collections",
        "System.Collections.Generic",
        "System.Threading.Tasks",
        "System.Linq",
    ];

    private static readonly HashSet<SyntaxKind> Comments =
    [
        SyntaxKind.SingleLineCommentTrivia,
        SyntaxKind.MultiLineCommentTrivia,
        SyntaxKind.SingleLineDocumentationCommentTrivia,
        SyntaxKind.MultiLineDocumentationCommentTrivia,
    ];

    private static readonly CSharpParseOptions Script = new(kind: SourceCodeKind.Script);

    private static readonly MetadataReference[] Framework =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>A file is read once for all notebooks.</summary>
    private static readonly ConcurrentDictionary<string, MetadataReference> Read = new();

    private readonly string _folder;
    private readonly List<MetadataReference> _references = [.. Framework];
    private CSharpCompilation? _last;

    /// <summary>For the notebook of a folder, which its #r lines are relative to.</summary>
    public CSharpHighlighter(string folder) => _folder = folder;

    /// <summary>The next cell as HTML: text in spans of class "c-…".</summary>
    public string Cell(string code)
    {
        Refer(code);
        SyntaxTree tree = CSharpSyntaxTree.ParseText(code, Script);
        var cell = CSharpCompilation.CreateScriptCompilation(
            "cell",
            tree,
            _references,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                usings: Usings
            ).WithMetadataReferenceResolver(ScriptMetadataResolver.Default.WithBaseDirectory(_folder))
        );
        // Linked afterwards, because a compilation is not made after one that has errors, as an exercise may.
        _last = cell.WithScriptCompilationInfo(cell.ScriptCompilationInfo!.WithPreviousScriptCompilation(_last));
        return Html(tree, _last.GetSemanticModel(tree));
    }

    /// <summary>Code outside the order of cells, such as an example in a text.</summary>
    public string Aside(string code)
    {
        CSharpCompilation? last = _last;
        string html = Cell(code);
        _last = last;
        return html;
    }

    /// <summary>A compiler finds the dependencies of a referenced library beside it.</summary>
    private void Refer(string code)
    {
        foreach (string path in SetupCell.References(code))
        {
            string? beside = Path.GetDirectoryName(Path.GetFullPath(path, _folder));
            if (Directory.Exists(beside))
                _references.AddRange(Directory.GetFiles(beside, "*.dll").Select(file => Read.GetOrAdd(file, Open)));
        }
    }

    private static MetadataReference Open(string file) => MetadataReference.CreateFromFile(file);

    private static string Html(SyntaxTree tree, SemanticModel meaning)
    {
        SyntaxNode root = tree.GetRoot();
        IEnumerable<(TextSpan Span, string? Colour)> parts =
        [
            .. root.DescendantTokens(descendIntoTrivia: true).Select(token => (token.Span, Colour(token, meaning))),
            .. root.DescendantTrivia(descendIntoTrivia: true)
                .Where(trivia => Comments.Contains(trivia.Kind()))
                .Select(trivia => (trivia.Span, (string?)"comment")),
        ];
        string code = tree.ToString();
        var html = new StringBuilder();
        int position = 0;
        foreach ((TextSpan span, string? colour) in parts.OrderBy(part => part.Span.Start))
        {
            if (colour is null || span.IsEmpty)
                continue;
            html.Append(WebUtility.HtmlEncode(code[position..span.Start]));
            position = span.End;
            html.Append($"<span class=\"c-{colour}\">");
            html.Append(WebUtility.HtmlEncode(code[span.Start..position])).Append("</span>");
        }
        return html.Append(WebUtility.HtmlEncode(code[position..])).ToString();
    }

    private static string? Colour(SyntaxToken token, SemanticModel meaning) =>
        token.Kind() switch
        {
            SyntaxKind.NumericLiteralToken => "number",
            SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken => "string",
            SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken => "string",
            SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedVerbatimStringStartToken => "string",
            SyntaxKind.InterpolatedSingleLineRawStringStartToken => "string",
            SyntaxKind.InterpolatedMultiLineRawStringStartToken or SyntaxKind.InterpolatedRawStringEndToken => "string",
            SyntaxKind.InterpolatedStringTextToken or SyntaxKind.InterpolatedStringEndToken => "string",
            SyntaxKind.IdentifierToken when token.Parent is IdentifierNameSyntax { IsVar: true } => "keyword",
            SyntaxKind.IdentifierToken => Colour(
                meaning.GetDeclaredSymbol(token.Parent!) ?? Meant(meaning.GetSymbolInfo(token.Parent!))
            ),
            SyntaxKind.HashToken or SyntaxKind.ReferenceKeyword => "keyword",
            var kind when SyntaxFacts.IsKeywordKind(kind) => "keyword",
            _ => null,
        };

    private static ISymbol? Meant(SymbolInfo info) => info.Symbol ?? info.CandidateSymbols.FirstOrDefault();

    private static string? Colour(ISymbol? symbol) =>
        symbol switch
        {
            IAliasSymbol alias => Colour(alias.Target),
            IMethodSymbol { MethodKind: MethodKind.Constructor } or ITypeSymbol => "type",
            IMethodSymbol => "method",
            _ => null,
        };
}
