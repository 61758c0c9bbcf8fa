using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <content>The claims of notebook 05.</content>
public static partial class Claims
{
    private static IEnumerable<Claim> Dying =>
        [
            new(
                6,
                "On the way back through the network the gradient shrinks more and more as the training nears its minimum, and rightly so.",
                Verdict.Imprecise,
                "The sentence mixes two things. Over the steps of a training the gradient shrinks with the error, as it should. "
                    + "Over the layers of one step each ReLU layer multiplies its square by s²/2, near the minimum or far from it.",
                true,
                seed => TimeAndDepth(seed)
            ),
            new(
                10,
                "Gradients that explode make the training oscillate around the minimum or jump past it; they may overflow and end in NaN.",
                Verdict.Right,
                "We saw all four. A signal that grows tenfold per layer leaves float32 at layer 39 and float64 at layer 309. "
                    + "One layer later it is NaN: each unit of that network has a weight of 0, and infinity times 0 is NaN.",
                true,
                seed => Explosions(seed)
            ),
        ];

    /// <summary>A signal gradient through ReLU layers is multiplied by s²/2 per layer, in its square, as <see cref="ReLUThroughDepth"/> has it.</summary>
    internal static IReadOnlyList<Measurement> TimeAndDepth(int seed, double learningRate = 0.1, double factor = 1)
    {
        const int depth = 10;
        Dataset blobs = Datasets.Blobs(100, seed: seed);
        Network start = Network.Create(Sizes.Of(2, 16, 6, 1), Activation.ReLU, Initializer.HeNormal, seed);
        TrainingOptions options = new() { LearningRate = learningRate, Steps = 300 };
        Network end = Trainer.Train(start, blobs, options).Network;
        Prediction smaller = Prediction.Below(1, "it shrinks as the minimum comes near");
        return
        [
            new(
                "over time: 6 ReLU layers of He's scale, signal gradient of layer 1 after 300 steps, divided by that before",
                smaller,
                smaller,
                FirstDelta(end) / FirstDelta(start)
            ),
            OverDepth(2),
            OverDepth(1),
            OverDepth(4),
        ];

        double FirstDelta(Network network) => network.Signals(blobs.Inputs, blobs.Targets, blobs.Loss)[0].DeltaNorm;

        Measurement OverDepth(double squaredScale) =>
            new(
                Invariant(
                    $"over depth, before the first step: s² = {squaredScale}, 10 layers, factor on the squared signal gradient per layer"
                ),
                Level(depth, "no minimum is near"),
                Typical(Activation.ReLU, squaredScale, depth),
                MeanFactor(Activation.ReLU, factor * squaredScale, depth, seed)
            );
    }

    /// <summary>
    /// The largest float32 is 3.4e38 and the largest float64 1.8e308. On the loss x² a step of gradient descent is
    /// x ← (1 - 2 rate) x: it changes side at every step where the rate is above 1/2, and grows where it is above 1. With
    /// variance 4/n the squared gradient doubles in each of 20 ReLU layers: a first gradient is larger than with He's rule
    /// by 2^10, and a step of the same length overshoots by as much.
    /// </summary>
    internal static IReadOnlyList<Measurement> Explosions(
        int seed,
        double growth = 10,
        double oscillating = 0.9,
        double overshooting = 1.1,
        double large = 4,
        double he = 2
    )
    {
        const int steps = 50;
        Dataset moons = Datasets.Moons(100, seed: seed);
        double[] sizes = TenfoldSignals(growth);
        Prediction here = Prediction.AtMost(400, "in one of 400 layers");
        Prediction lost = Prediction.Below(steps, "it diverges");
        return
        [
            new(
                "loss x², learning rate 0.9: changes of side in 20 steps",
                Prediction.Above(0, "it oscillates"),
                Prediction.Exactly(20),
                Bowl(oscillating).Zip(Bowl(oscillating).Skip(1), (a, b) => a.X * b.X < 0 ? 1 : 0).Sum()
            ),
            new(
                "loss x², learning rate 1.1: loss after a step, divided by the loss before it",
                Prediction.Above(1, "it overshoots again and again"),
                Prediction.Rounded(1.2 * 1.2),
                Bowl(overshooting)[1].Loss / Bowl(overshooting)[0].Loss
            ),
            new(
                "signals that grow tenfold per layer: first layer that float32 cannot hold",
                here,
                Prediction.Exactly(39),
                First(size => float.IsInfinity((float)size))
            ),
            new(
                "the same: first layer that float64 cannot hold",
                here,
                Prediction.Exactly(309),
                First(double.IsInfinity)
            ),
            new("the same: first layer of NaN", here, Prediction.Exactly(310), First(double.IsNaN)),
            new(
                "20 ReLU layers, variance 4/n: steps until loss or gradient are infinite or NaN, of 50",
                lost,
                lost,
                StepsUntilLost(large)
            ),
            new(
                "20 ReLU layers, He's variance 2/n: the same",
                null,
                Prediction.Exactly(steps, "they never are"),
                StepsUntilLost(he)
            ),
        ];

        int First(Func<double, bool> broken) => 1 + Array.FindIndex(sizes, size => broken(size));

        static IReadOnlyList<PlaneStep> Bowl(double rate) =>
            PlaneDescent.Run((x, _) => new PlaneLoss(x * x, 2 * x, 0), 1, 0, rate, 20);

        double StepsUntilLost(double scale)
        {
            int[] layers = Sizes.Of(2, 32, 20, 1);
            Network start = Network.Create(layers, Activation.ReLU, Initializer.VarianceScaling(scale), seed);
            return Trainer.Train(start, moons, new() { LearningRate = 0.01, Steps = steps }).DivergedAt ?? steps;
        }
    }

    /// <summary>The first of two signals after each of 400 linear layers whose matrix is a number times the identity.</summary>
    private static double[] TenfoldSignals(double growth)
    {
        Initializer identity = Initializer.From(
            "identity",
            (rows, columns, _) => Matrix<double>.Build.DenseDiagonal(rows, columns, growth)
        );
        Network network = Network.Create(Sizes.Of(2, 2, 400, 2), Activation.Identity, identity, 1);
        IReadOnlyList<LayerSignal> signals = network.Signals(Matrix<double>.Build.Dense(2, 1, 1));
        return [.. signals.Select(signal => signal.Activations[0, 0])];
    }
}
