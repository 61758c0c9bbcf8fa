using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>A table that a notebook shows.</summary>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public sealed partial class Table : IHtml
{
    private const int MostShown = 12;
    private const int MostRows = 200;

    /// <summary>The head of the column of rows that are a single value each.</summary>
    private const string ValueHead = "value";

    private readonly string? _caption;
    private readonly string? _note;
    private readonly IReadOnlyList<string> _headers;
    private readonly IReadOnlyList<IReadOnlyList<object?>> _rows;

    private Table(
        string? caption,
        IReadOnlyList<string> headers,
        IReadOnlyList<IReadOnlyList<object?>> rows,
        string? note = null
    )
    {
        _caption = caption;
        _headers = headers;
        _rows = rows;
        _note = note;
    }

    /// <summary>
    /// A row for each value, a column for each of its public properties, under the property's name in words. A tuple has
    /// a column for each of its items, a list or a vector one for each of its first 12 entries; numbers and texts have one column.
    /// Of a long table the first 200 rows are shown, with a note of how many there are.
    /// </summary>
    /// <param name="rows">The values, such as records, anonymous objects, tuples or numbers.</param>
    /// <param name="caption">What stands above; default nothing.</param>
    public static Table Of<T>(IEnumerable<T> rows, string? caption = null)
    {
        PropertyInfo[] properties = IsOneCell(typeof(T)) || IsOfParts(typeof(T)) ? [] : [.. Properties(typeof(T))];
        List<string> columns = [.. properties.Select(property => property.Name)];
        var shown = new List<IReadOnlyDictionary<string, object?>>();
        long count = 0;
        foreach (T row in Require.NotNull(rows))
        {
            if (++count > MostRows)
                continue;
            var cells = new Dictionary<string, object?>(StringComparer.Ordinal);
            foreach ((string column, object? value) in CellsOf(row, properties))
                cells[column] = value;
            columns.AddRange(cells.Keys.Except(columns, StringComparer.Ordinal));
            shown.Add(cells);
        }
        return new Table(
            caption,
            [.. columns.Select(InWords)],
            [
                .. shown.Select(cells =>
                    (IReadOnlyList<object?>)[.. columns.Select(column => cells.GetValueOrDefault(column))]
                ),
            ],
            count > MostRows ? Invariant($"The first {MostRows} of {count:N0} rows are shown.") : null
        );
    }

    /// <summary>The entries of a matrix, the first 12 rows and columns of a larger one.</summary>
    /// <param name="matrix">Any matrix.</param>
    /// <param name="caption">What stands above; default the shape.</param>
    public static Table Of(Matrix<double> matrix, string? caption = null)
    {
        int columns = Math.Min(Require.NotNull(matrix).ColumnCount, MostShown);
        int rows = Math.Min(matrix.RowCount, MostShown);
        string shape = Invariant($"[{matrix.RowCount} x {matrix.ColumnCount}]");
        if (columns < matrix.ColumnCount || rows < matrix.RowCount)
            shape += Invariant($", of which [{rows} x {columns}] are shown");
        return new Table(
            caption is null ? shape : $"{caption} {shape}",
            ["", .. Enumerable.Range(1, columns).Select(j => Invariant($"{j}"))],
            [
                .. Enumerable
                    .Range(0, rows)
                    .Select(i =>
                        (object?[])
                            [Invariant($"{i + 1}"), .. Enumerable.Range(0, columns).Select(j => (object)matrix[i, j])]
                    ),
            ]
        );
    }

    /// <summary>The entries of a vector in one row, the first 12 of a longer one.</summary>
    /// <param name="vector">Any vector.</param>
    /// <param name="caption">What stands above; default the length.</param>
    public static Table Of(Vector<double> vector, string? caption = null)
    {
        int shown = Math.Min(Require.NotNull(vector).Count, MostShown);
        string length = Invariant($"[{vector.Count}]");
        if (shown < vector.Count)
            length += Invariant($", of which {shown} are shown");
        return new Table(
            caption is null ? length : $"{caption} {length}",
            [.. Enumerable.Range(1, shown).Select(i => Invariant($"{i}"))],
            [
                [.. vector.Take(shown).Cast<object?>()],
            ]
        );
    }

    /// <summary>The table as HTML.</summary>
    public string ToHtml() => HtmlParts.Table(_headers, _rows, _caption, _note).ToString();

    /// <summary>The table as text, with tabs between columns.</summary>
    public override string ToString() =>
        string.Join(
            '\n',
            _rows
                .Select(row => string.Join('\t', row.Select(ValueText.Short)))
                .Prepend(string.Join('\t', _headers))
                .Concat(_note is null ? [] : [_note])
        );

    /// <summary>The cells of a row: the properties of its declared type or, where that has none, what it turns out to be.</summary>
    private static IEnumerable<(string Column, object? Value)> CellsOf(
        object? row,
        IReadOnlyList<PropertyInfo> declared
    )
    {
        if (row is null)
            return [];
        if (declared.Count > 0)
            return declared.Select(property => (property.Name, property.GetValue(row)));
        if (row is ITuple tuple)
            return Enumerable.Range(0, tuple.Length).Select(i => (Invariant($"Item{i + 1}"), tuple[i]));
        if (IsOneCell(row.GetType()))
            return [(ValueHead, row)];
        if (row is IEnumerable list)
            return list.Cast<object?>().Take(MostShown).Select((value, i) => (Invariant($"{i + 1}"), value));
        return Properties(row.GetType()).Select(property => (property.Name, property.GetValue(row)));
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0);

    /// <summary>Numbers, dates, enumerations and texts.</summary>
    private static bool IsOneCell(Type type) =>
        type == typeof(string)
        || type == typeof(bool)
        || !IsOfParts(type) && typeof(IFormattable).IsAssignableFrom(Nullable.GetUnderlyingType(type) ?? type);

    private static bool IsOfParts(Type type) =>
        type != typeof(string) && (typeof(IEnumerable).IsAssignableFrom(type) || typeof(ITuple).IsAssignableFrom(type));

    /// <summary>RankOfW1 is "rank of W1": only the capital of a word that is small otherwise is made small.</summary>
    private static string InWords(string name) =>
        Word().Replace(WordStart().Replace(name, " "), word => word.Value.ToLowerInvariant());

    [GeneratedRegex("(?<=[a-z])(?=[A-Z]([a-z0-9]|$))")]
    private static partial Regex WordStart();

    [GeneratedRegex("\\b[A-Z](?=[a-z]+\\b)")]
    private static partial Regex Word();
}
