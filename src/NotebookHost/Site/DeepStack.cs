namespace NotebookHost.Site;

/// <summary>
/// Runs what goes down into the nesting of a text that somebody else wrote: an expression of ten thousand brackets would
/// overflow the stack of an ordinary thread, which ends the process.
/// </summary>
internal static class DeepStack
{
    private const int Bytes = 512 << 20;
    private static readonly SemaphoreSlim Free = new(Environment.ProcessorCount);

    public static async Task<T> RunAsync<T>(Func<T> work)
    {
        await Free.WaitAsync();
        try
        {
            var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            var thread = new Thread(
                () =>
                {
                    try
                    {
                        done.SetResult(work());
                    }
                    catch (Exception error)
                    {
                        done.SetException(error);
                    }
                },
                Bytes
            )
            {
                IsBackground = true,
            };
            thread.Start();
            return await done.Task;
        }
        finally
        {
            Free.Release();
        }
    }
}
