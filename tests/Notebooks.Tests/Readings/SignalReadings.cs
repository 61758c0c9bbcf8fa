using System.Globalization;

namespace Notebooks.Tests.Readings;

/// <summary>What notebook 03 says of its figures and tables.</summary>
internal sealed class SignalReadings : LessonReadings
{
    private const string Forward = "Each ReLU layer multiplies";
    private const string OneLayer = "one ReLU layer back";
    private const string BothGradients = "At the wrong scale signal gradients change from layer to layer";
    private const string Dial = "What 50 layers do to one input";
    private const string LengthMap = "tanh: mean of z² in layers";
    private const string Chi = "chi: below 1";
    private const string Typical = "The narrower the network";
    private const string TypicalTable = "400 networks of fifty ReLU layers";
    private const string Updates = "update-to-weight ratio of the first step";
    private const string Inputs = "the first layer; small";

    public SignalReadings()
        : base("notebooks/03-signals.ipynb")
    {
        Matrices();
        OneInput();
        ForwardPass();
        BackwardPass();
        WeightGradients();
        TheDial();
        Notes();
        Bounded();
        LargeWeights();
        TypicalNetworks();
        StepsAndInputs();
        Summary();
    }

    private void Matrices()
    {
        Derives(
            "Assume that the weights have mean 0",
            "Then the mean of $W_{ij} W_{ik}$",
            "it is normal and symmetric around 0",
            "The weights are normal with mean 0 and variance $s^2 / n$",
            "A signal that is halved fifty times is gone",
            "finds the one scale of the weights at which they arrive",
            "Each matrix multiplies the norm of a vector by about $\\sqrt{100} = 10$",
            "A deep network is such a product",
            "even if that is only a factor of 10 or of one half"
        );
        SetsUp(
            "Multiply a hundred square matrices of 100 rows",
            "for (int i = 1; i < 100; i++)",
            "Initializer.Normal(1).Sample(100, 100, draw)"
        );
        Says(
            "yet the product is a number with a hundred zeros",
            () => Assert.Equal(100, Math.Log10(Printed("largest entry of the product: ")), 0.5)
        );
        Says(
            "Fifty layers are enough to lose either",
            () =>
            {
                Assert.InRange(Factor(Forward, "s² = 1"), 0, 1e-12);
                Assert.InRange(1 / Factor(BothGradients, "s² = 1", "x"), 0, 1e-12);
            }
        );
    }

    private void OneInput()
    {
        SetsUp(
            "a column of 100 numbers whose mean square is 1, goes through fifty hidden layers of 100 ReLU units",
            "input *= 10 / input.FrobeniusNorm();",
            "int width = 100",
            "depth: 50, outputs: 1)"
        );
        Derives(
            "The mean square of some numbers is the mean of their squares",
            "its root, the root mean square, says how large"
        );
        SetsUp("each row one of its first 12 units", "layers[..12]");
        SetsUp("the darker the cell, the smaller the activation", "Charts.HeatMap(");
        SetsUp("Biases are 0", "phi, Initializer.VarianceScaling(squaredScale), seed);");
        SetsUp("We only change $s$", "Through(s)");
        SetsUp("Nothing is trained", "Deep(Activation.ReLU, s * s, Seed).Signals(input)");
        Says(
            "Up to $s = 1.1$ the signal at layer 50 is below a hundredth of that at layer 1, and at $s = 1.8$ it is more than a hundred times as large",
            () =>
            {
                Assert.All((string[])["0.8", "1", "1.1"], s => Assert.InRange(Arrived(s), 0, 0.01));
                Assert.InRange(Arrived("1.8"), 100, 1e6);
            }
        );
        Says(
            "In between lies a narrow range in which the last layer still looks like the first",
            () => Assert.All((string[])["1.3", "1.41", "1.5"], s => Assert.InRange(Arrived(s), 0.01, 100))
        );
        Says(
            "the range of scales at which a signal gets through fifty layers is narrow, and it lies around 1.4",
            () =>
            {
                string[] scales = ["0.8", "1", "1.1", "1.3", "1.41", "1.5", "1.8"];
                Assert.Equal(["1.3", "1.41", "1.5"], scales.Where(s => Arrived(s) is > 0.01 and < 100));
            }
        );
    }

