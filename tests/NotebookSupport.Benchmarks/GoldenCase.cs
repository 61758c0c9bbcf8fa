using System.Globalization;
using System.Text.Json;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Benchmarks;

/// <summary>One training that PyTorch did: its network, its data and every value it computed on the way.</summary>
public sealed class GoldenCase(JsonElement json)
{
    public string Name => json.GetProperty("name").GetString()!;

    public static IReadOnlyList<GoldenCase> Read(string path) =>
        [
            .. JsonDocument
                .Parse(File.ReadAllText(path))
                .RootElement.GetProperty("cases")
                .EnumerateArray()
                .Select(json => new GoldenCase(json)),
        ];

    /// <summary>
    /// The largest difference over losses, gradients, norms and parameters after the steps, each array relative to
    /// its largest expected entry.
    /// </summary>
    public double WorstRelativeError()
    {
        Loss loss = ReadLoss();
        Network network = ReadNetwork();
        Matrix<double> inputs = Rows(json.GetProperty("X")).Transpose();
        Matrix<double> targets = ReadTargets(network.Sizes[^1], loss);
        Gradients gradients = network.Gradients(inputs, targets, loss);
        TrainingRun run = Trainer.Train(
            network,
            new Dataset(Name, inputs, targets, loss),
            new()
            {
                LearningRate = json.GetProperty("lr").GetDouble(),
                Steps = json.GetProperty("steps").GetInt32(),
                Clipping = ReadClipping(json.GetProperty("clip")),
            }
        );
        return new[]
        {
            Error("losses", run.Losses),
            Error("grad_norms", run.Steps.Select(step => step.GradientNorm)),
            Math.Abs(gradients.Loss / run.Losses[0] - 1),
            Error("grad_W", "grad_b", gradients.Layers.Select(layer => (layer.Weights, layer.Biases))),
            Error("W_after", "b_after", run.Network.Layers.Select(layer => (layer.Weights, layer.Biases))),
        }.Max();
    }

    private Loss ReadLoss() =>
        json.GetProperty("loss").GetString() switch
        {
            "mse" => Loss.MeanSquaredError,
            "bce_with_logits" => Loss.BinaryCrossEntropy,
            "cross_entropy" => Loss.SoftmaxCrossEntropy,
            string other => throw new InvalidDataException($"{Name}: loss is {other}."),
            null => throw new InvalidDataException($"{Name}: loss is missing."),
        };

    private Activation ReadActivation()
    {
        string[] words = json.GetProperty("hidden").GetString()!.Split(':');
        return words[0] switch
        {
            "identity" => Activation.Identity,
            "sigmoid" => Activation.Sigmoid,
            "tanh" => Activation.Tanh,
            "relu" => Activation.ReLU,
            "leaky_relu" => Activation.LeakyReLU(double.Parse(words[1], CultureInfo.InvariantCulture)),
            _ => throw new InvalidDataException($"{Name}: hidden is {words[0]}."),
        };
    }

    private Network ReadNetwork()
    {
        Matrix<double>[] weights = [.. json.GetProperty("W").EnumerateArray().Select(Rows)];
        double[][] biases = json.GetProperty("b").Deserialize<double[][]>()!;
        Activation hidden = ReadActivation();
        return new Network([
            .. weights.Select(
                (w, l) =>
                    new Layer(
                        w,
                        Vector<double>.Build.Dense(biases[l]),
                        l < weights.Length - 1 ? hidden : Activation.Identity
                    )
            ),
        ]);
    }

    private Matrix<double> ReadTargets(int outputs, Loss loss)
    {
        JsonElement y = json.GetProperty("Y");
        if (loss != Loss.SoftmaxCrossEntropy)
            return Rows(y).Transpose();
        int[] labels = y.Deserialize<int[]>()!;
        return Matrix<double>.Build.Dense(outputs, labels.Length, (row, i) => labels[i] == row ? 1 : 0);
    }

    private static GradientClipping ReadClipping(JsonElement clip)
    {
        if (clip.ValueKind == JsonValueKind.Null)
            return GradientClipping.None;
        double threshold = clip.GetProperty("max").GetDouble();
        return clip.GetProperty("by").GetString() == "global_norm"
            ? GradientClipping.ByGlobalNorm(threshold, epsilon: 1e-6)
            : GradientClipping.ByValue(threshold);
    }

    private static Matrix<double> Rows(JsonElement rows) =>
        Matrix<double>.Build.DenseOfRowArrays(rows.Deserialize<double[][]>()!);

    private double Error(
        string weightsName,
        string biasesName,
        IEnumerable<(Matrix<double> Weights, Vector<double> Biases)> layers
    )
    {
        JsonElement weights = json.GetProperty(weightsName);
        JsonElement biases = json.GetProperty(biasesName);
        return layers
            .SelectMany(
                (layer, l) =>
                    new[]
                    {
                        Error(Rows(weights[l]).ToColumnMajorArray(), layer.Weights.ToColumnMajorArray()),
                        Error(biases[l].Deserialize<double[]>()!, layer.Biases.ToArray()),
                    }
            )
            .Max();
    }

    private double Error(string name, IEnumerable<double> actual) =>
        Error(json.GetProperty(name).Deserialize<double[]>()!, [.. actual]);

    private static double Error(double[] expected, double[] actual)
    {
        if (expected.Length != actual.Length)
            return double.PositiveInfinity;
        double scale = Math.Max(expected.Max(Math.Abs), double.Epsilon);
        return expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max() / scale;
    }
}
