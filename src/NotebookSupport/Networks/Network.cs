using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>
/// A fully connected network. It never changes: training and the With methods return new networks, and a matrix that it
/// gives is a copy.
/// </summary>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public sealed class Network
{
    /// <summary>A network of the given layers.</summary>
    /// <param name="layers">At least one layer; the fan-in of each is the fan-out of the one before.</param>
    public Network(IReadOnlyList<Layer> layers)
    {
        Require.NotNull(layers);
        if (layers.Count == 0)
            throw new ArgumentException("layers is empty; expected at least one layer.", nameof(layers));
        for (int l = 0; l < layers.Count; l++)
        {
            Layer layer = layers[l];
            if (layer.BiasArray.Length != layer.FanOut)
                throw new ArgumentException(
                    Invariant($"layers[{l}].Biases has length {layer.BiasArray.Length}; expected {layer.FanOut}."),
                    nameof(layers)
                );
            Require.Defined(layer.Normalization, Invariant($"layers[{l}].Normalization"));
            if (layer.ResidualScale is { } scale)
            {
                Require.Finite(scale, Invariant($"layers[{l}].ResidualScale"));
                if (layer.ResidualSpan < 1 || layer.ResidualSpan > l + 1)
                    throw new ArgumentException(
                        Invariant($"layers[{l}].ResidualSpan is {layer.ResidualSpan}; expected 1 to {l + 1} layers."),
                        nameof(layers)
                    );
                int inputs = layers[l + 1 - layer.ResidualSpan].FanIn;
                if (inputs != layer.FanOut)
                    throw new ArgumentException(
                        Invariant(
                            $"layers[{l}] is residual with {inputs} inputs and {layer.FanOut} units; expected equal numbers."
                        ),
                        nameof(layers)
                    );
            }
            if (l > 0 && layer.FanIn != layers[l - 1].FanOut)
                throw new ArgumentException(
                    Invariant(
                        $"layers[{l}].Weights is [{layer.FanOut} x {layer.FanIn}]; expected {layers[l - 1].FanOut} columns."
                    ),
                    nameof(layers)
                );
        }
        Layers = [.. layers];
    }

    /// <summary>The layers, first hidden layer first.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>The layer sizes, inputs first.</summary>
    public IReadOnlyList<int> Sizes => [Layers[0].FanIn, .. Layers.Select(layer => layer.FanOut)];

    /// <summary>The number of weights and biases.</summary>
    public int ParameterCount => Layers.Sum(layer => layer.FanOut * (layer.FanIn + 1));

    /// <summary>Draws a new network, whose output layer is linear.</summary>
    /// <param name="sizes">The layer sizes, inputs first; at least two, each at least 1.</param>
    /// <param name="activation">phi of every hidden layer.</param>
    /// <param name="initializer">The rule for every weight matrix.</param>
    /// <param name="seed">The seed of the draw: the same seed gives the same network.</param>
    /// <param name="biases">The rule for every bias vector, drawn as a [fan-out x 1] matrix; default zeros.</param>
    /// <param name="residualScale">
    /// The factor c of every hidden layer with as many inputs as units, a = x + c phi(z); default no residual layers
    /// (null). With 1 / sqrt(number of such layers) the signal stays of one size at any depth.
    /// </param>
    /// <param name="normalization">The normalization of every hidden layer; default none.</param>
    public static Network Create(
        IReadOnlyList<int> sizes,
        Activation activation,
        Initializer initializer,
        int seed,
        Initializer? biases = null,
        double? residualScale = null,
        Normalization normalization = Normalization.None
    )
    {
        Require.Sizes(sizes);
        Require.NotNull(activation);
        Require.NotNull(initializer);
        if (residualScale is { } scale)
            Require.Finite(scale, nameof(residualScale));
        Require.Defined(normalization);
        var random = new Random(seed);
        var layers = new Layer[sizes.Count - 1];
        for (int l = 0; l < layers.Length; l++)
            layers[l] = new Layer(
                initializer.Sample(sizes[l + 1], sizes[l], random),
                (biases ?? Initializer.Zeros).Sample(sizes[l + 1], 1, random).Column(0),
                l < layers.Length - 1 ? activation : Activation.Identity
            )
            {
                ResidualScale = l < layers.Length - 1 && sizes[l] == sizes[l + 1] ? residualScale : null,
                Normalization = l < layers.Length - 1 ? normalization : Normalization.None,
            };
        return new Network(layers);
    }

    /// <summary>The outputs for some inputs.</summary>
    /// <param name="inputs">[inputs x examples].</param>
    /// <returns>[outputs x examples]; logits where the loss is a cross-entropy.</returns>
    public Matrix<double> Forward(Matrix<double> inputs)
    {
        CheckInputs(inputs);
        using var pass = new BatchPass(this, inputs.ColumnCount, gradients: false);
        pass.Forward(inputs.ToColumnMajorArray());
        return OutputsOf(pass, inputs);
    }

    /// <summary>The loss on a batch and its gradient by every parameter, by backpropagation.</summary>
    /// <param name="inputs">[inputs x examples]; at least one example.</param>
    /// <param name="targets">[outputs x examples].</param>
    /// <param name="loss">The loss.</param>
    public Gradients Gradients(Matrix<double> inputs, Matrix<double> targets, Loss loss)
    {
        CheckBatch(inputs, targets, loss);
        using var pass = new BatchPass(this, inputs.ColumnCount);
        double value = pass.Differentiate(inputs.ToColumnMajorArray(), targets.ToColumnMajorArray(), loss);
        return new Gradients(value, pass.TakeGradients());
    }

    /// <summary>What each layer computes for some inputs, outside training.</summary>
    /// <param name="inputs">[inputs x examples]; at least one example.</param>
    /// <returns>One signal per layer, first hidden layer first.</returns>
    public IReadOnlyList<LayerSignal> Signals(Matrix<double> inputs)
    {
        CheckInputs(inputs);
        using var pass = new BatchPass(this, inputs.ColumnCount, gradients: false);
        pass.Forward(inputs.ToColumnMajorArray());
        return pass.TakeSignals();
    }

    /// <summary>What each layer computes for a batch in training, forward and backward.</summary>
    /// <param name="inputs">[inputs x examples]; at least one example.</param>
    /// <param name="targets">[outputs x examples].</param>
    /// <param name="loss">The loss.</param>
    /// <returns>One signal per layer, first hidden layer first, with deltas and gradients.</returns>
    public IReadOnlyList<LayerSignal> Signals(Matrix<double> inputs, Matrix<double> targets, Loss loss)
    {
        CheckBatch(inputs, targets, loss);
        using var pass = new BatchPass(this, inputs.ColumnCount);
        pass.Differentiate(inputs.ToColumnMajorArray(), targets.ToColumnMajorArray(), loss);
        return pass.TakeSignals();
    }

    /// <summary>A copy with other weights in one layer.</summary>
    /// <param name="layer">The index of the layer, 0 the first.</param>
    /// <param name="weights">The new W, of the same shape.</param>
    public Network WithWeights(int layer, Matrix<double> weights)
    {
        Layer old = Layers[CheckLayer(layer)];
        Require.Shape(weights, old.FanOut, old.FanIn);
        return With(layer, old with { Weights = weights });
    }

    /// <summary>A copy with other biases in one layer.</summary>
    /// <param name="layer">The index of the layer, 0 the first.</param>
    /// <param name="biases">The new b, of the same length.</param>
    public Network WithBiases(int layer, Vector<double> biases)
    {
        Layer old = Layers[CheckLayer(layer)];
        if (Require.NotNull(biases).Count != old.FanOut)
            throw new ArgumentException(
                Invariant($"biases has length {biases.Count}; expected {old.FanOut}."),
                nameof(biases)
            );
        return With(layer, old with { Biases = biases });
    }

    /// <summary>The layer sizes and the hidden activation in one line.</summary>
    public override string ToString() =>
        $"{string.Join("-", Sizes)} {Layers[0].Activation}, {ParameterCount} parameters";

    /// <summary>The loss of a batch as training sees it.</summary>
    internal double BatchLoss(Matrix<double> inputs, Matrix<double> targets, Loss loss)
    {
        using var pass = new BatchPass(this, inputs.ColumnCount, gradients: false);
        pass.Forward(inputs.ToColumnMajorArray(), training: true);
        return loss.Value(OutputsOf(pass, inputs), targets);
    }

    internal Network Copy() => new([.. Layers.Select(layer => layer.Copy())]);

    private Matrix<double> OutputsOf(BatchPass pass, Matrix<double> inputs) =>
        Matrix<double>.Build.Dense(Layers[^1].FanOut, inputs.ColumnCount, pass.Outputs.ToArray());

    internal void CheckBatch(Matrix<double> inputs, Matrix<double> targets, Loss loss)
    {
        CheckInputs(inputs);
        Require.Shape(targets, Layers[^1].FanOut, inputs.ColumnCount);
        Require.NotNull(loss).CheckTargets(targets);
    }

    private Network With(int index, Layer layer) => new([.. Layers.Select((old, l) => l == index ? layer : old)]);

    private int CheckLayer(int layer) =>
        layer >= 0 && layer < Layers.Count
            ? layer
            : throw Require.OutOfRange(nameof(layer), layer, Invariant($"an index from 0 to {Layers.Count - 1}"));

    private void CheckInputs(Matrix<double> inputs)
    {
        int features = Layers[0].FanIn;
        if (Require.NotNull(inputs).RowCount != features)
            throw new ArgumentException(
                Invariant(
                    $"inputs has {inputs.RowCount} rows; expected {features}, one for each input of the network."
                ),
                nameof(inputs)
            );
    }
}
