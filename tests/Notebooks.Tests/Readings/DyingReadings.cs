using NotebookSupport;

namespace Notebooks.Tests.Readings;

/// <summary>What notebook 05 says of its figures and tables.</summary>
internal sealed class DyingReadings : LessonReadings
{
    private const string Opening = "100 training steps were asked for";
    private const string TwoScales = "Seeds = seeds.Length";
    private const string Sigmoids = "ten sigmoid layers";
    private const string Tanhs = "ten tanh layers";
    private const string Cases = "the first and the last of ten hidden layers";
    private const string Bowls = "w over the training steps";
    private const string Depths = "tanh at s = 1";
    private const string Corners = "norm of the signal gradient in layers 1 and 20";
    private const string Born = "dead units before training";
    private const string Fates = "what became of units";
    private const string Rescued = "five seeds; units above zero";
    private const string Faded = "five seeds each";
    private const string Ratios = "layer 5 of ten hidden layers";
    private const string BestRates = "each row at its best rate";
    private const string Depth = "He's variance";
    private const string Left = "dead units from biases of -0.5";

    public DyingReadings()
        : base("notebooks/05-vanishing-exploding-dying.ipynb")
    {
        First();
        Patient();
        FiveCases();
        Explosion();
        Scales();
        Directions();
        Dead();
        Leak();
        Normalizations();
        Remaining();
        Summary();
    }

    private void First()
    {
        SetsUp("twenty hidden ReLU layers of 32 units", "Sizes.Of(2, hidden: 32, depth: 20, outputs: 1)");
        SetsUp("Its weights have the variance $4/n$", "Trained(4, Seed, moons, steps: 100)");
        SetsUp("trains on the moons with a learning rate of 0.01", "LearningRate = 0.01");
        Derives(
            "Deep networks fail in a few typical ways",
            "This notebook makes each of them happen",
            "The gradient norm is that of all weight gradients"
        );
        Says(
            "At step 0 it is already above ten thousand, so the first step throws the weights far away.",
            () => Assert.InRange(Table(Opening)["gradient norm", "0"], 1e4, 2e4)
        );
        Says(
            "There the loss is larger still, and at step 3 it is NaN",
            () =>
            {
                double[] losses = Table(Opening).Column("loss");
                Assert.True(losses[0] < losses[1] && losses[1] < losses[2]);
                Assert.Equal("NaN", Table(Opening).Words("loss")[3]);
            }
        );
        SetsUp("We try five seeds, with the variance of He's rule and with twice that", "new[] { 2.0, 4.0 }");
        Says(
            "All five are lost at $4/n$, and none at $2/n$.",
            () => Assert.Equal([0, 5], Table(TwoScales).Column("diverged"))
        );
        Says(
            "a factor of two in the variance decides whether this network diverges",
            () => Assert.Equal([0, 5], Table(TwoScales).Column("diverged"))
        );
        Derives("A learning rate that is far smaller can save it");
    }

    private void Patient()
    {
        Derives(
            "The next patient does not explode",
            "Units: are any dead?",
            "Is the decay spread evenly over the layers? Here is the factor"
        );
        SetsUp("It has ten hidden layers of 64 *sigmoid* units", "hidden: 64, depth: 10, outputs: 10");
        SetsUp("a quarter of the handwritten digits, with every pixel standardized", "Split(0.25, Seed).Train");
        Derives(
            "over all hidden units and examples: is the signal still there",
            "is below 1 % of its largest value",
            "whose slope is exactly 0 for every example;",
            "the norm of the signal gradient $\\delta = \\partial J / \\partial z$, over all hidden units and examples;",
            "always in the same order"
        );
        Says(
            "Yes: from layer 2 to layer 10 the mean square of z stays between 0.14 and 0.37.",
            () => Assert.All(Table(Sigmoids).Column("mean square of Z")[1..], q => Assert.InRange(q, 0.14, 0.37))
        );
        Says(
            "No: not one slope in a thousand is flat.",
            () => Assert.All(Table(Sigmoids).Column("flat slopes"), flat => Assert.InRange(flat, 0, 0.001))
        );
        Says("None. 4.", () => Assert.All(Table(Sigmoids).Column("dead units"), dead => Assert.Equal(0, dead)));
        Says(
            "No: layer 10 has about 0.01, and layer 1 has less than a hundred-thousandth of that.",
            () =>
            {
                double[] deltas = Table(Sigmoids).Column("signal gradient");
                Assert.Equal(0.01, deltas[9], 0.002);
                Assert.InRange(deltas[0] / deltas[9], 0, 1e-5);
            }
        );
        Derives("Layer 1 reads the standardized pixels, the others activations near 1/2");
        Says("So by this table the forward pass is healthy, and the backward pass is not.", QuarterPerLayer);
        Says(
            "That difference shrinks on its way forward by the same slopes",
            () =>
            {
                double[] differences = DifferencesBetweenDigits();
                Assert.All(
                    differences.Skip(1).Zip(differences, (next, here) => next / here),
                    kept => Assert.InRange(Math.Sqrt(kept), 0.18, 0.25)
                );
            }
        );
        Says("Every layer passes on a little less than a quarter of the signal gradient.", QuarterPerLayer);
        Derives("An almost constant factor below 1 per layer is the mark");
        Derives(
            "multiplied by the transposed weights, which at variance $1/n$ keep its size on average",
            "each is nearly as large as a sigmoid's can be",
            "But nine factors of $1/4$ multiply to less than a hundred-thousandth",
            "then an activation with the slope 1 at $z = 0$ is a cure",
            "That is tanh, with the same rule and the same seed"
        );
        Says(
            "the mean square of z falls, but slowly, to 0.06 in layer 10; hardly a slope is flat; no unit is dead; and the first layer has about a third of the signal gradient of the last one.",
            () =>
            {
                double[] squares = Table(Tanhs).Column("mean square of Z");
                Assert.Equal(squares.OrderDescending(), squares);
                Assert.Equal(0.06, squares[9], 0.005);
                Assert.All(Table(Tanhs).Column("flat slopes"), flat => Assert.InRange(flat, 0, 0.01));
                Assert.All(Table(Tanhs).Column("dead units"), dead => Assert.Equal(0, dead));
                double[] deltas = Table(Tanhs).Column("signal gradient");
                Assert.Equal(1.0 / 3, deltas[0] / deltas[9], 0.03);
            }
        );
        SetsUp(
            "its own best learning rate out of five, by the median loss of five seeds after 150",
            "double[] rates = [0.01, 0.03, 0.1, 0.3, 1];",
            "Steps = 150, BatchSize = 32"
        );
        Says(
            "In 150 training steps, even at its best rate, the typical sigmoid network gets hardly more right than the tenth that a guesser gets, and its loss is still within 0.01 of $\\ln 10$.",
            () =>
            {
                Assert.InRange(
                    Table("MedianAccuracy = Median(best.Select(t => t.Result.Right))")["median accuracy", "sigmoid"],
                    0.1,
                    0.125
                );
                Assert.Equal(
                    Math.Log(10),
                    Table("MedianAccuracy = Median(best.Select(t => t.Result.Right))")["median loss", "sigmoid"],
                    0.01
                );
            }
        );
        Says(
            "Its best rate is the smallest of the five.",
            () =>
                Assert.Equal(
                    0.01,
                    Table("MedianAccuracy = Median(best.Select(t => t.Result.Right))")["best rate", "sigmoid"]
                )
        );
        Derives("A smaller one still would move the weights even less");
        Says(
            "The typical tanh network gets every digit right.",
            () =>
                Assert.Equal(
                    1,
                    Table("MedianAccuracy = Median(best.Select(t => t.Result.Right))")["median accuracy", "tanh"]
                )
        );
        Derives("Check forward, slopes, units, backward, in this order");
    }

