namespace NotebookSupport;

/// <summary>The notebook cell that is running, whatever host runs it.</summary>
internal static class RunningCell
{
    /// <summary>
    /// Where a host may leave an <c>Action&lt;CancellationToken&gt;</c> in <see cref="AppContext"/>: called with a token,
    /// it makes the cell's loops in the current flow of execution stop when that token is cancelled.
    /// </summary>
    public const string FollowedByLoops = "NotebookSupport.FollowedByLoops";

    private static readonly AsyncLocal<CancellationToken?> Followed = new();

    /// <summary>The host, which is there before it loads this library.</summary>
    public static INotebookHost Host { get; } = new DotNetInteractive();

    /// <summary>
    /// Cancelled when the reader interrupts the cell, or the followed token is cancelled; never where no cell is running.
    /// </summary>
    public static CancellationToken Interruption => Followed.Value ?? Host.Interruption;

    /// <summary>From here on, trainings and guarded loops in this flow of execution stop when the token is cancelled.</summary>
    public static void Follow(CancellationToken token)
    {
        Followed.Value = token;
        (AppContext.GetData(FollowedByLoops) as Action<CancellationToken>)?.Invoke(token);
    }
}
