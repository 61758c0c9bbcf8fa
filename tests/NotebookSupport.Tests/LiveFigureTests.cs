using System.Text.Json.Nodes;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport.Tests;

/// <summary>What a page asks of the figures that a reader moves.</summary>
public sealed class LiveFigureTests
{
    [Fact]
    public void TheDialAnswersWithTheStoredStateAtAStoredScale()
    {
        JsonObject dial = Json(
            Charts.DepthDial([1, 1.2, 1.4, 1.6], [Activation.ReLU, Activation.Tanh], [8, 16], depth: 8, seed: 3)
        );
        JsonObject live = dial["live"]!.AsObject();
        Assert.Equal("depth-dial", live["name"]!.ToString());
        JsonObject asked = live["given"]!.DeepClone().AsObject();
        (asked["s"], asked["activation"], asked["width"]) = (1.4, "tanh", 8);
        JsonObject state = LiveFigures.Answer("depth-dial", asked.ToJsonString());
        const int stored = 2 + 4 * 1;
        Assert.Equal(dial["frames"]![stored]!.ToJsonString(), state["frame"]!.ToJsonString());
        Assert.Equal(dial["control"]!["readings"]![stored]!.ToString(), state["reading"]!.ToString());
    }

    [Fact]
    public void ADialOfAnActivationOfOnesOwnIsNotComputedOnAPage() =>
        Assert.Null(
            Json(
                Charts.DepthDial(
                    [1, 1.2, 1.4, 1.6],
                    [Activation.ReLU, Activation.From("cube", z => z * z * z, z => 3 * z * z)],
                    [8, 16],
                    depth: 4
                )
            )["live"]
        );

    [Fact]
    public void TheTieHoldsWithoutANudgeAndBreaksWithOne()
    {
        JsonNode lowest = Charts.BreakTheTie().Json["live"]!["sliders"]![0]!["from"]!;
        JsonObject equal = Tie($$"""{"seed":1,"nudge":{{lowest}},"steps":3000}""");
        Assert.Contains("all eight units are equal", equal["reading"]!.ToString());
        Assert.All(equal["handles"]!.AsArray(), point => Assert.Equal("[0.5,0.5]", point!.ToJsonString()));
        Assert.Equal(
            ["-17", "-17", "-17", "-17", "-17", "-17", "-17", "-17"],
            Trace(equal, 6)["y"]!.AsArray().Select(y => y!.ToString())
        );
        Assert.Contains(
            "no unit has an exact copy",
            Tie("""{"seed":1,"nudge":-3,"steps":3000}""")["reading"]!.ToString()
        );
    }

    [Fact]
    public void TheTrainingOfTheTieGoesOnAsIfItHadNotStopped()
    {
        const string dragged = "\"weights\":[[1,0],[0,1],[-1,0],[0,-1],[1,1],[-1,1],[1,-1],[-1,-1]]";
        string Asked(int steps) => $$"""{"seed":2,"nudge":-3,{{dragged}},"steps":{{steps}}}""";
        JsonObject whole = Tie(Asked(600));
        for (int steps = 0; steps < 600; steps += 150)
            Tie(Asked(steps));
        Assert.Equal(whole.ToJsonString(), Tie(Asked(600)).ToJsonString());
        Assert.Equal("[-1,1]", whole["handles"]![5]!.ToJsonString());
        Matrix<double> start = TieFigure.Start(1e-3, 2);
        Assert.Equal(
            [.. start.ToRowArrays().SelectMany(row => row)],
            Tie("""{"seed":2,"nudge":-3,"steps":0}""")["handles"]!
                .AsArray()
                .SelectMany(point => point!.AsArray().Select(at => (double)at!))
        );
    }

    [Fact]
    public void ACellOfTheMapIsTheBestOfItsTrainingsAndTheStoredOne()
    {
        JsonObject last = [];
        for (int part = 0; part < TrainabilityMap.LearningRates.Count; part++)
            last = LiveFigures.Answer("trainings-map", $$"""{"scale":1.38,"depth":4,"steps":50,"part":{{part}}}""");
        Assert.Equal(Math.Round(TrainabilityMap.Accuracy(50, 1.38, 4), 2), (double)last["value"]!);
        Assert.EndsWith("; stored: 97 %.", last["reading"]!.ToString());
    }

    [Theory]
    [InlineData("dial", "{}", "name is dial; expected one of depth-dial, break-the-tie, trainings-map.")]
    [InlineData("depth-dial", """{"depth":5,"seed":1}""", "width is missing; expected a number from 1 to 400.")]
    [InlineData(
        "depth-dial",
        """{"width":8,"depth":5,"seed":1,"activation":"cube","s":1}""",
        "activation is \"cube\"; expected one of identity, sigmoid, tanh, ReLU, GELU, SiLU."
    )]
    [InlineData("break-the-tie", """{"seed":1,"nudge":1,"steps":0}""", "nudge is 1; expected a number from -18 to 0.")]
    [InlineData(
        "break-the-tie",
        """{"seed":1,"weights":[[1,2]],"steps":0}""",
        "weights is [[1,2]]; expected 8 points."
    )]
    [InlineData(
        "trainings-map",
        """{"scale":1.4,"depth":4,"steps":50,"part":0}""",
        "scale is 1.4; expected one of 0.6, 0.66, …, 3."
    )]
    public void BadInputGetsOneSentence(string name, string asked, string sentence) =>
        Assert.StartsWith(
            sentence,
            Assert.ThrowsAny<ArgumentException>(() => LiveFigures.Answer(name, asked)).Message,
            StringComparison.Ordinal
        );

    private static JsonObject Tie(string asked) => LiveFigures.Answer("break-the-tie", asked);

    private static JsonNode Trace(JsonObject state, int trace)
    {
        JsonArray traces = state["frame"]!["traces"]!.AsArray();
        return state["frame"]!["data"]![traces.Select(t => (int)t!).ToList().IndexOf(trace)]!;
    }

    private static JsonObject Json(Figure figure) => JsonNode.Parse(figure.Json.ToJsonString())!.AsObject();
}