    /// <summary>The variance of z over the digits, the mean of all units, in each layer of the sigmoid network.</summary>
    private static double[] DifferencesBetweenDigits()
    {
        Dataset images = Datasets.Digits().Split(0.25, 1).Train;
        Dataset digits = Standardization.Of(images).Apply(images);
        return
        [
            .. Network
                .Create(
                    Sizes.Of(64, hidden: 64, depth: 10, outputs: 10),
                    Activation.Sigmoid,
                    Initializer.LeCunNormal,
                    1
                )
                .Signals(digits.Inputs, digits.Targets, digits.Loss)
                .SkipLast(1)
                .Select(signal =>
                    signal
                        .PreActivations.EnumerateRows()
                        .Average(unit => unit.Average(z => Math.Pow(z - unit.Average(), 2)))
                ),
        ];
    }

    private void QuarterPerLayer()
    {
        double[] deltas = Table(Sigmoids).Column("signal gradient");
        Assert.All(deltas.Zip(deltas.Skip(1), (here, next) => here / next), kept => Assert.InRange(kept, 0.22, 0.25));
        Assert.InRange(Table(Sigmoids)["mean square of Z", "10"] / Table(Sigmoids)["mean square of Z", "2"], 0.5, 2);
    }

    private void FiveCases()
    {
        SetsUp(
            "Now five networks of the same shape, one healthy and four sick.",
            "(string Name, Network Network)[] cases"
        );
        SetsUp(
            "the last two are new: *saturating* has sigmoid units and weights drawn evenly from 0 to 1",
            "Ten(Activation.Sigmoid, positive)",
            "Initializer.Uniform(0.5).Sample(rows, columns, random) + 0.5"
        );
        SetsUp("but every bias starts at $-0.5$", "Ten(Activation.ReLU, Initializer.HeNormal, -0.5)");
        SetsUp(
            "The chart shows the signal gradient in every layer, of all but the saturating network",
            "cases.Where(c => c.Name != \"saturating\")"
        );
        Says(
            "Of these four, only the exploding network has a larger signal gradient in layer 1 than in layer 10.",
            () =>
                Assert.Equal(
                    ["exploding"],
                    Figure("Signal gradients tell").Series.Where(one => one.First > one.Last).Select(one => one.Name)
                )
        );
        Says(
            "Almost nothing of the signal gradient arrives in layer 1.",
            () => Assert.InRange(Case("signal gradient", "saturating", 1), 1e-90, 1e-80)
        );
        Says(
            "both gradients have about the same size at both ends, within a factor of 1.5",
            () =>
            {
                Assert.InRange(Case("signal gradient", "healthy", 10) / Case("signal gradient", "healthy", 1), 1, 1.5);
                Assert.InRange(Case("weight gradient", "healthy", 10) / Case("weight gradient", "healthy", 1), 1, 1.5);
            }
        );
        Says(
            "About half of the slopes are flat: for ReLU",
            () =>
            {
                Assert.Equal(0.5, Case("flat slopes", "healthy", 1), 0.1);
                Assert.Equal(0.5, Case("flat slopes", "healthy", 10), 0.1);
            }
        );
        Says(
            "Even here 11 % of the units of layer 10 are dead",
            () => Assert.Equal(0.11, Case("dead units", "healthy", 10), 0.005)
        );
        Says(
            "the mean square of z falls by a factor of a thousand, and the signal gradient by more than 25 on its way back",
            () =>
            {
                Assert.InRange(
                    Case("mean square of Z", "vanishing", 1) / Case("mean square of Z", "vanishing", 10),
                    950,
                    1100
                );
                Assert.InRange(
                    Case("signal gradient", "vanishing", 10) / Case("signal gradient", "vanishing", 1),
                    25,
                    32
                );
            }
        );
        Says("The slopes are those of the healthy network, to the last digit", () => SameSlopes("vanishing"));
        Derives("weights that are all smaller by the same factor change no sign");
        Says(
            "The *weight* gradient is about equally small at both ends, as notebook 03 derived.",
            () =>
                Assert.Equal(1, Case("weight gradient", "vanishing", 1) / Case("weight gradient", "vanishing", 10), 0.1)
        );
        Says("the mirror image, with the same slopes again", () => SameSlopes("exploding"));
        Says(
            "The mean square of z grows by a factor of about 250, and the signal gradient by more than 18 on its way back.",
            () =>
            {
                Assert.InRange(
                    Case("signal gradient", "exploding", 1) / Case("signal gradient", "exploding", 10),
                    18,
                    20
                );
                Assert.Equal(
                    250,
                    Case("mean square of Z", "exploding", 10) / Case("mean square of Z", "exploding", 1),
                    5.0
                );
            }
        );
        Derives("from the second layer on, every unit adds up 64 positive products to a large z");
        Says(
            "In layer 10 all slopes are flat, and yet no unit is dead: the slopes are tiny, not 0.",
            () =>
            {
                Assert.Equal(1, Case("flat slopes", "saturating", 10));
                Assert.Equal(0, Case("dead units", "saturating", 10));
            }
        );
        Says(
            "Dying: the mean square of z looks healthy, because it is little more than that of the bias: $0.5^2$ is 0.25.",
            () => Assert.InRange(Case("mean square of Z", "dying", 10), 0.25, 0.26)
        );
        Says(
            "But more than four fifths of the units of layer 10 are dead, and the others are awake for so few digits that not one slope in a thousand is left.",
            () =>
            {
                Assert.InRange(Case("dead units", "dying", 10), 0.8, 0.9);
                Assert.InRange(Case("flat slopes", "dying", 10), 0.999, 1);
            }
        );
        Derives("which fears that large positive weights with a sigmoid make the gradient explode");
        Says(
            "In this feed-forward network they do the opposite.",
            () => Assert.InRange(Case("signal gradient", "saturating", 1), 0, 1e-80)
        );
        Derives(
            "The weights have a mean above 0, so every unit adds up a large number",
            "Where a bias brings the units back to the middle",
            "So the mean of the weights and the bias decide together"
        );
        Says(
            "Each of the five has its own pattern over the columns",
            () =>
            {
                Assert.True(Case("dead units", "dying", 10) > 2 * Case("dead units", "healthy", 10));
                Assert.Equal(1, Case("flat slopes", "saturating", 10));
                Assert.True(Case("signal gradient", "vanishing", 1) < Case("signal gradient", "healthy", 1) / 10);
                Assert.True(Case("signal gradient", "exploding", 1) > Case("signal gradient", "healthy", 1) * 10);
            }
        );
    }

