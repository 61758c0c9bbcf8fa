using System.ComponentModel;

namespace NotebookHost.Execution;

/// <summary>
/// What <see cref="CellCode"/> writes into cells. Nothing in .NET stops a thread from outside, so each loop of a cell
/// looks for an interruption once a turn, and what a cell awaits ends with an interruption.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LoopGuard
{
    /// <summary>Throws an <see cref="OperationCanceledException"/> where the cell to which this flow belongs was interrupted.</summary>
    public static void Check() => CellRun.ThrowIfStopped();

    /// <summary>Removes what the cell has shown so far.</summary>
    public static void Clear() => CellConsole.Clear();

    /// <summary>An awaitable that ends with an interruption.</summary>
    /// <param name="task">What the cell awaits.</param>
    public static Task Awaited(Task task) =>
        task is { IsCompleted: false } && CellRun.Current is { } run ? run.WaitAsync(task) : task;

    /// <inheritdoc cref="Awaited(Task)"/>
    public static Task<T> Awaited<T>(Task<T> task)
    {
        return task is { IsCompleted: false } && CellRun.Current is { } run ? Result(run) : task;
        async Task<T> Result(CellRun run)
        {
            await run.WaitAsync(task);
            return await task;
        }
    }

    /// <inheritdoc cref="Awaited(Task)"/>
    public static ValueTask Awaited(ValueTask task) => task.IsCompleted ? task : new(Awaited(task.AsTask()));

    /// <inheritdoc cref="Awaited(Task)"/>
    public static ValueTask<T> Awaited<T>(ValueTask<T> task) => task.IsCompleted ? task : new(Awaited(task.AsTask()));

    /// <summary>A sequence whose waiting ends with an interruption.</summary>
    /// <param name="source">What the cell goes through by <c>await foreach</c>.</param>
    public static async IAsyncEnumerable<T> Awaited<T>(IAsyncEnumerable<T> source)
    {
        IAsyncEnumerator<T> items = source.GetAsyncEnumerator();
        bool isStopped = false;
        try
        {
            while (true)
            {
                try
                {
                    if (!await Awaited(items.MoveNextAsync()))
                        yield break;
                }
                catch (CellStoppedException)
                {
                    isStopped = true;
                    throw;
                }
                yield return items.Current;
            }
        }
        finally
        {
            // An enumerator that still waits for its next item must not be disposed.
            if (!isStopped)
                await items.DisposeAsync();
        }
    }

    /// <summary>Any other awaitable is awaited as it is.</summary>
    /// <param name="awaitable">What the cell awaits.</param>
    public static T Awaited<T>(T awaitable) => awaitable;
}
