using System.Reflection;
using MathNet.Numerics.LinearAlgebra;
using Chart = Plotly.NET.CSharp.Chart;

namespace NotebookSupport.Tests;

/// <summary>
/// Every public method with a valid call, of which each argument is spoilt in turn: null, NaN, infinity, a negative
/// number, 0, a value outside an enumeration. The message has to name the argument and say what was expected.
/// </summary>
public class PublicEntriesTests
{
    private static readonly Network Network = Network.Create([2, 3, 1], Activation.Tanh, Initializer.GlorotNormal, 1);
    private static readonly Dataset Circles = Datasets.Circles(20);
    private static readonly Random Random = new(1);
    private static readonly Matrix<double> Weights = Network.Layers[0].Weights;
    private static readonly TrainingRun Run = Trainer.Train(Network, Circles, new() { Steps = 3, Snapshots = 2 });
    private static readonly Gradients Gradients = Network.Gradients(Circles.Inputs, Circles.Targets, Circles.Loss);
    private static readonly Func<int, int, Random, Matrix<double>> Sampler = (rows, columns, _) =>
        Matrix<double>.Build.Dense(rows, columns);
    private static readonly Func<string, int, int> Experiment = (_, seed) => seed;

    private static readonly Func<double, double, double> Product = (x, y) => x * y;
    private static readonly RecurrentNetwork Reader = RecurrentNetwork.Create(2, 8, 1, 1, 1);

    private static readonly Dataset Sequences = Datasets.Adding(6, 4);

    private static readonly Figure Bar = Charts.Curves("c", "x", "y", [Series.Theory("t", [1], [2])]);

    private static readonly Func<double, double, PlaneLoss> Bowl = (x, y) => new(x * x + y * y, 2 * x, 2 * y);
    private static readonly IReadOnlyList<PlaneStep> Down = PlaneDescent.Run(Bowl, 1, 1, 0.1, 3);

    private static readonly Func<string, int, double> Measured = (_, seed) => seed;

