using System.Globalization;
using System.Text.Json;
using BenchmarkDotNet.Running;
using NotebookHost.Tests;
using NotebookSupport;
using NotebookSupport.Benchmarks;

switch (args.FirstOrDefault())
{
    case "step":
        Print(Step(Option("--sizes", "64,100,100,10"), Option("--batch", "128"), Option("--threads", "1")));
        return 0;
    case "golden" when args.Length == 2:
        double[] errors = [.. GoldenCase.Read(args[1]).Select(c => c.WorstRelativeError())];
        Print(new { cases = errors.Length, worst_relative_error = errors.Max() });
        return 0;
    case "hash":
        Print(
            new
            {
                lanes = PackedMatrix.Lanes,
                sha256 = TrainingHash.Of(int.Parse(Option("--threads", "1"), CultureInfo.InvariantCulture)),
            }
        );
        return 0;
    case "allocated":
        Print(
            new
            {
                bytes = new TimedStep([64, 100, 100, 10], 128).AllocatedBytes(
                    int.Parse(Option("--threads", "1"), CultureInfo.InvariantCulture)
                ),
            }
        );
        return 0;
    case "compare":
        Comparison.Print(int.Parse(Option("--rounds", "5"), CultureInfo.InvariantCulture));
        return 0;
    case "peak":
        Peak.Print();
        return 0;
    case "course":
        Print(
            CoursePace.Print(
                Option("--host", HostProgram.Path),
                Option("--notebooks", "notebooks"),
                args.Contains("--baseline") ? Option("--baseline", "") : null,
                args.Contains("--save") ? Option("--save", "") : null
            )
        );
        return 0;
    case "contention":
        (double worstStep, double sweep) = Contention.Print(
            int.Parse(Option("--busy", "1"), CultureInfo.InvariantCulture)
        );
        Print(new { worst_step_ratio = Math.Round(worstStep, 2), sweep_ratio = Math.Round(sweep, 2) });
        return 0;
    case Contention.BusyVerb:
        Contention.KeepBusy();
        return 0;
    case "theory" when args.Length == 2:
        Print(Theory(args[1]));
        return 0;
    case "trainability":
        TrainabilityMap.Write(
            Option("--file", "src/NotebookSupport/Training/trainability.csv.gz"),
            new Progress<(int Done, int Of)>(cells => Console.Error.Write($"\r{cells.Done} of {cells.Of}"))
        );
        return 0;
    case "kernels":
        BenchmarkRunner.Run<KernelBenchmarks>();
        return 0;
    case "kill":
        int rounds = int.Parse(Option("--rounds", "200"), CultureInfo.InvariantCulture);
        (int torn, int leftover, int orphans) = KilledRuns.Count(rounds - rounds / 4, hardLink: false);
        (int tornLinked, int leftoverLinked, int orphansLinked) = KilledRuns.Count(rounds / 4, hardLink: true);
        Print(
            new
            {
                rounds,
                torn = torn + tornLinked,
                leftover = leftover + leftoverLinked,
                orphans = orphans + orphansLinked,
            }
        );
        return 0;
    case "jupyter":
        Print(KernelPace.Measure());
        return 0;
    case "mutate":
        Print(Mutate(int.Parse(Option("--messages", "100000"), CultureInfo.InvariantCulture)));
        return 0;
    default:
        Console.Error.WriteLine(
            """
            step [--sizes 64,100,10] [--batch 128] [--threads 1]   time one training step
            compare [--rounds 5]                                   beside PyTorch, NumPy and plain MathNet
            peak                                                   the products as shares of the core's peak
            kernels                                                the kernels in BenchmarkDotNet
            course [--host DLL] [--notebooks FOLDER] [--save FILE] [--baseline FILE]
                                                                   seconds and processor seconds of each notebook
            contention [--busy 1]                                  two threads against one beside busy cores
            theory FILE                                            the mean-field maps: time of a point, error
            trainability [--file FILE]                             the map of what learns in notebook 07, trained again
            golden FILE                                            the largest error against PyTorch's values
            jupyter                                                the kernel: start, a cell, memory, live charts
            mutate [--messages 100000]                             mutated messages that the kernel survives
            kill [--rounds 200]                                    kill runs in place; what they tear and leave
            allocated [--threads 1]                                the bytes that 100 steps allocate, on all threads
            hash [--threads 1]                                     a SHA-256 of trainings of 500 steps
            """
        );
        return 2;
}

static void Print(object result) => Console.WriteLine(JsonSerializer.Serialize(result));

string Option(string name, string otherwise)
{
    int at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
}

static object Step(string sizesText, string batchText, string threadsText)
{
    var timed = new TimedStep(
        [.. sizesText.Split(',').Select(size => int.Parse(size, CultureInfo.InvariantCulture))],
        int.Parse(batchText, CultureInfo.InvariantCulture)
    );
    int threads = int.Parse(threadsText, CultureInfo.InvariantCulture);
    return new
    {
        sizes = timed.Sizes,
        batch = timed.Batch,
        threads,
        us_per_step = Math.Round(timed.BestMicroseconds(threads), 1),
    };
}

static object Theory(string path)
{
    Console.WriteLine("| activation | s | s_b | first point, us | each more, us | worst error |");
    Console.WriteLine("|---|---|---|---|---|---|");
    var rows = TheoryCase
        .Read(path)
        .Select(one => (Case: one, Error: one.WorstError(), Time: one.Microseconds()))
        .ToList();
    foreach ((TheoryCase one, double error, (double first, double next)) in rows)
        Console.WriteLine(
            FormattableString.Invariant(
                $"| {one.Activation} | {one.S} | {one.BiasScale} | {first:F0} | {next:F2} | {error:E1} |"
            )
        );
    return new
    {
        cases = rows.Count,
        us_per_point = Math.Round(rows.Max(row => row.Time.Next), 2),
        worst_error = rows.Max(row => row.Error),
    };
}

// The kernel has to answer after each thousand.
static object Mutate(int messages)
{
    using var kernel = new KernelClient();
    var mutated = new MutatedMessages(seed: 1);
    int answered = 0;
    int asked = 0;
    for (; asked * 1_000 < messages && answered == asked; asked++)
    {
        mutated.Send(kernel, Math.Min(1_000, messages - asked * 1_000));
        if (kernel.Answers(KernelClient.Patience))
            answered++;
        Console.Error.Write($"\r{answered} thousand");
    }
    Console.Error.WriteLine();
    return new
    {
        messages = Math.Min(messages, asked * 1_000),
        asked,
        answered,
    };
}

// Every activation, loss, clipping and optimizer that a step knows, in four trainings.
