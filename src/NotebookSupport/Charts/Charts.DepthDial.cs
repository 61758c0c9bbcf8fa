using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dial = NotebookSupport.DepthDial;

namespace NotebookSupport;

public static partial class Charts
{
    private const int DialHeight = 600;

    /// <summary>The share of the layer's sizes in one bin at which the colour is strongest, in per cent.</summary>
    private const int StrongestShare = 30;

    private const double DialGap = 0.09;

    private static readonly (string Name, string Axis)[] DialPanels =
    [
        ("activations", "|a|"),
        ("signal gradients, relative to the last layer", "|δ|"),
        ("weight gradients, on the same scale", "|∂J/∂W|"),
    ];

    /// <summary>
    /// A deep random network before any training, with a dial for the weight scale and choices of activation and width: the sizes of
    /// activations, signal gradients and weight gradients of one input by layer, each layer's histogram as a column of
    /// colours, with the root mean square that was measured and that of mean-field theory over it. What is shown is said in
    /// a sentence too.
    /// </summary>
    /// <param name="scales">Weight scales s, of which weights have the variance s² / fan-in; at least 4, each above 0.</param>
    /// <param name="activations">The activations to choose from; two or three.</param>
    /// <param name="widths">The units per layer to choose from; two or three, each at least 1.</param>
    /// <param name="depth">How many hidden layers; at least 2, default 50.</param>
    /// <param name="seed">Of all weights and inputs; default 1.</param>
    /// <param name="first">The index of the scale that is shown at first; default 0.</param>
    public static Figure DepthDial(
        IReadOnlyList<double> scales,
        IReadOnlyList<Activation> activations,
        IReadOnlyList<int> widths,
        int depth = 50,
        int seed = 1,
        int first = 0
    )
    {
        if (Require.NotNull(scales).Count < 4)
            throw new ArgumentException($"scales has {scales.Count} entries; expected at least 4.", nameof(scales));
        for (int i = 0; i < scales.Count; i++)
            Require.Positive(scales[i], Invariant($"scales[{i}]"));
        if (Require.NotNull(activations).Count is < 2 or > 3)
            throw new ArgumentException(
                $"activations has {activations.Count} entries; expected 2 or 3.",
                nameof(activations)
            );
        if (Require.NotNull(widths).Count is < 2 or > 3)
            throw new ArgumentException($"widths has {widths.Count} entries; expected 2 or 3.", nameof(widths));
        for (int i = 0; i < widths.Count; i++)
            Require.AtLeast(widths[i], 1, Invariant($"widths[{i}]"));
        Require.AtLeast(depth, 2);
        if (first < 0 || first >= scales.Count)
            throw Require.OutOfRange(nameof(first), first, Invariant($"an index from 0 to {scales.Count - 1}"));

        int[] layers = Dial.Layers(depth);
        // The scale changes first, then the activation, then the width.
        (double S, Activation Phi, int Width)[] settings =
        [
            .. from width in widths from activation in activations from s in scales select (s, activation, width),
        ];
        var weights = widths.Distinct().ToDictionary(width => width, width => DepthState.Weights(width, depth, seed));
        DepthState[] states =
        [
            .. Sweep
                .Run(settings, [seed], (one, at) => DepthState.Of(weights[one.Width], one.Phi, one.S, layers, at))
                .Select(trial => trial.Result),
        ];
        int middle = widths.Count / 2;
        DepthState shown = states[scales.Count * activations.Count * middle + first];
        var replay = new Replay(
            "weight scale s",
            [.. scales.Select(s => s.ToString("0.##", CultureInfo.InvariantCulture))],
            first,
            Plays: false,
            [.. states.Select(Dial.Frame)]
        )
        {
            Choices =
            [
                ("activation", [.. activations.Select(activation => activation.Name)], 0),
                ("width", [.. widths.Select(width => width.ToString(CultureInfo.InvariantCulture))], middle),
            ],
            Readings = [.. states.Select(state => state.Reading)],
        };

        double[] bins =
        [
            .. Enumerable
                .Range(0, DepthPanel.Bins)
                .Select(bin => DepthState.LowestDecade + (bin + 0.5) / DepthState.BinsPerDecade),
        ];
        var traces = new JsonArray();
        for (int p = 0; p < DialPanels.Length; p++)
            foreach (JsonObject trace in Traces(p))
                traces.Add(trace);
        var json = new JsonObject
        {
            ["data"] = traces,
            ["layout"] = ChartStyle.Layout(Layout()),
            ["frames"] = new JsonArray([.. replay.Frames]),
            ["control"] = replay.Control(),
        };
        // A page cannot compute an activation that a cell made.
        if (activations.All(activation => Dial.Activations.GetValueOrDefault(activation.Name) == activation))
            json["live"] = Dial.Controls(scales, activations, widths, depth, seed, first).Json();
        return new Figure(
            json,
            Invariant(
                $"What {depth} layers do to one input. For {activations[0].Name}, width {widths[middle]} and s = "
            )
                + $"{replay.Values[first]}: {shown.Reading} A slider changes the weight scale s from {replay.Values[0]} to "
                + $"{replay.Values[^1]}; activation and width can be chosen.",
            DialHeight
        );

        IEnumerable<JsonObject> Traces(int p)
        {
            DepthPanel panel = shown.Panels[p];
            JsonNode Layers() => JsonSerializer.SerializeToNode(layers)!;
            JsonObject On(JsonObject trace)
            {
                trace["yaxis"] = p == 0 ? "y" : Invariant($"y{p + 1}");
                return trace;
            }
            yield return On(
                new JsonObject
                {
                    ["type"] = "heatmap",
                    ["x"] = Layers(),
                    ["y"] = JsonSerializer.SerializeToNode(bins),
                    ["z"] = Dial.Cells(panel),
                    ["zmin"] = 0,
                    ["zmax"] = StrongestShare,
                    ["colorscale"] = JsonSerializer.SerializeToNode(ChartStyle.Shades),
                    ["showscale"] = false,
                    ["hovertemplate"] = "layer %{x}, log₁₀ of the size %{y}: %{z} % of the layer's<extra></extra>",
                }
            );
            yield return On(
                new JsonObject
                {
                    ["type"] = "scatter",
                    ["name"] = "theory",
                    ["mode"] = "lines",
                    ["x"] = Layers(),
                    ["y"] = Dial.Decades(panel.Theory),
                    ["line"] = new JsonObject { ["width"] = ChartStyle.TheoryWidth, ["color"] = ChartStyle.Colour(5) },
                    ["showlegend"] = p == 0,
                    ["legendgroup"] = "theory",
                }
            );
            yield return On(
                new JsonObject
                {
                    ["type"] = "scatter",
                    ["name"] = "root mean square",
                    ["mode"] = "markers",
                    ["x"] = Layers(),
                    ["y"] = Dial.Decades(panel.Measured),
                    ["marker"] = new JsonObject
                    {
                        ["size"] = ChartStyle.MarkerSize,
                        ["color"] = ChartStyle.Colour(5),
                        ["symbol"] = ChartStyle.Symbol(0),
                    },
                    ["showlegend"] = p == 0,
                    ["legendgroup"] = "measured",
                }
            );
        }

        JsonObject Layout()
        {
            (object legend, _) = ChartStyle.Legend(["theory", "root mean square"], DialHeight);
            double height = (1 - DialGap * (DialPanels.Length - 1)) / DialPanels.Length;
            double half = (depth - 1.0) / Dial.Steps / 2;
            var layout = new JsonObject
            {
                ["title"] = new JsonObject { ["text"] = Invariant($"What {depth} layers do to one input") },
                ["showlegend"] = true,
                ["legend"] = JsonSerializer.SerializeToNode(legend),
                ["margin"] = new JsonObject
                {
                    ["l"] = 64,
                    ["r"] = 24,
                    ["t"] = ChartStyle.Above + NameLine + LegendRoom,
                    ["b"] = ChartStyle.Below,
                },
                ["xaxis"] = new JsonObject
                {
                    ["title"] = new JsonObject { ["text"] = "layer" },
                    ["tickvals"] = JsonSerializer.SerializeToNode(layers),
                    ["range"] = new JsonArray(1 - half, depth + half),
                    ["anchor"] = Invariant($"y{DialPanels.Length}"),
                    ["showgrid"] = false,
                },
            };
            int[] ticks = [.. Enumerable.Range(-1, 3).Select(i => 5 * i)];
            var names = new JsonArray();
            for (int p = 0; p < DialPanels.Length; p++)
            {
                string axis = p == 0 ? "" : Invariant($"{p + 1}");
                double top = 1 - p * (height + DialGap);
                layout["yaxis" + axis] = new JsonObject
                {
                    ["domain"] = new JsonArray(Math.Max(0, top - height), top),
                    ["anchor"] = "x",
                    ["range"] = new JsonArray(DepthState.LowestDecade, DepthState.HighestDecade),
                    ["title"] = new JsonObject { ["text"] = DialPanels[p].Axis },
                    ["tickvals"] = JsonSerializer.SerializeToNode(ticks),
                    ["ticktext"] = JsonSerializer.SerializeToNode(ticks.Select(ChartStyle.PowerTick)),
                };
                names.Add(
                    new JsonObject
                    {
                        ["text"] = DialPanels[p].Name,
                        ["xref"] = "paper",
                        ["yref"] = "paper",
                        ["x"] = 0,
                        ["xanchor"] = "left",
                        ["y"] = top,
                        ["yanchor"] = "bottom",
                        ["showarrow"] = false,
                    }
                );
            }
            layout["annotations"] = names;
            return layout;
        }
    }
}
