namespace Notebooks.Tests.Readings;

/// <summary>What notebook 02 says of its figures and tables.</summary>
internal sealed class HowSmallReadings : LessonReadings
{
    private const string ByWidth = "Wider networks wait less";
    private const string ByDepth = "Each hidden layer makes the wait grow faster as ε shrinks";
    private const string BySize = "The fewest steps lie between too small and too large";
    private const string ByOptimizer = "Momentum shortens the plateau";
    private const string ByRate = "Each optimizer has its own best learning rate";
    private const string Control = "median training steps until the loss is below 0.05; five networks";

    public HowSmallReadings()
        : base("notebooks/02-how-small.ipynb")
    {
        Opening();
        Slopes();
        Laws();
        WholeCurve();
        Widths();
        Shapes();
        Large();
        Limit();
        Optimizers();
        Summary();
    }

    private void Opening()
    {
        Derives("usual advice, with 0.01 as the usual example", "why the number of layers decides how much");
        SetsUp("two clouds of points that a straight line separates", "var blobs = Datasets.Blobs();");
        SetsUp(
            "three hidden layers of 8 tanh units",
            "[2, 8, 8, 8, 1], Activation.Tanh, Initializer.Uniform(0.01), Seed"
        );
        SetsUp(
            "Its weights are random and different, so notebook 01 has no complaint",
            "Initializer.Uniform(0.01), Seed"
        );
        SetsUp("drawn evenly from $[-0.01, 0.01]$", "Initializer.Uniform(0.01)");
        Says("The line is flat.", () => Assert.All(Loss("Three thousand steps of nothing").Y, IsLn2));
        SetsUp("We give the same network 12,000 steps", "Live.Train(timid, blobs, options with { Steps = 12_000 }");
        Says("It was never broken.", () => Assert.InRange(Loss("The same network").Last, 0, 0.001));
        Says(
            "It waited for almost ten thousand training steps, and then learned the task in a few hundred",
            () =>
            {
                Assert.InRange(Printed("steps until the loss is below 0.3: "), 9500, 9999);
                Assert.InRange(FirstBelow(0.05) - FirstBelow(0.65), 0, 500);
            }
        );
        Derives(
            "in which the loss hardly moves, before it falls at last",
            "equal distances are equal factors, so the way from 0.1",
            "halved again and again becomes a straight line",
            "a plateau looks exactly like a network that cannot learn"
        );
    }

    private void Slopes()
    {
        Derives(
            "recommends weights between -1 and 1, multiplied by 0.01",
            "they keep the hidden units active",
            "For tanh it is largest, 1, at $z = 0$"
        );
        SetsUp("below 1 % of the largest, and look at every hidden unit", "layer => layer.SaturatedFraction");
        SetsUp("on all cores; each point is one network", "SkipLast(1).Average(layer => layer.SaturatedFraction)");
        Says(
            "not a single slope is small, in any of the five networks; from $\\varepsilon = 10$ on, most are",
            () =>
            {
                ShownSeries slopes = Figure("Small weights keep every slope away from 0")["five networks"];
                Assert.Equal(20, slopes.X.Count(epsilon => epsilon <= 0.3));
                Assert.All(PointsAt(slopes, epsilon => epsilon <= 0.3), fraction => Assert.Equal(0, fraction));
                Assert.All(PointsAt(slopes, epsilon => epsilon >= 10), fraction => Assert.InRange(fraction, 0.5, 1));
            }
        );
        Says(
            "So the note is right about the slopes",
            () =>
                Assert.All(
                    PointsAt(Figure("Small weights keep every slope")["five networks"], epsilon => epsilon == 0.01),
                    fraction => Assert.Equal(0, fraction)
                )
        );
        Says(
            "started with $\\varepsilon = 0.01$: every slope was healthy, and it still waited",
            () =>
            {
                ShownSeries slopes = Figure("Small weights keep every slope away from 0")["five networks"];
                Assert.All(PointsAt(slopes, epsilon => epsilon == 0.01), fraction => Assert.Equal(0, fraction));
                Assert.All(Loss("Three thousand steps of nothing").Y, IsLn2);
            }
        );
    }

