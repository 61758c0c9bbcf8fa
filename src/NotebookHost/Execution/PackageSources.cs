using NuGet.Common;
using NuGet.Configuration;
using NuGet.Protocol;
using NuGet.Protocol.Core.Types;
using NuGet.Versioning;

namespace NotebookHost.Execution;

/// <summary>What the sources of packages that count for a folder have of a package.</summary>
/// <param name="Names">The sources, as the configuration names them.</param>
/// <param name="Silent">The addresses of those that did not answer.</param>
/// <param name="Newest">The highest version among all; null where none has the package.</param>
internal sealed record PackageSources(IReadOnlyList<string> Names, IReadOnlyList<string> Silent, NuGetVersion? Newest)
{
    /// <summary>The configuration files of NuGet that count for a folder: there, above it, the user's and the machine's.</summary>
    public static IReadOnlyList<string> Configurations(string folder) =>
        [.. Settings.LoadDefaultSettings(folder).GetConfigFilePaths()];

    /// <summary>Asks each source for the versions of a package.</summary>
    /// <param name="id">The package.</param>
    /// <param name="more">Addresses and folders besides the configured sources.</param>
    /// <param name="folder">Where, and above where, a <c>nuget.config</c> counts.</param>
    /// <param name="cancellation">Stops asking.</param>
    public static async Task<PackageSources> AskAsync(
        string id,
        IEnumerable<string> more,
        string folder,
        CancellationToken cancellation
    )
    {
        PackageSource[] sources =
        [
            .. PackageSourceProvider.LoadPackageSources(Settings.LoadDefaultSettings(folder)).Where(s => s.IsEnabled),
            .. more.Select(source => new PackageSource(source)),
        ];
        var silent = new List<string>();
        var versions = new List<NuGetVersion>();
        using var cache = new SourceCacheContext { DirectDownload = true };
        foreach (PackageSource source in sources)
            try
            {
                if (
                    await Repository
                        .Factory.GetCoreV3(source)
                        .GetResourceAsync<FindPackageByIdResource>(cancellation) is
                    { } found
                )
                    versions.AddRange(await found.GetAllVersionsAsync(id, cache, NullLogger.Instance, cancellation));
            }
            catch (NuGetProtocolException)
            {
                silent.Add(source.Source);
            }
        return new PackageSources([.. sources.Select(source => source.Name)], silent, versions.Max());
    }
}
