using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>
/// The forward and the backward pass of a network over batches, in buffers that are made once. It works on the
/// network's own arrays, so that a change of the parameters is seen by the next pass. Blocks of examples go through all
/// layers on their own, unless a layer normalizes over the batch, and so do the rows of a gradient, so that a worker pool can run them
/// in parallel.
/// </summary>
internal sealed class BatchPass : IDisposable
{
    /// <summary>
    /// Blocks that stay in the nearest cache, and at least two per thread so that none waits for long. A browser interprets what
    /// goes from one kernel to the next, so there it is to do so less often.
    /// </summary>
    private static readonly int LargestBlock = OperatingSystem.IsBrowser() ? 512 : 64;
    private const int SmallestBlock = 16;

    /// <summary>So few examples that the weights are not worth packing for a forward pass.</summary>
    private const int FewExamples = 8;

    private readonly Network _network;
    private readonly WorkerPool _workers;
    private readonly double[][] _z;
    private readonly double[][] _a;
    private readonly double[][] _delta;
    private readonly double[][] _phi;
    private readonly double[][] _outer;

    /// <summary>The layers in which the shortcuts end that begin at the inputs of a layer.</summary>
    private readonly ILookup<int, int> _shortcutEnds;
    private readonly double[][] _inner;
    private readonly Normalizer?[] _normalizers;
    private readonly bool _isOverBatch;
    private readonly bool _holdsOneBlock;
    private readonly double[] _losses;
    private readonly PackedMatrix?[] _packedWeights;
    private readonly PackedMatrix[] _packedTransposes;
    private readonly PackedMatrix[] _packedDeltas;
    private readonly (int Layer, int Panel)[] _gradientPanels;
    private readonly Action<int> _packForward;
    private readonly Action<int> _packBoth;
    private readonly Action<int> _forward;
    private readonly Action<int> _forwardAndBackward;
    private readonly Action<int> _gradient;
    private double[] _inputs = [];
    private double[] _targets = [];
    private Loss _loss = Loss.MeanSquaredError;
    private int _examples;
    private bool _training;

    /// <param name="network">Whose layers.</param>
    /// <param name="capacity">The most examples of a batch.</param>
    /// <param name="workers">The pool that runs the blocks; default the caller alone.</param>
    /// <param name="gradients">Whether <see cref="Differentiate"/> will be called.</param>
    /// <param name="keepsSignals">
    /// Whether outputs and signals will be asked for. Else the buffers of a pass on one thread hold one block of examples, which
    /// stays in the cache.
    /// </param>
    public BatchPass(
        Network network,
        int capacity,
        WorkerPool? workers = null,
        bool gradients = true,
        bool keepsSignals = true
    )
    {
        _network = network;
        _workers = workers ?? new WorkerPool(1);
        Layer[] layers = [.. network.Layers];
        Weights = [.. layers.Select(layer => layer.WeightArray)];
        Biases = [.. layers.Select(layer => layer.BiasArray)];
        _normalizers =
        [
            .. layers.Select(layer =>
                layer.Normalization == Normalization.None ? null : new Normalizer(layer, capacity)
            ),
        ];
        _isOverBatch = _normalizers.Any(normalizer => normalizer?.IsOverBatch == true);
        _holdsOneBlock = !keepsSignals && _workers.Threads == 1 && !_isOverBatch;
        _losses = new double[capacity];
        capacity = _holdsOneBlock ? Math.Min(capacity, LargestBlock) : capacity;
        _z = [.. layers.Select(layer => new double[layer.FanOut * capacity])];
        _a = [.. layers.Select(layer => new double[layer.FanOut * capacity])];
        bool isPacked = gradients || capacity > FewExamples;
        _packedWeights =
        [
            .. layers.Select(layer =>
                isPacked || layer.FanOut < PackedMatrix.Lanes ? new PackedMatrix(layer.FanOut, layer.FanIn) : null
            ),
        ];
        Layer[] backward = gradients ? layers : [];
        WeightGradients = [.. backward.Select(layer => new double[layer.FanOut * layer.FanIn])];
        BiasGradients = [.. backward.Select(layer => new double[layer.FanOut])];
        _delta = [.. backward.Select(layer => new double[layer.FanOut * capacity])];
        _phi = [.. layers.Select(layer => new double[layer.ResidualScale is null ? 0 : layer.FanOut * capacity])];
        _outer = [.. backward.Select(layer => new double[layer.ResidualScale is null ? 0 : layer.FanOut * capacity])];
        _shortcutEnds = Enumerable
            .Range(0, layers.Length)
            .Where(end => layers[end].ResidualScale is not null)
            .ToLookup(end => end + 1 - layers[end].ResidualSpan);
        _inner = [.. backward.Select((layer, l) => _normalizers[l] is null ? _delta[l] : new double[_delta[l].Length])];
        _packedTransposes = [.. backward.Select(layer => new PackedMatrix(layer.FanIn, layer.FanOut))];
        _packedDeltas =
        [
            .. backward.Select(layer => new PackedMatrix(
                layer.FanOut,
                PackedMatrix.IsWhole(layer.FanOut) ? 0 : capacity
            )),
        ];
        _gradientPanels =
        [
            .. _packedDeltas.SelectMany((packed, l) => Enumerable.Range(0, packed.Panels).Select(panel => (l, panel))),
        ];
        _packForward = PackForward;
        _packBoth = PackBoth;
        _forward = Forward;
        _forwardAndBackward = ForwardAndBackward;
        _gradient = Gradient;
    }

