using System.Diagnostics;
using System.Globalization;
using NotebookHost.Jupyter;
using NotebookHost.Tests;

namespace NotebookSupport.Benchmarks;

/// <summary>What a student waits for at a kernel, and what it costs to watch a training.</summary>
internal static class KernelPace
{
    private const int Starts = 5;
    private const int Cells = 50;
    private const int Trainings = 7;
    private static readonly string[] Running =
    [
        "while (true) { }",
        "await Task.Delay(-1);",
        "while (true) await Task.Yield();",
        "System.Threading.Thread.Sleep(-1);",
        "Task.Run(() => { while (true) { } }).Wait();",
    ];
    private const double Megabyte = 1024 * 1024;

    public static object Measure()
    {
        double[] starts = [.. Enumerable.Range(0, Starts).Select(_ => SecondsToFirstResult())];
        using var kernel = new KernelClient();
        kernel.Execute("1 + 1");
        Thread.Sleep(3000);
        kernel.Process.Refresh();
        double memory = kernel.Process.WorkingSet64 / Megabyte;
        double[] cells = [.. Enumerable.Range(0, Cells).Select(i => Seconds(() => kernel.Execute($"{i} + 1")))];

        double[] stops = [.. Running.Select(code => SecondsToStop(kernel, code))];

        kernel.Execute(
            $"#r \"{typeof(Trainer).Assembly.Location}\"\nusing NotebookSupport;\nusing System.Diagnostics;\n"
                + "var network = Network.Create([64, 100, 100, 10], Activation.ReLU, Initializer.HeNormal, 1);\n"
                + "var options = new TrainingOptions { Steps = 15_000, BatchSize = 128, LearningRate = 0.01, Threads = 1 };"
        );
        Train(kernel, "Trainer");
        Train(kernel, "Live");
        (double Alone, double Watched, double Pace)[] pairs =
        [
            .. Enumerable
                .Range(0, Trainings)
                .Select(_ =>
                {
                    (double alone, _) = Train(kernel, "Trainer");
                    (double watched, int updates) = Train(kernel, "Live");
                    return (alone, watched, updates / watched);
                }),
        ];
        return new
        {
            first_result_s = Round(Median(starts)),
            warm_cell_ms = Round(1000 * Median(cells)),
            slowest_interruption_ms = Round(1000 * stops.Max()),
            idle_mb = Round(memory),
            live_updates_per_s = Round(Median(pairs.Select(pair => pair.Pace))),
            live_overhead_percent = Round(100 * (pairs.Min(pair => pair.Watched) / pairs.Min(pair => pair.Alone) - 1)),
        };
    }

    private static double SecondsToFirstResult()
    {
        long start = Stopwatch.GetTimestamp();
        using var kernel = new KernelClient();
        kernel.Execute("1 + 1");
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double SecondsToStop(KernelClient kernel, string code)
    {
        var header = kernel.SendCell($"Console.WriteLine(1);\n{code}");
        kernel.WaitForOutput();
        Thread.Sleep(100);
        double seconds = Seconds(() =>
        {
            kernel.Control("interrupt_request", []);
            kernel.Reply(header);
        });
        kernel.Drain();
        return seconds;
    }

    /// <summary>The seconds that a training took in the kernel, and how often its chart was drawn.</summary>
    private static (double Seconds, int Updates) Train(KernelClient kernel, string trainer)
    {
        (_, Message[] published) = kernel.Execute(
            $"{{ var clock = Stopwatch.StartNew(); {trainer}.Train(network, Datasets.Digits(), options); "
                + "Console.Write(clock.Elapsed.TotalSeconds); }"
        );
        string text = string.Concat(published.Where(m => m.Type == "stream").Select(m => m.Content["text"]));
        return (
            double.Parse(text, CultureInfo.InvariantCulture),
            published.Count(message => message.Type is "display_data" or "update_display_data")
        );
    }

    private static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static double Round(double value) => Math.Round(value, 2);
}