    private static readonly Entry[] Entries =
    [
        new(typeof(TrainabilityMap), "Accuracy", null, 400, 0.6, 2.0),
        new(typeof(TrainabilityMap), "Train", null, 0.6, 2.0),
        new(typeof(Activation), "LeakyReLU", null, 0.01),
        new(typeof(Activation), "ELU", null, 1.0),
        new(typeof(Activation), "From", null, "sine", (Func<double, double>)Math.Sin, (Func<double, double>)Math.Cos),
        new(typeof(Charts), "LossCurves", null, [new[] { ("run", Run) }]),
        new(typeof(Charts), "Of", null, Chart.Point<double, double, string>([1.0], [2.0]), "title", "x", "y"),
        new(typeof(Charts), "Curves", null, "title", "x", "y", new[] { Series.Theory("t", [1], [2]) }, false, true),
        new(typeof(Charts), "LossCurves", null, "title", new[] { ("run", Run) }),
        new(typeof(Charts), "LossCurves", null, "title", new[] { ("runs", (IReadOnlyList<TrainingRun>)[Run]) }),
        new(typeof(Charts), "UnitDistances", null, Run),
        new(typeof(Charts), "UnitDistances", null, "title", Run),
        new(typeof(Charts), "Weights", null, Weights, "title"),
        new(typeof(Charts), "DecisionBoundary", null, Circles, new[] { ("net", Network) }),
        new(typeof(Charts), "DecisionBoundaryReplay", null, Circles, new[] { ("run", Run) }),
        new(typeof(Charts), "DecisionBoundary", null, "title", Circles, new[] { ("net", Network) }),
        new(typeof(Charts), "DecisionBoundaryReplay", null, "title", Circles, new[] { ("run", Run) }),
        new(typeof(Charts), "UnitLines", null, "title", Circles, new[] { ("net", Network) }),
        new(typeof(Charts), "UnitLinesReplay", null, "title", Circles, new[] { ("run", Run) }),
        new(
            typeof(Charts),
            "Drawing",
            null,
            "a network",
            Network.Create([2, 3, 1], Activation.Tanh, Initializer.HeNormal, 1),
            MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(2, 1)
        ),
        new(typeof(Charts), "Images", null, Datasets.Digits(), 10, null),
        new(
            typeof(Charts),
            "HeatMap",
            null,
            "title",
            "x",
            "y",
            "value",
            new[] { 1.0, 2 },
            new[] { 1.0 },
            Product,
            null,
            new[] { Series.Theory("t", [1], [2]) }
        ),
        new(
            typeof(Charts),
            "MagnitudeHistograms",
            null,
            "title",
            "x",
            new (string, IEnumerable<double>)[] { ("one", [0.0, 1, 2]) },
            0.1,
            10.0
        ),
        new(typeof(Charts), "GradientMap", null, "title", Run, Circles),
        new(
            typeof(Charts),
            "Surface",
            null,
            "title",
            "x",
            "y",
            new[] { 0.0, 1 },
            new[] { 0.0, 1 },
            Bowl,
            1.0,
            Series.Theory("t", [1], [2]),
            new[] { ("path", Down) }
        ),
        new(typeof(PlaneDescent), "Run", null, Bowl, 1.0, 1.0, 0.1, 3, 1.0),
        new(typeof(RecurrentUnit), "Cliff", null, 5.0, -2.0, 50, 0.7),
        new(typeof(RecurrentUnit), "RunningSum", null, 1.0, 1.0, Weights),
        new(typeof(RecurrentNetwork), "Create", null, 2, 8, 1, 1.0, 1),
        new(typeof(RecurrentNetwork), "Forward", Reader, Sequences.Inputs),
        new(typeof(RecurrentNetwork), "Gradients", Reader, Sequences.Inputs, Sequences.Targets),
        new(typeof(RecurrentNetwork), "DeltaNorms", Reader, Sequences.Inputs, Sequences.Targets),
        new(typeof(RecurrentTrainer), "Train", null, Reader, Sequences, 0.1, 2, GradientClipping.None, 4),
        new(
            typeof(Charts),
            "Leaderboard",
            null,
            "title",
            "measure",
            new (string, IReadOnlyList<double>)[] { ("one", [1.0]) }
        ),
        new(typeof(Charts), "SideBySide", null, "title", new[] { ("left", Bar), ("right", Bar) }),
        new(
            typeof(Charts),
            "DepthDial",
            null,
            new[] { 1.0, 1.2, 1.4, 1.6 },
            new[] { Activation.ReLU, Activation.Tanh },
            new[] { 4, 8 },
            5,
            1,
            0
        ),
        new(typeof(Charts), "BreakTheTie", null, 1),
        new(typeof(Charts), "TrainingsMap", null, (object)new[] { Series.Theory("t", [1], [2]) }),
        new(typeof(Charts), "Slider", null, "height", new[] { ("1", Bar), ("2", Bar) }, 0),
        new(typeof(Claims), "Show", null, 4),
        new(typeof(Dataset), ".ctor", null, "name", Circles.Inputs, Circles.Targets, Circles.Loss),
        new(typeof(Dataset), "OfClasses", null, "name", Circles.Inputs, Circles.Labels, 2),
        new(typeof(Dataset), "Accuracy", Circles, Network),
        new(typeof(Dataset), "Split", Circles, 0.5, 1),
        new(typeof(Datasets), "Adding", null, 20, 4, 1),
        new(typeof(Datasets), "Circles", null, 20, 0.5, 0.1, 1),
        new(typeof(Datasets), "Moons", null, 20, 0.1, 1),
        new(typeof(Datasets), "Spirals", null, 20, 2, 1.0, 0.1, 1),
        new(typeof(Datasets), "Blobs", null, 20, 2, 0.1, 1),
        new(typeof(Diagnostics), "NearestUnits", null, Weights),
        new(typeof(Diagnostics), "UnitDifferences", null, Weights),
        new(typeof(Diagnostics), "UnitDifference", null, Weights),
        new(typeof(Diagnostics), "GradientError", null, Network, Circles, 1e-5),
        new(typeof(Diagnostics), "GradientRatio", null, Network.Signals(Circles.Inputs, Circles.Targets, Circles.Loss)),
        new(typeof(Exercise), "Hint", SymmetryExercises.DifferentUnits, 1),
        new(typeof(Exercises), "Check", null, "0.1", 1.0),
        new(typeof(Exercises), "Hint", null, "1.1", 1),
        new(typeof(Sizes), "Of", null, 2, 8, 3, 1),
        new(typeof(FiniteWidth), "LogSquaredNorm", null, new[] { 10, 10 }, 10),
        new(typeof(GradientClipping), "ByValue", null, 1.0),
        new(typeof(GradientClipping), "ByGlobalNorm", null, 1.0, 0.0),
        new(typeof(GradientClipping), "ByTensorNorm", null, 1.0),
        new(typeof(GradientClipping), "Adaptive", null, 0.01, 0.001),
        new(typeof(GradientClipping), "Clip", GradientClipping.None, Gradients, Network),
        new(typeof(Initializer), "Constant", null, 1.0),
        new(typeof(Initializer), "Uniform", null, 1.0),
        new(typeof(Initializer), "Normal", null, 1.0),
        new(typeof(Initializer), "VarianceScaling", null, 1.0, FanMode.FanIn, Distribution.Normal),
        new(typeof(Initializer), "Orthogonal", null, 1.0),
        new(typeof(Initializer), "TruncatedNormal", null, 1.0),
        new(typeof(Initializer), "From", null, "own", Sampler, null),
        new(typeof(Initializer), "Sample", Initializer.HeNormal, 2, 3, Random),
        new(typeof(Initializer), "Variance", Initializer.HeNormal, 2, 3),
        new(typeof(LayerSignal), "UpdateRatio", Network.Signals(Circles.Inputs)[0], 0.1),
        new(typeof(LinearNetworks), "ModeStrength", null, 1.0, 0.1, 2.0, 1.0),
        new(typeof(LinearNetworks), "PlateauTime", null, 2, 0.1, 1.0, 1.0),
        new(typeof(Live), "Train", null, Network, Circles, new TrainingOptions { Steps = 1 }, null),
        new(typeof(Live), "Sweep", null, "experiments", new[] { "a" }, new[] { 1 }, Experiment),
        new(typeof(Live), "Leaderboard", null, "title", "measure", new[] { "a" }, new[] { 1 }, Measured),
        new(typeof(Loss), "Value", Circles.Loss, Circles.Targets, Circles.Targets),
        new(typeof(Lsuv), "Apply", null, Network, Circles.Inputs, 0.01, 10),
        new(typeof(MeanField), "NextLength", null, Activation.Tanh, 1.0, 1.0, 0.0),
        new(typeof(MeanField), "LengthFixedPoint", null, Activation.Tanh, 1.0, 0.0),
        new(typeof(MeanField), "Chi", null, Activation.Tanh, 1.0, 1.0),
        new(typeof(MeanField), "ChiAtFixedPoint", null, Activation.Tanh, 1.0, 0.0),
        new(typeof(MeanField), "NextCorrelation", null, Activation.Tanh, 0.5, 2.0, 0.0),
        new(typeof(MeanField), "CorrelationFixedPoint", null, Activation.Tanh, 2.0, 0.0),
        new(typeof(MeanField), "CriticalScale", null, Activation.Tanh, 0.0),
        new(typeof(MeanField), "DepthScale", null, 0.5),
        new(typeof(Network), ".ctor", null, Network.Layers),
        new(
            typeof(Network),
            "Create",
            null,
            new[] { 2, 3, 1 },
            Activation.Tanh,
            Initializer.HeNormal,
            1,
            Initializer.Zeros,
            null,
            Normalization.Layer
        ),
        new(typeof(Backpropagation), "Run", null, Network, Circles.Inputs, Circles.Targets, Circles.Loss),
        new(typeof(Network), "Forward", Network, Circles.Inputs),
        new(typeof(Network), "Gradients", Network, Circles.Inputs, Circles.Targets, Circles.Loss),
        new(typeof(Network), "Signals", Network, Circles.Inputs),
        new(typeof(Network), "Signals", Network, Circles.Inputs, Circles.Targets, Circles.Loss),
        new(typeof(Network), "WithWeights", Network, 0, Weights),
        new(typeof(Network), "WithBiases", Network, 0, Network.Layers[0].Biases),
        new(typeof(Optimizer), "Momentum", null, 0.9),
        new(typeof(Optimizer), "From", null, "own", 1, (ParameterUpdate)((theta, _, _, _, _) => theta)),
        new(typeof(Optimizer), "Adam", null, 0.9, 0.99, 1e-8),
        new(typeof(LectureNote), "InitializeParameters", null, new[] { 2, 3 }, Random, Initializer.HeNormal),
        new(typeof(Series), "Measured", null, "name", new[] { 1.0 }, new[] { 2.0 }),
        new(
            typeof(Series),
            "Points",
            null,
            "name",
            new[] { "a" },
            (Func<string, double>)(a => a.Length),
            (Func<string, double>)(a => a.Length)
        ),
        new(typeof(Series), "Line", null, "name", new[] { 1.0 }, (Func<double, double>)(x => x)),
        new(typeof(Series), "Theory", null, "name", new[] { 1.0 }, new[] { 2.0 }),
        new(typeof(Standardization), "Of", null, Circles),
        new(typeof(Standardization), "Apply", Standardization.Of(Circles), Circles),
        new(typeof(Sweep), "Run", null, new[] { "a" }, new[] { 1 }, Experiment, 1, null, CancellationToken.None),
        new(typeof(Table), "Of", null, Weights, "caption"),
        new(typeof(Table), "Of", null, Network.Layers[0].Biases, "caption"),
        new(typeof(Table), "Of", null, new[] { "a" }, "caption"),
        new(typeof(Trainer), "Train", null, Network, Circles, new TrainingOptions { Steps = 1 }),
    ];

