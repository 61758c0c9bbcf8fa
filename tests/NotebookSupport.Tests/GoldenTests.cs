using System.Globalization;
using System.Text.Json;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

/// <summary>Holds losses, gradients, clipping and ten steps of descent against values that PyTorch computed.</summary>
public class GoldenTests
{
    private const double Tolerance = 1e-10;

    public static TheoryData<string> Names() => [.. Cases().Select(c => c.GetProperty("name").GetString()!)];

    [Fact]
    public void AllEighteenCasesAreThere() => Assert.Equal(18, Names().Count);

    [Theory]
    [MemberData(nameof(Names))]
    public void AgreesWithPyTorch(string name)
    {
        JsonElement c = Cases().Single(c => c.GetProperty("name").GetString() == name);
        Loss loss = c.GetProperty("loss").GetString() switch
        {
            "mse" => Loss.MeanSquaredError,
            "bce_with_logits" => Loss.BinaryCrossEntropy,
            _ => Loss.SoftmaxCrossEntropy,
        };
        Activation hidden = c.GetProperty("hidden").GetString() switch
        {
            "identity" => Activation.Identity,
            "sigmoid" => Activation.Sigmoid,
            "tanh" => Activation.Tanh,
            "relu" => Activation.ReLU,
            string leaky => Activation.LeakyReLU(double.Parse(leaky.Split(':')[1], CultureInfo.InvariantCulture)),
            _ => throw new InvalidDataException(name),
        };
        Matrix<double>[] weights = [.. c.GetProperty("W").EnumerateArray().Select(Rows)];
        double[][] biases = c.GetProperty("b").Deserialize<double[][]>()!;
        var network = new Network([
            .. weights.Select(
                (w, l) =>
                    new Layer(
                        w,
                        Vector<double>.Build.Dense(biases[l]),
                        l < weights.Length - 1 ? hidden : Activation.Identity
                    )
            ),
        ]);
        Matrix<double> inputs = Rows(c.GetProperty("X")).Transpose();
        Matrix<double> targets = Targets(c.GetProperty("Y"), network.Sizes[^1], loss);
        GradientClipping clipping = Clipping(c.GetProperty("clip"));

        Gradients gradients = network.Gradients(inputs, targets, loss);
        double[] losses = c.GetProperty("losses").Deserialize<double[]>()!;
        double[] norms = c.GetProperty("grad_norms").Deserialize<double[]>()!;
        Close([losses[0]], [gradients.Loss]);
        Close([norms[0]], [gradients.GlobalNorm]);
        CloseLayers(c, "grad_W", "grad_b", gradients.Layers.Select(g => (g.Weights, g.Biases)));

        TrainingRun run = Trainer.Train(
            network,
            new Dataset(name, inputs, targets, loss),
            new()
            {
                LearningRate = c.GetProperty("lr").GetDouble(),
                Steps = c.GetProperty("steps").GetInt32(),
                Clipping = clipping,
            }
        );
        Close(losses, run.Losses);
        Close(norms, run.Steps.Select(step => step.GradientNorm));
        CloseLayers(c, "W_after", "b_after", run.Network.Layers.Select(layer => (layer.Weights, layer.Biases)));
    }

    private static JsonElement[] Cases() =>
        [
            .. JsonDocument
                .Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "pytorch.json")))
                .RootElement.GetProperty("cases")
                .EnumerateArray(),
        ];

    private static Matrix<double> Rows(JsonElement rows) =>
        Matrix<double>.Build.DenseOfRowArrays(rows.Deserialize<double[][]>()!);

    private static Matrix<double> Targets(JsonElement y, int outputs, Loss loss) =>
        loss == Loss.SoftmaxCrossEntropy
            ? Matrix<double>.Build.DenseOfColumnArrays(
                y.EnumerateArray()
                    .Select(label =>
                        Enumerable.Range(0, outputs).Select(k => k == label.GetInt32() ? 1.0 : 0).ToArray()
                    )
            )
            : Rows(y).Transpose();

    private static GradientClipping Clipping(JsonElement clip)
    {
        if (clip.ValueKind == JsonValueKind.Null)
            return GradientClipping.None;
        double threshold = clip.GetProperty("max").GetDouble();
        return clip.GetProperty("by").GetString() == "global_norm"
            ? GradientClipping.ByGlobalNorm(threshold, epsilon: 1e-6)
            : GradientClipping.ByValue(threshold);
    }

    private static void CloseLayers(
        JsonElement c,
        string weightsName,
        string biasesName,
        IEnumerable<(Matrix<double> Weights, Vector<double> Biases)> actual
    )
    {
        (Matrix<double> Weights, Vector<double> Biases)[] layers = [.. actual];
        JsonElement weights = c.GetProperty(weightsName);
        JsonElement biases = c.GetProperty(biasesName);
        for (int l = 0; l < layers.Length; l++)
        {
            Close(Rows(weights[l]).ToColumnMajorArray(), layers[l].Weights.ToColumnMajorArray());
            Close(biases[l].Deserialize<double[]>()!, layers[l].Biases.ToArray());
        }
    }

    /// <summary>The largest difference, relative to the largest expected entry.</summary>
    private static void Close(IEnumerable<double> expected, IEnumerable<double> actual)
    {
        double scale = expected.Max(Math.Abs);
        double worst = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
        Assert.Equal(expected.Count(), actual.Count());
        Assert.True(worst <= Tolerance * Math.Max(scale, 1e-12), $"off by {worst} at a scale of {scale}");
    }
}
