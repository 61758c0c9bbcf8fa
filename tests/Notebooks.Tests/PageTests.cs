using Microsoft.Playwright;

namespace Notebooks.Tests;

/// <summary>The pages of the committed course, in a browser.</summary>
public sealed class PageTests : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private readonly string _site = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public static TheoryData<string> Notebooks => [.. Course.Notebooks];

    public async Task InitializeAsync()
    {
        if (!File.Exists(Chromium))
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = Chromium,
                Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            }
        );
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
        if (Directory.Exists(_site))
            Directory.Delete(_site, recursive: true);
    }

    [SkippableTheory]
    [MemberData(nameof(Notebooks))]
    public async Task EveryPlotIsDrawnWithoutAComplaintOrAnotherHost(string notebook)
    {
        Skip.If(_browser is null, $"{Chromium} is missing: no browser to draw the pages with.");
        (int code, string output) = Course.Host("site", notebook, "--output", _site);
        Assert.True(code == 0, output);

        IPage page = await _browser!.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) =>
        {
            if (
                !request.Url.StartsWith("file:", StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal)
            )
                complaints.Add("asked for " + request.Url);
        };
        string name = Path.GetFileNameWithoutExtension(notebook);
        await page.GotoAsync(new Uri(Path.Combine(_site, name + ".html")).AbsoluteUri);
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
        Assert.True(figures > 0);
        Assert.Equal(
            figures,
            await page.Locator(".notebook-figure .js-plotly-plot, .notebook-figure.js-plotly-plot").CountAsync()
        );
        Assert.Empty(complaints);
    }
}
