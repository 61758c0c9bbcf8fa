using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;
using Microsoft.DotNet.Interactive.Formatting;
using NuGet.Versioning;

namespace NotebookHost.Execution;

/// <summary>
/// Resolves <c>#r</c> lines: finds assemblies and packages with their dependencies, for the compiler and for the process.
/// </summary>
internal sealed class References : MetadataReferenceResolver
{
    private const string OneVersion =
        "A process holds one version of an assembly; restart and name it first, or both in one cell.";

    /// <summary>
    /// Packages that this host does the work of (showing charts, being .NET Interactive), with the package or the assembly
    /// that a cell gets instead.
    /// </summary>
    private static readonly Dictionary<string, (string? Package, Assembly? Assembly)> Replaced = new(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["Plotly.NET.Interactive"] = ("Plotly.NET", null),
        ["Microsoft.DotNet.Interactive"] = (null, null),
        ["Microsoft.DotNet.Interactive.CSharp"] = (null, null),
        ["Microsoft.DotNet.Interactive.Formatting"] = (null, typeof(Formatter).Assembly),
    };

    private readonly string _folder;
    private readonly InteractiveAssemblyLoader _loader;
    private readonly MetadataReferenceResolver _files;
    private readonly ProcessAssemblies _assemblies = new();
    private readonly NativeLibraries _natives = new();

    /// <summary>
    /// One for a file: cells that see a type through two would hold it for two types (the call of display is ambiguous).
    /// </summary>
    private readonly ConcurrentDictionary<string, PortableExecutableReference> _known = new();
    private readonly HashSet<string> _added = [];

    /// <summary>What earlier cells asked for: the version as written, and the one that was loaded.</summary>
    private readonly Dictionary<string, (string? Asked, PackageRequest Loaded)> _requests = new(
        StringComparer.OrdinalIgnoreCase
    );
    private readonly Dictionary<string, NuGetVersion> _loadedPackages = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _seenExtensions = [];
    private readonly List<string> _extensions = [];
    private ImmutableArray<string> _sources = [];

    public References(string folder, InteractiveAssemblyLoader loader)
    {
        _folder = folder;
        _loader = loader;
        _files = ScriptMetadataResolver.Default.WithBaseDirectory(folder);
    }

    /// <summary>The files of all that cells named, and of what they depend on.</summary>
    public IEnumerable<string> Files => _added;

    /// <summary>The folders of packages with extensions of .NET Interactive that came since the last call.</summary>
    public IReadOnlyList<string> TakeExtensions()
    {
        string[] taken = [.. _extensions];
        _extensions.Clear();
        return taken;
    }

    public override bool ResolveMissingAssemblies => true;

    /// <summary>
    /// Loads what a cell names. Throws <see cref="ReferenceException"/> where it cannot be had, and
    /// <see cref="OperationCanceledException"/>; the cells after it then see nothing of it.
    /// </summary>
    /// <param name="code">The cell.</param>
    /// <param name="options">The compiler's options so far.</param>
    /// <param name="say">Shows the reader a sentence, as where another version came than was asked for.</param>
    /// <param name="cancellation">Kills a restore.</param>
    public async Task<ScriptOptions> LoadAsync(
        string code,
        ScriptOptions options,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        IReadOnlyList<Directive> directives = Directive.In(code);
        ImmutableArray<string> sources = _sources.AddRange(directives.Where(d => d.Letter == 'i').Select(Source));
        var loaded = new List<Assembly>();
        foreach (Directive directive in directives.Where(d => d.Letter == 'r' && !d.NamesPackage))
            loaded.AddRange(LoadFile(directive));
        var requests = new List<PackageRequest>();
        var sentences = new List<string>();
        foreach (Directive directive in directives.Where(d => d.NamesPackage))
            if (FoundWithoutRestore(PackageRequest.Of(directive), requests, sentences) is { } path)
                loaded.AddRange(LoadWithDependencies(path, directive));
        requests = OnePerPackage(requests);
        if (requests.Count > 0)
        {
            Dictionary<string, PackageRequest> all = Merged(requests);
            RestoredPackages restored = await PackageStore.RestoreAsync(
                [.. all.Values],
                [.. sources.Distinct()],
                _folder,
                cancellation
            );
            loaded.AddRange(Load(restored, requests));
            _extensions.AddRange(restored.All.Select(p => p.Extension).OfType<string>().Where(_seenExtensions.Add));
            sentences.AddRange(requests.Select(request => VersionNote(request, restored)).OfType<string>());
            foreach (PackageRequest request in requests)
                _requests[request.Id] = (
                    request.Version,
                    request with
                    {
                        Version = restored[request.Id]?.Version.ToNormalizedString() ?? request.Version,
                    }
                );
        }
        _sources = [.. sources.Distinct()];
        sentences.ForEach(say);
        return With(options, loaded);
    }

