using NotebookHost.Execution;

namespace Microsoft.DotNet.Interactive;

/// <summary>The helpers of .NET Interactive that a cell may call by their bare names.</summary>
public static class Kernel
{
    /// <summary>Shows a value; returns a handle to replace it.</summary>
    /// <param name="value">Any value.</param>
    /// <param name="mimeTypes">The kinds of text; default those preferred for the value's type.</param>
    public static DisplayedValue display(object value, params string[] mimeTypes) =>
        KernelInvocationContext.Current.Display(value, mimeTypes);

    /// <summary>Text that is shown as HTML.</summary>
    /// <param name="content">HTML.</param>
    public static HtmlText HTML(string content) => new(content);

    /// <summary>Shows a script that the page runs.</summary>
    /// <param name="scriptContent">JavaScript.</param>
    public static void Javascript(string scriptContent) => display(HTML($"<script>{scriptContent}</script>"));

    /// <summary>Asks the reader for a line of text; throws where no front end can ask.</summary>
    /// <param name="prompt">What the reader is asked.</param>
    /// <param name="inputName">A name for the input, which front ends other than Jupyter show.</param>
    public static Task<string> GetInputAsync(string prompt = "", string inputName = "") =>
        KernelInvocationContext.Current.AskAsync(prompt, isPassword: false);

    /// <summary>Asks the reader for a text that is not shown; throws where no front end can ask.</summary>
    /// <param name="prompt">What the reader is asked.</param>
    /// <param name="inputName">A name for the input, which front ends other than Jupyter show.</param>
    public static Task<string> GetPasswordAsync(string prompt = "", string inputName = "") =>
        KernelInvocationContext.Current.AskAsync(prompt, isPassword: true);
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
    private readonly AskReader? _ask;
    private int _displayed;

    internal KernelInvocationContext(Action<Output> show, AskReader? ask = null)
    {
        _show = show;
        _ask = ask;
    }

    /// <summary>The context of the notebook that this process runs.</summary>
    public static KernelInvocationContext Current { get; internal set; } = new(_ => { });

    /// <summary>Cancelled when the reader interrupts the running cell.</summary>
    public CancellationToken CancellationToken { get; internal set; }

    internal Task<string> AskAsync(string prompt, bool isPassword) =>
        _ask?.Invoke(prompt, isPassword)
        ?? throw new NotSupportedException(
            $"The cell asks for input ({(prompt.Length == 0 ? "no prompt" : prompt)}), and nobody is there to answer; "
                + "expected a notebook open in Jupyter or VS Code."
        );

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
