namespace NotebookSupport;

/// <content>The claims of notebook 05.</content>
public static partial class Claims
{
    private static IEnumerable<Claim> Dying =>
        [
            new(
                6,
                "In backpropagation the gradients get smaller and smaller as the minimum comes near, as they should.",
                Verdict.Imprecise,
                "Two things are mixed up. Over the steps of a training the gradient shrinks with the error, as it should. "
                    + "Over the layers of one step it shrinks or grows by chi a layer, near the minimum or far from it.",
                TimeAndDepth
            ),
            new(
                10,
                "Exploding gradients overshoot, may overflow, and give NaN.",
                Verdict.Right,
                "Numbers that grow tenfold a layer leave float32 at layer 39 and float64 at layer 309. A ReLU network of "
                    + "20 layers with variance 4/n is lost within a few steps.",
                Overflow
            ),
        ];

    /// <summary>
    /// At the output dJ/dz is (p - y) / N for each of N examples. As 1 - p ≤ -ln p for the probability p of the right
    /// class, the sum of |dJ/dz| is at most the loss, whatever the network. Through 10 sigmoid layers of 256 units at
    /// s = 1 the squared gradient changes by chi per layer, with the allowance of claim 7, at the start of a training and
    /// with a loss of ln 2, far from any minimum.
    /// </summary>
    private static IReadOnlyList<Trial> TimeAndDepth(int seed)
    {
        Dataset blobs = Datasets.Blobs();
        Network start = Network.Create([2, 8, 1], Activation.Tanh, Initializer.GlorotNormal, seed);
        TrainingRun run = Trainer.Train(start, blobs, Training);
        double chi = MeanField.ChiAtFixedPoint(Activation.Sigmoid, 1);
        double allowed = Math.Exp(5 * Math.Sqrt(5.0 / 256 / 9));
        return
        [
            AtMost(seed, "before the first step: Σ|dJ/dz| at the output, as a part of the loss", 1, OfTheLoss(start)),
            AtMost(seed, "after the last: the same", 1, OfTheLoss(run.Network)),
            AtMost(seed, "the last loss as a part of the first", 1, run.FinalLoss / run.Losses[0]),
            new(
                seed,
                "over the layers, before the first step: sigmoid, s = 1, factor a layer",
                chi / allowed,
                chi * allowed,
                Math.Pow(BackwardRatio(Activation.Sigmoid, Initializer.LeCunNormal, 256, 10, seed), 1 / 9.0)
            ),
        ];

        double OfTheLoss(Network network) =>
            network.Signals(blobs.Inputs, blobs.Targets, blobs.Loss)[^1].Deltas!.Enumerate().Sum(Math.Abs)
            / blobs.Loss.Value(network.Forward(blobs.Inputs), blobs.Targets);
    }

    /// <summary>
    /// The largest float32 is 3.4e38 and the largest float64 1.8e308. With variance 4/n the squared gradient doubles in
    /// each of 20 layers: a first gradient is larger than with He's rule by 2^10, and a step of the same length overshoots
    /// by as much. Diverged means that the loss became infinite or NaN.
    /// </summary>
    private static IReadOnlyList<Trial> Overflow(int seed)
    {
        Dataset moons = Datasets.Moons();
        return
        [
            new(seed, "tenfold a layer: first layer that float32 cannot hold", 39, 39, FirstInfinite(x => (float)x)),
            new(seed, "and float64", 309, 309, FirstInfinite(x => x)),
            new(seed, "20 layers, variance 4/n: diverged, 1 for yes", 1, 1, Diverged(4)),
            new(seed, "20 layers, variance 2/n: diverged, 1 for yes", 0, 0, Diverged(2)),
        ];

        double Diverged(double scale)
        {
            int[] sizes = Sizes.Of(2, 32, 20, 1);
            Network start = Network.Create(sizes, Activation.ReLU, Initializer.VarianceScaling(scale), seed);
            TrainingOptions options = new() { LearningRate = 0.01, Steps = 50 };
            return Trainer.Train(start, moons, options).DivergedAt is null ? 0 : 1;
        }

        static int FirstInfinite(Func<double, double> held) =>
            Enumerable.Range(1, 400).First(layer => double.IsInfinity(held(Math.Pow(10, layer))));
    }
}