    private void SameSlopes(string name)
    {
        foreach (int layer in (int[])[1, 10])
        {
            Assert.Equal(Case("flat slopes", "healthy", layer), Case("flat slopes", name, layer));
            Assert.Equal(Case("dead units", "healthy", layer), Case("dead units", name, layer));
        }
    }

    private double Case(string column, string name, int layer) => Table(Cases)[column, name, $"{layer}"];

    private void Explosion()
    {
        Derives(
            "make the training oscillate around the minimum, or jump past it",
            "Let us see all four, one by one",
            "Near a minimum, along one direction, a loss looks like a parabola",
            "where numbers grow from layer to layer, they overflow and end in NaN",
            "A training step with the learning rate $\\eta$ replaces $w$"
        );
        Says(
            "At 0.2 the weight walks to the minimum at 0.",
            () => Assert.All(Steps("short steps"), ratio => Assert.InRange(ratio, 0.59, 0.61))
        );
        Says(
            "At 0.9 the factor is $-0.8$: the weight *oscillates*, but comes closer with every step.",
            () => Assert.All(Steps("long steps"), ratio => Assert.Equal(-0.8, ratio, 0.001))
        );
        Says(
            "At 1.1 the factor is $-1.2$, and each step *overshoots* by more than the one before.",
            () => Assert.All(Steps("too long steps"), ratio => Assert.Equal(-1.2, ratio, 0.001))
        );
        Derives("The limit is at 1, where the factor is $-1$.");
        Derives(
            "so a learning rate that suits a healthy network may be far over the limit",
            "which is $k$ times as steep"
        );
        SetsUp(
            "three networks of the first section, with one seed and one learning rate",
            "Trained(scale, 2, moons, steps: 60)"
        );
        Says(
            "With $2.4/n$ and $2.6/n$ the first step jumps to a loss of about 40 and of about 400, and both come back.",
            () =>
            {
                ShownFigure jumps = Figure("The larger the weights at the start");
                Assert.Equal(40, jumps["2.4/n"].Y[1], 4.0);
                Assert.Equal(400, jumps["2.6/n"].Y[1], 40.0);
                Assert.InRange(jumps["2.4/n"].Last, 0, 0.6931);
                Assert.InRange(jumps["2.6/n"].Last, 0, 0.6931);
            }
        );
        Says(
            "At $4/n$, in the first table, there was no way back: the numbers overflowed.",
            () => Assert.Equal("NaN", Table(Opening).Words("loss")[^1])
        );
        Derives(
            "The largest `float` (32 bits) is between $10^{38}$ and $10^{39}$",
            "Numbers that grow tenfold per layer are $10^l$ in layer $l$",
            "multiplies mean squares by 100, so sizes by ten"
        );
        SetsUp("Here are 320 such layers of 50 units", "Sizes.Of(50, hidden: 50, depth: 320, outputs: 1)");
        Says(
            "The first infinity comes one layer after the layer that the table gives for a `double`;",
            () =>
                Assert.Equal(
                    Table("the first layer whose numbers")["double", "10"] + 1,
                    Printed("first infinity: layer ")
                )
        );
        Says(
            "One layer later there is the first NaN",
            () => Assert.Equal(Printed("first infinity: layer ") + 1, Printed("NaN: layer "))
        );
        Derives("A single such step makes the loss NaN");
        Says(
            "All four can be seen, so claim 10 is right.",
            () =>
            {
                Assert.All(Steps("long steps"), ratio => Assert.InRange(ratio, -1, 0));
                Assert.All(Steps("too long steps"), ratio => Assert.True(ratio < -1));
                Assert.Equal(310, Printed("first infinity: layer "));
                Assert.Equal("NaN", Table(Opening).Words("loss")[^1]);
            }
        );
    }

