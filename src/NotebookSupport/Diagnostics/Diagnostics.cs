using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>Measures of weights.</summary>
public static class Diagnostics
{
    /// <summary>The largest |W[i, j] - W[0, j]|: exactly 0 as long as all units of a layer are equal.</summary>
    /// <param name="weights">[fan-out x fan-in].</param>
    public static double UnitDifference(Matrix<double> weights) =>
        Require.NotNull(weights).EnumerateIndexed().Max(entry => Math.Abs(entry.Item3 - weights[0, entry.Item2]));
}
