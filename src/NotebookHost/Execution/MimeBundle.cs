using System.Collections;
using System.Net;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookHost.Execution;

/// <summary>A value as texts by MIME type, made by the formatters of .NET Interactive.</summary>
internal static class MimeBundle
{
    private const string Html = "text/html";
    private const string Plain = "text/plain";
    private const int MostLists = 50;

    /// <summary>What the formatters write before and after a text; a style sheet may follow.</summary>
    private static readonly (string Start, string End)[] Frames =
    [
        ("<div class=\"dni-plaintext\"><pre>", "</pre></div>"),
        ("<span>", "</span>"),
    ];

    public static IReadOnlyDictionary<string, string> Of(object? value) =>
        value is null ? new Dictionary<string, string> { [Plain] = "<null>" }
        : IsBottomless(value)
            ? new Dictionary<string, string>
            {
                [Plain] = "(a list that holds itself, or lists in lists without an end)",
            }
        : Of(
            value,
            value switch
            {
                FormattedValue formatted => [formatted],
                IEnumerable<FormattedValue> formatted => [.. formatted],
                _ => FormattedValue.CreateManyFromObject(value),
            }
        );

    /// <summary>Whether lists lie in lists so deep that the formatters' stack would overflow.</summary>
    private static bool IsBottomless(object value)
    {
        object? list = value;
        for (int depth = 0; depth < MostLists && list is ICollection items; depth++)
            list = items.Cast<object?>().FirstOrDefault(item => item is ICollection);
        return list is ICollection;
    }

    /// <summary>A value that is formatted already.</summary>
    public static IReadOnlyDictionary<string, string> Of(object? value, IEnumerable<FormattedValue> formatted)
    {
        Dictionary<string, string> bundle = [];
        foreach (FormattedValue text in formatted.Where(text => !text.SuppressDisplay))
            bundle[text.MimeType] = text.Value.Replace("\r\n", "\n", StringComparison.Ordinal);
        if (bundle.ContainsKey(Html) && value is not null && PlotlyChart.Html(value) is { } chart)
            bundle[Html] = chart;
        // Numbers, dates and lists of them come as text in a frame of HTML with a style sheet each.
        if (bundle.Count == 1 && bundle.TryGetValue(Html, out string? framed) && Framed(framed) is { } plain)
            return new Dictionary<string, string> { [Plain] = plain };
        return bundle;
    }

    /// <summary>Of what was shown as plain text, the update is plain text too where it has no markup.</summary>
    public static IReadOnlyDictionary<string, string> AsBefore(
        IReadOnlyDictionary<string, string> before,
        IReadOnlyDictionary<string, string> after
    ) =>
        before.ContainsKey(Plain)
        && after.Count == 1
        && after.TryGetValue(Html, out string? html)
        && !html.Contains('<')
            ? new Dictionary<string, string> { [Plain] = WebUtility.HtmlDecode(html) }
            : after;

    /// <summary>The text in the frame that the formatters put around it; null for any other HTML.</summary>
    private static string? Framed(string html)
    {
        foreach ((string start, string end) in Frames)
        {
            int close = html.IndexOf(end, StringComparison.Ordinal);
            if (!html.StartsWith(start, StringComparison.Ordinal) || close < 0)
                continue;
            ReadOnlySpan<char> text = html.AsSpan(start.Length, close - start.Length);
            ReadOnlySpan<char> rest = html.AsSpan(close + end.Length);
            bool isAlone = rest.IsEmpty || (rest.StartsWith("<style>") && rest.IndexOf("</style>") == rest.Length - 8);
            return isAlone && !text.Contains('<') ? WebUtility.HtmlDecode(text.ToString()) : null;
        }
        return null;
    }
}
