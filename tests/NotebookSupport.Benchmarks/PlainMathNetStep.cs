using System.Diagnostics;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Benchmarks;

/// <summary>The same step as one writes it first with MathNet's operators.</summary>
public sealed class PlainMathNetStep
{
    private const int Blocks = 5;
    private const double Rate = 0.01;
    private static readonly TimeSpan BlockTime = TimeSpan.FromSeconds(0.2);

    private readonly Matrix<double>[] _weights;
    private readonly Vector<double>[] _biases;
    private readonly Matrix<double> _inputs;
    private readonly Matrix<double> _targets;

    public PlainMathNetStep(IReadOnlyList<int> sizes, int batch)
    {
        Network network = Network.Create(sizes, Activation.ReLU, Initializer.HeNormal, 0);
        _weights = [.. network.Layers.Select(layer => layer.Weights)];
        _biases = [.. network.Layers.Select(layer => layer.Biases)];
        var random = new Random(0);
        _inputs = Initializer.Normal(1).Sample(sizes[0], batch, random);
        _targets = Matrix<double>.Build.Dense(sizes[^1], batch);
        for (int i = 0; i < batch; i++)
            _targets[random.Next(sizes[^1]), i] = 1;
    }

    /// <summary>The time of a step in the best of five blocks; the first block before them warms up.</summary>
    public double BestMicroseconds()
    {
        double best = double.PositiveInfinity;
        for (int block = 0; block <= Blocks; block++)
        {
            long start = Stopwatch.GetTimestamp();
            int steps = 0;
            for (; Stopwatch.GetElapsedTime(start) < BlockTime; steps++)
                Step();
            if (block > 0)
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds / steps);
        }
        return best;
    }

    private void Step()
    {
        int last = _weights.Length - 1;
        var signals = new List<Matrix<double>> { _inputs };
        for (int l = 0; l <= last; l++)
        {
            Vector<double> bias = _biases[l];
            Matrix<double> z = (_weights[l] * signals[l]).MapIndexed((row, _, value) => value + bias[row]);
            signals.Add(l < last ? z.PointwiseMaximum(0) : z);
        }
        Matrix<double> shares = Matrix<double>.Build.DenseOfColumnVectors(
            signals[^1]
                .EnumerateColumns()
                .Select(z =>
                {
                    Vector<double> e = (z - z.Maximum()).PointwiseExp();
                    return e / e.Sum();
                })
        );
        Matrix<double> delta = (shares - _targets) / _inputs.ColumnCount;
        for (int l = last; l >= 0; l--)
        {
            Matrix<double> byWeights = delta.TransposeAndMultiply(signals[l]);
            Vector<double> byBiases = delta.RowSums();
            if (l > 0)
                delta = _weights[l].TransposeThisAndMultiply(delta).PointwiseMultiply(signals[l].PointwiseSign());
            _weights[l] -= Rate * byWeights;
            _biases[l] -= Rate * byBiases;
        }
    }
}
