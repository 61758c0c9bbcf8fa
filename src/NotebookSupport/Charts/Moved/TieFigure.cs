using System.Text.Json.Nodes;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>A state of <see cref="Charts.BreakTheTie"/>: what eight units have learnt from where they start.</summary>
internal sealed class TieFigure
{
    public const string Name = "break-the-tie";
    public const int Units = 8;

    /// <summary>To this size the plane of the weights is shown.</summary>
    public const double Reach = 4.5;

    /// <summary>A distance of exactly 0 lies one decade above this.</summary>
    public const int LowestDecade = -18;

    /// <summary>A nudge of this decade is none: float64 numbers near 0.5 lie about as far apart.</summary>
    private const int NoNudge = -16;

    private const int Grid = 29;
    private const int MostSteps = 20_000;
    private const double Equal = 0.5;

    private static readonly TrainingOptions OneWay = new() { LearningRate = 0.5 };

    private static TieFigure? s_kept;

    private readonly int _seed;
    private readonly Matrix<double> _plane;
    private double[] _start = [];
    private Network? _network;
    private int _steps;

    /// <param name="seed">Of the nudges.</param>
    public TieFigure(int seed)
    {
        _seed = seed;
        Ticks = [.. Enumerable.Range(0, Grid).Select(i => Edge * (2.0 * i / (Grid - 1) - 1))];
        _plane = Matrix<double>.Build.Dense(2, Grid * Grid, (row, p) => Ticks[row == 0 ? p % Grid : p / Grid]);
    }

    /// <summary>Few enough points that a page trains between two pictures.</summary>
    public static Dataset Data { get; } = Datasets.Circles(100);

    /// <summary>To here the plane of the points is shown, in each direction.</summary>
    public static double Edge { get; } = 1.1 * Data.Inputs.Enumerate().Max(Math.Abs);

    /// <summary>The places of the map along each axis.</summary>
    public double[] Ticks { get; }

    /// <summary>What a page can move: the nudge, the arrows, and the training.</summary>
    public static LiveControls Controls(int seed, double nudge, int steps) =>
        new(Name)
        {
            Given = new JsonObject { ["seed"] = seed },
            Sliders = [new("nudge", "size of the nudge", NoNudge, 0, 0.1, Math.Log10(nudge), IsPower: true)],
            Play = ("steps", "training step", steps, 10),
            Handles = (
                "weights",
                "2",
                "weights of unit",
                [.. Start(nudge, seed).ToRowArrays().Select(row => row.Select(w => Math.Round(w, 3)).ToArray())]
            ),
        };

    public static JsonObject Answer(LiveRequest asked)
    {
        int seed = asked.Whole("seed", int.MinValue, int.MaxValue);
        Matrix<double> start = asked.Points("weights", Units, Reach) is { } points
            ? Matrix<double>.Build.DenseOfRowArrays(points)
            : Start(asked.Number("nudge", LowestDecade, 0) is > NoNudge and var nudge ? Math.Pow(10, nudge) : 0, seed);
        if (s_kept?._seed != seed)
            s_kept = new TieFigure(seed);
        (JsonObject frame, string reading) = s_kept.State(start, asked.Whole("steps", 0, MostSteps));
        JsonObject state = LiveFigures.State(frame, reading);
        state["handles"] = new JsonArray([
            .. start.ToRowArrays().Select(row => new JsonArray([.. row.Select(w => (JsonNode)w)])),
        ]);
        return state;
    }

    /// <summary>The first weights of all units: equal but for the nudge, which goes anywhere.</summary>
    public static Matrix<double> Start(double nudge, int seed) =>
        Equal + nudge * Initializer.Uniform(1).Sample(Units, 2, new Random(seed));

    /// <summary>What there is after some training steps, as a change of the figure's traces, and in words.</summary>
    public (JsonObject Frame, string Reading) State(Matrix<double> start, int steps)
    {
        Train(start, steps);
        Matrix<double> weights = _network!.Layers[0].Weights;
        (double[] x, double[] y) = Charts.LinesOf(_network.Layers[0], Edge);
        double[] far = [.. Diagnostics.NearestUnits(weights)];
        JsonObject frame = Replay.Frame([
            (0, new JsonObject { ["z"] = LiveFigures.Cells(Chances(), Grid) }),
            (3, new JsonObject { ["x"] = Places(x), ["y"] = Places(y) }),
            (4, new JsonObject { ["x"] = Arrows(start.Column(0)), ["y"] = Arrows(start.Column(1)) }),
            (5, new JsonObject { ["x"] = Places(weights.Column(0)), ["y"] = Places(weights.Column(1)) }),
            (
                6,
                new JsonObject
                {
                    ["y"] = new JsonArray([
                        .. far.Select(d => (JsonNode)(d > 0 ? Math.Round(Math.Log10(d), 2) : LowestDecade + 1)),
                    ]),
                }
            ),
        ]);
        int different = far.Count(d => d > 0);
        string apart =
            different == 0
                ? "all eight units are equal"
                : (
                    different == far.Length
                        ? "no unit has an exact copy, "
                        : Invariant(
                            $"{different} of the eight units {(different == 1 ? "has" : "have")} no exact copy, "
                        )
                ) + Invariant($"and the farthest is {Finding.Number(far.Max())} from the unit most like it");
        return (
            frame,
            Invariant($"After {steps:N0} training steps {apart}; {Data.Accuracy(_network):P0} of the points are right.")
        );
    }

    /// <summary>Gradient descent keeps nothing but the weights, so that it can go on from where it was.</summary>
    private void Train(Matrix<double> start, int steps)
    {
        double[] asked = start.ToColumnMajorArray();
        if (_network is null || steps < _steps || !asked.AsSpan().SequenceEqual(_start))
        {
            _network = Network
                .Create([2, Units, 1], Activation.Tanh, Initializer.Constant(Equal), _seed)
                .WithWeights(0, start);
            (_start, _steps) = (asked, 0);
        }
        if (steps > _steps)
            _network = Trainer.Train(_network, Data, OneWay with { Steps = steps - _steps }).Network;
        _steps = steps;
    }

    /// <summary>The probability of class 1 at each place of the map, in per cent.</summary>
    private byte[] Chances()
    {
        double[] chances = _network!.Forward(_plane).AsColumnMajorArray();
        Activation.Sigmoid.Apply(chances, chances);
        return [.. chances.Select(chance => (byte)Math.Round(100 * chance))];
    }

    /// <summary>From 0 to each place, with a gap after it.</summary>
    private static JsonArray Arrows(IEnumerable<double> ends) =>
        Places(ends.SelectMany(end => new[] { 0, end, double.NaN }));

    private static JsonArray Places(IEnumerable<double> places) =>
        new([.. places.Select(place => double.IsNaN(place) ? null : (JsonNode)Math.Round(place, 3))]);
}