    private void Laws()
    {
        Derives(
            "Take the smallest deep network",
            "it has $H + 1$ weights in a row",
            "all the other weights, $w^H$",
            "Real networks have many units, and a tanh",
            "Let all of them have the same value $w$",
            "The weight gradient of one of them is the error times",
            "the error stays what it was at the start",
            "where the growth rate $r$ collects",
            "the three laws say the factors 2, 11 and 101",
            "at which the weights are no longer small",
            "$H = 1$ | $dw/dt = r w$",
            "$H = 2$ | $dw/dt = r w^2$",
            "$H = 3$ | $dw/dt = r w^3$",
            "These are laws for a network of one linear unit per layer",
            "so each line is put through the median at its largest"
        );
        SetsUp("We take 8 tanh units per layer and count", "Sizes.Of(2, 8, hidden, 1)", "StopBelow = 0.55");
        SetsUp("We start with $\\varepsilon = 0.1$", "Initializer.Uniform(0.1), seed");
        SetsUp("Each number is the median of five seeds", "int[] seeds = [1, 2, 3, 4, 5];");
        SetsUp("Now the weights are made ten times smaller", "SmallerEpsilon = Typical(hidden, 0.01)");
        Says(
            "All three are within 6 % of what we counted",
            () =>
            {
                double[] factors = Table("training steps to leave the plateau; the larger").Column("factor");
                Assert.InRange(factors[0] / (Math.Log(1 / 0.01) / Math.Log(1 / 0.1)), 0.94, 1.06);
                Assert.InRange(factors[1] / ((100.0 - 1) / (10 - 1)), 0.94, 1.06);
                Assert.InRange(factors[2] / ((10_000.0 - 1) / (100 - 1)), 0.94, 1.06);
            }
        );
        SetsUp("The next chart has all sizes and seeds", "measured, w => w.Epsilon, w => w.Steps");
        Says(
            "One hidden layer hardly climbs; two climb by a factor of ten for each factor of ten in $\\varepsilon$; three climb by a hundred",
            () =>
            {
                // A hundred times smaller weights cost one hidden layer less than a factor of four.
                Assert.InRange(Steps(ByDepth, "1 hidden", 0.001) / Steps(ByDepth, "1 hidden", 0.1), 1, 4);
                Assert.InRange(Steps(ByDepth, "2 hidden", 0.001) / Steps(ByDepth, "2 hidden", 0.01), 9, 11);
                Assert.InRange(Steps(ByDepth, "2 hidden", 0.01) / Steps(ByDepth, "2 hidden", 0.1), 9, 11);
                Assert.InRange(Steps(ByDepth, "3 hidden", 0.01) / Steps(ByDepth, "3 hidden", 0.1), 90, 110);
            }
        );
        Says(
            "All medians lie within 12 % of the lines",
            () =>
            {
                foreach (int hidden in (int[])[1, 2, 3])
                {
                    ShownSeries law = Figure(ByDepth)[$"law for {hidden}"];
                    Assert.All(
                        law.X.Zip(law.Y),
                        point =>
                            Assert.InRange(
                                Steps(ByDepth, $"{hidden} hidden", point.First) / point.Second,
                                1 / 1.12,
                                1.12
                            )
                    );
                }
            }
        );
        Derives(
            "lasts in proportion to $1/\\varepsilon^{H-1}$, and that of one hidden layer",
            "The note is right about the slopes and silent about the speed",
            "Its card compares the steps that one factor"
        );
    }