    /// <summary>Arguments that any value suits, and the ones of which a value above is not bad.</summary>
    private static readonly string[] AnyInteger = ["seed"];
    private static readonly string[] MayBeNegative = ["slope", "value", "w", "b", "v", "x", "y", "target"];
    private static readonly string[] MayBeZero = ["layer", "first", "stateSlots", "depth"];
    private static readonly string[] MayBeNull =
    [
        "answer",
        "title",
        "caption",
        "options",
        "chart:Live",
        "network:Clip",
    ];

    public static TheoryData<string, string, object?> Spoilt()
    {
        var rows = new TheoryData<string, string, object?>();
        foreach (Entry entry in Entries)
        foreach (ParameterInfo parameter in entry.Method.GetParameters())
        foreach (object? bad in BadValues(entry, parameter))
            rows.Add(entry.Name, parameter.Name!, bad);
        return rows;
    }

    /// <summary>What every entry says of every spoilt argument.</summary>
    public static IEnumerable<string> Messages() =>
        from entry in Entries
        from parameter in entry.Method.GetParameters()
        from bad in BadValues(entry, parameter)
        select Assert
            .ThrowsAny<ArgumentException>(() =>
            {
                object?[] arguments = [.. entry.Arguments];
                arguments[parameter.Position] = bad;
                entry.Call(arguments);
            })
            .Message;