    public override PortableExecutableReference? ResolveMissingAssembly(
        MetadataReference definition,
        AssemblyIdentity referenceIdentity
    ) => _files.ResolveMissingAssembly(definition, referenceIdentity) is { } found ? Known(found) : null;

    public override ImmutableArray<PortableExecutableReference> ResolveReference(
        string reference,
        string? baseFilePath,
        MetadataReferenceProperties properties
    ) => [.. _files.ResolveReference(reference, null, properties).Select(Known)];

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => _folder.GetHashCode(StringComparison.Ordinal);

    private PortableExecutableReference Known(PortableExecutableReference reference) =>
        reference.FilePath is { } path
            ? _known.GetOrAdd(path, reference).WithProperties(reference.Properties)
            : reference;

    private ScriptOptions With(ScriptOptions options, IReadOnlyList<Assembly> loaded)
    {
        foreach (Assembly assembly in loaded)
            _loader.RegisterDependency(assembly);
        string[] files = [.. loaded.Select(assembly => assembly.Location).Distinct().Where(_added.Add)];
        return options.AddReferences(files.Select(file => Known(MetadataReference.CreateFromFile(file))));
    }

    private string Source(Directive directive)
    {
        if (directive.Nuget is not { Length: > 0 } source)
            throw new ReferenceException(
                $"{directive} is malformed; expected \"nuget:\" and the address or folder of a source of packages.",
                directive.Line
            );
        if (source.Contains("://", StringComparison.Ordinal))
            return source;
        string folder = Path.GetFullPath(source, _folder);
        return Directory.Exists(folder)
            ? folder
            : throw new ReferenceException($"{directive}: there is no folder {folder}.", directive.Line);
    }

    private IEnumerable<Assembly> LoadFile(Directive directive)
    {
        string path = Path.GetFullPath(directive.Name, _folder);
        if (File.Exists(path))
            return LoadWithDependencies(path, directive);
        // A bare name, such as System.Net.Http, is an assembly of the platform.
        if (
            Path.GetFileName(directive.Name) == directive.Name
            && _files.ResolveReference(directive.Name, null, default) is [{ FilePath: { } platform }, ..]
        )
            return [Assembly.LoadFrom(platform)];
        throw new ReferenceException($"{directive}: there is no file {path}.", directive.Line);
    }

