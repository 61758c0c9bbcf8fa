using MathNet.Numerics.LinearAlgebra;
using NotebookSupport;

namespace Notebooks.Tests.Readings;

/// <summary>01: copies, what they can draw, and how little parts them.</summary>
internal sealed class SymmetryReadings : LessonReadings
{
    private const double TwoThirds = 2.0 / 3;
    private static readonly double LnTwo = Math.Log(2);

    /// <summary>Where the charts of distances draw an exact 0.</summary>
    private const double ExactlyZero = 1e-18;

    private const string NearestOf =
        "How far is each unit from the one most like it? Largest difference of a unit's weights "
        + "from those of the unit most like it: ";

    public SymmetryReadings()
        : base("notebooks/01-symmetry.ipynb")
    {
        ShownFigure copies = Figure(NearestOf + "exactly 0 at every step, for every unit.");
        ShownTable w1 = Table("W1 after 3,000 steps");
        ShownTable rates = Table("fraction of the points right after 6,000 steps");
        ShownFigure three = Figure("Large weights start almost twenty times too high");
        ShownTable starts = Table("after 3,000 steps, medians of five seeds");
        ShownFigure nudged = Figure(NearestOf + "10⁻⁶ at first");
        ShownFigure jittered = Figure(NearestOf + "6.7×10⁻⁷ at first");
        ShownTable parted = Table("W1 after a millionth for everyone");
        ShownFigure plateau = Figure("A tiny difference costs a plateau");
        ShownFigure hand = Figure("Eight equal units, and what breaks the tie.");
        ShownFigure tie = Figure("57.5 % right, and 57.5 %");
        (double One, double All) Right(int state)
        {
            double[] percents =
            [
                .. tie.State(Sizes[state])
                    .Title.Split("and ")
                    .Select(part =>
                        double.Parse(part.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) / 100
                    ),
            ];
            return (percents[0], percents[1]);
        }

        Derives(
            "What can a layer of a thousand units do, if all its weights start at the same value?",
            "This notebook finds out, shows how little it takes to break the tie",
            "No straight line separates them, so a network needs several *different* hidden units that work together."
        );
        SetsUp("The data of this notebook: two circles of points in the plane", "var circles = Datasets.Circles();");
        Library(
            "The outer circle, class 0, is 200 points near radius 1, the inner one, class 1, is 200 near radius ½; the second figure draws them.",
            () =>
            {
                Dataset circles = Datasets.Circles();
                double[][] radii =
                [
                    .. new[] { 0, 1 }.Select(label =>
                        circles
                            .Inputs.EnumerateColumns()
                            .Where((_, i) => circles.Labels[i] == label)
                            .Select(point => point.L2Norm())
                            .ToArray()
                    ),
                ];
                Assert.Equal([200, 200], radii.Select(all => all.Length));
                Assert.All(radii[0], radius => Assert.Equal(1, radius, 0.2));
                Assert.All(radii[1], radius => Assert.Equal(0.5, radius, 0.2));
            }
        );
        SetsUp(
            "The network has 2 inputs, 8 hidden units with tanh, and 1 output $z$, the score of the inner circle:",
            "[2, 8, 1], Activation.Tanh, Initializer.Constant(0.5), Seed);"
        );
        Derives("the network's probability for it is the sigmoid of the score");
        SetsUp("All weights start at the same number, 0.5, and all biases at 0.", "Initializer.Constant(0.5), Seed");
        SetsUp(
            "Unless another number is given, a training takes 3,000 steps, and each step looks at all 400 points.",
            "var options = new TrainingOptions { LearningRate = 0.5, Steps = 3000, Snapshots = 100 };"
        );
        Derives(
            "For each unit the chart finds the unit that is most like it",
            "at every thirtieth step (biases are not compared).",
            "The axis is logarithmic, each tick is a factor of a thousand, and exact zero has a tick of its own."
        );
        Says(
            "The line does not come *near* zero: it *is* zero, for all eight units, each time we look;",
            () =>
            {
                ShownSeries line = Assert.Single(copies.Series);
                Assert.Equal("units 1 to 8", line.Name);
                Assert.All(line.Y, y => Assert.Equal(ExactlyZero, y));
            }
        );
        Says(
            "The weights have moved, together:",
            () => Assert.All(w1.Column("1").Concat(w1.Column("2")), weight => Assert.True(Math.Abs(weight - 0.5) > 0.5))
        );
        Says("One unit, eight copies of it.", () => Assert.Equal(8, w1.Column("1").Length));
        Derives(
            "Three lines. Let units $i$ and $k$ of a hidden layer have equal weights in, equal biases, and equal weights out.",
            "They compute the same pre-activation from the same inputs:",
            "Equal weights out and equal $z$ give $\\delta_i = \\delta_k$.",
            "all equal for $i$ and $k$.",
            "So both units take the same step, and are equal again.",
            "By induction they stay equal for ever.",
            "so no amount of training can make them differ.",
            "What stays equal is equal *across* the units.",
            "Eight equal units act like one unit with an output weight eight times as large.",
            "A unit sees the plane along a single direction, that of its weights, and its output only rises or only falls along it. So the boundary is a **straight line**, parallel to the black one.",
            "How little can move at exactly 0, you will see below.",
            "so the claim numbers do not run in order.",
            "Without their noise the circles have the radii 1 and ½.",
            "The best line touches the inner one, and cuts off an arc of $2 \\arccos \\frac12$, or 120 degrees, of the outer one: a third.",
            "So it gets all of the inner circle right and a third of the outer one",
            "Notebook 02 measures how long such plateaus are.",
            "the **boundary** is where it is 50 %, the palest band.",
            "A black line is where the pre-activation of a hidden unit is 0"
        );
        Says(
            "On the left all eight black lines are one.",
            () => Assert.Single(UnitLines(Figure("What eight copies draw"), "left"))
        );
        Says(
            "It turns and moves, and is still moving when the training ends, with 57.5 % of the points right.",
            () =>
            {
                Assert.Equal(0.575, starts["accuracy", "tanh", "constant 0.5"]);
                double[] equal = plateau["equal"].Y;
                Assert.True(equal[^1] < equal[^20]);
            }
        );
        Says(
            "On the right five of the eight lines are in the picture. Three of them stand around the inner circle, and the boundary closes along them; two cross it.",
            () =>
            {
                // The circles' radii are 1 and 1/2, with a noise of 0.05; the picture ends at 1.2.
                double[] far = Distances(Figure("What eight copies draw"), 1);
                Assert.Equal(
                    (2, 3, 3),
                    (far.Count(d => d < 0.4), far.Count(d => d is > 0.45 and < 0.65), far.Count(d => d > 1.7))
                );
            }
        );
        Says(
            "The other three units change sign so far outside that they are almost constant over the points.",
            () => Assert.Equal(3, Distances(Figure("What eight copies draw"), 1).Count(d => d > 10))
        );
        SetsUp(
            "We give both starts five learning rates, and the random one five seeds:",
            "double[] rates = [0.1, 0.5, 1, 2, 5];",
            "WorstOfFiveRandom = Enumerable.Range(1, 5)"
        );
        Says(
            "No learning rate brings the copies beyond two thirds, and with each of them even the worst of five random starts gets at least 99 % of the points right.",
            () =>
            {
                Assert.All(rates.Column("constant"), right => Assert.True(right < TwoThirds));
                Assert.All(rates.Column("worst of five random"), right => Assert.True(right >= 0.99));
            }
        );
        Derives(
            "Equal units are not slow learners: together they are a single unit.",
            "The note warns that zero weights make a network",
            "Think it through with the three lines above.",
            "line 2 gives $\\delta^{[1]} = 0$: no gradient for $W^{[1]}$ or $b^{[1]}$.",
            "which is 0 for tanh and ReLU: no gradient for $W^{[2]}$ either.",
            "Only the output's bias is left.",
            "and a linear model would at least learn a line."
        );
        SetsUp(
            "Beside zeros we try large weights, of standard deviation 10, and He's rule.",
            "var large = From(Initializer.Normal(10));"
        );
        SetsUp(
            "You will see the boundaries of zeros and of large weights first, and then the three losses.",
            "(\"zeros, trained\", zeros.Network), (\"large, at first\", large.Initial)",
            "(\"zeros\", zeros), (\"large\", large), (\"He\", heStart)"
        );
        Says(
            "Large weights begin with a boundary that is sharp and wrong, and training has to undo it.",
            () => Assert.True(three["large"].First > 10)
        );
        Derives("The losses of the three:");
        Says(
            "The zeros stay at $\\ln 2 \\approx 0.693$, the loss of tossing a coin.",
            () => Assert.All(three["zeros"].Y, loss => Assert.Equal(LnTwo, loss, 3))
        );
        Says(
            "The large weights start above 10, because they are wrong *with confidence*.",
            () => Assert.True(three["large"].First > 10)
        );
        Says(
            "They do learn, but in this run with tanh He's start is below them at every step.",
            () =>
            {
                Assert.True(three["large"].Last < 0.05);
                Assert.All(three["large"].Y.Zip(three["He"].Y), loss => Assert.True(loss.First > loss.Second));
            }
        );
        SetsUp("Medians of five seeds where chance enters:", "Enumerable.Range(1, 5),");
        Says(
            "**Zeros** stay at $\\ln 2$ and at the accuracy of a coin with each activation function.",
            () =>
                Assert.All(
                    Activations,
                    phi =>
                        Assert.Equal(
                            (0.6931, 0.5),
                            (starts["last loss", phi, "zeros"], starts["accuracy", phi, "zeros"])
                        )
                )
        );
        Derives(
            "But its hidden layer sends the same 0.5 for every point, and the two classes, equal in number, pull at the last weights with equal strength.",
            "The sigmoid is a special case: its $\\varphi(0) = 0.5$ is not zero"
        );
        Says(
            "**Constant** weights move but stay copies, and remain below two thirds.",
            () => Assert.All(Activations, phi => Assert.True(starts["accuracy", phi, "constant 0.5"] < TwoThirds))
        );
        Says(
            "In the median of five seeds, **He's rule** gets every point right with each activation function.",
            () => Assert.All(Activations, phi => Assert.Equal(1, starts["accuracy", phi, "He normal"]))
        );
        Says(
            "Which of the two random starts ends lower depends on the activation function",
            () =>
            {
                double Ratio(string phi) =>
                    starts["last loss", phi, "normal, std 10"] / starts["last loss", phi, "He normal"];
                Assert.True(Ratio("tanh") > 1 && Ratio("ReLU") < 1 && Ratio("sigmoid") < 1);
            }
        );
        Says(
            "In the median, they get at least 99 % of the points right with each activation function.",
            () => Assert.All(Activations, phi => Assert.True(starts["accuracy", phi, "normal, std 10"] > 0.99))
        );
        Derives(
            "and this is one learning rate, so we do not rank them",
            "In a network as small as this one, large weights do not prevent learning",
            "With the 64 inputs of notebook 00 they cost something already with one hidden layer",
            "Equal weights are a danger in every network with a hidden layer.",
            "so its numbers are not those of the table.",
            "Its *moons* are two interleaved half circles, which a line separates for the most part.",
            "two standard errors, twice the standard deviation of such a fraction, which is at most 0.05."
        );
        SetsUp("The next card trains for 1,500 steps, its zeros for 1,000", "Claims.Show(2)");
        Derives(
            "The output of each only rises or only falls along its own direction",
            "Walk on that way, and you leave the inner circle without the score going down.",
            "A closed boundary takes at least three."
        );
        Derives(
            "Constant weights move, but as copies, and zeros do not even move.",
            "Where a gradient is 0, a learning rate has nothing to multiply."
        );
        SetsUp(
            "Take the constant network and add $10^{-6}$ to a *single* weight, the first of unit 1.",
            "moved[0, 0] += 1e-6;"
        );
        Says(
            "after some 300 steps the line climbs straight: equal units are like a pencil on its tip, and a millionth is enough to make it fall.",
            () =>
            {
                ShownSeries unit = nudged["unit 1"];
                Assert.InRange(unit.At(300), 1e-7, 1e-5);
                // Straight on a logarithmic axis: the growth per 300 steps is the same to a fifth of its logarithm.
                double early = Math.Log(unit.At(700) / unit.At(400));
                double late = Math.Log(unit.At(1000) / unit.At(700));
                Assert.InRange(early / late, 0.8, 1.25);
                Assert.True(unit.Last > 1);
            }
        );
        Says(
            "Unit 1 leaves the others, and the other seven remain exact copies of each other.",
            () => Assert.All(nudged["units 2 to 8"].Y, y => Assert.Equal(ExactlyZero, y))
        );
        Says(
            "The network has **two** different units now, and that is not enough for a circle.",
            () =>
            {
                Assert.Equal(2, nudged.Series.Count);
                Assert.InRange(Accuracies[0], TwoThirds, 0.9);
            }
        );
        SetsUp(
            "Now every weight of $W^{[1]}$ gets a change of its own, drawn at random between minus and plus a millionth.",
            "w1 + Initializer.Uniform(1e-6).Sample(8, 2, new Random(Seed));"
        );
        Says(
            "No line is at 0, so no unit has an exact copy, and the network learns the circles almost completely.",
            () =>
            {
                Assert.All(jittered.Series, unit => Assert.All(unit.Y, y => Assert.True(y > ExactlyZero)));
                Assert.InRange(Accuracies[1], 0.99, 1);
            }
        );
        Derives("What counts is not that weights are large, but that no two units are the same.");
        Says(
            "But look at the end of the chart: four of the lines fall again. Units 4 to 7 have parted, and then come close together.",
            () =>
            {
                double[][] four = [.. Enumerable.Range(4, 4).Select(unit => Line(jittered, unit).Y)];
                Assert.All(four, y => Assert.True(y.Max() > 5 * y[^1]));
                Assert.All(
                    new[] { 1, 2, 3, 8 },
                    unit => Assert.True(Line(jittered, unit).Last > 0.9 * Line(jittered, unit).Y.Max())
                );
            }
        );
        Says(
            "Rows 4 to 7 agree to within half a hundredth.",
            () =>
                Assert.All(
                    new[] { "1", "2" },
                    input =>
                        Assert.InRange(parted.Column(input)[3..7].Max() - parted.Column(input)[3..7].Min(), 0, 0.005)
                )
        );
        Says(
            "the lines on which they change sign lie some ten radii away: over the data these units are nearly constant, and nearly the same.",
            () => Assert.Equal(4, Distances(tie.State("1e-06"), 1).Count(d => d is > 9 and < 12))
        );
        Says(
            "Units 1, 2, 3 and 8 draw the boundary.",
            () => Assert.Equal(4, Distances(tie.State("1e-06"), 1).Count(d => d is > 0.45 and < 0.65))
        );
        Derives("it does not guarantee that all units find something different to do.");
        SetsUp(
            "for a single weight on the left and for every weight of $W^{[1]}$ on the right.",
            "circles, (\"one weight\", one), (\"all\", all));"
        );
        SetsUp(
            "Each network trains for 3,000 steps.",
            "Trainer.Train(constant.WithWeights(0, w1 + nudge), circles, options).Network;"
        );
        Says(
            "With 0 and with $10^{-15}$ the eight lines of each network cannot be told apart.",
            () =>
            {
                for (int state = 0; state < 2; state++)
                    Assert.All([0, 1], panel => Assert.InRange(Spread(tie.State(Sizes[state]), panel), 0, 0.001));
            }
        );
        Says(
            "With $10^{-12}$ those on the right begin to part, and the boundary is still almost straight.",
            () =>
            {
                Assert.InRange(Spread(tie.State(Sizes[2]), 1), 0.01, 1);
                Assert.InRange(Right(2).All - Right(0).All, 0, 0.01);
            }
        );
        Says(
            "From $10^{-9}$ on, nudges for every weight get more than 99 % of the points right, and the size hardly matters.",
            () => Assert.All(Enumerable.Range(3, 4), state => Assert.InRange(Right(state).All, 0.99, 1))
        );
        Says(
            "With a single weight nudged, the accuracy stays below 80 % at every size:",
            () => Assert.All(Enumerable.Range(0, 7), state => Assert.InRange(Right(state).One, 0, 0.8))
        );
        Says(
            "Choose 0 as the size of the nudge, and the units stay on top of each other.",
            () =>
                Assert.All(
                    new[] { "0", "1000", "3000" },
                    steps =>
                        Assert.Contains("all eight units are equal", hand.Reading("0", steps), StringComparison.Ordinal)
                )
        );
        Derives(
            "two different units close no boundary.",
            "So a smaller nudge does not break the tie less.",
            "With exactly 0, no number of steps is enough."
        );
        Library(
            "It breaks it later: 3,000 steps were too few for $10^{-15}$, but after 9,000 it too gets every point right.",
            () =>
            {
                Dataset circles = Datasets.Circles();
                Network constant = Network.Create([2, 8, 1], Activation.Tanh, Initializer.Constant(0.5), 1);
                Matrix<double> nudge = Initializer.Uniform(1e-6).Sample(8, 2, new Random(1)) * 1e-9;
                TrainingOptions options = new() { LearningRate = 0.5, Steps = 9000 };
                Network start = constant.WithWeights(0, constant.Layers[0].Weights + nudge);
                Assert.Equal(1, circles.Accuracy(Trainer.Train(start, circles, options).Network));
            }
        );
        Says(
            "the steps in which the distances climb from a millionth to one.",
            () => Assert.True(nudged["unit 1"].First < 2e-6 && nudged["unit 1"].Last > 1)
        );
        Says(
            "The nudged networks follow the equal one for as long as their differences are too small to matter.",
            () =>
                Assert.All(
                    new[] { "one nudged", "all nudged" },
                    name => Assert.Equal(plateau["equal"].At(600), plateau[name].At(600), 3)
                )
        );
        Says(
            "Then they drop away: the one with two different units to 0.46 after 3,000 steps, the one with eight to 0.026.",
            () =>
            {
                Assert.Equal(0.46, plateau["one nudged"].Last, 2);
                Assert.Equal(0.026, plateau["all nudged"].Last, 3);
            }
        );
        Derives("It is: the proof needs equal weights *and* equal biases.");
        SetsUp(
            "Leave every weight at 0.5 and give the eight hidden units eight different biases.",
            "Vector<double>.Build.Dense(8, unit => unit - 3.5);"
        );
        Says(
            "Before the first step all weights are equal, at exactly 0 in the chart, which does not compare biases.",
            () =>
            {
                ShownFigure biases = Figure(NearestOf + "0 at first, up to 3.26");
                Assert.All(biases.Series, unit => Assert.Equal(ExactlyZero, unit.First));
            }
        );
        Says(
            "weights differ after one step; at the first look, after thirty, the chart shows them separated.",
            () =>
                Assert.All(
                    Figure(NearestOf + "0 at first, up to 3.26").Series,
                    unit => Assert.Equal((30, true), (unit.X[1], unit.Y[1] > 1e-3))
                )
        );
        Derives(
            "The units receive the same weighted inputs but answer at different places of tanh",
            "But they do not have to, because random weights already do; that is why biases may start at zero.",
            "The note gives another reason, and that one does not hold",
            "The card uses a network of three layers, 2-8-8-1.",
            "a bias gradient passes through every layer above it, as line 2 of the proof says.",
            "The advice itself, to start all biases at zero, is right:",
            "The note's advice is right, then: do not start all weights at zero."
        );
        SetsUp(
            "64 inputs and 10 scores, all weights 0.",
            "Network.Create([64, 10], Activation.Identity, Initializer.Zeros, Seed);"
        );
        Says("It does, and well.", () => Assert.InRange(Printed("test images classified correctly:"), 0.95, 1));
        Derives(
            "The proof fails at line 2:",
            "where the target $y_i$ is 1 for the right class and 0 for the others, so the rows differ after the first step.",
            "Symmetry is a problem of **hidden** units",
            "it has one valley, and every start leads to it.",
            "none that does anything",
            "every gradient but that of the last bias is 0",
            "| one constant | one, in copies | equal units get equal gradients",
            "the nudged unit leaves, the others stay copies",
            "no copies; they separate after a plateau, some stay alike",
            "no copies, from the start",
            "each output is different from the first step on"
        );
        Derives("constant, different biases | no copies | different places of $\\varphi$");
    }