    [Fact]
    public void EveryEntryTakesItsValidCall() => Assert.All(Entries, entry => entry.Call(entry.Arguments));

    [Theory]
    [MemberData(nameof(Spoilt))]
    public void ASpoiltArgumentIsNamed(string name, string parameter, object? bad)
    {
        Entry entry = Entries.First(e => e.Name == name);
        int index = Array.FindIndex(entry.Method.GetParameters(), p => p.Name == parameter);
        object?[] arguments = [.. entry.Arguments];
        arguments[index] = bad;
        Exception error = Assert.ThrowsAny<ArgumentException>(() => entry.Call(arguments));
        Assert.Matches($"^{parameter} (is|has|holds) .*; expected ", error.Message);
    }

    [Fact]
    public void NoPublicMethodLacksARow()
    {
        Type[] results = [typeof(HtmlFormatter)];
        IEnumerable<string> methods =
            from type in typeof(Network).Assembly.GetExportedTypes()
            where !results.Contains(type) && !type.IsEnum && !type.IsSubclassOf(typeof(Delegate))
            from method in Methods(type)
            where method.GetParameters().Any(parameter => !MayBeAnything(parameter))
            select NameOf(type, method);
        Assert.Empty(methods.Except(Entries.Select(entry => entry.Name)));
    }

