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

    [Fact]
    public void ACancelledTrainingStopsBeforeItsNextStepAndSaysWhich()
    {
        using var source = new CancellationTokenSource();
        var seen = new Recorder { AtThreeDo = source.Cancel };
        var error = Assert.Throws<OperationCanceledException>(() =>
            Trainer.Train(
                Start,
                Circles,
                new()
                {
                    Steps = 5,
                    Observer = seen,
                    Cancellation = source.Token,
                }
            )
        );
        Assert.Equal("The training was stopped before step 3 of 5.", error.Message);
        Assert.Equal(source.Token, error.CancellationToken);
        Assert.Equal([1, 2, 3], seen.Done);
    }

    [Fact]
    public void AWatchedSweepGivesTheResultsOfASweep()
    {
        static int Experiment(int configuration, int seed) => 10 * configuration + seed;
        Assert.Equal(
            Sweep.Run([1, 2, 3], [4, 5], Experiment),
            Live.Sweep("experiments", [1, 2, 3], [4, 5], Experiment)
        );
    }

    private sealed class Recorder : IProgress<TrainingProgress>
    {
        public List<int> Done { get; } = [];

        public TrainingRun? AtThree { get; private set; }

        public Action? AtThreeDo { get; init; }

        public void Report(TrainingProgress value)
        {
            Done.Add(value.Done);
            if (value.Done != 3)
                return;
            AtThree = value.SoFar();
            AtThreeDo?.Invoke();
        }
    }
}