    /// <summary>The sizes of the nudge that breaks the tie.</summary>
    private static readonly string[] Sizes = ["0", "1e-15", "1e-12", "1e-09", "1e-06", "0.001", "0.1"];

    /// <summary>How far the lines of hidden units in a panel are apart at their ends.</summary>
    private static double Spread(ShownFigure figure, int panel)
    {
        ShownSeries lines = figure.Series.Where(series => series.Name == "hidden units").ElementAt(panel);
        double[][] places =
        [
            .. lines
                .X.Zip(lines.Y)
                .Chunk(2)
                .Select(ends => new[] { ends[0].First, ends[0].Second, ends[1].First, ends[1].Second }),
        ];
        Assert.Equal(8, places.Length);
        return Enumerable.Range(0, 4).Max(i => places.Max(one => one[i]) - places.Min(one => one[i]));
    }

    /// <summary>How far the lines of hidden units in a panel are from the middle of the circles.</summary>
    private static double[] Distances(ShownFigure figure, int panel)
    {
        ShownSeries lines = figure.Series.Where(series => series.Name == "hidden units").ElementAt(panel);
        return
        [
            .. lines
                .X.Zip(lines.Y)
                .Chunk(2)
                .Select(ends =>
                    Math.Abs(ends[0].First * ends[1].Second - ends[1].First * ends[0].Second)
                    / double.Hypot(ends[1].First - ends[0].First, ends[1].Second - ends[0].Second)
                ),
        ];
    }

