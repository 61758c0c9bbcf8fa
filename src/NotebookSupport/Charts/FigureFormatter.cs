namespace NotebookSupport;

/// <summary>Writes figures as HTML for a notebook host, which finds it through the attribute on the type.</summary>
public sealed class FigureFormatter
{
    /// <summary>The formatters that a host asks for.</summary>
    public IEnumerable<object> CreateTypeFormatters() => [this];

    /// <summary>The kind of text that is written.</summary>
    public string MimeType => "text/html";

    /// <summary>Writes a figure; returns false for any other value.</summary>
    /// <param name="instance">The value to write.</param>
    /// <param name="writer">Where to.</param>
    public bool Format(object instance, TextWriter writer)
    {
        if (instance is not Figure figure)
            return false;
        Require.NotNull(writer).Write(figure.ToHtml());
        return true;
    }
}
