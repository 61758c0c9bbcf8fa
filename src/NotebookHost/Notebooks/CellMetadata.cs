using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NotebookHost.Notebooks;

/// <summary>Reads tags and language from the metadata of a cell.</summary>
internal static partial class CellMetadata
{
    private static readonly string[] CSharp = ["c#", "csharp", ".net-csharp"];

    /// <summary>
    /// Whether a cell has a tag such as hide-input; hide_input means the same, as a tag and as an entry of its own, which
    /// an extension of Jupyter writes.
    /// </summary>
    public static bool Has(JsonObject cell, string tag)
    {
        string other = tag.Replace('-', '_');
        return cell["metadata"] is JsonObject metadata
            && (
                (metadata["tags"] as JsonArray ?? []).Any(t => Text(t) is { } text && (text == tag || text == other))
                || (tag == "hide-input" && metadata[other]?.GetValueKind() == JsonValueKind.True)
            );
    }

    /// <summary>
    /// About how many seconds a cell takes in a browser, as <c>metadata.browser_seconds</c> says; null where it does not.
    /// </summary>
    public static int? BrowserSeconds(JsonObject cell) =>
        (cell["metadata"] as JsonObject)?["browser_seconds"] is JsonValue value
        && value.TryGetValue(out int seconds)
        && seconds is > 0 and < 100_000
            ? seconds
            : null;

    /// <summary>The language that a cell's metadata name; null for C#, and where they name none.</summary>
    public static string? Language(JsonObject cell) =>
        Named(cell) is { } language && !IsCSharp(language) ? Word().Match(language).Value : null;

    /// <summary>Whether a cell's metadata say that it is in C#.</summary>
    public static bool SaysCSharp(JsonObject cell) => Named(cell) is { } language && IsCSharp(language);

    private static string? Named(JsonObject cell)
    {
        string? name = new[]
        {
            ("polyglot_notebook", "kernelName"),
            ("dotnet_interactive", "language"),
            ("vscode", "languageId"),
        }
            .Select(place => Text((cell["metadata"]?[place.Item1] as JsonObject)?[place.Item2]))
            .FirstOrDefault(name => !string.IsNullOrWhiteSpace(name) && !IsAny(name));
        return
            name?.Split('.')[^1] is { Length: > 0 } last
            && name.StartsWith("dotnet-interactive.", StringComparison.Ordinal)
            ? last
            : name;
    }

    /// <summary>Whether a language is C#.</summary>
    public static bool IsCSharp(string language) => CSharp.Contains(language, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a name is the one that Polyglot Notebooks writes for notebooks of several languages.</summary>
    public static bool IsAny(string language) => language is "polyglot-notebook" or "polyglot" or "dotnet-interactive";

    /// <summary>Whether code opens with the line that names a language.</summary>
    public static bool Names(string code, string language) =>
        Magic().Match(code) is { Success: true } magic
        && string.Equals(magic.Groups["name"].Value, language, StringComparison.OrdinalIgnoreCase);

    /// <summary>The language that code names in its first line, <c>#!html</c>; null where it names none.</summary>
    public static string? NamedIn(string code) =>
        Magic().Match(code).Groups["name"].Value is { Length: > 0 } name && Languages().IsMatch(name) ? name : null;

    private static string? Text(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    [GeneratedRegex(@"^\s*#!(?<name>[\w#.+-]+)")]
    private static partial Regex Magic();

    [GeneratedRegex(@"^[\w#.+-]*")]
    private static partial Regex Word();

    [GeneratedRegex(
        "^(fsharp|f#|html|http|javascript|js|kql.*|markdown|mermaid|powershell|pwsh|python|r|sql.*|value)$"
    )]
    private static partial Regex Languages();
}
