using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

/// <summary>
/// One weight w, one example x = 1, target 0, no bias gradient to speak of: the loss (w + b)² has the gradient
/// 2 (w + b) by either, so every step can be followed by hand.
/// </summary>
public class OptimizerTests
{
    private const double Rate = 0.1;
    private const int Steps = 5;

    /// <summary>Twice the weight's move happens to w + b. Five steps round by a few units of 1e-16 each.</summary>
    private static void Follows(Optimizer optimizer, Func<double, double> move)
    {
        double weight = 0.75;
        double bias = 0.25;
        var expected = new List<double>();
        for (int t = 0; t < Steps; t++)
        {
            expected.Add((weight + bias) * (weight + bias));
            double change = move(2 * (weight + bias));
            weight += change;
            bias += change;
        }
        var network = new Network([
            new Layer(Matrix<double>.Build.Dense(1, 1, 0.75), Vector<double>.Build.Dense(1, 0.25), Activation.Identity),
        ]);
        var data = new Dataset(
            "one example",
            Matrix<double>.Build.Dense(1, 1, 1),
            Matrix<double>.Build.Dense(1, 1, 0),
            Loss.MeanSquaredError
        );
        TrainingRun run = Trainer.Train(
            network,
            data,
            new()
            {
                LearningRate = Rate,
                Steps = Steps,
                Optimizer = optimizer,
            }
        );
        Assert.All(run.Steps, step => Assert.Equal(expected[step.Step], step.Loss, 1e-14));
        Assert.Equal(weight, run.Network.Layers[0].Weights[0, 0], 1e-14);
        Assert.Equal(bias, run.Network.Layers[0].Biases[0], 1e-14);
    }

    [Fact]
    public void GradientDescentGoesAlongTheGradient() =>
        Follows(Optimizer.GradientDescent, gradient => -Rate * gradient);

    /// <summary>After one step of gradient descent each parameter has moved by its own rate times its gradient.</summary>
    [Fact]
    public void EachLayerHasItsOwnRates()
    {
        Dataset circles = Datasets.Circles(20);
        var network = Network.Create([2, 3, 1], Activation.Tanh, Initializer.GlorotNormal, 1);
        Gradients gradients = network.Gradients(circles.Inputs, circles.Targets, circles.Loss);
        (double Weights, double Biases)[] rates = [(2, 0.5), (0, 3)];
        Network moved = Trainer
            .Train(
                network,
                circles,
                new()
                {
                    LearningRate = Rate,
                    Steps = 1,
                    LayerRates = rates,
                }
            )
            .Network;
        for (int l = 0; l < 2; l++)
        {
            Matrix<double> weights = network.Layers[l].Weights - Rate * rates[l].Weights * gradients.Layers[l].Weights;
            Vector<double> biases = network.Layers[l].Biases - Rate * rates[l].Biases * gradients.Layers[l].Biases;
            Assert.Equal(0, (moved.Layers[l].Weights - weights).FrobeniusNorm(), 1e-14);
            Assert.Equal(0, (moved.Layers[l].Biases - biases).L2Norm(), 1e-14);
        }
    }

    [Fact]
    public void MomentumAddsUpAVelocity()
    {
        double velocity = 0;
        Follows(Optimizer.Momentum(0.8), gradient => velocity = 0.8 * velocity - Rate * gradient);
    }

    [Fact]
    public void AdamFollowsItsAlgorithm()
    {
        double m = 0;
        double v = 0;
        int t = 0;
        Follows(
            Optimizer.Adam(0.8, 0.95, 1e-3),
            gradient =>
            {
                t++;
                m = 0.8 * m + 0.2 * gradient;
                v = 0.95 * v + 0.05 * gradient * gradient;
                return -Rate * (m / (1 - Math.Pow(0.8, t))) / (Math.Sqrt(v / (1 - Math.Pow(0.95, t))) + 1e-3);
            }
        );
    }

    /// <summary>
    /// Momentum written by a student takes the same steps as the library's, to the rounding of its fused multiply-adds:
    /// some 1e-16 a step, over 20 steps.
    /// </summary>
    [Fact]
    public void ARuleOfOnesOwnHasItsStateAndItsStep()
    {
        var steps = new SortedSet<int>();
        Optimizer own = Optimizer.From(
            "my momentum",
            stateSlots: 2,
            (theta, g, state, rate, step) =>
            {
                lock (steps)
                    steps.Add(step);
                state[0] = 0.8 * state[0] - rate * g;
                state[1] += 1;
                Assert.Equal(step, state[1]);
                return theta + state[0];
            }
        );
        TrainingRun[] runs =
        [
            .. new[] { own, Optimizer.Momentum(0.8) }.Select(optimizer =>
                Trainer.Train(
                    Network.Create([2, 70, 70, 1], Activation.Tanh, Initializer.GlorotNormal, 1),
                    Datasets.Circles(20),
                    new() { Steps = 20, Optimizer = optimizer }
                )
            ),
        ];
        Assert.All(runs[0].Losses.Zip(runs[1].Losses), pair => Assert.Equal(pair.Second, pair.First, 1e-13));
        Assert.Equal(Enumerable.Range(1, 20), steps);
        Assert.Equal("my momentum", own.ToString());
    }

    /// <summary>With m' = g and v' = g² the first step of Adam is the learning rate, whatever the gradient.</summary>
    [Fact]
    public void AdamsFirstStepIsTheLearningRate() =>
        Assert.Equal(
            Rate,
            (
                Trainer
                    .Train(
                        Network.Create([2, 3, 1], Activation.Tanh, Initializer.GlorotNormal, 1),
                        Datasets.Circles(20),
                        new()
                        {
                            LearningRate = Rate,
                            Steps = 1,
                            Optimizer = Optimizer.Adam(epsilon: 1e-12),
                        }
                    )
                    .Network.Layers[1]
                    .Weights - Network.Create([2, 3, 1], Activation.Tanh, Initializer.GlorotNormal, 1).Layers[1].Weights
            ).InfinityNorm() / 3,
            1e-9
        );

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void AFractionMustBeBelowOne(double value)
    {
        Assert.StartsWith("momentum is", Message(() => Optimizer.Momentum(value)));
        Assert.StartsWith("beta1 is", Message(() => Optimizer.Adam(beta1: value)));
        Assert.StartsWith("beta2 is", Message(() => Optimizer.Adam(beta2: value)));
        static string Message(Func<Optimizer> make) => Assert.Throws<ArgumentOutOfRangeException>(make).Message;
    }

    [Fact]
    public void EpsilonMustBePositive() => Assert.Throws<ArgumentOutOfRangeException>(() => Optimizer.Adam(epsilon: 0));
}
