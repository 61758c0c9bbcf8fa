using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace NotebookSupport.Benchmarks;

/// <summary>
/// The four standard shapes, timed beside PyTorch, NumPy and plain MathNet. The programs take turns, and the best
/// time of each counts, because a machine is seldom quiet.
/// </summary>
public static class Comparison
{
    private const string Python = "/usr/bin/python3";
    private const int Threads = 2;

    /// <summary>The four shapes.</summary>
    public static readonly IReadOnlyList<(string Name, int[] Sizes, int Batch)> Shapes =
    [
        ("tiny", [64, 16, 16, 10], 64),
        ("small", [64, 64, 64, 64, 64, 64, 10], 128),
        ("deep", [64, .. Enumerable.Repeat(100, 10), 10], 128),
        ("wide", [64, .. Enumerable.Repeat(256, 5), 10], 256),
    ];

    /// <summary>Prints the table in Markdown.</summary>
    public static void Print(int rounds)
    {
        var blas = new SortedSet<string>();
        Console.WriteLine(
            "| shape | ours, 1 thread | ours, 2 | ours, default | PyTorch, 1 | 2 | NumPy, 1 | 2 | MathNet | ours / best peer | MathNet / ours |"
        );
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        foreach ((string name, int[] sizes, int batch) in Shapes)
        {
            double[] best = Times(sizes, batch, rounds, blas);
            double ours = best[..3].Min();
            double peer = best[3..7].Min();
            string[] cells =
            [
                .. best.Select(time => double.IsFinite(time) ? FormattableString.Invariant($"{time:F1}") : "–"),
                double.IsFinite(peer) ? FormattableString.Invariant($"{ours / peer:F2}") : "–",
                FormattableString.Invariant($"{best[7] / ours:F1}"),
            ];
            Console.WriteLine($"| {name} | {string.Join(" | ", cells)} |");
        }
        Console.WriteLine();
        Console.WriteLine($"Microseconds a step, best of {rounds} rounds of five blocks. {Machine()}");
        Console.WriteLine($"BLAS of the peers: {(blas.Count == 0 ? "none found" : string.Join(", ", blas))}.");
    }

    private static double[] Times(int[] sizes, int batch, int rounds, SortedSet<string> blas)
    {
        var step = new TimedStep(sizes, batch);
        var plain = new PlainMathNetStep(sizes, batch);
        Func<double>[] programs =
        [
            () => step.BestMicroseconds(1),
            () => step.BestMicroseconds(Threads),
            () => step.BestMicroseconds(null),
            () => Peer("torch", sizes, batch, 1, blas),
            () => Peer("torch", sizes, batch, Threads, blas),
            () => Peer("numpy", sizes, batch, 1, blas),
            () => Peer("numpy", sizes, batch, Threads, blas),
            plain.BestMicroseconds,
        ];
        double[] best = [.. programs.Select(_ => double.PositiveInfinity)];
        for (int round = 0; round < rounds; round++)
        for (int i = 0; i < programs.Length; i++)
            best[i] = Math.Min(best[i], programs[i]());
        return best;
    }

    /// <summary>The time of a step of a peer; infinite where it is not installed.</summary>
    private static double Peer(string name, int[] sizes, int batch, int threads, SortedSet<string> blas)
    {
        if (!File.Exists(Python))
            return double.PositiveInfinity;
        string script = Path.Combine(AppContext.BaseDirectory, "peers.py");
        var start = new ProcessStartInfo(Python) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in new[] { script, name, string.Join(',', sizes), $"{batch}", $"{threads}" })
            start.ArgumentList.Add(argument);
        // A core type forced from outside slows a current OpenBLAS.
        start.Environment.Remove("OPENBLAS_CORETYPE");
        start.Environment.Remove("OPENBLAS_L2_SIZE");
        using Process process = Process.Start(start)!;
        string error = "";
        process.ErrorDataReceived += (_, line) => error += line.Data;
        process.BeginErrorReadLine();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            return error.Contains("ModuleNotFoundError", StringComparison.Ordinal)
                ? double.PositiveInfinity
                : throw new InvalidOperationException($"{name} failed: {error}");
        JsonElement result = JsonDocument.Parse(output).RootElement;
        blas.UnionWith(result.GetProperty("blas").EnumerateArray().Select(path => path.GetString()!));
        return result.GetProperty("us_per_step").GetDouble();
    }

    private static string Machine()
    {
        string model =
            File.Exists("/proc/cpuinfo")
            && File.ReadLines("/proc/cpuinfo")
                .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
                is { } line
                ? line.Split(':')[1].Trim()
                : "unknown processor";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{model}, {Environment.ProcessorCount} processors, {PackedMatrix.Lanes} lanes, .NET {Environment.Version}."
        );
    }
}
