using System.Diagnostics;

namespace NotebookSupport;

/// <summary>
/// Decides by measuring whether steps run faster on all threads of a pool or on the caller alone, as they do where another
/// program keeps the other cores busy: then a step waits for a thread that the system has set aside. Steps run alone at
/// first and now and then, to know their time, and else on all threads for as long as that is faster.
/// </summary>
internal sealed class SharingPace
{
    /// <summary>A time is the mean of at least so many steps, unless they are long, and of half a millisecond.</summary>
    private const int WindowSteps = 4;

    /// <summary>
    /// After a window that was too slow on all threads, the caller goes on alone for so many times as long, and for twice as
    /// long each time that this happens again, up to the most.
    /// </summary>
    private const int LeastPatience = 20;
    private const int MostPatience = 320;

    /// <summary>Each stretch on all threads may be so many times as long as the last before the time alone is taken anew.</summary>
    private const int Growth = 4;

    private static readonly long ShortestWindow = Stopwatch.Frequency / 2_000;
    private static readonly long FirstStretch = Stopwatch.Frequency / 50;

    /// <summary>To find out costs some milliseconds where a thread is set aside: too much for a training of a few.</summary>
    private static readonly long AloneAtFirst = Stopwatch.Frequency / 25;

    private long _windowStart;
    private int _steps;
    private double _aloneTime;
    private long _until;
    private long _stretch = FirstStretch;
    private int _patience = LeastPatience;

    /// <param name="now">The timestamp of the first step's start.</param>
    public SharingPace(long now)
    {
        _windowStart = now;
        _until = now + AloneAtFirst;
    }

    /// <summary>Whether the next step runs on the caller alone.</summary>
    public bool IsAlone { get; private set; } = true;

    /// <param name="now">The timestamp of the end of a step.</param>
    public void StepDone(long now)
    {
        long time = now - _windowStart;
        _steps++;
        if (time < ShortestWindow || (_steps < WindowSteps && time < AloneAtFirst))
            return;
        double stepTime = (double)time / _steps;
        if (IsAlone)
        {
            _aloneTime = stepTime;
            if (now >= _until)
            {
                IsAlone = false;
                _until = now + _stretch;
            }
        }
        else if (stepTime > _aloneTime)
        {
            IsAlone = true;
            _until = now + _patience * time;
            _patience = Math.Min(2 * _patience, MostPatience);
            _stretch = FirstStretch;
        }
        else if (now >= _until)
        {
            IsAlone = true;
            _stretch *= Growth;
            _patience = LeastPatience;
        }
        (_windowStart, _steps) = (now, 0);
    }
}
