using NotebookSupport;

namespace Notebooks.Tests.Readings;

/// <summary>What notebook 07 says of its figures and tables.</summary>
internal sealed class ChaosReadings : LessonReadings
{
    private const string Pairs = "Order makes strangers one";
    private const string Circle = "The image of a circle in layer";
    private const string Thread = "The image of the circle grows or shrinks";
    private const string Lengths = "Both lengths settle";
    private const string Correlations = "From one layer to the next";
    private const string Small = "A small difference changes by χ per layer";
    private const string Slopes = "tanh, s_b = 0.3: fixed point of κ";
    private const string Scales = "Only the correlation remembers for long";
    private const string Fit = "the multiple that fits best";
    private const string Spectra = "singular values of a product";
    private const string Linear = "Fifty linear layers";
    private const string Variances = "variance of the pre-activations in layers 1 and 12";
    private const string ReLUs = "Twelve ReLU layers";
    private const string Grown = "growth of the mean square of the activations over fifty blocks";
    private const string Deep = "101 hidden layers";
    private const string Spread = "He's rule, ReLU: ln of";

    private static readonly string[] Rules = ["He", "orthogonal, gain √2", "LSUV"];

    private static readonly double Critical = MeanField.CriticalScale(Activation.Tanh, 0.3);

    public ChaosReadings()
        : base("notebooks/07-edge-of-chaos.ipynb")
    {
        Derives("A deep network at its start either makes all inputs alike", "Between the two lies a line");
        SetsUp(
            "Two inputs go through thirty layers of 200 tanh units",
            "Sizes.Of(200, hidden: 200, depth, outputs: 1), Activation.Tanh",
            "int depth = 30"
        );
        Derives("Their correlation is the cosine of the angle");
        SetsUp(
            "Neighbours start with the correlation 0.99, strangers with 0",
            "Pairs(\"neighbours, s = 0.9\", 0.9, 0.99), Pairs(\"strangers, s = 0.9\", 0.9, 0)"
        );
        SetsUp("Nothing is trained", ".Signals(inputs).Take(depth)");
        SetsUp(
            "Each point is one of five networks; every second layer is drawn",
            "int[] seeds = [1, 2, 3, 4, 5];",
            "point.l % 2 == 0"
        );
        Says(
            "both pairs have become one by layer 30",
            () => Assert.All(At(Pairs, 30, "s = 0.9"), k => Assert.InRange(k, 0.9999, 1))
        );
        Says(
            "neighbours have fallen from 0.99 to between 0.1 and 0.5",
            () => Assert.All(At(Pairs, 30, "neighbours, s = 2.5"), k => Assert.InRange(k, 0.1, 0.5))
        );
        Says(
            "where their points mix with those of the strangers",
            () => Assert.True(At(Pairs, 30, "strangers, s = 2.5").Max() > At(Pairs, 30, "neighbours, s = 2.5").Min())
        );
        Derives("What the last layer cannot tell apart, no training of that layer brings back");
        Says(
            "A random deep network forgets how alike two inputs were",
            () =>
            {
                Assert.All(At(Pairs, 30, "s = 0.9"), k => Assert.InRange(k, 0.9999, 1));
                Assert.All(At(Pairs, 30, "s = 2.5"), k => Assert.InRange(k, -0.5, 0.5));
            }
        );
        SetsUp(
            "100 points in a plane of the input space",
            "Through(0.9, 12, 1, Circle(0.9, 100))",
            "u => Math.Round(u[0], 2), u => Math.Round(u[1], 2)"
        );
        SetsUp("The figure opens in layer 5", "first: 2)");
        Says(
            "At $s = 0.9$ the circle shrinks towards a point",
            () => Assert.InRange(Width("12", "s = 0.9") / Width("1", "s = 0.9"), 0, 0.3)
        );
        Derives("At 2.5 its points keep their length");
        SetsUp(
            "in three networks, and compare it with the factor $\\chi$",
            "seeds[..3].SelectMany(seed => twelve.Zip("
        );
        Says("The points follow the law within a factor of 1.3, nothing fitted", () => Follows(Thread, 1, 12, 1.3));
        Derives(
            "So the $\\chi$ that multiplies squared signal gradients",
            "That is no accident, and the next sections derive it"
        );
        Says(
            "Below the critical scale the image of a circle shrinks to a point, above it folds, by a factor of $\\sqrt\\chi$ per layer",
            () => Follows(Thread, 1, 12, 1.3)
        );
        Derives("Notebook 03 found $q_{l+1}");
        SetsUp(
            "Two inputs, one far too small and one far too large, at $s = 2.5$",
            "q => NextLength(q, 2.5), 8, 0.1, 8)"
        );
        Says(
            "Both stairs lead to the crossing with the diagonal",
            () =>
            {
                Assert.Equal(Figure(Lengths)["from 0.1"].Last, Figure(Lengths)["from 8"].Last, 0.01);
                Assert.Equal(Figure(Lengths)["from 8"].Last, Figure(Lengths)["from 8"].Y[^3], 0.01);
            }
        );
        Derives(
            "what does the next layer do to the correlation of $z$ and $\\tilde z$",
            "Step 1:",
            "Both are sums over the same weights",
            "Numbers are called jointly normal",
            "Step 2: make such a pair",
            "Take two independent standard normal numbers",
            "Step 3: one layer on",
            "Multiply the two sums of step 1",
            "As in notebook 03 the mixed products vanish",
            "Step 4: divide by the length",
            "The length stays at $q^*$, so",
            "If $\\kappa = 1$ the two inputs are the same"
        );
        Says(
            "At 2.5 and 1.7 the map crosses the diagonal below 1, and both stairs lead towards the crossing",
            () =>
            {
                foreach (string s in (string[])["1.7", "2.5"])
                {
                    ShownFigure map = Figure(Correlations).State(s);
                    double star = MeanField.CorrelationFixedPoint(Activation.Tanh, s == "1.7" ? 1.7 : 2.5, 0.3);
                    Assert.InRange(map["from 0"].Last, 0.8 * star, star);
                    Assert.InRange(map["from 0.99"].Last, star, 0.9);
                }
            }
        );
        Says(
            "At 0.9 and 1.2 it lies above the diagonal and both lead to 1",
            () =>
            {
                foreach (string s in (string[])["0.9", "1.2"])
                {
                    ShownFigure map = Figure(Correlations).State(s);
                    Assert.All(map["map"].X.Zip(map["map"].Y).SkipLast(1), p => Assert.True(p.Second > p.First));
                    Assert.InRange(map["from 0"].Last, 0.9, 1);
                    Assert.InRange(map["from 0.99"].Last, 0.99, 1);
                }
            }
        );
        Says(
            "the neighbours' stairs hardly move",
            () => Assert.InRange(Figure(Correlations).State("1.4")["from 0.99"].Last, 0.985, 0.995)
        );
        Derives(
            "Two maps, one for the length and one for the correlation",
            "Near 1 everything hangs on the slope of the map",
            "Step 1.",
            "Step 2.",
            "In the same way, since the next layer has the same length",
            "Step 3.",
            "Step 4.",
            "Step 5.",
            "Near $\\kappa = 1$ the middle has the mean square",
            "Below 1, order; above 1, chaos"
        );
        SetsUp(
            "start with a difference of $1 - \\kappa = 10^{-4}$",
            "Correlations(s, 1 - 1e-4, seed, 20)",
            "new[] { 0.9, critical, 2.5 }.SelectMany(Small)",
            "seeds[..3].SelectMany(seed => first.Zip("
        );
        Says(
            "In the ordered phase the points fall along their line, within a factor of four over twenty layers",
            () => Follows(Small, 1, 20, 4, "0.9")
        );
        Says("for layer 11, about 0.01", () => Assert.Equal(0.01, Figure(Small)["law, s = 2.5"].At(11), 0.001));
        Says(
            "in chaos they rise along it, within a factor of four up to layer 11",
            () => Follows(Small, 1, 11, 4, "2.5")
        );
        Says(
            "At the critical scale they stay within a factor of three",
            () =>
            {
                ShownSeries drawn = Figure(Small)["s = 1.4"];
                Assert.All(drawn.Y, k => Assert.InRange(k / Median(At(drawn, 1)), 1 / 3.0, 3));
            }
        );
        Library(
            "The colour is $\\kappa^*$, the correlation that all pairs approach: 1 left of the line, below 1 right of it",
            () =>
                Assert.All(
                    (double[])[0, 0.3, 1],
                    b =>
                    {
                        double line = MeanField.CriticalScale(Activation.Tanh, b);
                        Assert.Equal(
                            1,
                            MeanField.CorrelationFixedPoint(Activation.Tanh, line + 0.05 - (b == 0 ? 0.05 : 0.1), b)
                        );
                        Assert.InRange(MeanField.CorrelationFixedPoint(Activation.Tanh, line + 0.1, b), 0, 0.999);
                    }
                )
        );
        Library(
            "and the line leans to the right",
            () =>
                Assert.True(
                    MeanField.CriticalScale(Activation.Tanh, 1) > MeanField.CriticalScale(Activation.Tanh, 0.3)
                        && Critical > MeanField.CriticalScale(Activation.Tanh) + 0.3
                )
        );
        Derives(
            "(Without biases and with $s \\le 1$ the length falls to 0",
            "Close to it a map is a straight line",
            "After $l$ layers it is (slope)",
            "There are two maps, so there are two depth scales",
            "In chaos $\\kappa^*$ is below 1, and the slope *there* counts",
            "Make that change by adding a little normal noise",
            "*the same* number $\\nu$",
            "The mean squares grow equally in both",
            "Terms with one $\\nu$ have the mean 0",
            "Its mean is $q\\, h\\, E",
            "The next terms, with $\\varphi''$, are the same in both",
            "So a change of $\\kappa$ by $h$ changes the mean"
        );
        SetsUp("with 100,000 pairs of random numbers", "Sample(2, 100_000, new Random(1))");
        Says(
            "At 2.5 the slope at $\\kappa^*$ is 0.82",
            () => Assert.Equal(0.82, Table(Slopes)["slope there", "2.5"], 0.005)
        );
        Says(
            "in the column *depth scale by chi*, for the depth scale in chaos, you get 2.2 layers in place of 5.1",
            () =>
            {
                Assert.Equal(2.2, Table(Slopes)["depth scale by chi", "2.5"], 0.05);
                Assert.Equal(5.1, Table(Slopes)["depth scale", "2.5"], 0.05);
            }
        );
        Says(
            "Difference quotient and formula agree to within 0.01 in every row",
            () =>
                Assert.All(
                    Table(Slopes).Column("slope there").Zip(Table(Slopes).Column("by formula")),
                    pair => Assert.Equal(pair.First, pair.Second, 0.01)
                )
        );
        Says("Over all scales:", () => Assert.Equal(0.6, Figure(Scales)["ξ of the correlation"].X[0]));
        Says(
            "The correlation's depth scale has no bound near the critical scale; that of the length stays below two layers",
            () =>
            {
                Assert.InRange(Figure(Scales)["ξ of the correlation"].Y.Max(), 100, 1e6);
                Assert.InRange(Figure(Scales)["ξ of the length"].Y.Max(), 0, 2);
            }
        );
        Derives("Information about how alike two inputs are lasts for a few");
        SetsUp(
            "Each cell of the next map is a tanh network of 32 units per hidden layer",
            "TrainabilityMap.Accuracy(steps, s, d)"
        );
        Library(
            "It learns 256 digits by gradient descent on batches of 32, at three learning rates, 0.005, 0.02 and 0.08",
            () => Assert.Equal([0.005, 0.02, 0.08], TrainabilityMap.LearningRates)
        );
        Library(
            "These are 41 scales times 25 depths times 3 rates",
            () =>
                Assert.Equal(
                    (41, 25, 3),
                    (TrainabilityMap.Scales.Count, TrainabilityMap.Depths.Count, TrainabilityMap.LearningRates.Count)
                )
        );
        SetsUp("The lines are theory alone, from the last section: two and six", "Times(2), Times(6)");
        Library(
            "After 50 training steps the networks that learn lie at the bottom, mostly below the line of $2\\xi_\\kappa$",
            () =>
            {
                (double S, double D)[] learnt = [.. Learnt(50).Where(cell => cell.S < Critical - 0.03)];
                Assert.True(learnt.Count(cell => cell.D < 2 * Xi(cell.S)) > 0.5 * learnt.Length);
            }
        );
        Library(
            "after 400 steps the networks of 50 hidden layers that get more than half of the digits right all lie between $s = 1.3$ and $s = 1.7$, while at $s = 0.9$ nothing deeper than 18 layers does",
            () =>
            {
                double[] deepest = [.. Learnt(400).Where(cell => cell.D == 50).Select(cell => cell.S)];
                Assert.NotEmpty(deepest);
                Assert.All(deepest, s => Assert.InRange(s, 1.3, 1.7));
                Assert.Equal(18, Learnt(400).Where(cell => cell.S == 0.9).Max(cell => cell.D));
            }
        );
        Derives("Schoenholz and others (2017) drew $6\\xi$ over their trainings", "Theory does not give it");
        SetsUp(
            "where a cell counts as learnt if its accuracy is above one half",
            "d < reach == TrainabilityMap.Accuracy(steps, s, d) > 0.5",
            ".MinBy(fit => fit.Item2)"
        );
        Says(
            "in the ordered phase it grows from 2 after 50 steps to 6.5 after 400",
            () =>
            {
                double[] order = Table(Fit).Column("order");
                Assert.Equal(order.Order(), order);
                Assert.Equal((2, 6.5), (order[0], order[^1]));
            }
        );
        Says(
            "In chaos it is smaller, 2.5 and 4.5",
            () => Assert.Equal((2.5, 4.5), (Table(Fit).Column("chaos")[0], Table(Fit).Column("chaos")[^1]))
        );
        Says(
            "after 400 steps one multiple puts about 95 % of its cells on the right side of the line",
            () => Assert.InRange(Table(Fit)["order misplaced", "400"], 0.04, 0.06)
        );
        Says(
            "It misplaces fewer cells after 50, 100 and 200 steps, and about as many after 400",
            () =>
            {
                double[] own = Table(Fit).Column("chaos misplaced"),
                    other = Table(Fit).Column("by chi misplaced");
                Assert.All(own.Zip(other).SkipLast(1), pair => Assert.True(pair.First < pair.Second));
                Assert.Equal(own[^1], other[^1], 0.005);
            }
        );
        Derives(
            "In chaos signal gradients grow by $\\chi$ per layer as well",
            "Also, all this is plain gradient descent",
            "The half-axes of the ellipsoid are called the singular values",
            "If all are 1, every vector keeps its length"
        );
        Says(
            "The orthogonal values are 1 at every depth",
            () =>
            {
                Assert.All(Table(Spectra).Column("orthogonal largest"), v => Assert.Equal(1, v, 1e-9));
                Assert.All(Table(Spectra).Column("orthogonal smallest"), v => Assert.Equal(1, v, 1e-9));
            }
        );
        Says(
            "after ten matrices the longest half-axis is almost ten times the tenth longest, after fifty more than ten thousand times",
            () =>
            {
                ShownTable t = Table(Spectra);
                Assert.InRange(t["largest", "10"] / t["tenth", "10"], 9, 10);
                Assert.InRange(t["largest", "50"] / t["tenth", "50"], 10_000, 100_000);
            }
        );
        Says(
            "The smallest values of 20 and 50 matrices are 0 to the precision of a `double`",
            () => Assert.All(Table(Spectra).Column("smallest")[^2..], v => Assert.InRange(v, 0, 1e-15))
        );
        Derives("What is left of a signal then lies along very few directions");
        Says(
            "The mean square falls too, from 0.96 to 0.33 in this draw",
            () =>
                Assert.Equal(
                    (0.96, 0.33),
                    (
                        Math.Round(Table(Spectra)["mean square", "1"], 2),
                        Math.Round(Table(Spectra)["mean square", "50"], 2)
                    )
                )
        );
        SetsUp(
            "it trains each start from five seeds at each learning rate, and a point is the end of one training, the median loss of its last 20 steps",
            "run.Losses.TakeLast(20).Order().ElementAt(10)"
        );
        SetsUp("What diverges has no place on the axis", "double.PositiveInfinity");
        SetsUp(
            "fifty hidden layers of 32 units, on the digits",
            "Sizes.Of(64, hidden: 32, depth: 50, outputs: 10), Activation.Identity"
        );
        Derives("They can say no more than one linear layer");
        Says(
            "At its best learning rate, 0.01 for both, every orthogonal network ends below 0.3 and every Gaussian one above 1.2",
            () =>
            {
                Assert.Equal((0.01, 0.01), (BestRate(Linear, "orthogonal"), BestRate(Linear, "Gaussian")));
                Assert.All(Ends(Linear, "orthogonal", 0.01), loss => Assert.InRange(loss, 0, 0.3));
                Assert.All(Ends(Linear, "Gaussian", 0.01), loss => Assert.InRange(loss, 1.2, 3));
            }
        );
        Says(
            "at 0.03, both diverge from some seeds",
            () =>
                Assert.All(
                    (string[])["orthogonal", "Gaussian"],
                    name => Assert.InRange(Ends(Linear, name, 0.03).Length, 1, 4)
                )
        );
        Derives(
            "Saxe and others (2014) found this for linear networks",
            "Pennington and others (2017) for tanh",
            "The critical scale keeps the mean, orthogonal matrices keep every direction",
            "All this theory is for wide random networks and one activation at a time",
            "for layer-sequential unit variance, asks the data",
            "It starts from orthogonal weights, sends real inputs"
        );
        Says(
            "It is 1 by construction",
            () =>
                Assert.All(
                    (string[])["first", "smallest twelfth", "largest twelfth"],
                    head => Assert.Equal(1, Table(Variances)[head, "LSUV"], 0.01)
                )
        );
        Says(
            "its variance in layer 12 varies from seed to seed by more than ten times",
            () =>
                Assert.True(Table(Variances)["largest twelfth", "He"] > 10 * Table(Variances)["smallest twelfth", "He"])
        );
        SetsUp("LSUV differs from He's rule in two things", "ReLU(Initializer.Orthogonal(Math.Sqrt(2)), seed)");
        Says(
            "Weights of 0.01 stay at $\\ln 10 \\approx 2.30$ at every rate",
            () => Assert.All(Drawn(Figure(ReLUs), "weights of 0.01").Y, loss => Assert.Equal(Math.Log(10), loss, 0.01))
        );
        Says(
            "The three others learn, each best at 0.03, and there the medians fall from He (1.25) over orthogonal weights (0.97) to LSUV (0.855)",
            () =>
            {
                Assert.All(Rules, name => Assert.Equal(0.03, BestRate(ReLUs, name)));
                Assert.All(
                    Rules.Zip((double[])[1.25, 0.97, 0.855]),
                    pair => Assert.Equal(pair.Second, Median(Ends(ReLUs, pair.First, 0.03)), 0.005)
                );
            }
        );
        Says(
            "In the medians, about 70 % of what LSUV gains over He's rule comes with its orthogonal start",
            () =>
            {
                double[] m = [.. Rules.Select(name => Median(Ends(ReLUs, name, 0.03)))];
                Assert.Equal(0.7, (m[0] - m[1]) / (m[0] - m[2]), 0.03);
            }
        );
        Says(
            "The ranges of the last two overlap",
            () => Assert.True(Ends(ReLUs, "LSUV", 0.03).Max() > Ends(ReLUs, Rules[1], 0.03).Min())
        );
        Derives(
            "LSUV finds the scale without theory",
            "The usual residual block adds to its input what two layers make of it",
            "with $\\beta = 1$ in the original",
            "Since $W_2$ has mean 0 and is independent",
            "And with $W_2 = 0$ at the start",
            "A block of a single layer, $a + \\beta"
        );
        SetsUp("says that the shortcut spans two layers", "ResidualSpan = 2");
        SetsUp(
            "fifty blocks of each kind, width 100, median of five networks",
            "Growth(Blocks(100, 100, 50, end, beta, seed), 0, 100)",
            "seeds.Select(measure).Order().ElementAt(2)"
        );
        Says(
            "The law holds within a factor of two for all three kinds of two-layer blocks",
            () =>
                Assert.All(
                    Table(Grown).Column("growth").Zip(Table(Grown).Words("law")).Take(3),
                    row =>
                        Assert.InRange(
                            row.First / double.Parse(row.Second, System.Globalization.CultureInfo.InvariantCulture),
                            0.5,
                            2
                        )
                )
        );
        Says("Blocks of one layer grow 830-fold", () => Assert.Equal(830, Table(Grown)["growth", "one layer"], 5.0));
        SetsUp(
            "with 16 units per hidden layer: plain networks of 51 and of 101 hidden layers beside 25 and 50 blocks",
            "Sizes.Of(2, 16, 2 * blocks + 1, 1)",
            "(\"51\", Deep(25)), (\"101\", Deep(50))"
        );
        SetsUp(
            "All have He's rule in every layer that ends in an activation",
            "Activation.ReLU, Initializer.HeNormal, seed).Layers.ToArray()"
        );
        Says(
            "With $\\beta = 1$ all trainings diverge, at both depths",
            () =>
                Assert.All((string[])["51", "101"], depth => Assert.Empty(Drawn(Figure(Deep).State(depth), "β = 1,").Y))
        );
        Says(
            "With 101 layers the plain network ends at $\\ln 2 \\approx 0.693$ from every seed at every rate",
            () =>
            {
                double[] ends = Drawn(Figure(Deep).State("101"), "plain").Y;
                Assert.Equal(25, ends.Length);
                Assert.All(ends, loss => Assert.Equal(Math.Log(2), loss, 0.002));
            }
        );
        Says(
            "With 51 layers one of its 25 trainings gets below 0.5",
            () => Assert.Single(Drawn(Figure(Deep).State("51"), "plain").Y, loss => loss < 0.5)
        );
        Says(
            "Blocks with $\\beta = 1/\\sqrt B$ at the rate 0.3 and blocks with $W_2 = 0$ at 0.03 learn from all five seeds, to a loss below 0.01",
            () =>
                Assert.All(
                    (string[])["51", "101"],
                    depth =>
                    {
                        Learns(depth, "β = 1/√B", 0.3);
                        Learns(depth, "W2 = 0", 0.03);
                    }
                )
        );
        Says(
            "With $W_2 = 0$ and 101 layers the rates 0.1 and 0.3 diverge from all seeds",
            () => Assert.DoesNotContain(Drawn(Figure(Deep).State("101"), "W2 = 0").X, rate => rate > 0.05)
        );
        Derives(
            "A block that ends in a linear layer of small or zero weights starts as nearly the identity",
            "$\\chi = 1$ exactly, and the depth scale is infinite",
            "Notebook 03 has the reason",
            "One network is not the mean of all"
        );
        SetsUp("layer $H$ over input, in 200 networks each", "Enumerable.Range(1, 200), (it, seed) =>");
        Says(
            "The first three rows have the same depth over width and about the same variance, between 5 and 6, at four times the depth",
            () => Assert.All(Table(Spread).Column("variance")[..3], v => Assert.InRange(v, 5, 6))
        );
        Says(
            "The fourth is as deep as the third and four times as narrow, and its variance is five times as large",
            () => Assert.Equal(5, Table(Spread).Column("variance")[3] / Table(Spread).Column("variance")[2], 0.5)
        );
        Says("falls somewhat short at width 20", () => Assert.InRange(Table(Spread).Column("variance")[3], 20.1, 30));
        Derives(
            "One limit that is left is $H/n$",
            "two inputs | become one",
            "squared signal gradients | shrink by",
            "learns, in our map | up to a few",
            "critical scale | the mean square and small distances",
            "orthogonal weights | the length of every vector",
            "LSUV | the variance of each layer on real data",
            "or $W_2 = 0$ | the size of signal and gradient at the start",
            "Before: [06"
        );
        Derives("Next: [08");
    }

