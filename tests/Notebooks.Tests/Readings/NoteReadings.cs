using System.Globalization;

namespace Notebooks.Tests.Readings;

/// <summary>What notebook 08 says of its figures and tables.</summary>
internal sealed class NoteReadings : LessonReadings
{
    private const string Repetitions = "unseen digits right, weights drawn by the note's function";
    private const string Draws = "two draws from one generator";
    private const string Repaired = "percent of unseen digits right";
    private const string Board = "in how many measurements";
    private const string Counted = "verdicts and measurements";
    private const string Parted = "where the note and the measurement part";
    private const string Rates = "% right at rates";
    private const string Leaderboard = "Each entry at its own best learning rate";
    private const string Pairs = "gap in percentage points";
    private const string Picture = "The deeper the network";
    private const string MapRates = "the best of the rates";
    private const string ByAdam = "twelve ReLU layers: % right";
    private const string Normalized = "Twelve ReLU layers: batch normalization";
    private const string BestByWidth = "the best rate of each width";

    private static readonly double[] Logs = [.. Enumerable.Range(-5, 11).Select(i => i / 4.0)];
    private static readonly double[] Depths = [4, 8, 12, 16];
    private static readonly string[] Rules = ["1/n", "2/n", "4/n", "orthogonal 1/n", "orthogonal 2/n"];

    public NoteReadings()
        : base("notebooks/08-the-note-on-trial.ipynb")
    {
        Function();
        Verdicts();
        Contest();
        OnePicture();
        Limits();
        Summary();
    }

    private void Function()
    {
        Derives(
            "This course took a short lecture note apart",
            "Here are its one faulty function, all verdicts on one board",
            "The note ends in a function that takes the sizes of the layers",
            "One run proves little"
        );
        SetsUp("one hidden layer of 32 tanh units", "NoteParameters([64, 32, 10])", "Activation.Tanh");
        SetsUp("on three quarters of the handwritten digits", "digits.Split(0.75, 1)");
        SetsUp("so we repeat the whole experiment five times", "int[] seeds = [1, 2, 3, 4, 5];", "seeds.Select(_ =>");
        Says(
            "Five times the same number, to the last digit",
            () => Assert.Single(Table(Repetitions).Words("percent right").Distinct())
        );
        Says(
            "That is no sign of a wonderfully reliable method",
            () => Assert.NotEqual(0, Spread("generator handed in"))
        );
        SetsUp("the generator is made inside, always from the same seed", "var random = new Random(1);");
        Derives(
            "So the five networks are one network, and the five repetitions are one run",
            "A spread of exactly 0 between repetitions",
            "In the printed font the letter l and the digit 1 look alike",
            "every turn of the loop writes the same name, so one matrix is left",
            "With the index restored, there are three, as meant",
            "What remains of the function is worth a list",
            "one matrix instead of one per layer",
            "every network is the same: the one real fault",
            "not at equal variance (claim 19)",
            "with several hidden layers it does (claims 3 and 24)"
        );
        Says(
            "There is a matrix for each layer, of units times inputs",
            () =>
            {
                Assert.Equal(["W1", "b1", "W2", "b2", "W3", "b3"], Table(Draws).Words("key"));
                Assert.Equal([32, 32, 32, 32, 10, 10], Table(Draws).Column("rows"));
                Assert.Equal([64, 1, 32, 1, 32, 1], Table(Draws).Column("columns"));
            }
        );
        Says(
            "The variances times the fan-in are near He's 2, the biases are 0, and the second network has other weights than the first",
            () =>
            {
                double[] variances = Table(Draws).Column("variance times fan in");
                string[] same = Table(Draws).Words("same the second time");
                for (int i = 0; i < 6; i++)
                    if (i % 2 == 0)
                    {
                        // Five standard errors of the smallest matrix, of 320 weights.
                        Assert.Equal(2, variances[i], 2 * 5 * Math.Sqrt(2.0 / 320));
                        Assert.Equal("no", same[i]);
                    }
                    else
                        Assert.Equal(0, variances[i]);
            }
        );
        Says(
            "the best and the worst are two points apart",
            () =>
            {
                Assert.Equal(2, Spread("generator handed in"), 0.5);
                Assert.Equal(0, Spread("seed inside"));
            }
        );
        Derives("If you ran two rules once each and one were two points ahead", "or else all its networks are one");
    }

