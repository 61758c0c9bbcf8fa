namespace NotebookSupport;

/// <summary>What a notebook shows as HTML.</summary>
internal interface IHtml
{
    string ToHtml();
}

/// <summary>Writes what this library shows as HTML for a notebook host, which finds it through the attribute on the type.</summary>
public sealed class HtmlFormatter
{
    /// <summary>The formatters that a host asks for.</summary>
    public IEnumerable<object> CreateTypeFormatters() => [this];

    /// <summary>The kind of text that is written.</summary>
    public string MimeType => "text/html";

    /// <summary>
    /// Writes a figure, a table, a card, a matrix, a vector or a value of this library; returns false for any other value.
    /// </summary>
    /// <param name="instance">The value to write.</param>
    /// <param name="writer">Where to.</param>
    public bool Format(object instance, TextWriter writer)
    {
        if (Shown.Html(instance) is not { } html)
            return false;
        Require.NotNull(writer).Write(html);
        return true;
    }
}