    private void ForwardPass()
    {
        Derives(
            "We want the mean of $z_i^2$ over all random draws",
            "Three steps lead there",
            "the squares and the mixed products",
            "and each square contributes the variance of a weight",
            "This step does not depend on the activation function",
            "passes the other half, so exactly half of the mean square is left",
            "because an input of mean square 1 gives the first layer",
            "If $s^2/2$ is below 1 the signal vanishes"
        );
        SetsUp(
            "Points are five networks, lines are the law",
            "int[] seeds = [1, 2, 3, 4, 5];",
            "s2 * Math.Pow(s2 / 2, l - 1)"
        );
        Derives("so a constant factor per layer is a straight line");
        Says(
            "Over fifty layers the points follow three lines that end 24 powers of ten apart, and no number was fitted",
            () =>
            {
                ShownFigure figure = Figure(Forward);
                Assert.Equal(24, Math.Log10(figure["law, s² = 3"].Last / figure["law, s² = 1"].Last), 0.5);
                // Five networks of width 100: 5 * 49 / 100 is the variance of the logarithm, and its mean is half of that lower.
                Assert.All(
                    Scales,
                    scale => Assert.All(Offsets(figure, scale), log => Assert.InRange(log, -1.2 - 4 * 1.57, 4 * 1.57))
                );
            }
        );
        Says(
            "The same five networks are drawn at each scale, so the three groups deviate from their lines alike, and more and more to the right",
            () =>
                Assert.All(
                    Scales,
                    scale =>
                    {
                        // Shown to four digits, so logarithms of ratios agree to 1e-3.
                        Assert.All(
                            Offsets(Figure(Forward), scale).Zip(Offsets(Figure(Forward), Scales[0])),
                            pair => Assert.Equal(pair.Second, pair.First, 1e-3)
                        );
                        Assert.True(
                            Spread(Figure(Forward)[scale], 1) < Spread(Figure(Forward)[scale], 22)
                                && Spread(Figure(Forward)[scale], 22) < Spread(Figure(Forward)[scale], 50)
                        );
                    }
                )
        );
        Derives("the law is about the mean over all networks, and one network is not the mean");
        Derives("a ReLU layer multiplies the mean square by $s^2/2$, so only $s^2 = 2$ keeps it");
    }

    private void BackwardPass()
    {
        Derives(
            "of each layer from that of the next (notebook 00)",
            "It is the same kind of sum as forward",
            "That is the factor of the forward pass again",
            "So take the same steps, for layers of one width",
            "and the slope in front multiplies it",
            "is what one layer does to the mean square of the signal gradient",
            "The slope of ReLU is 1 for half",
            "This derivation assumes more than the first did",
            "Backward, $\\delta^{[l+1]}$ depends on everything above"
        );
        SetsUp(
            "in the middle of a network with six hidden layers and He's scale, where $\\chi = 1$, in a thousand networks of each width",
            "Sizes.Of(width, width, 6, 1)",
            "Activation.ReLU, Initializer.HeNormal, seed)",
            "Square(signals[2].DeltaNorm / signals[3].DeltaNorm)",
            "Enumerable.Range(1, 1000), OneLayer)"
        );
        SetsUp("since we compare ratios, another loss would do as well", ".Signals(x, target, Loss.MeanSquaredError)");
        Derives("as a rule up to twice that number");
        Says(
            "without those (one in $2^4$) the mean has to be $16/15$",
            () =>
                Assert.InRange(
                    Math.Abs(Table(OneLayer)["mean factor", "4"] - 16.0 / 15),
                    0,
                    2 * Table(OneLayer)["standard error", "4"]
                )
        );
        Says(
            "At widths 8 and 32 the mean factor agrees with $\\chi = 1$ within two standard errors",
            () =>
                Assert.All(
                    (string[])["8", "32"],
                    width =>
                        Assert.InRange(
                            Math.Abs(Table(OneLayer)["mean factor", width] - 1),
                            0,
                            2 * Table(OneLayer)["standard error", width]
                        )
                )
        );
        Says(
            "At width 4 a third of the networks are not counted: one of their layers is dead for this input",
            () => Assert.Equal(1 / 3.0, 1 - Table(OneLayer)["networks", "4"] / 1000, 0.01)
        );
        Derives(
            "A dead layer 3 would count as a factor of 0",
            "For ReLU with symmetric weights the assumption does no harm",
            "For other activations it takes wide layers",
            "each layer multiplies the mean square of the signal gradient by"
        );
    }

