using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

/// <summary>What charts and tables call things, closed forms at a point, and behaviour at the edges.</summary>
public class NamesAndEdgesTests
{
    [Fact]
    public void RulesAndFunctionsHaveTheirNames()
    {
        Initializer[] rules =
        [
            Initializer.Zeros,
            Initializer.Constant(0.5),
            Initializer.Uniform(0.1),
            Initializer.Normal(0.1),
            Initializer.HeNormal,
            Initializer.GlorotUniform,
            Initializer.LeCunNormal,
            Initializer.VarianceScaling(3, FanMode.FanOut),
            Initializer.Orthogonal(2),
        ];
        Assert.Equal(
            "zeros|constant 0.5|uniform ±0.1|normal, std 0.1|He normal|Glorot uniform|LeCun normal|"
                + "variance 3 / FanOut, normal|orthogonal, gain 2",
            string.Join('|', rules.Select(rule => rule.ToString()))
        );
        Activation[] activations =
        [
            Activation.Identity,
            Activation.Sigmoid,
            Activation.Tanh,
            Activation.ReLU,
            Activation.LeakyReLU(0.2),
        ];
        Assert.Equal(
            "identity|sigmoid|tanh|ReLU|leaky ReLU (0.2)",
            string.Join('|', activations.Select(activation => activation.ToString()))
        );
        Loss[] losses = [Loss.MeanSquaredError, Loss.BinaryCrossEntropy, Loss.SoftmaxCrossEntropy];
        Assert.Equal(
            "mean squared error|binary cross-entropy|softmax cross-entropy",
            string.Join('|', losses.Select(loss => loss.Name))
        );
        Assert.Equal("no clipping", GradientClipping.None.ToString());
    }

    [Fact]
    public void VariancesInClosedForm() =>
        Assert.Equal(
            (4.0 / 3, 9, 0),
            (
                Initializer.Uniform(2).Variance(5, 7),
                Initializer.Normal(3).Variance(5, 7),
                Initializer.Constant(4).Variance(5, 7)
            )
        );

    [Fact]
    public void ReLUForgetsWhatIsBelowZeroEvenAtInfinity()
    {
        Assert.Equal(0, Activation.ReLU.Value(double.NegativeInfinity));
        double[] delta = [double.PositiveInfinity];
        Activation.ReLU.MultiplyByDerivative([-1], [0], delta);
        Assert.Equal(0, delta[0]);
    }

    [Fact]
    public void EpsilonIsAddedToTheNorm()
    {
        var gradients = new Gradients(
            0,
            [new(Matrix<double>.Build.Dense(1, 2, [3, 4]), Vector<double>.Build.Dense(1))]
        );
        Gradients clipped = GradientClipping.ByGlobalNorm(1, epsilon: 5).Clip(gradients).Gradients;
        Assert.Equal(0.5, clipped.GlobalNorm, 1e-15);
    }

    [Fact]
    public void SquaredErrorsAreOfTheDifference() =>
        Assert.Equal(
            (4.0 + 1) / 2,
            Loss.MeanSquaredError.Value(
                Matrix<double>.Build.Dense(1, 2, [3, 5]),
                Matrix<double>.Build.Dense(1, 2, [1, 6])
            )
        );

    [Fact]
    public void TargetsAreProbabilities()
    {
        Matrix<double> two = Matrix<double>.Build.Dense(1, 1, 2);
        foreach (Loss loss in (Loss[])[Loss.BinaryCrossEntropy, Loss.SoftmaxCrossEntropy])
            Assert.Contains(
                "targets",
                Assert.ThrowsAny<ArgumentException>(() => loss.Value(two, two)).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void LsuvRejectsALayerThatIgnoresItsInputs() =>
        Assert.Contains(
            "same pre-activation for every input in layer 1",
            Assert
                .Throws<ArgumentException>(() =>
                    Lsuv.Apply(
                        Network.Create([2, 2], Activation.Tanh, Initializer.Zeros, 1),
                        Datasets.Circles(20).Inputs
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
}
