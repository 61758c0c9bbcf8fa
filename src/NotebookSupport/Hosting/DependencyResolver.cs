using System.Reflection;
using System.Runtime.Loader;

namespace NotebookSupport;

/// <summary>
/// Gives a process one copy of what lies beside this library. .NET Interactive would load each into a place of its own,
/// and a second copy where a later cell names the package; a chart of one copy is no chart for the other. FSharp.Core
/// is older there than this library asks for: the request is answered with the one that is there.
/// </summary>
internal static class DependencyResolver
{
    private static readonly Assembly Library = typeof(DependencyResolver).Assembly;

    /// <summary>To be called before the first use of Plotly.NET in any host.</summary>
    public static void Install() => AssemblyLoadContext.Default.Resolving += Resolve;

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name)
    {
        if (name.Version is null || name.Name == Library.GetName().Name)
            return null;
        if (name.Name == "FSharp.Core")
            return Assembly.Load("FSharp.Core");
        string path = Path.Combine(Path.GetDirectoryName(Library.Location) ?? "", name.Name + ".dll");
        if (!File.Exists(path) || AssemblyName.GetAssemblyName(path).Version < name.Version)
            return null;
        // A cell that called Plotly.NET before this library has loaded it already.
        return AppDomain
                .CurrentDomain.GetAssemblies()
                .FirstOrDefault(loaded => !loaded.IsDynamic && loaded.Location == path)
            ?? context.LoadFromAssemblyPath(path);
    }
}