    private void WeightGradients()
    {
        Derives(
            "each unit's signal gradient times each input of its layer",
            "divided by what they would be if no layer changed a size",
            "The squared norm of a product of a column and a row",
            "Together these are 49 factors, whichever layer you ask",
            "A bias has no such partner",
            "With $H$ hidden layers, the backward factors first and the forward ones second"
        );
        SetsUp("We send the same input through fifty layers again", ".Signals(input, target, Loss.MeanSquaredError);");
        Says(
            "at $s^2 = 1$ almost nothing of the signal gradient is left at layer 1, and at 3 it has exploded",
            () =>
            {
                Assert.InRange(1 / Factor(BothGradients, "s² = 1", "x"), 0, 1e-13);
                Assert.InRange(1 / Factor(BothGradients, "s² = 3", "x"), 1e6, 1e12);
            }
        );
        Says("On the right all three are level", WeightGradientsAreLevel);
        Says(
            "the weight gradient is tiny in every layer, in layer 50 as in layer 1",
            () => Assert.All(Figure(BothGradients).On("x2")["s² = 1"].Y, square => Assert.InRange(square, 0, 1e-13))
        );
        Derives("has been through the $50 - l$ layers above");
        Says(
            "An early layer has a good input and no signal gradient; a late layer has a good signal gradient and no input",
            () =>
            {
                Assert.InRange(Medians(Figure(BothGradients).On("x")["s² = 1"], 1), 0, 1e-13);
                Assert.Equal(1, Medians(Figure(BothGradients).On("x")["s² = 1"], 50));
                Assert.InRange(Medians(Figure(Forward)["s² = 1"], 1), 0.8, 1.2);
                Assert.InRange(Medians(Figure(Forward)["s² = 1"], 50), 0, 1e-13);
            }
        );
        Derives("Neither learns", "so at $s^2 = 1$ only the biases of the last layers can learn");
        Says("the weights of all layers starve together, or explode together", WeightGradientsAreLevel);
    }

    private void TheDial()
    {
        Derives(
            "So far each layer was one number",
            "Here are all of its numbers",
            "it needs the same two formulas",
            "the stronger the colour, the more of the layer's numbers"
        );
        Says(
            "at $s = 1.1$ activations vanish to the right and signal gradients to the left; at 2 both explode; the weight gradients stay level at both",
            () =>
            {
                Assert.StartsWith(
                    "The signal vanishes",
                    Figure(Dial).Reading("1.1", "ReLU", "100"),
                    StringComparison.Ordinal
                );
                Assert.Contains(
                    "gradient vanishes",
                    Figure(Dial).Reading("1.1", "ReLU", "100"),
                    StringComparison.Ordinal
                );
                Assert.StartsWith(
                    "The signal explodes",
                    Figure(Dial).Reading("2", "ReLU", "100"),
                    StringComparison.Ordinal
                );
                Assert.Contains(
                    "gradient explodes",
                    Figure(Dial).Reading("2", "ReLU", "100"),
                    StringComparison.Ordinal
                );
                foreach (string s in (string[])["1.1", "2"])
                {
                    double[] sizes = Measured(s, "ReLU", "100", "y3");
                    // In decades; the signal gradient of the same states falls or rises by five.
                    Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
                    double[] signals = Measured(s, "ReLU", "100", "y2");
                    Assert.InRange(signals.Max() - signals.Min(), 4, 8);
                }
            }
        );
        Says(
            "For tanh at $s = 2$ the activations arrive",
            () =>
                Assert.StartsWith(
                    "The signal arrives",
                    Figure(Dial).Reading("2", "tanh", "100"),
                    StringComparison.Ordinal
                )
        );
        Derives("They never exceed 1, and at this scale the length of tanh settles above 0");
        Says(
            "the signal gradient explodes all the same",
            () =>
                Assert.Contains("gradient explodes", Figure(Dial).Reading("2", "tanh", "100"), StringComparison.Ordinal)
        );
        Says(
            "and the weight gradients of the early layers with it, as their inputs do not fade",
            () =>
            {
                double[] weights = Measured("2", "tanh", "100", "y3");
                Assert.InRange(weights[0] - weights[^1], 2, 5);
                double[] activations = Measured("2", "tanh", "100", "y");
                Assert.InRange(activations.Max() - activations.Min(), 0, 0.2);
            }
        );
        Derives(
            "With tanh, forward and backward are two different questions",
            "The sentence below says vanishes for less than a hundredth"
        );
        Says(
            "At width 25 the points wander more than one power of ten away from the theory; at 100 and 200 they stay within one",
            () =>
            {
                Assert.InRange(Furthest("25"), 1, 1.5);
                Assert.InRange(Furthest("100"), 0, 1);
                Assert.InRange(Furthest("200"), 0, 1);
            }
        );
        Derives("it takes one input and shows which layers will learn");
    }