    private void WholeCurve()
    {
        Derives(
            "For one hidden layer of linear units we can compute",
            "its derivative with respect to one weight is",
            "This logarithm therefore grows evenly",
            "The data are two points of a line"
        );
        SetsUp("Both weights start at $\\sqrt{u_0}$", "Initializer.Constant(Math.Sqrt(u0))");
        Says(
            "The points lie within 0.04 of the solution",
            () =>
            {
                ShownFigure figure = Figure("A start ten times smaller delays the rise");
                Assert.All(
                    Starts,
                    start =>
                        Assert.All(
                            figure[$"trained from {start}"].Y.Zip(figure[$"solution from {start}"].Y),
                            pair => Assert.InRange(pair.First - pair.Second, -0.04, 0.04)
                        )
                );
            }
        );
        Says(
            "The four curves are one curve, shifted: each factor of ten costs the same number of training steps more",
            () =>
            {
                double[] halves =
                [
                    .. Starts.Select(start =>
                        HalfWay(Figure("A start ten times smaller delays the rise")[$"trained from {start}"])
                    ),
                ];
                double[] shifts = [.. halves.Skip(1).Zip(halves, (later, earlier) => later - earlier)];
                // ln 10 / (2 S / tau) = 57.6 steps, with each end read from between two points that are 15 steps apart.
                Assert.Equal(3, shifts.Length);
                Assert.All(shifts, shift => Assert.InRange(shift, 57.6 - 7.5, 57.6 + 7.5));
            }
        );
        Derives(
            "So a step with the learning rate $\\eta$",
            "Let $u$ be the product of both weights",
            "the logistic curve",
            "That is the logarithm in the first row"
        );
        Derives("with one hidden layer a plateau can be waited out");
    }

    private void Widths()
    {
        Derives(
            "A unit of a wider layer adds up more products",
            "so the sum of $n$ of them grows with",
            "it asks for the variance $2 / (n_\\text{in}",
            "A weight that is uniform on",
            "Set both equal and solve",
            "$\\varepsilon = \\sqrt{6 / (n",
            "in the middle of a network with two hidden layers, which has as many inputs as units"
        );
        Says(
            "On the left the points of all three widths climb with the slope of two hidden layers",
            () =>
                Assert.All(
                    (int[])[8, 32, 128],
                    width =>
                        Assert.InRange(
                            Steps(ByWidth, $"width {width}", 0.003) / Steps(ByWidth, $"width {width}", 0.01),
                            0.95 / 0.3,
                            1.05 / 0.3
                        )
                )
        );
        Says(
            "at $\\varepsilon = 0.01$ a network four times as wide waits about half as long",
            () =>
            {
                Assert.InRange(Steps(ByWidth, "width 32", 0.01) / Steps(ByWidth, "width 8", 0.01), 0.45, 0.55);
                Assert.InRange(Steps(ByWidth, "width 128", 0.01) / Steps(ByWidth, "width 32", 0.01), 0.45, 0.55);
            }
        );
        Says(
            "The vertical lines, Glorot's limit of each width, move to the left by the same factor of two",
            () =>
            {
                double[] limits =
                [
                    .. Figure(ByWidth)
                        .Series.Where(series => series.Name.StartsWith("Glorot", StringComparison.Ordinal))
                        .Select(series => series.X[0]),
                ];
                Assert.Equal(3, limits.Length);
                // Figures hold five digits, so a ratio of two numbers is right to 2 * 5e-5 of itself.
                Assert.Equal(2, limits[0] / limits[1], 2e-4);
                Assert.Equal(2, limits[1] / limits[2], 2e-4);
            }
        );
        Says(
            "Two training steps, at every width",
            () => Assert.Equal([2, 2, 2], Table("median steps to a loss below 0.55, at Glorot's limit").Column("steps"))
        );
        Derives("Glorot's limit takes both into account", "How long does each width wait at its own line?");
    }

    private void Shapes()
    {
        SetsUp(
            "as the uniform one, so we compare these two: twenty seeds of each, two hidden layers of 8 units",
            "[Initializer.Uniform(0.01), Initializer.Normal(0.01 / Math.Sqrt(3))]",
            "Sweep.Run(shapes, Enumerable.Range(1, 20)",
            "(double)StepsToLeave([2, 8, 8, 1], rule, seed)"
        );
        Says(
            "Each ring is one seed, and each diamond is the mean of its row",
            () =>
            {
                ShownFigure strips = Figure("Seeds differ more than shapes");
                Assert.Equal(40, strips["seeds"].X.Length);
                Assert.Equal(
                    strips["seeds"].X.Chunk(20).Select(row => row.Average()).ToArray(),
                    strips["mean"].X,
                    (one, other) => Math.Abs(one - other) < 1e-9
                );
            }
        );
        Says("The means differ by less than their two standard errors together", Alike);
        Says("the shape makes no difference that stands out among the seeds", Alike);
        Derives(
            "Its card first checks that the two shapes",
            "the mean of $w^4$ divided by the square of the mean of $w^2$",
            "For uniform weights that is",
            "For normal weights it is 3"
        );
    }

