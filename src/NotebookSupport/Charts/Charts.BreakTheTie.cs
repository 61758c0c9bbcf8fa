using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookSupport;

public static partial class Charts
{
    private const int TieHeight = 470;

    private static readonly (string Name, double Nudge)[] TieNudges =
    [
        ("0", 0),
        ("1e-9", 1e-9),
        ("1e-6", 1e-6),
        ("0.001", 1e-3),
        ("0.1", 0.1),
    ];

    private static readonly int[] TieSteps = [0, 1000, 3000];

    /// <summary>
    /// Eight hidden tanh units with equal weights of 0.5, each moved at random by at most a nudge, before and after they learn
    /// two circles of 100 points: the boundary and the line of each unit, the weights of the units as arrows from 0 to where they
    /// start, with a point where they are, and how far each unit is from the one most like it. A slider changes the nudge, and
    /// the training steps can be chosen. On a page the arrows can be dragged, and the training goes on while one watches.
    /// </summary>
    /// <param name="seed">Of the nudges; default 1.</param>
    public static Figure BreakTheTie(int seed = 1)
    {
        const int first = 3;
        var tie = new TieFigure(seed);
        (JsonObject Frame, string Reading)[] states =
        [
            .. TieSteps.SelectMany(
                _ => TieNudges,
                (steps, nudge) => tie.State(TieFigure.Start(nudge.Nudge, seed), steps)
            ),
        ];
        var replay = new Replay(
            "size of the nudge",
            [.. TieNudges.Select(nudge => nudge.Name)],
            first,
            Plays: false,
            [.. states.Select(state => state.Frame)]
        )
        {
            Choices = [("training steps", [.. TieSteps.Select(steps => Invariant($"{steps}"))], TieSteps.Length - 1)],
            Readings = [.. states.Select(state => state.Reading)],
        };
        (JsonObject frame, string reading) = states[TieNudges.Length * (TieSteps.Length - 1) + first];
        JsonArray traces = TieTraces(tie);
        JsonArray changed = frame["data"]!.AsArray();
        for (int i = 0; i < changed.Count; i++)
            foreach ((string key, JsonNode? value) in changed[i]!.AsObject())
                traces[(int)frame["traces"]![i]!]![key] = value!.DeepClone();
        return new Figure(
            new JsonObject
            {
                ["data"] = traces,
                ["layout"] = ChartStyle.Layout(TieLayout()),
                ["frames"] = new JsonArray([.. replay.Frames]),
                ["control"] = replay.Control(),
                ["live"] = TieFigure.Controls(seed, TieNudges[first].Nudge, TieSteps[^1]).Json(),
            },
            $"Eight equal units, and what breaks the tie. For a nudge of {TieNudges[first].Name}: {reading} A slider changes the "
                + $"size of the nudge from {TieNudges[0].Name} to {TieNudges[^1].Name}; the training steps can be chosen.",
            TieHeight
        );
    }

