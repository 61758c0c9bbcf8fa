using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NotebookHost.Notebooks;

namespace NotebookHost.Execution;

/// <summary>
/// Brings packages onto this machine by the SDK's own restore, and keeps for this user what it found: the same request
/// is restored once.
/// </summary>
internal static partial class PackageStore
{
    private static readonly string Folder = Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.Create
        ),
        "NotebookHost",
        "restored"
    );

    private static readonly string Framework = $"net{Environment.Version.Major}.0";

    /// <summary>
    /// Restores all packages as one set, so that each comes in one version. Throws <see cref="ReferenceException"/> where
    /// that fails, and <see cref="OperationCanceledException"/>, which leaves nothing behind.
    /// </summary>
    /// <param name="requests">Each package once.</param>
    /// <param name="sources">Addresses and folders in which packages are looked for besides the configured ones.</param>
    /// <param name="folder">Where, and above where, a <c>nuget.config</c> counts.</param>
    /// <param name="cancellation">Kills the restore.</param>
    public static async Task<RestoredPackages> RestoreAsync(
        IReadOnlyList<PackageRequest> requests,
        IReadOnlyList<string> sources,
        string folder,
        CancellationToken cancellation
    )
    {
        string kept = Path.Combine(Folder, Key(requests, sources, folder) + ".json");
        if (RestoredPackages.Read(kept) is { } known)
            return known;
        using var work = new TemporaryFolder("notebook-packages-");
        RestoredPackages restored = await RestoreAsync(requests, sources, folder, work.Path, cancellation);
        Directory.CreateDirectory(Folder);
        string fresh = Path.Combine(Folder, Path.GetFileName(work.Path));
        File.Copy(Assets(work.Path), fresh);
        File.Move(fresh, kept, overwrite: true);
        return restored;
    }

    /// <summary>Restores; where another package needs a higher version of one than was asked for, again with that one.</summary>
    private static async Task<RestoredPackages> RestoreAsync(
        IReadOnlyList<PackageRequest> requests,
        IReadOnlyList<string> sources,
        string folder,
        string work,
        CancellationToken cancellation
    )
    {
        while (true)
        {
            string project = Path.Combine(work, "packages.csproj");
            Project(requests, sources, folder).Save(project);
            ProcessResult restore = await DotNetCommand.RunAsync(
                ["restore", project, "-v", "quiet", "--nologo"],
                work,
                cancellation
            );
            if (restore.ExitCode != 0)
                throw await FailureAsync(
                    requests,
                    sources,
                    folder,
                    Assets(work),
                    restore.Output + restore.Errors,
                    cancellation
                );
            RestoredPackages restored =
                RestoredPackages.Read(Assets(work))
                ?? throw requests[^1].Failure("the restore ended well, but files of the package are missing.");
            PackageRequest[] raised = [.. requests.Select(request => Raised(request, restored))];
            if (raised.SequenceEqual(requests))
                return restored;
            requests = raised;
        }
    }

    private static PackageRequest Raised(PackageRequest request, RestoredPackages restored)
    {
        if (restored[request.Id] is not { } found || restored.Need(request.Id) is not var (by, version))
            return request;
        if (version <= found.Version)
            return request;
        return request.IsOneVersion
            ? request with
            {
                Version = version.ToNormalizedString(),
            }
            : throw request.Failure(
                $"{by.Id} {by.Version} needs {request.Id} {version}, which {request.Version ?? "the newest"} does not include."
            );
    }

    private static XElement Project(IEnumerable<PackageRequest> requests, IEnumerable<string> sources, string folder) =>
        new(
            "Project",
            // Nothing that lies above the folder for temporary files counts.
            new XElement(
                "PropertyGroup",
                new XElement("ImportDirectoryBuildProps", false),
                new XElement("ImportDirectoryBuildTargets", false),
                new XElement("ImportDirectoryPackagesProps", false)
            ),
            new XElement("Import", new XAttribute("Project", "Sdk.props"), new XAttribute("Sdk", "Microsoft.NET.Sdk")),
            new XElement(
                "PropertyGroup",
                new XElement("TargetFramework", Framework),
                new XElement("RuntimeIdentifier", "$(NETCoreSdkRuntimeIdentifier)"),
                new XElement("SelfContained", false),
                new XElement("UseAppHost", false),
                new XElement("NuGetAudit", false),
                // A version that is too low for another package is raised.
                new XElement("NoWarn", "NU1605"),
                new XElement("RestoreRootConfigDirectory", Escaped(folder)),
                new XElement("RestoreAdditionalProjectSources", string.Join(';', sources.Select(Escaped)))
            ),
            new XElement(
                "ItemGroup",
                requests.Select(request => new XElement(
                    "PackageReference",
                    new XAttribute("Include", request.Id),
                    new XAttribute("Version", request.Version ?? "*")
                ))
            ),
            new XElement("Import", new XAttribute("Project", "Sdk.targets"), new XAttribute("Sdk", "Microsoft.NET.Sdk"))
        );

    /// <summary>A path or address in which nothing means something else to MSBuild.</summary>
    private static string Escaped(string text) =>
        SpecialToMSBuild().Replace(text, match => $"%{(int)match.Value[0]:X2}");

    private static string Assets(string work) => Path.Combine(work, "obj", "project.assets.json");

    /// <summary>All that decides what a restore finds.</summary>
    private static string Key(IEnumerable<PackageRequest> requests, IEnumerable<string> sources, string folder)
    {
        IEnumerable<string> parts =
        [
            Framework,
            System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier,
            Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? "",
            .. requests
                .Select(request => $"{request.Id.ToLowerInvariant()} {request.Version}")
                .Order(StringComparer.Ordinal),
            .. sources,
            .. PackageSources.Configurations(folder).SelectMany(file => new[] { file, File.ReadAllText(file) }),
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..32];
    }

    /// <summary>Why a restore failed, in a sentence about the package that is to blame.</summary>
    private static async Task<ReferenceException> FailureAsync(
        IReadOnlyList<PackageRequest> requests,
        IReadOnlyList<string> sources,
        string folder,
        string assets,
        string output,
        CancellationToken cancellation
    )
    {
        JsonNode? error = File.Exists(assets)
            ? JsonNode
                .Parse(File.ReadAllText(assets))
                ?["logs"]?.AsArray()
                .FirstOrDefault(log => log!["level"]!.ToString() == "Error")
            : null;
        string code = error?["code"]?.ToString() ?? "";
        string message = error?["message"]?.ToString() ?? Complaint().Match(output).Value;
        string id = error?["libraryId"]?.ToString() ?? "";
        PackageRequest? asked = requests.FirstOrDefault(r => r.Id.Equals(id, StringComparison.OrdinalIgnoreCase));
        PackageRequest request = asked ?? requests[^1];
        string name = id.Length == 0 ? request.Id : id;
        string version = asked?.Version ?? "*";
        PackageSources known = await PackageSources.AskAsync(name, sources, folder, cancellation);
        string newest = known.Newest is null ? "" : $"; the newest that was found is {known.Newest}";
        return request.Failure(
            code switch
            {
                "NU1101" => $"no package {name} was found in {string.Join(", ", known.Names)}.",
                "NU1102"
                or "NU1103" when known.Newest is { IsPrerelease: true } && asked is null or { Version: null } =>
                    $"{name} has only prerelease versions{newest}; write \"nuget: {name}, *-*\" or the version.",
                "NU1102" or "NU1103" => $"version {version} of {name} was not found{newest}.",
                "NU1212" or "NU1213" => $"{name} is a program or a template, not a library.",
                "NU1301" when known.Silent.Count > 0 =>
                    $"{name} could not be restored, because {string.Join(", ", known.Silent)} did not answer.",
                _ => $"{name} could not be restored: {message.Split('\n')[0].Trim()}",
            }
        );
    }

    [GeneratedRegex(@"(?<=error )[A-Z]+\d+: .+?(?=( \[[^\]]*\])?\r?$)", RegexOptions.Multiline)]
    private static partial Regex Complaint();

    [GeneratedRegex("[%$@'();?*]")]
    private static partial Regex SpecialToMSBuild();
}
