namespace Notebooks.Tests.Readings;

/// <summary>What notebook 06 says of its figures and tables.</summary>
internal sealed class ClippingReadings : LessonReadings
{
    private const string Opening = "A single step ends the descent";
    private const string Around = "around the steepest place";
    private const string Terms = "Within one training step";
    private const string Settling = "AfterFiveHundred = After(z, 500)";
    private const string Thresholds = "250 steps; the losses are those of the last 50";
    private const string Kinds = "norms of the three weight gradients";
    private const string ByThreshold = "He, 20 hidden layers, learning rate 0.3";
    private const string Grid = "8 seeds; a rate works";
    private const string Back = "norm of the signal gradient on its way back";
    private const string ByRate = "median mean squared error of five seeds";
    private const string AtBest = "mean squared error at the best rate";

    private static readonly string[] Exploding = ["He, 20 layers", "4/n, 20 layers", "4/n, 30 layers"];
    private static readonly string[] Clipped = ["at most 1", "at most 0.1"];

    public ClippingReadings()
        : base("notebooks/06-gradient-clipping.ipynb")
    {
        Cliff();
        Unrolled();
        Wall();
        CliffThresholds();
        Note();
        FourKinds();
        Norms();
        Cures();
        Recurrent();
        Summary();
    }

    private void Cliff()
    {
        Derives(
            "An *orthogonal* matrix keeps the length of every vector",
            "a step in proportion to it is far too long",
            "what each kind of clipping does to a gradient"
        );
        SetsUp("applies $z \\leftarrow w\\,\\varphi(z) + b$ fifty times", "RecurrentUnit.Cliff(w, b)");
        Derives("The last activation $\\varphi(z)$ should be 0.7", "There are only two parameters");
        SetsUp("We descend from $w = 5.3$, $b = -2.4$", "PlaneDescent.Run(Cliff, 5.3, -2.4, 0.1, 250, threshold: 1)");
        SetsUp("These are the first 150 steps", "free.Take(151)", "held.Take(151)");
        Says(
            "From step 35 on the loss jumps to about 0.3 and back, because both descents cross a wall to and fro",
            () =>
            {
                double[] loss = Figure(Opening)["norm at most 1"].Y[..97];
                Assert.Equal(35, Array.FindIndex(loss, one => one > 0.25));
                Assert.All(loss[..35], one => Assert.InRange(one, 0, 0.06));
                Assert.All(loss[35..], one => Assert.True(one < 0.03 || Math.Abs(one - 0.3) < 0.06));
                Assert.InRange(loss[35..].Count(one => one < 0.03), 10, 52);
            }
        );
        Says(
            "The two descents are one until step 97",
            () =>
            {
                ShownSeries free = Figure(Opening)["not clipped"];
                ShownSeries held = Figure(Opening)["norm at most 1"];
                Assert.Equal(free.Y[..98], held.Y[..98]);
                Assert.NotEqual(free.Y[98], held.Y[98]);
            }
        );
        Says(
            "makes a step after which its loss never moves again",
            () => Assert.All(Figure(Opening)["not clipped"].Y[98..], loss => Assert.Equal(0.09, loss, 0.0005))
        );
        Says(
            "At step 97 the gradient has a norm of 44, more than a hundred times as much as one step before",
            () =>
            {
                Assert.Equal(44, Table(Around)["gradient norm", "97"], 0.5);
                Assert.True(Table(Around)["gradient norm", "97"] > 100 * Table(Around)["gradient norm", "96"]);
            }
        );
        Says(
            "that is a step longer than 4",
            () =>
            {
                double w = Table(Around)["W", "98"] - Table(Around)["W", "97"];
                double b = Table(Around)["B", "98"] - Table(Around)["B", "97"];
                Assert.InRange(Math.Sqrt(w * w + b * b), 4, 5);
            }
        );
        Says(
            "the activation is almost 1 there, the loss is $0.3^2$, and the norm of the gradient is below 0.001",
            () =>
            {
                Assert.Equal(0.09, Table(Around)["loss", "98"], 0.0005);
                Assert.InRange(Table(Around)["gradient norm", "98"], 0, 0.001);
                // (a - 0.7)² = loss, and a is above the target.
                Assert.InRange(0.7 + Math.Sqrt(Table(Around)["loss", "98"]), 0.999, 1);
            }
        );
        Derives("Three questions follow");
    }