    public double[][] Weights { get; }

    public double[][] Biases { get; }

    public double[][] WeightGradients { get; }

    public double[][] BiasGradients { get; }

    /// <summary>The outputs of the last forward pass, column-major.</summary>
    public ReadOnlySpan<double> Outputs => Slice(_a, _z.Length - 1, 0, _examples);

    /// <param name="inputs">The inputs, column-major.</param>
    /// <param name="training">Whether a layer that normalizes over the batch uses this one's mean and variance.</param>
    public void Forward(double[] inputs, bool training = false)
    {
        _inputs = inputs;
        _training = training;
        _examples = inputs.Length / _network.Layers[0].FanIn;
        _workers.Run(_z.Length, _packForward);
        _workers.Run(Blocks, _forward);
    }

    /// <summary>Fills the gradients for a batch and returns its loss.</summary>
    public double Differentiate(double[] inputs, double[] targets, Loss loss)
    {
        _inputs = inputs;
        _targets = targets;
        _loss = loss;
        _training = true;
        _examples = inputs.Length / _network.Layers[0].FanIn;
        _workers.Run(_z.Length, _packBoth);
        if (!_isOverBatch && _workers.IsAlone)
            // Each block adds its part to the gradients while it is in the cache.
            for (int block = 0; block < Blocks; block++)
            {
                ForwardAndBackward(block);
                (int first, int count) = ExamplesOf(block);
                for (int item = 0; item < _gradientPanels.Length; item++)
                    AddGradient(item, first, count);
            }
        else
        {
            _workers.Run(Blocks, _forwardAndBackward);
            _workers.Run(_gradientPanels.Length, _gradient);
        }
        return Loss.Mean(_losses.AsSpan(0, _examples));
    }

    /// <summary>Takes the latest batch into the running averages of the layers that normalize over it.</summary>
    public void UpdateRunningAverages()
    {
        foreach (Normalizer? normalizer in _normalizers)
            normalizer?.UpdateRunningAverages();
    }

    public void Dispose()
    {
        foreach (PackedMatrix? packed in _packedWeights.Concat(_packedTransposes).Concat(_packedDeltas))
            packed?.Dispose();
    }

    /// <summary>The gradients, in this pass's own arrays: it is not run again.</summary>
    public LayerGradient[] TakeGradients() =>
        [
            .. _network.Layers.Select(
                (layer, l) =>
                    new LayerGradient(
                        Matrix<double>.Build.Dense(layer.FanOut, layer.FanIn, WeightGradients[l]),
                        Vector<double>.Build.Dense(BiasGradients[l])
                    )
            ),
        ];

    /// <summary>
    /// The signals of a pass over as many examples as it was made for, with deltas and gradients if it has them, in its own
    /// arrays: it is not run again.
    /// </summary>
    public LayerSignal[] TakeSignals()
    {
        LayerGradient[]? gradients = _delta.Length > 0 ? TakeGradients() : null;
        return
        [
            .. _network.Layers.Select(
                (layer, l) =>
                    new LayerSignal(
                        layer,
                        Matrix(_z, l),
                        Matrix(_a, l),
                        gradients is null ? null : Matrix(_delta, l),
                        gradients?[l]
                    )
            ),
        ];

        Matrix<double> Matrix(double[][] buffers, int l) =>
            Matrix<double>.Build.Dense(_network.Layers[l].FanOut, _examples, buffers[l]);
    }

    private int BlockExamples
    {
        get
        {
            if (_isOverBatch && _training)
                return Math.Max(_examples, 1);
            if (_workers.IsAlone)
                return LargestBlock;
            int share = _examples / (2 * _workers.Threads);
            return Math.Clamp(share - share % Products.TileColumns, SmallestBlock, LargestBlock);
        }
    }

    private int Blocks => (_examples + BlockExamples - 1) / BlockExamples;

    private void PackForward(int l)
    {
        for (int panel = 0; panel < _packedWeights[l]?.Panels; panel++)
            _packedWeights[l]!.Pack(Weights[l], _network.Layers[l].FanIn, panel);
    }

    private void PackBoth(int l)
    {
        PackForward(l);
        for (int panel = 0; l > 0 && panel < _packedTransposes[l].Panels; panel++)
            _packedTransposes[l].PackTransposed(Weights[l], _network.Layers[l].FanOut, panel);
    }

