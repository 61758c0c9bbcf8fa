namespace NotebookHost.Execution;

/// <summary>The calls that led to an exception, those of cells with their lines.</summary>
internal static class CellTrace
{
    public static string? Of(Exception exception) => exception.StackTrace;
}
