using System.Diagnostics;

namespace NotebookSupport.Benchmarks;

/// <summary>What two threads are worth where other programs keep cores busy: a step of each shape, and a sweep.</summary>
public static class Contention
{
    /// <summary>The verb that keeps one core busy until its input ends.</summary>
    public const string BusyVerb = "busy";

    private const int Threads = 2;
    private const int Rounds = 5;
    private const int Trainings = 16;
    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(0.5);

    /// <summary>Prints the table and returns the largest ratio of the steps and that of the sweep.</summary>
    public static (double Step, double Sweep) Print(int busy)
    {
        Process[] others = [.. Enumerable.Range(0, busy).Select(_ => StartBusy())];
        try
        {
            Console.WriteLine($"{busy} busy cores of {Environment.ProcessorCount}; medians of {Rounds} rounds.");
            Console.WriteLine("| | 1 thread | 2 threads | 2 / 1 |");
            Console.WriteLine("|---|---|---|---|");
            double worst = 0;
            foreach ((string name, int[] sizes, int batch) in Comparison.Shapes)
            {
                var step = new TimedStep(sizes, batch);
                worst = Math.Max(
                    worst,
                    Row($"{name}, us a step", threads => step.MeanMicroseconds(threads, RoundTime))
                );
            }
            var training = new TimedStep([64, 64, 64, 10], 128);
            double sweep = Row(
                $"sweep of {Trainings} trainings, ms",
                threads =>
                    Milliseconds(() =>
                        Sweep.Run([0], Enumerable.Range(0, Trainings), (_, _) => training.Train(1, 200), threads)
                    )
            );
            return (worst, sweep);
        }
        finally
        {
            foreach (Process other in others)
            {
                other.Kill();
                other.Dispose();
            }
        }
    }

    /// <summary>Keeps a core busy until the standard input ends.</summary>
    public static void KeepBusy()
    {
        using var ended = new CancellationTokenSource();
        _ = Task.Run(() =>
        {
            while (Console.Read() >= 0) { }
            ended.Cancel();
        });
        while (!ended.IsCancellationRequested)
            Thread.SpinWait(1000);
    }

    private static double Row(string name, Func<int, double> time)
    {
        time(1);
        time(Threads);
        var alone = new List<double>();
        var shared = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            alone.Add(time(1));
            shared.Add(time(Threads));
        }
        double ratio = Median(shared) / Median(alone);
        Console.WriteLine(
            FormattableString.Invariant($"| {name} | {Median(alone):F1} | {Median(shared):F1} | {ratio:F2} |")
        );
        return ratio;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static double Milliseconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static Process StartBusy() =>
        Process.Start(
            new ProcessStartInfo("dotnet", [typeof(Contention).Assembly.Location, BusyVerb])
            {
                RedirectStandardInput = true,
            }
        )!;
}