    private double Spread(string column) => Table(Repaired).Column(column).Max() - Table(Repaired).Column(column).Min();

    private void Verdicts()
    {
        Says("Here are all 26 claims", () => Assert.Equal(26, Table(Board).Column("claim").Length));
        SetsUp("Each claim is measured again while you wait", "Claims.Show(claim.Number)");
        Derives(
            "First a word on who wrote what",
            "and we wrote down what it then predicts",
            "the note's column has only those of which it says something"
        );
        Says(
            "About two thirds of what the note predicts comes out",
            () =>
                Assert.Equal(
                    2.0 / 3,
                    Table(Counted)["number", "where the note is right"]
                        / Table(Counted)["number", "of them with a prediction of the note"],
                    0.05
                )
        );
        Says(
            "That the course is right in all of them is less impressive than it looks",
            () => Assert.All(Table(Board).Words("course is right in"), AreEqual)
        );
        Derives(
            "Each prediction has a tolerance with a reason",
            "More interesting is where the note and the measurements part",
            "here is the first measurement that comes out otherwise"
        );
        Says(
            "No right claim is in this list, and every other claim is",
            () =>
                Assert.Equal(
                    Table(Board)
                        .Words("claim")
                        .Zip(Table(Board).Words("verdict"))
                        .Where(one => one.Second != "Right")
                        .Select(one => one.First),
                    Table(Parted).Words("claim")
                )
        );
        Says(
            "Claims 6, 8 and 9 lack a condition: they hold at one scale and fail at another",
            () =>
                // Some measurements come out as the note predicts, and some do not.
                Assert.All(
                    (string[])["6", "8", "9"],
                    claim =>
                    {
                        string[] both = Table(Board)
                            .Words("note is right in")[Array.IndexOf(Table(Board).Words("claim"), claim)]
                            .Split(" of ");
                        Assert.NotEqual("0", both[0]);
                        Assert.NotEqual(both[1], both[0]);
                    }
                )
        );
        Derives(
            "Claim 11 takes dying for vanishing",
            "Claims 12, 13, 17 and 18 have a wrong word or a wrong object",
            "Claims 16 and 19 contradict themselves, and claim 4 is right for a wrong reason",
            "1, 2, 4, 21, 22 |",
            "3, 5, 19 |",
            "7, 8, 9, 23 |",
            "12 to 15, 24, 26 |",
            "6, 10, 11 |",
            "16, 17, 18, 25 |",
            "20 | this one"
        );
        Says(
            "The note's six plain pieces of advice (claims 21 to 26) all stand",
            () => Assert.All(Table(Board).Words("verdict")[20..], verdict => Assert.Equal("Right", verdict))
        );
        Derives("The measurements disagree with its reasons, words and conditions");
    }

    private static void AreEqual(string count)
    {
        string[] both = count.Split(" of ");
        Assert.Equal(both[1], both[0]);
    }

