using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

public class NetworkTests
{
    [Fact]
    public void AnyStorageOfMathNetWillDo()
    {
        var identity = Matrix<double>.Build.DiagonalIdentity(2);
        var network = new Network([new Layer(identity, Vector<double>.Build.Sparse(2), Activation.ReLU)]);
        Assert.Equal(
            Matrix<double>.Build.DenseOfRowArrays([0], [3]),
            network.Forward(Matrix<double>.Build.DenseOfRowArrays([-1], [3]))
        );
    }

    [Fact]
    public void AResidualLayerAddsItsInputs()
    {
        var network = new Network([
            new Layer(Matrix<double>.Build.DenseIdentity(2) * 3, Vector<double>.Build.Dense(2), Activation.ReLU)
            {
                ResidualScale = 0.5,
            },
        ]);
        Assert.Equal(
            Matrix<double>.Build.DenseOfRowArrays([-1], [4 + 0.5 * 12]),
            network.Forward(Matrix<double>.Build.DenseOfRowArrays([-1], [4]))
        );
        Assert.Contains(
            "layers[0] is residual with 2 inputs and 1 units",
            Assert
                .Throws<ArgumentException>(() =>
                    new Network([
                        new Layer(Matrix<double>.Build.Dense(1, 2), Vector<double>.Build.Dense(1), Activation.ReLU)
                        {
                            ResidualScale = 1,
                        },
                    ])
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void AShortcutBeginsInTheNetwork(int span)
    {
        Network network = Network.Create([2, 2, 2], Activation.ReLU, Initializer.HeNormal, 1);
        Assert.StartsWith(
            $"layers[1].ResidualSpan is {span}; expected 1 to 2 layers.",
            Assert
                .Throws<ArgumentException>(() =>
                    new Network([network.Layers[0], network.Layers[1] with { ResidualScale = 1, ResidualSpan = span }])
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>Whatever was given to it, or is given by it, may change: the network does not.</summary>
    [Fact]
    public void ANetworkNeverChanges()
    {
        Matrix<double> weights = Matrix<double>.Build.Dense(1, 2, 1);
        Vector<double> biases = Vector<double>.Build.Dense(1, 1);
        List<Layer> layers = [new(weights, biases, Activation.Identity)];
        var network = new Network(layers);
        Network other = network.WithWeights(0, weights).WithBiases(0, biases);
        layers.Clear();
        weights[0, 0] = 5;
        biases[0] = 5;
        foreach (Network each in (Network[])[network, other])
        {
            each.Layers[0].Weights[0, 0] = 6;
            each.Layers[0].Biases[0] = 6;
            each.Layers[0].RunningMean[0] = 6;
            each.Layers[0].RunningVariance[0] = 6;
            each.Signals(Matrix<double>.Build.Dense(2, 1, 1))[0].Layer.Weights[0, 0] = 7;
            Assert.IsNotAssignableFrom<Layer[]>(each.Layers);
            Assert.Equal(3, each.Forward(Matrix<double>.Build.Dense(2, 1, 1))[0, 0]);
            Assert.Equal(1, each.Layers[0].Weights[0, 0]);
            Assert.Equal(0, each.Layers[0].RunningMean[0]);
        }
        Trainer.Train(network, Datasets.Circles(20), new() { Steps = 5 });
        Assert.Equal(1, network.Layers[0].Weights[0, 0]);
    }
}