    private double[] Steps(string column)
    {
        double[] w = Table(Bowls).Column(column);
        return [.. w.Skip(1).Zip(w, (next, here) => next / here)];
    }

    private void Scales()
    {
        Derives("Notebook 03 introduced $\\chi$, the factor of a squared signal gradient in one layer.");
        SetsUp(
            "20 layers of 128 units, three seeds for each scale",
            "int depth = 20",
            "Sizes.Of(128, hidden: 128, depth, outputs: 1)"
        );
        Derives("is the factor that each of the layers would have if all had the same");
        Says(
            "The lines cross 1 at $s = 1$ for tanh and near 10 for the sigmoid.",
            () =>
            {
                ShownFigure factors = Figure("Tanh keeps");
                Assert.Equal(1, factors["chi of tanh"].At(1), 0.01);
                Assert.Equal(1, factors["chi of sigmoid"].At(10), 0.05);
            }
        );
        Says(
            "Not at 4, where $s$ times the sigmoid's largest slope is 1: weights that large make z large, and there the slopes are smaller.",
            () => Assert.All(At(Figure("Tanh keeps")["sigmoid"], 4), factor => Assert.InRange(factor, 0, 0.5))
        );
        Says(
            "Below the crossing signal gradients vanish, above they explode.",
            () =>
            {
                AllOnOneSide("tanh", 1);
                AllOnOneSide("sigmoid", 10.15);
            }
        );
        Says(
            "At the right end the points of tanh lie below their line: few of 128 units have a slope there that is not flat.",
            () =>
            {
                ShownFigure factors = Figure("Tanh keeps");
                Assert.All(
                    At(factors["tanh"], 40),
                    factor => Assert.True(factor < 0.9 * factors["chi of tanh"].At(40))
                );
            }
        );
        Derives("Wider layers come nearer to the line");
        Says(
            "each sigmoid layer divides the squared signal gradient by more than ten",
            () => Assert.All(At(Figure("Tanh keeps")["sigmoid"], 1), factor => Assert.InRange(factor, 0, 0.1))
        );
        Says(
            "it is the factor of about 0.24 from above, squared",
            () =>
                Assert.All(
                    At(Figure("Tanh keeps")["sigmoid"], 1),
                    factor => Assert.Equal(0.24, Math.Sqrt(factor), 0.01)
                )
        );
        Says(
            "The line is at 1.00, and the points lie below it, between 0.8 and 0.9.",
            () =>
            {
                Assert.Equal(1, Figure("Tanh keeps")["chi of tanh"].At(1), 0.005);
                Assert.All(At(Figure("Tanh keeps")["tanh"], 1), factor => Assert.InRange(factor, 0.8, 0.9));
            }
        );
        Derives(
            "At $s = 1$ it would settle at 0, but it falls ever more slowly, so twenty layers are not enough",
            "the factors $\\chi(q_l)$ of all layers on the way"
        );
        Says(
            "Layer by layer, theory and measurement agree within 3 % at each of the three depths, and both approach 1 slowly.",
            () =>
            {
                double[] measured = Table(Depths).Column("measured median");
                double[] theory = Table(Depths).Column("theory layer by layer");
                Assert.All(measured.Zip(theory, (m, t) => m / t), ratio => Assert.Equal(1, ratio, 0.03));
                Assert.Equal(measured.Order(), measured);
                Assert.Equal(theory.Order(), theory);
                Assert.All(measured, factor => Assert.True(factor < 0.95));
            }
        );
        Says(
            "So at its critical scale a tanh network does lose signal gradient, but more and more slowly",
            () => Assert.All(Table(Depths).Column("measured median"), factor => Assert.True(factor < 1))
        );
        Derives("with equal widths, LeCun's rule");
    }

    private static double[] At(ShownSeries series, double x) =>
        [.. series.X.Zip(series.Y).Where(p => p.First == x).Select(p => p.Second)];

    private void AllOnOneSide(string name, double crossing)
    {
        ShownSeries points = Figure("Tanh keeps")[name];
        // The points at the crossing itself have a sentence of their own.
        foreach (
            (double s, double factor) in points.X.Zip(points.Y).Where(point => Math.Abs(point.First - crossing) > 0.2)
        )
            Assert.Equal(s > crossing, factor > 1);
    }