    private void Notes()
    {
        Derives(
            "The lecture note says that ReLU overcomes vanishing gradients",
            "Read strongly, it predicts a factor of 1"
        );
        Says(
            "Read strongly, the note is right at He's scale only: at $s^2 = 1$ the signal gradient vanishes, and at 3 it does not vanish but explodes",
            () =>
                Assert.Equal(
                    ["✓ the course, not the note", "✓ both", "✓ the course, not the note"],
                    Verdicts("Claims.Show(8)")
                )
        );
        Derives(
            "The slope of an active unit is 1, but half of the units are not active",
            "a typical network of width 100 lies 2.5 % below the mean",
            "the factor is $s^2$ times the mean square of the slope"
        );
        Says(
            "What the note says of depth is right, in both directions",
            () => Assert.All(Verdicts("Claims.Show(23)"), verdict => Assert.Equal("✓ both", verdict))
        );
    }

    private void Bounded()
    {
        Derives(
            "then a pre-activation is a sum of a hundred positive numbers",
            "The second step above did not depend on the activation function",
            "In wide layers, where each $z$ is nearly normal",
            "For tanh the mean has no simple form",
            "the larger $q$, the flatter the slopes"
        );
        Says(
            "At $s = 0.8$ the length falls by nearly the same factor per layer, down to less than a billionth",
            () =>
            {
                double[] low = LengthsAt("0.8");
                double[] perLayer = [PerLayer(low, 1, 2), PerLayer(low, 2, 3), PerLayer(low, 3, 4)];
                Assert.InRange(perLayer.Max() / perLayer.Min(), 1, 1.1);
                Assert.InRange(low[4] / low[0], 0, 1e-9);
            }
        );
        Says(
            "At $s = 0.8$ and 1 the medians end below half of the map",
            () =>
                Assert.All(
                    (string[])["0.8", "1"],
                    s =>
                        Assert.InRange(
                            Table(LengthMap)["fiftieth", s, "median of five"]
                                / Table(LengthMap)["fiftieth", s, "length map"],
                            0,
                            0.5
                        )
                )
        );
        Derives("small activations are nearly linear, and a linear layer multiplies by $s^2$");
        Says(
            "At $s = 3$ the map has settled by layer 8 at a fixed point, a length that it returns unchanged, and the medians stay within a fifth of it",
            () =>
            {
                double[] map =
                [
                    .. ((string[])["eighth", "fifteenth", "twenty ninth", "fiftieth"]).Select(head =>
                        Table(LengthMap)[head, "3", "length map"]
                    ),
                ];
                Assert.All(map, q => Assert.Equal(map[0], q));
                Assert.All(LengthsAt("3")[1..], q => Assert.InRange(q / map[0], 0.8, 1.2));
            }
        );
        Says(
            "At $s = 1$ it falls ever more slowly to the fixed point 0, by the map about as $1/(2l)$",
            () =>
            {
                double[] one = LengthsAt("1");
                double[] perLayer = [.. Enumerable.Range(0, 4).Select(i => PerLayer(one, i, i + 1))];
                Assert.All(perLayer, factor => Assert.InRange(factor, 0, 0.9999));
                Assert.True(perLayer[0] < perLayer[1] && perLayer[1] < perLayer[2]);
                Assert.Equal(1, 2 * 50 * Table(LengthMap)["fiftieth", "1", "length map"], 0.1);
            }
        );
        Derives(
            "at which $\\chi$ at the fixed point is 1, is called critical",
            "A fixed point that attracts the length needs a length map that bends",
            "There a signal does not shrink by a constant factor",
            "For ReLU the map is a straight line through 0",
            "For ReLU it is the same at every length",
            "The slope of the sigmoid is at most $1/4$, and its square",
            "cannot reach 1 below $s = 4$",
            "$-1$ by the argument above, $-1.25$ with the effect of width 128",
            "That is what the note's next sentence is about",
            "it says that the gradient can vanish"
        );
        Says(
            "because many units are not where the sigmoid is steepest, it takes a scale of about 10",
            () => Assert.Equal(1, Table(Chi)["chi of sigmoid", "10"], 0.02)
        );
        Says(
            "With the sigmoid it does so at both scales of the card, and the weights of the first layer stop moving",
            () =>
            {
                string[] verdicts = Verdicts("Claims.Show(7)");
                Assert.Equal(5, verdicts.Length);
                Assert.All(verdicts, verdict => Assert.Equal("✓ both", verdict));
            }
        );
        Says(
            "With tanh it falls by a factor of four per layer at $s = 0.5$, and only as a power of the depth at $s = 1$",
            () =>
            {
                Assert.Equal(0.25, Table(Chi)["chi of tanh", "0.5"], 0.001);
                Assert.Equal("✓ both", Verdicts("Claims.Show(7)")[3]);
            }
        );
        Says(
            "For tanh it passes 1 at $s = 1$, for sigmoid near $s = 10$",
            () =>
            {
                Assert.Equal(1, Table(Chi)["chi of tanh", "1"], 1e-3);
                Assert.InRange(Table(Chi)["chi of sigmoid", "5"], 0, 1);
                Assert.InRange(Table(Chi)["chi of sigmoid", "20"], 1, 10);
                Assert.Equal(1, Table(Chi)["chi of sigmoid", "10"], 0.02);
            }
        );
    }

