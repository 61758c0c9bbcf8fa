using System.Globalization;
using NotebookSupport;

namespace NotebookHost.Kernels;

/// <summary>The start of a program in a browser, before it computes anything.</summary>
internal static class BrowserStart
{
    /// <summary>Prepares what all of it computes with.</summary>
    /// <param name="exact">Whether to emulate fused multiply-adds even where the browser has them.</param>
    public static async Task OpenAsync(bool exact)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        RuntimeKernels.Made = BrowserKernels.Create(exact);
        // From the first work on it, a wait for work that has not begun runs it instead; there is no other thread to do so.
        await Task.Run(() => { });
    }
}
