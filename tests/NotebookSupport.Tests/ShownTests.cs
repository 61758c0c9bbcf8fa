using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

/// <summary>What a cell shows of values that are no figures, and tables of whatever rows.</summary>
public class ShownTests
{
    private static readonly Network Network = Network.Create([2, 3, 1], Activation.Tanh, Initializer.Constant(0.5), 1);

    private static readonly Dataset Circles = Datasets.Circles(20);

    [Fact]
    public void TuplesHaveAColumnForEachItem() =>
        Assert.Equal("Item1\tItem2\na\t1\nb\t2.5", $"{Table.Of([("a", 1.0), ("b", 2.5)])}");

    [Fact]
    public void NumbersTextsAndOptionalNumbersHaveOneColumn()
    {
        Assert.Equal("value\n1\n2.5", $"{Table.Of([1.0, 2.5])}");
        Assert.Equal("value\n1\n\n3", $"{Table.Of([1, (int?)null, 3])}");
        Assert.Equal("value\nx\ny", $"{Table.Of(["x", "y"])}");
        Assert.Equal("value\nFriday", $"{Table.Of([DayOfWeek.Friday])}");
    }

    [Fact]
    public void ObjectsHaveTheColumnsOfWhatTheyAre()
    {
        Assert.Equal("A\n1\n2", $"{Table.Of(new object[] { new { A = 1 }, new { A = 2 } })}");
        Assert.Equal(
            "A\tvalue\tB\n1\t\t\n\t7\t\n\t\t2",
            $"{Table.Of(new object[] { new { A = 1 }, 7, new { B = 2 } })}"
        );
    }

    [Fact]
    public void DictionariesListsAndVectors()
    {
        Assert.Equal("key\tvalue\na\t1", $"{Table.Of(new Dictionary<string, int> { ["a"] = 1 })}");
        Assert.Equal("1\t2\n1\t2\n3\t4", $"{Table.Of(new double[][] { [1, 2], [3, 4] })}");
        Assert.Equal("1\t2\n0.5\t1.5", $"{Table.Of(Vector<double>.Build.Dense([0.5, 1.5]))}");
        Assert.Equal(
            "key\tvalue\nW1\t[3 x 2]\nb1\t[3 x 1]",
            $"{Table.Of(LectureNote.InitializeParameters([2, 3], new Random(1)))}"
        );
    }

    [Fact]
    public void TheLossesOfARun()
    {
        TrainingRun run = Trainer.Train(Network, Circles, new() { Steps = 2 });
        Assert.Equal(
            "value\n" + string.Join('\n', run.Losses.Select(loss => loss.ToString("G4", null))),
            $"{Table.Of(run.Losses)}"
        );
    }

    [Fact]
    public void ALongTableIsCutAndSaysSo()
    {
        Table table = Table.Of(Enumerable.Range(0, 100_000).Select(i => new { i }));
        Assert.EndsWith("</tbody></table><p>The first 200 of 100,000 rows are shown.</p>", table.ToHtml());
        Assert.EndsWith("199\nThe first 200 of 100,000 rows are shown.", table.ToString());
        Assert.DoesNotContain("first", Table.Of(Enumerable.Range(0, 200)).ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void ColumnsOfNumbersAlignRightWithTheirHead()
    {
        string html = Table
            .Of([
                new
                {
                    Name = "a",
                    Loss = (double?)null,
                    Mixed = (object)1,
                },
                new
                {
                    Name = "b",
                    Loss = (double?)0.5,
                    Mixed = (object)"x",
                },
            ])
            .ToHtml();
        Assert.Contains("<th scope=\"col\">name</th>", html, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"col\" style=\"text-align:right\">loss</th>", html, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"col\">mixed</th>", html, StringComparison.Ordinal);
    }

    public static TheoryData<object, string[]> Values =>
        new()
        {
            { Matrix<double>.Build.Dense(3, 2, 1.5), ["[3 x 2]", ">1.5<"] },
            { Matrix<double>.Build.Diagonal(30, 30, 2), ["[30 x 30], of which [12 x 12] are shown"] },
            { Matrix<double>.Build.Sparse(2, 2), ["[2 x 2]"] },
            { Vector<double>.Build.Dense(20, 1.5), ["[20], of which 12 are shown", ">1.5<"] },
            { Network, ["2-3-1 tanh, 13 parameters", "fan-in", "activation", "std of weights", ">identity<", ">9<"] },
            { Network.Layers[0], ["2 -&gt; 3 tanh"] },
            { Circles, ["circles: 20 examples of 2 inputs, 2 classes, binary cross-entropy", ">10<"] },
            { Datasets.Digits(), ["1797 examples", ">178<"] },
            { Trainer.Train(Network, Circles, new() { Steps = 2 }), ["first loss", "final loss", ">never<"] },
            {
                Trainer.Train(
                    Network,
                    Circles,
                    new()
                    {
                        Steps = 9,
                        LearningRate = 1e300,
                        Loss = Loss.MeanSquaredError,
                    }
                ),
                ["diverged at step", ">NaN<"]
            },
            { Network.Gradients(Circles.Inputs, Circles.Targets, Circles.Loss), ["gradients of 2 layers", "‖dW‖"] },
            { Activation.LeakyReLU(0.2), ["<span>leaky ReLU (0.2)</span>"] },
            { Initializer.HeNormal, ["<span>He normal</span>"] },
            { Loss.MeanSquaredError, ["mean squared error"] },
            { Optimizer.Momentum(), ["momentum 0.9"] },
            { GradientClipping.ByValue(1), ["by value 1"] },
            { new TrainingOptions(), ["gradient descent, learning rate 0.1, 1000 steps of all examples, no clipping"] },
        };

    [Theory]
    [MemberData(nameof(Values))]
    public void AValueIsShownByItsFormatter(object value, string[] parts)
    {
        var writer = new StringWriter();
        Assert.True(new HtmlFormatter().Format(value, writer));
        Assert.All(parts, part => Assert.Contains(part, writer.ToString(), StringComparison.Ordinal));
    }

    /// <summary>The host's own formatter, which knows the attribute, and asks our registration for what MathNet has.</summary>
    [Theory]
    [MemberData(nameof(Values))]
    public void TheHostShowsIt(object value, string[] parts)
    {
        Assert.Equal(
            "text/html",
            Microsoft.DotNet.Interactive.Formatting.Formatter.GetPreferredMimeTypesFor(value.GetType()).Single()
        );
        string html = Microsoft.DotNet.Interactive.Formatting.Formatter.ToDisplayString(value, "text/html");
        Assert.All(parts, part => Assert.Contains(part, html, StringComparison.Ordinal));
        Assert.DoesNotContain("dni-treeview", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ValuesInOneLine()
    {
        TrainingRun run = Trainer.Train(Network, Circles, new() { Steps = 2 });
        Assert.Equal($"2 steps, loss from {run.Losses[0]:G4} to {run.FinalLoss:G4}", run.ToString());
        Assert.Equal("step 0: loss 0.5, gradient norm 2", new TrainingStep(0, 0.5, 2).ToString());
        Assert.Equal("0.1, seed 3: (1, 2.5)", new SweepResult<double, (int, double)>(0.1, 3, (1, 2.5)).ToString());
    }
}
