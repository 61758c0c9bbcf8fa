using System.Text.RegularExpressions;
using NotebookSupport;

namespace Notebooks.Tests.Readings;

/// <summary>What notebook 04 says of its figures and tables.</summary>
internal sealed class RuleReadings : LessonReadings
{
    private const string Descent = "In 400 steps of gradient descent only He's rule learns";
    private const string Adam = "With Adam both rules learn";
    private const string ByRate = "In 400 steps gradient descent with Glorot's rule";
    private const string Six = "two moons: each rule at its best learning rate";
    private const string Passed = "fraction of the mean square of a million normal numbers";
    private const string Level = "The right gain keeps the signal level";
    private const string Lopsided = "784 → 10, linear units";
    private const string Tanh = "At s = 5/3 the signal gradient explodes";
    private const string ByLeak = "The leak does not cure vanishing";
    private const string Smooth = "squared gains at q = 1";
    private const string Drift = "GELU at its own gain";
    private const string Shapes = "He's rule in three shapes";
    private const string Patches = "one convolution";
    private const string Defaults = "thirty ReLU layers on two moons, five networks";

    public RuleReadings()
        : base("notebooks/04-he-and-glorot.ipynb")
    {
        Opening();
        Deeper();
        Gain();
        Back();
        Fans();
        FiveThirds();
        Leak();
        SmoothUnits();
        Draws();
        Convolution();
        WhatLibrariesDo();
        Tomorrow();
        Summary();
    }

    private void Opening()
    {
        Derives(
            "Four rules for the size of random weights carry names",
            "This notebook derives all four",
            "He's rule takes $2 / \\text{fan-in}$, which is twice as much"
        );
        SetsUp("thirty hidden layers of 32 ReLU units", "hidden: 32, depth, outputs: 1", "Deep(30, rule, seed)");
        SetsUp("the first and the last layer are always He's", "(rows == columns ? rule : Initializer.HeNormal)");
        SetsUp("among three, with five seeds for each", "0.012, 0.03, 0.12);", "int[] seeds = [1, 2, 3, 4, 5];");
        SetsUp(
            "`Try` trains a network from each seed at each learning rate",
            "Sweep.Run(rates, seeds, (rate, seed) => Trainer.Train(start(seed)",
            "(rows == columns ? rule : Initializer.HeNormal)"
        );
        SetsUp(
            "We score a training run by the median of its last 50 losses, so that a single jump does not count, and the best learning rate is the one with the smallest median of the five scores",
            "Median(run.Losses.TakeLast(50))",
            "tried.MinBy(rate => Median(rate.Select(End)))"
        );
        Derives("In the chart thick lines are medians");
        Says(
            "With Glorot's rule the median stays near $\\ln 2 \\approx 0.693$",
            () => Assert.All(Figure(Descent)["Glorot"].Y, loss => Assert.Equal(Math.Log(2), loss, 0.02))
        );
        Says(
            "With He's rule it falls to less than a tenth of that",
            () => Assert.InRange(Figure(Descent)["He"].Last, 0, 0.0693)
        );
        Derives("the experiment by which He, Zhang, Ren and Sun made their case");
        Says(
            "So a forgotten 2 can cost all 400 training steps",
            () => Assert.InRange(Figure(Descent)["Glorot"].Y.Min(), 0.67, 0.7)
        );
        Derives("But many people use another optimizer", "makes steps of about the length of the learning rate");
        Says("Both learn. Here are", () => Assert.All(Figure(Adam).Series, one => Assert.InRange(one.Last, 0, 0.01)));
        SetsUp("the final losses of all training runs, at all rates", "tried.SelectMany(rate => rate,");
        Says(
            "No training run of Glorot's rule by gradient descent ends below 0.3, at any rate",
            () =>
            {
                Assert.Equal(15, Of(ByRate, "Glorot").Y.Length);
                Assert.All(Of(ByRate, "Glorot").Y, loss => Assert.InRange(loss, 0.3, 1));
                foreach (string other in (string[])["He", "Glorot, Adam", "He, Adam"])
                    Assert.InRange(Of(ByRate, other).Y.Min(), 0, 0.1);
            }
        );
        SetsUp(
            "Of each five networks we show the one with the median loss",
            "Best(tried).Runs.OrderBy(End).ElementAt(2).Network"
        );
        Says(
            "all its answers lie near one half, even those on the right side of it",
            () =>
            {
                // A mean loss within 0.02 of ln 2, of 64 answers of which most are right, leaves no room for many sure ones.
                Assert.Equal(Math.Log(2), Figure(Descent)["Glorot"].Last, 0.02);
            }
        );
        SetsUp("We let seed 1 go on at the rate 0.03", "Initializer.GlorotNormal, 1)", "LearningRate = 0.03");
        Says(
            "It does, after some thousand steps",
            () =>
            {
                Assert.InRange(Printed("lowest loss "), 0, 0.1);
                Assert.InRange(Printed(", after "), 2000, 11_999);
            }
        );
    }