    private void Large()
    {
        SetsUp(
            "the training steps until the loss is below 0.55, as before, and until it is below 0.05",
            "[To(0.05), To(0.55)]"
        );
        SetsUp("There are two hidden layers of 8 units, and 1,000 training steps", "options with { Steps = 1000 }");
        Says(
            "At this learning rate, 0.5, there is a valley around $\\varepsilon = 1$ and 3",
            () =>
            {
                ShownSeries learned = Figure(BySize).Series.Single(series => IsTo(series, "0.05"));
                double[] inside = [.. PointsAt(learned, epsilon => epsilon is 1 or 3)];
                double[] outside = [.. PointsAt(learned, epsilon => epsilon is not (1 or 3))];
                Assert.True(inside.Max() < outside.Min(), $"{inside.Max()} steps inside, {outside.Min()} outside");
            }
        );
        Says(
            "some networks need exactly 0 steps, because they start below the loss",
            () =>
                Assert.All(
                    Figure(BySize).Series,
                    series => Assert.Contains("exactly 0", series.Name, StringComparison.Ordinal)
                )
        );
        SetsUp("have not got there after 1,000 training steps", ".Count() : double.PositiveInfinity", "Steps = 1000");
        Says(
            "Others cross 0.55 with their first training step",
            () =>
                Assert.InRange(
                    Figure(BySize).Series.Single(series => IsTo(series, "0.55")).Y.Count(steps => steps == 1),
                    2,
                    35
                )
        );
        SetsUp(
            "we freeze the random hidden layers and train the last layer alone, from the same start",
            "start.Signals(blobs.Inputs)[1].Activations, blobs.Targets, blobs.Loss",
            ".WithWeights(0, start.Layers[2].Weights)"
        );
        Derives("Whatever that reaches needs no learning in the hidden layers");
        Says(
            "At the rate 0.5 the last layer alone does not learn the task from 0.1 and 0.3; ∞ means not within 1,000 training steps",
            () => Assert.Equal(["∞", "∞"], Table(Control).Words("last layer")[..2])
        );
        Says(
            "From 1 and 3 it does, in 19 and 9 training steps, two to three times as many as all layers take",
            () =>
            {
                Assert.Equal(["19", "9"], Table(Control).Words("last layer")[2..]);
                Assert.InRange(19 / Table(Control)["all layers", "1"], 1.75, 3);
                Assert.InRange(9 / Table(Control)["all layers", "3"], 1.75, 3);
            }
        );
        Says(
            "At its best rate the last layer learns the task from every $\\varepsilon$, from 0.1 in 385 training steps and from 0.3 in 10",
            () =>
            {
                Assert.DoesNotContain("∞", Table(Control).Words("last at best rate"));
                Assert.Equal(["385", "10"], Table(Control).Words("last at best rate")[..2]);
            }
        );
        Says(
            "So they need not learn, but from small weights their learning makes it fast",
            () =>
                Assert.All(
                    Table(Control).Column("last at best rate")[..2].Zip(Table(Control).Column("all at best rate")),
                    steps => Assert.True(steps.First >= 5 * steps.Second, $"{steps}")
                )
        );
        Says(
            "And with all layers at the best rate the valley is gone: one or two training steps are enough",
            () => Assert.All(Table(Control).Column("all at best rate"), steps => Assert.InRange(steps, 1, 2))
        );
        Says(
            "the best $\\varepsilon$ depends on the learning rate, and a loss that falls does not show which layers learn",
            () =>
            {
                Assert.All(Table(Control).Column("all layers"), steps => Assert.InRange(steps, 1, 100));
                Assert.Equal("∞", Table(Control).Words("last layer")[1]);
                Assert.NotEqual("∞", Table(Control).Words("last layer")[2]);
            }
        );
        SetsUp("We give both their own best learning rate too, out of seven", "[0.5, 1, 2, 5, 10, 20, 50]");
        Derives("How large the weights should be and how large the learning rate should be is one question");
    }

