namespace NotebookSupport.Tests;

public class LiveTests
{
    private static readonly Network Start = Network.Create([2, 4, 1], Activation.Tanh, Initializer.GlorotNormal, 1);
    private static readonly Dataset Circles = Datasets.Circles(40);

    [Fact]
    public void WatchingChangesNoDigit()
    {
        TrainingOptions options = new() { Steps = 50, BatchSize = 7 };
        Assert.Equal(Trainer.Train(Start, Circles, options).Losses, Live.Train(Start, Circles, options).Losses);
    }

    [Fact]
    public void ATrainingStopsAtTheFirstLossBelow()
    {
        TrainingRun whole = Trainer.Train(Start, Circles, new() { Steps = 50 });
        double limit = whole.Steps[20].Loss;
        TrainingRun stopped = Trainer.Train(Start, Circles, new() { Steps = 50, StopBelow = limit });
        Assert.Equal(whole.Steps.TakeWhile(step => step.Loss >= limit).Count() + 1, stopped.Steps.Count);
        Assert.True(stopped.Steps[^1].Loss < limit);
    }

    [Fact]
    public void TheObserverSeesEachStepAndTheTrainingSoFar()
    {
        var seen = new Recorder();
        TrainingRun run = Trainer.Train(
            Start,
            Circles,
            new()
            {
                Steps = 5,
                Snapshots = 5,
                Observer = seen,
            }
        );
        Assert.Equal([1, 2, 3, 4, 5], seen.Done);
        Assert.Equal(run.Steps.Take(3), seen.AtThree!.Steps);
        Assert.Equal(3, seen.AtThree.Snapshots.Count);
    }

    private sealed class Recorder : IProgress<TrainingProgress>
    {
        public List<int> Done { get; } = [];

        public TrainingRun? AtThree { get; private set; }

        public void Report(TrainingProgress value)
        {
            Done.Add(value.Done);
            if (value.Done == 3)
                AtThree = value.SoFar();
        }
    }
}