    private void Deeper()
    {
        Derives(
            "Notebook 03 says that the weight gradients of a ReLU network shrink",
            "Here are the boundaries on the same axes",
            "Claim 26 measures the signal gradient",
            "Notebook 05 tries that",
            "Far below its constant $10^{-8}$ Adam no longer divides"
        );
        SetsUp("before the first step; the last column counts", "Deep(depth, rule, seed).Gradients(moons.Inputs");
        SetsUp("All are medians of five seeds", "Median(best.Runs.Select(End))", "Median(seeds.Select(seed =>");
        Says(
            "At 30 layers, each rule at the rate of its lowest loss, Adam needs more than three times as many training steps with Glorot's rule as with He's",
            () =>
                Assert.InRange(
                    Row("steps until below tenth", "Adam", "Glorot normal", "30")
                        / Row("steps until below tenth", "Adam", "He normal", "30"),
                    3.01,
                    5
                )
        );
        Says(
            "At 60 layers the weight gradients of Glorot's rule lie far below $10^{-8}$, and the loss stays at $\\ln 2$ at both rates that we tried; with He's rule the network learns",
            () =>
            {
                Assert.InRange(Row("largest weight gradient", "Adam", "Glorot normal", "60"), 0, 1e-9);
                // The best of the two rates is shown, so the other one is no better.
                Assert.Equal(Math.Log(2), Row("median loss", "Adam", "Glorot normal", "60"), 0.0005);
                Assert.InRange(Row("median loss", "Adam", "He normal", "60"), 0, 0.01);
            }
        );
        Says(
            "at 30 layers the forgotten 2 cost thousands of steps of gradient descent, and about a hundred of Adam",
            () =>
            {
                double delay =
                    Row("steps until below tenth", "Adam", "Glorot normal", "30")
                    - Row("steps until below tenth", "Adam", "He normal", "30");
                Assert.InRange(delay, 80, 130);
                Assert.InRange(Row("median loss", "descent", "Glorot normal", "30"), 0.6, 0.7);
                Assert.InRange(Row("median loss", "Adam", "Glorot normal", "30"), 0, 0.01);
            }
        );
    }

