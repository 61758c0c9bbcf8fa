using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>
/// The forward and the backward pass of a network over batches, in buffers that are made once. It works on the
/// network's own arrays, so that a change of the parameters is seen by the next pass.
/// </summary>
internal sealed class BatchPass
{
    private readonly Network _network;
    private readonly double[][] _z;
    private readonly double[][] _a;
    private readonly double[][] _delta;
    private readonly double[] _scratch;
    private double[] _inputs = [];
    private int _examples;

    public BatchPass(Network network, int capacity)
    {
        _network = network;
        int[] widths = [.. network.Layers.Select(layer => layer.FanOut)];
        _z = [.. widths.Select(width => new double[width * capacity])];
        _a = [.. widths.Select(width => new double[width * capacity])];
        _delta = [.. widths.Select(width => new double[width * capacity])];
        Weights = [.. network.Layers.Select(layer => layer.Weights.AsColumnMajorArray())];
        Biases = [.. network.Layers.Select(layer => layer.Biases.AsArray())];
        _scratch = new double[Weights.Max(weights => weights.Length)];
        WeightGradients = [.. Weights.Select(weights => new double[weights.Length])];
        BiasGradients = [.. Biases.Select(biases => new double[biases.Length])];
    }

    public double[][] Weights { get; }

    public double[][] Biases { get; }

    public double[][] WeightGradients { get; }

    public double[][] BiasGradients { get; }

    /// <summary>The outputs of the last forward pass, column-major.</summary>
    public ReadOnlySpan<double> Outputs => _a[^1].AsSpan(0, _network.Layers[^1].FanOut * _examples);

    public void Forward(double[] inputs) => Forward(inputs, inputs.Length / _network.Layers[0].FanIn);

    public void Forward(double[] inputs, int examples)
    {
        _inputs = inputs;
        _examples = examples;
        for (int l = 0; l < _z.Length; l++)
        {
            Layer layer = _network.Layers[l];
            Span<double> z = _z[l].AsSpan(0, layer.FanOut * _examples);
            Products.Multiply(Weights[l], InputsOf(l), z, layer.FanOut, _examples, layer.FanIn);
            for (int start = 0; start < z.Length; start += layer.FanOut)
            for (int i = 0; i < layer.FanOut; i++)
                z[start + i] += Biases[l][i];
            layer.Activation.Apply(z, _a[l]);
        }
    }

    /// <summary>Fills the gradients for the last forward pass and returns the loss.</summary>
    public double Backward(ReadOnlySpan<double> targets, Loss loss)
    {
        int last = _z.Length - 1;
        double value = loss.ValueAndDelta(Outputs, targets, Delta(last), _network.Layers[last].FanOut);
        for (int l = last; l >= 0; l--)
        {
            Layer layer = _network.Layers[l];
            Span<double> delta = Delta(l);
            layer.Activation.MultiplyByDerivative(_z[l].AsSpan(0, delta.Length), _a[l].AsSpan(0, delta.Length), delta);
            Products.MultiplyTransposedSecond(
                delta,
                InputsOf(l),
                WeightGradients[l],
                layer.FanOut,
                layer.FanIn,
                _examples
            );
            SumColumns(delta, BiasGradients[l]);
            if (l > 0)
                Products.MultiplyTransposedFirst(
                    Weights[l],
                    delta,
                    Delta(l - 1),
                    layer.FanIn,
                    _examples,
                    layer.FanOut,
                    _scratch
                );
        }
        return value;
    }

    public LayerGradient[] CopyGradients() =>
        [
            .. _network.Layers.Select(
                (layer, l) =>
                    new LayerGradient(
                        Matrix<double>.Build.Dense(layer.FanOut, layer.FanIn, [.. WeightGradients[l]]),
                        Vector<double>.Build.Dense([.. BiasGradients[l]])
                    )
            ),
        ];

    private Span<double> Delta(int layer) => _delta[layer].AsSpan(0, _network.Layers[layer].FanOut * _examples);

    private ReadOnlySpan<double> InputsOf(int layer) => layer == 0 ? _inputs : _a[layer - 1];

    private static void SumColumns(ReadOnlySpan<double> columns, Span<double> sums)
    {
        sums.Clear();
        for (int start = 0; start < columns.Length; start += sums.Length)
        for (int i = 0; i < sums.Length; i++)
            sums[i] += columns[start + i];
    }
}
