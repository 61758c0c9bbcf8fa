using System.Globalization;
using System.Net;
using System.Text;

namespace NotebookSupport;

/// <summary>Pieces of HTML that read well on light and on dark: they take the page's own colours.</summary>
internal static class Html
{
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A value as a cell of a table shows it: four significant digits, the culture of no country.</summary>
    public static string Value(object? value) =>
        value switch
        {
            null => "",
            double.PositiveInfinity => "∞",
            double.NegativeInfinity => "−∞",
            double number => number
                .ToString("G4", CultureInfo.InvariantCulture)
                .Replace("E-0", "e-", StringComparison.Ordinal)
                .Replace('E', 'e'),
            bool yes => yes ? "yes" : "no",
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };

    public static string Table(
        IEnumerable<string> headers,
        IEnumerable<IEnumerable<object?>> rows,
        string? caption = null
    )
    {
        var html = new StringBuilder("<table class=\"notebook-table\">");
        if (caption is not null)
            html.Append(CultureInfo.InvariantCulture, $"<caption>{Escape(caption)}</caption>");
        html.Append("<thead><tr>");
        foreach (string header in headers)
            html.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\">{Escape(header)}</th>");
        html.Append("</tr></thead><tbody>");
        foreach (IEnumerable<object?> row in rows)
        {
            html.Append("<tr>");
            foreach (object? value in row)
                html.Append(CultureInfo.InvariantCulture, $"<td{Alignment(value)}>{Escape(Value(value))}</td>");
            html.Append("</tr>");
        }
        return html.Append("</tbody></table>").ToString();
    }

    public static string Card(string kind, string title, string body) =>
        $"<div class=\"notebook-card {kind}\" style=\"border:1px solid rgba(128,128,128,.5);border-left-width:6px;"
        + $"border-radius:4px;padding:.6em 1em;margin:.5em 0\"><strong>{Escape(title)}</strong>{body}</div>";

    private static string Alignment(object? value) =>
        value is double or int ? " style=\"text-align:right;white-space:nowrap\"" : " style=\"text-align:left\"";
}
