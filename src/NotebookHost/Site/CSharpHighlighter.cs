using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Classification;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Text;

namespace NotebookHost.Site;

/// <summary>
/// Colours the cells of one notebook as Roslyn classifies them: each cell is a submission after the one before, so
/// that a name from an earlier cell is known for what it is.
/// </summary>
internal sealed class CSharpHighlighter : IDisposable
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

    private static readonly MetadataReference[] Framework =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>A file is read once for all notebooks.</summary>
    private static readonly ConcurrentDictionary<string, MetadataReference> Read = new();

    private readonly AdhocWorkspace _workspace = new();
    private readonly string _folder;
    private readonly List<MetadataReference> _references = [.. Framework];
    private ProjectId? _last;

    /// <summary>For the notebook of a folder, which its #r lines are relative to.</summary>
    public CSharpHighlighter(string folder) => _folder = folder;

    public void Dispose() => _workspace.Dispose();

    /// <summary>The next cell as HTML: text in spans of class "c-…".</summary>
    public string Cell(string code)
    {
        Refer(code);
        var id = ProjectId.CreateNewId();
        var project = ProjectInfo.Create(
            id,
            VersionStamp.Default,
            name: "cell",
            assemblyName: $"cell{id.Id:N}",
            LanguageNames.CSharp,
            parseOptions: new CSharpParseOptions(kind: SourceCodeKind.Script),
            compilationOptions: new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                usings: Usings
            ).WithMetadataReferenceResolver(ScriptMetadataResolver.Default.WithBaseDirectory(_folder)),
            projectReferences: _last is null ? [] : [new ProjectReference(_last)],
            metadataReferences: _references,
            isSubmission: true
        );
        _last = id;
        _workspace.AddProject(project);
        var cell = DocumentInfo.Create(
            DocumentId.CreateNewId(id),
            "cell",
            sourceCodeKind: SourceCodeKind.Script,
            loader: TextLoader.From(TextAndVersion.Create(SourceText.From(code), VersionStamp.Default))
        );
        return Html(_workspace.AddDocument(cell), code);
    }

    /// <summary>Code outside the order of cells, such as an example in a text.</summary>
    public string Aside(string code)
    {
        ProjectId? last = _last;
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

    private static string Html(Document document, string code)
    {
        IEnumerable<ClassifiedSpan> spans = Classifier
            .GetClassifiedSpansAsync(document, new TextSpan(0, code.Length))
            .GetAwaiter()
            .GetResult();
        var html = new StringBuilder();
        int position = 0;
        foreach (ClassifiedSpan span in spans.OrderBy(span => span.TextSpan.Start))
        {
            string? colour = Colour(span.ClassificationType);
            if (colour is null || span.TextSpan.Start < position)
                continue;
            html.Append(WebUtility.HtmlEncode(code[position..span.TextSpan.Start]));
            position = span.TextSpan.End;
            html.Append($"<span class=\"c-{colour}\">");
            html.Append(WebUtility.HtmlEncode(code[span.TextSpan.Start..position])).Append("</span>");
        }
        return html.Append(WebUtility.HtmlEncode(code[position..])).ToString();
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
