using System.Reflection;
using System.Reflection.Metadata;
using Microsoft.CodeAnalysis;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookHost.Execution;

/// <summary>What cells may refer to: the assemblies that came with the page, which lie in memory and not in files.</summary>
internal static class BrowserReferences
{
    /// <summary>Beside what the library and the formatters refer to.</summary>
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

    private static readonly Lazy<IReadOnlyDictionary<string, MetadataReference>> Known = new(Read);

    public static IEnumerable<MetadataReference> All => Known.Value.Values;

    /// <summary>Throws in one sentence where a cell asks for what a page does not have.</summary>
    public static void Check(string code)
    {
        foreach (Directive directive in Directive.In(code))
        {
            if (directive.Letter == 'i')
                continue;
            string name = directive.Nuget is { } package
                ? package.Split(',')[0].Trim()
                : Path.GetFileNameWithoutExtension(directive.Name.Replace('\\', '/'));
            if (!Known.Value.ContainsKey(name))
                throw new ReferenceException(
                    directive.Nuget is not null
                        ? $"The package {name} is not on this page, and a browser restores none; open the notebook in VS Code or Jupyter for it."
                        : $"The assembly {name} is not on this page, and a browser has no files; open the notebook in VS Code or Jupyter for it.",
                    directive.Line
                );
        }
    }

    private static Dictionary<string, MetadataReference> Read()
    {
        var found = new Dictionary<string, MetadataReference>(StringComparer.OrdinalIgnoreCase);
        var waiting = new Queue<AssemblyName>(Platform.Select(name => new AssemblyName(name)));
        waiting.Enqueue(typeof(NotebookSupport.Network).Assembly.GetName());
        waiting.Enqueue(typeof(Formatter).Assembly.GetName());
        // What the cells of this host call; what it itself is made of is no business of theirs.
        found[typeof(CellHelpers).Assembly.GetName().Name!] = Reference(typeof(CellHelpers).Assembly);
        while (waiting.TryDequeue(out AssemblyName? next))
        {
            if (found.ContainsKey(next.Name!) || Loaded(next) is not { } assembly)
                continue;
            found[next.Name!] = Reference(assembly);
            foreach (AssemblyName other in assembly.GetReferencedAssemblies())
                waiting.Enqueue(other);
        }
        return found;
    }

    /// <summary>An assembly of the page; null for one that it left out because nothing calls it.</summary>
    private static Assembly? Loaded(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
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
