using System.Globalization;
using System.IO.Compression;

namespace NotebookSupport;

/// <summary>
/// Which tanh networks learn: real trainings for each weight scale and depth of a grid, computed in advance because all of
/// them together take minutes. The network of a cell has 32 units per hidden layer, biases of standard deviation
/// <see cref="BiasScale"/> and a seed of its own. It learns 256 handwritten digits by gradient descent on batches of 32, once
/// at each of <see cref="LearningRates"/>, and the best of the three counts.
/// After Schoenholz, Gilmer, Ganguli and Sohl-Dickstein, "Deep Information Propagation", 2017, figure 5.
/// </summary>
public static class TrainabilityMap
{
    internal const string Resource = "trainability.csv.gz";

    private const int Width = 32;
    private const int Examples = 256;

    private static readonly Lazy<int[][]> Stored = new(Read);
    private static readonly Lazy<Dataset> Digits = new(First);

    /// <summary>s_b, the standard deviation of the biases.</summary>
    public static double BiasScale => 0.3;

    /// <summary>The weight scales s, ascending.</summary>
    public static IReadOnlyList<double> Scales { get; } =
    [.. Enumerable.Range(0, 41).Select(i => (60 + 6 * i) / 100.0)];

    /// <summary>The numbers of hidden layers, ascending.</summary>
    public static IReadOnlyList<double> Depths { get; } = [.. Enumerable.Range(1, 25).Select(i => 2.0 * i)];

    /// <summary>The training steps after which the accuracy was measured.</summary>
    public static IReadOnlyList<int> Steps { get; } = [50, 100, 200, 400];

    /// <summary>The learning rates that each network tries.</summary>
    public static IReadOnlyList<double> LearningRates { get; } = [0.005, 0.02, 0.08];

    /// <summary>The stored fraction of the 256 digits that the network classifies right at its best rate; from 0 to 1.</summary>
    /// <param name="steps">The training steps; one of <see cref="Steps"/>.</param>
    /// <param name="scale">The weight scale; one of <see cref="Scales"/>.</param>
    /// <param name="depth">The number of hidden layers; one of <see cref="Depths"/>.</param>
    public static double Accuracy(int steps, double scale, double depth) =>
        Stored.Value[CellOf(scale, depth)][IndexIn(Steps, steps, nameof(steps))] / (double)Examples;

    /// <summary>Trains the network of a cell again, at each learning rate.</summary>
    /// <param name="scale">The weight scale; one of <see cref="Scales"/>.</param>
    /// <param name="depth">The number of hidden layers; one of <see cref="Depths"/>.</param>
    /// <returns>The accuracy after each of <see cref="Steps"/>: the stored numbers.</returns>
    public static IReadOnlyList<double> Train(double scale, double depth)
    {
        IReadOnlyList<double>[] rates = [.. LearningRates.Select(rate => TrainAt(scale, depth, rate, Steps[^1]))];
        return [.. Steps.Select((_, i) => rates.Max(accuracies => accuracies[i]))];
    }

    /// <summary>As <see cref="Train"/> at one learning rate: the accuracy after each of <see cref="Steps"/> up to some steps.</summary>
    internal static IReadOnlyList<double> TrainAt(double scale, double depth, double rate, int steps)
    {
        int seed = CellOf(scale, depth);
        IndexIn(Steps, steps, nameof(steps));
        Dataset digits = Digits.Value;
        var network = Network.Create(
            Sizes.Of(64, Width, (int)depth, 10),
            Activation.Tanh,
            Initializer.VarianceScaling(scale * scale),
            seed,
            Initializer.Normal(BiasScale)
        );
        TrainingRun run = Trainer.Train(
            network,
            digits,
            new()
            {
                LearningRate = rate,
                Steps = steps,
                BatchSize = 32,
                Seed = seed,
                Snapshots = steps / Steps[0],
            }
        );
        return
        [
            .. Steps
                .Where(step => step <= steps)
                .Select(step => digits.Accuracy(run.Snapshots.Last(snapshot => snapshot.Step <= step).Network)),
        ];
    }

    private static Dataset First()
    {
        Dataset digits = Datasets.Digits();
        return Dataset.OfClasses(
            digits.Name,
            digits.Inputs.SubMatrix(0, digits.Inputs.RowCount, 0, Examples),
            [.. digits.Labels.Take(Examples)],
            10
        );
    }

    /// <summary>Trains all networks and writes the file that is embedded in the library.</summary>
    internal static void Write(string path, IProgress<(int Done, int Of)>? progress = null)
    {
        var cells = Sweep.Run(
            Depths.SelectMany(depth => Scales, (depth, scale) => (depth, scale)),
            [1],
            (cell, _) => Train(cell.scale, cell.depth),
            progress: progress
        );
        using var writer = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.SmallestSize));
        foreach (SweepResult<(double, double), IReadOnlyList<double>> cell in cells)
            writer.Write(string.Join(',', cell.Result.Select(accuracy => Invariant($"{accuracy * Examples}"))) + "\n");
    }

    private static int[][] Read()
    {
        using Stream packed =
            typeof(TrainabilityMap).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException("The map of trainings is missing from the assembly.");
        using var reader = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        return
        [
            .. reader
                .ReadToEnd()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(',').Select(v => int.Parse(v, CultureInfo.InvariantCulture)).ToArray()),
        ];
    }

    private static int CellOf(double scale, double depth) =>
        IndexIn(Depths, depth, nameof(depth)) * Scales.Count + IndexIn(Scales, scale, nameof(scale));

    private static int IndexIn<T>(IReadOnlyList<T> places, T place, string name)
        where T : notnull
    {
        int index = places.ToList().IndexOf(place);
        return index >= 0
            ? index
            : throw Require.OutOfRange(name, place, Invariant($"one of {places[0]}, {places[1]}, …, {places[^1]}"));
    }
}