    private void Contest()
    {
        Derives("A contest is easily unfair");
        SetsUp(
            "has 32 units per hidden layer, and trains for 150 steps of 16 digits, by gradient descent",
            "Sizes.Of(64, hidden: 32, depth, outputs: 10)",
            "Steps = 150, BatchSize = 16",
            "Optimizer.GradientDescent"
        );
        SetsUp("Each pixel is standardized", "Standardization.Of(train)");
        SetsUp(
            "The first and the last layer are drawn by LeCun's rule for everybody",
            "(rows == columns ? rule : Initializer.LeCunNormal)"
        );
        SetsUp("The entries differ between the hidden layers only", "(rows == columns ? rule");
        SetsUp("A quarter is for choosing the rate, and the last quarter for reporting", "rest.Split(0.5, seed)");
        Derives(
            "There fan-in and fan-out are equal, so Glorot's rule is LeCun's",
            "**ReLU, ten layers.**",
            "**ReLU, ten layers, 4/n.**",
            "**Orthogonal, ten layers.**",
            "**Three layers, ReLU.**"
        );
        SetsUp("Each entry may choose its own learning rate out of five", "[0.005, 0.02, 0.08, 0.3, 1.2]");
        SetsUp(
            "Half of the digits are for training",
            "digits.Split(0.5, seed)",
            "rest.Split(0.5, seed)",
            "rate.Select(t => t.Choose)"
        );
        Derives("To choose and to report on the same digits would flatter everybody");
        SetsUp("Five seeds, each with its own split of the digits", "seeds.ToDictionary(seed => seed, Parts)");
        SetsUp("In one seed all entries see the same digits", "parts[seed].Train");
        SetsUp("The parts of the digits are drawn once per seed", "seeds.ToDictionary(seed => seed, Parts)");
        SetsUp("a training that diverges scores 0", "end.DivergedAt is not null ? (rate, 0, 0)");
        SetsUp(
            "The entries are all pairs of a rule and an activation, with three and with ten hidden layers",
            "from depth in new[] { 3, 10 }"
        );
        SetsUp("times 1 or times $\\sqrt 2$", "Initializer.Orthogonal(Math.Sqrt(2))");
        SetsUp("picks, of all that an entry tried, the learning rate with the highest median", ".MaxBy(rate =>");
        SetsUp("Each number is a median over the five seeds, on the digits for choosing", ".Select(t => t.Choose)");
        Says(
            "The best rate lies inside the range for every entry, except for the two that learn nothing at any rate: 0.01 with ten layers",
            () =>
            {
                (string Network, string Rule, double Best)[] rows = [.. BestRates()];
                Assert.All(
                    rows,
                    row => Assert.Equal(row.Rule == "0.01" && row.Network.Contains("10"), row.Best is 0.005 or 1.2)
                );
                foreach (string rate in RateNames)
                foreach (string network in (string[])["tanh, 10 layers", "ReLU, 10 layers"])
                    Assert.InRange(Table(Rates)[rate, network, "0.01"], 0, 15);
            }
        );
        Says(
            "the best rates of the rules that learn differ by up to a factor of 15",
            () =>
                Assert.Equal(
                    15,
                    BestRates()
                        .Where(row => row.Rule != "0.01")
                        .GroupBy(row => row.Network)
                        .Max(group => group.Max(row => row.Best) / group.Min(row => row.Best)),
                    1e-9
                )
        );
        Derives(
            "A contest at one common rate would have been a contest of rates",
            "Now each entry at its best rate, on the digits for reporting",
            "The two that learn nothing are left out"
        );
        Says(
            "With three layers and tanh, all five rules but 0.01 end within one point of each other, in the mean",
            () =>
            {
                double[] means = [.. Rules.Select(rule => Mean(rule, "tanh", 3))];
                Assert.InRange(means.Max() - means.Min(), 0, 1);
            }
        );
        Says(
            "With ten layers and ReLU, the means of these five run from 30 to 78",
            () =>
            {
                double[] means = [.. Rules.Select(rule => Mean(rule, "ReLU", 10))];
                Assert.Equal(30, means.Min(), 0.5);
                Assert.Equal(78, means.Max(), 0.5);
            }
        );
        Says(
            "So with few layers the rule is of little importance, as long as it is not tiny, and with many it decides",
            () =>
                Assert.All(
                    (string[])["tanh", "ReLU"],
                    phi =>
                    {
                        double Range(int depth) =>
                            Rules.Max(rule => Mean(rule, phi, depth)) - Rules.Min(rule => Mean(rule, phi, depth));
                        Assert.True(Range(10) > 3 * Range(3) || Range(10) > 7.5, $"{phi}: {Range(3)}, {Range(10)}");
                        Assert.True(Mean("0.01", phi, 3) < Rules.Min(rule => Mean(rule, phi, 3)));
                    }
                )
        );
        Says(
            "with ten layers its worst rule, 0.01 aside, is ahead of ReLU's best",
            () => Assert.True(Rules.Min(rule => Mean(rule, "tanh", 10)) > Rules.Max(rule => Mean(rule, "ReLU", 10)))
        );
        Derives(
            "Can a gap of a point be trusted?",
            "Since all entries of one seed saw the same digits",
            "If two rules were equally good, each seed would be a toss of a coin",
            "So of 16 comparisons, one would look like that by luck alone"
        );
        Says("Here are 16", () => Assert.Equal(16, Table(Pairs).Column("layers").Length));
        Says(
            "Half of the 16 rows have one side ahead in all five seeds",
            () =>
                Assert.Equal(
                    8,
                    Table(Pairs)
                        .Column("ahead in")
                        .Zip(Table(Pairs).Column("behind in"), Math.Max)
                        .Count(ahead => ahead == 5)
                )
        );
        Derives("Luck would give one, so most of them are real");
        Says(
            "He's rule is ahead of LeCun's in every seed, by 37 points in the median",
            () => Gap("2/n", "1/n", "ReLU", 10, 37, 5)
        );
        Derives("A 1 is too small there");
        Says(
            "It is ahead of He's in two seeds, at a quarter of the learning rate",
            () =>
            {
                Assert.Equal(2, Table(Pairs)["behind in", "2/n", "4/n", "ReLU", "10"]);
                Assert.Equal(3, Table(Pairs)["ahead in", "2/n", "4/n", "ReLU", "10"]);
                Assert.Equal(4, BestRate("ReLU, 10 layers", "2/n") / BestRate("ReLU, 10 layers", "4/n"), 1e-9);
            }
        );
        Derives("Five seeds do not tell the two apart");
        Says(
            "at 0.08 the medians on the digits for choosing are 24 points apart",
            () =>
                Assert.Equal(
                    24,
                    Table(Rates)["middle", "ReLU, 10 layers", "2/n"] - Table(Rates)["middle", "ReLU, 10 layers", "4/n"],
                    0.5
                )
        );
        Says(
            "He's rule is ahead of LeCun's in all five seeds, with three layers and with ten, but by 1.3 points at most in the median",
            () =>
            {
                Assert.Equal(5, Table(Pairs)["ahead in", "2/n", "1/n", "tanh", "3"]);
                Gap("2/n", "1/n", "tanh", 10, 1.3, 5, 0.05);
                Assert.InRange(Table(Pairs)["median gap", "2/n", "1/n", "tanh", "3"], 0, 1.3);
            }
        );
        Derives("So \"LeCun for tanh\" is a derivation at small $z$");
        Says(
            "With tanh it is ahead of normal weights of the same variance in all five seeds, by three points, and with ReLU and $2/n$ by twelve",
            () =>
            {
                Gap("2/n", "orthogonal 2/n", "tanh", 10, -3, -5);
                Gap("1/n", "orthogonal 1/n", "tanh", 10, -3, -5);
                Gap("2/n", "orthogonal 2/n", "ReLU", 10, -12, -5);
            }
        );
        Says(
            "With ReLU and $1/n$ it is not ahead in all five",
            () =>
            {
                Assert.InRange(Table(Pairs)["behind in", "1/n", "orthogonal 1/n", "ReLU", "10"], 0, 4);
                Assert.InRange(Mean("orthogonal 1/n", "ReLU", 10), 0, 40);
            }
        );
        Says(
            "LeCun's rule is ahead of He's in all five seeds",
            () => Assert.Equal(5, Table(Pairs)["behind in", "2/n", "1/n", "ReLU", "3"])
        );
        Says(
            "One of He's five ends at 59 %: at its rate of 0.3 it is close to what it bears, for at 1.2 it diverges",
            () =>
            {
                Assert.Equal(59, Seeds("2/n", "ReLU", 3).Min(), 0.5);
                Assert.Equal(0.3, BestRate("ReLU, 3 layers", "2/n"));
                Assert.Equal(0, Table(Rates)["fastest", "ReLU, 3 layers", "2/n"]);
            }
        );
        Derives("Few layers hardly ask for a rule, many do; and a gap of a point needs more than five seeds");
    }

