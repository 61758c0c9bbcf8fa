using System.Text.Json.Nodes;

namespace Notebooks.Tests;

/// <summary>What a viewer that runs no script shows of the committed notebooks.</summary>
public sealed class PictureTests
{
    private const long MostBytes = 8_000_000;
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    [Fact]
    public void EveryFigureCarriesAPictureBesideItsHtmlAndInIt()
    {
        foreach (string notebook in Course.Notebooks)
        foreach (JsonObject cell in Course.Cells(notebook).Where(Course.IsCode))
        {
            Assert.All(
                Course.Figures(cell),
                data =>
                    Assert.Matches(
                        "<picture><source srcset=\"data:image/png;base64,[^\"]+\" width=\"358\" height=\"\\d+\" media=\"\\(max-width: 551px\\)\">"
                            + "<img src=\"data:image/png;base64,[^\"]+\" width=\"760\" height=\"\\d+\" alt=\"\"></picture>",
                        Course.Joined(data["text/html"])
                    )
            );
            byte[][] pictures = [.. Course.Pictures(cell)];
            Assert.Equal(Course.Figures(cell).Count(), pictures.Length);
            Assert.All(pictures, picture => Assert.Equal(Png, picture[..4]));
        }
    }

    /// <summary>As Jupyter writes them, so that opening and saving changes nothing.</summary>
    [Fact]
    public void TheKindsOfAFigureAreInTheOrderOfTheirNames()
    {
        foreach (string notebook in Course.Notebooks)
        foreach (JsonObject figure in Course.Cells(notebook).Where(Course.IsCode).SelectMany(Course.Figures))
        {
            string[] kinds = [.. figure.Select(kind => kind.Key)];
            Assert.Equal(kinds.Order(StringComparer.Ordinal), kinds);
        }
    }

    [Fact]
    public void TheCourseStaysSmall() =>
        Assert.InRange(
            Course.Notebooks.Sum(path => new FileInfo(Path.Combine(Course.Root, path)).Length),
            1,
            MostBytes
        );
}
