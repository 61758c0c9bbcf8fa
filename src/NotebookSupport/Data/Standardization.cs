using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>
/// The change of scale that gives each feature of a data set mean 0 and variance 1. It is measured once, on the
/// training data, and applied to all data that the network sees. Source: LeCun, Bottou, Orr and Müller, "Efficient
/// BackProp", 1998, section 4.3.
/// </summary>
public sealed class Standardization
{
    private readonly Vector<double> _means;
    private readonly Vector<double> _deviations;

    private Standardization(Vector<double> means, Vector<double> deviations)
    {
        _means = means;
        _deviations = deviations;
    }

    /// <summary>Measures the features of a data set; one that never changes is only shifted to 0.</summary>
    /// <param name="data">The training data.</param>
    public static Standardization Of(Dataset data)
    {
        Matrix<double> inputs = Require.NotNull(data).Inputs;
        Vector<double> means = inputs.RowSums() / inputs.ColumnCount;
        Vector<double> deviations = Vector<double>.Build.Dense(
            inputs.RowCount,
            i => Math.Sqrt(inputs.Row(i).Subtract(means[i]).PointwisePower(2).Sum() / inputs.ColumnCount)
        );
        return new Standardization(means, deviations.Map(deviation => deviation > 0 ? deviation : 1));
    }

    /// <summary>A data set with its features shifted and scaled.</summary>
    /// <param name="data">As many features as the data set that was measured.</param>
    public Dataset Apply(Dataset data)
    {
        Require.NotNull(data);
        if (data.Inputs.RowCount != _means.Count)
            throw new ArgumentException(
                Invariant($"data has {data.Inputs.RowCount} features; expected {_means.Count}, as measured."),
                nameof(data)
            );
        return new Dataset(
            data.Name,
            Matrix<double>.Build.Dense(
                data.Inputs.RowCount,
                data.Count,
                (i, n) => (data.Inputs[i, n] - _means[i]) / _deviations[i]
            ),
            data.Targets,
            data.Loss
        );
    }
}
