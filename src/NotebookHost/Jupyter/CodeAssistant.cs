using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.QuickInfo;
using Microsoft.CodeAnalysis.Text;
using NotebookHost.Execution;

namespace NotebookHost.Jupyter;

/// <summary>
/// Completes names and explains them by Roslyn's own services. Each cell that ran is a submission after the one before,
/// so that what it declared is known.
/// </summary>
internal sealed class CodeAssistant(CSharpSession session) : IDisposable
{
    private const int MostMatches = 200;

    private static readonly ConcurrentDictionary<string, MetadataReference> Read = new();

    /// <summary>The SDK's reference assemblies, which have documentation beside them; else those that run here.</summary>
    private static readonly Lazy<string[]> PlatformFiles = new(() =>
    {
        string packs = Path.Combine(
            Path.GetDirectoryName(NotebookProcess.DotNet)!,
            "packs",
            "Microsoft.NETCore.App.Ref"
        );
        string framework = $"net{Environment.Version.Major}.{Environment.Version.Minor}";
        string? newest = Directory.Exists(packs)
            ? Directory
                .EnumerateDirectories(packs)
                .Select(version => Path.Combine(version, "ref", framework))
                .Where(Directory.Exists)
                .MaxBy(folder => folder, StringComparer.Ordinal)
            : null;
        return newest is not null
            ? Directory.GetFiles(newest, "*.dll")
            :
            [
                .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                    .Split(Path.PathSeparator)
                    .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal)),
            ];
    });

    /// <summary>Made when it is first wanted: it costs a kernel that only runs cells time and memory.</summary>
    private readonly Lazy<AdhocWorkspace> _workspace = new(() => new AdhocWorkspace());
    private ProjectId? _last;
    private int _known;

    public void Dispose()
    {
        if (_workspace.IsValueCreated)
            _workspace.Value.Dispose();
    }

    /// <summary>The reply to a complete_request; positions count code points.</summary>
    public async Task<JsonObject> CompleteAsync(string code, int position)
    {
        int cursor = Utf16(code, position);
        Document? document = await OpenAsync(code);
        CompletionList found = document is null
            ? CompletionList.Empty
            : await CompletionService.GetService(document)!.GetCompletionsAsync(document, cursor);
        TextSpan span = found.ItemsList.Count > 0 ? found.Span : new TextSpan(cursor, 0);
        string typed = code[span.Start..cursor];
        CompletionItem[] items =
        [
            .. found
                .ItemsList.Where(item => item.DisplayText.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
                .DistinctBy(item => item.DisplayText)
                .OrderByDescending(item => item.DisplayText.StartsWith(typed, StringComparison.Ordinal))
                .ThenBy(item => item.SortText, StringComparer.OrdinalIgnoreCase)
                .Take(MostMatches),
        ];
        int start = CodePoints(code, span.Start);
        int end = CodePoints(code, span.End);
        return new()
        {
            ["status"] = "ok",
            ["matches"] = new JsonArray([.. items.Select(item => JsonValue.Create(item.DisplayText))]),
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject
            {
                ["_jupyter_types_experimental"] = new JsonArray([
                    .. items.Select(item => new JsonObject
                    {
                        ["start"] = start,
                        ["end"] = end,
                        ["text"] = item.DisplayText,
                        ["type"] = item.Tags.FirstOrDefault("").ToLowerInvariant(),
                    }),
                ]),
            },
        };
    }

    /// <summary>The reply to an inspect_request: the name at the cursor, or the method whose arguments are being written.</summary>
    public async Task<JsonObject> InspectAsync(string code, int position)
    {
        int cursor = Utf16(code, position);
        Document? document = await OpenAsync(code);
        QuickInfoItem? info = document is null ? null : await ExplainedAsync(document, cursor);
        string text = string.Join(
                "\n\n",
                (info?.Sections ?? []).Select(section => section.Text.Trim()).Where(part => part.Length > 0)
            )
            .ReplaceLineEndings("\n");
        return new()
        {
            ["status"] = "ok",
            ["found"] = info is not null,
            ["data"] = info is null ? [] : new JsonObject { ["text/plain"] = text },
            ["metadata"] = new JsonObject(),
        };
    }

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
    private async Task<Document?> OpenAsync(string code)
    {
        if (await DeepStack.RunAsync(() => CellCode.Refusal(code)) is not null)
            return null;
        for (; _known < session.Ran.Count; _known++)
        {
            ProjectInfo ran = Submission(session.Ran[_known]);
            _workspace.Value.AddProject(ran);
            _last = ran.Id;
        }
        ProjectInfo written = Submission(code);
        return _workspace.Value.CurrentSolution.AddProject(written).GetDocument(written.Documents[0].Id)!;
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
                parseOptions: CellCode.ParseOptions,
                compilationOptions: new CSharpCompilationOptions(
                    OutputKind.DynamicallyLinkedLibrary,
                    usings: CSharpSession.Imports
                ).WithMetadataReferenceResolver(session.Resolver),
                projectReferences: _last is null ? [] : [new ProjectReference(_last)],
                metadataReferences: session
                    .ReferencedFiles.Concat(PlatformFiles.Value)
                    .Concat(CSharpSession.Assemblies.Select(assembly => assembly.Location))
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

    /// <summary>The protocol counts code points, .NET counts UTF-16 units.</summary>
    private static int Utf16(string code, int codePoints)
    {
        int index = 0;
        for (int i = 0; i < codePoints && index < code.Length; i++)
            index += index + 1 < code.Length && char.IsSurrogatePair(code, index) ? 2 : 1;
        return index;
    }

    private static int CodePoints(string code, int index) => code[..index].EnumerateRunes().Count();
}
