using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookHost.Execution;

/// <summary>A value as texts of some kinds, made by the formatters of .NET Interactive.</summary>
internal static class MimeBundle
{
    public static IReadOnlyDictionary<string, string> Of(object? value, IReadOnlyList<string> mimeTypes)
    {
        if (value is null)
            return new Dictionary<string, string> { ["text/plain"] = "<null>" };
        if (value is HtmlText html)
            return new Dictionary<string, string> { ["text/html"] = html.Content };
        IEnumerable<string> kinds =
            mimeTypes.Count > 0 ? mimeTypes : Formatter.GetPreferredMimeTypesFor(value.GetType());
        return kinds.ToDictionary(kind => kind, kind => value.ToDisplayString(kind));
    }
}
