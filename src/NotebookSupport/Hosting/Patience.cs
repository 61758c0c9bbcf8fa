using System.Diagnostics;

namespace NotebookSupport;

/// <summary>
/// How long code may take: so long where it works with most of a processor, or waits and uses none; five times as long
/// where a busy machine gives it less. What ends in time on one machine then does on every other.
/// </summary>
internal sealed class Patience(TimeSpan limit)
{
    /// <summary>Below this fraction of a processor a process waits: one that works gets more on any machine.</summary>
    private const double Waiting = 0.02;
    private const double Working = 0.9;

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly TimeSpan _usedBefore = Environment.CpuUsage.TotalTime;

    public bool IsOver
    {
        get
        {
            TimeSpan elapsed = Stopwatch.GetElapsedTime(_start);
            TimeSpan used = Environment.CpuUsage.TotalTime - _usedBefore;
            return elapsed > 5 * limit || (elapsed > limit && (used > Working * limit || used < Waiting * elapsed));
        }
    }
}