    private void LargeWeights()
    {
        Derives(
            "There are three ways to read this",
            "large positive weights with a sigmoid make the gradient explode",
            "then the table above says what happens",
            "which feeds its output back into itself",
            "the same weight is then the factor of every layer"
        );
        Says(
            "the signal gradient loses more than 70 powers of ten in two layers",
            () => Assert.All(Shown("Claims.Show(9)", 0), value => Assert.InRange(value, 0, 1e-70))
        );
        Says(
            "With mean 0 it vanishes at $s = 5$ and explodes at $s = 20$, as the table said",
            () =>
            {
                Assert.All(Shown("Claims.Show(9)", 1), factor => Assert.InRange(factor, 0, 0.99));
                Assert.All(Shown("Claims.Show(9)", 2), factor => Assert.InRange(factor, 1.01, 100));
                Assert.InRange(Table(Chi)["chi of sigmoid", "5"], 0, 1);
                Assert.InRange(Table(Chi)["chi of sigmoid", "20"], 1, 10);
            }
        );
        Says(
            "and without it the same weight gives a gradient below 0.01",
            () => Assert.All(Shown("Claims.Show(9)", 4), norm => Assert.InRange(norm, 0, 0.01))
        );
        Says(
            "the gradient explodes, and without it the",
            () => Assert.All(Shown("Claims.Show(9)", 3), norm => Assert.InRange(norm, 100, 1e6))
        );
        Derives(
            "the note's sentence is true of a recurrent unit whose bias keeps it where the sigmoid is steep",
            "Without biases, a feed-forward layer needs very large weights of mean 0"
        );
    }

