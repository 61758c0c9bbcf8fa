using System.Reflection;
using System.Reflection.Metadata;
using Microsoft.CodeAnalysis;

namespace NotebookHost.Execution;

/// <summary>The assemblies that came with the page, which lie in memory and not in files.</summary>
internal static class BrowserReferences
{
    private static readonly Lazy<IReadOnlyDictionary<string, MetadataReference>> Known = new(() =>
        PageCompiler.References(Find)
    );

    public static IReadOnlyDictionary<string, MetadataReference> All => Known.Value;

    /// <summary>An assembly of the page; null for one that it left out because nothing calls it.</summary>
    private static (MetadataReference, IEnumerable<string>)? Find(string name)
    {
        try
        {
            var assembly = Assembly.Load(new AssemblyName(name));
            return (Reference(assembly), assembly.GetReferencedAssemblies().Select(other => other.Name!));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static unsafe PortableExecutableReference Reference(Assembly assembly) =>
        assembly.TryGetRawMetadata(out byte* start, out int length)
            ? AssemblyMetadata.Create(ModuleMetadata.CreateFromMetadata((nint)start, length)).GetReference()
            : throw new InvalidOperationException($"{assembly} has no metadata.");
}
