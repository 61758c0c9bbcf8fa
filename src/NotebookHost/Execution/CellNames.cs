using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookHost.Execution;

/// <summary>
/// The names that a cell gives to later ones, and those that it may have from earlier ones. Where it is not sure, a name
/// counts: a cell too many is run then, and none too few.
/// </summary>
/// <param name="Given">Declared, or assigned to.</param>
/// <param name="Used">Mentioned, where a name of another cell can stand.</param>
/// <param name="Usings">The lines that import a namespace or the members of a type; another name for a type is given.</param>
/// <param name="Hidden">Variables and types that it declares for itself and later ones: nobody sees earlier ones of these names.</param>
internal sealed record CellNames(
    IReadOnlySet<string> Given,
    IReadOnlySet<string> Used,
    IReadOnlySet<string> Hidden,
    string Usings
)
{
    /// <summary>The names of a cell. Code that the compiler would not take has none.</summary>
    public static CellNames Of(string code)
    {
        if (CodeDepth.Refusal(code) is not null)
            return new(new HashSet<string>(), new HashSet<string>(), new HashSet<string>(), "");
        CompilationUnitSyntax cell = Parsed(code);
        var given = new HashSet<string>();
        var used = new HashSet<string>();
        foreach (SyntaxNode node in cell.DescendantNodes())
            switch (node)
            {
                case VariableDeclaratorSyntax variable when Function(node) is null:
                    given.Add(variable.Identifier.Text);
                    break;
                case SingleVariableDesignationSyntax variable when Function(node) is null:
                    given.Add(variable.Identifier.Text);
                    break;
                case MethodDeclarationSyntax method:
                    given.Add(method.Identifier.Text);
                    break;
                case LocalFunctionStatementSyntax function when Function(node) is null:
                    given.Add(function.Identifier.Text);
                    break;
                case PropertyDeclarationSyntax property:
                    given.Add(property.Identifier.Text);
                    break;
                case BaseTypeDeclarationSyntax type:
                    given.Add(type.Identifier.Text);
                    break;
                case UsingDirectiveSyntax { Alias: { } alias }:
                    given.Add(alias.Name.Identifier.Text);
                    break;
                case DelegateDeclarationSyntax type:
                    given.Add(type.Identifier.Text);
                    break;
                case AssignmentExpressionSyntax { Parent: not InitializerExpressionSyntax } assignment:
                    given.UnionWith(Changed(assignment.Left));
                    break;
                case PrefixUnaryExpressionSyntax
                or PostfixUnaryExpressionSyntax
                    when node.Kind()
                        is SyntaxKind.PreIncrementExpression
                            or SyntaxKind.PreDecrementExpression
                            or SyntaxKind.PostIncrementExpression
                            or SyntaxKind.PostDecrementExpression
                            or SyntaxKind.AddressOfExpression:
                    given.UnionWith(Changed(node));
                    break;
                case ArgumentSyntax { RefOrOutKeyword.RawKind: not 0 } argument:
                    given.UnionWith(Changed(argument.Expression));
                    break;
                case SimpleNameSyntax name when CanBeOfAnotherCell(name):
                    used.Add(name.Identifier.Text);
                    break;
            }
        HashSet<string> hidden =
        [
            .. cell.Members.SelectMany(member =>
                member switch
                {
                    FieldDeclarationSyntax fields => fields.Declaration.Variables.Select(v => v.Identifier.Text),
                    BaseTypeDeclarationSyntax type => [type.Identifier.Text],
                    _ => [],
                }
            ),
        ];
        used.ExceptWith(hidden);
        return new(
            given,
            used,
            hidden,
            string.Concat(cell.Usings.Where(line => line.Alias is null).Select(line => line.ToString() + "\n"))
        );
    }

    public static CompilationUnitSyntax Parsed(string code) =>
        CSharpSyntaxTree.ParseText(code, CellLanguage.ParseOptions).GetCompilationUnitRoot();

    /// <summary>The names in what is assigned to, but for the variables of the functions around it, which no other cell sees.</summary>
    private static IEnumerable<string> Changed(SyntaxNode node) =>
        node.DescendantNodesAndSelf()
            .OfType<IdentifierNameSyntax>()
            .Select(name => name.Identifier.Text)
            .Where(name => !IsLocal(name, node));

    private static bool IsLocal(string name, SyntaxNode node)
    {
        for (SyntaxNode? function = Function(node); function is not null; function = Function(function))
            if (
                function
                    .DescendantNodes()
                    .Any(declared => Declared(declared) == name && Scope(declared).Span.Contains(node.Span))
            )
                return true;
        return false;
    }

    private static string? Declared(SyntaxNode node) =>
        node switch
        {
            VariableDeclaratorSyntax variable => variable.Identifier.Text,
            ParameterSyntax parameter => parameter.Identifier.Text,
            _ => null,
        };

    private static SyntaxNode Scope(SyntaxNode declared) =>
        declared
            .Ancestors()
            .First(around =>
                around is BlockSyntax or SwitchSectionSyntax or ForStatementSyntax or UsingStatementSyntax
                || IsFunction(around)
            );

    /// <summary>The function whose variables are declared there; null outside of all functions.</summary>
    private static SyntaxNode? Function(SyntaxNode node) => node.Ancestors().FirstOrDefault(IsFunction);

    private static bool IsFunction(SyntaxNode node) =>
        node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or BaseMethodDeclarationSyntax;

    private static bool CanBeOfAnotherCell(SimpleNameSyntax name) =>
        name.Parent switch
        {
            // A method of another cell may extend the type of what stands before the dot, when it is called.
            MemberAccessExpressionSyntax access when access.Name == name => access.Parent is InvocationExpressionSyntax,
            NameColonSyntax or NameEqualsSyntax => false,
            AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } assignment => assignment.Left != name,
            _ => true,
        };
}