    private static readonly string[] RateNames = ["slowest", "slow", "middle", "fast", "fastest"];

    private IEnumerable<(string Network, string Rule, double Best)> BestRates() =>
        Table(Rates).Words("network").Zip(Table(Rates).Words("rule"), Table(Rates).Column("best rate"));

    private double BestRate(string network, string rule) =>
        BestRates().Single(row => row.Network == network && row.Rule == rule).Best;

    private int Place(string rule, string phi, int depth) =>
        Array.FindIndex(
            Figure(Leaderboard).Rows,
            row => row.StartsWith($"{rule}, {phi}, {depth} layers,", StringComparison.Ordinal)
        );

    private double Mean(string rule, string phi, int depth) => Figure(Leaderboard)["mean"].X[Place(rule, phi, depth)];

    private double[] Seeds(string rule, string phi, int depth)
    {
        ShownSeries seeds = Figure(Leaderboard)["seeds"];
        double place = Figure(Leaderboard)["mean"].Y[Place(rule, phi, depth)];
        double[] all = [.. seeds.X.Where((_, i) => seeds.Y[i] == place)];
        Assert.Equal(5, all.Length);
        return all;
    }

    /// <summary>The median gap of two rules; in how many seeds the first is ahead, below 0 the second.</summary>
    private void Gap(string rule, string other, string phi, int depth, double gap, int seeds, double tolerance = 0.5)
    {
        string[] row = [rule, other, phi, depth.ToString(CultureInfo.InvariantCulture)];
        Assert.Equal(gap, Table(Pairs)["median gap", row], tolerance);
        Assert.Equal(Math.Abs(seeds), Table(Pairs)[seeds > 0 ? "ahead in" : "behind in", row]);
    }

