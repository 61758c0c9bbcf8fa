using Microsoft.Playwright;
using NotebookHost.Tests;

namespace Notebooks.Tests;

/// <summary>The pages of the committed course, in a browser.</summary>
public sealed class PageTests : IDisposable
{
    private readonly string _site = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public static TheoryData<string> Notebooks => [.. Course.Notebooks];

    public void Dispose()
    {
        if (Directory.Exists(_site))
            Directory.Delete(_site, recursive: true);
    }

    [SkippableTheory]
    [MemberData(nameof(Notebooks))]
    public async Task EveryPlotIsDrawnWithoutAComplaintOrAnotherHost(string notebook)
    {
        await using Reader reader = await Reader.StartAsync();
        (int code, string output) = Course.Host("site", notebook, "--output", _site);
        Assert.True(code == 0, output);

        IPage page = await reader.OpenAsync(Path.Combine(_site, Path.GetFileNameWithoutExtension(notebook) + ".html"));
        foreach (ILocator figure in await page.Locator(".notebook-figure").AllAsync())
        {
            await figure.ScrollIntoViewIfNeededAsync();
            await figure.Locator(".main-svg").First.WaitForAsync();
        }
        int figures = Course
            .Cells(notebook)
            .Where(Course.IsCode)
            .SelectMany(cell => cell["outputs"]!.AsArray())
            .Count(shown =>
                shown!["data"]?["text/html"]?.ToJsonString().Contains("notebook-figure", StringComparison.Ordinal)
                == true
            );
        Assert.True(figures > 0 || !Course.Lessons.Contains(notebook));
        Assert.Equal(
            figures,
            await page.Locator(".notebook-figure .js-plotly-plot, .notebook-figure.js-plotly-plot").CountAsync()
        );
        Assert.Empty(reader.Complaints);
    }
}
