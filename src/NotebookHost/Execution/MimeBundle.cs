using System.Net;
using System.Text.RegularExpressions;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookHost.Execution;

/// <summary>A value as texts of some kinds, made by the formatters of .NET Interactive.</summary>
internal static partial class MimeBundle
{
    private const string Html = "text/html";
    private const string Plain = "text/plain";

    public static IReadOnlyDictionary<string, string> Of(object? value, IReadOnlyList<string> mimeTypes)
    {
        if (value is null)
            return new Dictionary<string, string> { [Plain] = "<null>" };
        if (value is HtmlText html)
            return new Dictionary<string, string> { [Html] = html.Content };
        if (mimeTypes.Count == 0 && PlotlyChart.Html(value) is { } chart)
            return new Dictionary<string, string> { [Html] = chart };
        IEnumerable<string> kinds =
            mimeTypes.Count > 0 ? mimeTypes : Formatter.GetPreferredMimeTypesFor(value.GetType());
        Dictionary<string, string> bundle = kinds.ToDictionary(kind => kind, kind => Text(value, kind));
        // Numbers, dates and lists of them come as text in a frame of HTML with a style sheet each.
        if (
            mimeTypes.Count == 0
            && bundle.TryGetValue(Html, out string? framed)
            && Framed().Match(framed) is { Success: true } text
        )
            return new Dictionary<string, string> { [Plain] = WebUtility.HtmlDecode(text.Groups["text"].Value) };
        return bundle;
    }

    private static string Text(object value, string kind) =>
        value.ToDisplayString(kind).Replace("\r\n", "\n", StringComparison.Ordinal);

    [GeneratedRegex(
        "^(<div class=\"dni-plaintext\"><pre>(?<text>[^<]*)</pre></div>|<span>(?<text>[^<]*)</span>)(<style>[^<]*</style>)?$"
    )]
    private static partial Regex Framed();
}