    private void Unrolled()
    {
        SetsUp("Write the fifty applications side by side", "depth: 50");
        Derives(
            "the unit has become a deep network",
            "Each arrow from $z^{[l-1]}$ to $z^{[l]}$ goes through",
            "except that every layer has the same weight and the same bias",
            "one factor per layer: $\\delta^{[l-1]}",
            "If each layer had a weight of its own",
            "But there is one weight",
            "Moving $w$ by a small $h$ moves all fifty of them",
            "as $b$ enters each layer with the factor 1"
        );
        SetsUp("we build the network of fifty layers", "depth: 50");
        SetsUp(
            "of weight 1 and without a bias, only hands",
            "chain.WithWeights(50, One(1))",
            "for (int l = 0; l < 50; l++)"
        );
        SetsUp(
            "the weight gradient of each of the fifty layers, add them",
            "SumOfFiftyTerms = Terms(free[step]).Sum()"
        );
        Says(
            "Both agree.",
            () =>
            {
                ShownTable both = Table("dJ/dw, computed in two ways");
                Assert.Equal(both.Column("used by the descent"), both.Column("sum of fifty terms"));
            }
        );
        Says(
            "At step 96 the terms fall from the last layer to layer 10 or so",
            () =>
            {
                double[] terms = Figure(Terms)["step 96"].Y;
                int lowest = Array.IndexOf(terms, terms.Min()) + 1;
                Assert.InRange(lowest, 8, 12);
                Assert.Equal(terms[(lowest - 1)..].Order(), terms[(lowest - 1)..]);
            }
        );
        Says(
            "Below that they grow again, but stay small.",
            () =>
            {
                double[] terms = Figure(Terms)["step 96"].Y;
                int lowest = Array.IndexOf(terms, terms.Min());
                Assert.Equal(terms[..lowest].OrderDescending(), terms[..lowest]);
                Assert.InRange(terms[..lowest].Max(), 0, terms.Max() / 100);
            }
        );
        Says(
            "At step 97 they grow from each layer to the one before, by about a tenth, through all fifty layers",
            () =>
            {
                double[] terms = Figure(Terms)["step 97"].Y;
                Assert.Equal(50, terms.Length);
                Assert.All(
                    terms.Zip(terms.Skip(1), (before, after) => before / after),
                    factor => Assert.InRange(factor, 1.03, 1.18)
                );
                Assert.Equal(0.1, Math.Pow(terms[0] / terms[^1], 1 / 49.0) - 1, 0.03);
            }
        );
        Says(
            "which moved $w$ and $b$ by less than 0.02 each",
            () =>
            {
                Assert.InRange(Math.Abs(Table(Around)["W", "97"] - Table(Around)["W", "96"]), 0, 0.02);
                Assert.InRange(Math.Abs(Table(Around)["B", "97"] - Table(Around)["B", "96"]), 0, 0.02);
            }
        );
        Derives(
            "The slope of the sigmoid is largest at $z = 0$, where it is 1/4",
            "So for $0 \\leq w \\leq 4$ no factor exceeds 1",
            "Between the two lies one training step",
            "its terms explode where $w\\,\\varphi'(z)$ exceeds 1 through many layers"
        );
        Says("Here $w$ is 4.72", () => Assert.Equal(4.72, Table(Around)["W", "97"], 0.005));
    }