    private static string[] Activations { get; } = ["ReLU", "tanh", "sigmoid"];

    /// <summary>The accuracies that cells print, from the top.</summary>
    private double[] Accuracies =>
        [
            .. Cells
                .Where(Course.IsCode)
                .SelectMany(cell => cell["outputs"]!.AsArray())
                .Select(output => output!["data"]?["text/plain"])
                .Where(text => text is not null)
                .Select(text => Course.Joined(text!))
                .Where(text => text.StartsWith("accuracy ", StringComparison.Ordinal))
                .Select(text =>
                    double.Parse(
                        text["accuracy ".Length..].TrimEnd('%', ' '),
                        System.Globalization.CultureInfo.InvariantCulture
                    ) / 100
                ),
        ];

    /// <summary>The line of a unit; units that are always equally far share one.</summary>
    private static ShownSeries Line(ShownFigure figure, int unit) =>
        figure.Series.Single(series =>
            series
                .Name.Split(' ', ',')
                .Select(word => int.TryParse(word, out int number) ? number : 0)
                .Where(n => n > 0)
                .ToArray()
                is var ends
            && (
                series.Name.Contains(" to ", StringComparison.Ordinal)
                    ? ends[0] <= unit && unit <= ends[^1]
                    : ends.Contains(unit)
            )
        );

    /// <summary>The different lines of hidden units in a panel, at the end of the training.</summary>
    private static string[] UnitLines(ShownFigure figure, string panel)
    {
        ShownSeries[] panels = [.. figure.Series.Where(series => series.Name == "hidden units")];
        ShownSeries lines = panels[panel == "left" ? 0 : 1];
        return [.. lines.X.Zip(lines.Y).Chunk(2).Select(ends => $"{ends[0]} {ends[1]}").Distinct()];
    }
}
