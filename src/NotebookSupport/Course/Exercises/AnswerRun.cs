namespace NotebookSupport;

/// <summary>The outcome of running the code of an answer within a time limit.</summary>
/// <param name="Failure">Null for a right answer, else one sentence.</param>
/// <param name="TimedOut">Whether it had to be stopped.</param>
internal sealed record AnswerRun(string? Failure, bool TimedOut)
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Runs an answer on a thread of its own. After the limit its trainings and the loops that the host guards stop at
    /// their next iteration, and a thread that sleeps or waits is interrupted; .NET cannot stop any other code, which
    /// continues at the lowest priority.
    /// </summary>
    /// <param name="judge">Calls the answer; null for a right one, else one sentence.</param>
    /// <param name="limit">How long it may take.</param>
    public static AnswerRun Of(Func<string?> judge, TimeSpan limit)
    {
        // A browser has one thread, which cannot wait for another: its reader ends an answer that does not end.
        if (OperatingSystem.IsBrowser())
            return new AnswerRun(Judged(judge), TimedOut: false);
        CancellationToken interruption = RunningCell.Interruption;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interruption);
        CancellationToken stopped = stop.Token;
        string? failure = null;
        var thread = new Thread(() =>
        {
            RunningCell.Follow(stopped);
            failure = Judged(judge);
        })
        {
            IsBackground = true,
            Name = "answer of an exercise",
        };
        thread.Start();
        bool ended;
        try
        {
            ended = EndsWithin(thread, limit);
        }
        catch (ThreadInterruptedException)
        {
            End(thread, stop);
            throw;
        }
        if (ended)
        {
            interruption.ThrowIfCancellationRequested();
            return new AnswerRun(failure, TimedOut: false);
        }
        string late = Invariant($"your answer did not end within {limit.TotalSeconds} seconds");
        return new AnswerRun(
            End(thread, stop)
                ? late + "."
                : late + " and goes on where nothing can stop it; restart the kernel to end it.",
            TimedOut: true
        );
    }

    private static string? Judged(Func<string?> judge)
    {
        try
        {
            return judge();
        }
        catch (Exception error)
        {
            return $"your answer threw {error.GetType().Name}: {error.Message}";
        }
    }

    private static bool EndsWithin(Thread thread, TimeSpan limit)
    {
        var patience = new Patience(limit);
        while (!thread.Join(Glance))
            if (patience.IsOver)
                return false;
        return true;
    }

    private static bool End(Thread thread, CancellationTokenSource stop)
    {
        stop.Cancel();
        if (thread.Join(Grace))
            return true;
        thread.Interrupt();
        if (thread.Join(Grace))
            return true;
        thread.Priority = ThreadPriority.Lowest;
        return false;
    }
}