    private void Limit()
    {
        Derives(
            "the note's rule of a symmetric interval is right",
            "Glorot's limit fills the gap, for each layer",
            "Take a layer with 400 inputs and 25 units"
        );
        Says(
            "and twelve times the note's 0.01",
            () => Assert.Equal(12, Printed("Glorot's limit for 400 inputs and 25 units: ") / 0.01, 0.5)
        );
    }

    private void Optimizers()
    {
        Derives("So far every network followed plain gradient descent", "Adam* divides the step of each weight");
        Says(
            "Momentum repeats 0.9 of its last step and adds the new one",
            () => Assert.Equal("momentum 0.9", Table("BestRate = best[o]").Words("parameters")[1])
        );
        SetsUp(
            "the moons, two interleaved half circles, with three hidden layers and $\\varepsilon = 0.1$",
            "var moons = Datasets.Moons(200);",
            "Start([2, 8, 8, 8, 1], Initializer.Uniform(epsilon), seed), moons,",
            "StepsOf(tried.o, tried.rate, 0.1, seed, 0.1, 1000)"
        );
        SetsUp("We count the training steps until the loss is below 0.1", "tried.rate, 0.1, seed, 0.1, 1000");
        SetsUp("gives each optimizer its own learning rate", "best[start.o], start.e, seed, 0.55, 4000");
        Says(
            "On the clouds the last layer alone can do it",
            () => Assert.DoesNotContain("∞", Table(Control).Words("last at best rate"))
        );
        SetsUp("tries seven learning rates with five seeds", "double[] rates = [0.01, 0.03, 0.1, 0.3, 1, 3, 10];");
        SetsUp("training runs that do not get there within 1,000 training steps", "0.1, seed, 0.1, 1000");
        Says(
            "Gradient descent gets there at one rate only",
            () => Assert.All(Of(ByRate, "gradient descent").X, rate => Assert.Equal(3, rate))
        );
        Derives("so the repeated steps add up to $1 + 0.9 + 0.9^2", "Adam divides by $10^{-8}$, whatever they are");
        Says(
            "Momentum at the rate 1 is there like gradient descent at the rate 10, and $10/3$ is the factor that we see",
            () =>
            {
                ShownTable best = Table("BestRate = best[o]");
                Assert.Equal((1, 3), (best["best rate", "momentum"], best["best rate", "gradient descent"]));
                Assert.InRange(
                    MedianAt(Of(ByOptimizer, "gradient descent"), 0.01) / MedianAt(Of(ByOptimizer, "momentum"), 0.01),
                    0.9 * 10 / 3,
                    1.1 * 10 / 3
                );
            }
        );
        Says(
            "with momentum and the rate $0.1 / 10^{-8} = 10^7$",
            () => Assert.Equal(0.1, Table("BestRate = best[o]")["best rate", "Adam"])
        );
        Says(
            "waits for 2,840 training steps from $\\varepsilon = 0.01$",
            () => Assert.Equal(2840, MedianAt(Of(ByOptimizer, "gradient descent"), 0.01), 5.0)
        );
        Says(
            "the law says $2840 \\cdot \\frac{3}{10^7} \\cdot 1000^2 \\approx 850$. That is within a tenth of what Adam took",
            () => Assert.InRange(MedianAt(Of(ByOptimizer, "Adam"), 1e-5) / (2840 * 3e-7 * 1e6), 0.9, 1.1)
        );
        Says(
            "From $10^{-4}$ it says 9 training steps, too few to notice",
            () => Assert.Equal(9, 2840 * 3e-7 * 1e4, 0.5)
        );
        Says(
            "and it lies inside their range",
            () =>
                Assert.All(
                    Table("BestRate = best[o]").Column("best rate"),
                    rate => Assert.True(rate is > 0.01 and < 10, $"the best rate is {rate}")
                )
        );
        Says(
            "It is the one with the smallest median",
            () =>
            {
                ShownTable best = Table("BestRate = best[o]");
                foreach (string name in best.Words("optimizer"))
                {
                    ShownSeries tried = Of(ByRate, name);
                    double Median(double rate) =>
                        PointsAt(tried, x => x == rate)
                            .Concat(Enumerable.Repeat(double.PositiveInfinity, 5))
                            .Take(5)
                            .Order()
                            .ElementAt(2);
                    Assert.Equal(tried.X.Distinct().MinBy(Median), best["best rate", name]);
                }
            }
        );
        SetsUp("at its best rate, and we count", "StepsOf(start.o, best[start.o], start.e, seed, 0.55, 4000)");
        Says(
            "leave the plateau from none of the five starts: 4,000 training steps are not enough",
            () =>
            {
                Assert.DoesNotContain(0.001, Of(ByOptimizer, "gradient descent").X);
                Assert.DoesNotContain(0.001, Of(ByOptimizer, "momentum").X);
                Assert.Equal(5, Of(ByOptimizer, "Adam").X.Count(epsilon => epsilon == 0.001));
            }
        );
        Says(
            "the points of gradient descent follow the line",
            () =>
            {
                ShownSeries law = Figure(ByOptimizer)["1/ε² for gradient descent"];
                Assert.All(
                    law.X.Zip(law.Y),
                    point =>
                        Assert.InRange(
                            MedianAt(Of(ByOptimizer, "gradient descent"), point.First) / point.Second,
                            0.85,
                            1.15
                        )
                );
            }
        );
        Says(
            "Momentum needs about a third of the training steps of gradient descent at $\\varepsilon = 0.01$",
            () =>
                Assert.Equal(
                    1.0 / 3,
                    MedianAt(Of(ByOptimizer, "momentum"), 0.01) / MedianAt(Of(ByOptimizer, "gradient descent"), 0.01),
                    0.05
                )
        );
        Says(
            "its points lie above their line where the plateau is only dozens of steps long, and approach it to the left",
            () =>
            {
                ShownSeries law = Figure(ByOptimizer)["1/ε² for momentum"];
                double[] above =
                [
                    .. law.X.Zip(law.Y, (epsilon, steps) => MedianAt(Of(ByOptimizer, "momentum"), epsilon) / steps),
                ];
                Assert.Equal(above.OrderDescending(), above);
                Assert.InRange(above[0], 2, 5);
                Assert.InRange(MedianAt(Of(ByOptimizer, "momentum"), 0.1), 24, 60);
                Assert.InRange(above[^2], 1, 1.1);
            }
        );
        Says("momentum divides the wait by a constant, and the law still holds", MomentumKeepsTheLaw);
        Says("Adam needs at most 11 training steps from every $\\varepsilon$ down to 0.0001", AdamHardlyWaits);
        Derives("because its steps do not shrink with the weight gradient");
        Says(
            "it waits for hundreds of training steps",
            () =>
                Assert.All(
                    PointsAt(Of(ByOptimizer, "Adam"), epsilon => epsilon < 0.0001),
                    steps => Assert.InRange(steps, 200, 2000)
                )
        );
        Says(
            "it is $10^{-8}$ unless you set it, the last of the parameters in the table above",
            () =>
                Assert.EndsWith(
                    ", 1E-08)",
                    Table("BestRate = best[o]").Words("parameters")[2],
                    StringComparison.Ordinal
                )
        );
        Says(
            "Where the weight gradients are far below that constant",
            () => Assert.InRange(Printed("the largest of all weight gradients at the start: "), 1e-300, 1e-11)
        );
        Derives("so that it never divides by 0");
        Derives(
            "For practice this means two things",
            "If you train with Adam, a start that is too small may go unnoticed",
            "And a start of the right size needs no such help"
        );
        Says(
            "all three optimizers leave within 7 training steps",
            () =>
                Assert.All(
                    (string[])["gradient descent", "momentum", "Adam"],
                    name =>
                    {
                        double[] steps = [.. PointsAt(Of(ByOptimizer, name), epsilon => epsilon == 0.3)];
                        Assert.Equal(5, steps.Length);
                        Assert.InRange(steps.Max(), 1, 7);
                    }
                )
        );
        Says(
            "momentum shortens the plateau by a factor, Adam all but removes it, and weights of the right size hardly have one",
            () =>
            {
                MomentumKeepsTheLaw();
                AdamHardlyWaits();
                Assert.InRange(MedianAt(Of(ByOptimizer, "gradient descent"), 0.3), 1, 7);
            }
        );
    }