    private void Gain()
    {
        Derives(
            "Take one hidden layer with $n$ inputs",
            "The weights are independent of each other and of the inputs",
            "LeCun (1998).",
            "for the plain tanh it is right only where tanh is nearly linear",
            "He (2015).",
            "In short: all three mean the same rule",
            "So in the mean of $z_i^2$ all products",
            "The inputs are the activations of the layer before",
            "what fraction of the mean square does it pass on",
            "A linear unit passes everything on",
            "Half of the $z$ are below 0",
            "The 2 pays for the half",
            "One half passes unchanged, the other half is multiplied",
            "which is He's rule at",
            "The ReLU family has one gain for every $q$",
            "The gain of tanh holds for $q = 1$ only",
            "A gain that is wrong by a fixed factor is wrong again in each layer"
        );
        Says(
            "So $E[\\varphi(z)^2] = q/2$ and",
            () =>
            {
                // The mean of a million squares has a relative standard error of at most sqrt(5 / 10^6); five are allowed.
                double[] sampled = Table(Passed).Column("passed");
                double[] theory = Table(Passed).Column("theory");
                Assert.Equal([1, 0.5, 0.625], theory[..3]);
                Assert.All(sampled.Zip(theory), pair => Assert.InRange(pair.First / pair.Second, 0.988, 1.012));
            }
        );
        SetsUp(
            "Each point is the mean over ten networks of width 100",
            "Sizes.Of(100, 100, 10, 1)",
            "ten.Select(seed =>"
        );
        Says(
            "With its own rule each of the three activations keeps the mean square within a fifth over ten layers",
            () =>
            {
                foreach (string own in (string[])["linear, LeCun", "ReLU, He", "leaky, its own"])
                    Assert.All(Figure(Level)[own].Y, q => Assert.InRange(q / Figure(Level)[own].First, 0.8, 1.2));
            }
        );
        Says(
            "over the nine layers LeCun's rule leaves a ReLU network about a five-hundredth, and He's makes a leaky one about seven times too large",
            () =>
            {
                Assert.InRange(
                    Figure(Level)["ReLU, LeCun"].Last / Figure(Level)["ReLU, LeCun"].First,
                    1 / 700.0,
                    1 / 400.0
                );
                Assert.InRange(Figure(Level)["leaky, He"].Last / Figure(Level)["leaky, He"].First, 6, 8.4);
            }
        );
        Derives("the gain gives the variance back what the activation takes away");
    }

    private void Back()
    {
        Derives(
            "So far only the signal counted",
            "Assume, as Glorot and Bengio did in 2010",
            "Then the same step as above gives",
            "Only a square layer can have both",
            "take the variance whose inverse is the average"
        );
        Derives("The signal gradient goes the other way through the same weights");
        SetsUp(
            "We draw the layer by four rules, send 500 random inputs forward and 500",
            "Sample(784, 500, random)",
            "Sample(10, 500, random)"
        );
        Says(
            "No rule keeps both, and no variance could: the two requirements differ by a factor of 78",
            () =>
            {
                double[] forward = Table(Lopsided).Column("forward");
                double[] back = Table(Lopsided).Column("back");
                // A mean of 7,840 squared weights has the relative standard error 0.016; five are allowed.
                foreach (
                    (double[] measured, string theory) in new[] { (forward, "forward theory"), (back, "back theory") }
                )
                    Assert.All(
                        measured.Zip(Table(Lopsided).Column(theory)),
                        pair => Assert.InRange(pair.First / pair.Second, 0.92, 1.08)
                    );
                Assert.DoesNotContain(
                    forward.Zip(back),
                    pair => pair.First is > 0.5 and < 2 && pair.Second is > 0.5 and < 2
                );
                Assert.All(forward.Zip(back), pair => Assert.InRange(pair.First / pair.Second, 70, 84));
            }
        );
        Says(
            "In Glorot's row the two factors add up to 2, whatever the layer",
            () =>
                Assert.Equal(
                    2,
                    Table(Lopsided)["forward theory", "Glorot normal"]
                        + Table(Lopsided)["back theory", "Glorot normal"],
                    0.001
                )
        );
        Says(
            "Here that is nearly 2 forward and almost nothing back",
            () =>
            {
                Assert.InRange(Table(Lopsided)["forward", "Glorot normal"], 1.8, 2);
                Assert.InRange(Table(Lopsided)["back", "Glorot normal"], 0, 0.03);
            }
        );
        Derives("a ReLU halves both factors", "takes the fan-in unless you ask for the fan-out");
    }

