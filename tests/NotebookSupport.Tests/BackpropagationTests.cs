using System.Runtime.CompilerServices;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

public class BackpropagationTests
{
    /// <summary>
    /// An entry passes three layers on its way forward and three back, each a sum of at most 7 products with a function of
    /// a few roundings after it: below 6 · 15 = 90 roundings of 2^-53 each, of numbers that are of the size of 1 or of the
    /// largest gradient.
    /// </summary>
    [Theory]
    [MemberData(nameof(GradientTests.LossesAndActivations), MemberType = typeof(GradientTests))]
    public void ThePageComputesWhatTheFastPassDoes(Loss loss, Activation activation)
    {
        Network network = Network.Create([4, 5, 3, 2], activation, Initializer.HeNormal, 1, Initializer.Normal(0.1));
        Matrix<double> inputs = Initializer.Normal(1).Sample(4, 7, new Random(2));
        Matrix<double> targets = Matrix<double>.Build.Dense(2, 7, (row, i) => i % 2 == row ? 1 : 0);
        Gradients fast = network.Gradients(inputs, targets, loss);
        Gradients page = Backpropagation.Run(network, inputs, targets, loss);
        double rounding = 90 * Math.ScaleB(1, -53) * Math.Max(1, fast.GlobalNorm);
        Assert.Equal(fast.Loss, page.Loss, rounding);
        Assert.All(
            fast.Layers.Zip(page.Layers),
            pair =>
            {
                Assert.InRange((pair.First.Weights - pair.Second.Weights).Enumerate().Max(Math.Abs), 0, rounding);
                Assert.InRange((pair.First.Biases - pair.Second.Biases).Max(Math.Abs), 0, rounding);
            }
        );
    }

    [Fact]
    public void ItsSourceIsTheFileThatWasCompiled()
    {
        Assert.Equal(File.ReadAllText(Page()), Backpropagation.Source);
        Assert.Contains(
            "dA = layers[l].Weights.Transpose() * delta;",
            Backpropagation.Source,
            StringComparison.Ordinal
        );

        static string Page([CallerFilePath] string path = "") =>
            Path.Combine(Path.GetDirectoryName(path)!, "../../src/NotebookSupport/Networks/Backpropagation.cs");
    }

    [Fact]
    public void ALayerThatThePageLeavesOutIsAnError()
    {
        Dataset circles = Datasets.Circles(20);
        Network network = Network.Create(
            [2, 3, 1],
            Activation.Tanh,
            Initializer.GlorotNormal,
            1,
            normalization: Normalization.Layer
        );
        Assert.StartsWith(
            "network has 2 -> 3 tanh, layer normalization as layer 1; expected no residual or normalized layer.",
            Assert
                .Throws<ArgumentException>(() =>
                    Backpropagation.Run(network, circles.Inputs, circles.Targets, circles.Loss)
                )
                .Message,
            StringComparison.Ordinal
        );
    }
}
