using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookHost.Execution;

/// <summary>A line <c>#r "…"</c> or <c>#i "…"</c> of a cell; the line counts from 1.</summary>
internal sealed partial record Directive(char Letter, string Name, int Line)
{
    /// <summary>What follows <c>nuget:</c>; null where the line names a file.</summary>
    public string? Nuget =>
        NugetName().Match(Name) is { Success: true } match ? match.Groups["rest"].Value.Trim() : null;

    public bool NamesFile => Letter == 'r' && Nuget is null && !Name.Contains('\0');

    public bool NamesPackage => Letter == 'r' && Nuget is not null;

    /// <summary>Those of a cell, in order, wherever they stand in it.</summary>
    public static IReadOnlyList<Directive> In(string code) =>
        [
            .. Trivia(code)
                .Select(trivia => new Directive(
                    trivia is ReferenceDirectiveTriviaSyntax ? 'r' : 'i',
                    Quoted().Match(trivia.ToFullString()).Groups["name"].Value,
                    trivia.GetLocation().GetLineSpan().StartLinePosition.Line + 1
                )),
        ];

    /// <summary>
    /// The same cell with its directives as comments, every line and column in its place: what they name is given to the
    /// compiler with the options, and <c>#i</c> is none of its own.
    /// </summary>
    public static string AsComments(string code)
    {
        char[] text = code.ToCharArray();
        foreach (DirectiveTriviaSyntax trivia in Trivia(code))
            text.AsSpan(trivia.HashToken.SpanStart, 2).Fill('/');
        return new string(text);
    }

    /// <summary>Whether a cell has a line that begins with <c>#!</c>, and that line is not in a text or a comment.</summary>
    public static bool HasCommand(string code)
    {
        Match line = CommandLine().Match(code);
        if (!line.Success)
            return false;
        if (line.Groups["at"].Index == 0 || code[..line.Index].Trim().Length == 0)
            return true;
        SyntaxNode root = CSharpSyntaxTree.ParseText(code, CellLanguage.ParseOptions).GetRoot();
        return CommandLine()
            .Matches(code)
            .Any(match =>
                root.FindTrivia(match.Groups["at"].Index) is { } trivia
                && (trivia.IsDirective || trivia.IsKind(SyntaxKind.SkippedTokensTrivia))
            );
    }

    public override string ToString() => $"#{Letter} \"{Name}\"";

    private static IReadOnlyList<DirectiveTriviaSyntax> Trivia(string code) =>
        code.Contains('#', StringComparison.Ordinal)
            ? DeepStack.RunAsync(() => Parsed(code)).GetAwaiter().GetResult()
            : [];

    /// <summary>Code that the compiler would not take has none.</summary>
    private static IReadOnlyList<DirectiveTriviaSyntax> Parsed(string code) =>
        CodeDepth.Refusal(code) is not null
            ? []
            :
            [
                .. CSharpSyntaxTree
                    .ParseText(code, CellLanguage.ParseOptions)
                    .GetRoot()
                    .DescendantTrivia()
                    .Select(trivia => trivia.GetStructure())
                    .OfType<DirectiveTriviaSyntax>()
                    .Where(directive => directive.IsActive && IsOurs(directive)),
            ];

    private static bool IsOurs(DirectiveTriviaSyntax directive) =>
        directive
            is ReferenceDirectiveTriviaSyntax { File.IsMissing: false }
                or BadDirectiveTriviaSyntax { Identifier.Text: "i" };

    [GeneratedRegex(@"^\s*nuget\s*:(?<rest>.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex NugetName();

    [GeneratedRegex(@"^[ \t]*(?<at>#!)", RegexOptions.Multiline)]
    private static partial Regex CommandLine();

    [GeneratedRegex("\"(?<name>[^\"]*)\"")]
    private static partial Regex Quoted();
}
