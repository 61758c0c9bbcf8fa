using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace NotebookHost.Site;

/// <summary>
/// How deep HTML is nested. Reading it takes time in the square of its depth, and writing it takes a stack, so the depth
/// is looked at before either. Browsers stop at the same number.
/// </summary>
internal static partial class HtmlDepth
{
    public const int Most = 512;

    /// <summary>Elements that hold nothing, and those that the next of their kind closes.</summary>
    private static readonly HashSet<string> Uncounted = new(StringComparer.OrdinalIgnoreCase)
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "option",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "colgroup",
    };

    /// <summary>Whether the tags of a text open at most so many elements at a time.</summary>
    public static bool IsShallow(string html)
    {
        var open = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        int depth = 0;
        foreach (Match tag in Tag().Matches(WithoutScripts(html)))
        {
            string name = tag.Groups["name"].Value;
            if (Uncounted.Contains(name))
                continue;
            int count = open.GetValueOrDefault(name);
            if (!tag.Groups["end"].Success)
                (open[name], depth) = (count + 1, depth + 1);
            else if (count > 0)
                (open[name], depth) = (count - 1, depth - 1);
            if (depth > Most)
                return false;
        }
        return true;
    }

    /// <summary>Whether a document is at most so deep.</summary>
    public static bool IsShallow(INode document)
    {
        var open = new Stack<(INode Node, int Depth)>([(document, 0)]);
        while (open.TryPop(out (INode Node, int Depth) next))
        {
            if (next.Depth > 2 * Most)
                return false;
            foreach (INode child in next.Node.ChildNodes)
                open.Push((child, next.Depth + 1));
        }
        return true;
    }

    /// <summary>What looks like a tag in a script or a style sheet is none.</summary>
    private static string WithoutScripts(string html)
    {
        var kept = new StringBuilder();
        int at = 0;
        for (Match script = Script().Match(html); script.Success; script = Script().Match(html, at))
        {
            kept.Append(html, at, script.Index - at);
            at = html.IndexOf($"</{script.Groups[1].Value}", script.Index, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                return kept.ToString();
        }
        return kept.Append(html, at, html.Length - at).ToString();
    }

    [GeneratedRegex(@"<(script|style)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Script();

    [GeneratedRegex(@"<(?<end>/)?(?<name>[a-zA-Z][^\s/>]*)")]
    private static partial Regex Tag();
}
