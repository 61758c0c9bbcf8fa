using System.Diagnostics;

namespace NotebookSupport.Tests;

/// <summary>Steps of given lengths on a clock of their own.</summary>
public class SharingPaceTests
{
    private static readonly long Microsecond = Stopwatch.Frequency / 1_000_000;

    [Fact]
    public void StepsAreSharedWhereThatIsFaster()
    {
        (long alone, long shared) = Run(seconds: 5, aloneMicroseconds: 200, sharedMicroseconds: _ => 110);
        Assert.InRange(alone / (double)(alone + shared), 0, 0.03);
    }

    /// <summary>A thread that the system has set aside is waited for: a hundred steps' time.</summary>
    [Fact]
    public void AStepThatWaitsForABusyCoreIsNotSharedForLong()
    {
        (long alone, long shared) = Run(
            seconds: 5,
            aloneMicroseconds: 40,
            sharedMicroseconds: i => i % 3 == 0 ? 4_000 : 25
        );
        Assert.InRange(shared / (double)alone, 0, 0.1);
    }

    [Fact]
    public void WhenTheCoreIsFreeAgainStepsAreSharedAgain()
    {
        (long alone, long shared) = Run(
            seconds: 60,
            aloneMicroseconds: 200,
            sharedMicroseconds: i => i < 50 ? 4_000 : 110
        );
        Assert.InRange(alone / (double)(alone + shared), 0, 0.15);
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
