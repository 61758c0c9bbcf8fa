namespace NotebookSupport.Tests;

public class FindingTests
{
    [Theory]
    [InlineData(new[] { 2.41, 1, 0.05 }, "falls from 2.41 to 0.05")]
    [InlineData(new[] { 0.1, 0.5, 0.9 }, "rises from 0.1 to 0.9")]
    [InlineData(new[] { 2.3, 2.3, 2.301 }, "stays at 2.3")]
    [InlineData(new[] { 1, 0.1, 5.0 }, "falls from 1 to 0.1 at 2 and rises to 5")]
    [InlineData(new[] { 1, 7, 0.5 }, "rises from 1 to 7 at 2 and falls to 0.5")]
    [InlineData(new[] { 3, 9.0, 0.1, 4 }, "starts at 3, is highest, 9 at 2, and lowest, 0.1 at 3, and ends at 4")]
    [InlineData(new[] { double.NaN, 2, double.PositiveInfinity, 1 }, "falls from 2 to 1")]
    [InlineData(new[] { double.NaN }, "has no finite value")]
    [InlineData(new[] { 4e-9 }, "is 4×10⁻⁹")]
    public void ATrendGoesFromTheStartToTheEnd(double[] y, string expected) =>
        Assert.Equal(expected, Finding.Trend([.. Enumerable.Range(1, y.Length).Select(i => (double)i)], y));

    [Fact]
    public void SeveralValuesAtOnePlaceCountByTheirMedianInTheOrderOfThePlaces() =>
        Assert.Equal("falls from 10 to 1", Finding.Trend([2, 2, 2, 1, 1, 1], [1, 0.5, 1.5, 10, 900, 9]));

    [Fact]
    public void OnALogarithmicAxisAFactorCounts()
    {
        double[] x = [1, 2, 3];
        Assert.Equal(
            "falls from 1 to 10⁻⁸ at 2 and rises to 10⁻⁴".Replace("10⁻⁴", "0.0001"),
            Finding.Trend(x, [1, 1e-8, 1e-4], log: true)
        );
        Assert.Equal("falls from 1 to 0.0001", Finding.Trend(x, [1, 1e-8, 1e-4]));
    }

    [Theory]
    [InlineData(new[] { 0.05, 2.3 }, " “zeros” ends highest, “He” ends lowest.")]
    [InlineData(new[] { 2.3, 2.31 }, " All end at about the same value.")]
    [InlineData(new[] { 2.3, double.NaN }, "")]
    public void ARankingNamesWhoEndsWhere(double[] ends, string expected) =>
        Assert.Equal(expected, Finding.Ranking([("He", ends[0]), ("zeros", ends[1])]));

    [Fact]
    public void NoneOfSeveralThatReadAlikeEndsHighest() =>
        Assert.Equal(" “LeCun” ends lowest.", Finding.Ranking([("He", 2.3), ("zeros", 2.3000001), ("LeCun", 0.05)]));

    [Fact]
    public void AMapSaysWhereItIsHighAndWhereLow() =>
        Assert.Equal(
            "highest, 1, for s 2, layers 4 to 8; lowest, 0.1, for s 1 to 3, layers 8",
            Finding.Map(
                "s",
                "layers",
                [1, 2, 3],
                [4, 8],
                [
                    [0.5, 1, double.NaN],
                    [0.1, 0.98, 0.11],
                ],
                Finding.Number
            )
        );

    private static readonly Series[] Twice =
    [
        Series.Measured("m", [1, 2], [2, 20]),
        Series.Measured("m", [1, 2], [3, 10]),
    ];

    private static Figure Heights(Func<double, string> title) =>
        Charts.Slider(
            "height:",
            [
                .. new[] { 1.0, 2 }.Select(h =>
                    (Finding.Number(h), Charts.Curves(title(h), "x", "y", [Series.Measured("a", [1, 2], [h, 2 * h])]))
                ),
            ],
            first: 1
        );

    [Fact]
    public void ChartsSayWhatTheyShowAndNotTheSmallestAndTheLargestNumber()
    {
        Dataset circles = Datasets.Circles(40);
        var options = new TrainingOptions
        {
            Steps = 300,
            LearningRate = 0.5,
            Snapshots = 4,
        };
        TrainingRun Run(Initializer rule) =>
            Trainer.Train(Network.Create([2, 4, 1], Activation.Tanh, rule, 1), circles, options);
        TrainingRun zeros = Run(Initializer.Zeros);
        TrainingRun glorot = Run(Initializer.GlorotNormal);
        Assert.Matches(
            @"^Loss during training\. Loss over 300 steps, logarithmic: Glorot falls from 0\.\d+ to 0\.\d+; zeros stays at 0\.693\. “Glorot” ends lowest\.$",
            Charts.LossCurves(("Glorot", glorot), ("zeros", zeros)).Description
        );
        Assert.Equal(
            "How far is each unit from the one most like it? Largest difference of a unit's weights from those of the unit most like it: exactly 0 at every step, for every unit.",
            Charts.UnitDistances(zeros).Description
        );
        Assert.Matches("units without a copy at the end: 4 of 4\\.$", Charts.UnitDistances(glorot).Description);
        Assert.Matches(
            @"^Decision boundaries on circles during training\. Glorot: \d+\s?% of the examples right at first, \d+\s?% at the end; zeros: .* “Glorot” ends highest, “zeros” ends lowest\.$",
            Charts.DecisionBoundaryReplay(circles, ("Glorot", glorot), ("zeros", zeros)).Description
        );
        Assert.Equal(
            "c. y over x, logarithmic: m falls from 100 to 1; t falls from 100 to 1.",
            Charts
                .Curves(
                    "c",
                    "x",
                    "y",
                    [Series.Measured("m", [1, 2, 3], [100, 10, 1]), Series.Theory("t", [1, 3], [100, 1])],
                    logY: true
                )
                .Description
        );
        Assert.Equal(
            "c. y over x: m rises from 2 to 20.",
            Charts.Curves("c", "x", "y", [Series.Measured("m", [1, 2], [1, 30]), .. Twice]).Description
        );
        Assert.Equal(
            "c. Buttons change “height” from 1 to 2. With 2: y over x: a rises from 2 to 4.",
            Heights(h => "c").Description
        );
        Assert.Equal(
            "Buttons change “height” from 1 to 2. With 2: c of 2. y over x: a rises from 2 to 4.",
            Heights(h => $"c of {h}").Description
        );
        Assert.Equal(
            "board. Means of accuracy, from the top: one 0.55; two 0.35.",
            Charts.Leaderboard("board", "accuracy", [("one", [0.5, 0.6]), ("two", [0.4, 0.3])]).Description
        );
        Assert.Equal(
            "sizes. Histograms of weight on a logarithmic axis: one has its median at 1 beside 33 % zeros; two has its median at 3.",
            Charts.MagnitudeHistograms("sizes", "weight", [("one", [0, 1e-5, 1]), ("two", [2, 3])]).Description
        );
    }
}
