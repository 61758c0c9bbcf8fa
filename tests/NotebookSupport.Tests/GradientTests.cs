using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

public class GradientTests
{
    public static TheoryData<Loss, Activation> LossesAndActivations()
    {
        var data = new TheoryData<Loss, Activation>();
        foreach (Loss loss in (Loss[])[Loss.MeanSquaredError, Loss.BinaryCrossEntropy, Loss.SoftmaxCrossEntropy])
        foreach (Activation activation in Every)
            data.Add(loss, activation);
        return data;
    }

    public static Activation[] Every =>
        [
            Activation.Identity,
            Activation.Sigmoid,
            Activation.Tanh,
            Activation.ReLU,
            Activation.LeakyReLU(),
            Activation.ELU(),
            Activation.ELU(0.3),
            Activation.GELU,
            Activation.SiLU,
            Activation.From("sine", Math.Sin, Math.Cos),
        ];

    /// <summary>
    /// Central differences with h = 1e-6 are off by about h² and by the rounding error / h, 1e-10: far below 1e-6.
    /// </summary>
    [Theory]
    [MemberData(nameof(LossesAndActivations))]
    public void BackpropagationAgreesWithCentralDifferences(Loss loss, Activation activation)
    {
        Network network = Network.Create([4, 5, 3, 2], activation, Initializer.HeNormal, 1, Initializer.Normal(0.1));
        Matrix<double> inputs = Initializer.Normal(1).Sample(4, 7, new Random(2));
        Matrix<double> targets = Matrix<double>.Build.Dense(2, 7, (row, i) => i % 2 == row ? 1 : 0);
        Gradients gradients = network.Gradients(inputs, targets, loss);
        const double h = 1e-6;
        for (int l = 0; l < network.Layers.Count; l++)
        {
            Matrix<double> weights = network.Layers[l].Weights;
            for (int i = 0; i < weights.RowCount; i++)
            for (int j = 0; j < weights.ColumnCount; j++)
            {
                double At(double step)
                {
                    Matrix<double> moved = weights.Clone();
                    moved[i, j] += step;
                    return loss.Value(network.WithWeights(l, moved).Forward(inputs), targets);
                }
                Assert.Equal((At(h) - At(-h)) / (2 * h), gradients.Layers[l].Weights[i, j], 1e-6);
            }
            Vector<double> biases = network.Layers[l].Biases;
            for (int i = 0; i < biases.Count; i++)
            {
                double At(double step)
                {
                    Vector<double> moved = biases.Clone();
                    moved[i] += step;
                    return loss.Value(network.WithBiases(l, moved).Forward(inputs), targets);
                }
                Assert.Equal((At(h) - At(-h)) / (2 * h), gradients.Layers[l].Biases[i], 1e-6);
            }
        }
    }

    [Fact]
    public void AMatrixOfAnyStorageIsTrainedAlike()
    {
        Network dense = Network.Create([2, 1], Activation.Identity, Initializer.HeNormal, 1);
        Layer layer = dense.Layers[0];
        var sparse = new Network([
            new Layer(
                Matrix<double>.Build.SparseOfMatrix(layer.Weights),
                Vector<double>.Build.SparseOfVector(layer.Biases),
                layer.Activation
            ),
        ]);
        Dataset circles = Datasets.Circles(20);
        Assert.Equal(dense.Forward(circles.Inputs), sparse.Forward(circles.Inputs));
        var options = new TrainingOptions { Steps = 3 };
        Assert.Equal(Trainer.Train(dense, circles, options).Losses, Trainer.Train(sparse, circles, options).Losses);
    }
}
