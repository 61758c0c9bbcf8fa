using System.Text.Json;
using System.Text.Json.Nodes;
using NuGet.Versioning;

namespace NotebookHost.Execution;

/// <summary>A package of a restored set: its own files for this machine, and what it needs.</summary>
internal sealed record RestoredPackage(
    string Id,
    NuGetVersion Version,
    IReadOnlyList<string> Assemblies,
    IReadOnlyList<string> Natives,
    IReadOnlyDictionary<string, VersionRange> Needs,
    IReadOnlyList<string> Frameworks,
    string? Extension = null
);

/// <summary>What a restore found, as its <c>project.assets.json</c> says; the files lie where NuGet keeps them.</summary>
internal sealed class RestoredPackages
{
    private RestoredPackages(IReadOnlyList<RestoredPackage> all) => All = all;

    public IReadOnlyList<RestoredPackage> All { get; }

    /// <summary>Reads the file; null where it, or a file that it names, is not there or not whole.</summary>
    public static RestoredPackages? Read(string assets)
    {
        try
        {
            JsonObject root = JsonNode.Parse(File.ReadAllText(assets))!.AsObject();
            string[] folders = [.. root["packageFolders"]!.AsObject().Select(folder => folder.Key)];
            JsonObject libraries = root["libraries"]!.AsObject();
            // The target of this machine's kind is the one that names it: "net10.0/linux-x64".
            JsonObject target = root["targets"]!.AsObject().Single(t => t.Key.Contains('/')).Value!.AsObject();
            RestoredPackage[] packages =
            [
                .. from library in target
                where library.Value!["type"]!.ToString() == "package"
                let path = libraries[library.Key]!["path"]!.ToString()
                let folder = folders.Select(f => Path.Combine(f, path)).MaxBy(Directory.Exists)!
                select Package(library.Key, library.Value!.AsObject(), folder),
            ];
            return packages.SelectMany(p => p.Assemblies.Concat(p.Natives)).All(File.Exists)
                ? new RestoredPackages(packages)
                : null;
        }
        catch (Exception error)
            when (error is IOException or JsonException or InvalidOperationException or NullReferenceException)
        {
            return null;
        }
    }

    public RestoredPackage? this[string id] =>
        All.FirstOrDefault(package => package.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    /// <summary>The package that needs another in the highest version, and that version; null where none does.</summary>
    public (RestoredPackage By, NuGetVersion Version)? Need(string id) =>
        All.Where(package => package.Needs.TryGetValue(id, out VersionRange? range) && range.HasLowerBound)
            .Select(package => (package, package.Needs[id].MinVersion!))
            .OrderByDescending(need => need.Item2)
            .Select(need => ((RestoredPackage, NuGetVersion)?)need)
            .FirstOrDefault();

    private static RestoredPackage Package(string key, JsonObject library, string folder)
    {
        string[] name = key.Split('/');
        IReadOnlyList<string> Files(string kind) =>
            [
                .. (library[kind]?.AsObject() ?? [])
                    .Select(file => file.Key)
                    .Where(file => Path.GetFileName(file) != "_._")
                    .Select(file => Path.GetFullPath(file, folder)),
            ];
        string extension = Path.Combine(folder, "interactive-extensions", "dotnet");
        return new RestoredPackage(
            name[0],
            NuGetVersion.Parse(name[1]),
            [.. Files("runtime").Where(file => file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))],
            Files("native"),
            (library["dependencies"]?.AsObject() ?? []).ToDictionary(
                need => need.Key,
                need => VersionRange.Parse(need.Value!.ToString()),
                StringComparer.OrdinalIgnoreCase
            ),
            [.. (library["frameworkReferences"]?.AsArray() ?? []).Select(framework => framework!.ToString())],
            Directory.Exists(extension) ? extension : null
        );
    }
}
