using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace NotebookHost.Execution;

/// <summary>
/// Finds the assemblies that a notebook names with <c>#r</c>, and those that lie beside them, for the compiler and
/// for the process.
/// </summary>
internal sealed class References : MetadataReferenceResolver
{
    /// <summary>Packages that this host replaces: all they do is show charts, and be .NET Interactive.</summary>
    private static readonly Dictionary<string, string?> Replaced = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Plotly.NET.Interactive"] = "Plotly.NET",
        ["Microsoft.DotNet.Interactive"] = null,
        ["Microsoft.DotNet.Interactive.CSharp"] = null,
    };

    private readonly string _folder;
    private readonly InteractiveAssemblyLoader _loader;
    private readonly MetadataReferenceResolver _files;
    private readonly List<string> _beside = [];
    private readonly HashSet<string> _added = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _packages = [];

    public References(string folder, InteractiveAssemblyLoader loader)
    {
        _folder = folder;
        _loader = loader;
        _files = ScriptMetadataResolver.Default.WithBaseDirectory(folder);
        AssemblyLoadContext.Default.Resolving += (_, name) =>
            Beside(name.Name + ".dll") is { } path ? Assembly.LoadFrom(path) : null;
    }

    /// <summary>The <c>#r</c> lines of a cell: what they name, and their line, from 1.</summary>
    public static IEnumerable<(string Name, int Line)> Named(string code) =>
        CSharpSyntaxTree
            .ParseText(code, new CSharpParseOptions(LanguageVersion.Latest, kind: SourceCodeKind.Script))
            .GetCompilationUnitRoot()
            .GetReferenceDirectives()
            .Select(directive => (directive.File.ValueText, Line(directive)));

    /// <summary>The files of all that cells named, and of what they depend on.</summary>
    public IEnumerable<string> Files => _added;

    /// <summary>Loads what a cell names; throws <see cref="ReferenceException"/> where it is missing.</summary>
    public ScriptOptions Load(string code, ScriptOptions options)
    {
        foreach ((string name, int line) in Named(code))
        foreach (string path in Find(name, line).Where(_added.Add))
        {
            string folder = Path.GetDirectoryName(path)!;
            if (!_beside.Contains(folder))
                _beside.Add(folder);
            try
            {
                Assembly assembly = Loaded(path) ?? Assembly.LoadFrom(path);
                options = AddWithDependencies(assembly, options);
                // What a library registers with the host, such as formatters, counts before its first call.
                RuntimeHelpers.RunModuleConstructor(assembly.ManifestModule.ModuleHandle);
            }
            catch (BadImageFormatException)
            {
                throw new ReferenceException($"#r \"{name}\": {path} is not a .NET assembly.", line);
            }
            catch (FileLoadException error)
            {
                _added.Remove(path);
                throw new ReferenceException(
                    $"#r \"{name}\": {error.Message}. A process holds one version of an assembly; restart and name it first.",
                    line
                );
            }
        }
        return options;
    }

    public override bool ResolveMissingAssemblies => true;

    public override PortableExecutableReference? ResolveMissingAssembly(
        MetadataReference definition,
        AssemblyIdentity referenceIdentity
    ) => _files.ResolveMissingAssembly(definition, referenceIdentity);

    public override ImmutableArray<PortableExecutableReference> ResolveReference(
        string reference,
        string? baseFilePath,
        MetadataReferenceProperties properties
    ) =>
        // The compiler takes one file for a directive; the others of a package are among the options' references.
        _files.ResolveReference(_packages.GetValueOrDefault(reference)?[0] ?? reference, null, properties);

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => _folder.GetHashCode(StringComparison.Ordinal);

    private ScriptOptions AddWithDependencies(Assembly assembly, ScriptOptions options)
    {
        _loader.RegisterDependency(assembly);
        options = options.AddReferences(assembly);
        foreach (AssemblyName name in assembly.GetReferencedAssemblies())
            if (Beside(name.Name + ".dll") is { } path && _added.Add(path))
                options = AddWithDependencies(Assembly.Load(name), options);
        return options;
    }

    /// <summary>The process's own copy of an assembly, where it is of the same version.</summary>
    private static Assembly? Loaded(string path)
    {
        string name = AssemblyName.GetAssemblyName(path).FullName;
        return Array.Find(AssemblyLoadContext.Default.Assemblies.ToArray(), assembly => assembly.FullName == name);
    }

    private IReadOnlyList<string> Find(string name, int line)
    {
        if (name.TrimStart().StartsWith("nuget", StringComparison.OrdinalIgnoreCase) && name.Contains(':'))
            return _packages[name] = FindPackage(name, line);
        string path = Path.GetFullPath(name, _folder);
        if (File.Exists(path))
            return [path];
        // A bare name, such as System.Net.Http, is an assembly of the platform.
        if (Path.GetFileName(name) == name && !_files.ResolveReference(name, null, default).IsDefaultOrEmpty)
            return [];
        throw new ReferenceException($"#r \"{name}\": there is no file {path}.", line);
    }

    private IReadOnlyList<string> FindPackage(string name, int line)
    {
        Package package =
            Package.Of(name)
            ?? throw new ReferenceException($"#r \"{name}\" is malformed; expected \"nuget: Name, version\".", line);
        bool anyVersion = package.Version is null;
        if (Replaced.TryGetValue(package.Id, out string? other))
        {
            if (other is null)
                return [typeof(References).Assembly.Location];
            (package, anyVersion) = (package with { Id = other }, true);
        }
        if (Beside(package.Id + ".dll") is { } deployed)
        {
            string? version = Packages.DeployedVersion(Path.GetDirectoryName(deployed)!, package.Id);
            if (anyVersion || version is null || version == package.Version)
                return [deployed];
        }
        try
        {
            return Packages.Restore(package);
        }
        catch (InvalidOperationException error)
        {
            throw new ReferenceException(
                $"#r \"{name}\": the package is not beside a referenced assembly and could not be restored: {error.Message}",
                line
            );
        }
    }

    private string? Beside(string file) =>
        _beside.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    private static int Line(ReferenceDirectiveTriviaSyntax directive) =>
        directive.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}

/// <summary>A <c>#r</c> that names nothing, said in one sentence; the line counts from 1.</summary>
internal sealed class ReferenceException(string message, int line) : Exception(message)
{
    public int Line { get; } = line;
}