    private void Wall()
    {
        Derives(
            "each application multiplies the distance by the slope there",
            "If the slope is below 1, the distance shrinks",
            "If $z$ stays where it is",
            "A tiny change of $w$ or $b$ decides",
            "The lecture note says that large positive weights",
            "If it is above 1, the distance grows",
            "the loss is large. A step that lands beside the wall does no harm",
            "the wall is the part of the line with",
            "The start 0.5 is itself a fixed point"
        );
        Says("The curve crosses 0 three times", () => Assert.Equal(3, Crossings().Count));
        Says(
            "At the two outer crossings it falls",
            () =>
            {
                Assert.InRange(Crossings()[0], -1, -0.05);
                Assert.InRange(Crossings()[2], -1, -0.05);
            }
        );
        Says("At the one in the middle it rises", () => Assert.InRange(Crossings()[1], 0.05, 0.18));
        Says(
            "From 0.49 the unit settles at the lower stable fixed point, from 0.51 at the upper one",
            () =>
            {
                Assert.Equal(
                    Table(Settling)["after five hundred", "0.4"],
                    Table(Settling)["after five hundred", "0.49"]
                );
                Assert.Equal(
                    Table(Settling)["after five hundred", "0.6"],
                    Table(Settling)["after five hundred", "0.51"]
                );
                Assert.True(
                    Table(Settling)["after five hundred", "0.4"] < 0 && Table(Settling)["after five hundred", "0.6"] > 1
                );
            }
        );
        Says(
            "From our start, 0.5, it has hardly moved after fifty applications",
            () => Assert.Equal(0.5, Table(Settling)["after fifty", "0.5"], 0.1)
        );
        Derives("the start lies almost exactly on the unstable fixed point");
        Says(
            "The thin line is the wall as we have just computed it; at $w = 4.8$ it is a little above $b = -2.5$",
            () =>
            {
                ShownSeries wall = Figure("Clipped, the descent stays")
                    .Series.Last(series => series.Name == "the wall");
                double slope = (wall.Y[1] - wall.Y[0]) / (wall.X[1] - wall.X[0]);
                Assert.InRange(wall.Y[0] + slope * (4.8 - wall.X[0]), -2.5, -2.48);
            }
        );
        SetsUp("On it lie forty training steps of the clipped descent, from step 80 on", "held.Skip(80).Take(41)");
        Says(
            "The other is the same up to step 97, and its next place is off the map",
            () =>
            {
                Assert.Equal(Figure(Opening)["norm at most 1"].Y[..98], Figure(Opening)["not clipped"].Y[..98]);
                Assert.True(Table(Around)["W", "98"] > 4.9 && Table(Around)["B", "98"] > -2.3);
            }
        );
        Derives("with lines of equal height");
        Says(
            "The loss jumps exactly at the computed line",
            () =>
            {
                ShownSeries wall = Figure("Clipped, the descent stays")
                    .Series.Last(series => series.Name == "the wall");
                double slope = (wall.Y[1] - wall.Y[0]) / (wall.X[1] - wall.X[0]);
                // A third of a grid step to both sides of the line, from where the factor per layer is 1.1.
                Assert.All(
                    (double[])[4.7, 5, 5.3],
                    w =>
                    {
                        double b = wall.Y[0] + slope * (w - wall.X[0]);
                        Assert.True(
                            NotebookSupport.RecurrentUnit.Cliff(w, b - 0.015).Loss
                                > 8 * NotebookSupport.RecurrentUnit.Cliff(w, b + 0.015).Loss
                        );
                    }
                );
            }
        );
        Derives("On one side of it the unit settles at the upper fixed point");
        Says(
            "the gradient is moderate on both sides, and the descent hops to and fro",
            () =>
            {
                Assert.InRange(Table(Around)["gradient norm", "96"], 0, 0.5);
                double[] loss = Figure(Opening)["norm at most 1"].Y[80..97];
                Assert.InRange(loss.Count(one => one > 0.25), 3, 14);
                Assert.InRange(loss.Count(one => one < 0.05), 3, 14);
            }
        );
        Says(
            "is thrown out, far beyond the edge of this map",
            () => Assert.True(Table(Around)["W", "98"] > 7 && Table(Around)["B", "98"] > 1)
        );
        Says("For our unit, with $w = 4.72$ and a bias", () => Assert.Equal(4.72, Table(Around)["W", "97"], 0.005));
        Derives("With a bias of 0 it is not: the bias decides", "Claim 9 compares both");
    }

