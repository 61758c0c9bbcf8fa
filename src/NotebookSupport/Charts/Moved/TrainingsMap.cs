using System.Text.Json.Nodes;

namespace NotebookSupport;

/// <summary>A cell of <see cref="Charts.TrainingsMap"/>, trained again: one learning rate a request, and the best so far.</summary>
internal static class TrainingsMap
{
    public const string Name = "trainings-map";

    /// <summary>The best of a cell's learning rates until the next one.</summary>
    private static ((double Scale, double Depth, int Steps) Of, double Best) s_kept;

    public static LiveControls Controls() =>
        new(Name)
        {
            Choices =
            [
                ("steps", "training steps", [.. TrainabilityMap.Steps.Select(steps => Invariant($"{steps}"))], 0),
            ],
            Cells = ("scale", "depth", TrainabilityMap.LearningRates.Count),
        };

    public static JsonObject Answer(LiveRequest asked)
    {
        double scale = asked.Number("scale", TrainabilityMap.Scales[0], TrainabilityMap.Scales[^1]);
        double depth = asked.Number("depth", TrainabilityMap.Depths[0], TrainabilityMap.Depths[^1]);
        int steps = asked.Whole("steps", TrainabilityMap.Steps[0], TrainabilityMap.Steps[^1]);
        int part = asked.Whole("part", 0, TrainabilityMap.LearningRates.Count - 1);
        double accuracy = TrainabilityMap.TrainAt(scale, depth, TrainabilityMap.LearningRates[part], steps)[^1];
        if (part > 0 && s_kept.Of == (scale, depth, steps))
            accuracy = Math.Max(accuracy, s_kept.Best);
        s_kept = ((scale, depth, steps), accuracy);
        return new JsonObject
        {
            ["value"] = Math.Round(accuracy, 2),
            ["reading"] =
                Invariant(
                    $"At s = {scale}, {depth} hidden layers get {accuracy:P0} of the digits right after {steps} steps"
                )
                + (
                    part < TrainabilityMap.LearningRates.Count - 1
                        ? Invariant(
                            $", at the best of {part + 1} of {TrainabilityMap.LearningRates.Count} learning rates."
                        )
                        : Invariant($"; stored: {TrainabilityMap.Accuracy(steps, scale, depth):P0}.")
                ),
        };
    }
}
