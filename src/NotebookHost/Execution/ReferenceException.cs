namespace NotebookHost.Execution;

/// <summary>A <c>#r</c> that names nothing, said in one sentence; the line counts from 1.</summary>
internal sealed class ReferenceException(string message, int line) : Exception(message)
{
    public int Line { get; } = line;
}