    private void CliffThresholds()
    {
        SetsUp("So far the threshold was 1", "held = PlaneDescent.Run(Cliff, 5.3, -2.4, 0.1, 250, threshold: 1)");
        SetsUp("We take the median of the last 50 training steps", "path.TakeLast(50).Select(s => s.Loss)");
        Derives("The descent hops across the wall, so its loss jumps");
        Says(
            "With thresholds of 0.3 and 1 the descent is near the minimum: the median loss is about 0.002 or less",
            () =>
            {
                Assert.InRange(Table(Thresholds)["median loss", "0.3"], 0, 0.0022);
                Assert.InRange(Table(Thresholds)["median loss", "1"], 0, 0.0022);
                Assert.All(
                    (string[])["0.1", "3", "10", "100"],
                    other => Assert.True(Table(Thresholds)["median loss", other] > 0.007)
                );
            }
        );
        Says(
            "With 0.1 almost every step is clipped",
            () =>
            {
                Assert.InRange(Table(Thresholds)["steps clipped", "0.1"], 220, 249);
                Assert.InRange(Table(Thresholds)["largest loss", "0.1"], 0.3, 0.36);
            }
        );
        Says(
            "With 3 and 10 hardly anything is clipped, but where it is",
            () =>
            {
                Assert.InRange(Table(Thresholds)["steps clipped", "3"], 1, 5);
                Assert.InRange(Table(Thresholds)["steps clipped", "10"], 1, 5);
            }
        );
        Says(
            "At 100 nothing is clipped, and it is lost",
            () =>
            {
                Assert.Equal(0, Table(Thresholds)["steps clipped", "100"]);
                Assert.Equal(0.09, Table(Thresholds)["median loss", "100"], 0.0005);
            }
        );
        Says(
            "On this cliff 0.3 and 1 work, and 0.1 and 3 already end higher",
            () =>
            {
                double[] median = Table(Thresholds).Column("median loss");
                Assert.True(Math.Min(median[0], median[3]) > 3 * Math.Max(median[1], median[2]));
            }
        );
        Says(
            "The threshold 1 clips only a few steps of 250",
            () => Assert.InRange(Table(Thresholds)["steps clipped", "1"], 5, 15)
        );
    }

    private void Note()
    {
        Derives(
            "the root of the sum of its squared entries",
            "the largest norm that passes",
            "If the norm is at most $g_\\text{max}$, nothing happens",
            "If it is larger, all entries are multiplied by the same number",
            "Of this one line the note says three things",
            "In one sentence the note clips when the gradient",
            "The cards below train the simplest recurrent unit",
            "With both weights at 1 it adds up a sequence",
            "short gradients are made long, so a descent cannot settle: in the card it still hops over its minimum after 100 steps, half a step to each side",
            "And long ones stay long, so an explosion is not stopped",
            "which is a penalty on the weights",
            "The penalty hardly notices the explosion",
            "The third is the formula",
            "What the note is after with all this is right",
            "The note multiplies the weights by the threshold over"
        );
    }

