namespace NotebookSupport;

public static partial class Charts
{
    /// <summary>
    /// The size of the gradient in every layer at every snapshot of a training, ‖dJ/dz‖, as a colour on a logarithmic scale: depth is one
    /// axis, time the other. (The weight gradient is that times the layer's inputs, which may themselves shrink
    /// from layer to layer.) What is exactly 0 or not finite stays blank.
    /// </summary>
    /// <param name="title">The title.</param>
    /// <param name="run">A training with snapshots.</param>
    /// <param name="data">The examples of which the gradient is taken.</param>
    public static Figure GradientMap(string title, TrainingRun run, Dataset data)
    {
        Require.NotNull(data);
        Dictionary<double, double[]> norms = RequireSnapshots(run)
            .ToDictionary(
                snapshot => (double)snapshot.Step,
                snapshot =>
                    snapshot
                        .Network.Signals(data.Inputs, data.Targets, data.Loss)
                        .Select(layer => Math.Log10(layer.DeltaNorm))
                        .ToArray()
            );
        return HeatMap(
            title,
            "step",
            "layer",
            "‖δ‖",
            [.. norms.Keys],
            [.. Enumerable.Range(1, run.Network.Layers.Count).Select(layer => (double)layer)],
            (step, layer) => norms[step][(int)layer - 1],
            range: null,
            isLog: true
        );
    }
}
