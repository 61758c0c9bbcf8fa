using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookHost.Execution;

/// <summary>What a cell calls by its bare name, beside the helpers of .NET Interactive's own <see cref="Kernel"/>.</summary>
public static class CellHelpers
{
    /// <summary>
    /// Shows a value; the handle replaces it. .NET Interactive's helper of this name returns a handle that shows a second
    /// value instead; this one comes before it, since its argument keeps its type.
    /// </summary>
    /// <param name="value">Any value.</param>
    /// <param name="mimeTypes">The MIME types; default those preferred for the value's type.</param>
    public static DisplayedValue display<T>(T value, params string[] mimeTypes) =>
        KernelInvocationContext.Current is { IsComplete: false } context
            ? context.Display(value!, mimeTypes)
            : value.Display(mimeTypes);
}
