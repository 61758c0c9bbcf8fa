using System.Security.Cryptography;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Benchmarks;

/// <summary>A SHA-256 of the digits of trainings and of data sets. Every host runs this text, a browser as a cell.</summary>
internal static class TrainingHash
{
    /// <summary>Of four trainings of 500 steps.</summary>
    public static string Of(int threads)
    {
        Dataset digits = Datasets.Digits();
        var plain = new TrainingOptions
        {
            LearningRate = 0.5,
            Steps = 500,
            BatchSize = 128,
            Threads = threads,
        };
        TrainingRun[] runs =
        [
            Trainer.Train(
                Network.Create([64, 20, 17, 10], Activation.Tanh, Initializer.GlorotNormal, 1),
                digits,
                plain
            ),
            Trainer.Train(
                Network.Create([64, 33, 10, 10], Activation.ReLU, Initializer.HeNormal, 2),
                digits,
                plain with
                {
                    Clipping = GradientClipping.ByGlobalNorm(0.5),
                    Optimizer = Optimizer.Momentum(),
                    LearningRate = 0.1,
                }
            ),
            Trainer.Train(
                Network.Create([2, 7, 5, 1], Activation.Sigmoid, Initializer.GlorotUniform, 3),
                Datasets.Circles(),
                plain with
                {
                    BatchSize = 77,
                    Clipping = GradientClipping.ByValue(0.1),
                    Optimizer = Optimizer.Adam(),
                    LearningRate = 0.01,
                }
            ),
            Trainer.Train(
                Network.Create([64, 20, 10], Activation.LeakyReLU(), Initializer.HeUniform, 4),
                digits,
                plain with
                {
                    Loss = Loss.MeanSquaredError,
                }
            ),
        ];
        IEnumerable<double> numbers = runs.SelectMany(run =>
            run.Losses.Concat(run.Steps.Select(step => step.GradientNorm))
                .Concat(run.Network.Layers.SelectMany(layer => layer.Weights.ToColumnMajorArray().Concat(layer.Biases)))
        );
        return Convert.ToHexStringLower(SHA256.HashData([.. numbers.SelectMany(BitConverter.GetBytes)]));
    }

    /// <summary>Of the points that are computed, not stored.</summary>
    public static string OfDatasets()
    {
        Dataset[] all =
        [
            Datasets.Circles(),
            Datasets.Moons(),
            Datasets.Spirals(),
            Datasets.Blobs(classes: 5),
            Datasets.Adding(),
        ];
        IEnumerable<double> numbers = all.SelectMany(data =>
            data.Inputs.ToColumnMajorArray().Concat(data.Targets.ToColumnMajorArray())
        );
        return Convert.ToHexStringLower(SHA256.HashData([.. numbers.SelectMany(BitConverter.GetBytes)]));
    }

    /// <summary>Of sums of products of which parts overflow, cancel or are subnormal.</summary>
    public static string OfProducts()
    {
        double[] sizes = [1e-320, 3e-310, 1e-200, 1e-160, 1e-155, 1e-3, 1, 1e5, 1e150, 1e155, 1e200, 1e300];
        var random = new Random(7);
        double Any() => sizes[random.Next(sizes.Length)] * (random.NextDouble() - 0.5);
        IEnumerable<double> numbers = Enumerable
            .Range(0, 60)
            .SelectMany(i =>
            {
                int inner = 1 + i % 4;
                var weights = Matrix<double>.Build.Dense(3, inner, (_, _) => Any());
                var biases = Vector<double>.Build.Dense(3, _ => Any());
                var network = new Network([new Layer(weights, biases, Activation.Identity)]);
                return network.Forward(Matrix<double>.Build.Dense(inner, 9, (_, _) => Any())).Enumerate();
            });
        // The sign of what is not a number depends on the processor.
        return Convert.ToHexStringLower(
            SHA256.HashData([
                .. numbers.SelectMany(number => BitConverter.GetBytes(double.IsNaN(number) ? double.NaN : number)),
            ])
        );
    }
}
