namespace NotebookSupport;

/// <summary>
/// How a layer normalizes its sums u = W a before the biases are added: z = (u - mean) / sqrt(variance + 1e-5) + b. The
/// biases take the place of the usual learned shift. There is no learned gain: where phi is ReLU or linear, the next
/// layer's weights can be it.
/// </summary>
public enum Normalization
{
    /// <summary>z = u + b.</summary>
    None,

    /// <summary>
    /// Mean and variance of each unit over the examples of the batch, in training and in <see cref="Network.Gradients"/>.
    /// Outside training, in <see cref="Network.Forward"/>, running averages over the batches of the training, in
    /// which the latest batch has weight 0.1, as in PyTorch; an untrained network has mean 0 and variance 1. Source: Ioffe and Szegedy,
    /// "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift", 2015, algorithms 1
    /// and 2.
    /// </summary>
    Batch,

    /// <summary>
    /// Mean and variance of each example over the units of the layer, in training and outside. Source: Ba, Kiros and
    /// Hinton, "Layer Normalization", 2016, equation 3.
    /// </summary>
    Layer,
}
