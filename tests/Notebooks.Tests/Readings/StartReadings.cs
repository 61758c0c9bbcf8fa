using MathNet.Numerics.LinearAlgebra;
using NotebookSupport;

namespace Notebooks.Tests.Readings;

/// <summary>00: the flat line, the passes by hand, and three starts at their best rates.</summary>
internal sealed class StartReadings : LessonReadings
{
    private const double LnTen = 2.302585092994046;

    private static readonly Matrix<double> X = Matrix<double>.Build.DenseOfColumnArrays([1.0, 2.0]);
    private static readonly Matrix<double> Y = Matrix<double>.Build.Dense(1, 1, 0.5);

    public StartReadings()
        : base("notebooks/00-start-here.ipynb")
    {
        ShownTable formula = Table("Typed = ");
        ShownTable pass = Table("the same pass, computed by the library");
        ShownTable starts = Table("before and after 600 steps");

        SetsUp(
            "Here are 1,797 images of handwritten digits, 8 by 8 pixels each, so each is 64 numbers.",
            "int n = 64;"
        );
        Derives(
            "The network's job is to say which of the ten digits an image shows.",
            "In each training step the network looks at 64 of the others, and every weight moves a little",
            "(`[64, 32, 10]` means 64 inputs",
            "For now only one line of the code matters",
            "The choice of those numbers decides how fast it learns",
            "Every notebook begins with the same cell",
            "All these words are explained below",
            "`Seed` fixes every random draw",
            "`Trainer.Train` does the same without the chart.",
            "The output unit has no activation function",
            "For each network and rule, the best rate:",
            "Now look at the best first loss.",
            "(C# counts layers from 0",
            "on it equal distances are equal factors, so from 2 to 1 is as far as from 1 to 0.5."
        );
        Says(
            "The curve only jitters: each step sees different images, but the network gives the same answer to all of them.",
            () =>
            {
                double[] losses = Figure(
                    "Loss during training. Loss over 600 steps, logarithmic: digits (train) stays at"
                )
                    .Series[0]
                    .Y;
                Assert.All(losses, loss => Assert.InRange(loss, 0.98 * LnTen, 1.02 * LnTen));
            }
        );
        Says(
            "About one in ten right is what a guesser gets.",
            // Of 360 test images a guesser gets 36 right, give or take 2.6 standard deviations of a binomial number.
            () =>
                Assert.InRange(
                    Printed("test images classified correctly:"),
                    0.1 - 2.6 * Math.Sqrt(0.09 / 360),
                    0.1 + 2.6 * Math.Sqrt(0.09 / 360)
                )
        );
        Says(
            "`2 / n` divides two integers and drops the fraction, so every weight started at 0.",
            () => Assert.Equal([0, 0.1768], formula.Column("square root"))
        );
        Library(
            "From there no weight can move",
            () =>
                Assert.All(
                    Network
                        .Create([64, 32, 10], Activation.ReLU, Initializer.Zeros, 1)
                        .Gradients(
                            Matrix<double>.Build.Dense(64, 1, 0.5),
                            Matrix<double>.Build.Dense(10, 1, (i, _) => i == 3 ? 1 : 0),
                            Loss.SoftmaxCrossEntropy
                        )
                        .Layers,
                    layer => Assert.Equal(0, layer.Weights.FrobeniusNorm())
                )
        );
        Says(
            "There was no exception, no warning and no NaN, only a flat line.",
            () =>
                Assert.DoesNotContain(
                    Cells.Where(Course.IsCode).SelectMany(cell => cell["outputs"]!.AsArray()),
                    output => output!["output_type"]!.ToString() == "error"
                )
        );
        SetsUp(
            "Now with `2.0`, and with the $n$ of each layer: 64 for the first, 32 for the last. That is `Initializer.HeNormal`, named after its first author.",
            "Network.Create([64, 32, 10], Activation.ReLU, Initializer.HeNormal, Seed);"
        );
        Says(
            "from 2.4 it falls to about 0.14.",
            () =>
            {
                ShownSeries learnt = Figure(
                    "Loss during training. Loss over 600 steps, logarithmic: digits (train) falls"
                ).Series[0];
                Assert.Equal(2.4, learnt.First, 1);
                Assert.Equal(0.14, learnt.Last, 2);
            }
        );
        Derives(
            "The faint line is the loss of each step on its 64 images, the thick line smooths it:",
            "This way large and small losses can both be read.",
            "Two lines of code did the work:",
            "A `Network` object never changes.",
            "the network before and after, and a record of every step.",
            "Nearly everything in this course is made of these two",
            "Here are the first images it learns from:",
            "Each image is one *column* of a matrix, each pixel a number from 0 (paper) to 1 (ink)."
        );
        SetsUp(
            "This network has two inputs, two hidden units and one output, so it is small enough for pencil and paper.",
            "new Layer(M(new[,] { { 0.5, 0.25 }, { -0.5, 1.0 } }), V(0, 0), Activation.ReLU)",
            "new Layer(M(new[,] { { 1.0, -2.0 } }), V(0.5), Activation.Identity)"
        );
        Derives(
            "The first hidden unit multiplies each input by the weight on its line, adds up, and adds a number of its own, its **bias** $b$:",
            "($W a$ has one number for each row of $W$: the entries of the row times those of $a$, added up.",
            "So the first hidden unit gets $0.5\\, x_1 + 0.25\\, x_2$.)",
            "The biases are not drawn, and the numbers in the circles only count the units:",
            "Then it passes $z$ through an **activation function**",
            "With $W^{[l]}$ for the matrix of the weights of layer $l$, a row for each unit, layer $l$ computes"
        );
        SetsUp(
            "Here the hidden units have the bias 0 and the output 0.5.",
            "V(0, 0), Activation.ReLU",
            "V(0.5), Activation.Identity"
        );
        SetsUp(
            "Our input is $x = (1, 2)$, and the answer should be $y = 0.5$, the **target**.",
            "var x = M(new[,] { { 1.0 }, { 2.0 } });",
            "var y = M(new[,] { { 0.5 } });"
        );
        SetsUp("The numbers in the circles are the inputs and the activations.", "small, x)");
        Says(
            "$0.5 \\cdot 1 + 0.25 \\cdot 2 + 0 = 1$",
            () => Assert.Equal(0.5 * 1 + 0.25 * 2 + 0, Passed(0).PreActivations[0, 0])
        );
        Says("$-0.5 \\cdot 1 + 1 \\cdot 2 + 0 = 1.5$", () => Assert.Equal("1, 1.5", pass.Words("pre activations")[0]));
        Says("$1 \\cdot 1 - 2 \\cdot 1.5 + 0.5 = -1.5$", () => Assert.Equal("-1.5", pass.Words("pre activations")[1]));
        Says("$(-1.5 - 0.5)^2 = 4$", () => Assert.Equal(4, Small.Gradients(X, Y, Loss.MeanSquaredError).Loss));
        Says(
            "the derivative $\\partial J / \\partial w$, with all other numbers held fixed, for each of the network's six weights and three biases.",
            () =>
                Assert.Equal(
                    (9, 6),
                    (
                        Small.ParameterCount,
                        Small.Layers.Sum(layer => layer.Weights.RowCount * layer.Weights.ColumnCount)
                    )
                )
        );
        Derives(
            "We get all of them in one pass from the loss back to the inputs, by the chain rule:",
            "On the way we need one number for each unit, how the loss changes with its pre-activation,",
            "and it is not the same as the weight gradient"
        );
        Says(
            "$\\delta^{[2]} = 2 (z^{[2]} - y) = 2 \\cdot (-2) = -4$",
            () => Assert.Equal("-4", pass.Words("signal gradient")[1])
        );
        Says(
            "$\\partial J / \\partial W^{[2]} = -4 \\cdot (1, 1.5) = (-4, -6)$. A bias multiplies 1: $\\partial J / \\partial b^{[2]} = -4$.",
            () => Assert.Equal(("-4, -6", "-4"), (pass.Words("weight gradient")[1], pass.Words("bias gradient")[1]))
        );
        Says(
            "$\\partial J / \\partial a^{[1]} = -4 \\cdot (1, -2) = (-4, 8)$.",
            () => Assert.Equal([-4, 8], (Small.Layers[1].Weights.Transpose() * Passed(1).Deltas!).Enumerate())
        );
        Says(
            "Both are positive: $\\delta^{[1]} = (-4, 8)$.",
            () => Assert.Equal("-4, 8", pass.Words("signal gradient")[0])
        );
        Derives(
            "Multiply by its slope $\\varphi'(z)$, which for ReLU is 1 where $z$ is positive and 0 where it is negative."
        );
        Says(
            "has the rows $-4 \\cdot (1, 2) = (-4, -8)$ and $8 \\cdot (1, 2) = (8, 16)$, and the biases get $-4$ and $8$.",
            () =>
                Assert.Equal(
                    ("-4, -8 | 8, 16", "-4, 8"),
                    (pass.Words("weight gradient")[0], pass.Words("bias gradient")[0])
                )
        );
        Derives(
            "That is all of backpropagation.",
            "The library does the same:",
            "Line by line, these are the numbers that we found by hand.",
            "`Network.Create(sizes, activation, initializer, seed)` draws a network:",
            "Activation $a^{[1]}_i$ reaches the output through its weight.",
            "(With several units after it, the contributions of all paths add up:"
        );
        Library(
            "If all weights and biases are 0, line 3 multiplies by 0, so no signal reaches the first layer, and the activations in line 2 are 0 as well. Only the last bias has a gradient.",
            () =>
            {
                Gradients zeros = Network
                    .Create([2, 2, 1], Activation.ReLU, Initializer.Zeros, 1)
                    .Gradients(X, Y, Loss.MeanSquaredError);
                Assert.All(zeros.Layers, layer => Assert.Equal(0, layer.Weights.FrobeniusNorm()));
                Assert.Equal((0, -1), (zeros.Layers[0].Biases.L2Norm(), zeros.Layers[1].Biases[0]));
            }
        );
        Derives("A training step moves each weight against its gradient");
        Says(
            "A learning rate of a hundredth removes nine tenths of the loss. The squares of the nine derivatives add up to 548.",
            () =>
            {
                Assert.InRange(1 - Printed("loss after one step:") / 4, 0.85, 0.95);
                Assert.Equal(548, Math.Pow(Small.Gradients(X, Y, Loss.MeanSquaredError).GlobalNorm, 2), 9);
            }
        );
        Says(
            "which is more than the 4 that there is to lose.",
            () => Assert.True(0.01 * Math.Pow(Small.Gradients(X, Y, Loss.MeanSquaredError).GlobalNorm, 2) > 4)
        );
        Says(
            "The slope flattens on the way, so the loss falls by less.",
            () => Assert.InRange(4 - Printed("loss after one step:"), 0, 0.01 * 548)
        );
        Library(
            "Each derivative is $2 \\cdot (-2) = -4$ times that of the *answer*, so the squares of the latter add up to $548 / 16 \\approx 34$.",
            // With a target half a unit below the answer, the derivatives of the loss are those of the answer.
            () =>
                Assert.Equal(
                    548.0 / 16,
                    Math.Pow(
                        Small.Gradients(X, Matrix<double>.Build.Dense(1, 1, -2), Loss.MeanSquaredError).GlobalNorm,
                        2
                    ),
                    9
                )
        );
        Library(
            "To first order, the step multiplies the error, answer minus target, by $1 - 2 \\eta \\cdot 34 \\approx 0.3$, and so the loss by about a tenth, whatever the target.",
            () =>
            {
                Assert.Equal(0.3, 1 - 2 * 0.01 * 548 / 16, 1);
                // Targets on both sides of the answer, -1.5.
                Assert.All((double[])[0.5, -1.4, -2.5], target => Assert.Equal(0.1, LeftAfter(0.01, target), 1));
            }
        );
        Library(
            "Beyond $\\eta = 1/34 \\approx 0.03$ this factor is below $-1$: the loss grows.",
            () =>
            {
                Assert.Equal(0.03, 16.0 / 548, 2);
                Assert.All((double[])[0.5, -1.4], target => Assert.True(LeftAfter(0.035, target) > 1));
            }
        );
        Derives("So how long a step may be depends on how strongly the weights move the answer");
        Derives(
            "With matrices the five lines hold for a whole **batch**, the images of one step, one image per column.",
            "For one image, $\\delta a^\\top$ has the entry $\\delta_i a_j$ in row $i$ and column $j$: line 2 for all weights at once.",
            "Find the five lines; the fifth is the second again, in the next turn of the loop:",
            "training uses a faster version of the same."
        );
        Says(
            "They differ by rounding alone.",
            // A weight gradient is a mean over 1,437 products of numbers near 1; each addition rounds by at most 1.1e-16 of it.
            () => Assert.InRange(Printed("largest difference of a weight gradient:"), 0, 1.1e-16 * Math.Sqrt(1437))
        );
        Derives(
            "and there is a test that needs no chain rule.",
            "For each weight $w$, compare backpropagation with the slope",
            "but the smaller $h$ is, the more the rounding of $J$ to 16 digits is blown up;",
            "it is smooth, while ReLU has a corner at 0, where left and right slope differ."
        );
        Says(
            "Less than a billionth, about what rounding leaves at this $h$.",
            () => Assert.InRange(Printed("worst difference, as a fraction of the largest derivative:"), 0, 1e-9)
        );
        Derives("A forgotten factor or term would show as a fraction near 1");
        Derives(
            "The ten outputs of the network for the digits are scores",
            "A network that knows nothing should spread its bets evenly",
            "The first loss is the cheapest test of a start there is: one number, before the first step.",
            "so for one image the signal gradient of score $i$ is $p_i - y_i$, where the target $y_i$ is 1 for the right class and 0 for the others; for the mean over a batch it is divided by the number of images."
        );
        SetsUp(
            "We try it on three starts, and train each of them with seven learning rates, from five seeds each.",
            "[Initializer.Normal(0.01), Initializer.HeNormal, Initializer.Normal(1)];",
            "double[] rates = [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];",
            "Enumerable.Range(1, 5)"
        );
        SetsUp(
            "The table shows the rate at which the training loss ends lowest, and there the median of the five seeds.",
            ".MinBy(rate => rate.Select(trial => trial.Result.FinalLoss).Median())"
        );
        SetsUp("The second network has three hidden layers in place of one.", "[[64, 32, 10], [64, 32, 32, 32, 10]]");
        SetsUp("That is 42 settings, and 210 training runs.", "double[] rates = [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];");
        Says(
            "and so a first loss of $\\ln 10$ to four digits, in both networks.",
            () =>
            {
                Assert.Equal(Math.Round(LnTen, 3), starts["first loss", "64-32-10", "normal, std 0.01"]);
                Assert.Equal(Math.Round(LnTen, 3), starts["first loss", "64-32-32-32-10", "normal, std 0.01"]);
            }
        );
        Says(
            "they start far above that value, the deeper one by far the most, and end behind He's rule.",
            () =>
            {
                double[] first =
                [
                    starts["first loss", "64-32-10", "normal, std 1"],
                    starts["first loss", "64-32-32-32-10", "normal, std 1"],
                ];
                Assert.True(first[0] > 5 * LnTen && first[1] > 10 * first[0]);
                foreach (string network in new[] { "64-32-10", "64-32-32-32-10" })
                {
                    Assert.True(
                        starts["last loss", network, "normal, std 1"] > 2 * starts["last loss", network, "He normal"]
                    );
                    Assert.True(
                        starts["test accuracy", network, "normal, std 1"]
                            < starts["test accuracy", network, "He normal"] - 0.01
                    );
                }
            }
        );
        Says(
            "With one hidden layer, the small start learns as well as He's rule: 0.969 and 0.964 of the test images.",
            () =>
            {
                Assert.Equal(0.969, starts["test accuracy", "64-32-10", "normal, std 0.01"], 3);
                Assert.Equal(0.964, starts["test accuracy", "64-32-10", "He normal"], 3);
            }
        );
        Says(
            "With three hidden layers it learns nothing in 600 steps: at the best of seven learning rates it still answers like a guesser.",
            () =>
            {
                Assert.Equal(LnTen, starts["last loss", "64-32-32-32-10", "normal, std 0.01"], 2);
                Assert.InRange(starts["test accuracy", "64-32-32-32-10", "normal, std 0.01"], 0.05, 0.15);
            }
        );
        Derives("So a first loss far above $\\ln K$ is a warning.");
        Says(
            "One within a tenth of it is a test that both starts by He's rule pass here",
            () =>
            {
                Assert.All(
                    new[] { "64-32-10", "64-32-32-32-10" },
                    network => Assert.InRange(starts["first loss", network, "He normal"], LnTen, 1.1 * LnTen)
                );
            }
        );
        Derives(
            "weights that all start at 0 learn nothing, and no message says so",
            "backpropagation is five lines of the chain rule",
            "the signal gradient $\\delta$ and the weight gradient are two things",
            "all weights and biases of one network",
            "a first loss far above $\\ln K$ is a warning; one near it proves nothing",
            "two networks, three starts, seven learning rates",
            "All symbols of the course are in one table"
        );
    }

    private static Network Small { get; } =
        new([
            new Layer(
                Matrix<double>.Build.DenseOfRowArrays([0.5, 0.25], [-0.5, 1]),
                Vector<double>.Build.Dense(2),
                Activation.ReLU
            ),
            new Layer(
                Matrix<double>.Build.DenseOfRowArrays([1.0, -2.0]),
                Vector<double>.Build.Dense(1, 0.5),
                Activation.Identity
            ),
        ]);

    /// <summary>What fraction of the loss is left after one step on the small network.</summary>
    private static double LeftAfter(double learningRate, double target)
    {
        var one = new Dataset("one", X, Matrix<double>.Build.Dense(1, 1, target), Loss.MeanSquaredError);
        TrainingOptions step = new() { LearningRate = learningRate, Steps = 1 };
        return Trainer.Train(Small, one, step).FinalLoss / Math.Pow(-1.5 - target, 2);
    }

    private static LayerSignal Passed(int layer) => Small.Signals(X, Y, Loss.MeanSquaredError)[layer];
}
