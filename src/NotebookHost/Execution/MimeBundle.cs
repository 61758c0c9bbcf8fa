using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookHost.Execution;

/// <summary>A value as texts of some kinds, made by the formatters of .NET Interactive.</summary>
internal static class MimeBundle
{
    private const string Html = "text/html";
    private const string Plain = "text/plain";

    public static IReadOnlyDictionary<string, string> Of(object? value, IReadOnlyList<string> mimeTypes)
    {
        if (value is null)
            return new Dictionary<string, string> { [Plain] = "<null>" };
        if (value is HtmlText html)
            return new Dictionary<string, string> { [Html] = html.Content };
        IEnumerable<string> kinds =
            mimeTypes.Count > 0 ? mimeTypes : Formatter.GetPreferredMimeTypesFor(value.GetType());
        Dictionary<string, string> bundle = kinds.ToDictionary(kind => kind, kind => Text(value, kind));
        // Numbers, dates and lists of them come as text in a frame of HTML with a style sheet each.
        if (mimeTypes.Count == 0 && bundle.TryGetValue(Html, out string? framed) && IsPlain(value, framed))
            return new Dictionary<string, string> { [Plain] = Text(value, Plain) };
        return bundle;
    }

    private static string Text(object value, string kind) =>
        value.ToDisplayString(kind).Replace("\r\n", "\n", StringComparison.Ordinal);

    private static bool IsPlain(object value, string html) =>
        html.StartsWith("<div class=\"dni-plaintext\">", StringComparison.Ordinal)
        || (value is IFormattable && html.StartsWith("<span>", StringComparison.Ordinal));
}
