using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using NotebookHost.Tests;
using NotebookSupport.Tests;

namespace Notebooks.Tests;

/// <summary>The site of the committed course, written once, and a browser on it.</summary>
public sealed class CourseSite : IAsyncLifetime
{
    /// <summary>Every page, without the ending.</summary>
    public static string[] Pages { get; } =
    [
        "index",
        .. Course.Notebooks.Select(notebook => Path.GetFileNameWithoutExtension(notebook)),
        "claims",
        "exercises",
        "glossary",
        "references",
    ];

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    internal Reader? Reader { get; private set; }

    public Task InitializeAsync()
    {
        (int code, string output) = Course.Host("site", "notebooks", "--output", Folder);
        Assert.True(code == 0, output);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        if (Reader is not null)
            await Reader.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    public string File(string page) => Path.Combine(Folder, page + ".html");

    public async Task<IPage> OpenAsync(
        string page,
        ColorScheme theme = ColorScheme.Light,
        int width = 1280,
        bool scripts = true,
        bool touch = false
    )
    {
        Reader ??= await Reader.StartAsync();
        Reader.Complaints.Clear();
        return await Reader.OpenAsync(File(page), theme, width, scripts, touch);
    }
}

/// <summary>The tests that read the site of the course.</summary>
[CollectionDefinition(nameof(CourseSite))]
public sealed class OneCourseSite : ICollectionFixture<CourseSite>;

/// <summary>The pages of the committed course, in a browser.</summary>
[Collection(nameof(CourseSite))]
public sealed partial class PageTests(CourseSite site)
{
    private const int MostBytes = 3_000_000;

    /// <summary>Cumulative layout shift, https://web.dev/articles/cls.</summary>
    private const string Shift = """
        new Promise(resolve => {
          let sum = 0;
          new PerformanceObserver(list => list.getEntries().forEach(entry => sum += entry.hadRecentInput ? 0 : entry.value))
            .observe({ type: "layout-shift", buffered: true });
          setTimeout(() => resolve(sum), 100);
        })
        """;

    /// <summary>The figures with a drawing, a legend or a label that reaches out of what is shown of them.</summary>
    private const string Clipped = """
        [...document.querySelectorAll(".notebook-figure")].filter(figure => {
          const box = figure.getBoundingClientRect();
          const right = Math.min(box.right, document.documentElement.clientWidth);
          return [...figure.querySelectorAll(".main-svg, .legend, .gtitle, .xtitle, .ytitle, .infolayer .cbtitle")]
            .map(part => part.getBoundingClientRect())
            .some(part => part.right > right + 1 || part.left < box.left - 1);
        }).map(figure => figure.id)
        """;

    /// <summary>The figures in which something lies over the title or the plot.</summary>
    private const string Covered = """
        [...document.querySelectorAll(".notebook-figure")].filter(figure => {
          const box = part => figure.querySelector(part)?.getBoundingClientRect();
          const [title, legend, plot] = [box(".gtitle"), box(".legend"), box(".bglayer .bg, .nsewdrag")];
          return title && title.top < figure.getBoundingClientRect().top
            || title && legend && legend.top < title.bottom - 1
            || legend && plot && plot.top < legend.bottom - 1;
        }).map(figure => figure.id)
        """;

    public static TheoryData<string> Pages => [.. CourseSite.Pages];

    /// <summary>
    /// One page of solutions stands for the others, and of the lessons every second one for the next, which are made of the
    /// same parts.
    /// </summary>
    private static void NeedsLook(string name)
    {
        if (
            name.EndsWith("-solutions", StringComparison.Ordinal)
                ? name != "04-solutions"
                : name[0] is '0' && name[1] % 2 == 1
        )
            Exhaustive.Needs($"The page {name} is looked at");
    }

