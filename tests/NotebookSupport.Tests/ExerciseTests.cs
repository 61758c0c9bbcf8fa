using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

public class ExerciseTests
{
    private static Network Constant => Network.Create([2, 8, 1], Activation.Tanh, Initializer.Constant(0.5), 1);

    [Fact]
    public void AnOpenExerciseSaysSo()
    {
        ExerciseResult open = SymmetryExercises.DifferentUnits.Check(null);
        Assert.False(open.Passed);
        Assert.Equal("Exercise 1.1: open", open.ToString());
    }

    [Fact]
    public void AnExerciseIsFoundByItsNumber()
    {
        int[]? differentUnits = null;
        Assert.Equal("Exercise 1.1: open", Exercises.Check("1.1", differentUnits).ToString());
        Solved(Exercises.Check("1.1", new[] { 1, 8 }));
        Solved(Exercises.Check("0.6", 0.2));
        Solved(Exercises.Check("2.1", 16_000));
        Solved(Exercises.Check("2.5", Optimizer.Adam(epsilon: 1e-30)));
        Assert.Equal(SymmetryExercises.DifferentUnits.Hint(1), Exercises.Hint("1.1", 1));
    }

    [Fact]
    public void AnAnswerOfAnotherTypeIsToldWhichTypeIsExpected()
    {
        Assert.StartsWith(
            "answer is of type Func<int, int>; expected Func<Func<double, double>, double, double>, which exercise 0.4 asks for.",
            Assert.Throws<ArgumentException>(() => Exercises.Check("0.4", (int n) => 2 / n)).Message,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "answer is of type double; expected int[], which exercise 1.1 asks for.",
            Assert.Throws<ArgumentException>(() => Exercises.Check("1.1", 1.0)).Message,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "number is 9.9; expected one of 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 1.1,",
            Assert.Throws<ArgumentOutOfRangeException>(() => Exercises.Hint("9.9", 1)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void RightAnswersPass()
    {
        using IDisposable scope = Cultures.Use(Cultures.Marked);
        Solved(NoteExercises.BugHunt.Check("BCEFG"));
        Solved(
            NoteExercises.RepairedFunction.Check((sizes, random) => [.. Layers(sizes, Initializer.HeNormal, random)])
        );
        Solved(NoteExercises.Recipe.Check(seed => Ten(Initializer.HeNormal, seed)));
        Solved(ChaosExercises.HowFarTold.Check((21, 'b')));
        Solved(ChaosExercises.MapBySampling.Check((phi, k, q, s, sb, random) => Mapped(phi, k, q, s, sb, random)));
        Solved(
            ChaosExercises.Diagnosis.Check([DepthLimit.Chaos, DepthLimit.None, DepthLimit.Narrow, DepthLimit.Order])
        );
        Solved(ChaosExercises.Orthogonal.Check((n, random) => Initializer.Orthogonal().Sample(n, n, random)));
        Solved(ChaosExercises.HundredLayers.Check(seed => Blocks(Initializer.Zeros, 1, seed)));
        Solved(ChaosExercises.HundredLayers.Check(seed => Blocks(Initializer.LeCunNormal, 1 / Math.Sqrt(50), seed)));
        Solved(ClippingExercises.FirstOfThreeFour.Check(0.6));
        Solved(ClippingExercises.ByNorm.Check((g, t) => [.. g.Select(x => x * Math.Min(1, t / Norm(g)))]));
        Solved(
            ClippingExercises.Diagnosis.Check([
                GradientClipping.ByGlobalNorm(1),
                GradientClipping.ByValue(1),
                GradientClipping.ByTensorNorm(1),
            ])
        );
        Solved(ClippingExercises.SaveTheRun.Check(GradientClipping.ByGlobalNorm(1)));
        Solved(DyingExercises.DoublingOverflow.Check(128));
        Solved(DyingExercises.CountDead.Check(z => z.EnumerateRows().Count(row => row.Maximum() <= 0)));
        Solved(
            DyingExercises.Diagnosis.Check([
                Ailment.Exploding,
                Ailment.DeadUnits,
                Ailment.None,
                Ailment.Saturation,
                Ailment.Vanishing,
            ])
        );
        double critical = MeanField.CriticalScale(Activation.Sigmoid);
        Solved(DyingExercises.DeepSigmoid.Check(Initializer.VarianceScaling(critical * critical)));
        Solved(RuleExercises.LeftByGlorot.Check(Math.Pow(0.5, 30)));
        Solved(RuleExercises.LeakyDeviation.Check((fanIn, _, a) => Math.Sqrt(2 / (fanIn * (1 + a * a)))));
        Solved(
            RuleExercises.RepairedHe.Check(
                (fanOut, fanIn, random) => Initializer.Normal(Math.Sqrt(2.0 / fanIn)).Sample(fanOut, fanIn, random)
            )
        );
        Solved(RuleExercises.Diagnosis.Check(Initializer.VarianceScaling(2, FanMode.FanOut)));
        Solved(RuleExercises.Diagnosis.Check(Initializer.VarianceScaling(4)));
        Solved(RuleExercises.StrongLeak.Check(Initializer.VarianceScaling(2 / 1.25)));
        Solved(DepthExercises.AfterTenLayers.Check(1.0 / 1024));
        Solved(DepthExercises.LeakyLengthMap.Check((q, s, a) => s * s * q * (1 + a * a) / 2));
        Solved(DepthExercises.WideEnough.Check(125));
        Solved(DepthExercises.CriticalWithBiases.Check(MeanField.CriticalScale(Activation.Tanh, 0.3)));
        Solved(StartExercises.LossOfALetterGuesser.Check(-0.25 * Math.Log(0.25) - 0.75 * Math.Log(0.03)));
        Solved(StartExercises.MeanSquares.Check(MeanSquares));
        Solved(StartExercises.FirstWeightGradient.Check(Matrix<double>.Build.DenseOfRowArrays([4.0, 0], [0, 0])));
        Solved(StartExercises.WhichIsWhich.Check("cadb"));
        Solved(StartExercises.OneStandardDeviation.Check(0.2));
        Solved(ScaleExercises.FourHiddenLayers.Check(16_000));
        Solved(ScaleExercises.FourHiddenLayers.Check(2000 * LinearNetworks.PlateauTime(4, 0.05, 1, 1) / 333));
        Solved(ScaleExercises.TwoValues.Check((epsilon, random) => TwoValues(epsilon / Math.Sqrt(3), random)));
        Solved(ScaleExercises.SizeForAWait.Check((rate, steps) => 1 / Math.Sqrt(1 + 2 * rate * steps)));
        Solved(
            ScaleExercises.Diagnosis.Check([
                Standstill.Saturation,
                Standstill.None,
                Standstill.Plateau,
                Standstill.Symmetry,
            ])
        );
        Solved(ScaleExercises.WithoutWaiting.Check(Optimizer.Adam(epsilon: 1e-30)));
        Solved(
            ScaleExercises.WithoutWaiting.Check(
                Optimizer.From("signs", 0, (parameter, gradient, _, rate, _) => parameter - rate * Math.Sign(gradient))
            )
        );
        Solved(StartExercises.SecondDerivative.Check((f, x) => (f(x + 1e-4) - 2 * f(x) + f(x - 1e-4)) / 1e-8));
        Solved(SymmetryExercises.DifferentUnits.Check([1, 8]));
        Solved(SymmetryExercises.SwapUnits.Check((network, i, k) => Swap(network, i, k)));
        Solved(
            SymmetryExercises.CountUnits.Check(layer =>
                layer.Weights.InsertColumn(0, layer.Biases).EnumerateRows().Distinct().Count()
            )
        );
        Solved(SymmetryExercises.BreakTheTie.Check(LastWeights(i => (i - 3.5) / 2)));
        Solved(SymmetryExercises.ZeroGradient.Check((x, t) => (1.0 / t.RowCount - t) * x.Transpose() / x.ColumnCount));
    }

    [Fact]
    public void LikelyWrongAnswersFailAtTheirOwnCheck()
    {
        using IDisposable scope = Cultures.Use(Cultures.Marked);
        double critical = MeanField.CriticalScale(Activation.Sigmoid);
        Fails("is not", NoteExercises.BugHunt.Check("BCEFGX"));
        Fails("A is right", NoteExercises.BugHunt.Check("ABCEFG"));
        Fails("you have 2", NoteExercises.BugHunt.Check("BC"));
        Fails(
            "for each layer",
            NoteExercises.RepairedFunction.Check((s, r) => [Initializer.HeNormal.Sample(s[1], s[0], r)])
        );
        Fails(
            "a seed inside",
            NoteExercises.RepairedFunction.Check((s, _) => [.. Layers(s, Initializer.HeNormal, new Random(1))])
        );
        Fails(
            "made anew",
            NoteExercises.RepairedFunction.Check(
                (s, r) =>
                {
                    int seed = r.Next();
                    return
                    [
                        .. Enumerable
                            .Range(1, s.Length - 1)
                            .Select(l => Initializer.HeNormal.Sample(s[l], s[l - 1], new Random(seed))),
                    ];
                }
            )
        );
        Fails(
            "variance",
            NoteExercises.RepairedFunction.Check(
                (s, r) => [.. Layers(s, Initializer.VarianceScaling(2, FanMode.FanOut), r)]
            )
        );
        Fails("it has not", NoteExercises.Recipe.Check(_ => Constant));
        Fails("it gets", NoteExercises.Recipe.Check(seed => Ten(Initializer.Normal(0.01), seed)));
        Fails("larger", ChaosExercises.HowFarTold.Check((20, 'b')));
        Fails("31 is from 1", ChaosExercises.HowFarTold.Check((31, 'b')));
        Fails("√0.8", ChaosExercises.HowFarTold.Check((42, 'b')));
        Fails("fewer", ChaosExercises.HowFarTold.Check((22, 'b')));
        Fails("not what κ measures", ChaosExercises.HowFarTold.Check((21, 'a')));
        Fails(
            "κ = 0, s = 1.5 and s_b = 0.8",
            ChaosExercises.MapBySampling.Check((phi, k, q, s, _, random) => Mapped(phi, k, q, s, 0.3, random))
        );
        Fails(
            "not about",
            ChaosExercises.MapBySampling.Check((phi, k, q, s, sb, random) => Mapped(phi, k, 1, s, sb, random) / q)
        );
        Fails(
            "two generators",
            ChaosExercises.MapBySampling.Check((phi, k, q, s, sb, _) => Mapped(phi, k, q, s, sb, new(1)))
        );
        Fails(
            "network C",
            ChaosExercises.Diagnosis.Check([DepthLimit.Chaos, DepthLimit.None, DepthLimit.Order, DepthLimit.Order])
        );
        Fails("yours has 0", ChaosExercises.Diagnosis.Check([]));
        Fails("right angles", ChaosExercises.Orthogonal.Check((n, r) => Initializer.LeCunNormal.Sample(n, n, r)));
        Fails(
            "one matrix",
            ChaosExercises.Orthogonal.Check((n, _) => Initializer.Orthogonal().Sample(n, n, new Random(1)))
        );
        Fails("in 0 of 400", ChaosExercises.Orthogonal.Check((n, r) => Initializer.Normal(1).Sample(n, n, r).QR().Q));
        Fails("it has fewer", ChaosExercises.HundredLayers.Check(_ => Constant));
        Fails("seeds 1 and 2", ChaosExercises.HundredLayers.Check(_ => Blocks(Initializer.LeCunNormal, 1, 1)));
        Fails("ends at", ChaosExercises.HundredLayers.Check(seed => Blocks(Initializer.LeCunNormal, 1, seed)));
        Fails("more are", ChaosExercises.HundredLayers.Check(seed => Deep(Activation.Identity, seed, null)));
        Fails("ends at", ChaosExercises.HundredLayers.Check(seed => Deep(Activation.ReLU, seed, null)));
        // A network of one hidden layer, whose other layers do nothing.
        Fails("without them", ChaosExercises.HundredLayers.Check(seed => Deep(Activation.ReLU, seed, 1e-9)));
        Fails("by value gives", ClippingExercises.FirstOfThreeFour.Check(1));
        Fails("by the square", ClippingExercises.FirstOfThreeFour.Check(0.12));
        Fails("left alone", ClippingExercises.ByNorm.Check((g, t) => [.. g.Select(x => x * t / Norm(g))]));
        Fails(
            "ends at",
            ClippingExercises.ByNorm.Check((g, t) => Norm(g) < t ? [.. g.Select(x => x * t / Norm(g))] : g)
        );
        Fails("largest", ClippingExercises.ByNorm.Check((g, t) => [.. g.Select(x => x * Math.Min(1, t / g.Max()))]));
        Fails("turns", ClippingExercises.ByNorm.Check((g, t) => [.. g.Select(x => Math.Clamp(x, -t, t))]));
        Fails(
            "writes into",
            ClippingExercises.ByNorm.Check(
                (g, t) =>
                {
                    double factor = Math.Min(1, t / Math.Max(Norm(g), 1e-300));
                    for (int i = 0; i < g.Length; i++)
                        g[i] *= factor;
                    return g;
                }
            )
        );
        Fails("yours has 1", ClippingExercises.Diagnosis.Check([GradientClipping.None]));
        Fails(
            "column C",
            ClippingExercises.Diagnosis.Check([
                GradientClipping.ByGlobalNorm(1),
                GradientClipping.ByValue(1),
                GradientClipping.ByGlobalNorm(1),
            ])
        );
        Fails("the losses are", ClippingExercises.SaveTheRun.Check(GradientClipping.None));
        Fails("tenfold", DyingExercises.DoublingOverflow.Check(39));
        Fails("for float64", DyingExercises.DoublingOverflow.Check(1024));
        Fails("it is not", DyingExercises.DoublingOverflow.Check(127));
        Fails("units are counted", DyingExercises.CountDead.Check(z => z.Enumerate().Count(x => x <= 0)));
        Fails("is alive", DyingExercises.CountDead.Check(z => z.EnumerateRows().Count(row => row.Minimum() <= 0)));
        Fails("exactly 0", DyingExercises.CountDead.Check(z => z.EnumerateRows().Count(row => row.Maximum() < 0)));
        Fails("yours has 1", DyingExercises.Diagnosis.Check([Ailment.Exploding]));
        Fails("network C", DyingExercises.Diagnosis.Check([.. Enumerable.Repeat(Ailment.Vanishing, 5)]));
        Fails("changes by", DyingExercises.DeepSigmoid.Check(Initializer.LeCunNormal));
        Fails("changes by", DyingExercises.DeepSigmoid.Check(Initializer.VarianceScaling(critical)));
        Fails("that is one layer", RuleExercises.LeftByGlorot.Check(0.5));
        Fails("its root", RuleExercises.LeftByGlorot.Check(Math.Pow(0.5, 15)));
        Fails("whole number", RuleExercises.LeakyDeviation.Check((fanIn, _, _) => Math.Sqrt(2 / fanIn)));
        Fails("fan-out", RuleExercises.LeakyDeviation.Check((_, fanOut, a) => Math.Sqrt(2 / (fanOut * (1 + a * a)))));
        Fails("variance", RuleExercises.LeakyDeviation.Check((fanIn, _, a) => 2 / (fanIn * (1 + a * a))));
        Fails("slope 1", RuleExercises.LeakyDeviation.Check((fanIn, _, _) => Math.Sqrt(2.0 / fanIn)));
        Fails("in between", RuleExercises.LeakyDeviation.Check((fanIn, _, a) => Math.Sqrt(2.0 / (fanIn * (1 + a)))));
        Fails("[200 x 300]", RuleExercises.RepairedHe.Check((fanOut, fanIn, r) => He(2.0 / fanIn, fanIn, fanOut, r)));
        Fails(
            "a NaN",
            RuleExercises.RepairedHe.Check((o, n, r) => o < n ? He(1, o, n, r) : He(2.0 / n, o, n, r) * double.NaN)
        );
        Fails("integer division", RuleExercises.RepairedHe.Check((o, n, r) => He(2 / n, o, n, r)));
        Fails("two generators", RuleExercises.RepairedHe.Check((o, n, _) => He(2.0 / n, o, n, new Random(1))));
        Fails("its mean", RuleExercises.RepairedHe.Check((o, n, r) => He(2.0 / n, o, n, r).PointwiseAbs()));
        Fails("its variance", RuleExercises.RepairedHe.Check((o, n, r) => He(2.0 / o, o, n, r)));
        Fails("its variance", RuleExercises.RepairedHe.Check((o, n, r) => He(4.0 / n / n, o, n, r)));
        Fails("returned null", RuleExercises.RepairedHe.Check((_, _, _) => null!));
        Fails("flat", RuleExercises.Diagnosis.Check(Initializer.HeNormal));
        Fails("factor of the chart", RuleExercises.Diagnosis.Check(Initializer.GlorotNormal));
        Fails("signals keep", RuleExercises.StrongLeak.Check(Initializer.HeNormal));
        Fails("gradients keep", RuleExercises.StrongLeak.Check(Initializer.LeCunNormal));
        Fails("one layer", DepthExercises.AfterTenLayers.Check(0.5));
        Fails("s counts", DepthExercises.LeakyLengthMap.Check((q, s, a) => s * q * (1 + a * a) / 2));
        Fails("slope counts", DepthExercises.LeakyLengthMap.Check((q, s, a) => s * s * q * (1 + a) / 2));
        Fails("fewer units", DepthExercises.WideEnough.Check(1000));
        Fails("without biases", DepthExercises.CriticalWithBiases.Check(1));
        Fails("equal probabilities", StartExercises.LossOfALetterGuesser.Check(Math.Log(26)));
        Fails(
            "another base",
            StartExercises.LossOfALetterGuesser.Check(-0.25 * Math.Log2(0.25) - 0.75 * Math.Log2(0.03))
        );
        Fails("3 layers", StartExercises.MeanSquares.Check((network, x) => [1]));
        Fails(
            "not the pre-activations",
            StartExercises.MeanSquares.Check((network, x) => MeanSquares(network, x, _ => Activation.Identity))
        );
        Fails(
            "its own activation function",
            StartExercises.MeanSquares.Check((network, x) => MeanSquares(network, x, _ => Activation.ReLU))
        );
        Fails(
            "biases are added",
            StartExercises.MeanSquares.Check(
                (network, x) => MeanSquares(network.WithBiases(0, Vector<double>.Build.Dense(5)), x)
            )
        );
        Fails(
            "the unit that is off",
            StartExercises.FirstWeightGradient.Check(Matrix<double>.Build.DenseOfRowArrays([4.0, 0], [-8, 0]))
        );
        Fails(
            "the input that is 0",
            StartExercises.FirstWeightGradient.Check(Matrix<double>.Build.DenseOfRowArrays([4.0, 4], [0, 0]))
        );
        Fails(
            "yours is 2.",
            StartExercises.FirstWeightGradient.Check(Matrix<double>.Build.DenseOfRowArrays([2.0, 0], [0, 0]))
        );
        Fails(
            "the sign",
            StartExercises.FirstWeightGradient.Check(Matrix<double>.Build.DenseOfRowArrays([-4.0, 0], [0, 0]))
        );
        Fails("2 x 2", StartExercises.FirstWeightGradient.Check(Matrix<double>.Build.Dense(2, 1)));
        Fails("A to D once", StartExercises.WhichIsWhich.Check("ABCC"));
        Fails("0.01 is found", StartExercises.WhichIsWhich.Check("CDAB"));
        Fails("below 10", StartExercises.OneStandardDeviation.Check(1));
        Fails("at least 93 %", StartExercises.OneStandardDeviation.Check(0.01));
        Fails("above 0", StartExercises.OneStandardDeviation.Check(-0.2));
        Fails("two hidden", ScaleExercises.FourHiddenLayers.Check(4000));
        Fails("three hidden", ScaleExercises.FourHiddenLayers.Check(8000));
        Fails("not the number", ScaleExercises.FourHiddenLayers.Check(32_000));
        Fails("what the law says", ScaleExercises.FourHiddenLayers.Check(2000));
        Fails(
            "two values",
            ScaleExercises.TwoValues.Check((epsilon, random) => epsilon * (2 * random.NextDouble() - 1))
        );
        Fails("two values", ScaleExercises.TwoValues.Check((epsilon, random) => epsilon * random.Next(2)));
        Fails(
            "generator",
            ScaleExercises.TwoValues.Check((epsilon, _) => TwoValues(epsilon / Math.Sqrt(3), Random.Shared))
        );
        Fails(
            "half of the time",
            ScaleExercises.TwoValues.Check((epsilon, r) => (r.Next(3) == 0 ? 1 : -1) * epsilon / Math.Sqrt(3))
        );
        Fails("-ε and ε", ScaleExercises.TwoValues.Check(TwoValues));
        Fails(
            "variance",
            ScaleExercises.TwoValues.Check((epsilon, random) => TwoValues(epsilon * epsilon / 3, random))
        );
        Fails("no time at all", ScaleExercises.SizeForAWait.Check((rate, steps) => 1 / Math.Sqrt(2 * rate * steps)));
        Fails("two hidden", ScaleExercises.SizeForAWait.Check((rate, steps) => 1 / (1 + rate * steps)));
        Fails("as long as asked", ScaleExercises.SizeForAWait.Check((rate, steps) => 1 / Math.Sqrt(1 + rate * steps)));
        Fails("each of A to D", ScaleExercises.Diagnosis.Check([Standstill.None]));
        Fails("network C", ScaleExercises.Diagnosis.Check([.. Enumerable.Repeat(Standstill.Symmetry, 4)]));
        Fails("within 500 steps", ScaleExercises.WithoutWaiting.Check(Optimizer.GradientDescent));
        Fails("within 500 steps", ScaleExercises.WithoutWaiting.Check(Optimizer.Momentum(0.99)));
        Fails("within 500 steps", ScaleExercises.WithoutWaiting.Check(Optimizer.Adam()));
        Fails(
            "to six digits",
            StartExercises.SecondDerivative.Check((f, x) => (f(x + 1e-7) - 2 * f(x) + f(x - 1e-7)) / 1e-14)
        );
        Fails("6 at 1", StartExercises.SecondDerivative.Check((f, x) => (f(x + 1e-5) - f(x - 1e-5)) / 2e-5));
        Fails("the first hidden layer", SymmetryExercises.DifferentUnits.Check([8, 8]));
        Fails("the second hidden layer", SymmetryExercises.DifferentUnits.Check([1, 1]));
        Fails("yours has 1", SymmetryExercises.DifferentUnits.Check([1]));
        Fails(
            "so have their biases",
            SymmetryExercises.SwapUnits.Check((network, i, k) => Swap(network, i, k, biases: false))
        );
        Fails(
            "computes the same",
            SymmetryExercises.SwapUnits.Check((network, i, k) => Swap(network, i, k, weightsOut: false))
        );
        Fails("have changed places", SymmetryExercises.SwapUnits.Check((network, i, k) => network));
        Fails(
            "by their bias alone",
            SymmetryExercises.CountUnits.Check(l => l.Weights.EnumerateRows().Distinct().Count())
        );
        Fails(
            "by 1e-9",
            SymmetryExercises.CountUnits.Check(l =>
                l.Weights.InsertColumn(0, l.Biases)
                    .EnumerateRows()
                    .Select(row => string.Join(' ', row.Select(w => Math.Round(w, 6))))
                    .Distinct()
                    .Count()
            )
        );
        Fails("99 %", SymmetryExercises.BreakTheTie.Check(LastWeights(i => i % 2 == 0 ? 1 : -1)));
        Fails(
            "nothing but the weights of the last layer",
            SymmetryExercises.BreakTheTie.Check(Network.Create([2, 8, 1], Activation.Tanh, Initializer.GlorotNormal, 1))
        );
        Fails(
            "the sizes",
            SymmetryExercises.BreakTheTie.Check(Network.Create([2, 9, 1], Activation.Tanh, Initializer.GlorotNormal, 1))
        );
        Fails("not the sum", SymmetryExercises.ZeroGradient.Check((x, t) => (1.0 / 3 - t) * x.Transpose()));
        Fails("not of the step", SymmetryExercises.ZeroGradient.Check((x, t) => (t - 1.0 / 3) * x.Transpose() / 5));
    }

    [Fact]
    public void AThrowingAnswerGetsASentence() =>
        Fails(
            "threw InvalidOperationException: oh",
            SymmetryExercises.CountUnits.Check(_ => throw new InvalidOperationException("oh"))
        );

    /// <summary>Three checks call the answer; the second sleeps for ever.</summary>
    [Fact]
    public void AnAnswerThatSleepsIsWokenAtItsFirstTimeout()
    {
        using var left = new ManualResetEventSlim();
        ExerciseResult result = Three(n =>
        {
            if (n == 1)
                return 1;
            try
            {
                Thread.Sleep(Timeout.Infinite);
            }
            finally
            {
                left.Set();
            }
            return n;
        });
        Assert.Equal([null, "your answer did not end within 0.2 seconds."], result.Checks.Select(c => c.Failure));
        Assert.False(result.Passed);
        Assert.True(left.IsSet);
    }

    /// <summary>The host's part is played here: each turn of a guarded loop looks at the token that the check left.</summary>
    [Fact]
    public void AGuardedLoopStops()
    {
        var followed = new AsyncLocal<CancellationToken>();
        Action<CancellationToken> follow = token => followed.Value = token;
        AppContext.SetData(RunningCell.LoopCancellationKey, follow);
        try
        {
            long turns = 0;
            ExerciseResult result = Three(n =>
            {
                while (true)
                {
                    followed.Value.ThrowIfCancellationRequested();
                    turns++;
                }
            });
            long counted = Volatile.Read(ref turns);
            Thread.Sleep(50);
            Assert.Equal(counted, Volatile.Read(ref turns));
            Assert.Equal("your answer did not end within 0.2 seconds.", Assert.Single(result.Checks).Failure);
        }
        finally
        {
            AppContext.SetData(RunningCell.LoopCancellationKey, null);
        }
    }

    [Fact]
    public void ATrainingInAnAnswerStops()
    {
        var stopped = false;
        ExerciseResult result = Three(n =>
        {
            try
            {
                Trainer.Train(Constant, Datasets.Circles(), new() { Steps = int.MaxValue / 1000 });
            }
            catch (OperationCanceledException)
            {
                stopped = true;
                throw;
            }
            return n;
        });
        Assert.True(stopped);
        Assert.Equal("your answer did not end within 0.2 seconds.", Assert.Single(result.Checks).Failure);
    }

    [Fact]
    public void AnAnswerThatCannotBeStoppedSaysThatItContinues()
    {
        bool goesOn = true;
        ExerciseResult result = Three(n =>
        {
            while (Volatile.Read(ref goesOn)) { }
            return n;
        });
        Volatile.Write(ref goesOn, false);
        Assert.Equal(
            "your answer did not end within 0.2 seconds and goes on where nothing can stop it; restart the kernel to end it.",
            Assert.Single(result.Checks).Failure
        );
    }

    [Fact]
    public void AnAnswerHasTenSeconds() => Assert.Equal(TimeSpan.FromSeconds(10), SymmetryExercises.CountUnits.Limit);

    private static ExerciseResult Three(Func<int, int> answer) =>
        new Exercise<Func<int, int>>(
            "0.0",
            [],
            [
                .. Enumerable
                    .Range(1, 3)
                    .Select(n => new Check<Func<int, int>>($"it returns {n}", f => f(n) == n ? null : "it does not.")),
            ]
        )
        {
            Limit = TimeSpan.FromSeconds(0.2),
        }.Check(answer);

    private static Network Ten(Initializer rule, int seed) =>
        Network.Create([64, .. Enumerable.Repeat(64, 10), 10], Activation.ReLU, rule, seed);

    private static IEnumerable<Matrix<double>> Layers(int[] sizes, Initializer rule, Random random) =>
        Enumerable.Range(1, sizes.Length - 1).Select(l => rule.Sample(sizes[l], sizes[l - 1], random));

    private static double TwoValues(double value, Random random) => random.Next(2) == 0 ? value : -value;

    private static double Mapped(Activation phi, double k, double q, double s, double sb, Random random) =>
        (
            s
                * s
                * Initializer
                    .Normal(Math.Sqrt(q))
                    .Sample(2, 10_000, random)
                    .EnumerateColumns()
                    .Average(u => phi.Value(u[0]) * phi.Value(k * u[0] + Math.Sqrt(1 - k * k) * u[1]))
            + sb * sb
        ) / q;

    private static Network Deep(Activation phi, int seed, double? residualScale) =>
        Network.Create(Sizes.Of(2, 16, 101, 1), phi, Initializer.HeNormal, seed, residualScale: residualScale);

    /// <summary>Fifty blocks of two layers, the second linear.</summary>
    private static Network Blocks(Initializer end, double beta, int seed)
    {
        var random = new Random(seed + 1000);
        return new Network([
            .. Deep(Activation.ReLU, seed, null)
                .Layers.Select(
                    (layer, l) =>
                        l > 0 && l % 2 == 0
                            ? layer with
                            {
                                Weights = end.Sample(16, 16, random),
                                Activation = Activation.Identity,
                                ResidualScale = beta,
                                ResidualSpan = 2,
                            }
                            : layer
                ),
        ]);
    }

    private static double Norm(double[] g) => Math.Max(Math.Sqrt(g.Sum(x => x * x)), 1e-300);

    private static Matrix<double> He(double variance, int fanOut, int fanIn, Random random) =>
        Initializer.Normal(Math.Sqrt(variance)).Sample(fanOut, fanIn, random);

    private static void Solved(ExerciseResult result) => Assert.True(result.Passed, result.ToString());

    private static void Fails(string part, ExerciseResult result)
    {
        Assert.False(result.Passed);
        Cultures.IsUnmarked(result.ToString());
        Assert.Contains(
            result.Checks,
            check =>
                check.Failure is not null
                && $"{check.Expectation} {check.Failure}".Contains(part, StringComparison.Ordinal)
        );
    }

    private static double[] MeanSquares(Network network, Matrix<double> x) =>
        MeanSquares(network, x, l => l.Activation);

    private static double[] MeanSquares(Network network, Matrix<double> x, Func<Layer, Activation> phi)
    {
        var squares = new List<double>();
        Matrix<double> a = x;
        foreach (Layer layer in network.Layers)
        {
            Matrix<double> z = (layer.Weights * a).MapIndexed((unit, _, value) => value + layer.Biases[unit]);
            squares.Add(z.PointwisePower(2).Enumerate().Average());
            a = z.Map(phi(layer).Value);
        }
        return [.. squares];
    }

    private static Network LastWeights(Func<int, double> weight) =>
        Constant.WithWeights(1, Matrix<double>.Build.Dense(1, 8, (_, unit) => weight(unit)));

    private static Network Swap(Network network, int i, int k, bool biases = true, bool weightsOut = true)
    {
        Matrix<double> into = network.Layers[0].Weights;
        Vector<double> bias = network.Layers[0].Biases;
        Matrix<double> outOf = network.Layers[1].Weights;
        int Place(int unit) =>
            unit == i ? k
            : unit == k ? i
            : unit;
        Network swapped = network.WithWeights(
            0,
            Matrix<double>.Build.Dense(into.RowCount, into.ColumnCount, (unit, input) => into[Place(unit), input])
        );
        if (biases)
            swapped = swapped.WithBiases(0, Vector<double>.Build.Dense(bias.Count, unit => bias[Place(unit)]));
        return weightsOut
            ? swapped.WithWeights(
                1,
                Matrix<double>.Build.Dense(1, outOf.ColumnCount, (_, unit) => outOf[0, Place(unit)])
            )
            : swapped;
    }
}
