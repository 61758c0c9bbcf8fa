namespace NotebookHost.Execution;

/// <summary>Runs what goes through code recursively: a browser has one stack, of a size that nobody chooses.</summary>
internal static class DeepStack
{
    public static Task<T> RunAsync<T>(Func<T> work) => Task.FromResult(work());
}
