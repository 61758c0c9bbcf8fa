using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace NotebookHost.Execution;

/// <summary>Finds native libraries by name for every assembly of the process, whichever package brought them.</summary>
internal sealed class NativeLibraries
{
    private readonly Dictionary<string, string> _files = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<AssemblyLoadContext> _contexts = [];

    public NativeLibraries()
    {
        // The compiler's scripts load each cell into a context of its own.
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => Follow(loaded.LoadedAssembly);
        foreach (Assembly assembly in AppDomain.CurrentDomain.GetAssemblies())
            Follow(assembly);
    }

    public void Add(IEnumerable<string> files)
    {
        lock (_files)
            foreach (string file in files)
                _files[Path.GetFileName(file)] = file;
    }

    private void Follow(Assembly assembly)
    {
        if (AssemblyLoadContext.GetLoadContext(assembly) is not { } context)
            return;
        lock (_contexts)
            if (!_contexts.Add(context))
                return;
        context.ResolvingUnmanagedDll += (_, name) => Load(name);
    }

    private nint Load(string name)
    {
        string file = Path.GetFileName(name);
        string extension =
            OperatingSystem.IsWindows() ? ".dll"
            : OperatingSystem.IsMacOS() ? ".dylib"
            : ".so";
        foreach (string candidate in (string[])[file, file + extension, "lib" + file + extension, "lib" + file])
        {
            string? path;
            lock (_files)
                path = _files.GetValueOrDefault(candidate);
            if (path is not null && NativeLibrary.TryLoad(path, out nint handle))
                return handle;
        }
        return 0;
    }
}
