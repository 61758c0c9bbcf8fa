namespace NotebookSupport;

/// <summary>The layer sizes of networks whose hidden layers are all of one width.</summary>
public static class Sizes
{
    /// <summary>The inputs, as many hidden layers as the depth says, and the outputs.</summary>
    /// <param name="inputs">The number of inputs; at least 1.</param>
    /// <param name="hidden">The units of each hidden layer; at least 1.</param>
    /// <param name="depth">The number of hidden layers; at least 0.</param>
    /// <param name="outputs">The number of outputs; at least 1.</param>
    public static int[] Of(int inputs, int hidden, int depth, int outputs) =>
        [
            Require.AtLeast(inputs, 1),
            .. Enumerable.Repeat(Require.AtLeast(hidden, 1), Require.AtLeast(depth, 0)),
            Require.AtLeast(outputs, 1),
        ];
}
