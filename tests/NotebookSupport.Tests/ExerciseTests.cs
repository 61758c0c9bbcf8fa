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
            "number is 9.9; expected one of 0.1, 0.2,",
            Assert.Throws<ArgumentOutOfRangeException>(() => Exercises.Hint("9.9", 1)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void RightAnswersPass()
    {
        using IDisposable scope = Cultures.Use(Cultures.Marked);
        Solved(ChaosExercises.HowFarTold.Check((21, 'b')));
        Solved(ChaosExercises.MapBySampling.Check((phi, k, q, s, sb, random) => Mapped(phi, k, q, s, sb, random)));
        Solved(
            ChaosExercises.Diagnosis.Check([DepthLimit.Chaos, DepthLimit.None, DepthLimit.Narrow, DepthLimit.Order])
        );
        Solved(ChaosExercises.Orthogonal.Check((n, random) => Initializer.Orthogonal().Sample(n, n, random)));
        Solved(ChaosExercises.HundredLayers.Check(seed => Blocks(Initializer.Zeros, 1, seed)));
        Solved(ChaosExercises.HundredLayers.Check(seed => Blocks(Initializer.LeCunNormal, 1 / Math.Sqrt(50), seed)));
        Solved(NoteExercises.ByLuck.Check((1.25, 'b')));
        Solved(NoteExercises.BugHunt.Check("BCDFH"));
        Solved(NoteExercises.RatesByWidth.Check(RatesByWidth));
        Solved(NoteExercises.FromFlax.Check(seed => FromFlax(seed)));
        Solved(NoteExercises.Rescue.Check(Rescued));
        Solved(ClippingExercises.OtherWall.Check(-3));
        Solved(ClippingExercises.ByWeight.Check(ThroughTime));
        Solved(ClippingExercises.Adaptive.Check((w, g, f) => Limited(g, f * Math.Max(Norm(w), 1e-3))));
        Solved(ClippingExercises.CosineOfSigns.Check(0.80));
        Solved(
            ClippingExercises.Diagnosis.Check([
                ClippingFault.TooHigh,
                ClippingFault.TooLow,
                ClippingFault.Vanishing,
                ClippingFault.None,
            ])
        );
        Solved(ClippingExercises.BoldSteps.Check(GradientClipping.ByGlobalNorm(0.03)));
        Solved(DyingExercises.HalfUnderflow.Check(25));
        Solved(DyingExercises.NeverAwake.Check(NeverAwake));
        Solved(
            DyingExercises.Diagnosis.Check([
                Ailment.DeadUnits,
                Ailment.None,
                Ailment.Exploding,
                Ailment.Vanishing,
                Ailment.Saturation,
            ])
        );
        Solved(DyingExercises.BatchNormalize.Check(sums => Normalized(sums, 0, 1e-5)));
        Solved(DyingExercises.TrainTheDead.Check(seed => Dead(Activation.ELU(), Initializer.HeNormal, seed)));
        Solved(
            DyingExercises.TrainTheDead.Check(seed =>
                Dead(Activation.Tanh, Initializer.LeCunNormal, seed, Normalization.Batch)
            )
        );
        Solved(RuleExercises.AlternatingWidths.Check(Math.Pow(0.16, 5)));
        Solved(RuleExercises.NarrowCut.Check((variance, r) => Math.Sqrt(variance / 0.29112509) * Cut(r)));
        Solved(RuleExercises.BothWishes.Check(phi => 1 / Math.Sqrt(Mean(phi.Value) * Mean(phi.Derivative))));
        Solved(RuleExercises.FromPyTorch.Check(Translated(25.0 / 9)));
        Solved(
            RuleExercises.Diagnosis.Check([
                ScaleFault.NoGain,
                ScaleFault.WrongFan,
                ScaleFault.DeviationAsVariance,
                ScaleFault.None,
            ])
        );
        Solved(RuleExercises.OwnActivation.Check(Initializer.VarianceScaling(0.4)));
        Solved(RuleExercises.OwnActivation.Check(Initializer.VarianceScaling(0.4, FanMode.FanAverage)));
        Solved(DepthExercises.EarlyAndLate.Check((Math.Pow(0.9, 39), Math.Pow(0.9, 39), 'b')));
        Solved(
            DepthExercises.FactorBySampling.Check(
                (phi, q, s, random) => s * s * Normals(random).Average(z => Squared(phi.Derivative(Math.Sqrt(q) * z)))
            )
        );
        Solved(DepthExercises.WideEnough.Check(449));
        Solved(
            DepthExercises.Diagnosis.Check([
                DepthFault.WeightsTooLarge,
                DepthFault.InputsTooLarge,
                DepthFault.None,
                DepthFault.WeightsTooSmall,
            ])
        );
        Solved(DepthExercises.AbsoluteValue.Check(Initializer.VarianceScaling(1)));
        Solved(DepthExercises.AbsoluteValue.Check(Initializer.Orthogonal()));
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
        Fails("need not be better", NoteExercises.ByLuck.Check((0, 'a')));
        Fails("in one of five seeds", NoteExercises.ByLuck.Check((8, 'c')));
        Fails("rules that lose", NoteExercises.ByLuck.Check((2.5, 'b')));
        Fails("yours is 20", NoteExercises.ByLuck.Check((20, 'b')));
        Fails("one is not", NoteExercises.BugHunt.Check("BCDFHX"));
        Fails("A is right", NoteExercises.BugHunt.Check("ABCDFH"));
        Fails("you have 2", NoteExercises.BugHunt.Check("BC"));
        Fails("yours has 2", NoteExercises.RatesByWidth.Check((_, rho) => [(rho, rho), (1 / rho, 1)]));
        Fails("changes a rate", NoteExercises.RatesByWidth.Check((hidden, _) => RatesByWidth(hidden, 2)));
        Fails(
            "layer 1 of 4 has 1 and 1",
            NoteExercises.RatesByWidth.Check((hidden, _) => [.. Enumerable.Repeat((1.0, 1.0), hidden + 1)])
        );
        Fails(
            "layer 4 of 4 has 0.25 and 0.25",
            NoteExercises.RatesByWidth.Check(
                (hidden, rho) => [.. RatesByWidth(hidden, rho).SkipLast(1), (1 / rho, 1 / rho)]
            )
        );
        Fails(
            "layer 2 of 4 has 4 and 4",
            NoteExercises.RatesByWidth.Check(
                (hidden, rho) => [.. Enumerable.Repeat((rho, rho), hidden), (1 / rho, 1.0)]
            )
        );
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
        Fails(
            "yours have 64, 10",
            NoteExercises.FromFlax.Check(_ => Network.Create([64, 10], Activation.ReLU, Initializer.HeNormal, 1))
        );
        Fails("two seeds", NoteExercises.FromFlax.Check(_ => FromFlax(1)));
        Fails("Flax's are cut", NoteExercises.FromFlax.Check(seed => FromFlax(seed, first: Distribution.Normal)));
        Fails("second layer", NoteExercises.FromFlax.Check(seed => FromFlax(seed, second: FanMode.FanIn)));
        Fails("biases", NoteExercises.FromFlax.Check(seed => FromFlax(seed, bias: 0)));
        Fails("it gets", NoteExercises.Rescue.Check(network => network));
        Fails(
            "you may multiply it",
            NoteExercises.Rescue.Check(network =>
                Network.Create(network.Sizes, Activation.ReLU, Initializer.HeNormal, 1)
            )
        );
        Fails(
            "one changed",
            NoteExercises.Rescue.Check(network =>
                Network.Create(network.Sizes, Activation.Tanh, Initializer.HeNormal, 1)
            )
        );
        Fails("it gets", NoteExercises.Rescue.Check(network => network.WithWeights(0, network.Layers[0].Weights * 10)));
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
        Fails("start 0.5", ClippingExercises.OtherWall.Check(0.5 - 6 * Activation.Sigmoid.Value(0.5)));
        Fails("moves z back", ClippingExercises.OtherWall.Check(3));
        Fails("fixed point there", ClippingExercises.OtherWall.Check(-6));
        Fails("one term of two", ClippingExercises.ByWeight.Check((w, b, layers) => ThroughTime(w, b, layers, 1, 1)));
        Fails(
            "one term of two",
            ClippingExercises.ByWeight.Check((w, b, layers) => ThroughTime(w, b, layers, layers, layers))
        );
        Fails("one layer has", ClippingExercises.ByWeight.Check((w, b, layers) => ThroughTime(w, b, layers) / 2));
        Fails("of 0 count as", ClippingExercises.Adaptive.Check((w, g, f) => Limited(g, f * Norm(w))));
        Fails("ends at the fraction", ClippingExercises.Adaptive.Check((w, g, f) => Limited(g, f)));
        Fails(
            "left alone",
            ClippingExercises.Adaptive.Check(
                (w, g, f) => [.. g.Select(x => x * f * Math.Max(Norm(w), 1e-3) / Math.Max(Norm(g), 1e-300))]
            )
        );
        Fails(
            "of 0 stays 0",
            ClippingExercises.Adaptive.Check(
                (w, g, f) =>
                {
                    double norm = Math.Sqrt(g.Sum(x => x * x));
                    return [.. g.Select(x => x / norm * Math.Min(norm, f * Math.Max(Norm(w), 1e-3)))];
                }
            )
        );
        Fails(
            "writes into",
            ClippingExercises.Adaptive.Check(
                (w, g, f) =>
                {
                    double[] clipped = Limited(g, f * Math.Max(Norm(w), 1e-3));
                    clipped.CopyTo(g, 0);
                    return g;
                }
            )
        );
        Fails("its square", ClippingExercises.CosineOfSigns.Check(2 / Math.PI));
        Fails("would stay", ClippingExercises.CosineOfSigns.Check(1));
        Fails("right to 0.01", ClippingExercises.CosineOfSigns.Check(0.7));
        Fails("a cosine", ClippingExercises.CosineOfSigns.Check(37));
        Fails("yours has 1", ClippingExercises.Diagnosis.Check([ClippingFault.None]));
        Fails(
            "training C",
            ClippingExercises.Diagnosis.Check([
                ClippingFault.TooHigh,
                ClippingFault.TooLow,
                ClippingFault.TooHigh,
                ClippingFault.None,
            ])
        );
        Fails("the losses are", ClippingExercises.BoldSteps.Check(GradientClipping.None));
        Fails("the losses are", ClippingExercises.BoldSteps.Check(GradientClipping.ByGlobalNorm(1)));
        Fails("the losses are", ClippingExercises.BoldSteps.Check(GradientClipping.ByGlobalNorm(0.001)));
        Fails("fewer digits", DyingExercises.HalfUnderflow.Check(15));
        Fails("which a Half holds", DyingExercises.HalfUnderflow.Check(24));
        Fails("for float32", DyingExercises.HalfUnderflow.Check(150));
        Fails("yours is 26", DyingExercises.HalfUnderflow.Check(26));
        Fails("suits the unit best", DyingExercises.NeverAwake.Check((w, b) => (w.RowSums() + b).Count(z => z <= 0)));
        Fails("biases count", DyingExercises.NeverAwake.Check((w, _) => NeverAwake(w, 0 * w.Column(0))));
        Fails("not below 0", DyingExercises.NeverAwake.Check((w, b) => NeverAwake(w.PointwiseAbs(), b)));
        Fails("exactly 0", DyingExercises.NeverAwake.Check((w, b) => NeverAwake(w, b + 1e-9)));
        Fails("yours has 1", DyingExercises.Diagnosis.Check([Ailment.Exploding]));
        Fails("network C", DyingExercises.Diagnosis.Check([.. Enumerable.Repeat(Ailment.Vanishing, 5)]));
        Fails("another shape", DyingExercises.BatchNormalize.Check(sums => Normalized(sums, 0, 1e-5).Transpose()));
        Fails(
            "each unit has the mean 0",
            DyingExercises.BatchNormalize.Check(sums => Normalized(sums.Transpose(), 0, 1e-5).Transpose())
        );
        Fails(
            "by the variance",
            DyingExercises.BatchNormalize.Check(sums =>
                Normalized(sums, 0, 1e-5).PointwiseMultiply(Normalized(sums, 0, 1e-5)).PointwiseDivide(Centred(sums))
            )
        );
        Fails("one less", DyingExercises.BatchNormalize.Check(sums => Normalized(sums, 1, 1e-5)));
        Fails("not NaN", DyingExercises.BatchNormalize.Check(sums => Normalized(sums, 0, 0)));
        Fails("largest difference", DyingExercises.BatchNormalize.Check(sums => Normalized(sums, 0, 1e-3)));
        Fails(
            "worst seed",
            DyingExercises.TrainTheDead.Check(seed => Dead(Activation.ReLU, Initializer.HeNormal, seed))
        );
        Fails(
            "worst seed",
            DyingExercises.TrainTheDead.Check(seed =>
                Dead(Activation.LeakyReLU(0.01), Initializer.VarianceScaling(2 / (1 + 0.01 * 0.01)), seed)
            )
        );
        Fails(
            "one of yours is not",
            DyingExercises.TrainTheDead.Check(seed =>
                Network.Create(Sizes.Of(2, 16, 20, 1), Activation.ELU(), Initializer.HeNormal, seed)
            )
        );
        Fails("draw the same", DyingExercises.TrainTheDead.Check(_ => Dead(Activation.ELU(), Initializer.HeNormal, 1)));
        Fails(
            "twenty hidden layers",
            DyingExercises.TrainTheDead.Check(seed =>
                Network.Create([2, 16, 1], Activation.ELU(), Initializer.HeNormal, seed, Initializer.Constant(-0.5))
            )
        );
        Fails("equal width", RuleExercises.AlternatingWidths.Check(Math.Pow(0.5, 10)));
        Fails("ten linear layers", RuleExercises.AlternatingWidths.Check(Math.Pow(0.64, 5)));
        Fails("the root", RuleExercises.AlternatingWidths.Check(Math.Pow(0.4, 5)));
        Fails("one wide and one narrow", RuleExercises.AlternatingWidths.Check(0.16));
        Fails("right to 1 %", RuleExercises.AlternatingWidths.Check(Math.Pow(0.16, 5.5)));
        Fails("less than the variance", RuleExercises.NarrowCut.Check((variance, r) => Math.Sqrt(variance) * Cut(r)));
        Fails("for the variance 4", RuleExercises.NarrowCut.Check((variance, r) => variance / 0.54 * Cut(r)));
        Fails("same seed", RuleExercises.NarrowCut.Check((variance, _) => Math.Sqrt(variance) * Cut(Random.Shared)));
        Fails(
            "at the edge",
            RuleExercises.NarrowCut.Check((variance, r) => Math.Sqrt(variance) * Math.Clamp(Draw(r), -1, 1))
        );
        Fails(
            "inside the cut",
            RuleExercises.NarrowCut.Check((variance, r) => Math.Sqrt(3 * variance) * (2 * r.NextDouble() - 1))
        );
        Fails("came up", RuleExercises.NarrowCut.Check((variance, r) => Math.Sqrt(variance) * Draw(r)));
        Fails("forward pass only", RuleExercises.BothWishes.Check(phi => 1 / Mean(phi.Value)));
        Fails("backward pass only", RuleExercises.BothWishes.Check(phi => 1 / Mean(phi.Derivative)));
        Fails(
            "the gain itself",
            RuleExercises.BothWishes.Check(phi => Math.Pow(Mean(phi.Value) * Mean(phi.Derivative), -0.25))
        );
        Fails("have not seen", RuleExercises.BothWishes.Check(Known));
        Fails("yours has 1", RuleExercises.FromPyTorch.Check([Initializer.HeUniform]));
        Fails("standard deviation, not the variance", RuleExercises.FromPyTorch.Check(Translated(5.0 / 3)));
        Fails("A: its distribution", RuleExercises.FromPyTorch.Check(Translated(25.0 / 9, Distribution.Normal)));
        Fails("yours is normal", RuleExercises.FromPyTorch.Check(Translated(25.0 / 9, Distribution.Normal)));
        Fails(
            "its fan is the other one",
            RuleExercises.FromPyTorch.Check(Translated(25.0 / 9, Distribution.Uniform, FanMode.FanIn))
        );
        Fails("it is missing", RuleExercises.FromPyTorch.Check([null!, null!, null!]));
        Fails("yours has 1", RuleExercises.Diagnosis.Check([ScaleFault.None]));
        Fails("network B", RuleExercises.Diagnosis.Check([.. Enumerable.Repeat(ScaleFault.NoGain, 4)]));
        Fails("signals keep", RuleExercises.OwnActivation.Check(Initializer.HeNormal));
        Fails("reach a loss", RuleExercises.OwnActivation.Check(Initializer.LeCunNormal));
        Fails("signals keep", RuleExercises.OwnActivation.Check(Initializer.GlorotNormal));
        Fails("reach a loss", RuleExercises.OwnActivation.Check(Initializer.VarianceScaling(0.2)));
        double left = Math.Pow(0.9, 39);
        Fails("those are the signal gradients", DepthExercises.EarlyAndLate.Check((left, 1, 'a')));
        Fails("root mean square", DepthExercises.EarlyAndLate.Check((Math.Sqrt(left), Math.Sqrt(left), 'b')));
        Fails("layer 40 would have a larger one", DepthExercises.EarlyAndLate.Check((left, left, 'a')));
        Fails("nothing would shrink", DepthExercises.EarlyAndLate.Check((left, left, 'c')));
        Fails(
            "identity's",
            DepthExercises.FactorBySampling.Check(
                (phi, q, s, random) => s * Normals(random).Average(z => Squared(phi.Derivative(Math.Sqrt(q) * z)))
            )
        );
        Fails(
            "not the value",
            DepthExercises.FactorBySampling.Check(
                (phi, q, s, random) => s * s * Normals(random).Average(z => Squared(phi.Value(Math.Sqrt(q) * z)))
            )
        );
        Fails(
            "the root of q",
            DepthExercises.FactorBySampling.Check(
                (phi, q, s, random) => s * s * Normals(random).Average(z => Squared(phi.Derivative(q * z)))
            )
        );
        Fails(
            "before it takes the mean",
            DepthExercises.FactorBySampling.Check(
                (phi, q, s, random) => s * s * Squared(Normals(random).Average(z => phi.Derivative(Math.Sqrt(q) * z)))
            )
        );
        Fails("it samples", DepthExercises.FactorBySampling.Check((phi, q, s, _) => MeanField.Chi(phi, q, s)));
        Fails("keeps 20 %", DepthExercises.WideEnough.Check(63));
        Fails("keeps less", DepthExercises.WideEnough.Check(448));
        Fails("fewer units", DepthExercises.WideEnough.Check(1000));
        Fails("network A", DepthExercises.Diagnosis.Check([DepthFault.None, DepthFault.InputsTooLarge]));
        Fails("reach a loss", DepthExercises.AbsoluteValue.Check(Initializer.HeNormal));
        Fails("reach a loss", DepthExercises.AbsoluteValue.Check(Initializer.VarianceScaling(0.7)));
        Fails("reach a loss", DepthExercises.AbsoluteValue.Check(Initializer.Zeros));
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
            "equally likely",
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

    private static (double, double)[] RatesByWidth(int hidden, double rho) =>
        [(rho, rho), .. Enumerable.Repeat((1.0, rho), hidden - 1), (1 / rho, 1)];

    private static Network FromFlax(
        int seed,
        Distribution first = Distribution.TruncatedNormal,
        FanMode second = FanMode.FanOut,
        double bias = 0.1
    )
    {
        var random = new Random(seed);
        Layer Drawn(Initializer rule, int units, int inputs, double biases, Activation activation) =>
            new(rule.Sample(units, inputs, random), Vector<double>.Build.Dense(units, biases), activation);
        return new([
            Drawn(Initializer.VarianceScaling(1, FanMode.FanIn, first), 48, 64, 0, Activation.Tanh),
            Drawn(Initializer.VarianceScaling(2, second, Distribution.Uniform), 24, 48, 0, Activation.ReLU),
            Drawn(Initializer.Normal(0.02), 10, 24, bias, Activation.Identity),
        ]);
    }

    private static Network Rescued(Network network) =>
        Enumerable
            .Range(0, network.Layers.Count)
            .Aggregate(
                network,
                (saved, l) =>
                {
                    Matrix<double> weights = network.Layers[l].Weights;
                    double variance = weights.Enumerate().Average(weight => weight * weight);
                    return saved.WithWeights(l, weights * Math.Sqrt(2.0 / weights.ColumnCount / variance));
                }
            );

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

    /// <summary>dJ/dw of the unit of notebook 06: the terms of some layers, of all unless said otherwise.</summary>
    private static double ThroughTime(double w, double b, int layers) => ThroughTime(w, b, layers, 1, layers);

    private static double ThroughTime(double w, double b, int layers, int first, int last)
    {
        Activation phi = Activation.Sigmoid;
        var z = new double[layers + 1];
        z[0] = 0.5;
        for (int l = 1; l <= layers; l++)
            z[l] = w * phi.Value(z[l - 1]) + b;
        double delta = 2 * (phi.Value(z[layers]) - 0.7) * phi.Derivative(z[layers]);
        double sum = 0;
        for (int l = layers; l >= 1; l--)
        {
            sum += l >= first && l <= last ? delta * phi.Value(z[l - 1]) : 0;
            delta *= w * phi.Derivative(z[l - 1]);
        }
        return sum;
    }

    private static double[] Limited(double[] g, double most) => [.. g.Select(x => x * Math.Min(1, most / Norm(g)))];

    private static IEnumerable<double> Normals(Random random) =>
        Initializer.Normal(1).Sample(1, 20_000, random).Enumerate();

    private static double Squared(double value) => value * value;

    private static double Norm(double[] g) => Math.Max(Math.Sqrt(g.Sum(x => x * x)), 1e-300);

    private static Matrix<double> He(double variance, int fanOut, int fanIn, Random random) =>
        Initializer.Normal(Math.Sqrt(variance)).Sample(fanOut, fanIn, random);

    private static void Solved(ExerciseResult result) => Assert.True(result.Passed, result.ToString());

    private static int NeverAwake(Matrix<double> weights, Vector<double> biases) =>
        (weights.PointwiseMaximum(0).RowSums() + biases).Count(z => z <= 0);

    private static Matrix<double> Centred(Matrix<double> sums) =>
        Matrix<double>.Build.DenseOfRowVectors(sums.EnumerateRows().Select(row => row - row.Average()));

    /// <summary>Batch normalization with the sum of squares divided by some less than their number.</summary>
    private static Matrix<double> Normalized(Matrix<double> sums, int less, double epsilon) =>
        Matrix<double>.Build.DenseOfRowVectors(
            Centred(sums).EnumerateRows().Select(row => row / Math.Sqrt(row * row / (row.Count - less) + epsilon))
        );

    private static Network Dead(
        Activation activation,
        Initializer rule,
        int seed,
        Normalization normalization = Normalization.None
    ) =>
        Network.Create(
            Sizes.Of(2, 16, 20, 1),
            activation,
            rule,
            seed,
            Initializer.Constant(-0.5),
            normalization: normalization
        );

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

    private static double Draw(Random random) => Initializer.Normal(1).Sample(1, 1, random)[0, 0];

    private static double Cut(Random random)
    {
        double z = Draw(random);
        while (Math.Abs(z) > 1)
            z = Draw(random);
        return z;
    }

    /// <summary>The mean square of a function of 250,000 normal numbers.</summary>
    private static double Mean(Func<double, double> f) =>
        Initializer.Normal(1).Sample(500, 500, new Random(2)).Enumerate().Average(z => f(z) * f(z));

    /// <summary>Looked up instead of measured.</summary>
    private static double Known(Activation phi) =>
        phi == Activation.ReLU ? 2
        : phi == Activation.Tanh ? 2.337
        : 2.272;

    private static Initializer[] Translated(
        double gain,
        Distribution shape = Distribution.Uniform,
        FanMode fan = FanMode.FanOut
    ) =>
        [
            Initializer.VarianceScaling(2 / 1.04, fan, shape),
            Initializer.VarianceScaling(gain, FanMode.FanAverage),
            Initializer.VarianceScaling(0.5, FanMode.FanAverage, Distribution.TruncatedNormal),
        ];

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