    private void Directions()
    {
        Derives(
            "the gradient shrinks more and more as the training nears its minimum",
            "A map with both as its axes settles it"
        );
        SetsUp(
            "The network is the one of the first section, of ReLU units",
            "Trained(scale, Seed, blobs, steps: 1000)",
            "Activation.ReLU, Initializer.VarianceScaling(scale), seed"
        );
        SetsUp(
            "at twenty moments of a training of 1,000 training steps",
            "Snapshots = 20",
            "Trained(scale, Seed, blobs, steps: 1000)"
        );
        SetsUp("The task is the two clouds of notebook 02, and each button is another variance", "Datasets.Blobs(100)");
        Derives("The same in numbers, at the corners of each map");
        Says(
            "layer 1 has less than a six-hundredth of what layer 20 has",
            () => Assert.InRange(Corner("first layer before", "1") / Corner("last layer before", "1"), 0, 1.0 / 600)
        );
        Says(
            "In time, the signal gradient of layer 1 does not shrink. It *grows*, by a factor of more than twenty, although the loss falls.",
            () =>
            {
                Assert.InRange(Corner("first layer after", "1") / Corner("first layer before", "1"), 20, 40);
                Assert.InRange(Corner("loss after", "1"), 0, 0.2);
            }
        );
        Says(
            "At $2/n$ layers 1 and 20 differ by less than a factor of two before the first step.",
            () => Assert.InRange(Corner("last layer before", "2") / Corner("first layer before", "2"), 1, 2)
        );
        Says(
            "both fade, by factors of more than forty, while the loss falls below 0.001",
            () =>
            {
                Assert.True(Corner("first layer before", "2") > 40 * Corner("first layer after", "2"));
                Assert.True(Corner("last layer before", "2") > 40 * Corner("last layer after", "2"));
                Assert.InRange(Corner("loss after", "2"), 0, 0.001);
            }
        );
        Says(
            "layer 1 has more than ten times as much as layer 20",
            () => Assert.True(Corner("first layer before", "2.8") > 10 * Corner("last layer before", "2.8"))
        );
        Says(
            "From left to right both fade too.",
            () =>
            {
                Assert.True(Corner("first layer before", "2.8") > 10 * Corner("first layer after", "2.8"));
                Assert.True(Corner("last layer before", "2.8") > 10 * Corner("last layer after", "2.8"));
            }
        );
        Derives(
            "Shrinking from left to right, together with the loss, is success: little is left to learn.",
            "The note's sentence mixes two things"
        );
    }

    private double Corner(string column, string scale) => Table(Corners)[column, scale];

    private void Dead()
    {
        Derives(
            "A hidden ReLU unit whose pre-activation is not above 0 for any example is **dead**",
            "So the weight gradients of *its own* weights and bias are exactly 0"
        );
        SetsUp(
            "The network has eight hidden layers of 32 units and trains on all digits, not standardized, for 400 training steps, with five seeds",
            "hidden: 32, depth: 8, outputs: 10",
            "Steps = 400, BatchSize = 64"
        );
        SetsUp("There are four starts: He's rule;", "(\"He\", 0, 0.1), (\"He, bias -0.1\", -0.1, 0.1)");
        SetsUp("He's rule with biases that start at $-0.1$; the same with $-0.5$", "(\"He, bias -0.5\", -0.5, 0.1)");
        SetsUp("with a learning rate of 1, ten times that of the others", "(\"He, rate 1\", 0, 1)");
        Derives("First the fraction of dead units in each layer");
        Says(
            "A bias of $-0.5$ kills 12.5 % of the units in the first layer, more than a third in the second, more than 90 % in the third, and all of them from the fourth on",
            () =>
            {
                double[] dead = Table(Born).Column("large bias");
                Assert.Equal(12.5, dead[0]);
                Assert.InRange(dead[1], 33.4, 40);
                Assert.InRange(dead[2], 90, 95);
                Assert.All(dead[3..], fraction => Assert.Equal(100, fraction));
            }
        );
        Says(
            "Without a bias, too, more units are dead in the last layer than in the first",
            () =>
            {
                double[] dead = Table(Born).Column("no bias");
                Assert.True(dead[^1] > 2 * dead[0]);
            }
        );
        Derives("so a unit that is 0 for one digit is often 0 for all", "*Revived* units were dead before training");
        SetsUp(
            "Over five seeds there are 160 units in layer 1 and 1,120 in layers 2 to 8",
            "int[] seeds = [1, 2, 3, 4, 5];",
            "hidden: 32, depth: 8, outputs: 10"
        );
        Says(
            "In layers 2 to 8, with He's rule and with biases of $-0.1$, most come back.",
            () =>
            {
                Assert.InRange(Fate("revived", "He", "2 to 8") / Fate("dead before", "He", "2 to 8"), 0.5, 0.9);
                Assert.InRange(
                    Fate("revived", "He, bias -0.1", "2 to 8") / Fate("dead before", "He, bias -0.1", "2 to 8"),
                    0.5,
                    0.9
                );
            }
        );
        Derives("Their own weights do not move, but their *inputs* do");
        Says(
            "In layer 1 not one comes back.",
            () =>
            {
                foreach (string start in (string[])["He", "He, bias -0.1", "He, bias -0.5", "He, rate 1"])
                {
                    Assert.True(Fate("dead before", start, "1") > 0);
                    Assert.Equal(0, Fate("revived", start, "1"));
                }
            }
        );
        Derives(
            "Its inputs are the data, and they stay what they are",
            "a unit of the first layer that is dead on all data stays dead for ever"
        );
        Says(
            "With biases of $-0.5$ not one comes back in any layer.",
            () =>
            {
                Assert.True(Fate("dead before", "He, bias -0.5", "2 to 8") > 1000);
                Assert.Equal(0, Fate("revived", "He, bias -0.5", "2 to 8"));
            }
        );
        Says(
            "From the fourth layer on all units are dead in these networks",
            () => Assert.All(Table(Born).Column("large bias")[3..], fraction => Assert.Equal(100, fraction))
        );
        Derives("Only the biases of the output layer can learn");
        Says(
            "A learning rate of 1 kills** hundreds of units that were alive",
            () =>
            {
                Assert.True(Fate("killed", "He, rate 1", "2 to 8") >= 200);
                Assert.True(Fate("killed", "He, rate 1", "2 to 8") > 10 * Fate("killed", "He", "2 to 8"));
            }
        );
        SetsUp(
            "We can check on the weights themselves that nothing moves below dead layers",
            "t.Configuration.Name == \"He, bias -0.5\""
        );
        Says(
            "Exactly 0 in all nine layers of weights.",
            () => Assert.Equal("0, 0, 0, 0, 0, 0, 0, 0, 0", Text("largest move of a weight, layers 1 to 9: "))
        );
        Says(
            "A dead unit can come back if the layers below it still learn",
            () =>
            {
                Assert.True(Fate("revived", "He", "2 to 8") > 0);
                Assert.Equal(0, Fate("revived", "He, bias -0.5", "2 to 8"));
            }
        );
    }

