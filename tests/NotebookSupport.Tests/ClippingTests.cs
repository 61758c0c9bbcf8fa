using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

public class ClippingTests
{
    private static Gradients Of(params double[] values) =>
        new(0, [new(Matrix<double>.Build.Dense(1, values.Length, values), Vector<double>.Build.Dense(1))]);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(7)]
    public void NormAfterIsTheSmallerOfNormAndThreshold(double threshold)
    {
        ClippedGradients clipped = GradientClipping.ByGlobalNorm(threshold).Clip(Of(3, 4));
        Assert.Equal(5, clipped.NormBefore);
        Assert.Equal(Math.Min(5, threshold), clipped.Gradients.GlobalNorm, 1e-15);
        Assert.Equal(
            0.75,
            clipped.Gradients.Layers[0].Weights[0, 0] / clipped.Gradients.Layers[0].Weights[0, 1],
            1e-15
        );
    }

    [Fact]
    public void ValueLimitsEachEntryAndLeavesTheInputAlone()
    {
        Gradients gradients = Of(-3, 0.5, 2);
        Gradients clipped = GradientClipping.ByValue(1).Clip(gradients).Gradients;
        Assert.Equal([-1, 0.5, 1], clipped.Layers[0].Weights.ToRowMajorArray());
        Assert.Equal(-3, gradients.Layers[0].Weights[0, 0]);
    }
}