    private void OnePicture()
    {
        SetsUp("All networks have ReLU units", "Activation.ReLU, depth, seed");
        Derives(
            "between the hidden layers their weights have the variance $s^2/n$",
            "So $s = 1$ is LeCun's rule and $s = \\sqrt 2$ He's",
            "From one hidden layer to the next, the mean square of the signal changes by $s^2/2$",
            "and so does the mean square of every weight gradient",
            "We draw where that is a thousandth",
            "how the two lines bend with the depth is theory",
            "0 is LeCun's rule and 0.5 is He's, and each column is a step of 19 % in $s$"
        );
        SetsUp(
            "Each of the 44 places has three learning rates and five seeds",
            "Enumerable.Range(-5, 11)",
            "double[] depths = [4, 8, 12, 16];",
            "double[] small = [0.01, 0.03, 0.1];"
        );
        SetsUp(
            "The colour is the median of the five seeds, each place at its best rate",
            "Median(chosen[(x, depth)].Reports)"
        );
        Says(
            "With four layers every scale of the map learns something, and from $s = 1$ on the medians lie between 89 and 94 %",
            () =>
            {
                Assert.All(Logs, x => Assert.InRange(At(x, 4), 30, 100));
                Assert.All(Logs.Where(x => x >= 0), x => Assert.InRange(At(x, 4), 89, 94));
            }
        );
        Says(
            "With sixteen, two columns are left above 30 %: He's and the one to its right",
            () => Assert.Equal([0.5, 0.75], Logs.Where(x => At(x, 16) > 30))
        );
        Says(
            "The best column is never more than two steps from He's line, on either side",
            () => Assert.All(Depths, depth => Assert.InRange(Logs.MaxBy(x => At(x, depth)), 0, 1))
        );
        Says(
            "Left of the line of a thousandth, no median reaches a half",
            () =>
            {
                (double X, double Depth)[] left = [.. Places().Where(at => at.X < Line("a thousandth", at.Depth))];
                Assert.NotEmpty(left);
                Assert.All(left, at => Assert.InRange(At(at.X, at.Depth), 0, 50));
            }
        );
        Derives("So on this side the line is a limit, and what lies right of it need not learn");
        Says(
            "with eight layers, the rightmost column has 73 %, beyond a thousandfold",
            () =>
            {
                Assert.True(Logs[^1] > Line("a thousandfold", 8));
                Assert.Equal(73, At(Logs[^1], 8), 0.5);
            }
        );
        Derives("A gradient that is too large can be met with a smaller learning rate");
        Says(
            "there the two rightmost columns are lost",
            () => Assert.All(Logs[^2..], x => Assert.InRange(At(x, 16), 0, 10))
        );
        SetsUp("Places that get less than 15 % right have none", "< 15\n    ? \"none\"");
        Says(
            "Left of He's scale, 1.414, the best rate is 0.1 wherever something is learnt",
            () =>
            {
                string[] left = [.. DepthNames.SelectMany(depth => Table(MapRates).Words(depth)[..7])];
                Assert.True(left.Count(rate => rate == "0.1") > 10);
                Assert.All(left, rate => Assert.Contains(rate, (string[])["0.1", "none"]));
            }
        );
        Says(
            "Right of it, from eight layers on, the best rate falls, to 0.01 in the end",
            () =>
            {
                foreach (string depth in DepthNames[1..])
                {
                    double[] right =
                    [
                        .. Table(MapRates)
                            .Words(depth)[7..]
                            .Where(rate => rate != "none")
                            .Select(rate => double.Parse(rate, CultureInfo.InvariantCulture)),
                    ];
                    Assert.Equal(right.OrderDescending(), right);
                    Assert.Equal(0.01, right[^1]);
                    Assert.True(right[0] > right[^1]);
                }
            }
        );
        Says(
            "less than a seventh of the smallest scale here",
            () => Assert.InRange(0.01 * Math.Sqrt(32) / Math.Pow(2, Logs[0]), 0, 1.0 / 7)
        );
        Derives("A factor per layer, close to 1, and the deeper the network, the closer");
    }

