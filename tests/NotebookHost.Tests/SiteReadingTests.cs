using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace NotebookHost.Tests;

/// <summary>What helps a reader of a page: formulas before any script, code to copy, the contents, the search, the board.</summary>
public sealed class SiteReadingTests(ReadingCourse course) : IClassFixture<ReadingCourse>, IAsyncLifetime
{
    private const string Current = "[...document.querySelectorAll('.contents [aria-current]')].map(a => a.hash)";

    /// <summary>The last heading above the line on which a jump puts one.</summary>
    private const string Expected = """
        [...document.querySelectorAll("main h2")]
          .filter(h => h.getBoundingClientRect().top <= parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) + 8)
          .slice(-1).map(h => "#" + h.id)
        """;

    private Reader? _reader;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_reader is not null)
            await _reader.DisposeAsync();
    }

    [SkippableFact]
    public async Task APageReadsWithoutAnyScript()
    {
        IPage page = await Open("10-reading", scripts: false);
        Assert.Equal(1, await page.Locator(".math.display .katex-html").CountAsync());
        LocatorBoundingBoxResult fraction = (await page.Locator(".math.display .mfrac").BoundingBoxAsync())!;
        Assert.InRange(fraction.Height, 20, 80);
        Assert.Empty(Directory.GetFiles(course.Site, "katex*.js", SearchOption.AllDirectories));
        // All code is there, and no button that would need a script.
        await Assertions.Expect(page.Locator("pre.code:has-text('x13')").First).ToBeVisibleAsync();
        Assert.Equal(0, await page.Locator(".copy").CountAsync());
        IPage board = await Open("claims", scripts: false);
        await Assertions.Expect(board.Locator(".board tbody tr")).ToHaveCountAsync(5);
        await Assertions.Expect(board.Locator(".filters")).ToBeHiddenAsync();
        Assert.Empty(_reader!.Complaints);
    }

    [Fact]
    public void AFormulaStaysWithItsCommaAndItsBracket()
    {
        string page = course.Page("10-reading.html");
        Assert.Matches(
            "<span class=\"kept\">\\(<span class=\"math\"><span class=\"katex\">.*?</span>\\)\\.</span>",
            page
        );
        Assert.Contains(
            "<h1 id=\"10--reading\" tabindex=\"-1\"><span class=\"about\">10&nbsp;· Reading</span></h1>",
            page
        );
        Assert.Contains("href=\"#section-1-of-x_1\">Section 1 of <span class=\"math\"><span class=\"katex\">", page);
        Assert.Contains("A page to read (<span class=\"math\"><span class=\"katex\">", course.Page("index.html"));
    }

    [Fact]
    public void OnlyThePagesWithFormulasHaveTheirFontsAtOnce()
    {
        Assert.Contains("assets/formulas.js", course.Page("10-reading.html"));
        Assert.DoesNotContain("assets/formulas.js", course.Page("11-rules-solutions.html"));
        Assert.DoesNotContain(
            "font-display:block",
            File.ReadAllText(Path.Combine(course.Site, "assets", "katex", "katex.min.css"))
        );
    }

    [Fact]
    public void OnlyLongCodeOfAFigureOrATableIsFolded()
    {
        string page = course.Page("10-reading.html");
        Assert.Equal(2, Regex.Count(page, "<details class=\"experiment\">"));
        Assert.Contains("Show the experiment (16 lines)", page);
        Assert.Matches(
            "<details class=\"experiment\"><summary>Show the experiment \\(13 lines\\)</summary>\\s*<pre class=\"code\"[^>]*><code>.*\\n.*x2",
            page
        );
    }

    [Fact]
    public void ACaptionDoesNotRepeatTheTitleThatTheFigureShows() =>
        Assert.Contains(
            "<strong>Figure 1.</strong> Loss over step: a falls from 2 to 1.</figcaption>",
            course.Page("10-reading.html")
        );

    [SkippableFact]
    public async Task TheFontsOfFormulasAreThereBeforeTheFirstPaint()
    {
        IPage page = await Open("10-reading");
        Assert.Equal(
            ["KaTeX_Main loaded", "KaTeX_Math loaded"],
            await page.EvaluateAsync<string[]>(
                """
                () => [...document.fonts].slice(-2).map(font => `${font.family} ${font.status}`)
                """
            )
        );
    }

    [SkippableFact]
    public async Task CodeIsCopiedByTheKeyboardAndTheCopyIsAnnounced()
    {
        IPage page = await Open("10-reading");
        await page.EvaluateAsync(
            "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async text => { window.copied = text; } } })"
        );
        ILocator button = page.GetByRole(AriaRole.Button, new() { Name = "Copy the code" }).First;
        await button.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Copied");
        Assert.Equal("// short\nvar a = \"<1>\";", await page.EvaluateAsync<string>("window.copied"));
        Assert.Equal(await page.Locator("pre.code").CountAsync(), await page.Locator(".copy").CountAsync());
    }

    [SkippableFact]
    public async Task PaperShowsAFoldedExperiment()
    {
        IPage page = await Open("10-reading");
        ILocator code = page.Locator(".experiment pre").First;
        await Assertions.Expect(code).ToBeHiddenAsync();
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await Assertions.Expect(code).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".copy").First).ToBeHiddenAsync();
        await page.EmulateMediaAsync(new() { Media = Media.Screen });
        await Assertions.Expect(code).ToBeHiddenAsync();
    }

    [SkippableTheory]
    [InlineData(1280)]
    [InlineData(1000)]
    [InlineData(390)]
    public async Task TheContentsSayWhereTheReaderIsAtEveryPosition(int width)
    {
        IPage page = await Open("10-reading", width: width);
        await page.EvaluateAsync("document.fonts.ready");
        int end = await page.EvaluateAsync<int>("document.documentElement.scrollHeight - innerHeight");
        Assert.InRange(end, 1000, 100_000);
        for (int y = 0; y < end - 1; y += 97)
        {
            await ScrollAsync(page, y);
            Assert.Equal(await page.EvaluateAsync<string[]>(Expected), await page.EvaluateAsync<string[]>(Current));
        }
        await ScrollAsync(page, int.MaxValue);
        string last = $"#section-{ReadingCourse.Sections}-of-x_{ReadingCourse.Sections}";
        Assert.Equal([last], await page.EvaluateAsync<string[]>(Current));
        Assert.Equal(
            "1",
            await page.EvaluateAsync<string>("document.querySelector('.progress').style.getPropertyValue('--read')")
        );
        Assert.True(
            await page.Locator(".progress").EvaluateAsync<bool>("bar => bar.getAttribute('aria-hidden') === 'true'")
        );
    }

    [SkippableTheory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task AJumpIsToldTooWhereThePageEnds(int width)
    {
        IPage page = await Open("10-reading", width: width);
        for (int i = ReadingCourse.Sections; i > 0; i--)
        {
            if (width < 1000)
                await page.Locator(".contents button").ClickAsync();
            await page.Locator($".contents a[href^='#section-{i}-']").ClickAsync();
            await page.WaitForFunctionAsync($"() => {Current}.join() === '#section-{i}-of-x_{i}'");
            if (width < 1000)
            {
                await Assertions.Expect(page.Locator("#contents")).ToBeHiddenAsync();
                await Assertions.Expect(page.Locator(".contents .here")).ToContainTextAsync($"Section {i} of");
            }
        }
    }

    [SkippableFact]
    public async Task OnAPhoneTheContentsOpenAndCloseByTheKeyboard()
    {
        IPage page = await Open("10-reading", width: 390);
        ILocator button = page.GetByRole(AriaRole.Button, new() { Name = "On this page" });
        await button.FocusAsync();
        await Assertions.Expect(page.Locator("#contents")).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#contents")).ToBeVisibleAsync();
        await Assertions.Expect(button).ToHaveAttributeAsync("aria-expanded", "true");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal(
            "#section-1-of-x_1",
            await page.EvaluateAsync<string>("document.activeElement.getAttribute('href')")
        );
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#contents")).ToBeHiddenAsync();
        await Assertions.Expect(button).ToBeFocusedAsync();
    }

    [SkippableTheory]
    [InlineData("he", "11-rules.html#the-rule-of-he", "He")]
    [InlineData("initialise", "11-rules.html#words", "Initialization")]
    [InlineData("initialisation", "11-rules.html#words", "Initialization")]
    [InlineData("initializer", "11-rules.html#words", "Initialization")]
    [InlineData("normalis", "11-rules.html#words", "Normalization")]
    [InlineData("colour", "11-rules.html#words", "color")]
    [InlineData("neurons", "11-rules.html#words", "neuron")]
    [InlineData("varience", "11-rules.html#the-rule-of-he", "variance")]
    [InlineData("wobble", "11-rules.html#other-things", "wobble")]
    public async Task TheSearchFindsWordsByStemAndSpelling(string words, string first, string marked)
    {
        IPage page = await Open("index");
        Assert.Equal(0, await page.Locator("script[src*='minisearch']").CountAsync());
        await page.Locator("#query").FillAsync(words);
        ILocator hit = page.Locator("#found a").First;
        await hit.WaitForAsync();
        Assert.Equal(first, await hit.GetAttributeAsync("href"));
        Assert.Contains(marked, await hit.Locator("mark").AllInnerTextsAsync());
        string[] all = [.. await page.Locator("#found mark").AllInnerTextsAsync()];
        if (words == "he")
            Assert.All(await hit.Locator("mark").AllInnerTextsAsync(), mark => Assert.Equal("he", mark, true));
        Assert.NotEmpty(all);
        Assert.Empty(_reader!.Complaints);
    }

    [SkippableFact]
    public async Task WordsThatStandTogetherComeFirstAndTheExcerptShowsThem()
    {
        IPage page = await Open("index");
        await page.Locator("#query").FillAsync("critical line");
        ILocator hit = page.Locator("#found a").First;
        await hit.WaitForAsync();
        Assert.Equal("11-rules.html#lines", await hit.GetAttributeAsync("href"));
        Assert.Equal(["critical", "line"], await hit.Locator("span mark").AllInnerTextsAsync());
    }

    [SkippableFact]
    public async Task AnExcerptShowsItsFormulas()
    {
        IPage page = await Open("11-rules");
        await page.Locator("#query").FillAsync("variance relu");
        ILocator hit = page.Locator("#found a").First;
        await hit.Locator("math mfrac").WaitForAsync();
        Assert.DoesNotContain("\\", await hit.InnerTextAsync());
        await page.Locator("#query").FillAsync("nosuchwordatall");
        await Assertions.Expect(page.Locator("#found")).ToHaveTextAsync("Nothing found");
    }

    [SkippableFact]
    public async Task TheBoardIsFilteredByVerdictAndItsVerdictsLead()
    {
        IPage page = await Open("claims");
        ILocator rows = page.Locator(".board tbody tr:visible");
        await Assertions.Expect(rows).ToHaveCountAsync(5);
        ILocator wrong = page.GetByRole(AriaRole.Button, new() { Name = "wrong 2" });
        await wrong.FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        await Assertions.Expect(wrong).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(page.Locator("#shown")).ToHaveTextAsync("2 of 5 claims are shown.");
        await page.GetByRole(AriaRole.Button, new() { Name = "all 5" }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(5);
        await Assertions.Expect(wrong).ToHaveAttributeAsync("aria-pressed", "false");
        // The four verdicts differ by colour and, for whom colours are alike, by a sign.
        foreach (string style in new[] { "(chip).color", "(chip, '::before').content" })
        {
            string[] looks = await page.EvaluateAsync<string[]>(
                $"[...document.querySelectorAll('td [class^=verdict-]')].map(chip => getComputedStyle{style})"
            );
            Assert.Equal(4, looks.Distinct().Count());
        }
        await page.Locator("#claim-12 a", new() { HasText = "imprecise" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/11-rules\\.html#claim-12$"));
    }

    [Fact]
    public void TheFirstPageCountsTheVerdicts() =>
        Assert.Contains(
            "5 claims decided</a>: <span class=\"verdict-wrong\">2 wrong</span> <span class=\"verdict-right\">1 right</span> "
                + "<span class=\"verdict-imprecise\">1 imprecise</span> <span class=\"verdict-damaged\">1 damaged</span>",
            course.Page("index.html")
        );

    [Fact]
    public void ACardTakesTheColourOfItsVerdict() =>
        Assert.Contains("<div class=\"notebook-card claim damaged\" id=\"claim-13\"", course.Page("11-rules.html"));

    [Fact]
    public void ANamedClaimLinksToItsRowWhereTheBoardHasIt()
    {
        string page = course.Page("10-reading.html");
        Assert.Contains("As <a href=\"claims.html#claim-1\">claim 1</a> says", page);
        Assert.Contains(
            "<a href=\"claims.html#claim-2\">claims 2</a> and <a href=\"claims.html#claim-3\">3</a>, but not claim 99.",
            page
        );
        Assert.Contains("<tr id=\"claim-3\"", course.Page("claims.html"));
    }

    [SkippableTheory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task AxeFindsNothing(ColorScheme theme, int width)
    {
        foreach (string name in new[] { "10-reading", "claims", "index" })
        {
            IPage page = await Open(name, theme, width);
            if (name == "index")
            {
                await page.Locator("#query").FillAsync("he");
                await page.Locator("#found a").First.WaitForAsync();
            }
            else if (width < 1000 && name != "claims")
                await page.Locator(".contents button").ClickAsync();
            AxeResult result = await page.RunAxe();
            Assert.Empty(
                result.Violations.SelectMany(v =>
                    v.Nodes.Select(n => $"{name} {v.Id}: {n.Html} {n.Any.FirstOrDefault()?.Message}")
                )
            );
            Assert.InRange(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 0, width);
        }
    }

    private static async Task ScrollAsync(IPage page, int y) =>
        await page.EvaluateAsync(
            "async y => { scrollTo(0, y); for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame); }",
            y
        );

    private async Task<IPage> Open(
        string name,
        ColorScheme theme = ColorScheme.Light,
        int width = 1280,
        bool scripts = true
    )
    {
        _reader ??= await Reader.StartAsync();
        return await _reader.OpenAsync(Path.Combine(course.Site, name + ".html"), theme, width, scripts);
    }
}
