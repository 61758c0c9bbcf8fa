using System.Text.RegularExpressions;

namespace Notebooks.Tests;

/// <summary>The pages that the site gathers from the whole course.</summary>
[Collection(nameof(CourseSite))]
public sealed partial class ExtraPageTests(CourseSite site)
{
    private static readonly int Claims = NotebookSupport.Claims.All.Count;
    private static readonly int Exercises = Course.Lessons.Sum(lesson =>
        Regex.Count(Course.Text(lesson), @"(?m)^\*\*\d+\.\d+\*\* ")
    );

    [Fact]
    public void BoardExercisesGlossaryAndReferencesAreWholeAndEveryLinkResolves()
    {
        Assert.Equal(
            Enumerable.Range(1, Claims),
            ClaimNumber().Matches(Page("claims")).Select(match => int.Parse(match.Groups[1].Value))
        );
        Assert.Equal(Exercises, Regex.Count(Page("exercises"), ">try [0-9]"));
        Assert.Equal(Exercises, Regex.Count(Page("exercises"), ">solution of [0-9]"));
        Assert.Contains("fan-in", Page("glossary"));
        Assert.Contains("Glorot", Page("references"));
        Assert.Equal(Course.Lessons.Length, Regex.Count(Page("index"), "<img src=\"pictures/[^\"]+/cover\\.svg\""));
        foreach (string file in Directory.EnumerateFiles(site.Folder, "*.html"))
        foreach (Match link in Link().Matches(File.ReadAllText(file)))
        {
            string target = link.Groups["page"].Value.TrimStart('/') is { Length: > 0 } page
                ? Path.Combine(site.Folder, page)
                : file;
            Assert.True(File.Exists(target), $"{file} leads to {target}");
            if (link.Groups["anchor"].Success)
                Assert.Contains(
                    $"id=\"{Uri.UnescapeDataString(link.Groups["anchor"].Value)}\"",
                    File.ReadAllText(target)
                );
        }
    }

    private string Page(string name) => File.ReadAllText(site.File(name));

    [GeneratedRegex("<td class=\"number\"><a href=\"#claim-[0-9]+\">([0-9]+)</a></td>")]
    private static partial Regex ClaimNumber();

    [GeneratedRegex("(?:href|src)=\"(?!https?:|mailto:|data:)(?<page>[^\"#]*)(?:#(?<anchor>[^\"]+))?\"")]
    private static partial Regex Link();
}
