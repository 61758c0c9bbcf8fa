using System.Globalization;
using System.Reflection;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

/// <summary>Every text of the library is the same under any culture.</summary>
public class CultureTests
{
    private static readonly Lazy<IReadOnlyList<string>> Expected = new(() => Under(CultureInfo.InvariantCulture));
    private static readonly Lazy<IReadOnlyList<string>> UnderMarked = new(() => Under(Cultures.Marked));

    public static TheoryData<string> Names => ["de-DE", "tr-TR", "ar-SA", "marked"];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryTextIsTheSame(string name) =>
        Assert.Equal(Expected.Value, name == "marked" ? UnderMarked.Value : Under(new CultureInfo(name)));

    /// <summary>Without real cultures the comparison above would compare nothing.</summary>
    [Fact]
    public void TheCulturesDiffer()
    {
        Assert.Equal("1,5", 1.5.ToString(new CultureInfo("de-DE")));
        Assert.NotEqual("-1", (-1).ToString(new CultureInfo("ar-SA")));
        Assert.Equal("\uE0031\uE0015", (-1.5).ToString(Cultures.Marked));
    }

    [Fact]
    public void NoSignOfTheCultureIsShown()
    {
        foreach (string text in UnderMarked.Value)
            Cultures.IsUnmarked(text);
    }

