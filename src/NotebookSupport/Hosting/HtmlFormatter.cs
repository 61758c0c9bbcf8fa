namespace NotebookSupport;

/// <summary>What a notebook shows as HTML.</summary>
internal interface IHtml
{
    string ToHtml();
}

/// <summary>Writes values of this library as HTML for a notebook host, which finds it through the attribute on their types.</summary>
public sealed class HtmlFormatter
{
    /// <summary>A value as HTML; null for a value that nothing here shows. Set when the library is loaded.</summary>
    internal static Func<object?, string?> Html { get; set; } = value => (value as IHtml)?.ToHtml();

    /// <summary>The formatters that a host asks for.</summary>
    public IEnumerable<object> CreateTypeFormatters() => [this];

    /// <summary>The MIME type of what is written.</summary>
    public string MimeType => "text/html";

    /// <summary>
    /// Writes a figure, a table, a card, a matrix, a vector or a value of this library; returns false for any other value.
    /// </summary>
    /// <param name="instance">The value to write.</param>
    /// <param name="writer">Where to.</param>
    public bool Format(object instance, TextWriter writer)
    {
        if (Html(instance) is not { } html)
            return false;
        Require.NotNull(writer).Write(html);
        return true;
    }
}
