using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <content>What need not be read: the text of the other file, and its checks.</content>
public static partial class Backpropagation
{
    /// <summary>The C# code of <see cref="Run"/>, as it was compiled.</summary>
    public static string Source
    {
        get
        {
            using Stream stream = typeof(Backpropagation).Assembly.GetManifestResourceStream("Backpropagation.cs")!;
            return new StreamReader(stream).ReadToEnd();
        }
    }

    private static void Check(Network network, Matrix<double> inputs, Matrix<double> targets, Loss loss)
    {
        Require.NotNull(network).CheckBatch(inputs, targets, loss);
        for (int l = 0; l < network.Layers.Count; l++)
            if (network.Layers[l] is { ResidualScale: not null } or { Normalization: not Normalization.None })
                throw new ArgumentException(
                    Invariant(
                        $"network has {network.Layers[l]} as layer {l + 1}; expected no residual or normalized layer."
                    ),
                    nameof(network)
                );
    }
}
