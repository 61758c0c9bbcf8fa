using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace NotebookHost.Execution;

/// <summary>An assembly that the process has, or would take from there if it were asked.</summary>
internal sealed record HeldAssembly(string Path, Version Version)
{
    /// <summary>Whether it is one of .NET's own.</summary>
    public bool IsOfPlatform => System.IO.Path.GetDirectoryName(Path) == ProcessAssemblies.PlatformFolder;

    /// <summary>Whether the host came with it.</summary>
    public bool IsOfHost => !IsOfPlatform && ProcessAssemblies.IsTrusted(Path);
}

/// <summary>
/// The assemblies of the process, each once: what was loaded already, or comes with .NET or with this program, is not
/// loaded a second time.
/// </summary>
internal sealed class ProcessAssemblies
{
    private static readonly Dictionary<string, string> Trusted = (
        (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!
    )
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .DistinctBy(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path)!, StringComparer.OrdinalIgnoreCase);

    private readonly List<string> _folders = [];

    /// <summary>For what is newer than a copy that is loaded, or is .NET's or this program's own: the default context cannot pass over it.</summary>
    private readonly AssemblyLoadContext _newer = new("packages");

    public ProcessAssemblies()
    {
        AssemblyLoadContext.Default.Resolving += (_, name) => Resolve(name);
        _newer.Resolving += (_, name) => Resolve(name);
    }

    public static string PlatformFolder { get; } = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    /// <summary>The files of .NET's own assemblies.</summary>
    public static IEnumerable<string> PlatformFiles =>
        Trusted.Values.Where(path => Path.GetDirectoryName(path) == PlatformFolder);

    public static bool IsTrusted(string path) =>
        Trusted.GetValueOrDefault(Path.GetFileNameWithoutExtension(path)) == path;

    /// <summary>The assembly of .NET with a name; null where it has none.</summary>
    public static HeldAssembly? OfPlatform(string name) =>
        Trusted.TryGetValue(name, out string? path) && Path.GetDirectoryName(path) == PlatformFolder
            ? new HeldAssembly(path, AssemblyName.GetAssemblyName(path).Version!)
            : null;

    /// <summary>The folder of a shared framework, as Microsoft.AspNetCore.App, that goes with this .NET; null where it is missing.</summary>
    public static string? FolderOfFramework(string name)
    {
        string all = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../..", name);
        return Directory.Exists(all)
            ? Directory
                .EnumerateDirectories(Path.GetFullPath(all))
                .Where(folder =>
                    Version.TryParse(Path.GetFileName(folder), out Version? version)
                    && version.Major == Environment.Version.Major
                )
                .MaxBy(folder => Version.Parse(Path.GetFileName(folder)))
            : null;
    }

    /// <summary>From now on what is asked for is looked for in this folder too.</summary>
    public void AddFolder(string folder)
    {
        lock (_folders)
            if (!_folders.Contains(folder))
                _folders.Add(folder);
    }

    /// <summary>The file in one of the folders, null where none has it.</summary>
    public string? Beside(string file)
    {
        lock (_folders)
            return _folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    /// <summary>What the process has under a simple name.</summary>
    public HeldAssembly? Find(string name)
    {
        Assembly? loaded = _newer
            .Assemblies.Concat(AssemblyLoadContext.Default.Assemblies)
            .FirstOrDefault(assembly => assembly.GetName().Name!.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (loaded is { Location.Length: > 0 })
            return new HeldAssembly(loaded.Location, loaded.GetName().Version!);
        string? path = Trusted.GetValueOrDefault(name) ?? Beside(name + ".dll");
        return path is null ? null : new HeldAssembly(path, AssemblyName.GetAssemblyName(path).Version!);
    }

    /// <summary>Loads a file, or what the process has under its name where that is of no lower version.</summary>
    public Assembly Load(string path)
    {
        AssemblyName name = AssemblyName.GetAssemblyName(path);
        HeldAssembly? held = Find(name.Name!);
        if (held is not null && held.Version >= name.Version)
            return Loaded(held.Path) ?? Assembly.LoadFrom(held.Path);
        return
            held is { IsOfHost: true } or { IsOfPlatform: true } || (held is not null && Loaded(held.Path) is not null)
            ? _newer.LoadFromAssemblyPath(path)
            : Assembly.LoadFrom(path);
    }

    private Assembly? Loaded(string path) =>
        _newer.Assemblies.Concat(AssemblyLoadContext.Default.Assemblies).FirstOrDefault(a => a.Location == path);

    private Assembly? Resolve(AssemblyName name) =>
        _newer.Assemblies.FirstOrDefault(assembly => assembly.GetName().Name == name.Name)
        ?? AssemblyLoadContext.Default.Assemblies.FirstOrDefault(a =>
            a.GetName() is var loaded && loaded.Name == name.Name && loaded.Version >= name.Version
        )
        ?? (Beside(name.Name + ".dll") is { } path ? Assembly.LoadFrom(path) : null);
}
