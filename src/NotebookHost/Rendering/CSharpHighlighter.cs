using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Classification;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.Scripting;
using NotebookHost.Execution;
using NotebookHost.Notebooks;
using NotebookSupport;

namespace NotebookHost.Rendering;

/// <summary>
/// Colours the cells of one notebook as Roslyn classifies them: each cell is a submission after the one before, so that
/// a name from an earlier cell is known for what it is.
/// </summary>
internal sealed class CSharpHighlighter
{
    private const int MostLevels = 500;

    /// <summary>The classifier's home: of all of Roslyn's services, those for C# alone.</summary>
    private static readonly Lazy<AdhocWorkspace> Workspace = new(() =>
        new AdhocWorkspace(
            MefHostServices.Create([
                typeof(Classifier).Assembly,
                Assembly.Load("Microsoft.CodeAnalysis.CSharp.Workspaces"),
            ])
        )
    );

    private static readonly CSharpParseOptions Script = new(kind: SourceCodeKind.Script);

    private static readonly MetadataReference[] Framework =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Append(typeof(CSharpSession).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>A file is read once for all notebooks.</summary>
    private static readonly ConcurrentDictionary<string, MetadataReference> Read = new();

    private readonly string _folder;
    private readonly List<MetadataReference> _references = [.. Framework];
    private CSharpCompilation? _last;

    /// <summary>For the notebook of a folder, which its #r lines are relative to.</summary>
    public CSharpHighlighter(string folder) => _folder = folder;

    /// <summary>
    /// The next cell as HTML: text in spans of class "c-…". Code that is nested beyond all sense has no colours, because
    /// the compiler takes time in the square of the depth.
    /// </summary>
    public Html Cell(string code)
    {
        if (!CodeDepth.IsShallow(code))
            return Html.Of($"{code}");
        SyntaxTree tree = CSharpSyntaxTree.ParseText(code, Script);
        if (!IsShallow(tree.GetRoot()))
            return Html.Of($"{code}");
        Refer(code);
        var cell = CSharpCompilation.CreateScriptCompilation(
            "cell",
            tree,
            _references,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                usings: CSharpSession.Imports
            ).WithMetadataReferenceResolver(ScriptMetadataResolver.Default.WithBaseDirectory(_folder))
        );
        // Linked afterwards, because a compilation is not made after one that has errors, as an exercise may.
        _last = cell.WithScriptCompilationInfo(cell.ScriptCompilationInfo!.WithPreviousScriptCompilation(_last));
        return Coloured(tree, _last.GetSemanticModel(tree));
    }

    /// <summary>Code outside the order of cells, such as an example in a text.</summary>
    public Html Aside(string code)
    {
        CSharpCompilation? last = _last;
        Html html = Cell(code);
        _last = last;
        return html;
    }

    private static bool IsShallow(SyntaxNode root)
    {
        var open = new Stack<(SyntaxNode Node, int Depth)>([(root, 0)]);
        while (open.TryPop(out (SyntaxNode Node, int Depth) next))
        {
            if (next.Depth > MostLevels)
                return false;
            foreach (SyntaxNode child in next.Node.ChildNodes())
                open.Push((child, next.Depth + 1));
        }
        return true;
    }

    /// <summary>A compiler finds the dependencies of a referenced library beside it.</summary>
    private void Refer(string code)
    {
        foreach (string path in Directive.In(code).Where(line => line.Letter == 'r').Select(line => line.Name))
        {
            if (path.Contains('\0', StringComparison.Ordinal))
                continue;
            string? beside = Path.GetDirectoryName(Path.GetFullPath(path, _folder));
            if (Directory.Exists(beside))
                _references.AddRange(Directory.GetFiles(beside, "*.dll").Select(file => Read.GetOrAdd(file, Open)));
        }
    }

    private static MetadataReference Open(string file) => MetadataReference.CreateFromFile(file);

    private static Html Coloured(SyntaxTree tree, SemanticModel meaning)
    {
        string code = tree.ToString();
        var pieces = new List<Html>();
        int position = 0;
#pragma warning disable CS0618 // The newer one takes a document, whose compilation it makes anew for each cell.
        IEnumerable<ClassifiedSpan> spans = Classifier.GetClassifiedSpans(
            meaning,
            new(0, code.Length),
            Workspace.Value
        );
#pragma warning restore CS0618
        foreach (ClassifiedSpan span in spans.OrderBy(span => span.TextSpan.Start))
        {
            string? colour = Colour(span.ClassificationType);
            if (colour is null || span.TextSpan.Start < position)
                continue;
            (int end, position) = (position, span.TextSpan.End);
            pieces.Add(
                Html.Of(
                    $"{code[end..span.TextSpan.Start]}<span class=\"c-{colour}\">{code[span.TextSpan.Start..position]}</span>"
                )
            );
        }
        return Html.Of($"{pieces}{code[position..]}");
    }

    private static string? Colour(string classification) =>
        classification switch
        {
            ClassificationTypeNames.Keyword or ClassificationTypeNames.ControlKeyword => "keyword",
            ClassificationTypeNames.PreprocessorKeyword => "keyword",
            ClassificationTypeNames.StringLiteral or ClassificationTypeNames.VerbatimStringLiteral => "string",
            ClassificationTypeNames.StringEscapeCharacter => "string",
            ClassificationTypeNames.NumericLiteral => "number",
            ClassificationTypeNames.MethodName or ClassificationTypeNames.ExtensionMethodName => "method",
            ClassificationTypeNames.ClassName or ClassificationTypeNames.RecordClassName => "type",
            ClassificationTypeNames.StructName or ClassificationTypeNames.RecordStructName => "type",
            ClassificationTypeNames.InterfaceName or ClassificationTypeNames.EnumName => "type",
            ClassificationTypeNames.DelegateName or ClassificationTypeNames.TypeParameterName => "type",
            _ when classification.Contains("comment", StringComparison.Ordinal) => "comment",
            _ => null,
        };
}
