using Chart = Plotly.NET.CSharp.Chart;

namespace NotebookSupport.Tests;

/// <summary>One figure of each kind that the library draws.</summary>
public static class EveryChart
{
    public static IReadOnlyList<Figure> Draw()
    {
        Dataset circles = Datasets.Circles(40);
        TrainingRun run = Trainer.Train(
            Network.Create([2, 4, 1], Activation.Tanh, Initializer.GlorotNormal, 1),
            circles,
            new() { Steps = 20, Snapshots = 4 }
        );
        Figure[] figures =
        [
            Charts.LossCurves(("one", run), ("two", run)),
            Charts.LossCurves("seeds", ("one", [run, run]), ("two", [run])),
            Charts.UnitDistances(run),
            Charts.Weights(run.Network.Layers[0].Weights),
            Charts.DecisionBoundary(circles, ("before", run.Initial), ("after", run.Network)),
            Charts.DecisionBoundaryReplay(circles, ("tanh", run)),
            Charts.Curves(
                "curves",
                "x",
                "y",
                [Series.Measured("points", [1, 2], [3, 4]), Series.Theory("line", [1, 2], [3, 4])],
                logY: true
            ),
            Charts.Of(Chart.Point<double, double, string>([1.0, 2], [3.0, 4]), "points", "x", "y"),
            Charts.Images(Datasets.Digits()),
            Charts.UnitLines("lines", circles, ("tanh", run.Network)),
            Charts.UnitLinesReplay("lines", circles, ("tanh", run)),
            Charts.Drawing(
                "network",
                run.Network,
                MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(2, 1, 0.5)
            ),
            Charts.GradientMap("gradients", run, circles),
            Charts.Surface(
                "cliff",
                "w",
                "b",
                [4, 5, 6],
                [-3, -2, -1],
                (w, b) => RecurrentUnit.Cliff(w, b),
                10,
                Series.Theory("line", [4, 6], [-3, -1]),
                ("down", PlaneDescent.Run((w, b) => RecurrentUnit.Cliff(w, b), 5.3, -2.4, 0.1, 5))
            ),
            Charts.Leaderboard("board", "accuracy", [("one", [0.5, 0.6]), ("two", [0.4, 0.3])]),
            Charts.MagnitudeHistograms("sizes", "weight", [("one", [0, 1e-5, 1]), ("two", [2, 3])]),
            Charts.HeatMap(
                "map",
                "x",
                "y",
                "product",
                [1, 2, 3],
                [1, 2],
                (x, y) => x * y,
                theory: Series.Theory("line", [1, 3], [1, 2])
            ),
            Charts.SideBySide(
                "panels",
                ("left", Charts.Curves("c", "x", "y", [Series.Measured("points", [1, 2], [3, 4])])),
                ("right", Charts.Curves("c", "x", "y", [Series.Measured("points", [1, 2], [1, 2])]))
            ),
            Charts.DepthDial([1, 1.2, 1.4, 1.6], [Activation.ReLU, Activation.Tanh], [4, 8], depth: 6),
            Charts.BreakTheTie(),
            Charts.TrainingsMap(Series.Theory("line", [1, 2], [10, 20])),
            Charts.Slider(
                "height",
                [
                    .. new[] { 1.0, 2 }.Select(h =>
                        ($"{h}", Charts.Curves("c", "x", "y", [Series.Measured("m", [1, 2], [h, 2 * h])]))
                    ),
                ]
            ),
        ];
        foreach (Figure figure in figures)
            figure.ToHtml();
        return figures;
    }
}