    private void FourKinds()
    {
        Derives(
            "by value | each entry",
            "by tensor norm | the norm of each matrix",
            "by global norm | the norm of all parameters together",
            "adaptive | for each unit",
            "Mind the second and third rows",
            "The fourth kind, adaptive gradient clipping or AGC, is by Brock",
            "Their program does not clip the weights of the last layer",
            "It has no absolute threshold",
            "weights count as having at least the norm $10^{-3}$",
            "1 means the same direction",
            "But only by global norm does clipping always change nothing",
            "Ask of every \"clip by norm\" whether it means each tensor or all of them"
        );
        SetsUp(
            "To compare the four we take a network in which the output weights are fifty times too large",
            "50 * uneven.Layers[2].Weights"
        );
        Says(
            "Only the global norm keeps it",
            () =>
            {
                Assert.Equal(1, Table(Kinds)["cosine", "by global norm 0.1"]);
                Assert.All(
                    (string[])["by value 0.1", "by tensor norm 0.1", "adaptive 0.01"],
                    rule => Assert.InRange(Table(Kinds)["cosine", rule], -1, 0.99)
                );
            }
        );
        Says(
            "By tensor norm the three weight gradients, of very different norms before, all have the norm 0.1",
            () =>
            {
                string[] columns = ["first", "second", "third"];
                Assert.All(columns, column => Assert.Equal(0.1, Table(Kinds)[column, "by tensor norm 0.1"]));
                Assert.True(Table(Kinds)["second", "no clipping"] > 50 * Table(Kinds)["third", "no clipping"]);
            }
        );
        Derives("By value, large and larger entries all become 0.1");
        Says(
            "The adaptive kind takes most from the first layers",
            () =>
            {
                double Left(string column) =>
                    Table(Kinds)[column, "adaptive 0.01"] / Table(Kinds)[column, "no clipping"];
                Assert.InRange(Left("first"), 0, 0.01);
                Assert.InRange(Left("second"), 0, 0.01);
                Assert.Equal(1, Left("third"));
                Assert.True(Table(Kinds)["third", "adaptive 0.01"] > 10 * Table(Kinds)["second", "adaptive 0.01"]);
            }
        );
    }

    private void Norms()
    {
        SetsUp("20 hidden layers of 16 ReLU units from He's rule", "hidden: 16, depth: depth", "Train(20, 2, 0.3");
        SetsUp(
            "the loss of a training is the median over its last 50 steps",
            "run.Steps.TakeLast(50).Select(s => s.Loss)"
        );
        SetsUp("The chart draws every sixth training step", "s.Step % 6 == 0");
        SetsUp(
            "over the training, with and without clipping",
            "GradientClipping.None, Seed",
            "GradientClipping.ByGlobalNorm(1), Seed"
        );
        Derives("So a threshold can be chosen by looking");
        Derives("`VarianceScaling(2)` is He's variance", "They are not all alike");
        Says(
            "These are the norms *before* clipping, so the clipped training has points above the threshold too.",
            () => Assert.Contains(Figure("The norm, before clipping")["at most 1"].Y, norm => norm > 1)
        );
        Says(
            "most steps have a norm below 1, and a few have one of 5, 10 or more",
            () =>
                Assert.All(
                    (string[])["not clipped", "at most 1"],
                    name =>
                    {
                        double[] norms = Figure("The norm, before clipping")[name].Y;
                        Assert.InRange(norms.Count(norm => norm < 1) / (double)norms.Length, 0.5, 1);
                        Assert.InRange(norms.Count(norm => norm > 5), 1, 5);
                    }
                )
        );
        SetsUp("We try six of them with eight seeds each", "Sweep.Run([0.01, 0.1, 0.3, 1, 3, 10], eight");
        Says(
            "Three thresholds, a factor of ten from the smallest to the largest, let all eight networks learn",
            () => Assert.Equal([0, 8, 8, 8, 5, 2], Table(ByThreshold).Column("learned").Select(count => (int)count))
        );
        Says(
            "They clip about nine tenths, half and a fifth of the steps, and the fewer, the lower the median loss",
            () =>
            {
                double[] clipped = Table(ByThreshold).Column("fraction clipped");
                Assert.Equal(0.9, clipped[1], 0.05);
                Assert.Equal(0.5, clipped[2], 0.07);
                Assert.Equal(0.2, clipped[3], 0.03);
                double[] median = Table(ByThreshold).Column("median loss");
                Assert.True(median[1] > median[2] && median[2] > median[3]);
            }
        );
        Says(
            "With 3, which clips 2 % of the steps, some are lost, and with 10, which hardly ever acts, most are",
            () =>
            {
                double[] clipped = Table(ByThreshold).Column("fraction clipped");
                Assert.Equal(0.02, clipped[4], 0.005);
                Assert.InRange(clipped[5], 0.0001, 0.005);
                Assert.InRange(Table(ByThreshold)["learned", "3"], 4, 7);
                Assert.InRange(Table(ByThreshold)["learned", "10"], 0, 3);
            }
        );
        Says(
            "With 0.01 every step is clipped and none learns in this time",
            () =>
            {
                Assert.Equal(1, Table(ByThreshold)["fraction clipped", "0.01"]);
                Assert.Equal(0, Table(ByThreshold)["learned", "0.01"]);
            }
        );
        Derives(
            "then the length of every step is the learning rate times the threshold",
            "the value that a fifth of them exceed: the thresholds 0.3 and 1 of the table clip about so many",
            "If it is none, clipping does nothing",
            "If it is all of them, the threshold and the learning rate are only one number"
        );
        Says(
            "Here a threshold is usable over a range of a factor of ten",
            () => Assert.Equal([8, 8, 8], Table(ByThreshold).Column("learned")[1..4].Select(count => (int)count))
        );
    }

