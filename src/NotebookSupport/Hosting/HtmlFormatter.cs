namespace NotebookSupport;

/// <summary>Writes values of this library as HTML for a notebook host, which finds it through the attribute on their types.</summary>
public sealed class HtmlFormatter
{
    /// <summary>
    /// Writes a value as HTML; null for a value that this library does not show. Charts/ sets it when the library is loaded,
    /// because it may know this folder and not the reverse.
    /// </summary>
    internal static Func<object?, string?> Writer { get; set; } = _ => null;

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
        if (Writer(instance) is not { } html)
            return false;
        Require.NotNull(writer).Write(html);
        return true;
    }
}
