using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace NotebookHost.Tests;

/// <summary>What a reader's browser makes of the pages.</summary>
public sealed class SiteBrowserTests(SiteCourse course) : IClassFixture<SiteCourse>, IAsyncLifetime
{
    private static readonly string[] Pages = ["index", "00-start-here", "01-symmetry", "02-hostile"];

    private const string TooWide =
        "[...document.querySelectorAll('.main-svg')]"
        + ".filter(svg => svg.getBoundingClientRect().width > svg.closest('.notebook-figure').clientWidth + 1).length";

    /// <summary>Cumulative layout shift, https://web.dev/articles/cls.</summary>
    private const string Shift = """
        new Promise(resolve => {
          let sum = 0;
          new PerformanceObserver(list => list.getEntries().forEach(entry => sum += entry.value))
            .observe({ type: "layout-shift", buffered: true });
          setTimeout(() => resolve(sum), 300);
        })
        """;

    private Reader? _reader;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_reader is not null)
            await _reader.DisposeAsync();
    }

    [SkippableTheory]
    [InlineData("00-start-here", SiteCourse.FiguresOnFirst)]
    [InlineData("01-symmetry", 0)]
    public async Task EveryFigureIsDrawnWithoutAnotherHost(string name, int figures)
    {
        IPage page = await Open(name);
        await DrawAll(page);
        Assert.Equal(figures, await page.Locator(".js-plotly-plot .main-svg:first-child").CountAsync());
        Assert.Empty(_reader!.Complaints);
    }

    [SkippableFact]
    public async Task AFigureIsDrawnWhenItComesNear()
    {
        IPage page = await Open("00-start-here");
        ILocator drawn = page.Locator(".js-plotly-plot");
        await drawn.First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        Assert.InRange(await drawn.CountAsync(), 0, SiteCourse.FiguresOnFirst - 1);
        await page.Locator("#summary").ScrollIntoViewIfNeededAsync();
        await page.Locator("#figure-3 .js-plotly-plot, .notebook-figure >> nth=-1 >> .js-plotly-plot")
            .First.WaitForAsync();
    }

    [SkippableTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task TheButtonChangesTheThemeOfTextAndFigures(ColorScheme system)
    {
        IPage page = await Open("00-start-here", system);
        await DrawAll(page);
        Task<string[]> Colours() =>
            page.EvaluateAsync<string[]>(
                "[getComputedStyle(document.body).color, getComputedStyle(document.querySelector('.xtitle')).fill]"
            );
        string[] before = await Colours();
        await page.Locator("#theme").ClickAsync();
        await page.WaitForFunctionAsync(
            "before => getComputedStyle(document.querySelector('.xtitle')).fill !== before",
            before[1]
        );
        string[] after = await Colours();
        Assert.Equal(before[0], before[1]);
        Assert.Equal(after[0], after[1]);
        Assert.NotEqual(before[0], after[0]);
        await page.ReloadAsync();
        Assert.Equal(after[0], await page.EvaluateAsync<string>("getComputedStyle(document.body).color"));
    }

    [SkippableFact]
    public async Task PaperIsLightAndTheScreenDarkAgainAfterwards()
    {
        IPage page = await Open("00-start-here", ColorScheme.Dark);
        await DrawAll(page);
        Task<string[]> Colours() =>
            page.EvaluateAsync<string[]>(
                "[...document.querySelectorAll('.xtitle')].map(e => getComputedStyle(e).fill)"
            );
        string[] onScreen = await Colours();
        await page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        string[] onPaper = await Colours();
        Assert.Equal(SiteCourse.FiguresOnFirst, onPaper.Length);
        Assert.Equal([await page.EvaluateAsync<string>("getComputedStyle(document.body).color")], onPaper.Distinct());
        Assert.NotEqual(onScreen[0], onPaper[0]);
        await page.EvaluateAsync("dispatchEvent(new Event('afterprint'))");
        Assert.Equal([onScreen[0]], (await Colours()).Distinct());
    }

    [SkippableFact]
    public async Task NothingOfANotebookRunsOnItsPage()
    {
        IPage page = await Open("02-hostile");
        foreach (ILocator link in await page.Locator("main a:not([href^='#'])").AllAsync())
            Assert.DoesNotContain("javascript", await link.GetAttributeAsync("href"), StringComparison.Ordinal);
        Assert.Equal("undefined", await page.EvaluateAsync<string>("typeof window.evil"));
        await DrawAll(page);
        Assert.Equal(1, await page.Locator(".js-plotly-plot").CountAsync());
        Assert.Equal("undefined", await page.EvaluateAsync<string>("typeof window.evil"));
        Assert.Empty(_reader!.Complaints);
    }

    [SkippableFact]
    public async Task ThePolicyStopsAScriptThatGotIn()
    {
        IPage page = await Open("index");
        await page.EvaluateAsync(
            "() => { const s = document.createElement('script'); s.textContent = 'window.evil = 1'; document.body.append(s); }"
        );
        Assert.Equal("undefined", await page.EvaluateAsync<string>("typeof window.evil"));
        Assert.Contains(
            _reader!.Complaints,
            complaint => complaint.Contains("Content Security Policy", StringComparison.Ordinal)
        );
    }

    [SkippableFact]
    public async Task EveryLinkOfTheSiteLeadsSomewhere()
    {
        foreach (string name in Pages)
        {
            IPage page = await Open(name);
            string[] links = await page.EvaluateAsync<string[]>(
                "[...document.querySelectorAll('a[href]')].map(a => a.href).filter(h => h.startsWith('file:'))"
            );
            Assert.NotEmpty(links);
            foreach (Uri link in links.Select(link => new Uri(link)))
            {
                Assert.True(File.Exists(link.LocalPath), $"{name} links to {link}");
                if (link.Fragment.Length > 1)
                    Assert.Contains($"id=\"{link.Fragment[1..]}\"", File.ReadAllText(link.LocalPath));
            }
        }
    }

    [SkippableFact]
    public async Task ThePagesFitAPhone()
    {
        foreach (string name in Pages)
        {
            IPage page = await Open(name, width: 390);
            Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            await DrawAll(page);
            Assert.Equal(0, await page.EvaluateAsync<int>(TooWide));
        }
    }

    [SkippableFact]
    public async Task NothingMovesWhileAPageArrives()
    {
        IPage page = await Open("00-start-here");
        await page.Locator(".main-svg").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.EvaluateAsync("document.fonts.ready");
        Assert.InRange(await page.EvaluateAsync<double>(Shift), 0, 0.02);
    }

    [SkippableFact]
    public async Task MathematicsIsTypeset()
    {
        IPage page = await Open("00-start-here");
        int written = await page.Locator(".math").CountAsync();
        Assert.Equal(3, written);
        Assert.Equal(written, await page.Locator(".math > .katex, .math > .katex-display").CountAsync());
        Assert.Equal(0, await page.Locator(".katex-error").CountAsync());
    }

    [SkippableFact]
    public async Task TheKeyboardReachesEverything()
    {
        IPage page = await Open("00-start-here");
        var reached = new HashSet<string>();
        for (int i = 0; i < 60; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            reached.Add(
                await page.EvaluateAsync<string>(
                    "(e => e.id || e.className || e.getAttribute('href') || e.tagName)(document.activeElement)"
                )
            );
        }
        Assert.Superset(
            new HashSet<string>
            {
                "skip",
                "home",
                "query",
                "theme",
                "01-symmetry.html",
                "SUMMARY",
                "next",
                "anchor",
                "code",
            },
            reached
        );
    }

    [SkippableFact]
    public async Task SearchFindsAWordAndLeadsToItsSection()
    {
        IPage page = await Open("index");
        await page.Locator("#query").FillAsync("tie between");
        ILocator hit = page.Locator("#found li a").First;
        await hit.WaitForAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/01-symmetry\\.html#symmetry$"));
        Assert.Empty(_reader!.Complaints);
    }

    [SkippableTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task AxeFindsNothing(ColorScheme theme)
    {
        foreach (string name in Pages)
        {
            IPage page = await Open(name, theme);
            await DrawAll(page);
            AxeResult result = await page.RunAxe();
            Assert.Empty(
                result.Violations.SelectMany(v =>
                    v.Nodes.Select(n => $"{name} {v.Id}: {n.Html} {n.Any.FirstOrDefault()?.Message}")
                )
            );
        }
    }

    /// <summary>Turns to every figure.</summary>
    private static Task DrawAll(IPage page) => page.EvaluateAsync(Reader.DrawAll);

    private async Task<IPage> Open(string name, ColorScheme theme = ColorScheme.Light, int width = 1280)
    {
        _reader ??= await Reader.StartAsync();
        return await _reader.OpenAsync(Path.Combine(course.Site, name + ".html"), theme, width);
    }
}