    private void Cures()
    {
        Derives(
            "Clipping by global norm multiplies the gradient by one number",
            "It follows that it cannot make a weight gradient longer",
            "Here are four networks that notebooks 03 to 05",
            "network | variance of a weight | factor of a squared signal gradient",
            "He, 20 hidden layers | $2/n$ | 1",
            "20 hidden layers | $4/n$ | 2",
            "30 hidden layers | $4/n$ | 2",
            "30 hidden layers | $1/n$ | 1/2",
            "A comparison at one learning rate would be unfair"
        );
        SetsUp(
            "So we try every one of seven learning rates without clipping and with the thresholds 1 and 0.1, eight seeds each",
            "(\"not clipped\", GradientClipping.None)",
            "GradientClipping.ByGlobalNorm(0.1)",
            "double[] rates = [1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10];",
            "from n in networks from limit in limits from rate in rates"
        );
        SetsUp("the chart shows how many of the eight seeds learn", "cell => cell.Count");
        Derives("The table has the best rate of each row");
        Says("At its own best rate, no network gains more than one seed of eight from clipping", NoneGainsMoreThanOne);
        Says(
            "With variance $4/n$ and 20 layers it is 6 with and without; the other three gain one",
            () =>
            {
                Assert.All(
                    (string[])["not clipped", .. Clipped],
                    rule => Assert.Equal(6, Learned("4/n, 20 layers", rule))
                );
                Assert.All(
                    (string[])["He, 20 layers", "4/n, 30 layers", "1/n, 30 layers"],
                    name => Assert.Equal(1, Gain(name))
                );
            }
        );
        Derives("The grid supports these conclusions, and no more");
        Says(
            "Clipping moves the best rate up",
            () =>
                Assert.All(
                    Exploding,
                    name =>
                        Assert.True(
                            Table(Grid)["best rate", name, "at most 1"]
                                >= 10 * Table(Grid)["best rate", name, "not clipped"]
                        )
                )
        );
        Derives("With eight seeds, one more or less is no difference");
        Says("Clipping stops every divergence", NoneDivergesClipped);
        Says(
            "Without clipping, 86 of the 168 training runs of the first three networks diverge; with clipping, none of all 448",
            () =>
            {
                Assert.Equal(86, Exploding.Sum(name => Table(Grid)["diverged", name, "not clipped"]));
                NoneDivergesClipped();
            }
        );
        Says(
            "Without it the best rates of these three are 0.01, 0.0001 and 0.00001",
            () =>
                Assert.Equal(
                    [0.01, 0.0001, 0.00001],
                    Exploding.Select(name => Table(Grid)["best rate", name, "not clipped"])
                )
        );
        Says(
            "With the threshold 1 it is 0.1 for all three, and with 0.1 it is 1 for all three",
            () =>
                Assert.All(
                    Exploding,
                    name =>
                    {
                        Assert.Equal(0.1, Table(Grid)["best rate", name, "at most 1"]);
                        Assert.Equal(1, Table(Grid)["best rate", name, "at most 0.1"]);
                    }
                )
        );
        Says(
            "One rate is the best for networks whose own best rates differ a thousandfold",
            () =>
                Assert.Equal(
                    1000,
                    Table(Grid)["best rate", Exploding[0], "not clipped"]
                        / Table(Grid)["best rate", Exploding[2], "not clipped"],
                    1e-6
                )
        );
        Says(
            "The network whose gradients vanish hardly learns at all",
            () => Assert.InRange(Learned("1/n, 30 layers", "at most 0.1"), 0, 1)
        );
        Says("one of its 168 training runs ends below 0.3", OneOfTheVanishing);
        Says(
            "So it is not true that a network which explodes from the first step on cannot be trained",
            () => Assert.Equal(6, Learned("4/n, 20 layers", "not clipped"))
        );
        Says(
            "For $4/n$ and 30 layers the best rate without clipping is the smallest that we tried",
            () => Assert.Equal(1e-5, Table(Grid)["best rate", "4/n, 30 layers", "not clipped"], 1e-12)
        );
        Says(
            "of 30 layers with variance $4/n$ at most 3 of 8 learn, with or without",
            () =>
                Assert.All(
                    (string[])["not clipped", .. Clipped],
                    rule => Assert.InRange(Learned("4/n, 30 layers", rule), 1, 3)
                )
        );
        Derives(
            "And though clipping makes no gradient longer",
            "A better best result it did not buy here",
            "Zhang and others (2020) prove that clipping converges faster"
        );
    }

