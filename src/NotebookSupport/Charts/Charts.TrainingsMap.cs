using System.Text.Json.Nodes;

namespace NotebookSupport;

public static partial class Charts
{
    /// <summary>
    /// The stored trainings of <see cref="TrainabilityMap"/>: the accuracy for each weight scale and depth, with a slider for the training
    /// steps. On a page a reader can paint an empty map, cell by cell, by training again.
    /// </summary>
    /// <param name="theory">Curves drawn over it, with the weight scale to the right and the depth upwards; default none.</param>
    public static Figure TrainingsMap(params Series[] theory)
    {
        Require.NotNull(theory);
        IReadOnlyList<int> steps = TrainabilityMap.Steps;
        Figure stored = Slider(
            "training steps",
            [
                .. steps.Select(after =>
                    (
                        Invariant($"{after}"),
                        HeatMap(
                            Invariant($"What has learnt after {after} training steps?"),
                            "weight scale s",
                            "hidden layers",
                            "accuracy",
                            TrainabilityMap.Scales,
                            TrainabilityMap.Depths,
                            (s, depth) => Math.Round(TrainabilityMap.Accuracy(after, s, depth), 2),
                            (0, 1),
                            theory
                        )
                    )
                ),
            ],
            first: steps.Count - 1
        );
        JsonObject json = stored.Json;
        json["live"] = NotebookSupport.TrainingsMap.Controls().Json();
        return new Figure(json, stored.Description, stored.Height);
    }
}