    private double Fate(string column, string start, string layers) => Table(Fates)[column, start, layers];

    private void Leak()
    {
        Derives("has no dead units, because its slope is nowhere 0");
        SetsUp(
            "one hidden layer of 16 units on the moons, and a bias so negative that no unit is positive for any example",
            "[2, 16, 1], phi",
            "Small(Activation.ReLU, -7, seed)"
        );
        SetsUp("It trains for 1,000 training steps of Adam", "Steps = 1000, Optimizer = Optimizer.Adam()");
        SetsUp(
            "with ReLU and with leaks of 0.01 and 0.1; for comparison",
            "Small(Activation.LeakyReLU(0.01), -7, seed)"
        );
        SetsUp("Each gets its best learning rate out of six", "double[] six = [0.01, 0.03, 0.1, 0.3, 1, 3];");
        SetsUp("Each of the five tries the same six learning rates.", "from rate in six");
        SetsUp("lie within 0.03 of each other, or all diverge", "- best.Loss < 0.03 ? \"all alike\"");
        Derives(
            "Here are the losses of all five seeds over all rates",
            "And each at the rate with the smallest median loss"
        );
        Says(
            "The dead ReLU network stays at $\\ln 2$ at every rate, and none of its units comes back.",
            () =>
            {
                Assert.All(
                    Figure("Dead networks learn")["ReLU, dead"].Y,
                    loss => Assert.Equal(Math.Log(2), loss, 0.0005)
                );
                Assert.Equal("0, 0, 0, 0, 0", Table(Rescued).Words("units above zero")[0]);
            }
        );
        Says(
            "At their best rates both leaks get all the moons right in all five seeds, as the healthy network does, and leave the linear model's 85 % behind.",
            () =>
            {
                Assert.Equal([1, 1, 1], Table(Rescued).Column("worst accuracy")[1..4]);
                Assert.Equal(0.85, Table(Rescued)["median accuracy", "linear model"]);
            }
        );
        Says(
            "So here the note's remedy works, for dead units.",
            () => Assert.All(Table(Rescued).Column("median loss")[1..3], loss => Assert.InRange(loss, 0, 0.001))
        );
        Says(
            "At the rates 0.01 and 0.03 the leak of 0.1 ends where the linear model ends.",
            () =>
            {
                ShownFigure losses = Figure("Dead networks learn");
                foreach (double rate in (double[])[0.01, 0.03])
                    Assert.Equal(Middle(losses["linear model"], rate), Middle(losses["leak 0.1, dead"], rate), 0.01);
            }
        );
        Derives(
            "As long as no unit is positive, a network of leaky units *is* a linear model",
            "and here training finds the best line and stays there"
        );
        Says(
            "The leak of 0.01 leaves the line at these rates too, and both leaks do at 0.3 and 1.",
            () =>
            {
                ShownFigure losses = Figure("Dead networks learn");
                double line = At(losses["linear model"], 0.3).Min();
                foreach (double rate in (double[])[0.01, 0.03, 0.3, 1])
                    Assert.All(At(losses["leak 0.01, dead"], rate), loss => Assert.InRange(loss, 0, 0.9 * line));
                foreach (double rate in (double[])[0.3, 1])
                    Assert.All(At(losses["leak 0.1, dead"], rate), loss => Assert.InRange(loss, 0, 0.9 * line));
            }
        );
        SetsUp(
            "twenty hidden layers of 16 units with the variance $1/n$, no dead layer",
            "Sizes.Of(2, 16, 20, 1), t.d.Phi",
            "Activation.LeakyReLU(0.01), 1)"
        );
        Derives("Notebook 04 derived the factor", "Claim 11 promises such a remedy");
        Derives("A leak of 0.01 makes it larger by a ten-thousandth of itself");
        SetsUp(
            "Each of the networks gets its best learning rate out of five, for 200 training steps",
            "new[] { 0.01, 0.03, 0.1, 0.3, 1 }",
            "Steps = 200"
        );
        Says(
            "the typical network at $1/n$ has barely left $\\ln 2$ after 200 training steps, whatever the rate, while He's rule ends more than fifty times lower",
            () =>
            {
                double[] losses = Table(Faded).Column("median loss");
                Assert.All(losses[..2], loss => Assert.InRange(loss, 0.67, Math.Log(2)));
                Assert.True(50 * losses[2] < losses[1]);
                Assert.Equal(["all alike", "all alike"], Table(Faded).Words("best rate")[..2]);
            }
        );
        Says(
            "the two factors measured at $1/n$ differ by less than 1 %, and the one with the leak is the smaller",
            () =>
            {
                double[] factors = Table(Faded).Column("factor per layer");
                Assert.InRange(factors[1] / factors[0], 0.99, 1);
                Assert.NotEqual(factors[0], factors[1]);
            }
        );
        Says(
            "The measured factors are a little below $1/2$ and 1 because",
            () =>
            {
                double[] factors = Table(Faded).Column("factor per layer");
                Assert.All(factors[..2], factor => Assert.InRange(factor, 0.45, 0.5));
                Assert.InRange(factors[2], 0.9, 1);
            }
        );
        Says(
            "A leak of 0.01 is a way back for units without a slope, and no remedy for a scale that is too small",
            () => Assert.InRange(Table(Faded)["median loss", "leak 0.01, 1/n"], 0.67, Math.Log(2))
        );
    }