    private void Fans()
    {
        SetsUp("And the backward pass, each layer compared with layer 5", "Square(signals[4].Deltas!)");
        Derives("One lopsided layer is no disaster");
        SetsUp("Points are means over five seeds", "drawn.Average(signals => of(signals, (int)l - 1))");
        Says(
            "The fan-in keeps the forward pass level, the fan-out the backward pass, and each changes the other by a factor of 2 per layer",
            () =>
            {
                ShownFigure forward = Figure("Forward: with the fan-out");
                ShownFigure back = Figure("Back: with the fan-in");
                Assert.All(forward["FanIn"].Y, q => Assert.InRange(q / 2, 0.75, 1.33));
                Assert.All(back["FanOut"].Y, square => Assert.InRange(square, 0.75, 1.33));
                Assert.All(
                    forward["FanOut"].Y.Zip(forward["law for FanOut"].Y),
                    pair => Assert.InRange(pair.First / pair.Second, 0.75, 1.33)
                );
                Assert.All(
                    back["FanIn"].Y.Zip(back["law for FanIn"].Y),
                    pair => Assert.InRange(pair.First / pair.Second, 0.75, 1.33)
                );
            }
        );
        Derives(
            "from layer 1 to layer 5 those factors multiply",
            "Kaiming He and his colleagues point this out",
            "thirty layers make $2^{30}$",
            "the fan-out in place of the fan-in costs a ratio of widths, once; a wrong gain"
        );
    }

    private void FiveThirds()
    {
        Says(
            "So 5/3 is near the gain that keeps signals",
            () => Assert.InRange(Math.Pow(5 / 3.0, 2) / Table(Passed)["gain squared", "tanh"], 0.9, 1.1)
        );
        SetsUp("Theory multiplies the factors of the layers", "back[l + 1] * MeanField.Chi(Activation.Tanh, q[l], s)");
        Library(
            "1 for linear units and for the sigmoid, $\\sqrt 2$ for ReLU",
            () =>
            {
                Assert.Equal(1, WhatToWrite.CalculateGain("sigmoid"));
                Assert.Equal(
                    Initializer.HeNormal.Variance(10, 100),
                    Math.Pow(WhatToWrite.CalculateGain("relu"), 2) / 100,
                    1e-15
                );
                Assert.Equal(25.0 / 9, Math.Pow(WhatToWrite.CalculateGain("tanh"), 2), 1e-14);
            }
        );
        Derives("All but one you can now derive", "The documentation does not say, and nor does the pull request");
        Says(
            "the table above has 2.54 as the squared gain of tanh at $q = 1$, and $(5/3)^2$ is 2.78",
            () =>
            {
                Assert.Equal(2.54, Table(Passed)["gain squared", "tanh"], 0.005);
                Assert.Equal(2.78, Table("tanh, by theory").Column("scale squared")[1], 0.005);
            }
        );
        SetsUp(
            "in fifty layers of 100 tanh units, five seeds of each",
            "Sizes.Of(100, hidden: 100, depth: 50, outputs: 1)"
        );
        SetsUp("Every seventh layer is drawn; layer 50 has the value 1", "l % 7 == 1", "square / squares[^1]");
        Says(
            "by $\\chi \\approx 1.21$ per layer: in all five networks it is more than a thousand times larger in layer 1",
            () =>
            {
                Assert.Equal(1.21, Table("tanh, by theory").Column("chi")[1], 0.005);
                double[] first = [.. Seeds(Tanh, "s = 1.67").Select(one => one.First)];
                Assert.Equal(5, first.Length);
                Assert.All(first, square => Assert.InRange(square, 1000, 1e6));
            }
        );
        Says(
            "At $s = 1$ it shrinks, as a power of the depth",
            () =>
            {
                Assert.All(Seeds(Tanh, "s = 1.00"), one => Assert.InRange(one.First, 0.001, 0.1));
                Assert.Equal(0.0146, Figure(Tanh)["theory for 1.00"].First, 0.001);
            }
        );
        Derives("In five layers nobody would notice either", "for tanh they are not, and 5/3 sides with the signal");
        Derives("right about its two numbers, 1 for tanh and 2 for ReLU");
    }

