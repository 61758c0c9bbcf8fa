using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

public class DiagnosticsTests
{
    [Fact]
    public void UnitDifferencesAreTakenFromTheFirstRow() =>
        Assert.Equal(
            Vector<double>.Build.Dense([0, 3, 1]),
            Diagnostics.UnitDifferences(Matrix<double>.Build.DenseOfRowArrays([1, 2], [-2, 2], [1, 3]))
        );

    [Fact]
    public void TheNearestUnitIsTheOneMostAlike() =>
        Assert.Equal(
            Vector<double>.Build.Dense([1, 3, 0, 0]),
            Diagnostics.NearestUnits(Matrix<double>.Build.DenseOfRowArrays([1, 2], [-2, 2], [1, 3], [1, 3]))
        );

    /// <summary>The rounding error of a central difference is about machine epsilon / h, its truncation h².</summary>
    [Fact]
    public void BackpropagationAgreesWithCentralDifferences()
    {
        Network network = Network.Create([2, 5, 1], Activation.Tanh, Initializer.GlorotNormal, 3);
        double error = Diagnostics.GradientError(network, Datasets.Circles(50));
        Assert.InRange(error, double.Epsilon, 1e-6);
    }

    /// <summary>At the kink of ReLU backpropagation says 0, and no difference quotient does.</summary>
    [Fact]
    public void AWrongGradientShows()
    {
        Network kinked = Network
            .Create([1, 5, 1], Activation.ReLU, Initializer.Zeros, 3)
            .WithWeights(1, Matrix<double>.Build.Dense(1, 5, 1));
        Dataset data = Dataset.OfClasses("two", Matrix<double>.Build.Dense(1, 2, [1, 2]), [1, 1], 2);
        Assert.True(Diagnostics.GradientError(kinked, data) > 0.1);
    }

    [Fact]
    public void BackpropagationAgreesThroughBlocksOfTwoLayers()
    {
        Layer[] layers =
        [
            .. Network
                .Create([3, 3, 3, 3, 3, 3, 2], Activation.Tanh, Initializer.LeCunNormal, 1)
                .Layers.Select(
                    (layer, l) =>
                        l is 1 or 2 or 4
                            ? layer with
                            {
                                Activation = Activation.Identity,
                                ResidualScale = 0.7,
                                ResidualSpan = 2,
                            }
                            : layer
                ),
        ];
        var network = new Network(layers);
        Matrix<double> inputs = Initializer.Normal(1).Sample(3, 4, new Random(2));
        Matrix<double> first = network.Signals(inputs)[0].Activations;
        Matrix<double> block = inputs + 0.7 * (layers[1].Weights * first);
        IReadOnlyList<LayerSignal> signals = network.Signals(inputs);
        Assert.True((signals[1].Activations - block).L2Norm() < 1e-12);
        Assert.True(
            (signals[2].Activations - (signals[0].Activations + 0.7 * (layers[2].Weights * block))).L2Norm() < 1e-12
        );
        Assert.InRange(
            Diagnostics.GradientError(
                network,
                new Dataset("random", inputs, Matrix<double>.Build.Dense(2, 4, 0.3), Loss.MeanSquaredError)
            ),
            0,
            1e-6
        );
    }

    [Fact]
    public void BackpropagationAgreesThroughResidualLayers()
    {
        Network network = Network.Create(
            [2, 5, 5, 5, 1],
            Activation.Tanh,
            Initializer.GlorotNormal,
            3,
            residualScale: 0.7
        );
        Assert.Equal([null, 0.7, 0.7, null], network.Layers.Select(layer => layer.ResidualScale));
        Assert.InRange(Diagnostics.GradientError(network, Datasets.Circles(50)), double.Epsilon, 1e-6);
    }

    /// <summary>A linear network of weights 3 and one unit a layer: three layers back, the square of a gradient grows by 9³.</summary>
    [Fact]
    public void TheGradientRatioIsThatOfTheSquaresFromTheLastHiddenLayerToTheFirst()
    {
        Network network = Network.Create(
            Sizes.Of(1, hidden: 1, depth: 4, outputs: 1),
            Activation.Identity,
            Initializer.Constant(3),
            1
        );
        var one = Matrix<double>.Build.Dense(1, 1, 1);
        Assert.Equal(729, Diagnostics.GradientRatio(network.Signals(one, one, Loss.MeanSquaredError)), 1e-12);
        Assert.StartsWith(
            "signals has no deltas; expected",
            Assert.Throws<ArgumentException>(() => Diagnostics.GradientRatio(network.Signals(one))).Message,
            StringComparison.Ordinal
        );
        Assert.Equal([64, 32, 32, 32, 10], Sizes.Of(64, hidden: 32, depth: 3, outputs: 10));
    }
}