    private static double Middle(ShownSeries series, double x)
    {
        double[] all = [.. At(series, x).Order()];
        Assert.Equal(5, all.Length);
        return all[2];
    }

    private void Normalizations()
    {
        Derives(
            "to the mean 0 and the variance 1, whatever the weights are",
            "of each hidden unit over the examples of the batch",
            "equal values from a division by 0",
            "also learn a factor for each unit",
            "Multiply $W$ by some $c > 0$",
            "The scale of the weights cancels out of the forward pass.",
            "So the loss is the same function at $W$ and at $cW$",
            "The scale has not gone: it has become a learning rate."
        );
        SetsUp(
            "The network has ten hidden ReLU layers on the digits",
            "Normalized(kind, scale, 10, Seed)",
            "network.Layers[l].Weights * Math.Sqrt(scale / 2)"
        );
        Derives("as a fraction of the weights, here in layer 5");
        Says(
            "Without normalization the mean square of z spans twenty powers of ten.",
            () =>
                Assert.Equal(
                    20,
                    Math.Log10(Ratio("mean square of Z", "None", "200") / Ratio("mean square of Z", "None", "0.02")),
                    0.5
                )
        );
        Says(
            "With either normalization it is 1 at all three scales, or as good as 1.",
            () => Assert.All(Table(Ratios).Column("mean square of Z")[3..], q => Assert.Equal(1, q, 0.002))
        );
        Says(
            "At the variance $0.02/n$ it is 0.998 with the one and 0.999 with the other, which is the small number at work.",
            () =>
            {
                Assert.Equal(0.998, Ratio("mean square of Z", "Batch", "0.02"), 0.0005);
                Assert.Equal(0.999, Ratio("mean square of Z", "Layer", "0.02"), 0.0005);
            }
        );
        Says(
            "the relative step is divided by a hundred for each hundredfold variance, as derived: weights ten times as large, steps a hundred times as short in comparison",
            () =>
            {
                foreach (string kind in (string[])["Batch", "Layer"])
                {
                    Assert.Equal(100, Ratio("relative step", kind, "0.02") / Ratio("relative step", kind, "2"), 1.0);
                    Assert.Equal(100, Ratio("relative step", kind, "2") / Ratio("relative step", kind, "200"), 1.0);
                }
            }
        );
        SetsUp(
            "Each kind has three scales and ten learning rates, with five seeds",
            "double[] wide = [0.02, 2, 200];",
            "double[] half = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];"
        );
        SetsUp("100 training steps on batches of 32 digits", "Steps = 100, BatchSize = 32 }).FinalLoss");
        SetsUp("The output layer starts from He's rule in all of them", "for (int l = 0; l < depth; l++)");
        Derives("And the best rate of each");
        Says(
            "With batch normalization every scale trains: over four powers of ten of the variance the best median losses differ by less than a factor of three.",
            () =>
            {
                double[] losses = Best("Batch");
                Assert.InRange(losses.Max() / losses.Min(), 1, 3);
                Assert.All(losses, loss => Assert.InRange(loss, 0, 0.7));
            }
        );
        Says(
            "Without normalization, $0.02/n$ does not move from $\\ln 10$ at any rate, so no rate is the best, and $200/n$ diverges at all of them.",
            () =>
            {
                Assert.Equal(Math.Log(10), Table(BestRates)["median loss", "None", "0.02"], 0.01);
                Assert.Equal("∞", Table(BestRates).Words("median loss")[2]);
                Assert.Equal("all alike", Table(BestRates).Words("best rate")[0]);
                Assert.Equal("all diverge", Table(BestRates).Words("best rate")[2]);
            }
        );
        Says(
            "Layer normalization trains at all three scales too, but ends higher than batch normalization here.",
            () => Assert.All(Best("Layer"), loss => Assert.InRange(loss, Best("Batch").Max(), 0.8 * Math.Log(10)))
        );
        Says(
            "Batch normalization ends far below He's rule alone, layer normalization about where He's rule alone ends.",
            () =>
            {
                double he = Table(BestRates)["median loss", "None", "2"];
                Assert.All(Best("Batch"), loss => Assert.InRange(loss, 0, he / 2));
                Assert.All(Best("Layer"), loss => Assert.Equal(he, loss, 0.25 * he));
            }
        );
        Says(
            "With batch normalization the best rate grows with the variance, but less than the hundredfold that the formula",
            () =>
            {
                double[] best = BestRate("Batch");
                Assert.True(best[0] < best[1] && best[1] < best[2] && best[2] < 100 * best[0]);
            }
        );
        Says(
            "With layer normalization it grows more than a hundredfold first, and then not at all.",
            () =>
            {
                double[] best = BestRate("Layer");
                Assert.True(best[1] > 100 * best[0]);
                Assert.Equal(best[1], best[2]);
            }
        );
        Derives(
            "Two things are not in the formula",
            "The loss is the same at $W$ and $cW$",
            "A step at a right angle makes a vector longer"
        );
        SetsUp(
            "before and after 100 training steps with batch normalization and one rate",
            "Normalized(Normalization.Batch, scale, 10, Seed), images"
        );
        Says(
            "The small weights have grown until the steps suit them; the large ones have not moved within four digits.",
            () =>
            {
                Assert.True(Grown("after")[0] > 10 * Grown("before")[0]);
                Assert.Equal(Grown("before")[2], Grown("after")[2]);
            }
        );
        Says(
            "So weights that start too small repair themselves, and weights that start too large need a larger rate.",
            () => Assert.True(Grown("after")[0] > 10 * Grown("before")[0])
        );
    }

