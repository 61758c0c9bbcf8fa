using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace NotebookSupport.Benchmarks;

/// <summary>
/// What each notebook of the course takes, by the clock and in processor time, with all that it starts; beside the times of
/// another build that were saved in a file. A host of another build can be named: it runs the notebooks of its own folder.
/// </summary>
public static class CoursePace
{
    private sealed record Time(double Seconds, double ProcessorSeconds);

    /// <summary>Prints the table and returns the sums, and their ratios to the baseline where there is one.</summary>
    /// <param name="host">NotebookHost.dll.</param>
    /// <param name="notebooks">The folder of the notebooks.</param>
    /// <param name="baseline">A file that an earlier call saved; or none.</param>
    /// <param name="save">Where to save the times; or nowhere.</param>
    public static object Print(string host, string notebooks, string? baseline, string? save)
    {
        AdoptOrphans();
        Dictionary<string, Time> before = baseline is null
            ? []
            : JsonSerializer.Deserialize<Dictionary<string, Time>>(File.ReadAllText(baseline))!;
        var times = new Dictionary<string, Time>();
        Console.WriteLine("| notebook | s | processor s | of the baseline's |");
        Console.WriteLine("|---|---|---|---|");
        string output = Directory.CreateTempSubdirectory("course-pace-").FullName;
        try
        {
            foreach (
                string path in Directory
                    .EnumerateFiles(notebooks, "*.ipynb", SearchOption.AllDirectories)
                    .Order(StringComparer.Ordinal)
            )
            {
                string name = Path.GetFileName(path);
                times[name] = Run(host, path, output);
                Row(name, times[name], before.GetValueOrDefault(name));
            }
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
        Time all = Sum(times.Values);
        Time? allBefore = times.Keys.All(before.ContainsKey) ? Sum(times.Keys.Select(name => before[name])) : null;
        Row("together", all, allBefore);
        if (save is not null)
            File.WriteAllText(save, JsonSerializer.Serialize(times));
        return new
        {
            notebooks = times.Count,
            seconds = Math.Round(all.Seconds, 1),
            processor_seconds = Math.Round(all.ProcessorSeconds, 1),
            seconds_ratio = Ratio(all.Seconds, allBefore?.Seconds),
            processor_ratio = Ratio(all.ProcessorSeconds, allBefore?.ProcessorSeconds),
        };
    }

    private static double? Ratio(double now, double? before) =>
        before is null ? null : Math.Round(now / before.Value, 3);

    private static Time Run(string host, string notebook, string output)
    {
        double before = ProcessorSecondsOfChildren();
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(
            new ProcessStartInfo("dotnet", [host, "run", notebook, "--output", output])
            {
                RedirectStandardOutput = true,
            }
        )!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{notebook} failed.");
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        CollectOrphans();
        return new Time(seconds, ProcessorSecondsOfChildren() - before);
    }

    private static void Row(string name, Time time, Time? before) =>
        Console.WriteLine(
            FormattableString.Invariant(
                $"| {name} | {time.Seconds:F1} | {time.ProcessorSeconds:F1} | {(before is null ? "–" : FormattableString.Invariant($"{time.Seconds / before.Seconds:F2}, {time.ProcessorSeconds / before.ProcessorSeconds:F2}"))} |"
            )
        );

    private static Time Sum(IEnumerable<Time> times) =>
        times.Aggregate(
            new Time(0, 0),
            (sum, time) => new Time(sum.Seconds + time.Seconds, sum.ProcessorSeconds + time.ProcessorSeconds)
        );

    /// <summary>The processor time of all processes that this one started, and theirs, that have ended.</summary>
    private static double ProcessorSecondsOfChildren()
    {
        const int children = -1;
        long[] usage = new long[32];
        if (OperatingSystem.IsWindows() || GetResourceUsage(children, usage) != 0)
            return double.NaN;
        // Two times, of the user and the system, each in seconds and microseconds.
        return usage[0] + usage[2] + (usage[1] + usage[3]) / 1e6;
    }

    /// <summary>What a host leaves without having waited for it becomes a child of this process, so that its time counts.</summary>
    private static void AdoptOrphans()
    {
        const int setChildSubreaper = 36;
        if (OperatingSystem.IsLinux())
            SetProcessOption(setChildSubreaper, 1, 0, 0, 0);
    }

    private static void CollectOrphans()
    {
        const int any = -1;
        const int noWait = 1;
        for (int tries = 0; tries < 20 && OperatingSystem.IsLinux(); tries++)
        {
            while (WaitForProcess(any, 0, noWait) > 0) { }
            Thread.Sleep(25);
        }
    }

    [DllImport("libc", EntryPoint = "prctl")]
    private static extern int SetProcessOption(int option, nuint value, nuint second, nuint third, nuint fourth);

    [DllImport("libc", EntryPoint = "waitpid")]
    private static extern int WaitForProcess(int id, nint status, int options);

    [DllImport("libc", EntryPoint = "getrusage")]
    private static extern int GetResourceUsage(int who, [Out] long[] usage);
}