    [SkippableTheory]
    [MemberData(nameof(Pages))]
    public async Task APageIsWholeOnAScreenAndOnPaper(string name)
    {
        NeedsLook(name);
        int figures = Course
            .Notebooks.Where(notebook => Path.GetFileNameWithoutExtension(notebook) == name)
            .SelectMany(Course.Cells)
            .Where(Course.IsCode)
            .Sum(cell => Course.Figures(cell).Count());
        IPage page = await site.OpenAsync(name);
        await Drawn(page);
        Assert.InRange(await page.EvaluateAsync<double>(Shift), 0, 0.02);
        await DrawAll(page);
        Assert.Equal(figures, await page.Locator(".notebook-figure .js-plotly-plot").CountAsync());
        Assert.Empty(await page.EvaluateAsync<string[]>(Clipped));
        Assert.Empty(site.Reader!.Complaints);
        await AxeFindsNothing(page);
        Assert.Empty(
            await page.EvaluateAsync<string[]>(
                """
                [...document.querySelectorAll("h1, h2, h3, h4")].map(h => +h.tagName[1])
                  .map((level, i, all) => [level, all[i - 1] ?? 0]).filter(([level, before]) => level > before + 1).map(String)
                """
            )
        );

        await page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        // 210 mm less two margins of 18 mm, at 96 pixels an inch.
        await page.SetViewportSizeAsync(658, 930);
        Assert.Empty(await page.EvaluateAsync<string[]>(Clipped));
        Assert.InRange(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 0, 658);
        await page.CloseAsync();
    }