    private static readonly string[] DepthNames = ["four layers", "eight layers", "twelve layers", "sixteen layers"];

    private IEnumerable<(double X, double Depth)> Places() => from depth in Depths from x in Logs select (x, depth);

    private double At(double x, double depth) => Figure(Picture).Cell(x, depth);

    private double Line(string name, double depth)
    {
        ShownSeries line = Figure(Picture).Series.First(series => series.Name == name);
        return line.X[Array.IndexOf(line.Y, depth)];
    }

    private void Limits()
    {
        Derives("All of this was gradient descent", "so a small gradient need not mean a small step");
        SetsUp(
            "We take the row of twelve layers, five of its scales, and give Adam three learning rates of its own",
            "double[] wide = [-1, -0.5, 0, 0.5, 1];",
            "Scaled(e.x, 12, seed, normalization)",
            "Across([0.001, 0.003, 0.01], Optimizer.Adam()"
        );
        Says(
            "Adam is ahead at all five scales, in all five seeds",
            () => Assert.Equal([5, 5, 5, 5, 5], Table(ByAdam).Column("adam ahead in"))
        );
        Says(
            "But its medians run from 37 to 80 %, with the peak at He's scale, as gradient descent has it among these five",
            () =>
            {
                double[] adam = Table(ByAdam).Column("adam");
                Assert.Equal(37, adam.Min(), 0.5);
                Assert.Equal(80, adam.Max(), 0.5);
                Assert.Equal(3, Array.IndexOf(adam, adam.Max()));
                double[] plain = Table(ByAdam).Column("gradient descent");
                Assert.Equal(3, Array.IndexOf(plain, plain.Max()));
                Assert.Equal(Math.Sqrt(2), Table(ByAdam).Column("scale")[3], 0.001);
            }
        );
        Derives(
            "Adam hides a wrong scale for some tens of layers",
            "Adam accepts more scales, and He's is the best of the five for both",
            "Multiply all weights of a layer by a number",
            "the same step is long beside small weights and short beside large ones"
        );
        SetsUp("Each scale chooses its own rate out of three", "Across([0.03, 0.1, 0.3], null, Normalization.Batch)");
        Says(
            "The medians with batch normalization lie within nine points of each other, where those of Adam and of gradient descent differ by more than 40",
            () =>
            {
                Assert.InRange(Range(Medians("batch normalization")), 8, 9);
                Assert.InRange(Range(Medians("Adam")), 40, 100);
                Assert.InRange(Range(Medians("gradient descent")), 40, 100);
            }
        );
        Derives("So normalization takes the scale over, as derived");
        Says(
            "It is not the best at every scale: at $s = \\sqrt 2$, Adam's median is four points higher",
            () => Assert.Equal(4, Medians("Adam")[3] - Medians("batch normalization")[3], 0.5)
        );
        Derives(
            "(notebook 05) subtracts from each pre-activation its mean over the batch",
            "As always, $\\delta$ is the signal gradient and $a$ an activation of the hidden layer",
            "counts these powers of $n$ and repairs them layer by layer",
            "notebook 05 showed: equal units stay equal",
            "the scale of the weights becomes a matter of the learning rate",
            "How large may a step be",
            "Take one hidden layer of $n$ units",
            "The output adds up $n$ such changes",
            "To keep the output's change level, $\\eta$ must fall as $1/n$",
            "the units hardly move: in very wide networks the first layer stops learning",
            "contains one weight of the last layer, of size $1/\\sqrt n$",
            "Compared with a network that is $\\gamma$",
            "Now the output changes by the same amount at every width, and so does every unit",
            "multiplies the learning rate of each layer"
        );
        SetsUp(
            "64 digits and the mean squared error, 30 steps of gradient descent",
            "digits.Split(64.0 / digits.Count, 1)",
            "Loss.MeanSquaredError",
            "Steps = 30"
        );
        SetsUp("Both parametrizations are the same at width 32", "double gamma = mu ? width / 32.0 : 1;");
        Derives("a loss near 0.09 is what you get by answering one tenth to each of the ten classes");
        SetsUp("Each point is a median of five seeds", "Loss: Median(t.Select(run => run.Result))");
        Says(
            "The minima of the standard parametrization do not stay",
            () => Assert.NotEqual(BestAt("standard", 128), BestAt("standard", 512))
        );
        Says(
            "Those of mu, by the buttons, nearly do",
            () => Assert.InRange(BestAt("mu", 512) / BestAt("mu", 32), 1, 2)
        );
        Says(
            "From width 128 to width 512 the standard best rate falls to a quarter, as $1/n$ says",
            () =>
            {
                Assert.Equal(0.25, BestAt("standard", 512) / BestAt("standard", 128), 1e-9);
                // The minimum is not at an end of the rates.
                Assert.All((int[])[32, 128, 512], width => Assert.InRange(BestAt("standard", width), 0.03, 2));
            }
        );
        Says(
            "From 32 to 128 it does not move yet",
            () => Assert.Equal(BestAt("standard", 32), BestAt("standard", 128))
        );
        Derives("the law is one of wide networks, and 32 is not wide");
        Says(
            "it doubles from width 32 to width 128",
            () => Assert.Equal(2, BestAt("mu", 128) / BestAt("mu", 32), 1e-9)
        );
        Says(
            "Then it stays, within our steps of a factor of two, where the standard one falls to a quarter",
            () => Assert.Equal(BestAt("mu", 128), BestAt("mu", 512))
        );
        Says(
            "the network of width 512 ends higher than that of width 128, each at its best rate",
            () => Assert.True(LossAt("standard", 512) > LossAt("standard", 128))
        );
        Says(
            "ends at 0.027 in the mu parametrization, where the best is 0.022, and at 0.079 in the standard one, where the best is 0.046",
            () =>
            {
                Assert.Equal(0.5, BestAt("standard", 32));
                Assert.Equal(0.027, Table(BestByWidth)["loss at one half", "mu", "512"], 0.0005);
                Assert.Equal(0.022, LossAt("mu", 512), 0.0005);
                Assert.Equal(0.079, Table(BestByWidth)["loss at one half", "standard", "512"], 0.0005);
                Assert.Equal(0.046, LossAt("standard", 512), 0.0005);
            }
        );
        Derives("There is a second difference, which matters more in practice", "Only the four depths were measured");
        Says(
            "In the mu parametrization, wider is better at both steps",
            () => Assert.True(LossAt("mu", 32) > LossAt("mu", 128) && LossAt("mu", 128) > LossAt("mu", 512))
        );
        Derives(
            "This is one small task, one hidden layer and gradient descent",
            "where the powers of the width are others",
            "An initialization that ignores the learning rate is half of the story"
        );
    }