    /// <summary>In order the slope of the correlation map at its fixed point is chi.</summary>
    private static double Xi(double s) =>
        MeanField.DepthScale(MeanField.ChiAtFixedPoint(Activation.Tanh, s, TrainabilityMap.BiasScale));

    private static IEnumerable<(double S, double D)> Learnt(int steps) =>
        from s in TrainabilityMap.Scales
        from d in TrainabilityMap.Depths
        where TrainabilityMap.Accuracy(steps, s, d) > 0.5
        select (s, d);

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    /// <summary>The series of this name, whatever the legend says after a comma of points that have no place.</summary>
    private static ShownSeries Drawn(ShownFigure figure, string name) =>
        figure.Series.Single(series =>
            series.Name == name || series.Name.StartsWith(name.TrimEnd(',') + ",", StringComparison.Ordinal)
        );

    private static double[] At(ShownSeries series, double x) =>
        [.. series.X.Zip(series.Y).Where(point => point.First == x).Select(point => point.Second)];

    /// <summary>The points at a layer of the series whose names end in some words.</summary>
    private double[] At(string figure, double x, string names) =>
        [
            .. Figure(figure)
                .Series.Where(series => series.Name.EndsWith(names, StringComparison.Ordinal))
                .SelectMany(series => At(series, x)),
        ];