    /// <summary>Constructors of records only hold what they are given; what takes them checks it.</summary>
    private static IEnumerable<MethodBase> Methods(Type type)
    {
        const BindingFlags flags =
            BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        bool isRecord = type.GetMethod("<Clone>$") is not null || type.IsValueType;
        return type.GetMethods(flags)
            .Where(m => !m.IsSpecialName && m.Name is not ("Equals" or "Deconstruct" or "ToString"))
            .Concat<MethodBase>(isRecord ? [] : type.GetConstructors(flags));
    }

    private static bool MayBeAnything(ParameterInfo parameter) =>
        parameter.Name is "z" or "answer" || AnyInteger.Contains(parameter.Name);

    private static IEnumerable<object?> BadValues(Entry entry, ParameterInfo parameter)
    {
        string name = parameter.Name!;
        Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (name == "residualScale")
            return [double.NaN];
        if (type == typeof(double))
            return (object?[])
                [
                    double.NaN,
                    .. entry.Name == "MeanField.Chi(activation, q, s)" && name == "q"
                        ? Array.Empty<object>()
                        : [double.PositiveInfinity],
                    double.NegativeInfinity,
                    .. MayBeNegative.Contains(name) ? Array.Empty<object>() : [-2.0],
                ];
        if (type == typeof(int))
            return AnyInteger.Contains(name) ? []
                : MayBeZero.Contains(name) ? [-1]
                : [-1, 0];
        if (type.IsEnum)
            return [Enum.ToObject(type, 99)];
        bool mayBeNull = parameter.HasDefaultValue || MayBeNull.Contains(name) || type == typeof(CancellationToken);
        return mayBeNull ? [] : [null];
    }

    private static string NameOf(Type type, MethodBase method) =>
        $"{type.Name.Split('`')[0]}.{method.Name}({string.Join(", ", method.GetParameters().Select(p => p.Name))})";

    private sealed class Entry
    {
        private readonly object? _target;

        public Entry(Type type, string method, object? target, params object?[] arguments)
        {
            _target = target;
            Arguments = arguments;
            Method = Methods(type)
                .Where(m => m.Name == method && m.GetParameters().Length == arguments.Length)
                .Select(Closed)
                .First(m => m.GetParameters().Zip(arguments).All(pair => Fits(pair.First, pair.Second)));
            Name = NameOf(type, Method);
        }

        public MethodBase Method { get; }

        public object?[] Arguments { get; }

        public string Name { get; }

        public void Call(object?[] arguments)
        {
            try
            {
                if (Method is ConstructorInfo constructor)
                    constructor.Invoke(arguments);
                else
                    Method.Invoke(_target, arguments);
            }
            catch (TargetInvocationException error)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error.InnerException!);
            }
        }

        private static bool Fits(ParameterInfo parameter, object? argument) =>
            argument is null || parameter.ParameterType.IsInstanceOfType(argument) || argument is int;

        private static MethodBase Closed(MethodBase method) =>
            method is MethodInfo { IsGenericMethodDefinition: true } open
                ? open.MakeGenericMethod(
                    open.GetGenericArguments().Length == 1 ? [typeof(string)] : [typeof(string), typeof(int)]
                )
                : method;
    }
}
