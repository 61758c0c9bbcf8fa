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
}
