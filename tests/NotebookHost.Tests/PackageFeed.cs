using System.IO.Compression;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NotebookHost.Tests;

/// <summary>A folder of packages that a test makes itself, so that it needs no network.</summary>
internal sealed class PackageFeed
{
    private readonly string _folder;

    /// <summary>The shared frameworks that packages need which are added from now on.</summary>
    public IReadOnlyList<string> Frameworks { get; set; } = [];

    public PackageFeed(string folder) => _folder = Directory.CreateDirectory(folder).FullName;

    /// <summary>
    /// Puts beside notebooks a <c>nuget.config</c> that knows these sources and no others, and keeps what is restored in the
    /// test's own folder.
    /// </summary>
    public static void Configure(NotebookFolder notebooks, params string[] sources) =>
        notebooks.WriteText(
            "nuget.config",
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="restored" /></config>
              <packageSources>
                <clear />
                {string.Concat(sources.Select((source, i) => $"<add key=\"source{i}\" value=\"{source}\" />"))}
              </packageSources>
            </configuration>
            """
        );

    /// <summary>
    /// Packages, each as "Base 1.0.0" or "Upper 1.0.0 needs Base 2.0.0", with an assembly in which the class of the package's
    /// name says its version.
    /// </summary>
    public void AddLibraries(params string[] packages)
    {
        foreach (string[] words in packages.Select(package => package.Split(' ')))
        {
            (string id, string version) = (words[0], words[1]);
            byte[] assembly = Compiled(id, version, $"public static string Version => \"{version}\";");
            Add(id, version, words.Length > 2 ? [(words[3], words[4])] : [], (Library(id), assembly));
        }
    }

    /// <summary>A package with an assembly in which the class of the package's name has these members.</summary>
    public void AddCode(string id, string version, string members) =>
        Add(id, version, [], (Library(id), Compiled(id, version, members)));

    public void Add(
        string id,
        string version,
        (string Id, string Version)[] needs,
        params (string Path, byte[] Content)[] files
    )
    {
        using ZipArchive package = ZipFile.Open(Path.Combine(_folder, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        string dependencies = string.Concat(
            needs.Select(need => $"<dependency id=\"{need.Id}\" version=\"{need.Version}\" />")
        );
        string frameworks = string.Concat(Frameworks.Select(name => $"<frameworkReference name=\"{name}\" />"));
        string description = $"""
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
              <metadata>
                <id>{id}</id><version>{version}</version><authors>A test</authors><description>A test</description>
                <dependencies><group targetFramework="net8.0">{dependencies}</group></dependencies>
                <frameworkReferences><group targetFramework="net8.0">{frameworks}</group></frameworkReferences>
              </metadata>
            </package>
            """;
        foreach ((string path, byte[] content) in files.Append(($"{id}.nuspec", [.. description.Select(c => (byte)c)])))
        {
            using Stream entry = package.CreateEntry(path).Open();
            entry.Write(content);
        }
    }

    private static string Library(string id) => $"lib/net8.0/{id}.dll";

    private static byte[] Compiled(string id, string version, string members)
    {
        string code = $$"""
            [assembly: System.Reflection.AssemblyVersion("{{version.Split('-')[0]}}.0")]
            public static class {{id.Replace(".", "", StringComparison.Ordinal)}} { {{members}} }
            """;
        using var assembly = new MemoryStream();
        CSharpCompilation compilation = CSharpCompilation.Create(
            id,
            [CSharpSyntaxTree.ParseText(code)],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator)
                .Where(file => Path.GetFileName(file) is "System.Runtime.dll" or "System.Private.CoreLib.dll")
                .Select(file => MetadataReference.CreateFromFile(file)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)
        );
        Assert.Empty(compilation.Emit(assembly).Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error));
        return assembly.ToArray();
    }
}
