using System.Globalization;
using System.Text.Json.Nodes;

namespace NotebookSupport;

/// <summary>A state of <see cref="Charts.DepthDial"/>: which layers it shows, and how it draws them.</summary>
internal static class DepthDial
{
    public const string Name = "depth-dial";

    /// <summary>From layer 1 to the last in this many equal steps, where the depth allows it.</summary>
    public const int Steps = 7;

    private const int MostUnits = 400;
    private const int MostLayers = 200;

    /// <summary>The weights of one network are the same at each scale.</summary>
    private static ((int Width, int Depth, int Seed) Of, IReadOnlyList<DepthWeights> Weights)? s_kept;

    /// <summary>What a page can move: the scale beyond both ends of the stored ones, activation and width.</summary>
    public static LiveControls Controls(
        IReadOnlyList<double> scales,
        IReadOnlyList<Activation> activations,
        IReadOnlyList<int> widths,
        int depth,
        int seed,
        int first
    ) =>
        new(Name)
        {
            Given = new JsonObject { ["depth"] = depth, ["seed"] = seed },
            Sliders =
            [
                new(
                    "s",
                    "weight scale s",
                    Math.Round(scales.Min() / 2, 2),
                    Math.Round(scales.Max() * 1.25, 2),
                    0.01,
                    scales[first]
                ),
            ],
            Choices =
            [
                ("activation", "activation", [.. activations.Select(activation => activation.Name)], 0),
                (
                    "width",
                    "width",
                    [.. widths.Select(width => width.ToString(CultureInfo.InvariantCulture))],
                    widths.Count / 2
                ),
            ],
        };

    /// <summary>The activations of which a page can ask for the dial; an activation of a reader's own exists in its cell alone.</summary>
    public static IReadOnlyDictionary<string, Activation> Activations { get; } =
        new[]
        {
            Activation.Identity,
            Activation.Sigmoid,
            Activation.Tanh,
            Activation.ReLU,
            Activation.GELU,
            Activation.SiLU,
        }.ToDictionary(activation => activation.Name, StringComparer.Ordinal);

    public static int[] Layers(int depth) =>
        [.. Enumerable.Range(0, Steps + 1).Select(i => 1 + (int)Math.Round((depth - 1.0) * i / Steps)).Distinct()];

    public static JsonObject Answer(LiveRequest asked)
    {
        var of = (
            Width: asked.Whole("width", 1, MostUnits),
            Depth: asked.Whole("depth", 2, MostLayers),
            Seed: asked.Whole("seed", int.MinValue, int.MaxValue)
        );
        if (s_kept?.Of != of)
            s_kept = (of, DepthState.Weights(of.Width, of.Depth, of.Seed));
        Activation activation = asked.One("activation", Activations);
        DepthState state = DepthState.Of(
            s_kept!.Value.Weights,
            activation,
            asked.Number("s", 1e-3, 1e3),
            Layers(of.Depth),
            of.Seed
        );
        return LiveFigures.State(Frame(state), state.Reading);
    }

    /// <summary>What a state changes: for each panel the histograms, theory and measurement.</summary>
    public static JsonObject Frame(DepthState state) =>
        Replay.Frame(
            state.Panels.SelectMany(
                (panel, p) =>
                    new[]
                    {
                        (3 * p, new JsonObject { ["z"] = Cells(panel) }),
                        (3 * p + 1, new JsonObject { ["y"] = Decades(panel.Theory) }),
                        (3 * p + 2, new JsonObject { ["y"] = Decades(panel.Measured) }),
                    }
            )
        );

    public static JsonObject Cells(DepthPanel panel) => LiveFigures.Cells(panel.Shares, panel.Theory.Count);

    public static JsonArray Decades(IEnumerable<double> sizes) =>
        new([
            .. sizes.Select(size =>
                size > 0 && double.IsFinite(size) ? (JsonNode)Math.Round(Math.Log10(size), 2) : null
            ),
        ]);
}
