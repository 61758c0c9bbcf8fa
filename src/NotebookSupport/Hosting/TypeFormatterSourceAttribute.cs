namespace NotebookSupport;

/// <summary>
/// Tells a notebook host which formatter writes a type. .NET Interactive finds it by this name and these properties,
/// so that no reference to it is needed.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[]? PreferredMimeTypes { get; set; }
}