    private void Forward(int block)
    {
        (int first, int count) = ExamplesOf(block);
        for (int l = 0; l < _z.Length; l++)
        {
            Layer layer = _network.Layers[l];
            Span<double> z = Slice(_z, l, first, count);
            Normalizer? normalizer = _normalizers[l];
            ReadOnlySpan<double> start = normalizer is null ? Biases[l] : default;
            ReadOnlySpan<double> inputs = InputsOf(l, first, count);
            if (_packedWeights[l] is { } packed)
                Products.Multiply(packed, inputs, z, layer.FanIn, start);
            else
                Products.Multiply(Weights[l], layer.FanOut, inputs, z, layer.FanIn, start);
            normalizer?.Forward(z, first, _training);
            Span<double> a = Slice(_a, l, first, count);
            if (layer.ResidualScale is { } scale)
            {
                Span<double> phi = Slice(_phi, l, first, count);
                layer.Activation.Apply(z, phi);
                Elementwise.Map(new AddScaled(scale), InputsOf(l + 1 - layer.ResidualSpan, first, count), phi, a);
            }
            else
                layer.Activation.Apply(z, a);
        }
    }

    private void ForwardAndBackward(int block)
    {
        Forward(block);
        (int first, int count) = ExamplesOf(block);
        int last = _z.Length - 1;
        int outputs = _network.Layers[last].FanOut;
        for (int i = first; i < first + count; i += LargestBlock)
        {
            int some = Math.Min(LargestBlock, first + count - i);
            _loss.LossesAndDelta(
                new LossSlice(
                    Slice(_a, last, i, some),
                    _targets.AsSpan(i * outputs, some * outputs),
                    Slice(_delta, last, i, some),
                    _losses.AsSpan(i, some),
                    _examples
                )
            );
        }
        for (int l = last; l >= 0; l--)
        {
            Layer layer = _network.Layers[l];
            Span<double> delta = Slice(_delta, l, first, count);
            double[][] phi = _a;
            if (layer.ResidualScale is { } scale)
            {
                phi = _phi;
                delta.CopyTo(Slice(_outer, l, first, count));
                Elementwise.Map(new Scale(scale), delta, delta);
            }
            layer.Activation.MultiplyByDerivative(Slice(_z, l, first, count), Slice(phi, l, first, count), delta);
            _normalizers[l]?.Backward(delta, Slice(_inner, l, first, count), first);
            if (l == 0)
                break;
            Span<double> below = Slice(_delta, l - 1, first, count);
            Products.Multiply(_packedTransposes[l], Slice(_inner, l, first, count), below, layer.FanOut);
            foreach (int end in _shortcutEnds[l])
                Elementwise.Map(new AddScaled(1), below, Slice(_outer, end, first, count), below);
        }
    }

    private void Gradient(int item) => AddGradient(item, 0, _examples);

    /// <summary>Some rows of a layer's gradient: from the first examples on, each next ones add theirs.</summary>
    private void AddGradient(int item, int first, int count)
    {
        (int l, int panel) = _gradientPanels[item];
        PackedMatrix packed = _packedDeltas[l];
        ReadOnlySpan<double> delta = Slice(_delta, l, first, count);
        ReadOnlySpan<double> inner = Slice(_inner, l, first, count);
        ReadOnlySpan<double> inputs = InputsOf(l, first, count);
        bool adds = first > 0;
        if (PackedMatrix.IsWhole(packed.Rows))
        {
            packed.SumRows(delta, panel, count, BiasGradients[l], adds);
            Products.MultiplyTransposed(packed, panel, inner, inputs, WeightGradients[l], count, adds);
            return;
        }
        packed.Pack(delta, count, panel);
        packed.SumRows(panel, count, BiasGradients[l], adds);
        if (_normalizers[l] is not null)
            packed.Pack(inner, count, panel);
        Products.MultiplyTransposed(packed, panel, inputs, WeightGradients[l], count, adds);
    }

    private (int First, int Count) ExamplesOf(int block) =>
        (block * BlockExamples, Math.Min(BlockExamples, _examples - block * BlockExamples));

    private Span<double> Slice(double[][] layers, int l, int first, int count) =>
        layers[l].AsSpan(Held(first) * _network.Layers[l].FanOut, count * _network.Layers[l].FanOut);

    private ReadOnlySpan<double> InputsOf(int l, int first, int count)
    {
        int fanIn = _network.Layers[l].FanIn;
        return l == 0
            ? _inputs.AsSpan(first * fanIn, count * fanIn)
            : _a[l - 1].AsSpan(Held(first) * fanIn, count * fanIn);
    }

    /// <summary>Where the buffers hold an example.</summary>
    private int Held(int example) => _holdsOneBlock ? example % LargestBlock : example;
}
