using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive.Formatting;
using NotebookHost.Execution;

namespace Microsoft.DotNet.Interactive;

/// <summary>The running cell, by the names that .NET Interactive has for it: a browser does without that package's kernel.</summary>
public sealed class KernelInvocationContext
{
    private KernelInvocationContext() { }

    /// <summary>The one cell that runs.</summary>
    public static KernelInvocationContext Current { get; } = new();

    /// <summary>Never cancelled: a page ends a cell with its worker.</summary>
    public CancellationToken CancellationToken => CancellationToken.None;

    /// <summary>Never: what a cell left behind shows its values as the cell does.</summary>
    public bool IsComplete => false;
}

/// <summary>What cells show by a context.</summary>
public static class KernelInvocationContextExtensions
{
    /// <summary>Shows a value; the handle replaces it.</summary>
    /// <param name="context">The running cell.</param>
    /// <param name="value">Any value.</param>
    /// <param name="mimeTypes">The MIME types; default those preferred for the value's type.</param>
    public static DisplayedValue Display(this KernelInvocationContext context, object value, params string[] mimeTypes)
    {
        DisplayedValue shown = Displayed(value, FormattedValue.CreateManyFromObject(value, mimeTypes));
        BrowserSession.Show(shown);
        return shown;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern DisplayedValue Displayed(object value, IReadOnlyList<FormattedValue> formatted);
}

/// <summary>What a cell calls by its bare name.</summary>
public static class Kernel
{
    /// <summary>
    /// Shows a value; the handle replaces it. That of the formatters returns a handle to a second value where no kernel
    /// of theirs runs; this one comes before it, since its argument keeps its type.
    /// </summary>
    /// <param name="value">Any value.</param>
    /// <param name="mimeTypes">The MIME types; default those preferred for the value's type.</param>
    public static DisplayedValue Display<T>(this T value, params string[] mimeTypes) =>
        KernelInvocationContext.Current.Display(value!, mimeTypes);

    /// <summary>A text as HTML.</summary>
    /// <param name="content">HTML.</param>
    public static AspNetCore.Html.IHtmlContent HTML(string content) => new AspNetCore.Html.HtmlString(content);
}
