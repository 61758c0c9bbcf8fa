using System.Runtime.InteropServices;

namespace NotebookHost.Jupyter;

/// <summary>The process that started this one: a kernel must not outlive it.</summary>
internal static class Parent
{
    private const int Init = 1;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Ends when the parent is gone; never where that cannot be told.</summary>
    public static async Task WaitForEndAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            // Jupyter hands its own process over as a handle.
            if (nint.TryParse(Environment.GetEnvironmentVariable("JPY_PARENT_PID"), out nint handle) && handle > 0)
            {
                using var parent = new ManualResetEvent(false);
                parent.SafeWaitHandle = new Microsoft.Win32.SafeHandles.SafeWaitHandle(handle, ownsHandle: false);
                await Task.Run(parent.WaitOne);
                return;
            }
        }
        else if (ParentId() is var first and not Init)
        {
            while (ParentId() == first)
                await Task.Delay(PollInterval);
            return;
        }
        await Task.Delay(Timeout.Infinite);
    }

    [DllImport("libc", EntryPoint = "getppid")]
    private static extern int ParentId();
}
