using System.Reflection;
using System.Text.RegularExpressions;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>A table that a notebook shows.</summary>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public sealed partial class Table : IHtml
{
    private const int MostShown = 12;

    private readonly string? _caption;
    private readonly IReadOnlyList<string> _headers;
    private readonly IReadOnlyList<IReadOnlyList<object?>> _rows;

    private Table(string? caption, IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<object?>> rows)
    {
        _caption = caption;
        _headers = headers;
        _rows = rows;
    }

    /// <summary>A row for each value, a column for each of its public properties, under the property's name in words.</summary>
    /// <param name="rows">The values, such as records or anonymous objects.</param>
    /// <param name="caption">What stands above; default nothing.</param>
    public static Table Of<T>(IEnumerable<T> rows, string? caption = null)
    {
        PropertyInfo[] columns =
        [
            .. typeof(T)
                .GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.GetIndexParameters().Length == 0),
        ];
        return new Table(
            caption,
            [.. columns.Select(column => InWords(column.Name))],
            [.. Require.NotNull(rows).Select(row => columns.Select(column => column.GetValue(row)).ToArray())]
        );
    }

    /// <summary>The entries of a matrix, the first 12 rows and columns of a larger one.</summary>
    /// <param name="matrix">Any matrix.</param>
    /// <param name="caption">What stands above; default the shape.</param>
    public static Table Of(Matrix<double> matrix, string? caption = null)
    {
        int columns = Math.Min(Require.NotNull(matrix).ColumnCount, MostShown);
        int rows = Math.Min(matrix.RowCount, MostShown);
        string shape = $"[{matrix.RowCount} x {matrix.ColumnCount}]";
        if (columns < matrix.ColumnCount || rows < matrix.RowCount)
            shape += $", of which [{rows} x {columns}] are shown";
        return new Table(
            caption is null ? shape : $"{caption} {shape}",
            ["", .. Enumerable.Range(1, columns).Select(j => $"{j}")],
            [
                .. Enumerable
                    .Range(0, rows)
                    .Select(i =>
                        (object?[])[$"{i + 1}", .. Enumerable.Range(0, columns).Select(j => (object)matrix[i, j])]
                    ),
            ]
        );
    }

    /// <summary>The table as HTML.</summary>
    public string ToHtml() => Html.Table(_headers, _rows, _caption);

    /// <summary>The table as text, with tabs between columns.</summary>
    public override string ToString() =>
        string.Join(
            '\n',
            _rows.Select(row => string.Join('\t', row.Select(Html.Value))).Prepend(string.Join('\t', _headers))
        );

    /// <summary>RankOfW1 is "rank of W1": only the capital of a word that is small otherwise is made small.</summary>
    private static string InWords(string name) =>
        Word().Replace(WordStart().Replace(name, " "), word => word.Value.ToLowerInvariant());

    [GeneratedRegex("(?<=[a-z])(?=[A-Z]([a-z0-9]|$))")]
    private static partial Regex WordStart();

    [GeneratedRegex("\\b[A-Z](?=[a-z]+\\b)")]
    private static partial Regex Word();
}
