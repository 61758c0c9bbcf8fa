using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>
/// A recurrent network of tanh units that reads a sequence and answers at its end: h ← tanh(W h + V u + b) for each u of the
/// sequence, from h = 0, and a linear readout of the last h. It never changes.
/// </summary>
/// <param name="Hidden">The recurrent layer, [units x (units + inputs)]: W and V side by side. It has at least 8 units.</param>
/// <param name="Readout">The layer that reads the last state, [outputs x units], without an activation.</param>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public sealed record RecurrentNetwork(Layer Hidden, Layer Readout)
{
    /// <summary>The fewest units, as many as the widest vector has lanes.</summary>
    private const int FewestUnits = 8;

    /// <summary>W, [units x units]: what makes the next state of the last one.</summary>
    public Matrix<double> Recurrent => Hidden.Weights.SubMatrix(0, Hidden.FanOut, 0, Hidden.FanOut);

    /// <summary>
    /// A network whose W is an orthogonal matrix times <paramref name="singularValue"/>, so that all of its singular values are
    /// equal. V and the readout are drawn by LeCun's rule, biases are 0.
    /// </summary>
    /// <param name="inputs">The inputs of each step; at least 1.</param>
    /// <param name="units">The units of the state; at least 8.</param>
    /// <param name="outputs">The outputs; at least 1.</param>
    /// <param name="singularValue">Every singular value of W; finite, at least 0.</param>
    /// <param name="seed">The seed of all draws.</param>
    public static RecurrentNetwork Create(int inputs, int units, int outputs, double singularValue, int seed)
    {
        Require.AtLeast(inputs, 1);
        Require.AtLeast(units, FewestUnits);
        Require.AtLeast(outputs, 1);
        Require.NonNegative(singularValue);
        var random = new Random(seed);
        Matrix<double> recurrent = Initializer.Orthogonal(singularValue).Sample(units, units, random);
        Matrix<double> input = Initializer.LeCunNormal.Sample(units, inputs, random);
        Matrix<double> readout = Initializer.LeCunNormal.Sample(outputs, units, random);
        return new RecurrentNetwork(
            new Layer(recurrent.Append(input), Vector<double>.Build.Dense(units), Activation.Tanh),
            new Layer(readout, Vector<double>.Build.Dense(outputs), Activation.Identity)
        );
    }

    /// <summary>The answers to some sequences, [outputs x sequences].</summary>
    /// <param name="sequences">[(inputs · length) x sequences]: the inputs of the first step on top.</param>
    public Matrix<double> Forward(Matrix<double> sequences)
    {
        RecurrentPass pass = PassOver(sequences);
        pass.Forward(sequences);
        return Matrix<double>.Build.Dense(Readout.FanOut, sequences.ColumnCount, pass.Answers);
    }

    /// <summary>The mean squared error on some sequences, and its gradient by backpropagation through time.</summary>
    /// <param name="sequences">[(inputs · length) x sequences]: the inputs of the first step on top.</param>
    /// <param name="targets">[outputs x sequences].</param>
    /// <returns>The gradients of <see cref="Hidden"/> and <see cref="Readout"/>, in this order.</returns>
    public Gradients Gradients(Matrix<double> sequences, Matrix<double> targets)
    {
        RecurrentPass pass = PassOver(sequences);
        double loss = pass.Differentiate(sequences, Require.Shape(targets, Readout.FanOut, sequences.ColumnCount));
        LayerGradient Of(Layer layer, int i) =>
            new(
                Matrix<double>.Build.Dense(layer.FanOut, layer.FanIn, pass.Gradients[i]),
                Vector<double>.Build.Dense(pass.Gradients[i + 2])
            );
        return new Gradients(loss, [Of(Hidden, 0), Of(Readout, 1)]);
    }

    /// <summary>The norm of the signal gradient after each step of the sequences, over all units and sequences.</summary>
    /// <param name="sequences">[(inputs · length) x sequences]: the inputs of the first step on top.</param>
    /// <param name="targets">[outputs x sequences].</param>
    /// <returns>The norm of dJ/dz for the pre-activations z of each step, the first step first.</returns>
    public IReadOnlyList<double> DeltaNorms(Matrix<double> sequences, Matrix<double> targets)
    {
        RecurrentPass pass = PassOver(sequences);
        pass.Differentiate(sequences, Require.Shape(targets, Readout.FanOut, sequences.ColumnCount));
        return pass.DeltaNorms;
    }

    private RecurrentPass PassOver(Matrix<double> sequences) =>
        new(this, Require.NotNull(sequences).ColumnCount, sequences.RowCount);

    /// <summary>The sizes in one line.</summary>
    public override string ToString() =>
        Invariant(
            $"recurrent network of {Hidden.FanIn - Hidden.FanOut} inputs, {Hidden.FanOut} {Hidden.Activation} units and {Readout.FanOut} outputs"
        );
}