    private List<Assembly> LoadWithDependencies(string path, Directive directive)
    {
        string folder = Path.GetDirectoryName(path)!;
        _assemblies.AddFolder(folder);
        string natives = Path.Combine(folder, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        if (Directory.Exists(natives))
            _natives.Add(Directory.EnumerateFiles(natives));
        var loaded = new List<Assembly>();
        try
        {
            Assembly named = Held(path) ?? Assembly.LoadFrom(path);
            Add(named);
            // What a library registers with the host, such as formatters, counts before its first call.
            RuntimeHelpers.RunModuleConstructor(named.ManifestModule.ModuleHandle);
            return loaded;
        }
        catch (BadImageFormatException)
        {
            throw new ReferenceException($"{directive}: {path} is not a .NET assembly.", directive.Line);
        }
        catch (FileLoadException error)
        {
            throw new ReferenceException($"{directive}: {error.Message.TrimEnd('.')}. {OneVersion}", directive.Line);
        }

        void Add(Assembly assembly)
        {
            if (loaded.Contains(assembly))
                return;
            loaded.Add(assembly);
            foreach (AssemblyName name in assembly.GetReferencedAssemblies())
                if (_assemblies.Beside(name.Name + ".dll") is not null)
                    Add(Assembly.Load(name));
        }
    }

    /// <summary>The process's own copy of a file, where it is of the same version.</summary>
    private Assembly? Held(string path)
    {
        AssemblyName name = AssemblyName.GetAssemblyName(path);
        return _assemblies.Find(name.Name!) is { } held && held.Version == name.Version
            ? _assemblies.Load(held.Path)
            : null;
    }

    /// <summary>
    /// The file of a package that need not be restored: this host's, .NET's, or one beside an assembly that was named; null
    /// where there is nothing to add, or where it goes to those that are to be restored.
    /// </summary>
    private string? FoundWithoutRestore(PackageRequest request, List<PackageRequest> toRestore, List<string> sentences)
    {
        if (Replaced.TryGetValue(request.Id, out (string? Package, Assembly? Assembly) other))
        {
            if (other.Package is null)
                return other.Assembly?.Location;
            request = request with { Id = other.Package, Version = null };
            if (_assemblies.Beside(request.Id + ".dll") is { } chart)
                return chart;
        }
        else if (ProcessAssemblies.OfPlatform(request.Id) is { } platform && IsNoNewerThan(platform, request))
        {
            sentences.Add($"{request.Id} comes with .NET {Environment.Version.Major} and is taken from there.");
            return platform.Path;
        }
        else if (_assemblies.Beside(request.Id + ".dll") is { } deployed)
        {
            if (DeployedVersion(deployed, request.Id) is not { } text)
                return deployed;
            var version = NuGetVersion.Parse(text);
            if (
                request.IsOneVersion
                    ? NuGetVersion.Parse(request.Version!) == version
                    : request.Range.Satisfies(version)
            )
            {
                if (VersionNote(request, version, "") is { } sentence)
                    sentences.Add(sentence);
                return deployed;
            }
        }
        toRestore.Add(request);
        return null;
    }

    /// <summary>.NET's own assemblies have the version of .NET, or, where they no longer change, a higher one than their package.</summary>
    private static bool IsNoNewerThan(HeldAssembly platform, PackageRequest request)
    {
        Version own = platform.Version.Major == Environment.Version.Major ? Environment.Version : platform.Version;
        return !request.Range.HasLowerBound
            || request.Version is null
            || request.Range.MinVersion!.Version <= new Version(own.Major, own.Minor, Math.Max(own.Build, 0), 0);
    }

    /// <summary>Of those of one package the one that names a version; throws where two name different ones.</summary>
    private static List<PackageRequest> OnePerPackage(List<PackageRequest> requests)
    {
        var once = new Dictionary<string, PackageRequest>(StringComparer.OrdinalIgnoreCase);
        foreach (PackageRequest request in requests)
        {
            string? before = once.GetValueOrDefault(request.Id)?.Version;
            if (before is not null && request.Version is not null && before != request.Version)
                throw request.Failure($"the cell asks for {request.Id} {before} too.");
            if (before is null)
                once[request.Id] = request;
        }
        return [.. once.Values];
    }

    /// <summary>What this cell asks for, with what earlier ones did.</summary>
    private Dictionary<string, PackageRequest> Merged(List<PackageRequest> requests)
    {
        Dictionary<string, PackageRequest> all = _requests.ToDictionary(
            request => request.Key,
            request => request.Value.Loaded,
            StringComparer.OrdinalIgnoreCase
        );
        foreach (PackageRequest request in requests)
            if (_requests.TryGetValue(request.Id, out (string? Asked, PackageRequest Loaded) before))
            {
                if (!IsMetBy(request, before.Asked, before.Loaded))
                    throw request.Failure($"{request.Id} {before.Loaded.Version} is loaded already. {OneVersion}");
            }
            else
            {
                bool isLoaded = _loadedPackages.TryGetValue(request.Id, out NuGetVersion? loaded);
                all[request.Id] =
                    isLoaded && !request.IsOneVersion && request.Range.Satisfies(loaded!)
                        ? request with
                        {
                            Version = loaded!.ToNormalizedString(),
                        }
                        : request;
            }
        return all;
    }

    /// <summary>Whether what came for an earlier request will do, as it does for the same cell run again.</summary>
    private static bool IsMetBy(PackageRequest request, string? asked, PackageRequest loaded) =>
        request.Version is null
        || request.Version == asked
        || (
            NuGetVersion.TryParse(loaded.Version, out NuGetVersion? version)
            && (
                request.IsOneVersion ? NuGetVersion.Parse(request.Version) == version : request.Range.Satisfies(version)
            )
        );

    /// <summary>Loads a restored set, after it is sure that nothing of it clashes with what the process holds.</summary>
    private List<Assembly> Load(RestoredPackages restored, List<PackageRequest> requests)
    {
        RestoredPackage[] packages = [.. Frameworks(restored, requests), .. restored.All];
        var files = new List<string>();
        foreach (RestoredPackage package in packages)
        {
            PackageRequest? own = requests.Find(r => r.Id.Equals(package.Id, StringComparison.OrdinalIgnoreCase));
            if (_loadedPackages.TryGetValue(package.Id, out NuGetVersion? before) && before != package.Version)
            {
                // What a package merely needs may come newer beside the copy that earlier cells use.
                if (own is not null)
                    throw own.Failure(
                        $"{package.Id} {package.Version} is needed, and {before} is loaded already. {OneVersion}"
                    );
                if (before > package.Version)
                    continue;
            }
            foreach (string file in package.Assemblies)
                if (Fits(file, package, own))
                    files.Add(file);
        }
        try
        {
            List<Assembly> loaded = [.. files.Select(_assemblies.Load)];
            foreach (RestoredPackage package in packages.Where(p => p.Assemblies.Count > 0))
                _loadedPackages.TryAdd(package.Id, package.Version);
            _natives.Add(restored.All.SelectMany(package => package.Natives));
            return loaded;
        }
        catch (FileLoadException error)
        {
            throw requests[^1].Failure($"{error.Message.TrimEnd('.')}. {OneVersion}");
        }
    }

    /// <summary>Whether a file is an assembly; throws where the process holds another version that will not do.</summary>
    private bool Fits(string file, RestoredPackage package, PackageRequest? own)
    {
        AssemblyName name;
        try
        {
            name = AssemblyName.GetAssemblyName(file);
        }
        catch (BadImageFormatException)
        {
            return false;
        }
        if (
            _assemblies.Find(name.Name!) is not { IsOfHost: false, IsOfPlatform: false } held
            || held.Version == name.Version
            || own is null
        )
            return true;
        throw own.Failure(
            $"{package.Id} {package.Version} brings {name.Name} {name.Version}, and {held.Version} is there already: {held.Path}. {OneVersion}"
        );
    }

    private static IEnumerable<RestoredPackage> Frameworks(RestoredPackages restored, List<PackageRequest> requests) =>
        restored
            .All.SelectMany(package => package.Frameworks)
            .Distinct()
            .Where(name => name != "Microsoft.NETCore.App")
            .Select(name =>
                ProcessAssemblies.FolderOfFramework(name) is { } folder
                    ? new RestoredPackage(
                        name,
                        NuGetVersion.Parse(Path.GetFileName(folder)),
                        Directory.GetFiles(folder, "*.dll"),
                        [],
                        ImmutableDictionary<string, VersionRange>.Empty,
                        []
                    )
                    : throw requests[^1]
                        .Failure(
                            $"it needs the framework {name} for .NET {Environment.Version.Major}, which is not installed."
                        )
            );

    /// <summary>What the reader is told about the version that was loaded; null where it is the one asked for.</summary>
    private string? VersionNote(PackageRequest request, RestoredPackages restored)
    {
        if (restored[request.Id] is not { } package)
            return null;
        HeldAssembly? held = package
            .Assemblies.Select(file => _assemblies.Find(Path.GetFileNameWithoutExtension(file)))
            .FirstOrDefault();
        if (
            held is not null
            && !package.Assemblies.Contains(held.Path)
            && DeployedVersion(held.Path, request.Id) is { } deployed
        )
            return VersionNote(
                request,
                NuGetVersion.Parse(deployed),
                held.IsOfHost ? "because this program uses it itself" : $"because it is beside {held.Path}"
            );
        string reason =
            restored.Need(request.Id) is var (by, needed) && needed == package.Version
                ? $"because {by.Id} {by.Version} needs it"
                : $"because {request.Version} was not found";
        return VersionNote(request, package.Version, reason);
    }

    private static string? VersionNote(PackageRequest request, NuGetVersion version, string reason)
    {
        if (request.Version is null)
            return $"{request.Id} {version} is used.";
        if (!request.IsOneVersion)
            return $"{request.Id} {version} is used for {request.Version}.";
        return NuGetVersion.Parse(request.Version) == version
            ? null
            : $"{request.Id} {version} is used instead of {request.Version}, {reason}.";
    }

    /// <summary>The version of a package whose assembly is a file, as a deps.json beside it says; null where none says it.</summary>
    private static string? DeployedVersion(string file, string id) =>
        Directory
            .EnumerateFiles(Path.GetDirectoryName(file)!, "*.deps.json")
            .SelectMany(dependencies =>
                JsonNode.Parse(File.ReadAllText(dependencies))?["libraries"]?.AsObject().Select(l => l.Key) ?? []
            )
            .Where(key => key.StartsWith(id + "/", StringComparison.OrdinalIgnoreCase))
            .Select(key => key[(id.Length + 1)..])
            .FirstOrDefault();
}