    private void Recurrent()
    {
        SetsUp(
            "a sequence of ten numbers between 0 and 1, two of which carry a mark",
            "var adding = Datasets.Adding();"
        );
        Derives("Always to answer 1 gives a mean squared error of 1/6");
        SetsUp("The network has 16 tanh units", "RecurrentNetwork.Create(inputs: 2, units: 16, outputs: 1");
        Derives(
            "Backpropagation through time is what it was for one unit",
            "times the slopes of the tanh, which are at most 1",
            "the transpose has the same",
            "Below 1, the signal gradient must vanish",
            "It can explode only above 1",
            "This is the condition of Pascanu"
        );
        SetsUp(
            "We start from orthogonal matrices times 0.5, 1 and 2",
            "double[] singular = [0.5, 1, 2];",
            "length: 30"
        );
        Says(
            "The bound holds in each row",
            () =>
                Assert.All(
                    Table(Back).Column("first step").Zip(Table(Back).Column("bound of first step")),
                    pair => Assert.InRange(pair.First, 0, pair.Second)
                )
        );
        Says("its factor per step is below 0.5", () => Assert.InRange(Table(Back)["factor per step", "0.5"], 0.3, 0.5));
        Says(
            "with a factor of about 0.8, since the slopes",
            () => Assert.Equal(0.8, Table(Back)["factor per step", "1"], 0.05)
        );
        Derives("the slopes of the tanh are below 1. With 2 it grows");
        Says(
            "but only by about 1.2 per step where the bound allows 2",
            () => Assert.Equal(1.2, Table(Back)["factor per step", "2"], 0.05)
        );
        Derives("1 is a border below which nothing can explode");
        SetsUp(
            "at four learning rates, with and without clipping at 1, five seeds each, for 600 steps of 32 sequences",
            "double[] paces = [0.03, 0.1, 0.3, 1];",
            "eight.Take(5)",
            "at.rate, 600, at.limit.Rule"
        );
        Derives("These are the medians of five seeds");
        Says(
            "more than half of the training runs diverged",
            () =>
                Assert.Equal(
                    Table(ByRate).Words("not clipped").Select(median => median == "∞"),
                    Table(ByRate).Column("diverged not clipped").Select(count => count >= 3)
                )
        );
        Derives("To answer 1 every time would give 1/6", "Now each start at the learning rate");
        Says(
            "Without clipping, more than a third of all training runs diverge, all of them at the rates 0.3 and 1; with clipping, none",
            () =>
            {
                double[] diverged = Table(ByRate).Column("diverged not clipped");
                double[] rates = Table(ByRate).Column("rate");
                Assert.InRange(diverged.Sum() / 60, 1 / 3.0, 0.5);
                Assert.All(rates.Zip(diverged), row => Assert.True(row.First >= 0.3 || row.Second == 0));
                Assert.All(Table(ByRate).Column("diverged clipped"), count => Assert.Equal(0, count));
            }
        );
        Says(
            "at the rate 1 the clipped networks end above 1/6, worse than a network that always answers 1",
            () =>
                Assert.All(
                    Table(ByRate).Column("rate").Zip(Table(ByRate).Column("clipped")).Where(row => row.First == 1),
                    row => Assert.True(row.Second > 1 / 6.0)
                )
        );
        Says(
            "At the rate 0.3 it saves the training, at the rate 1 it does not",
            () =>
                Assert.All(
                    Table(ByRate).Column("rate").Zip(Table(ByRate).Column("clipped")).Where(row => row.First >= 0.3),
                    row => Assert.Equal(row.First == 0.3, row.Second < 1 / 6.0)
                )
        );
        Says(
            "the two median losses differ by about a hundredth at most, while the five seeds of one row differ by more than three times that",
            () =>
            {
                Assert.InRange(MedianDifferences().Max(), 0, 0.011);
                Assert.All(
                    Table(AtBest).Column("highest").Zip(Table(AtBest).Column("lowest")),
                    row => Assert.True(row.First - row.Second > 0.033)
                );
            }
        );
        Says(
            "At its own best rate, each start ends about as low without clipping as with it",
            () => Assert.InRange(MedianDifferences().Max(), 0, 0.011)
        );
        Says(
            "It removes the divergence, and the best result stays about the same",
            () =>
            {
                Assert.All(Table(ByRate).Column("diverged clipped"), count => Assert.Equal(0, count));
                NoneGainsMoreThanOne();
            }
        );
        Says("clipping is no way to a lower loss", () => Assert.InRange(MedianDifferences().Max(), 0, 0.011));
        Derives("For this recurrent network clipping does what it did for the four deep ones");
    }

