using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

// FSharpCoreHost FOLDER [--without]: draws every kind of chart with the NotebookSupport.dll in FOLDER, in a process
// whose default context already holds FSharp.Core 10.0; with --without after the library's resolver was taken out.
Console.WriteLine("holds FSharp.Core " + Assembly.Load("FSharp.Core").GetName().Version);
Assembly library = Assembly.LoadFrom(Path.Combine(args[0], "NotebookSupport.dll"));
RuntimeHelpers.RunModuleConstructor(library.ManifestModule.ModuleHandle);
if (args.Contains("--without"))
{
    MethodInfo resolve = library
        .GetType("NotebookSupport.DependencyResolver")!
        .GetMethod("Resolve", BindingFlags.NonPublic | BindingFlags.Static)!;
    AssemblyLoadContext.Default.Resolving -= resolve.CreateDelegate<
        Func<AssemblyLoadContext, AssemblyName, Assembly?>
    >();
}
try
{
    Assembly
        .LoadFrom(Path.Combine(args[0], "NotebookSupport.Tests.dll"))
        .GetType("NotebookSupport.Tests.EveryChart")!
        .GetMethod("Draw")!
        .Invoke(null, null);
}
catch (TargetInvocationException error)
{
    Console.WriteLine($"failed: {error.InnerException!.GetBaseException().GetType().Name}");
    return 1;
}
Console.WriteLine("drawn");
return 0;
