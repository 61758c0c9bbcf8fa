using System.Text.Json.Nodes;
using NotebookSupport.Tests;

namespace Notebooks.Tests;

/// <summary>The course in the real .NET Interactive, by nbconvert, against its committed outputs.</summary>
[Collection(nameof(DotNetInteractive))]
public sealed class DotNetInteractiveTests(DotNetInteractive host)
{
    private static readonly string[] Always = ["notebooks/00-start-here.ipynb", "notebooks/01-symmetry.ipynb"];

    public static TheoryData<string> Notebooks => [.. Course.Notebooks];

    [SkippableTheory]
    [MemberData(nameof(Notebooks))]
    public void ItGivesTheCommittedOutputs(string notebook)
    {
        DotNetInteractive.IsNeeded();
        if (!Always.Contains(notebook))
            Exhaustive.Needs($"{notebook} runs in .NET Interactive");
        JsonObject[] cells = host.RunCourse(notebook);
        Assert.Equal(
            Course.Cells(notebook).Where(Course.IsCode).SelectMany(Shown),
            cells
                .SelectMany(Shown)
                .Where(output => !output.Contains("dotnet-interactive-this-cell", StringComparison.Ordinal))
        );
    }

    /// <summary>
    /// The outputs of a cell, each behind the cell's id: type, number, kinds of text and their text. Left out are the
    /// pictures, which the runner alone adds, as PNG and within the HTML; and, above, the script by which .NET
    /// Interactive's first cell looks for its own web server.
    /// </summary>
    private static IEnumerable<string> Shown(JsonObject cell)
    {
        foreach (JsonNode? output in cell["outputs"]!.AsArray())
        {
            JsonObject shown = output!.DeepClone().AsObject();
            if (shown["data"] is JsonObject data)
            {
                data.Remove("image/png");
                foreach ((string kind, JsonNode? text) in data.ToArray())
                    data[kind] = Course.WithoutPicture(Course.Joined(text));
            }
            if (shown["text"] is { } stream)
                shown["text"] = Course.Joined(stream);
            yield return $"{cell["id"]}: {Sorted(shown).ToJsonString()}";
        }
    }

    private static JsonNode Sorted(JsonObject node) =>
        new JsonObject(
            node.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair =>
                    KeyValuePair.Create(
                        pair.Key,
                        pair.Value is JsonObject inner ? Sorted(inner) : pair.Value?.DeepClone()
                    )
                )
        );
}
