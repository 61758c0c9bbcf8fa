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
}
