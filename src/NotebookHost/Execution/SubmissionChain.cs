using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookHost.Execution;

/// <summary>
/// The cells of a notebook as Roslyn reads them: each is a submission after the one before, so that a name from an earlier
/// cell is known for what it is. What runs cells, completes them and colours them reads them as this says.
/// </summary>
/// <param name="resolver">Finds what <c>#r</c> names.</param>
/// <param name="files">The assemblies that the cells so far refer to.</param>
internal sealed class SubmissionChain(MetadataReferenceResolver resolver, Func<IEnumerable<string>> files)
{
    /// <summary>What a cell need not refer to.</summary>
    public static readonly IReadOnlyList<Assembly> Assemblies =
    [
        typeof(Kernel).Assembly,
        typeof(Formatter).Assembly,
        typeof(CellHelpers).Assembly,
    ];

    /// <summary>The SDK's reference assemblies, which have documentation beside them; else those that run here.</summary>
    private static readonly Lazy<string[]> PlatformFiles = new(() =>
    {
        string packs = Path.Combine(Path.GetDirectoryName(Programs.DotNet)!, "packs", "Microsoft.NETCore.App.Ref");
        string framework = $"net{Environment.Version.Major}.{Environment.Version.Minor}";
        IEnumerable<string> versions = Directory.Exists(packs) ? Directory.EnumerateDirectories(packs) : [];
        string? newest = versions
            .Select(version => Path.Combine(version, "ref", framework))
            .Where(Directory.Exists)
            .Max(StringComparer.Ordinal);
        return newest is not null ? Directory.GetFiles(newest, "*.dll") : [.. ProcessAssemblies.PlatformFiles];
    });

    /// <summary>A file is read once for all chains.</summary>
    private static readonly ConcurrentDictionary<string, MetadataReference> Read = new();

    /// <summary>Made when it is first wanted: it costs a kernel that only runs cells time and memory.</summary>
    private readonly Lazy<AdhocWorkspace> _workspace = new(() => new AdhocWorkspace());
    private readonly Queue<string> _added = [];
    private ProjectId? _last;

    /// <summary>From now on, the declarations of this cell are known.</summary>
    public void Add(string code)
    {
        lock (_added)
            _added.Enqueue(code);
    }

    /// <summary>A cell after those that were added, which it does not join.</summary>
    public Document Next(string code)
    {
        ReadAdded();
        ProjectInfo next = Submission(code);
        return _workspace.Value.CurrentSolution.AddProject(next).GetDocument(next.Documents[0].Id)!;
    }

    /// <summary>Adds a cell, and reads it.</summary>
    public Document Append(string code)
    {
        Add(code);
        ReadAdded();
        return _workspace.Value.CurrentSolution.GetProject(_last!)!.Documents.Single();
    }

    /// <summary>The names of the assemblies that the cells so far refer to.</summary>
    public IReadOnlySet<string> Libraries => files().Select(file => Path.GetFileNameWithoutExtension(file)).ToHashSet();

    private void ReadAdded()
    {
        lock (_added)
            while (_added.TryDequeue(out string? code))
                _last = _workspace.Value.AddProject(Submission(code)).Id;
    }

    private ProjectInfo Submission(string code)
    {
        var id = ProjectId.CreateNewId();
        return ProjectInfo
            .Create(
                id,
                VersionStamp.Default,
                name: "cell",
                assemblyName: $"cell{id.Id:N}",
                LanguageNames.CSharp,
                parseOptions: CellLanguage.ParseOptions,
                compilationOptions: new CSharpCompilationOptions(
                    OutputKind.DynamicallyLinkedLibrary,
                    usings: CellLanguage.Imports
                ).WithMetadataReferenceResolver(resolver),
                projectReferences: _last is null ? [] : [new ProjectReference(_last)],
                metadataReferences: files()
                    .Concat(PlatformFiles.Value)
                    .Concat(Assemblies.Select(assembly => assembly.Location))
                    .Distinct()
                    .Select(file => Read.GetOrAdd(file, Reference)),
                isSubmission: true
            )
            .WithDocuments([
                DocumentInfo.Create(
                    DocumentId.CreateNewId(id),
                    "cell",
                    sourceCodeKind: SourceCodeKind.Script,
                    loader: TextLoader.From(TextAndVersion.Create(SourceText.From(code), VersionStamp.Default))
                ),
            ]);
    }

    private static MetadataReference Reference(string file)
    {
        string documentation = Path.ChangeExtension(file, ".xml");
        return MetadataReference.CreateFromFile(
            file,
            documentation: File.Exists(documentation) ? XmlDocumentationProvider.CreateFromFile(documentation) : null
        );
    }
}
