using MathNet.Numerics.LinearAlgebra;
using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace NotebookSupport;

public static partial class Charts
{
    /// <summary>Units of a layer that a drawing has room for.</summary>
    private const int MostDrawnUnits = 10;

    private const double UnitSize = 46;

    /// <summary>
    /// A network as a drawing: a circle for each input and each unit, a line for each weight, as thick as the weight is large.
    /// With an example, each circle holds its activation a (of the inputs: the input itself).
    /// </summary>
    /// <param name="title">The title: what there is to see.</param>
    /// <param name="network">A network of at most 10 units per layer.</param>
    /// <param name="example">[inputs x 1], one example; default none.</param>
    public static Figure Drawing(string title, Network network, Matrix<double>? example = null)
    {
        Require.NotNull(title);
        IReadOnlyList<int> sizes = Require.NotNull(network).Sizes;
        if (sizes.Max() > MostDrawnUnits)
            throw new ArgumentException(
                Invariant(
                    $"network has {sizes.Max()} units in one layer; expected at most {MostDrawnUnits}, to be drawn."
                ),
                nameof(network)
            );
        if (example is { ColumnCount: not 1 })
            throw new ArgumentException(
                Invariant($"example has {example.ColumnCount} columns; expected 1, one example."),
                nameof(example)
            );
        double Height(int layer, int unit) => (sizes[layer] - 1) / 2.0 - unit;
        IReadOnlyList<LayerSignal>? signals = example is null ? null : network.Signals(example);
        string Inside(int layer, int unit) =>
            layer == 0
                ? example is null
                    ? Invariant($"x<sub>{unit + 1}</sub>")
                    : Finding.Number(example[unit, 0])
                : signals is null
                    ? Invariant($"{unit + 1}")
                    : Finding.Number(signals[layer - 1].Activations[unit, 0]);

        (int Layer, int From, int To, double Weight)[] weights =
        [
            .. network.Layers.SelectMany(
                (layer, l) =>
                    layer.Weights.EnumerateIndexed().Select(entry => (l, entry.Item2, entry.Item1, entry.Item3))
            ),
        ];
        double largest = weights.Max(weight => Math.Abs(weight.Weight));
        GenericChart[] lines =
        [
            .. weights.Select(weight =>
                Line(
                    [weight.Layer, weight.Layer + 1],
                    [Height(weight.Layer, weight.From), Height(weight.Layer + 1, weight.To)],
                    weight.Weight < 0 ? "weight below 0" : "weight above 0",
                    ChartStyle.Colour(weight.Weight < 0 ? 4 : 0),
                    1 + 3 * (largest == 0 ? 0 : Math.Abs(weight.Weight) / largest),
                    isInLegend: false
                )
            ),
        ];
        (int Layer, int Unit)[] units =
        [
            .. sizes.SelectMany((size, layer) => Enumerable.Range(0, size).Select(unit => (layer, unit))),
        ];
        GenericChart circles = Chart.Point<double, double, string>(
            [.. units.Select(unit => (double)unit.Layer)],
            [.. units.Select(unit => Height(unit.Layer, unit.Unit))],
            Name: "units",
            ShowLegend: false
        );
        Set(
            circles,
            new
            {
                mode = "markers+text",
                text = units.Select(unit => Inside(unit.Layer, unit.Unit)).ToArray(),
                hoverinfo = "skip",
                marker = new
                {
                    size = UnitSize,
                    color = ChartStyle.Paper.Light,
                    line = new { width = ChartStyle.TheoryWidth, color = ChartStyle.Colour(5) },
                },
            }
        );
        // Lines that start at one circle cross near their middle, so a weight stands nearer to where its line starts.
        const double along = 0.3;
        double side = (sizes.Max() - 1) / 2.0 + 0.6;
        return new Figure(
            Chart.Combine([.. lines, circles]),
            new
            {
                title = new { text = title },
                xaxis = new
                {
                    range = new[] { -0.3, network.Layers.Count + 0.3 },
                    tickvals = Enumerable.Range(0, sizes.Count).ToArray(),
                    ticktext = Enumerable
                        .Range(0, sizes.Count)
                        .Select(layer =>
                            layer == 0 ? "inputs"
                            : layer == network.Layers.Count ? "outputs"
                            : Invariant($"hidden layer {layer}")
                        )
                        .ToArray(),
                    showgrid = false,
                    zeroline = false,
                },
                yaxis = new { range = new[] { -side, side }, visible = false },
                showlegend = false,
                annotations = weights
                    .Select(weight => new
                    {
                        x = weight.Layer + along,
                        y = Height(weight.Layer, weight.From)
                            + along * (Height(weight.Layer + 1, weight.To) - Height(weight.Layer, weight.From)),
                        text = Finding.Number(weight.Weight),
                        showarrow = false,
                        bgcolor = ChartStyle.Paper.Light,
                        font = new { color = ChartStyle.Colour(weight.Weight < 0 ? 4 : 0) },
                    })
                    .ToArray(),
            },
            $"{Finding.Sentence(title)} A network of {string.Join("-", sizes)} units. Weights from layer to layer: "
                + string.Join(
                    "; ",
                    network.Layers.Select(
                        (layer, l) =>
                            Invariant($"into layer {l + 1} ")
                            + string.Join(
                                ", ",
                                layer
                                    .Weights.EnumerateRows()
                                    .Select(row => $"({string.Join(", ", row.Select(Finding.Number))})")
                            )
                    )
                )
                + "."
        );
    }
}