    private void TypicalNetworks()
    {
        Says(
            "In the chart of the forward pass the points at $s^2 = 2$ spread, more and more with depth",
            () => Assert.True(Spread(Figure(Forward)["s² = 2"], 1) < Spread(Figure(Forward)["s² = 2"], 50))
        );
        Derives(
            "For ReLU with He's rule we can answer step by step",
            "Given the activations $a$ of the layer before, each",
            "where it is positive and 0 elsewhere, which is ReLU",
            "the sum of all squared activations, by a random factor",
            "is half of $E[\\zeta^2] = 1$",
            "the mean is kept, as we know",
            "The variance of a number is the mean of its square minus the square of its mean",
            "The square of $(\\zeta^+)^2$ is $\\zeta^4$ on the positive half",
            "Many layers.",
            "The next layer has fresh weights, so the factors",
            "The laws are about the mean over all networks",
            "Factors multiply, so their logarithms add",
            "Near 1, $\\ln \\rho",
            "The mean of $\\rho - 1$ is 0",
            "For $H$ layers, a sum of many independent terms is nearly normal",
            "a factor of 10 and a factor of 1/10 have a mean of about 5",
            "The logarithm of a typical network falls"
        );
        SetsUp(
            "Each of the 400 networks of a width has an input of its own",
            "Enumerable.Range(1, 400), (width, seed)",
            "Sample(width, 1, new Random(seed + 1000))"
        );
        SetsUp(
            "For widths 25 and 100 the points are a histogram of the logarithms, in bins of 1",
            "GroupBy(x => Math.Floor(x))",
            "[.. Histogram(25), .. Histogram(100)]"
        );
        Says(
            "The histograms lie around the predicted curves, left of 0, and the narrower the network, the further to the left and the wider",
            () =>
            {
                foreach (string width in (string[])["25", "100"])
                {
                    ShownSeries law = Figure(Typical)[$"normal, width {width}"];
                    ShownSeries counted = Figure(Typical)[$"width {width}"];
                    // The standard error of a share of 400 networks is at most 2.5 %; four of them.
                    Assert.All(
                        counted.X.Zip(counted.Y),
                        bin => Assert.InRange(bin.Second - law.At(bin.First), -10, 10)
                    );
                }
                ShownTable table = Table(TypicalTable);
                Assert.All(table.Column("mean logarithm"), mean => Assert.InRange(mean, -10, 0));
                Assert.Equal(table.Column("mean logarithm").Order(), table.Column("mean logarithm"));
                Assert.Equal(table.Column("variance").OrderDescending(), table.Column("variance"));
            }
        );
        Derives("The same in numbers");
        Says(
            "the measured mean and variance are up to about a tenth further from 0",
            () =>
            {
                foreach (
                    (string measured, string theory) in new[]
                    {
                        ("mean logarithm", "mean in theory"),
                        ("variance", "variance in theory"),
                    }
                )
                    Assert.All(
                        Table(TypicalTable).Column(measured).Zip(Table(TypicalTable).Column(theory)),
                        pair => Assert.InRange(pair.First / pair.Second, 1, 1.11)
                    );
            }
        );
        Says(
            "Of the networks of width 50, 80 % end with less than half of their squared norm, and the median one keeps 8 %",
            () =>
            {
                Assert.Equal(0.8, Table(TypicalTable)["below half", "50"], 0.005);
                Assert.Equal(0.08, Table(TypicalTable)["median ratio", "50"], 0.005);
            }
        );
        Says(
            "The mean of the ratio is near 1 all the same at widths 50 and 100",
            () =>
            {
                Assert.InRange(Table(TypicalTable)["mean ratio", "50"], 0.5, 1.5);
                Assert.InRange(Table(TypicalTable)["mean ratio", "100"], 0.5, 1.5);
            }
        );
        Says(
            "a few lucky networks carry it",
            () =>
                Assert.All(
                    (string[])["50", "100"],
                    width =>
                        Assert.InRange(
                            Table(TypicalTable)["median ratio", width] / Table(TypicalTable)["mean ratio", width],
                            0,
                            0.3
                        )
                )
        );
        Says(
            "At width 25 even 400 networks hold too few of those, and their mean is 0.34",
            () => Assert.Equal(0.34, Table(TypicalTable)["mean ratio", "25"], 0.005)
        );
        Derives(
            "although the mean over all possible networks is exactly 1",
            "the typical squared norm falls as $e^{-5H/(2n)}$, even"
        );
    }

