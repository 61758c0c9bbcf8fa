using System.Text.RegularExpressions;
using NuGet.Versioning;

namespace NotebookHost.Execution;

/// <summary>
/// A package that a cell names, as in <c>#r "nuget: MathNet.Numerics, 5.0.0"</c>. The version may be one, a range as
/// <c>[5.0.0,6.0.0)</c>, a pattern as <c>5.*</c>, or missing, which is the newest.
/// </summary>
internal sealed partial record PackageRequest(string Id, string? Version, Directive Directive)
{
    /// <summary>The versions that will do; of none asked, all stable ones.</summary>
    public VersionRange Range => VersionRange.Parse(Version ?? "*", allowFloating: true);

    /// <summary>Whether one version was asked for, which may be raised where another package needs a higher one.</summary>
    public bool IsOneVersion => Version is not null && NuGetVersion.TryParse(Version, out _);

    /// <summary>Throws <see cref="ReferenceException"/> where the directive is malformed.</summary>
    public static PackageRequest Of(Directive directive)
    {
        Match match = Named().Match(directive.Nuget ?? "");
        string? version = match.Groups["version"] is { Success: true } group ? group.Value.Trim() : null;
        return match.Success && (version is null || VersionRange.TryParse(version, true, out _))
            ? new PackageRequest(match.Groups["id"].Value, version, directive)
            : throw new ReferenceException(
                $"{directive} is malformed; expected \"nuget: Name, version\".",
                directive.Line
            );
    }

    public ReferenceException Failure(string sentence) => new($"{Directive}: {sentence}", Directive.Line);

    [GeneratedRegex(@"^(?<id>\w[\w.-]*)\s*(,(?<version>.+))?$")]
    private static partial Regex Named();
}
