using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace NotebookSupport;

/// <summary>
/// Lets Plotly.NET, which asks for a newer FSharp.Core, run in a process that already holds an older one: the
/// request is answered with the one that is there.
/// </summary>
internal static class FSharpCoreResolver
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "It must run before the first use of Plotly.NET in any host.")]
    internal static void Install() => AssemblyLoadContext.Default.Resolving += Resolve;

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name == "FSharp.Core" && name.Version is not null ? Assembly.Load("FSharp.Core") : null;
}
