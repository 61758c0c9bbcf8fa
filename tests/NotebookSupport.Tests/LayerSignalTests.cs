using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

/// <summary>A network of two units and two examples, worked out by hand.</summary>
public class LayerSignalTests
{
    // z1 = (1 -2; -3 -4): unit 2 is dead. a1 = (1 0; 0 0). z2 = (2 0). J = mean (z2 - t)², t = (1 1): J' = (1 -1).
    private static readonly Network ByHand = new([
        new Layer(
            Matrix<double>.Build.DenseOfRowArrays([1], [0]),
            Vector<double>.Build.Dense([0, -3]),
            Activation.ReLU
        ),
        new Layer(Matrix<double>.Build.DenseOfRowArrays([2, 5]), Vector<double>.Build.Dense(1), Activation.Identity),
    ]);

    private static readonly Matrix<double> Inputs = Matrix<double>.Build.DenseOfRowArrays([1, -2]);
    private static readonly Matrix<double> Targets = Matrix<double>.Build.DenseOfRowArrays([1, 1]);

    [Fact]
    public void Forward()
    {
        LayerSignal hidden = ByHand.Signals(Inputs)[0];
        Assert.Equal(Matrix<double>.Build.DenseOfRowArrays([1, -2], [-3, -3]), hidden.PreActivations);
        Assert.Equal(Matrix<double>.Build.DenseOfRowArrays([1, 0], [0, 0]), hidden.Activations);
        Assert.Equal((-7 / 4.0, 23 / 4.0), (hidden.MeanOfPreActivations, hidden.SecondMomentOfPreActivations));
        Assert.Equal((1 / 4.0, 1 / 4.0), (hidden.MeanOfActivations, hidden.SecondMomentOfActivations));
        Assert.Equal((3 / 4.0, 1 / 2.0), (hidden.SaturatedFraction, hidden.DeadFraction));
        Assert.Null(hidden.Deltas);
        Assert.True(double.IsNaN(hidden.DeltaNorm) && double.IsNaN(hidden.WeightGradientNorm));
    }

    [Fact]
    public void Backward()
    {
        IReadOnlyList<LayerSignal> signals = ByHand.Signals(Inputs, Targets, Loss.MeanSquaredError);
        Assert.Equal(Matrix<double>.Build.DenseOfRowArrays([1, -1]), signals[1].Deltas);
        Assert.Equal(Matrix<double>.Build.DenseOfRowArrays([2, 0], [0, 0]), signals[0].Deltas);
        Assert.Equal((2, 2, 2), (signals[0].DeltaNorm, signals[0].WeightGradientNorm, signals[0].BiasGradientNorm));
        Assert.Equal(0.1 * 2 / 1, signals[0].UpdateRatio(0.1));
        Assert.Equal(Matrix<double>.Build.DenseOfRowArrays([1, 0]), signals[1].Gradient!.Weights);
    }

    [Fact]
    public void ASigmoidSaturatesFarFromZero()
    {
        var network = new Network([
            new Layer(Matrix<double>.Build.Dense(1, 1, 1), Vector<double>.Build.Dense(1), Activation.Sigmoid),
        ]);
        // phi'(z) / phi'(0) is below 1 % for |z| above 5.99.
        Assert.Equal(
            0.5,
            network.Signals(Matrix<double>.Build.DenseOfRowArrays([-7, 5.9, 6.1, 0]))[0].SaturatedFraction
        );
    }
}
