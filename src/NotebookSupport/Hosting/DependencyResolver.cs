using System.Reflection;
using System.Runtime.Loader;

namespace NotebookSupport;

/// <summary>
/// Gives a process one copy of each assembly that lies beside this library. .NET Interactive would load each into a context
/// of its own, and a second copy when a later cell names the package; a chart object of one copy fails the type tests of
/// the other. Where the host has an older FSharp.Core than is asked for, the request is answered with the host's.
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
        // Without a version, which the first condition lets through: else this would ask itself again.
        if (name.Name == "FSharp.Core")
            return Assembly.Load("FSharp.Core");
        if (Path.GetDirectoryName(Library.Location) is not { Length: > 0 } folder)
            return null;
        string path = Path.Combine(folder, name.Name + ".dll");
        if (!File.Exists(path) || AssemblyName.GetAssemblyName(path).Version < name.Version)
            return null;
        // A cell that called Plotly.NET before this library has loaded it already.
        return AppDomain
                .CurrentDomain.GetAssemblies()
                .FirstOrDefault(loaded => !loaded.IsDynamic && loaded.Location == path)
            ?? context.LoadFromAssemblyPath(path);
    }
}