    /// <summary>The median losses of a normalization at the best rates of the three scales.</summary>
    private double[] Best(string kind) =>
        [.. new[] { "0.02", "2", "200" }.Select(scale => Table(BestRates)["median loss", kind, scale])];

    private double[] BestRate(string kind) =>
        [.. new[] { "0.02", "2", "200" }.Select(scale => Table(BestRates)["best rate", kind, scale])];

    private double[] Grown(string column) => Table("variance of the weights times n in layer 5").Column(column);

    private double Ratio(string column, string kind, string scale) => Table(Ratios)[column, kind, scale];

    private void Remaining()
    {
        SetsUp(
            "ten hidden layers and twenty, all from He's variance, each at its best rate (for twenty layers, of seven from 0.003 to 3)",
            "TwentyLayers(kind)",
            "half[3..]"
        );
        SetsUp("measured in twenty layers of 64 units", "Sizes.Of(64, hidden: 64, depth: 20, outputs: 1)");
        Derives(
            "Three questions remain",
            "`Backward` measures that factor",
            "measures the factor of each before training"
        );
        Says(
            "as with He's rule alone, the squared signal gradient keeps its size to within 3 % per layer",
            () =>
            {
                Assert.Equal(1, Table(Depth)["factor per layer", "None"], 0.03);
                Assert.Equal(1, Table(Depth)["factor per layer", "Layer"], 0.03);
            }
        );
        Says(
            "it **explodes**, by a factor of almost 1.5 per layer",
            () => Assert.Equal(Math.PI / (Math.PI - 1), Table(Depth)["factor per layer", "Batch"], 0.03)
        );
        Derives(
            "ReLU's slope keeps half of its square",
            "This can be computed for wide layers and large batches",
            "so the variance of $a$ over the batch is",
            "So the square changes by the factor"
        );
        Says(
            "What we measured is within 2 % of it.",
            () => Assert.Equal(1, Table(Depth)["factor per layer", "Batch"] * (Math.PI - 1) / Math.PI, 0.02)
        );
        Says(
            "After 100 training steps all three networks end higher with twenty hidden layers than with ten.",
            () =>
                Assert.All(
                    Table(Depth).Column("loss of ten layers").Zip(Table(Depth).Column("loss of twenty layers")),
                    losses => Assert.True(losses.First < losses.Second)
                )
        );
        Says(
            "Batch normalization ends lowest at both depths.",
            () =>
            {
                foreach (string column in (string[])["loss of ten layers", "loss of twenty layers"])
                    Assert.Equal(Table(Depth).Column(column).Min(), Table(Depth)[column, "Batch"]);
            }
        );
        SetsUp(
            "eight hidden layers with biases of $-0.5$, whose last layer was all dead above",
            "Initializer.Constant(-0.5), normalization: kind"
        );
        SetsUp("eight hidden layers in which every weight is 0.1", "Initializer.Constant(0.1), Seed");
        Says(
            "Without normalization the last hidden layer is all dead; with either kind no unit of it is.",
            () => Assert.Equal([1, 0, 0], Table(Left).Column("dead in the last layer"))
        );
        Derives("The normalization sets the mean to 0 *before* the bias is added");
        Says(
            "But the last column is exactly 0 in all three rows: units that start equal stay equal.",
            () => Assert.Equal(["0", "0", "0"], Table(Left).Words("difference of units"))
        );
        Derives(
            "Equal rows of $W$ give equal sums",
            "Layer normalization even makes them all 0",
            "Only a random draw breaks the tie"
        );
        Says(
            "Normalization takes over the scale of the weights and prevents units that are dead from the start",
            () => Assert.Equal([1, 0, 0], Table(Left).Column("dead in the last layer"))
        );
        Derives("It leaves the breaking of the symmetry");
    }

    private void Summary()
    {
        Derives(
            "healthy | keeps its size",
            "vanishing | often shrinks",
            "exploding | often grows",
            "saturating | large z",
            "dying | may look healthy",
            "near a minimum |",
            "Can a dead unit come back? |",
            "What does a leak cure? |",
            "A leak of 0.01 does not cure vanishing.",
            "Not the symmetry, and not all of the depth.",
            "What does normalization take over? |",
            "Before: [04",
            "Next: [06"
        );
    }

    private string Text(string words)
    {
        string[] texts =
        [
            .. Cells
                .Where(Course.IsCode)
                .SelectMany(cell => cell["outputs"]!.AsArray())
                .Select(output => output!["data"]?["text/plain"])
                .OfType<System.Text.Json.Nodes.JsonNode>()
                .Select(Course.Joined)
                .Where(text => text.Contains(words, StringComparison.Ordinal)),
        ];
        return Assert.Single(texts)[words.Length..];
    }
}
