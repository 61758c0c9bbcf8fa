namespace NotebookHost.Execution;

/// <summary>
/// Runs what goes through code recursively, as parser and compiler do: code that nests deep needs a deep stack, and a
/// stack that overflows ends the process. Memory is taken only as far as the stack is used.
/// </summary>
internal static class DeepStack
{
    private const int Bytes = 512 << 20;

    public static Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(
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
        }.Start();
        return done.Task;
    }
}
