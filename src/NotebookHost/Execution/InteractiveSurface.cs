using NotebookHost.Execution;

namespace Microsoft.DotNet.Interactive;

/// <summary>The helpers of .NET Interactive that a cell may call by their bare names.</summary>
public static class Kernel
{
    /// <summary>Shows a value; returns a handle to replace it.</summary>
    /// <param name="value">Any value.</param>
    /// <param name="mimeType">The kind of text; default the one preferred for the value's type.</param>
    public static DisplayedValue display(object value, string? mimeType = null) =>
        KernelInvocationContext.Current.Display(value, mimeType is null ? [] : [mimeType]);

    /// <summary>Text that is shown as HTML.</summary>
    /// <param name="content">HTML.</param>
    public static HtmlText HTML(string content) => new(content);

    /// <summary>Shows a script that the page runs.</summary>
    /// <param name="scriptContent">JavaScript.</param>
    public static void Javascript(string scriptContent) => display(HTML($"<script>{scriptContent}</script>"));
}

/// <summary>Text that is shown as HTML.</summary>
/// <param name="Content">HTML.</param>
public sealed record HtmlText(string Content)
{
    /// <summary>The HTML itself.</summary>
    public override string ToString() => Content;
}

/// <summary>Where the values go that the running cell displays.</summary>
public sealed class KernelInvocationContext
{
    private readonly Action<Output> _show;
    private int _displayed;

    internal KernelInvocationContext(Action<Output> show) => _show = show;

    /// <summary>The context of the notebook that this process runs.</summary>
    public static KernelInvocationContext Current { get; internal set; } = new(_ => { });

    internal DisplayedValue Show(object value, string[] mimeTypes)
    {
        int id = Interlocked.Increment(ref _displayed);
        _show(new DisplayOutput(id, MimeBundle.Of(value, mimeTypes)));
        return new DisplayedValue(updated => _show(new UpdateOutput(id, MimeBundle.Of(updated, mimeTypes))));
    }
}

/// <summary>Displays values from any thread.</summary>
public static class KernelInvocationContextExtensions
{
    /// <summary>Shows a value; returns a handle to replace it.</summary>
    /// <param name="context">The context of the cell.</param>
    /// <param name="value">Any value.</param>
    /// <param name="mimeTypes">The kinds of text; default those preferred for the value's type.</param>
    public static DisplayedValue Display(
        this KernelInvocationContext context,
        object value,
        params string[] mimeTypes
    ) => context.Show(value, mimeTypes);
}

/// <summary>A value that was shown and can be replaced.</summary>
public sealed class DisplayedValue
{
    private readonly Action<object> _update;

    internal DisplayedValue(Action<object> update) => _update = update;

    /// <summary>Puts another value in the place of the one shown.</summary>
    /// <param name="updatedValue">Any value.</param>
    public void Update(object updatedValue) => _update(updatedValue);
}
