namespace NotebookHost.Execution;

/// <summary>What the reader is told about an interruption.</summary>
internal sealed class InterruptedException(string message) : Exception(message);