    /// <summary>A record whose text the compiler writes would follow the culture.</summary>
    [Fact]
    public void EveryPublicTypeIsAmongTheTexts()
    {
        IEnumerable<Type> types =
            from type in typeof(Network).Assembly.GetExportedTypes()
            where !type.IsEnum && !(type.IsAbstract && type.IsSealed) && !type.IsSubclassOf(typeof(Delegate))
            where type != typeof(HtmlFormatter) && type != typeof(TrainingProgress)
            where type != typeof(Exercise) && type != typeof(Exercise<>)
            select type;
        Type[] shown = [.. Values().Select(value => value.GetType())];
        Assert.Equal(
            [],
            types.Where(type =>
                !shown.Any(one =>
                    type.IsAssignableFrom(one) || one.IsGenericType && one.GetGenericTypeDefinition() == type
                )
            )
        );
        Assert.All(
            typeof(Network).Assembly.GetExportedTypes().Where(type => type.GetMethod("<Clone>$") is not null),
            type =>
                Assert.False(
                    !type.IsAbstract
                        && type.GetMethod("ToString", Type.EmptyTypes)!
                            .IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)),
                    $"{type.Name} has the compiler's ToString"
                )
        );
    }

    private static IReadOnlyList<string> Under(CultureInfo culture)
    {
        using IDisposable scope = Cultures.Use(culture);
        return
        [
            .. EveryChart.Draw().Select(figure => figure.Json.ToJsonString() + figure.Description),
            .. Values()
                .Select(value => $"{value.GetType().Name}: {value} {Shown.Html(value is Figure ? null : value)}"),
            .. PublicEntriesTests.Messages(),
            .. Refused().Select(action => Assert.ThrowsAny<Exception>(action).Message),
            Claims.Show(4).ToHtml(),
            SymmetryExercises.DifferentUnits.Hint(1),
        ];
    }

    private static IReadOnlyList<object> Values()
    {
        Dataset circles = Datasets.Circles(20);
        Network network = Network.Create([2, 3, 3, 1], Activation.LeakyReLU(-0.01), Initializer.Normal(0.5), -7);
        network = new Network([
            .. network.Layers.Select(layer =>
                layer.FanIn == 3 && layer.FanOut == 3 ? layer with { ResidualScale = 0.5 } : layer
            ),
        ]);
        TrainingRun run = Trainer.Train(network, circles, new() { Steps = 3, Snapshots = 2 });
        TrainingRun diverged = Trainer.Train(
            network.WithWeights(2, Matrix<double>.Build.Dense(1, 3, 1e300)),
            circles,
            new() { Steps = 3, LearningRate = 1e10 }
        );
        RecurrentRun recurrent = RecurrentTrainer.Train(
            RecurrentNetwork.Create(2, units: 8, 1, singularValue: 0.9, seed: 1),
            Datasets.Adding(length: 5, count: 8, seed: 1),
            0.01,
            steps: 2
        );
        Gradients gradients = network.Gradients(circles.Inputs, circles.Targets, circles.Loss);
        return
        [
            .. EveryChart.Draw(),
            circles,
            Datasets.Digits(),
            network,
            .. network.Layers,
            run,
            diverged,
            run.Steps[0],
            run.Snapshots[0],
            recurrent,
            recurrent.Network,
            gradients,
            gradients.Layers[0],
            GradientClipping.ByGlobalNorm(0.001).Clip(gradients),
            .. network.Signals(circles.Inputs, circles.Targets, circles.Loss),
            new TrainingOptions
            {
                LearningRate = 0.001,
                BatchSize = 10,
                Seed = -3,
            },
            Standardization.Of(circles).Apply(circles),
            Standardization.Of(circles),
            Activation.LeakyReLU(-0.5),
            Initializer.Constant(-0.5),
            Initializer.Uniform(1e-12),
            Initializer.Normal(0.5),
            Initializer.VarianceScaling(2.5),
            Initializer.Orthogonal(1.5),
            Loss.SoftmaxCrossEntropy,
            Optimizer.Momentum(0.5),
            Optimizer.Adam(),
            GradientClipping.ByValue(0.5),
            GradientClipping.ByTensorNorm(1e-7),
            GradientClipping.Adaptive(),
            new PlaneLoss(-1.5, double.NaN, double.NegativeInfinity),
            new PlaneStep(-1, -1.5, 1e30, 1e-30, 2.5),
            Series.Measured("m", [-1.5], [2.5]),
            new Measurement("q", null, new Prediction(-1.5, 2.5, "-1.5 to 2.5"), [double.NaN, -1.5]),
            new Prediction(-1.5, 2.5, "-1.5 to 2.5", "why"),
            Claims.All[0],
            Claims.Show(4),
            new SweepResult<double, (double, int)>(-0.5, -1, (1.5, -2)),
            SymmetryExercises.DifferentUnits.Check([-2]),
            ScaleExercises.FourHiddenLayers.Check(-1.5),
            new CheckResult("x", null),
            Table.Of([(-1.5, -2, double.NaN, "a")], "caption"),
            Table.Of(Enumerable.Range(-3, 1000)),
            Table.Of([-1.5f, -2.5f]),
            Table.Of([
                new
                {
                    Rate = -1.5m,
                    When = TimeSpan.FromSeconds(-1.5),
                    Both = new[] { -1.5, 2 },
                },
            ]),
            Table.Of(network.Layers[0].Weights),
            Table.Of(network.Layers[0].Biases),
        ];
    }

    /// <summary>Messages with numbers that the table of public entries does not provoke.</summary>
    private static IEnumerable<Action> Refused()
    {
        Dataset circles = Datasets.Circles(20);
        Network network = Network.Create([2, 3, 1], Activation.Tanh, Initializer.GlorotNormal, 1);
        yield return () => Trainer.Train(network, circles, new() { LearningRate = -0.5 });
        yield return () => Trainer.Train(network, circles, new() { StopBelow = double.NaN });
        yield return () => Trainer.Train(network, circles, new() { BatchSize = -1 });
        yield return () => Trainer.Train(network, Datasets.Digits());
        yield return () =>
            Trainer.Train(
                network.WithWeights(1, Matrix<double>.Build.Dense(1, 3, double.PositiveInfinity)),
                circles,
                new() { NonFinite = NonFinitePolicy.Throw }
            );
        yield return () => Trainer.Train(network, circles, new() { Cancellation = new CancellationToken(true) });
        yield return () =>
            Loss.SoftmaxCrossEntropy.Value(Matrix<double>.Build.Dense(2, 1), Matrix<double>.Build.Dense(2, 1, 0.25));
        yield return () =>
            Loss.BinaryCrossEntropy.Value(Matrix<double>.Build.Dense(1, 1), Matrix<double>.Build.Dense(1, 1, -0.25));
        yield return () => LinearNetworks.PlateauTime(1, 0.5, 0.25, 1);
        yield return () => Charts.MagnitudeHistograms("t", "x", [("n", [1.0])], 1.5, 0.5);
        yield return () => MeanField.NextCorrelation(Activation.Tanh, 0.5, 0.25);
        yield return () => MeanField.NextCorrelation(Activation.Tanh, -1.5, 2);
        yield return () => Dataset.OfClasses("x", circles.Inputs, [.. circles.Labels.Select(_ => -1)], 2);
        yield return () => circles.Split(1e-9, 1);
        yield return () => Claims.Show(-1);
        yield return () => SymmetryExercises.DifferentUnits.Hint(-1);
        yield return () => network.WithWeights(-1, circles.Inputs);
        yield return () => Charts.Slider("q", [("1", EveryChart.Draw()[0])]);
        yield return () => Optimizer.Momentum(-0.5);
    }
}