    private void Leak()
    {
        Derives("For a leaky ReLU both passes have the same factor per layer", "The note hopes that the leak alone");
        Says(
            "The lowest points answer the note. With $1/n$ the signal gradient vanishes at every slope up to 0.5, and at 0.01 as it does with ReLU",
            () =>
            {
                ShownSeries lecun = Figure(ByLeak)["1 / n"];
                Assert.Equal(20, lecun.Y.Length);
                Assert.All(lecun.Y, square => Assert.InRange(square, 0, 1e-8));
                Assert.All(Figure(ByLeak)["2 / n"].Y, square => Assert.InRange(square, lecun.Y.Max(), 1e6));
                Assert.Equal(Math.Pow(0.5, 49), Figure(ByLeak)["law for 1 / n"].First, 0.01 * Math.Pow(0.5, 49));
                // Over 49 layers of width 100 the logarithm has the mean -49 * 5/200 and the standard deviation 1.57.
                Assert.All(
                    At(lecun, 0.01),
                    square => Assert.InRange(Math.Log(square * Math.Pow(2, 49)), -1.2 - 6.3, -1.2 + 6.3)
                );
            }
        );
        Derives("a leak of one hundredth adds one ten-thousandth");
        Says(
            "He's rule without the correction: harmless at 0.01, and an explosion at 0.5",
            () =>
            {
                ShownSeries he = Figure(ByLeak)["2 / n"];
                ShownSeries own = Figure(ByLeak)["2 / ((1 + α²) n)"];
                Assert.All(
                    At(he, 0.01).Zip(At(own, 0.01)),
                    pair => Assert.InRange(pair.First / pair.Second, 0.98, 1.02)
                );
                Assert.All(At(he, 0.5), square => Assert.InRange(square, 1000, 1e7));
            }
        );
        Derives("a ReLU unit that answers 0 to every example gets no gradient", "a leak revives dead units");
    }

    private void SmoothUnits()
    {
        Derives(
            "Two smooth relatives of ReLU are common today",
            "No gain of theirs has a name",
            "once with a million samples, once as an integral",
            "GELU passes on a smaller fraction of small numbers"
        );
        Says(
            "Samples and integrals agree within 1 %",
            () =>
            {
                foreach (string way in (string[])["forward", "back"])
                    Assert.All(
                        Table(Smooth).Column($"{way} sampled").Zip(Table(Smooth).Column(way)),
                        pair => Assert.InRange(pair.First / pair.Second, 0.99, 1.01)
                    );
            }
        );
        Says(
            "GELU and SiLU pass on less than ReLU, so their squared gains are larger, and as with tanh the forward pass asks for more than the backward pass",
            () =>
            {
                foreach (string phi in (string[])["GELU", "SiLU", "tanh"])
                {
                    Assert.InRange(Table(Smooth)["forward", phi], 2.01, 3);
                    Assert.InRange(Table(Smooth)["forward", phi] / Table(Smooth)["back", phi], 1.01, 2);
                }
            }
        );
        Says(
            "We give GELU its own squared gain 2.35",
            () => Assert.Equal(2.35, Table(Smooth)["forward", "GELU"], 0.005)
        );
        Says(
            "The gain holds for $q = 1$ alone, and not even firmly: what starts below falls, what starts above rises, and even what starts at 1 does not stay there. From 0.5 the points end far above the theory",
            () =>
            {
                ShownFigure drift = Figure(Drift);
                Assert.InRange(drift["from 0.5"].Last, 0, 0.25);
                Assert.InRange(drift["from 2"].Last, 4, 1e3);
                Assert.InRange(Math.Abs(Math.Log(drift["from 1"].Last)), 0.2, 10);
                Assert.InRange(drift["theory from 0.5"].Last, 0, 0.25);
                Assert.InRange(drift["from 0.5"].Last / drift["theory from 0.5"].Last, 4, 1e3);
                Assert.InRange(drift["theory from 2"].Last, 4, 1e3);
            }
        );
        Derives(
            "the largest lead the mean over 16 inputs",
            "That is one reason why networks",
            "only the ReLU family has one for every length"
        );
    }

