using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using MathNet.Numerics.LinearAlgebra;
using Plotly.NET;

namespace NotebookSupport;

/// <summary>How a cell shows the values that are no figures: tables of what one asks of them, and single lines.</summary>
internal static class Shown
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "It must run before a cell shows its first value.")]
    internal static void Load()
    {
        // Before the first type of Plotly.NET is looked at.
        DependencyResolver.Install();
        Register();
        AppContext.SetData(LiveFigures.Key, Moved);
    }

    private static readonly Func<string, string, string> Moved = (name, asked) =>
        LiveFigures.Answer(name, asked).ToJsonString();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Register()
    {
        HtmlFormatter.Writer = Html;
        // Types that bear no attribute of ours.
        foreach (Type type in (Type[])[typeof(Matrix<double>), typeof(Vector<double>), typeof(GenericChart)])
            RunningCell.Host.ShowAsHtml(type, Html);
    }

    /// <summary>A value as HTML; null for a value that this library does not show.</summary>
    public static string? Html(object? value) =>
        value switch
        {
            IHtml shown => shown.ToHtml(),
            Matrix<double> matrix => Table.Of(matrix).ToHtml(),
            Vector<double> vector => Table.Of(vector).ToHtml(),
            Network network => Layers(network.ToString(), network.Layers).ToString(),
            Layer layer => Layers(layer.ToString(), [layer]).ToString(),
            Dataset data => Classes(data).ToString(),
            TrainingRun run => Run(run).ToString(),
            Gradients gradients => Norms(gradients.ToString(), gradients.Layers).ToString(),
            ClippedGradients clipped => Norms(clipped.ToString(), clipped.Gradients.Layers).ToString(),
            LayerGradient gradient => Norms(gradient.ToString(), [gradient]).ToString(),
            _ when value?.GetType().Assembly == typeof(Shown).Assembly => Line(value.ToString()!).ToString(),
            GenericChart chart => FigureHtml.OfPlotlyNet(GenericChart.toFigureJson(chart)).ToString(),
            _ => null,
        };

    private static Html Line(string text) => NotebookSupport.Html.Of($"<span>{text}</span>");

    private static Html Layers(string caption, IReadOnlyList<Layer> layers) =>
        HtmlParts.Table(
            ["layer", "fan-in", "fan-out", "activation", "parameters", "std of weights"],
            layers.Select(
                (layer, l) =>
                    (object?[])
                        [
                            l + 1,
                            layer.FanIn,
                            layer.FanOut,
                            layer.ActivationText,
                            layer.FanOut * (layer.FanIn + 1),
                            StandardDeviation(layer.Weights),
                        ]
            ),
            caption
        );

    private static Html Classes(Dataset data)
    {
        if (data.Classes is null)
            return Line(data.ToString());
        IReadOnlyList<int> labels = data.Labels;
        return HtmlParts.Table(
            ["class", "examples"],
            Enumerable
                .Range(0, data.Classes.Value)
                .Select(label => (object?[])[label, labels.Count(one => one == label)]),
            data.ToString()
        );
    }

    private static Html Run(TrainingRun run)
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
        return HtmlParts.Table(["training", "value"], rows, run.Network.ToString());
    }

    private static Html Norms(string caption, IReadOnlyList<LayerGradient> layers) =>
        HtmlParts.Table(
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
