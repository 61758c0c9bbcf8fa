using System.Collections;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>Pieces of HTML that read well on light and on dark: they take the page's own colours.</summary>
internal static class Html
{
    private const int MostOfAList = 8;
    private const int MostDepth = 3;

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A value as a cell of a table shows it: four significant digits, the culture of no country.</summary>
    public static string Value(object? value) => Value(value, 0);

    /// <param name="value">Any value.</param>
    /// <param name="depth">In how many lists it lies: one may hold itself.</param>
    private static string Value(object? value, int depth) =>
        value switch
        {
            null => "",
            not string and (ITuple or IEnumerable) when depth > MostDepth => "…",
            double.PositiveInfinity => "∞",
            double.NegativeInfinity => "−∞",
            double number => number
                .ToString("G4", CultureInfo.InvariantCulture)
                .Replace("E-0", "e-", StringComparison.Ordinal)
                .Replace('E', 'e'),
            float or Half => Value(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
            bool yes => yes ? "yes" : "no",
            string text => text,
            Matrix<double> matrix => Invariant($"[{matrix.RowCount} x {matrix.ColumnCount}]"),
            ITuple tuple =>
                $"({string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Value(tuple[i], depth + 1)))})",
            IEnumerable list => List(list, depth + 1),
            _ => Text(value),
        };

    /// <summary>A value with all its digits, the culture of no country.</summary>
    public static string Text(object? value) =>
        value switch
        {
            ITuple tuple => $"({string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Text(tuple[i])))})",
            IFormattable formattable and not Matrix<double> and not Vector<double> => formattable.ToString(
                null,
                CultureInfo.InvariantCulture
            ),
            _ => value?.ToString() ?? "",
        };

    public static bool IsNumber(object? value) =>
        value
            is double
                or float
                or Half
                or decimal
                or int
                or uint
                or long
                or ulong
                or short
                or ushort
                or byte
                or sbyte
                or System.Numerics.BigInteger;

    public static string Line(string text) => $"<span>{Escape(text)}</span>";

    /// <summary>A table whose columns of numbers align right, with their heads.</summary>
    public static string Table(
        IReadOnlyList<string> headers,
        IEnumerable<IReadOnlyList<object?>> rows,
        string? caption = null,
        string? note = null
    )
    {
        IReadOnlyList<object?>[] all = [.. rows];
        var html = new StringBuilder("<table class=\"notebook-table\">");
        if (caption is not null)
            html.Append(CultureInfo.InvariantCulture, $"<caption>{Escape(caption)}</caption>");
        html.Append("<thead><tr>");
        for (int column = 0; column < headers.Count; column++)
            html.Append(
                CultureInfo.InvariantCulture,
                $"<th scope=\"col\"{(HoldsNumbers(all, column) ? " style=\"text-align:right\"" : "")}>{Escape(headers[column])}</th>"
            );
        html.Append("</tr></thead><tbody>");
        foreach (IReadOnlyList<object?> row in all)
        {
            html.Append("<tr>");
            foreach (object? value in row)
                html.Append(CultureInfo.InvariantCulture, $"<td{Alignment(value)}>{Escape(Value(value))}</td>");
            html.Append("</tr>");
        }
        html.Append("</tbody></table>");
        if (note is not null)
            html.Append(CultureInfo.InvariantCulture, $"<p>{Escape(note)}</p>");
        return html.ToString();
    }

    public static string Card(string kind, string title, string body) =>
        $"<div class=\"notebook-card {kind}\" style=\"border:1px solid rgba(128,128,128,.5);border-left-width:6px;"
        + $"border-radius:4px;padding:.6em 1em;margin:.5em 0\"><strong>{Escape(title)}</strong>{body}</div>";

    private static string List(IEnumerable list, int depth)
    {
        object?[] first = [.. list.Cast<object?>().Take(MostOfAList + 1)];
        return string.Join(", ", first.Take(MostOfAList).Select(item => Value(item, depth)))
            + (first.Length > MostOfAList ? ", …" : "");
    }

    private static bool HoldsNumbers(IReadOnlyList<object?>[] rows, int column) =>
        rows.Any(row => IsNumber(row[column])) && rows.All(row => row[column] is null || IsNumber(row[column]));

    private static string Alignment(object? value) =>
        IsNumber(value) ? " style=\"text-align:right;white-space:nowrap\"" : " style=\"text-align:left\"";
}