    private void Draws()
    {
        Derives(
            "numbers beyond two standard deviations are drawn again",
            "Cutting the ends makes the variance smaller",
            "and cuts at the values ±2 unless you say otherwise",
            "the kurtosis, the mean of $w^4$"
        );
        Says(
            "by just this number, .87962566",
            () =>
            {
                Assert.Equal(0.87962566, Printed("integrated: "), 5e-9);
                Assert.Equal(0.8796, Printed("standard deviation sampled: "), 0.003);
            }
        );
        Says(
            "All three have He's variance within 1 %",
            () =>
            {
                Assert.All(Table(Shapes).Column("variance times fan in"), k => Assert.InRange(k, 1.98, 2.02));
                Assert.Equal(3, Table(Shapes)["kurtosis", "Normal"], 0.05);
                Assert.Equal(1.8, Table(Shapes)["kurtosis", "Uniform"], 0.02);
                Assert.InRange(Table(Shapes)["kurtosis", "TruncatedNormal"], 2.3, 2.45);
            }
        );
        Derives("Notebook 02 looked for a difference");
    }

    private void Convolution()
    {
        SetsUp(
            "with the right fan-in and with two that are tempting",
            "(\"channels\", Channels)",
            "(\"side²\", Side * Side)"
        );
        Derives("with a kernel of 3 by 3 pixels and 8 channels", "The same weights are used for every patch");
        SetsUp("We take images of 10 by 10 pixels", "Image = 10");
        SetsUp(
            "Each column holds the 72 numbers of one patch. We draw 200 kernels by LeCun's rule",
            "Side * Side * Channels, Places * Places",
            "Sample(200, patches.RowCount, new Random(2))"
        );
        Says(
            "With all 72 the mean square is kept within a tenth",
            () =>
            {
                Assert.Equal(72, Table(Patches).Column("number")[0]);
                Assert.InRange(Table(Patches).Column("mean square")[0], 0.9, 1.1);
            }
        );
        Says(
            "With the channels alone it is nine times too large, because nine pixels go into each sum",
            () =>
                Assert.Equal(9, Table(Patches).Column("mean square")[1] / Table(Patches).Column("mean square")[0], 0.01)
        );
        Derives("Likewise the fan-out is side² times");
    }

    private void WhatLibrariesDo()
    {
        Derives("Nobody types these formulas");
        Library(
            "weights uniform on $\\pm 1/\\sqrt{n}$ (in its source",
            () =>
                Assert.Equal(
                    Initializer.Uniform(1 / Math.Sqrt(50)).Variance(1, 50),
                    WhatToWrite.PyTorchDefault(50),
                    1e-15
                )
        );
        Library(
            "A uniform number has a third of its squared limit as variance",
            () => Assert.Equal(1 / 150.0, WhatToWrite.PyTorchDefault(50), 1e-15)
        );
        SetsUp("TorchSharp's `Linear` draws by the same rule", "(\"PyTorch, TorchSharp\", 1.0 / 3, PyTorch)");
        SetsUp("takes Glorot's uniform rule and zero biases", "Drawn(Initializer.GlorotUniform, seed)");
        SetsUp("the whole network is drawn by the default", "Network.Create(sizes, Activation.ReLU, third, seed,");
        SetsUp("in one of the square ReLU layers, without biases", "FactorPerLayer = start.Scale / 2");
        SetsUp(
            "that reach a loss of 0.1 within 200 steps of Adam, at the better of two rates",
            "StopBelow = 0.1",
            "Steps = 200",
            "Sweep.Run([0.0003, 0.003], seeds"
        );
        Says(
            "With PyTorch's default no network learns: a factor of 1/6 per layer leaves layer 1 weight gradients far below Adam's $10^{-8}$, and by the same factor the later layers lose sight of the inputs",
            () =>
            {
                Assert.Equal(0, Table(Defaults).Column("networks that learn")[0]);
                Assert.Equal(1 / 6.0, Table(Defaults).Column("factor per layer")[0], 0.001);
                Assert.InRange(Table(Defaults).Column("first layer weight gradient")[0], 0, 1e-9);
            }
        );
        Says(
            "All five of Keras's default do, and so do those of the rule that was asked for",
            () => Assert.Equal([5, 5], Table(Defaults).Column("networks that learn")[1..])
        );
        Derives("But Keras's default is Glorot's rule, for which 400 steps");
        Derives("Many models rely on these defaults", "But a plain deep network needs a rule");
    }

