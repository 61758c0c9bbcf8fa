using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
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
        Print(new { sha256 = TrainingHash() });
        return 0;
    default:
        Console.Error.WriteLine("Usage: step [--sizes 64,100,10] [--batch 128] [--threads 1] | golden FILE | hash");
        return 2;
}

static void Print(object result) => Console.WriteLine(JsonSerializer.Serialize(result));

string Option(string name, string otherwise)
{
    int at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
}

// The same work as the Python peers: one fixed batch, and the best of five blocks of steps after a warm-up.
static object Step(string sizesText, string batchText, string threadsText)
{
    const int Blocks = 5;
    const int StepsPerBlock = 40;
    int[] sizes = [.. sizesText.Split(',').Select(s => int.Parse(s, CultureInfo.InvariantCulture))];
    int batch = int.Parse(batchText, CultureInfo.InvariantCulture);
    var random = new Random(0);
    Network network = Network.Create(sizes, Activation.ReLU, Initializer.HeNormal, 0);
    Dataset data = Dataset.OfClasses(
        "fixed batch",
        Initializer.Normal(1).Sample(sizes[0], batch, random),
        [.. Enumerable.Range(0, batch).Select(_ => random.Next(sizes[^1]))],
        sizes[^1]
    );
    var clock = new BlockClock(StepsPerBlock);
    Trainer.Train(
        network,
        data,
        new()
        {
            LearningRate = 0.01,
            Steps = StepsPerBlock * (Blocks + 1) + 1,
            Threads = int.Parse(threadsText, CultureInfo.InvariantCulture),
            Observer = clock,
        }
    );
    return new
    {
        sizes,
        batch,
        threads = int.Parse(threadsText, CultureInfo.InvariantCulture),
        us_per_step = Math.Round(clock.BestMicroseconds, 1),
    };
}

static string TrainingHash()
{
    TrainingRun run = Trainer.Train(
        Network.Create([64, 32, 32, 10], Activation.Tanh, Initializer.GlorotNormal, 1),
        Datasets.Digits(),
        new()
        {
            LearningRate = 0.5,
            Steps = 500,
            BatchSize = 128,
        }
    );
    IEnumerable<double> parameters = run.Network.Layers.SelectMany(layer =>
        layer.Weights.ToColumnMajorArray().Concat(layer.Biases)
    );
    byte[] bytes = [.. run.Losses.Concat(parameters).SelectMany(BitConverter.GetBytes)];
    return Convert.ToHexStringLower(SHA256.HashData(bytes));
}

/// <summary>Times blocks of steps; the first one warms up.</summary>
internal sealed class BlockClock(int stepsPerBlock) : IProgress<TrainingStep>
{
    private long _start;

    public double BestMicroseconds { get; private set; } = double.PositiveInfinity;

    public void Report(TrainingStep value)
    {
        if (value.Step % stepsPerBlock != 0)
            return;
        if (value.Step > stepsPerBlock)
            BestMicroseconds = Math.Min(
                BestMicroseconds,
                Stopwatch.GetElapsedTime(_start).TotalMicroseconds / stepsPerBlock
            );
        _start = Stopwatch.GetTimestamp();
    }
}