    private double[] Ends(string figure, string name, double rate) => At(Drawn(Figure(figure), name), rate);

    /// <summary>The rate with the smallest median of five ends; those that are not drawn diverged.</summary>
    private static double BestRate(ShownSeries ends) =>
        ends
            .X.Distinct()
            .MinBy(rate =>
                At(ends, rate).Concat(Enumerable.Repeat(double.PositiveInfinity, 5)).Take(5).Order().ElementAt(2)
            );

    private double BestRate(string figure, string name) => BestRate(Drawn(Figure(figure), name));

    private void Learns(string depth, string name, double rate)
    {
        double[] ends = At(Drawn(Figure(Deep).State(depth), name), rate);
        Assert.Equal(5, ends.Length);
        Assert.All(ends, loss => Assert.InRange(loss, 0, 0.01));
    }

    /// <summary>How wide the image of the circle is in a layer.</summary>
    private double Width(string layer, string name)
    {
        ShownSeries image = Figure(Circle).State(layer)[name];
        return Math.Max(image.X.Max() - image.X.Min(), image.Y.Max() - image.Y.Min());
    }

    /// <summary>Each point between two layers lies within a factor of its law, at one scale or all.</summary>
    private void Follows(string figure, int from, int to, double factor, string scale = "")
    {
        ShownFigure shown = Figure(figure);
        ShownSeries[] laws =
        [
            .. shown.Series.Where(series =>
                series.Name.StartsWith("law", StringComparison.Ordinal)
                && series.Name.EndsWith(scale, StringComparison.Ordinal)
            ),
        ];
        Assert.NotEmpty(laws);
        foreach (ShownSeries law in laws)
        foreach ((double x, double y) in shown[law.Name["law, ".Length..]] is var points ? points.X.Zip(points.Y) : [])
            if (x >= from && x <= to)
                Assert.InRange(y / law.At(x), 1 / factor, factor);
    }
}
