using System.Text.Json;
using System.Text.Json.Serialization;

namespace NotebookSupport;

/// <summary>Parts that read well on light and on dark: they take the page's own colours.</summary>
internal static class HtmlParts
{
    private static readonly Html Right = Html.Of($" style=\"text-align:right\"");
    private static readonly Html RightOnOneLine = Html.Of($" style=\"text-align:right;white-space:nowrap\"");
    private static readonly Html Left = Html.Of($" style=\"text-align:left\"");

    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>A table whose columns of numbers align right, with their heads.</summary>
    public static Html Table(
        IReadOnlyList<string> headers,
        IEnumerable<IReadOnlyList<object?>> rows,
        string? caption = null,
        string? note = null
    )
    {
        IReadOnlyList<object?>[] all = [.. rows];
        IEnumerable<Html> heads = headers.Select(
            (head, column) => Html.Of($"<th scope=\"col\"{(HoldsNumbers(all, column) ? Right : default)}>{head}</th>")
        );
        return Html.Of(
            $"<table class=\"notebook-table\">{(caption is null ? default : Html.Of($"<caption>{caption}</caption>"))}<thead><tr>{heads}</tr></thead><tbody>{all.Select(Row)}</tbody></table>{(note is null ? default : Html.Of($"<p>{note}</p>"))}"
        );
    }

    /// <summary>Data for whoever reads the HTML: a browser neither shows nor runs it.</summary>
    public static Html Data(object data) =>
        // The serializer escapes what would end the element.
        Html.Of(
            $"<script type=\"application/json\">{Html.Trusted(JsonSerializer.Serialize(data, JsonOptions))}</script>"
        );

    /// <summary>A card with a title, which carries what it says as data too.</summary>
    public static Html Card(string kind, string title, Html body, object data) =>
        Html.Of(
            $"<div class=\"notebook-card {kind}\" style=\"border:1px solid rgba(128,128,128,.5);border-left-width:6px;border-radius:4px;padding:.6em 1em;margin:.5em 0\"><strong>{title}</strong>{body}{Data(data)}</div>"
        );

    private static Html Row(IReadOnlyList<object?> row) =>
        Html.Of(
            $"<tr>{row.Select(value => Html.Of($"<td{(ValueText.IsNumber(value) ? RightOnOneLine : Left)}>{ValueText.Short(value)}</td>"))}</tr>"
        );

    private static bool HoldsNumbers(IReadOnlyList<object?>[] rows, int column) =>
        rows.Any(row => ValueText.IsNumber(row[column]))
        && rows.All(row => row[column] is null || ValueText.IsNumber(row[column]));
}