    private void Summary()
    {
        Says(
            "1 | $\\ln(1/\\varepsilon)$ | the same few training steps more",
            () =>
                Assert.InRange(
                    Steps(ByDepth, "1 hidden", 0.001)
                        - 2 * Steps(ByDepth, "1 hidden", 0.01)
                        + Steps(ByDepth, "1 hidden", 0.1),
                    -2,
                    2
                )
        );
        Says(
            "2 | $1/\\varepsilon$ | 10 times",
            () => Assert.InRange(Steps(ByDepth, "2 hidden", 0.001) / Steps(ByDepth, "2 hidden", 0.01), 9, 11)
        );
        Says(
            "3 | $1/\\varepsilon^2$ | 100 times",
            () => Assert.InRange(Steps(ByDepth, "3 hidden", 0.01) / Steps(ByDepth, "3 hidden", 0.1), 90, 110)
        );
        Says("No difference stands out at equal variance", Alike);
        Says("Momentum helps by a factor", MomentumKeepsTheLaw);
        Says("Adam waits only from far smaller weights", AdamHardlyWaits);
        Derives(
            "hidden layers | plateau from weights of size",
            "$1/\\varepsilon^{H-1}$ | $10^{H-1}$ times",
            "From small weights they are, which says nothing about the speed",
            "Is 0.01 small?",
            "Glorot's limit is $\\sqrt{6/",
            "At a given learning rate up to a point",
            "Before: [01 · Symmetry]",
            "Next: [03 · Signals"
        );
    }

