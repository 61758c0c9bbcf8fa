using Microsoft.Playwright;
using NotebookHost.Tests;
using NotebookSupport.Tests;

namespace Notebooks.Tests;

/// <summary>
/// How soon a reader with 9 Mbit/s and a processor four times slower than this one sees a lesson. The least of some visits
/// counts. Run it alone: `NOTEBOOKS_ALL_HOSTS=1 dotnet test tests/Notebooks.Tests --filter PagePace`.
/// </summary>
[Collection(nameof(CourseSite))]
public sealed class PagePaceTests(CourseSite site)
{
    private const double FirstText = 1000;
    private const double FirstPicture = 1500;
    private const double LiveFigure = 3000;
    private const int Visits = 3;

    private const string Paint = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0";

    /// <summary>Notes when pictures were painted; the reader has asked to see all results.</summary>
    private const string Watch = """
        try { localStorage.setItem("predictions", '"show"'); } catch {}
        window.pictures = [];
        new PerformanceObserver(list => {
          for (const { element, startTime } of list.getEntries()) if (element?.tagName === "IMG") pictures.push(startTime);
        }).observe({ type: "largest-contentful-paint", buffered: true });
        """;

    [SkippableTheory]
    [InlineData("01-symmetry")]
    [InlineData("04-he-and-glorot")]
    public async Task ALessonIsThereAtOnce(string name)
    {
        // Beside other tests it would time those.
        Exhaustive.Needs("The seconds until a lesson is seen are measured");
        await using Reader reader = await Reader.StartAsync();
        using var server = new PackedFiles(site.Folder);
        var visits = new List<(double Text, double Picture, double Live)>();
        for (int visit = 0; visit < Visits; visit++)
        {
            IPage page = await reader.OpenUrlAsync("about:blank");
            await page.SetViewportSizeAsync(1280, 2800); // A figure is in it.
            await page.AddInitScriptAsync(Watch);
            ICDPSession devTools = await page.Context.NewCDPSessionAsync(page);
            await devTools.SendAsync("Network.enable");
            await devTools.SendAsync(
                "Network.emulateNetworkConditions",
                new()
                {
                    ["offline"] = false,
                    ["latency"] = 40,
                    ["downloadThroughput"] = 9_000_000 / 8,
                    ["uploadThroughput"] = 9_000_000 / 8,
                }
            );
            await devTools.SendAsync("Emulation.setCPUThrottlingRate", new() { ["rate"] = 4 });
            await page.GotoAsync($"{server.Address}{name}.html", new() { WaitUntil = WaitUntilState.Commit });
            await page.WaitForFunctionAsync($"() => ({Paint})() > 0");
            double text = await page.EvaluateAsync<double>(Paint);
            ILocator figure = page.Locator(".notebook-figure").First;
            await page.WaitForFunctionAsync("() => pictures.length > 0");
            double picture = await page.EvaluateAsync<double>("() => pictures[0]");
            await page.WaitForFunctionAsync(
                "figure => figure.querySelector('.notebook-view')",
                await figure.ElementHandleAsync()
            );
            double live = await figure.EvaluateAsync<double>(
                """
                figure => new Promise(resolve => {
                  const touched = performance.now();
                  figure.click();
                  (function wait() {
                    if (figure.querySelector(".is-live .main-svg")) requestAnimationFrame(() => resolve(performance.now() - touched));
                    else requestAnimationFrame(wait);
                  })();
                })
                """
            );
            visits.Add((text, picture, live));
            await page.CloseAsync();
        }
        Assert.InRange(visits.Min(visit => visit.Text), 1, FirstText);
        Assert.InRange(visits.Min(visit => visit.Picture), 1, FirstPicture);
        Assert.InRange(visits.Min(visit => visit.Live), 1, LiveFigure);
    }
}