    private static JsonArray TieTraces(TieFigure tie)
    {
        JsonArray Numbers(IEnumerable<double> numbers) =>
            JsonSerializer.SerializeToNode(numbers.Select(number => Math.Round(number, 4)))!.AsArray();
        JsonObject Scatter(string? name, string mode, string? axis, JsonObject style)
        {
            style["type"] = "scatter";
            style["mode"] = mode;
            style["showlegend"] = name is not null;
            style["hoverinfo"] = "skip";
            if (name is not null)
                style["name"] = name;
            if (axis is not null)
                (style["xaxis"], style["yaxis"]) = ("x" + axis, "y" + axis);
            return style;
        }
        JsonObject Marker(string color, string symbol, double size) =>
            new()
            {
                ["size"] = size,
                ["color"] = color,
                ["symbol"] = symbol,
            };
        JsonObject Points(int label)
        {
            int[] chosen = [.. Enumerable.Range(0, TieFigure.Data.Count).Where(i => TieFigure.Data.Labels[i] == label)];
            return Scatter(
                Invariant($"class {label}"),
                "markers",
                null,
                new JsonObject
                {
                    ["x"] = Numbers(chosen.Select(i => TieFigure.Data.Inputs[0, i])),
                    ["y"] = Numbers(chosen.Select(i => TieFigure.Data.Inputs[1, i])),
                    ["marker"] = Marker(ChartStyle.Class(label), ChartStyle.Symbol(label), 5),
                }
            );
        }
        JsonObject Ink(double width) => new() { ["width"] = width, ["color"] = ChartStyle.Colour(5) };
        return
        [
            new JsonObject
            {
                ["type"] = "heatmap",
                ["x"] = Numbers(tie.Ticks),
                ["y"] = Numbers(tie.Ticks),
                ["colorscale"] = JsonSerializer.SerializeToNode(ChartStyle.Probabilities),
                ["zmin"] = 0,
                ["zmax"] = 100,
                ["zsmooth"] = "best",
                ["showscale"] = false,
                ["hovertemplate"] = "x1 %{x:.2f}, x2 %{y:.2f}: %{z} %<extra></extra>",
            },
            Points(0),
            Points(1),
            Scatter("hidden units", "lines", null, new JsonObject { ["line"] = Ink(ChartStyle.TheoryWidth) }),
            Scatter(
                "weights at the start",
                "lines",
                "2",
                new JsonObject
                {
                    ["line"] = new JsonObject { ["width"] = ChartStyle.LineWidth, ["color"] = ChartStyle.Colour(0) },
                }
            ),
            Scatter(
                "weights now",
                "markers",
                "2",
                new JsonObject { ["marker"] = Marker(ChartStyle.Colour(4), ChartStyle.Symbol(1), 8) }
            ),
            Scatter(
                null,
                "markers",
                "3",
                new JsonObject
                {
                    ["x"] = Numbers(Enumerable.Range(1, TieFigure.Units).Select(unit => (double)unit)),
                    ["marker"] = Marker(ChartStyle.Colour(4), ChartStyle.Symbol(1), 8),
                }
            ),
        ];
    }

    private static JsonObject TieLayout()
    {
        (object legend, _) = ChartStyle.Legend(
            ["class 0", "class 1", "hidden units", "weights at the start", "weights now"],
            TieHeight
        );
        JsonObject Axis(string title, double low, double high, double from, double to, string anchor) =>
            new()
            {
                ["title"] = new JsonObject { ["text"] = title },
                ["range"] = new JsonArray(low, high),
                ["domain"] = new JsonArray(from, to),
                ["anchor"] = anchor,
                ["zeroline"] = false,
            };
        const double left = 0.54;
        const double right = 0.66;
        const double above = 0.52;
        const double below = 0.25;
        // Beside a panel there is no room for it on a phone.
        static JsonObject Name(string text, double top) =>
            new()
            {
                ["text"] = text,
                ["xref"] = "paper",
                ["yref"] = "paper",
                ["x"] = right,
                ["xanchor"] = "left",
                ["y"] = top,
                ["yanchor"] = "bottom",
                ["showarrow"] = false,
            };
        double edge = TieFigure.Edge;
        JsonObject x3 = Axis("unit", 0.5, TieFigure.Units + 0.5, right, 1, "y3");
        x3["dtick"] = 1;
        JsonObject y3 = Axis("", TieFigure.LowestDecade, 1.5, 0, below, "x3");
        int[] ticks = [TieFigure.LowestDecade + 1, -12, -6, 0];
        y3["tickvals"] = JsonSerializer.SerializeToNode(ticks);
        y3["ticktext"] = new JsonArray(["0", .. ticks.Skip(1).Select(power => (JsonNode)ChartStyle.PowerTick(power))]);
        return new JsonObject
        {
            ["title"] = new JsonObject { ["text"] = "Eight equal units, and what breaks the tie" },
            ["showlegend"] = true,
            ["legend"] = JsonSerializer.SerializeToNode(legend),
            ["margin"] = new JsonObject
            {
                ["l"] = 52,
                ["r"] = 16,
                ["t"] = ChartStyle.Above + LegendRoom + NameLine,
                ["b"] = 48,
            },
            ["annotations"] = new JsonArray(Name("second weight", 1), Name("distances", below)),
            ["xaxis"] = Axis("x1", -edge, edge, 0, left, "y"),
            ["yaxis"] = Axis("x2", -edge, edge, 0, 1, "x"),
            ["xaxis2"] = Axis("first weight", -TieFigure.Reach, TieFigure.Reach, right, 1, "y2"),
            ["yaxis2"] = Axis("", -TieFigure.Reach, TieFigure.Reach, above, 1, "x2"),
            ["xaxis3"] = x3,
            ["yaxis3"] = y3,
        };
    }
}