    private double[] Medians(string name)
    {
        ShownSeries all = Figure(Normalized)[name];
        return [.. all.X.Distinct().Order().Select(x => all.Y.Where((_, i) => all.X[i] == x).Order().ElementAt(2))];
    }

    private static double Range(double[] values) => values.Max() - values.Min();

    private double BestAt(string kind, int width) =>
        Table(BestByWidth)["best rate", kind, width.ToString(CultureInfo.InvariantCulture)];

    private double LossAt(string kind, int width) =>
        Table(BestByWidth)["loss", kind, width.ToString(CultureInfo.InvariantCulture)];

    private void Summary()
    {
        Derives(
            "you have their experiments in your hands",
            "with a table of the powers of the width for each kind of layer",
            "Szegedy, *Batch Normalization*, 2015",
            "Hinton, *Layer Normalization*, 2016",
            "*Understanding the Difficulty of Training Transformers*, 2020",
            "Must weights be random? | Units that start equal stay equal",
            "Random ones differ from the start",
            "Healthy slopes do not help",
            "For tanh, rules of $1/n$ and $2/n$ are close",
            "What if it fails? | Ask forward, slopes, units, backward, layer by layer",
            "It hardly changed the best result",
            "Orthogonal weights help at the right scale",
            "Does Adam replace the scale? | No",
            "A plateau lasts $1/\\varepsilon^{H-1}$ with gradient descent",
            "With ReLU the mean square of signal and signal gradient changes by $s^2/2$ per layer",
            "He's for ReLU, where depth makes it matter",
            "It stopped every divergence that we tried",
            "The closer $\\chi$ is to 1, the deeper",
            "It accepts more scales, and of the five tried He's is the best for both",
            "It takes over the scale, not the symmetry",
            "The best learning rate depends on it, unless the parametrization takes care of that",
            "Before: [07"
        );
    }
}
