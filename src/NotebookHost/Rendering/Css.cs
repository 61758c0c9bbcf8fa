using System.Text.RegularExpressions;

namespace NotebookHost.Rendering;

/// <summary>Which styles of a notebook may stand on a page.</summary>
internal static partial class Css
{
    /// <summary>
    /// A function that is not known to stay on the page, or what could hide one: an escape, a rule, an address.
    /// url(…) and image-set(…) name files, and later CSS will bring more functions that do.
    /// </summary>
    public static Regex Harmful { get; } = NewHarmful();

    /// <summary>Whether text holds no style that leads away from the page.</summary>
    public static bool IsHarmless(string style) => !Harmful.IsMatch(style);

    [GeneratedRegex(
        @"(?<![\w-])(?!(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|calc|min|max|clamp|repeat|minmax|fit-content|linear-gradient|radial-gradient|conic-gradient|cubic-bezier|steps|(?:translate|scale|rotate|skew)[xyz]?|matrix)\()[\w\x80-\uffff-]*\(|[\\@]|//|&",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex NewHarmful();
}
