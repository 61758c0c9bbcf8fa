using System.Globalization;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Notebooks.Tests.Readings;

/// <summary>The cells of a table that a lesson shows, as they are printed.</summary>
internal sealed class ShownTable
{
    private readonly string[] _heads;
    private readonly string[][] _rows;

    private ShownTable(IElement table)
    {
        _heads = [.. table.QuerySelectorAll("thead th").Select(head => head.TextContent.Trim())];
        _rows =
        [
            .. table
                .QuerySelectorAll("tbody tr")
                .Select(row => row.Children.Select(cell => cell.TextContent.Trim()).ToArray())
                // Not the names of groups of rows.
                .Where(row => row.Length == _heads.Length),
        ];
    }

    /// <summary>The numbers of a column, from the top.</summary>
    public double[] Column(string head) => [.. Words(head).Select(Number)];

    /// <summary>The texts of a column, from the top.</summary>
    public string[] Words(string head)
    {
        int column = Array.IndexOf(_heads, head);
        Assert.True(column >= 0, $"The table has no column \"{head}\", but {string.Join(", ", _heads)}.");
        return [.. _rows.Select(row => row[column])];
    }

    /// <summary>The number of a column in the row that begins with these texts.</summary>
    public double this[string head, params string[] row] =>
        Number(
            Words(head)[
                Array.FindIndex(_rows, cells => row.Select((text, i) => cells[i] == text).All(isEqual => isEqual))
            ]
        );

    /// <summary>The table with this caption, or the one that a cell with these words in its source shows.</summary>
    public static ShownTable Of(IEnumerable<JsonObject> cells, string words)
    {
        IElement[] tables =
        [
            .. cells
                .Where(Course.IsCode)
                .SelectMany(cell => Tables(cell).Select(table => (Cell: cell, Table: table)))
                .Where(one =>
                    one.Table.QuerySelector("caption")?.TextContent.StartsWith(words, StringComparison.Ordinal) == true
                    || Course.Source(one.Cell).Contains(words, StringComparison.Ordinal)
                )
                .Select(one => one.Table),
        ];
        Assert.True(tables.Length == 1, $"{tables.Length} tables are of \"{words}\"; expected one.");
        return new ShownTable(tables[0]);
    }

    private static IEnumerable<IElement> Tables(JsonObject cell) =>
        (cell["outputs"] as JsonArray ?? [])
            .Select(output => output!["data"]?["text/html"])
            .OfType<JsonNode>()
            .SelectMany(html =>
                new HtmlParser().ParseDocument(Course.Joined(html)).QuerySelectorAll("table.notebook-table")
            );

    private static double Number(string text)
    {
        string plain = text.Replace("−", "-", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal);
        bool isPercent = plain.EndsWith('%');
        double number = double.Parse(plain.TrimEnd('%', ' '), NumberStyles.Float, CultureInfo.InvariantCulture);
        return isPercent ? number / 100 : number;
    }
}
