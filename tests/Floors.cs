using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookSupport.Tests;

/// <summary>
/// The folders of a project as floors of a house: code of a folder may name types of its own folder and of those
/// before it. What code names is what the compiler says that it names, whatever stands in its text.
/// </summary>
internal static class Floors
{
    /// <summary>Where a file of one folder names a type of another.</summary>
    private sealed record Arrow(string From, string To, string Type, string Place);

    private static readonly ConcurrentDictionary<string, Lazy<(string[] Folders, Arrow[] Arrows)>> Projects = new();

    /// <summary>The arrows upwards in a project, a line each, and the folders without a floor; empty where there are none.</summary>
    /// <param name="name">The project's name.</param>
    /// <param name="floors">The folders from the ground up; folders on one floor, divided by a space, do not know each other.</param>
    public static string Faults(string name, params string[] floors)
    {
        var level = new Dictionary<string, int>();
        for (int floor = 0; floor < floors.Length; floor++)
            foreach (string folder in floors[floor].Split(' '))
                level[folder] = floor;
        (string[] folders, Arrow[] arrows) = Projects.GetOrAdd(name, _ => new(() => Read(name))).Value;
        return string.Join(
            "\n",
            folders
                .Where(folder => !level.ContainsKey(folder))
                .Select(folder => $"{folder}/ has no floor.")
                .Concat(
                    arrows
                        .Where(arrow =>
                            level.TryGetValue(arrow.From, out int own)
                            && level.TryGetValue(arrow.To, out int other)
                            && other >= own
                        )
                        .Select(arrow => $"{arrow.From} names {arrow.To}.{arrow.Type} in {arrow.Place}")
                )
                .Distinct()
                .Order(StringComparer.Ordinal)
        );
    }

    /// <summary>The folders of a project, and all that they name of each other.</summary>
    private static (string[] Folders, Arrow[] Arrows) Read(string name)
    {
        string project = Path.Combine(Tests(), "..", "src", name);
        CSharpCompilation compilation = Compile(project, name);
        var folders = new HashSet<string>();
        var arrows = new List<Arrow>();
        foreach (SyntaxTree tree in compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0))
        {
            string from = Folder(tree.FilePath);
            if (from == "..")
                continue;
            folders.Add(from);
            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (SyntaxNode node in tree.GetRoot().DescendantNodes())
            foreach (INamedTypeSymbol type in Named(model, node))
            foreach (SyntaxReference declaration in type.DeclaringSyntaxReferences)
                if (Folder(declaration.SyntaxTree.FilePath) is var to && to != from)
                    arrows.Add(new(from, to, type.Name, Place(tree, node)));
        }
        return ([.. folders], [.. arrows]);

        string Folder(string file)
        {
            string path = Path.GetRelativePath(project, file).Replace('\\', '/');
            return path.Contains('/') ? path[..path.IndexOf('/')] : ".";
        }
        string Place(SyntaxTree tree, SyntaxNode node) =>
            $"{Path.GetFileName(tree.FilePath)}:{tree.GetLineSpan(node.Span).StartLinePosition.Line + 1}";
    }

    /// <summary>The files of other projects that this one compiles too.</summary>
    private static IEnumerable<string> Linked(string project, string name) =>
        XDocument
            .Load(Path.Combine(project, name + ".csproj"))
            .Descendants("Compile")
            .SelectMany(compile => ((string?)compile.Attribute("Include") ?? "").Split(';'))
            .Where(path => path.StartsWith("../", StringComparison.Ordinal))
            .Select(path => Path.GetFullPath(path, project));

    private static string Tests([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static IEnumerable<INamedTypeSymbol> Named(SemanticModel model, SyntaxNode node)
    {
        if (node is not (SimpleNameSyntax or BaseObjectCreationExpressionSyntax or ElementAccessExpressionSyntax))
            yield break;
        ISymbol? symbol = model.GetSymbolInfo(node).Symbol;
        if ((symbol as INamedTypeSymbol ?? symbol?.ContainingType)?.OriginalDefinition is { } type)
            yield return type;
    }

    private static CSharpCompilation Compile(string project, string name)
    {
        string output = Path.DirectorySeparatorChar + "obj" + Path.DirectorySeparatorChar;
        IEnumerable<string> files = Directory
            .EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains(output) && !file.Contains(output.Replace("obj", "bin")))
            .Concat(Linked(project, name))
            .Order(StringComparer.Ordinal);
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        const string usings = """
            global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
            global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
            global using static System.FormattableString;
            """;
        var compilation = CSharpCompilation.Create(
            name,
            [
                CSharpSyntaxTree.ParseText(usings, options),
                .. files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file)),
            ],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator)
                .Where(file => Path.GetFileNameWithoutExtension(file) is not ("NotebookSupport" or "NotebookHost"))
                .Select(file => MetadataReference.CreateFromFile(file)),
            new CSharpCompilationOptions(
                name == "NotebookHost" ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable
            )
        );
        // A name that does not resolve would hide an arrow. CS8795: what a source generator writes is not there.
        Diagnostic? error = compilation
            .GetDiagnostics()
            .FirstOrDefault(found => found.Severity == DiagnosticSeverity.Error && found.Id != "CS8795");
        return error is null ? compilation : throw new InvalidOperationException(error.ToString());
    }
}
