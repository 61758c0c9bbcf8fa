using System.Diagnostics;

namespace NotebookSupport.Tests;

/// <summary>Steps of given lengths on a clock of their own.</summary>
public class SharingPaceTests
{
    private static readonly long Microsecond = Stopwatch.Frequency / 1_000_000;

    /// <summary>Alone are 40 ms at first and four steps after 20, 80, 320 … ms: 45 ms of 5 s.</summary>
    [Fact]
    public void StepsAreSharedWhereThatIsFaster()
    {
        (long alone, long shared) = Run(seconds: 5, aloneMicroseconds: 200, sharedMicroseconds: _ => 110);
        Assert.InRange(alone / (double)(alone + shared), 0, 0.01);
    }

    /// <summary>A thread that the system has set aside is waited for: a hundred steps' time. After three times it is tried once in 320 times as long, so that less than a twentieth is lost of 5 s.</summary>
    [Fact]
    public void AStepThatWaitsForABusyCoreIsNotSharedForLong()
    {
        (long alone, long shared) = Run(
            seconds: 5,
            aloneMicroseconds: 40,
            sharedMicroseconds: i => i % 3 == 0 ? 4_000 : 25
        );
        Assert.InRange(shared / (double)alone, 0, 0.05);
    }

    /// <summary>
    /// Eight slow steps are two windows of 16 ms, followed by 20 and 40 times as long alone: 1 s of 60, and 1 % as above.
    /// </summary>
    [Fact]
    public void WhenTheCoreIsFreeAgainStepsAreSharedAgain()
    {
        (long alone, long shared) = Run(
            seconds: 60,
            aloneMicroseconds: 200,
            sharedMicroseconds: i => i < 8 ? 4_000 : 110
        );
        Assert.InRange(alone / (double)(alone + shared), 0, 0.03);
    }

    [Fact]
    public void AShortTrainingIsRunAlone()
    {
        (_, long shared) = Run(seconds: 0.03, aloneMicroseconds: 100, sharedMicroseconds: _ => 50);
        Assert.Equal(0, shared);
    }

    /// <summary>The time spent in steps of each kind; a shared one is given its number among them.</summary>
    private static (long Alone, long Shared) Run(
        double seconds,
        int aloneMicroseconds,
        Func<int, int> sharedMicroseconds
    )
    {
        long now = 0;
        var pace = new SharingPace(now);
        (long alone, long shared) = (0, 0);
        for (int i = 0; now < seconds * Stopwatch.Frequency; )
        {
            long step = (pace.IsAlone ? aloneMicroseconds : sharedMicroseconds(i++)) * Microsecond;
            (alone, shared) = pace.IsAlone ? (alone + step, shared) : (alone, shared + step);
            now += step;
            pace.StepDone(now);
        }
        return (alone, shared);
    }
}
