namespace NotebookSupport;

/// <summary>The notebook cell that is running, whatever host runs it.</summary>
internal static class RunningCell
{
    /// <summary>
    /// The key under which a host may leave an <c>Action&lt;CancellationToken&gt;</c> in <see cref="AppContext"/>. Called
    /// with a token, it makes the cell's loops in the current flow of execution stop when that token is cancelled. A host
    /// that does not reference this library repeats the key.
    /// </summary>
    public const string LoopCancellationKey = "NotebookSupport.LoopCancellation";

    private static readonly AsyncLocal<CancellationToken?> Followed = new();

    /// <summary>The host. It has to be loaded before this library, or cells can neither be interrupted nor show live charts.</summary>
    public static INotebookHost Host { get; } = new DotNetInteractive();

    /// <summary>
    /// The followed token where there is one, which its caller links to the cell's own; else cancelled when the reader
    /// interrupts the cell, and never where no cell is running.
    /// </summary>
    public static CancellationToken Interruption => Followed.Value ?? Host.Interruption;

    /// <summary>From here on, trainings and guarded loops in this flow of execution stop when the token is cancelled.</summary>
    public static void Follow(CancellationToken token)
    {
        Followed.Value = token;
        (AppContext.GetData(LoopCancellationKey) as Action<CancellationToken>)?.Invoke(token);
    }
}