    private void Summary()
    {
        Derives(
            "Many factors $w\\,\\varphi'(z)$ above 1 in a row",
            "The sum of the weight gradients of all layers",
            "What does clip by norm mean?",
            "$z$ stays near an unstable fixed point",
            "Between the median of the norms",
            "Nor does it make too high a rate a good one",
            "Before: [05 · Vanishing",
            "Next: [07 · The edge"
        );
        Says(
            "The other three kinds turn the gradient",
            () => Assert.Equal(2, Table(Kinds).Column("cosine").Count(cosine => cosine == 1))
        );
        Says("Divergence, at every rate that we tried", NoneDivergesClipped);
        Says("The best result, each at its own best rate, by more than one seed of eight", NoneGainsMoreThanOne);
    }

    private void OneOfTheVanishing()
    {
        Assert.Equal(0, Learned("1/n, 30 layers", "not clipped"));
        Assert.Equal(0, Learned("1/n, 30 layers", "at most 1"));
        Assert.Equal(1, Learned("1/n, 30 layers", "at most 0.1"));
    }

    private void NoneDivergesClipped() =>
        Assert.All(
            Table(Grid).Words("clipping").Zip(Table(Grid).Column("diverged")),
            row => Assert.True(row.First == "not clipped" || row.Second == 0)
        );

    private void NoneGainsMoreThanOne() =>
        Assert.All((string[])[.. Exploding, "1/n, 30 layers"], name => Assert.InRange(Gain(name), 0, 1));

    private double Gain(string network) =>
        Clipped.Max(rule => Learned(network, rule)) - Learned(network, "not clipped");

    private double Learned(string network, string rule) => Table(Grid)["learned at best", network, rule];

    private double[] MedianDifferences() =>
        [.. Table(AtBest).Column("median").Chunk(2).Select(pair => Math.Abs(pair[0] - pair[1]))];

    /// <summary>The slope of the unit's move at each place where it crosses 0, from the left.</summary>
    private IReadOnlyList<double> Crossings()
    {
        ShownSeries move = Figure("Where one application moves the unit")["w φ(z) + b − z"];
        return
        [
            .. Enumerable
                .Range(1, move.X.Length - 1)
                .Where(i => move.Y[i] > 0 != move.Y[i - 1] > 0)
                .Select(i => (move.Y[i] - move.Y[i - 1]) / (move.X[i] - move.X[i - 1])),
        ];
    }
}
