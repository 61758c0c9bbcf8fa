using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace NotebookSupport;

/// <summary>
/// A piece of HTML. Text becomes one only by being encoded for the content of an element or a quoted attribute; text where
/// HTML is expected does not compile. Text in a script, a style, an address or an unquoted attribute needs more than that.
/// </summary>
internal readonly struct Html
{
    private readonly string? _markup;

    private Html(string markup) => _markup = markup;

    /// <summary>The markup of an interpolated string, whose texts and numbers are encoded.</summary>
    public static Html Of(HtmlTemplate template) => new(template.Markup);

    /// <summary>Markup that something else made and encoded: a parser, a serializer, a resource of this program.</summary>
    public static Html Trusted(string markup) => new(markup);

    public bool IsEmpty => string.IsNullOrEmpty(_markup);

    /// <summary>The markup.</summary>
    public override string ToString() => _markup ?? "";
}

/// <summary>An interpolated string that becomes HTML: what it is written with is markup, what is put into it is encoded.</summary>
[InterpolatedStringHandler]
internal readonly ref struct HtmlTemplate(int literalLength, int formattedCount)
{
    private readonly StringBuilder _markup = new(literalLength + 16 * formattedCount);

    public string Markup => _markup.ToString();

    public void AppendLiteral(string markup) => _markup.Append(markup);

    public void AppendFormatted(Html html) => _markup.Append(html.ToString());

    public void AppendFormatted(IEnumerable<Html>? pieces) => _markup.AppendJoin("", pieces ?? []);

    public void AppendFormatted(string? text) => _markup.Append(WebUtility.HtmlEncode(text));

    public void AppendFormatted(int number) => _markup.Append(CultureInfo.InvariantCulture, $"{number}");
}
