using System.Net;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

public class ClaimTests
{
    public static TheoryData<int> Numbers => [.. Claims.All.Select(claim => claim.Number)];

    [Fact]
    public void AllTwentySixAreThere() =>
        Assert.Equal(Enumerable.Range(1, 26), Claims.All.Select(claim => claim.Number));

    [Fact]
    public void TheVerdictsAreCounted()
    {
        Assert.Equal(
            [(Verdict.Right, 11), (Verdict.Imprecise, 10), (Verdict.Wrong, 3), (Verdict.Damaged, 2)],
            Claims.Counts.Select(count => (count.Key, count.Value))
        );
        Assert.Equal(Claims.All.Count, Claims.Counts.Values.Sum());
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void EveryMeasurementAgreesWithTheCourse(int number) =>
        Assert.All(Claims.Show(number).Measurements, row => Assert.True(row.Agrees, row.ToString()));

    [Theory]
    [MemberData(nameof(Numbers))]
    public void TheMeasurementsBearTheVerdict(int number)
    {
        DecidedClaim decided = Claims.Show(number);
        if (decided.Claim.Verdict == Verdict.Right)
        {
            Assert.DoesNotContain(decided.Measurements, row => row.AgreesWithNote == false);
            Assert.Contains(decided.Measurements, row => row.AgreesWithNote == true);
        }
        else
            Assert.Contains(decided.Measurements, row => row.AgreesWithNote == false);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void SeedsAreThereWhereChanceEnters(int number)
    {
        DecidedClaim decided = Claims.Show(number);
        int seeds = decided.Claim.Draws ? 5 : 1;
        Assert.All(decided.Measurements, row => Assert.Equal(seeds, row.Measured.Count));
        if (!decided.Claim.Draws)
            Assert.Equal(
                decided.Measurements.Select(row => row.Measured[0]),
                decided.Claim.Experiment(7).Select(row => row.Measured[0])
            );
        Assert.Contains(
            decided.Claim.Draws ? ">measured, seeds 1 to 5</th>" : ">measured</th>",
            decided.ToHtml(),
            StringComparison.Ordinal
        );
    }

    /// <summary>For each claim a setting under which some of its rows have to disagree with the course.</summary>
    private static readonly (
        int Claim,
        string Change,
        int[] Rows,
        Func<IReadOnlyList<Measurement>> Changed
    )[] Mutations =
    [
        (1, "uneven classes and sigmoid", [1, 2], () => Claims.EqualUnits(Activation.Sigmoid, data: Uneven())),
        (1, "classes of equal size", [3], () => Claims.EqualUnits(uneven: Datasets.Circles())),
        (1, "random units", [4], () => Claims.EqualUnits(equal: Initializer.GlorotNormal)),
        (1, "two equal inputs", [5], () => Claims.EqualUnits(data: EqualInputs())),
        (1, "no learning", [3, 6], () => Claims.EqualUnits(learningRate: 0)),
        (2, "He for zeros", [1, 2, 7], () => Claims.NoBetterThanLinear(1, zeros: Initializer.HeNormal)),
        (2, "random for equal", [3, 4, 5], () => Claims.NoBetterThanLinear(1, equal: Initializer.Normal(3))),
        (2, "equal for random", [6], () => Claims.NoBetterThanLinear(1, random: Initializer.Constant(0.5))),
        (3, "large for small", [1], () => Claims.HowSmall(1, small: 20)),
        (3, "small for large", [2], () => Claims.HowSmall(1, large: 0.01)),
        (3, "other depths", [3, 4, 5], () => Claims.HowSmall(1, depths: [2, 1, 2])),
        (4, "the last weights stay", [1], () => Claims.ZeroBiases(1, lastWeights: 1)),
        (4, "zero weights", [2], () => Claims.ZeroBiases(1, rule: Initializer.Zeros)),
        (5, "twice the limit", [1, 2], () => Claims.UniformWeights(1, factor: 2)),
        (5, "zero weights", [3], () => Claims.UniformWeights(1, rule: Initializer.Zeros)),
        (6, "no learning", [1], () => Claims.TimeAndDepth(1, learningRate: 0)),
        (6, "twice the variance", [2, 3, 4], () => Claims.TimeAndDepth(1, factor: 2)),
        (7, "three times the scale", [1, 2, 3, 4], () => Claims.SigmoidAndTanh(1, scale: 3)),
        (7, "one layer", [5], () => Claims.SigmoidAndTanh(1, depth: 1)),
        (8, "identity for ReLU", [1, 2, 3], () => Claims.ReLUThroughDepth(1, Activation.Identity)),
        (9, "mean 0", [1], () => Claims.LargeWeights(1, mean: 0)),
        (9, "a fifth of the scale", [2, 3], () => Claims.LargeWeights(1, scale: 0.2)),
        (9, "a bias that saturates", [4], () => Claims.LargeWeights(1, wallBias: 0)),
        (
            9,
            "a bias that does not",
            [5],
            () => Claims.LargeWeights(1, otherBias: 0.5 - 5 * Activation.Sigmoid.Value(0.5))
        ),
        (10, "a small rate", [1], () => Claims.Explosions(1, oscillating: 0.4)),
        (10, "a rate below 1", [2], () => Claims.Explosions(1, overshooting: 0.9)),
        (10, "twofold for tenfold", [3, 4, 5], () => Claims.Explosions(1, growth: 2)),
        (10, "He for 4/n", [6], () => Claims.Explosions(1, large: 2)),
        (10, "4/n for He", [7], () => Claims.Explosions(1, he: 4)),
        (11, "He's scale", [1], () => Claims.Leaky(1, squaredScale: 2)),
        (11, "healthy for dead", [2, 4], () => Claims.Leaky(1, dead: false)),
        (11, "no leak", [3], () => Claims.Leaky(1, slope: 0)),
        (12, "twice the deviation", [1, 2, 3], () => Claims.DeviationNotVariance(1, factor: 2)),
        (13, "He for equal", [1], () => Claims.ScaleNotWeights(1, literal: Initializer.HeNormal)),
        (13, "equal for He", [2], () => Claims.ScaleNotWeights(1, random: Initializer.Constant(1))),
        (14, "nothing lost", [1, 2], () => Claims.DamagedCode(literal: Repaired)),
        (14, "real numbers", [3], () => Claims.DamagedCode(wholeNumbers: Repaired)),
        (14, "not repaired", [4, 5], () => Claims.DamagedCode(repaired: Broken)),
        (15, "twice the deviation", [1, 2, 3, 4, 5], () => Claims.LeCunAndGlorot(1, factor: 2)),
        (16, "the readings exchanged", [1, 2, 3, 4], () => Claims.ExceedsOrDropsBelow(1, exchanged: true)),
        (17, "a start at the minimum", [1], () => Claims.NormNotRegularization(1, start: 1)),
        (17, "no threshold", [2], () => Claims.NormNotRegularization(1, threshold: 1e300)),
        (18, "the norm for its square", [1, 2], () => Claims.TheFormula(1, exponent: 1)),
        (18, "no threshold", [3, 5], () => Claims.TheFormula(1, threshold: 1e300)),
        (18, "on the gradient", [4], () => Claims.TheFormula(1, onGradient: true)),
        (19, "normal for uniform", [1], () => Claims.UniformOrNormal(1, uniform: Initializer.Normal(0.01))),
        (19, "uniform for normal", [2], () => Claims.UniformOrNormal(1, normal: Initializer.Uniform(0.01))),
        (19, "three times the variance", [3], () => Claims.UniformOrNormal(1, normal: Initializer.Normal(0.01))),
        (20, "nothing lost", [1], () => Claims.InitializeParameters(scanned: Whole)),
        (20, "not repaired", [2, 4], () => Claims.InitializeParameters(repaired: OneMatrix)),
        (20, "no seed inside", [3], () => Claims.InitializeParameters(ownSeed: Whole)),
        (21, "random for zeros", [1, 2], () => Claims.DifferentUnits(1, zeros: Initializer.GlorotNormal)),
        (21, "zeros for random", [3], () => Claims.DifferentUnits(1, random: Initializer.Zeros)),
        (22, "zero weights too", [1, 2], () => Claims.ZeroOrRandomBiases(1, weights: Initializer.Zeros)),
        (23, "twice the variance", [1, 2], () => Claims.DeeperIsWorse(1, factor: 2)),
        (24, "small for He", [1], () => Claims.ScaledToTheActivation(1, scaled: Initializer.Normal(0.01))),
        (24, "He for small", [2], () => Claims.ScaledToTheActivation(1, small: Initializer.HeNormal)),
        (25, "small learning rates", [1], () => Claims.BoundedSteps(1, rates: [0.001])),
        (25, "no threshold", [2], () => Claims.BoundedSteps(1, threshold: 1e300)),
        (26, "twice the variance", [1, 2, 3, 4, 5], () => Claims.OneForTanhTwoForReLU(1, factor: 2)),
    ];

    public static TheoryData<string> Changes =>
        [.. Mutations.Select(mutation => FormattableString.Invariant($"{mutation.Claim}: {mutation.Change}"))];

    [Theory]
    [MemberData(nameof(Changes))]
    public void ARowDisagreesUnderAnotherSetting(string change)
    {
        (_, _, int[] rows, Func<IReadOnlyList<Measurement>> changed) = Mutations.Single(mutation =>
            change == FormattableString.Invariant($"{mutation.Claim}: {mutation.Change}")
        );
        IReadOnlyList<Measurement> measured = changed();
        Assert.All(rows, row => Assert.False(measured[row - 1].Agrees, measured[row - 1].ToString()));
    }

    [Fact]
    public void EveryRowCanFail() =>
        Assert.Equal(
            Claims.All.SelectMany(claim => claim.Experiment(1).Select((_, row) => (claim.Number, Row: row + 1))),
            Mutations.SelectMany(mutation => mutation.Rows, (mutation, row) => (mutation.Claim, row)).Distinct().Order()
        );

    [Theory]
    [InlineData(0.5, true)]
    [InlineData(0.51, false)]
    [InlineData(double.NaN, false)]
    public void APredictionAgreesWithinItsBounds(double measured, bool agrees) =>
        Assert.Equal(agrees, new Prediction(0.4, 0.5, "x").Agrees(measured));

    [Theory]
    [InlineData(true, 0.5, "✓ both", "the same")]
    [InlineData(true, 2, "✗ neither", "the same")]
    [InlineData(false, 0.5, "✓ the course, not the note", "exactly 0.5<br><small>why</small>")]
    [InlineData(false, 1, "✗ the note, not the course", "exactly 0.5<br><small>why</small>")]
    [InlineData(null, 0.5, "✓ the course; the note says nothing", "exactly 0.5<br><small>why</small>")]
    [InlineData(null, 1, "✗ not with the course", "exactly 0.5<br><small>why</small>")]
    public void ARowSaysWithWhomItAgrees(bool? noteIsRight, double measured, string agrees, string course)
    {
        var half = Prediction.Exactly(0.5, "why");
        Prediction? note = noteIsRight is { } right ? (right ? half : Prediction.Exactly(1)) : null;
        var decided = new DecidedClaim(Claims.All[0], [new Measurement("x", note, half, [measured])]);
        Assert.Equal(agrees[0] == '✓', decided.Holds);
        string card = WebUtility.HtmlDecode(decided.ToHtml());
        Assert.Contains($">{agrees}</td>", card, StringComparison.Ordinal);
        Assert.Contains($">{course}</td>", card, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void ManyMeasurementsAreFoldedUnderTheirCount(int count, bool isFolded)
    {
        var half = Prediction.Exactly(0.5);
        var decided = new DecidedClaim(
            Claims.All[0],
            [.. Enumerable.Range(0, count).Select(i => new Measurement($"x{i}", i == 0 ? half : null, half, [0.5]))]
        );
        const string Summary =
            "<details><summary>4 measurements: this course predicted 4 of 4 correctly, the note 1 of 1</summary><table";
        Assert.Equal(isFolded, decided.ToHtml().Contains(Summary, StringComparison.Ordinal));
        Assert.Equal(isFolded, decided.ToHtml().Contains("<details", StringComparison.Ordinal));
    }

    [Fact]
    public void ATolerancesReasonStandsOnTheCard()
    {
        string card = WebUtility.HtmlDecode(Claims.Show(2).ToHtml());
        Assert.Contains("two standard errors of a fraction of 400 points", card, StringComparison.Ordinal);
        Assert.DoesNotContain(".7138", card, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 0.5 }, "0.5")]
    [InlineData(new[] { 0.5, 0.5 }, "0.5 every time")]
    [InlineData(new[] { 0.12345, -1234.5678, 309 }, "0.123 · -1230 · 309")]
    [InlineData(new[] { 1.23456e-20, double.PositiveInfinity }, "1.23e-20 · ∞")]
    public void ValuesHaveThreeDigits(double[] values, string shown) =>
        Assert.Equal(shown, new Measurement("x", null, Prediction.Exactly(1), values).Values);

    [Fact]
    public void AClaimIsMeasuredOnceInASession() => Assert.Same(Claims.Show(5), Claims.Show(5));

    private static Dataset Uneven()
    {
        Dataset circles = Datasets.Circles();
        return new Dataset(
            "uneven",
            circles.Inputs.SubMatrix(0, 2, 0, 301),
            circles.Targets.SubMatrix(0, 1, 0, 301),
            circles.Loss
        );
    }

    private static Dataset EqualInputs()
    {
        Dataset circles = Datasets.Circles();
        Matrix<double> inputs = circles.Inputs;
        inputs.SetRow(1, inputs.Row(0));
        return new Dataset("equal inputs", inputs, circles.Targets, circles.Loss);
    }

    private static Matrix<double> Repaired(int size, int before) =>
        Initializer.HeNormal.Sample(size, before, new Random(1));

    private static Matrix<double> Broken(int size, int before) =>
        Matrix<double>.Build.Dense(size, size - 1, double.NaN);

    private static Dictionary<string, Matrix<double>> OneMatrix(IReadOnlyList<int> sizes, Random random) =>
        new() { ["W1"] = Matrix<double>.Build.Dense(sizes[1], sizes[0], 0.01) };

    private static IReadOnlyDictionary<string, Matrix<double>> Whole(IReadOnlyList<int> sizes, Random random) =>
        LectureNote.InitializeParameters(sizes, random);
}