    [SkippableTheory]
    [MemberData(nameof(Pages))]
    public async Task APageIsWholeInTheDarkAndOnAPhone(string name)
    {
        NeedsLook(name);
        IPage page = await site.OpenAsync(name, ColorScheme.Dark, width: 390);
        await Drawn(page);
        await DrawAll(page);
        Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(await page.EvaluateAsync<string[]>(Clipped));
        Assert.Empty(await page.EvaluateAsync<string[]>(Covered));
        Assert.Empty(site.Reader!.Complaints);
        await AxeFindsNothing(page);
        await page.CloseAsync();
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void NoPageIsHeavy(string name) => Assert.InRange(new FileInfo(site.File(name)).Length, 1, MostBytes);

    [Fact]
    public void CardsSayTheirStateAndHeadsStandOverTheirNumbers()
    {
        string lesson = File.ReadAllText(site.File("02-how-small"));
        Assert.Contains("notebook-card claim right\"", lesson);
        Assert.Contains("notebook-card claim imprecise\"", lesson);
        Assert.Contains("notebook-card exercise open\"", lesson);
        Assert.Contains("<th scope=\"col\">this course predicts</th>", lesson);
        Assert.Contains("<th scope=\"col\" style=\"text-align: right\">", lesson);
        string solutions = File.ReadAllText(site.File("02-solutions"));
        Assert.Contains("notebook-card exercise solved\"", solutions);
        Assert.Contains("notebook-card exercise not-yet\"", solutions);
        Assert.Contains("<a href=\"07-edge-of-chaos.html\">07</a>", File.ReadAllText(site.File("glossary")));
        Assert.Contains("<a href=\"07-edge-of-chaos.html\">07</a>", File.ReadAllText(site.File("references")));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryFormulaIsTypesetOnThePage(string name)
    {
        IHtmlDocument page = new HtmlParser().ParseDocument(File.ReadAllText(site.File(name)));
        Assert.All(
            page.QuerySelectorAll(".math"),
            math => Assert.NotNull(math.QuerySelector(":scope > .katex, :scope > .katex-display"))
        );
        Assert.Empty(page.QuerySelectorAll(".katex-error").Select(error => error.OuterHtml));
        // A text that still has its dollars or a command of TeX was not typeset.
        Assert.DoesNotContain(
            page.QuerySelectorAll("main p, main li, main td, main h1, main h2, main h3, nav a")
                .SelectMany(place => place.ChildNodes.OfType<IText>()),
            text => RawTeX().IsMatch(text.Data)
        );
    }

    [GeneratedRegex(@"\\[(a-z]|\$[^$]+\$")]
    private static partial Regex RawTeX();

    [SkippableFact]
    public async Task WithoutScriptsTheTextAndThePicturesAreThere()
    {
        IPage page = await site.OpenAsync("01-symmetry", scripts: false);
        await Assertions.Expect(page.Locator("h1")).ToBeVisibleAsync();
        IReadOnlyList<ILocator> pictures = await page.Locator(".output .notebook-figure img").AllAsync();
        Assert.Equal(await page.Locator(".notebook-figure").CountAsync(), pictures.Count);
        foreach (ILocator picture in pictures)
        {
            await picture.ScrollIntoViewIfNeededAsync();
            Assert.InRange((await picture.BoundingBoxAsync())!.Height, 200, 1000);
        }
    }

    [SkippableFact]
    public async Task TheCourseIsSearched()
    {
        IPage page = await site.OpenAsync("index");
        await page.Locator("#query").FillAsync("orthogonal");
        await page.Locator("#found a").First.WaitForAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/07-edge-of-chaos\\.html#"));

        await page.Locator("#query").FillAsync("critical");
        await page.Locator("#found math").First.WaitForAsync();
        Assert.DoesNotContain("\\(", await page.Locator("#found").InnerTextAsync());
        Assert.DoesNotContain("solutions", await page.Locator("#found a").First.GetAttributeAsync("href"));

        foreach ((string words, string found) in new[] { ("he", "He"), ("initialisation", "initialization") })
        {
            await page.Locator("#query").FillAsync(words);
            await Assertions.Expect(page.Locator("#found a").First.Locator("mark").First).ToHaveTextAsync(found);
        }
        await page.CloseAsync();
    }

    [SkippableFact]
    public async Task FocusIsSeenAndNothingMovesForAReaderWhoWantsNoMotion()
    {
        IPage page = await site.OpenAsync("01-symmetry");
        string[] unseen = await page.EvaluateAsync<string[]>(
            """
            [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")]
              .filter(e => e.checkVisibility() && !e.disabled && !e.closest("[inert]"))
              .filter(e => {
                e.focus({ focusVisible: true });
                const { outlineStyle, outlineWidth } = getComputedStyle(e);
                return outlineStyle === "none" || outlineWidth === "0px";
              }).map(e => e.outerHTML.slice(0, 80))
            """
        );
        Assert.Empty(unseen);
        Assert.Equal(
            "auto",
            await page.EvaluateAsync<string>("getComputedStyle(document.documentElement).scrollBehavior")
        );
        await page.CloseAsync();
    }

    [SkippableTheory]
    [InlineData("06-gradient-clipping")]
    [InlineData("07-edge-of-chaos")]
    public async Task PaperHasEveryFigureAndWhatIsCoveredOnTheScreen(string name)
    {
        IPage page = await site.OpenAsync(name, ColorScheme.Dark);
        await Drawn(page);
        Assert.NotEqual(0, await page.Locator(".covered").CountAsync());
        await page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await page.PdfAsync(new() { Path = Path.Combine(site.Folder, name + ".pdf"), PreferCSSPageSize = true });
        string[] missing = await page.EvaluateAsync<string[]>(
            """
            async () => {
              const figures = [...document.querySelectorAll(".notebook-figure")];
              await Promise.all(figures.map(figure => figure.querySelector("img").decode()));
              return figures.filter(figure => figure.querySelector("img").getBoundingClientRect().height < 150).map(figure => figure.id);
            }
            """
        );
        Assert.Empty(missing);
        Assert.Equal(
            0,
            await page.EvaluateAsync<int>(
                "[...document.querySelectorAll('.covered')].filter(part => getComputedStyle(part).visibility !== 'visible').length"
            )
        );
        await page.CloseAsync();
    }

    private static async Task Drawn(IPage page)
    {
        await page.WaitForFunctionAsync(
            "() => [...document.querySelectorAll('.notebook-figure')].every(figure => figure.querySelector('.notebook-view, canvas'))"
        );
        await page.EvaluateAsync("document.fonts.ready");
    }

    private static Task DrawAll(IPage page) => page.EvaluateAsync(Reader.DrawAll);

    private static async Task AxeFindsNothing(IPage page)
    {
        AxeResult result = await page.RunAxe();
        Assert.Empty(
            result.Violations.SelectMany(v =>
                v.Nodes.Select(n => $"{v.Id}: {n.Html} {n.Any.FirstOrDefault()?.Message}")
            )
        );
    }
}
