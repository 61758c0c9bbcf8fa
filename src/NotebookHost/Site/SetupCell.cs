using System.Text.RegularExpressions;

namespace NotebookHost.Site;

/// <summary>Knows the cell that refers to the library.</summary>
internal static partial class SetupCell
{
    /// <summary>The paths or packages of a cell's #r lines.</summary>
    public static IEnumerable<string> References(string code) =>
        Reference().Matches(code).Select(match => match.Groups[1].Value);

    /// <summary>Whether a cell has #r lines.</summary>
    public static bool Is(string code) => Reference().IsMatch(code);

    [GeneratedRegex("""^\s*#r\s+"([^"]+)""", RegexOptions.Multiline)]
    private static partial Regex Reference();
}