    private void StepsAndInputs()
    {
        Derives(
            "how far one step moves the weights, as a fraction of their size",
            "As a rule of thumb it should be around 0.001",
            "That rule is a heuristic",
            "a ratio of 1 replaces the weights"
        );
        SetsUp(
            "We take 64 handwritten digits, twenty hidden layers of 100 ReLU units and the learning rate 0.1",
            "digits.Inputs.SubMatrix(0, 64, 0, 64)",
            "Sizes.Of(64, 100, 20, 10), Activation.ReLU",
            "layer.UpdateRatio(0.1)"
        );
        Says(
            "At $s^2 = 2$ the hidden layers have a ratio of about 0.005, at $s^2 = 1$ about a thousandth of that, and at 3 the first step is between a half and 1.6 times as large as the weights",
            () =>
            {
                Assert.All(Hidden("2"), ratio => Assert.InRange(ratio, 0.004, 0.006));
                Assert.All(
                    Hidden("1").Zip(Hidden("2")),
                    pair => Assert.InRange(pair.First / pair.Second, 0.0005, 0.0015)
                );
                Assert.All(Hidden("3"), ratio => Assert.InRange(ratio, 0.5, 1.6));
            }
        );
        Says(
            "From the first hidden layer to the twentieth the ratio changes by no more than a factor of three",
            () => Assert.All((string[])["1", "2", "3"], s2 => Assert.InRange(Hidden(s2).Max() / Hidden(s2).Min(), 1, 3))
        );
        Says(
            "The output layer is always above them",
            () =>
                Assert.All(
                    (string[])["1", "2", "3"],
                    s2 => Assert.True(Table(Updates)["output layer", s2] > Hidden(s2).Max())
                )
        );
        Says(
            "at the wrong scale all layers suffer, and within a factor of ten they suffer alike",
            () =>
                Assert.All(
                    (string[])["1", "3"],
                    s2 =>
                    {
                        double[] all = [.. Hidden(s2), Table(Updates)["output layer", s2]];
                        Assert.InRange(all.Max() / all.Min(), 1, 10);
                    }
                )
        );
        Derives("All this assumed inputs of mean square 1");
        SetsUp("and they are a hundred times larger", "from factor in new[] { 1, 100 }");
        Says(
            "With tanh and sigmoid more than 90 % of the slopes are now small",
            () =>
                Assert.All(
                    (string[])["tanh", "sigmoid"],
                    name => Assert.InRange(Table(Inputs)["small slopes", name, "100"], 0.9, 1)
                )
        );
        Derives("Weights that are a hundred times smaller there would cure that");
        Says(
            "With ReLU as many slopes are 0 as before",
            () => Assert.Equal(Table(Inputs)["small slopes", "ReLU", "1"], Table(Inputs)["small slopes", "ReLU", "100"])
        );
        Derives(
            "most of the signal gradient is lost in the very first layer",
            "measures mean and variance of each input"
        );
    }

    private void Summary() =>
        Derives(
            "With $H$ hidden layers of one width, inputs of mean square 1",
            "falls to 0 up to $s = 1$, settles above",
            "times $\\chi$; it passes 1 at $s = 1$ |",
            "$(s^2/2)^{H-1}$ in every layer | see the dial",
            "$s = 1$, and there as a power of the depth | near 10",
            "A length that is kept is not yet information that is kept",
            "Which layers starve at the wrong scale?",
            "Its squared norm typically falls as",
            "activations, both gradients and the update-to-weight ratio",
            "Before: [02 · How small is small?]",
            "Next: [04 · LeCun"
        );

