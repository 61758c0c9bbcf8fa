using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>The way forward and back through the steps of some sequences, in buffers that serve again and again.</summary>
internal sealed class RecurrentPass
{
    private readonly RecurrentNetwork _network;
    private readonly int _units;
    private readonly int _fanIn;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _count;
    private readonly int _length;

    /// <summary>What the recurrent layer receives at each step, [(units + inputs) x sequences]: the state and the inputs.</summary>
    private readonly double[][] _received;

    /// <summary>The states after each step, [units x sequences].</summary>
    private readonly double[][] _states;

    private readonly double[] _errors;
    private readonly double[] _transposed;
    private readonly double[] _back;
    private readonly double[] _term;
    private double[] _byState;
    private double[] _byStateBefore;

    /// <param name="network">The network; the pass reads its arrays anew at each call.</param>
    /// <param name="count">How many sequences.</param>
    /// <param name="rows">The rows of a matrix of sequences.</param>
    public RecurrentPass(RecurrentNetwork network, int count, int rows)
    {
        _network = network;
        (_units, _fanIn, _outputs) = (network.Hidden.FanOut, network.Hidden.FanIn, network.Readout.FanOut);
        (_inputs, _count) = (_fanIn - _units, count);
        if (rows == 0 || rows % _inputs != 0)
            throw new ArgumentException(
                Invariant($"sequences has {rows} rows; expected a multiple of {_inputs}, the inputs of a step."),
                "sequences"
            );
        _length = rows / _inputs;
        _received = [.. Enumerable.Range(0, _length).Select(_ => new double[_fanIn * count])];
        _states = [.. Enumerable.Range(0, _length).Select(_ => new double[_units * count])];
        Answers = new double[_outputs * count];
        _errors = new double[_outputs * count];
        _transposed = new double[_fanIn * count];
        _back = new double[_units * _units];
        _term = new double[_units * _fanIn];
        (_byState, _byStateBefore) = (new double[_units * count], new double[_units * count]);
        Parameters =
        [
            network.Hidden.WeightArray,
            network.Readout.WeightArray,
            network.Hidden.BiasArray,
            network.Readout.BiasArray,
        ];
        DeltaNorms = new double[_length];
        Gradients = [.. Parameters.Select(array => new double[array.Length])];
    }

    /// <summary>The answers of the last way forward, [outputs x sequences].</summary>
    public double[] Answers { get; }

    /// <summary>The network's own weights, recurrent and readout, and its biases.</summary>
    public double[][] Parameters { get; }

    /// <summary>The derivatives by <see cref="Parameters"/> of the last way back.</summary>
    public double[][] Gradients { get; }

    /// <summary>The norm of dJ/dz of each step on the last way back.</summary>
    public double[] DeltaNorms { get; }

    /// <summary>The units of each of <see cref="Parameters"/>, by which adaptive clipping goes.</summary>
    public int[] Units => [_units, _outputs, 1, 1];

    public void Forward(Matrix<double> sequences, int first = 0)
    {
        _received[0].AsSpan().Clear();
        for (int t = 0; t < _length; t++)
        {
            double[] received = _received[t];
            for (int n = 0; n < _count; n++)
            {
                if (t > 0)
                    _states[t - 1].AsSpan(n * _units, _units).CopyTo(received.AsSpan(n * _fanIn));
                for (int i = 0; i < _inputs; i++)
                    received[n * _fanIn + _units + i] = sequences.At(t * _inputs + i, first + n);
            }
            Products.Multiply(Parameters[0], _units, received, _states[t], _fanIn, Parameters[2]);
            Activation.Tanh.Apply(_states[t], _states[t]);
        }
        for (int n = 0; n < _count; n++)
        for (int k = 0; k < _outputs; k++)
        {
            double answer = Parameters[3][k];
            for (int unit = 0; unit < _units; unit++)
                answer += Parameters[1][unit * _outputs + k] * _states[^1][n * _units + unit];
            Answers[n * _outputs + k] = answer;
        }
    }

    /// <summary>The mean squared error on some sequences; its derivatives go to <see cref="Gradients"/>.</summary>
    public double Differentiate(Matrix<double> sequences, Matrix<double> targets, int first = 0)
    {
        Forward(sequences, first);
        foreach (double[] gradient in Gradients)
            gradient.AsSpan().Clear();
        double loss = 0;
        for (int n = 0; n < _count; n++)
        for (int k = 0; k < _outputs; k++)
        {
            double error = Answers[n * _outputs + k] - targets.At(k, first + n);
            loss += error * error;
            _errors[n * _outputs + k] = 2 * error / Answers.Length;
        }
        BackFromReadout();
        for (int i = 0; i < _units; i++)
        for (int j = 0; j < _units; j++)
            _back[i * _units + j] = Parameters[0][j * _units + i];
        for (int t = _length - 1; t >= 0; t--)
            BackThroughStep(t);
        return loss / Answers.Length;
    }

    private void BackFromReadout()
    {
        _byState.AsSpan().Clear();
        for (int n = 0; n < _count; n++)
        for (int k = 0; k < _outputs; k++)
        {
            double delta = _errors[n * _outputs + k];
            Gradients[3][k] += delta;
            for (int unit = 0; unit < _units; unit++)
            {
                Gradients[1][unit * _outputs + k] += delta * _states[^1][n * _units + unit];
                _byState[n * _units + unit] += delta * Parameters[1][unit * _outputs + k];
            }
        }
    }

    /// <summary>Adds the term of one step to dJ/dW and dJ/db, and goes on to the state before.</summary>
    private void BackThroughStep(int t)
    {
        Activation.Tanh.MultiplyByDerivative(_states[t], _states[t], _byState);
        DeltaNorms[t] = Norm.Of(_byState);
        ReadOnlySpan<double> received = _received[t];
        Span<double> byBias = Gradients[2];
        for (int n = 0; n < _count; n++)
        {
            for (int i = 0; i < _fanIn; i++)
                _transposed[i * _count + n] = received[n * _fanIn + i];
            ReadOnlySpan<double> delta = _byState.AsSpan(n * _units, _units);
            for (int unit = 0; unit < delta.Length; unit++)
                byBias[unit] += delta[unit];
        }
        Products.Multiply(_byState, _units, _transposed, _term, _count, default);
        Span<double> byWeight = Gradients[0];
        for (int i = 0; i < byWeight.Length; i++)
            byWeight[i] += _term[i];
        Products.Multiply(_back, _units, _byState, _byStateBefore, _units, default);
        (_byState, _byStateBefore) = (_byStateBefore, _byState);
    }
}
