using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;
using NotebookHost.Notebooks;

namespace NotebookHost.Execution;

/// <summary>
/// Compiles the cells of a page, each seeing what those before it declared: in the page, or for it when it is written. Equal
/// cells in an equal order have equal names of all that is in them, wherever they are compiled.
/// </summary>
/// <param name="references">What cells may refer to, by the names of the assemblies.</param>
internal sealed class PageCompiler(IReadOnlyDictionary<string, MetadataReference> references)
{
    /// <summary>What cells may refer to, beside what the library and the formatters refer to.</summary>
    private static readonly string[] Platform =
    [
        "System.Runtime",
        "System.Collections",
        "System.Collections.Concurrent",
        "System.Collections.Immutable",
        "System.Console",
        "System.Linq",
        "System.Linq.Expressions",
        "System.Memory",
        "System.Numerics.Vectors",
        "System.ObjectModel",
        "System.Runtime.Extensions",
        "System.Runtime.Intrinsics",
        "System.Runtime.Numerics",
        "System.Text.Json",
        "System.Text.RegularExpressions",
        "System.Threading",
        "System.Threading.Tasks.Parallel",
        "netstandard",
    ];

    /// <summary>Where <see cref="CellHelpers"/> are, in a page.</summary>
    private const string Page = "NotebookBrowser";

    private CSharpCompilation? _last;
    private int _count;

    /// <summary>What cells may refer to.</summary>
    /// <param name="find">An assembly of the page and the names of those that it refers to; null for one that is not there.</param>
    public static IReadOnlyDictionary<string, MetadataReference> References(
        Func<string, (MetadataReference Reference, IEnumerable<string> Others)?> find
    )
    {
        var found = new Dictionary<string, MetadataReference>(StringComparer.OrdinalIgnoreCase);
        // What the page itself is made of is no business of its cells.
        found[Page] = find(Page)!.Value.Reference;
        var waiting = new Queue<string>([.. Platform, "NotebookSupport", "Microsoft.DotNet.Interactive.Formatting"]);
        while (waiting.TryDequeue(out string? name))
        {
            if (found.ContainsKey(name) || find(name) is not { } assembly)
                continue;
            found[name] = assembly.Reference;
            foreach (string other in assembly.Others)
                waiting.Enqueue(other);
        }
        return found;
    }

    /// <summary>
    /// Compiles a cell, which later ones then follow; null with what is wrong with it. Throws
    /// <see cref="ReferenceException"/> where it asks for what a page does not have.
    /// </summary>
    /// <param name="code">The cell.</param>
    /// <param name="name">The name that errors have for it.</param>
    /// <param name="error">What is wrong with it.</param>
    public PreparedCell? Compile(string code, string name, out ErrorOutput? error)
    {
        error =
            CodeDepth.Refusal(code) is { } refusal ? CellError.Refused(refusal)
            : Directive.HasCommand(code)
                ? CellError.Of("A page runs C# alone; it has no commands that begin with #!.", "")
            : null;
        if (error is not null)
            return null;
        Check(code);
        CSharpCompilation compilation = Compilation(code, name);
        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        EmitResult result = compilation.Emit(
            assembly,
            symbols,
            options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb)
        );
        if (!result.Success && result.Diagnostics.Any(one => one.Severity == DiagnosticSeverity.Error))
        {
            error = CellError.Of(result.Diagnostics);
            return null;
        }
        _last = compilation;
        _count++;
        if (!result.Success)
            return new PreparedCell(code, name, ("", ""), false, [], []);
        IMethodSymbol entry = compilation.GetEntryPoint(CancellationToken.None)!;
        return new PreparedCell(
            code,
            name,
            (entry.ContainingType.MetadataName, entry.MetadataName),
            HasSubmissionResult(compilation),
            assembly.ToArray(),
            symbols.ToArray()
        );
    }

    /// <summary>A cell after those that were compiled, to ask what is in it; nothing follows it.</summary>
    public CSharpCompilation Compilation(string code, string name) =>
        CSharpCompilation.CreateScriptCompilation(
            string.Create(CultureInfo.InvariantCulture, $"cell-{_count}"),
            CSharpSyntaxTree.ParseText(
                SourceText.From(Directive.AsComments(code), Encoding.UTF8),
                CellLanguage.ParseOptions,
                path: name
            ),
            references.Values,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                scriptClassName: string.Create(CultureInfo.InvariantCulture, $"Submission#{_count}"),
                // What is imported once stays so; a second time, a type that both see would be ambiguous.
                usings: _last is null ? CellLanguage.Imports : [],
                optimizationLevel: OptimizationLevel.Release,
                allowUnsafe: true,
                concurrentBuild: false
            ),
            _last,
            typeof(object)
        );

    /// <summary>Throws in one sentence where a cell asks for what a page does not have.</summary>
    private void Check(string code)
    {
        foreach (Directive directive in Directive.In(code))
        {
            if (directive.Letter == 'i')
                continue;
            string name = directive.Nuget is { } package
                ? package.Split(',')[0].Trim()
                : Path.GetFileNameWithoutExtension(directive.Name.Replace('\\', '/'));
            if (!references.ContainsKey(name))
                throw new ReferenceException(
                    directive.Nuget is not null
                        ? $"The package {name} is not on this page, and a browser restores none; open the notebook in VS Code or Jupyter for it."
                        : $"The assembly {name} is not on this page, and a browser has no files; open the notebook in VS Code or Jupyter for it.",
                    directive.Line
                );
        }
    }

    /// <summary>Whether a cell ends in a value, as the compiler sees it.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "HasSubmissionResult")]
    private static extern bool HasSubmissionResult(CSharpCompilation compilation);
}
