using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>How a cell shows the values that are no figures: tables of what one asks of them, and single lines.</summary>
internal static class Shown
{
    /// <summary>A value as HTML; null for a value of any other library.</summary>
    public static string? Html(object? value) =>
        value switch
        {
            IHtml shown => shown.ToHtml(),
            Matrix<double> matrix => Table.Of(matrix).ToHtml(),
            Vector<double> vector => Table.Of(vector).ToHtml(),
            Network network => Layers(network.ToString(), network.Layers),
            Layer layer => Layers(layer.ToString(), [layer]),
            Dataset data => Classes(data),
            TrainingRun run => Run(run),
            Gradients gradients => Norms(gradients.ToString(), gradients.Layers),
            ClippedGradients clipped => Norms(clipped.ToString(), clipped.Gradients.Layers),
            LayerGradient gradient => Norms(gradient.ToString(), [gradient]),
            _ when value?.GetType().Assembly == typeof(Shown).Assembly => NotebookSupport.Html.Line(value.ToString()!),
            _ => null,
        };

    private static string Layers(string caption, IReadOnlyList<Layer> layers) =>
        NotebookSupport.Html.Table(
            ["layer", "fan-in", "fan-out", "activation", "parameters", "std of weights"],
            layers.Select(
                (layer, l) =>
                    (object?[])
                        [
                            l + 1,
                            layer.FanIn,
                            layer.FanOut,
                            layer.Activation.Name
                                + (layer.ResidualScale is { } scale ? Invariant($", residual {scale:G4}") : ""),
                            layer.FanOut * (layer.FanIn + 1),
                            StandardDeviation(layer.Weights),
                        ]
            ),
            caption
        );

    private static string Classes(Dataset data)
    {
        if (data.Classes is null)
            return NotebookSupport.Html.Line(data.ToString());
        IReadOnlyList<int> labels = data.Labels;
        return NotebookSupport.Html.Table(
            ["class", "examples"],
            Enumerable
                .Range(0, data.Classes.Value)
                .Select(label => (object?[])[label, labels.Count(one => one == label)]),
            data.ToString()
        );
    }

    private static string Run(TrainingRun run)
    {
        var rows = new List<object?[]> { new object?[] { "steps", run.Steps.Count } };
        if (run.Steps.Count > 0)
        {
            rows.Add(["first loss", run.Steps[0].Loss]);
            rows.Add(["first gradient norm", run.Steps[0].GradientNorm]);
            rows.Add(["last gradient norm", run.Steps[^1].GradientNorm]);
        }
        rows.Add(["final loss", run.FinalLoss]);
        rows.Add(["diverged at step", run.DivergedAt ?? (object)"never"]);
        rows.Add(["snapshots", run.Snapshots.Count]);
        return NotebookSupport.Html.Table(["training", "value"], rows, run.Network.ToString());
    }

    private static string Norms(string caption, IReadOnlyList<LayerGradient> layers) =>
        NotebookSupport.Html.Table(
            ["layer", "fan-in", "fan-out", "‖dW‖", "‖db‖"],
            layers.Select(
                (layer, l) =>
                    (object?[])
                        [
                            l + 1,
                            layer.Weights.ColumnCount,
                            layer.Weights.RowCount,
                            Norm.Of(layer.Weights),
                            Norm.Of(layer.Biases),
                        ]
            ),
            caption
        );

    private static double StandardDeviation(Matrix<double> weights)
    {
        double mean = weights.Enumerate().Average();
        return Math.Sqrt(weights.Enumerate().Average(weight => (weight - mean) * (weight - mean)));
    }
}