    private void Tomorrow()
    {
        Derives("Where Keras has no name of its own");
        Library("In every row but the last all four columns have the same variance", SameVariances);
        Library(
            "| ReLU | `HeNormal`",
            () => Assert.Equal(2.0 / 300, WhatToWrite.TorchSharp("kaiming_normal_(w)", 300, 10), 1e-15)
        );
        Library(
            "nothing written | a rule has to be named |",
            () => Assert.Equal(1 / 900.0, WhatToWrite.PyTorchDefault(300), 1e-15)
        );
        Library(
            "For GELU and SiLU the row holds at $q = 1$",
            () =>
            {
                Assert.Equal(1 / 2.35, MeanField.NextLength(Activation.GELU, 1, 1), 0.001);
                Assert.Equal(1 / 2.81, MeanField.NextLength(Activation.SiLU, 1, 1), 0.001);
            }
        );
        Derives(
            "Four things to know about this table",
            "For tanh take LeCun's row unless the widths differ a lot",
            "The last layer feeds a loss and no ReLU",
            "in its source of May 2026"
        );
    }

    private void Summary() =>
        Derives(
            "LeCun 1998 | $1/n",
            "Glorot 2010 (\"Xavier\") | $2/",
            "He 2015 | $2/n",
            "leaky | $2/",
            "gain 5/3 for tanh | $",
            "convolution | the same |",
            "Glorot's average costs a factor at each change of width",
            "The gain belongs to the activation and acts in every layer",
            "Adam hides a wrong gain for some tens of layers"
        );

    /// <summary>Each row of the table of calls: the four columns give one variance, whatever the fans.</summary>
    private void SameVariances()
    {
        string text = Course.Text(Notebook);
        string[][] rows =
        [
            .. text[text.IndexOf("## What to write tomorrow", StringComparison.Ordinal)..]
                .Split('\n')
                .SkipWhile(line => !line.StartsWith("|---", StringComparison.Ordinal))
                .Skip(1)
                .TakeWhile(line => line.StartsWith('|'))
                .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim().Trim('`')).ToArray()),
        ];
        Assert.Equal(9, rows.Length);
        string[][] calls = [.. rows.Where(row => row[0] is not ("biases" or "nothing written"))];
        Assert.Equal(7, calls.Length);
        foreach (string[] row in calls)
        foreach ((int fanIn, int fanOut) in ((int, int)[])[(784, 10), (10, 784), (300, 300)])
        {
            double here = WhatToWrite.Here(row[1], fanIn, fanOut);
            Assert.Equal(here, WhatToWrite.PyTorch(row[2], fanIn, fanOut), 1e-14 * here);
            Assert.Equal(here, WhatToWrite.Keras(row[3], fanIn, fanOut), 1e-14 * here);
            Assert.Equal(here, WhatToWrite.TorchSharp(row[4], fanIn, fanOut), 1e-14 * here);
        }
    }

    private double Row(string column, params string[] row) => Table(Six)[column, row];

    private IEnumerable<ShownSeries> Seeds(string figure, string name) =>
        Figure(figure).Series.Where(series => series.Name == name);

    private ShownSeries Of(string figure, string name) =>
        Figure(figure)
            .Series.Single(series =>
                series.Name == name || Regex.IsMatch(series.Name, $"^{Regex.Escape(name)}, \\d+ (not finite|exactly 0)")
            );

    private static IEnumerable<double> At(ShownSeries series, double x) =>
        series.X.Zip(series.Y).Where(point => point.First == x).Select(point => point.Second);
}