    private void Alike()
    {
        ShownTable shapes = Table("training steps to a loss below 0.55, twenty seeds of each shape");
        double[] means = shapes.Column("mean");
        Assert.InRange(Math.Abs(means[0] - means[1]), 0, shapes.Column("standard error").Sum());
    }

    private void MomentumKeepsTheLaw()
    {
        ShownSeries momentum = Of(ByOptimizer, "momentum");
        Assert.InRange(MedianAt(momentum, 0.01) / MedianAt(Of(ByOptimizer, "gradient descent"), 0.01), 0, 0.5);
        Assert.InRange(MedianAt(momentum, 0.005) / MedianAt(momentum, 0.01), 3.6, 4.4);
    }

    private void AdamHardlyWaits() =>
        Assert.Equal(11, PointsAt(Of(ByOptimizer, "Adam"), epsilon => epsilon >= 0.0001).Max());

    private static readonly string[] Starts = ["0.1", "0.01", "0.001", "0.0001"];

    /// <summary>The step at which u passes half of S, read between the two points around it.</summary>
    private static double HalfWay(ShownSeries u)
    {
        int after = Array.FindIndex(u.Y, value => value >= 1);
        double passed = (1 - u.Y[after - 1]) / (u.Y[after] - u.Y[after - 1]);
        return u.X[after - 1] + passed * (u.X[after] - u.X[after - 1]);
    }

    private ShownSeries Loss(string figure) => Figure(figure).Series[0];

    /// <summary>ln 2 to the three digits that a reader can tell apart on the chart.</summary>
    private static void IsLn2(double loss) => Assert.Equal(Math.Log(2), loss, 0.0005);

    private double FirstBelow(double loss)
    {
        ShownSeries patient = Loss("The same network");
        return patient.X[Array.FindIndex(patient.Y, one => one < loss)];
    }

    private static bool IsTo(ShownSeries series, string loss) =>
        series.Name.StartsWith($"to a loss below {loss},", StringComparison.Ordinal);

    /// <summary>The series of this name, whatever the legend says after a comma of points that have no place.</summary>
    private ShownSeries Of(string figure, string name) =>
        Figure(figure)
            .Series.Single(series =>
                series.Name == name || series.Name.StartsWith($"{name},", StringComparison.Ordinal)
            );

    private double Steps(string figure, string series, double epsilon) => MedianAt(Figure(figure)[series], epsilon);

    private static IEnumerable<double> PointsAt(ShownSeries series, Func<double, bool> x) =>
        series.X.Zip(series.Y).Where(point => x(point.First)).Select(point => point.Second);

    private static double MedianAt(ShownSeries series, double x)
    {
        double[] all = [.. PointsAt(series, place => place == x).Order()];
        // Of five trainings, those that are not drawn took longer.
        Assert.InRange(all.Length, 3, 5);
        return all[2];
    }
}
