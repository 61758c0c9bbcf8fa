using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NotebookHost.Execution;

/// <summary>A package that a cell names, as in <c>#r "nuget: MathNet.Numerics, 5.0.0"</c>; no version is any version.</summary>
internal sealed partial record Package(string Id, string? Version)
{
    /// <summary>Reads what stands in a <c>#r</c>; null where it names no package.</summary>
    public static Package? Of(string reference) =>
        Named().Match(reference) is { Success: true } match
            ? new Package(match.Groups["id"].Value, match.Groups["version"] is { Success: true } v ? v.Value : null)
            : null;

    public override string ToString() => Version is null ? Id : $"{Id} {Version}";

    [GeneratedRegex(
        @"^\s*nuget\s*:\s*(?<id>[A-Za-z0-9_.-]+)\s*(,\s*(?<version>[A-Za-z0-9_.*+-]+)\s*)?$",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Named();
}

/// <summary>Brings packages onto this machine by the SDK's own restore, each once.</summary>
internal static partial class Packages
{
    private const string Dependencies = "restored.deps.json";

    private static readonly string Store = Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.Create
        ),
        "NotebookHost",
        "packages"
    );

    /// <summary>
    /// The version of a package whose assemblies lie in a folder, as a deps.json there says; null where none says it.
    /// </summary>
    public static string? DeployedVersion(string folder, string id) =>
        Directory
            .EnumerateFiles(folder, "*.deps.json")
            .SelectMany(file =>
                JsonNode.Parse(File.ReadAllText(file))?["libraries"]?.AsObject().Select(l => l.Key) ?? []
            )
            .Where(key => key.StartsWith(id + "/", StringComparison.OrdinalIgnoreCase))
            .Select(key => key[(id.Length + 1)..])
            .FirstOrDefault();

    /// <summary>
    /// A package's assembly, beside those that it needs; all of its own where none has the package's name. Throws
    /// <see cref="InvalidOperationException"/>, whose message is what the restore complained of, where it cannot be had.
    /// </summary>
    public static IReadOnlyList<string> Restore(Package package)
    {
        string folder = RestoredFolder(package);
        string main = Path.Combine(folder, package.Id + ".dll");
        if (File.Exists(main))
            return [main];
        string[] own = [.. Own(folder, package.Id).Select(file => Path.Combine(folder, file)).Where(File.Exists)];
        return own.Length > 0 ? own : throw new InvalidOperationException("it holds no assembly.");
    }

    /// <summary>The files of a package; of one that only names others, theirs.</summary>
    private static IEnumerable<string> Own(string folder, string id)
    {
        JsonObject all = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, Dependencies)))!["targets"]!
            .AsObject()
            .Select(target => target.Value!.AsObject())
            .MaxBy(target => target.Count)!;
        JsonNode? Library(string name) =>
            all.FirstOrDefault(l => l.Key.StartsWith(name + "/", StringComparison.OrdinalIgnoreCase)).Value;
        IEnumerable<string> Files(JsonNode? library) =>
            (library?["runtime"]?.AsObject() ?? []).Select(file => Path.GetFileName(file.Key));
        JsonNode? package = Library(id);
        string[] own = [.. Files(package)];
        return own.Length > 0
            ? own
            : (package?["dependencies"]?.AsObject() ?? []).SelectMany(dependency => Files(Library(dependency.Key)));
    }

    private static string RestoredFolder(Package package)
    {
        string place = Path.Combine(Store, package.Id.ToLowerInvariant(), package.Version ?? "any");
        if (Directory.Exists(place))
            return place;
        string work = Directory.CreateTempSubdirectory("notebook-package-").FullName;
        try
        {
            string project = Path.Combine(work, "package.csproj");
            File.WriteAllText(
                project,
                $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <TargetFramework>net{Environment.Version.Major}.0</TargetFramework>
                    <CopyLocalLockFileAssemblies>true</CopyLocalLockFileAssemblies>
                    <RuntimeIdentifier>$(NETCoreSdkRuntimeIdentifier)</RuntimeIdentifier>
                    <SelfContained>false</SelfContained>
                  </PropertyGroup>
                  <ItemGroup><PackageReference Include="{package.Id}" Version="{package.Version ?? "*"}" /></ItemGroup>
                </Project>
                """
            );
            Build(project, Path.Combine(work, "out"));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            string fresh = $"{place}.{Environment.ProcessId}";
            Copy(Path.Combine(work, "out"), fresh);
            try
            {
                Directory.Move(fresh, place);
            }
            catch (IOException) when (Directory.Exists(place))
            {
                Directory.Delete(fresh, recursive: true); // Another notebook was faster.
            }
            return place;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static void Build(string project, string output)
    {
        using Process build = Process.Start(
            new ProcessStartInfo(
                NotebookProcess.DotNet,
                ["build", project, "-c", "Release", "-o", output, "-v", "quiet", "--nologo"]
            )
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = Path.GetDirectoryName(project),
            }
        )!;
        Task<string> errors = build.StandardError.ReadToEndAsync();
        string said = build.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        build.WaitForExit();
        if (build.ExitCode == 0)
            return;
        Match error = Complaint().Match(said);
        throw new InvalidOperationException(error.Success ? error.Groups["text"].Value.Trim() : said.Trim());
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(from, file);
            if (name.StartsWith("package.", StringComparison.Ordinal) && name != "package.deps.json")
                continue;
            string target = Path.Combine(to, name == "package.deps.json" ? Dependencies : name);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        Directory.CreateDirectory(to);
    }

    [GeneratedRegex(@"error (?<text>[A-Z]+\d+: .+?)( \[[^\]]*\])?\r?$", RegexOptions.Multiline)]
    private static partial Regex Complaint();
}