    private static readonly string[] Scales = ["s² = 1", "s² = 2", "s² = 3"];

    private void WeightGradientsAreLevel()
    {
        foreach (string scale in Scales)
        {
            double[] medians = [.. Layers.Select(layer => Medians(Figure(BothGradients).On("x2")[scale], layer))];
            // The signal gradient changes by 14 powers of ten at s² = 1 and by 8 at 3.
            Assert.InRange(medians.Max() / medians.Min(), 1, 30);
        }
    }

    private static readonly double[] Layers = [1, 8, 15, 22, 29, 36, 43, 50];

    /// <summary>How many times as large as at layer 1 the signal is at layer 50, as the picture of this scale says.</summary>
    private double Arrived(string s)
    {
        string[] words = Figure("At layer 50 the signal").State(s).Title.Split(' ');
        return double.Parse(words[Array.IndexOf(words, "times") - 1], CultureInfo.InvariantCulture);
    }

    /// <summary>The median at layer 50 over that at layer 1.</summary>
    private double Factor(string figure, string series, string? axis = null)
    {
        ShownFigure shown = axis is null ? Figure(figure) : Figure(figure).On(axis);
        return Medians(shown[series], 50) / Medians(shown[series], 1);
    }

    private static double[] PointsAt(ShownSeries series, double x) =>
        [.. series.X.Zip(series.Y).Where(point => point.First == x).Select(point => point.Second).Order()];

    private static double Medians(ShownSeries series, double x)
    {
        double[] points = PointsAt(series, x);
        Assert.Equal(5, points.Length);
        return points[2];
    }

    private static double Spread(ShownSeries series, double x) =>
        Math.Log(PointsAt(series, x)[4] / PointsAt(series, x)[0]);

    /// <summary>The logarithms of measured over law.</summary>
    private static IEnumerable<double> Offsets(ShownFigure figure, string scale) =>
        figure[scale].X.Zip(figure[scale].Y, (layer, square) => Math.Log(square / figure[$"law, {scale}"].At(layer)));

    /// <summary>The root mean squares on one axis of the dial, in powers of ten.</summary>
    private double[] Measured(string s, string activation, string width, string axis) =>
        Figure(Dial).State(s, activation, width).On(axis)["root mean square"].Y;

    /// <summary>How far, in powers of ten, the activations of ReLU at s = √2 lie from the theory.</summary>
    private double Furthest(string width) =>
        Figure(Dial)
            .State("1.41", "ReLU", width)
            .On("y")["theory"]
            .Y.Zip(Measured("1.41", "ReLU", width, "y"), (theory, measured) => Math.Abs(theory - measured))
            .Max();

    /// <summary>The measured lengths of tanh in layers 1, 8, 15, 29 and 50.</summary>
    private double[] LengthsAt(string s) =>
        [
            .. ((string[])["first", "eighth", "fifteenth", "twenty ninth", "fiftieth"]).Select(head =>
                Table(LengthMap)[head, s, "median of five"]
            ),
        ];

    private static double PerLayer(double[] lengths, int from, int to)
    {
        int[] layers = [1, 8, 15, 29, 50];
        return Math.Pow(lengths[to] / lengths[from], 1.0 / (layers[to] - layers[from]));
    }

    private double[] Hidden(string s2) =>
        [Table(Updates)["first layer", s2], Table(Updates)["tenth layer", s2], Table(Updates)["twentieth layer", s2]];

    private string[] Verdicts(string code) => Table(code).Words("agrees with");

    /// <summary>What a card shows as measured in one of its rows.</summary>
    private double[] Shown(string code, int row) =>
        [
            .. Table(code)
                .Words("measured, seeds 1 to 5")[row]
                .Split(" · ")
                .Select(text =>
                    double.Parse(
                        text.Replace(", each time", "", StringComparison.Ordinal),
                        NumberStyles.Float,
                        CultureInfo.InvariantCulture
                    )
                ),
        ];
}
