using System.IO.Compression;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using NotebookHost.Tests;
using NotebookSupport.Tests;

namespace Notebooks.Tests;

/// <summary>What a reader does with the figures of the course: look, touch, scroll, choose, play, turn the phone.</summary>
[Collection(nameof(CourseSite))]
public sealed class FigureUseTests(CourseSite site)
{
    private const int MostBytesBeforeATouch = 250_000;

    /// <summary>What is drawn of a figure, as text.</summary>
    private const string Data = "figure => JSON.stringify(figure.querySelector('.js-plotly-plot').data)";

    /// <summary>The ranges of a figure's axes, as text.</summary>
    private const string Ranges = """
        figure => {
          const layout = figure.querySelector(".js-plotly-plot")._fullLayout;
          return JSON.stringify([layout.xaxis?.range, layout.yaxis?.range, layout.scene?.camera]);
        }
        """;

    public static TheoryData<string> Lessons =>
        [
            .. Course
                .Notebooks.Select(notebook => Path.GetFileNameWithoutExtension(notebook))
                .Where(name => !name.EndsWith("solutions", StringComparison.Ordinal)),
        ];

    /// <summary>The lessons whose pages are not looked at each time (PageTests), and the first.</summary>
    private static void NeedsUse(string name)
    {
        if (name[1] % 2 == 0 && name[1] != '0')
            Exhaustive.Needs($"Every figure of {name} is used");
    }

    [SkippableTheory]
    [MemberData(nameof(Lessons))]
    public async Task ALessonIsLightUntilAFigureIsTouched(string name)
    {
        IPage page = await site.OpenAsync("index");
        var asked = new HashSet<string>();
        page.Request += (_, request) => asked.Add(new Uri(request.Url).LocalPath);
        await page.GotoAsync(new Uri(site.File(name)).AbsoluteUri);
        await page.WaitForFunctionAsync(
            "() => [...document.querySelectorAll('.notebook-figure')].every(f => f.querySelector('.notebook-view'))"
        );
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.InRange(asked.Sum(Transferred), 1, MostBytesBeforeATouch);
        Assert.DoesNotContain(asked, file => file.Contains("plotly", StringComparison.Ordinal));

        await page.EvaluateAsync("document.querySelector('.predictions button')?.click()");
        ILocator figure = page.Locator(".notebook-figure").First;
        await figure.ScrollIntoViewIfNeededAsync();
        Assert.True(
            await figure
                .Locator("img")
                .EvaluateAsync<bool>("image => image.decode().then(() => image.naturalWidth > 0)")
        );
        await figure.HoverAsync();
        await figure.Locator(".is-live").WaitForAsync();
        Assert.Contains(asked, file => file.Contains("plotly", StringComparison.Ordinal));
        await page.CloseAsync();
    }

    /// <summary>A still map has white paper, so in the dark it is drawn when it comes near; what is no map waits for a touch.</summary>
    [SkippableFact]
    public async Task InTheDarkAMapIsDrawnWhenItComesNear()
    {
        foreach (ColorScheme theme in new[] { ColorScheme.Dark, ColorScheme.Light })
        {
            IPage page = await site.OpenAsync("01-symmetry", theme);
            await page.EvaluateAsync("document.querySelector('.predictions button').click()");
            ILocator map = page.Locator(".of-colours .notebook-figure").First;
            await map.ScrollIntoViewIfNeededAsync();
            if (theme == ColorScheme.Light)
                await page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
            await map.Locator(".is-live").WaitForAsync();
            Assert.Equal(0, await page.Locator("figure:not(.of-colours) .is-live").CountAsync());
            await page.CloseAsync();
        }
    }

    /// <summary>On a phone, maps beside each other take the width and no more height than they need.</summary>
    [SkippableFact]
    public async Task MapsBesideEachOtherFillAPhone()
    {
        IPage page = await site.OpenAsync("01-symmetry", width: 390);
        await page.EvaluateAsync("document.querySelector('.predictions button').click()");
        int seen = 0;
        foreach (ILocator figure in await page.Locator(".of-colours .notebook-figure").AllAsync())
        {
            await figure.ScrollIntoViewIfNeededAsync();
            await figure.DispatchEventAsync("click");
            await figure.Locator(".is-live").WaitForAsync();
            double[] sizes = await figure.EvaluateAsync<double[]>(
                """
                figure => {
                  const { _fullLayout: layout } = figure.querySelector(".js-plotly-plot");
                  const panels = Object.keys(layout).filter(key => /^xaxis\d*$/.test(key)).map(key => layout[key]._length);
                  const { width, height, _size: inner } = layout;
                  const maps = figure.querySelector(".js-plotly-plot").data.filter(({ type }) => type === "heatmap").length;
                  return [width, panels.length, Math.min(...panels), Math.max(...panels), height - inner.t - inner.b, maps];
                }
                """
            );
            if (sizes[^1] < 2)
                continue;
            seen++;
            (double width, double count, double least, double most, double high) = (
                sizes[0],
                sizes[1],
                sizes[2],
                sizes[3],
                sizes[4]
            );
            Assert.InRange(least, 0.33 * width, 0.5 * width);
            Assert.Equal(least, most, 1.5);
            double rows = Math.Ceiling(count / 2);
            // The labels of the axis may take a few pixels more than was left for them.
            Assert.InRange(high, rows * least, rows * (least + 8) + 30 * (rows - 1));
        }
        Assert.True(seen > 0);
        await page.CloseAsync();
    }

    [SkippableTheory]
    [MemberData(nameof(Lessons))]
    public async Task TheKeyboardReachesAndMovesEveryControl(string name)
    {
        NeedsUse(name);
        IPage page = await OpenAsync(name);
        int reached = 0;
        foreach (ILocator figure in await page.Locator(".notebook-figure:has(.notebook-controls > *)").AllAsync())
        {
            ILocator input = figure.Locator("input[type=range], input[type=radio]:checked").First;
            bool isSlider = await input.GetAttributeAsync("type") == "range";
            await figure.Locator(".notebook-tools button").Last.FocusAsync();
            for (int tab = 0; tab < 3 && !await IsFocused(input); tab++)
                await page.Keyboard.PressAsync("Tab");
            Assert.True(await IsFocused(input));
            string before = await figure.EvaluateAsync<string>(Data);
            bool isAtEnd = await input.EvaluateAsync<bool>(
                "input => input.type === 'range' ? input.value === input.max : !input.closest('label').nextElementSibling"
            );
            await page.Keyboard.PressAsync(isAtEnd ? "ArrowLeft" : "ArrowRight");
            await WaitForChange(figure, before);
            ILocator controls = figure.Locator(".notebook-controls:not(.live-controls)");
            string said = await controls.AriaSnapshotAsync();
            Assert.Contains(isSlider ? "slider" : "radio", said, StringComparison.Ordinal);
            if (isSlider)
            {
                string value = await controls.Locator("output").InnerTextAsync();
                Assert.Contains(value, await input.GetAttributeAsync("aria-valuetext"), StringComparison.Ordinal);
                Assert.NotEmpty(value);
            }
            reached++;
        }
        foreach (ILocator figure in await page.Locator(".notebook-figure").AllAsync())
            Assert.Contains("button \"Zoom\"", await figure.AriaSnapshotAsync(), StringComparison.Ordinal);
        Assert.True(
            reached > 0
                || !Course
                    .Cells(Course.Notebooks.Single(n => n.EndsWith($"/{name}.ipynb", StringComparison.Ordinal)))
                    .Any(HasControl)
        );
        Assert.Empty(site.Reader!.Complaints);
        await page.CloseAsync();
    }

    [SkippableFact]
    public async Task PlayPausesAndGoesOn()
    {
        IPage page = await OpenAsync("01-symmetry");
        ILocator figure = page.Locator(".notebook-figure:has(.notebook-controls button)").First;
        ILocator slider = figure.Locator("input");
        await figure.GetByRole(AriaRole.Button, new() { Name = "Play" }).ClickAsync();
        // Seen and stopped in one step of the page: on a busy machine the film ends before a click arrives.
        await page.WaitForFunctionAsync(
            """
            figure => {
                const input = figure.querySelector('input');
                if (!(Number(input.value) > 1) || input.value === input.max) return false;
                [...figure.querySelectorAll('button')].find(button => button.textContent === 'Pause').click();
                return true;
            }
            """,
            await figure.ElementHandleAsync()
        );
        string stopped = await slider.InputValueAsync();
        await page.WaitForTimeoutAsync(500);
        Assert.Equal(stopped, await slider.InputValueAsync());
        await figure.GetByRole(AriaRole.Button, new() { Name = "Play" }).ClickAsync();
        await page.WaitForFunctionAsync(
            "([input, value]) => Number(input.value) > Number(value)",
            new object[] { await slider.ElementHandleAsync(), stopped }
        );
        await page.CloseAsync();
    }

    [SkippableTheory]
    [MemberData(nameof(Lessons))]
    public async Task AFingerAndTheWheelScrollThePageOverEveryFigure(string name)
    {
        NeedsUse(name);
        IPage page = await OpenAsync(name, 390);
        ICDPSession devTools = await page.Context.NewCDPSessionAsync(page);
        // Room to scroll, also below the last figure.
        await page.AddStyleTagAsync(new() { Content = "main { padding-bottom: 100vh }" });
        foreach (ILocator figure in await page.Locator(".notebook-figure").AllAsync())
        {
            string before = await figure.EvaluateAsync<string>(Ranges);
            foreach (string source in new[] { "touch", "mouse" })
            {
                await figure.EvaluateAsync("figure => figure.scrollIntoView({ block: 'center', behavior: 'instant' })");
                double from = await page.EvaluateAsync<double>("scrollY");
                // A finger that comes down while the page still moves stops it, and does not scroll: it tries again.
                for (int attempt = 0; attempt < 3 && await page.EvaluateAsync<double>("scrollY") < from + 20; attempt++)
                {
                    LocatorBoundingBoxResult box = (await figure.Locator(".notebook-plot").BoundingBoxAsync())!;
                    float x = box.X + box.Width / 2;
                    float y = box.Y + box.Height / 2;
                    if (source == "mouse")
                    {
                        await page.Mouse.MoveAsync(x, y);
                        await page.Mouse.WheelAsync(0, 120);
                    }
                    else
                        await SwipeAsync(devTools, x, y);
                    await page.WaitForTimeoutAsync(300);
                }
                await page.WaitForFunctionAsync("from => scrollY >= from + 20", from);
            }
            Assert.Equal(before, await figure.EvaluateAsync<string>(Ranges));
        }
        await page.CloseAsync();
    }

    /// <summary>A finger that moves up from a place.</summary>
    private static async Task SwipeAsync(ICDPSession devTools, float x, float y)
    {
        for (int moved = 0; moved <= 150; moved += 15)
            await devTools.SendAsync(
                "Input.dispatchTouchEvent",
                new()
                {
                    ["type"] = moved == 0 ? "touchStart" : "touchMove",
                    ["touchPoints"] = new[] { new { x, y = y - moved } },
                }
            );
        await devTools.SendAsync(
            "Input.dispatchTouchEvent",
            new() { ["type"] = "touchEnd", ["touchPoints"] = Array.Empty<object>() }
        );
    }

    [SkippableFact]
    public async Task TurningThePhoneAndChangingTheThemeKeepSizeAndState()
    {
        IPage page = await OpenAsync("01-symmetry", 390);
        ILocator figure = page.Locator(".notebook-figure:has(input[type=range])").First;
        await figure.Locator("input").FillAsync("3");
        string value = await figure.Locator("output").First.InnerTextAsync();
        foreach ((int width, int height) in new[] { (844, 390), (390, 844) })
        {
            await page.SetViewportSizeAsync(width, height);
            await page.WaitForFunctionAsync(
                "figure => Math.abs(figure.querySelector('.main-svg').getBoundingClientRect().width - figure.clientWidth) < 2",
                await figure.ElementHandleAsync()
            );
        }
        string size = await figure.EvaluateAsync<string>("figure => `${figure.clientWidth} ${figure.clientHeight}`");
        await page.Locator("#theme").ClickAsync();
        await page.WaitForFunctionAsync(
            "figure => getComputedStyle(figure.querySelector('.xtitle')).fill === getComputedStyle(document.body).color",
            await figure.ElementHandleAsync()
        );
        Assert.Equal(value, await figure.Locator("output").InnerTextAsync());
        Assert.Equal("3", await figure.Locator("input").InputValueAsync());
        Assert.Equal(
            size,
            await figure.EvaluateAsync<string>("figure => `${figure.clientWidth} ${figure.clientHeight}`")
        );
        await page.CloseAsync();
    }

    [SkippableFact]
    public async Task AFigureZoomsWhenAskedAndGoesBack()
    {
        IPage page = await OpenAsync("00-start-here");
        ILocator figure = page.Locator(".notebook-figure").First;
        string before = await figure.EvaluateAsync<string>(Ranges);
        await DragAsync();
        Assert.Equal(before, await figure.EvaluateAsync<string>(Ranges));

        ILocator zoom = figure.GetByRole(AriaRole.Button, new() { Name = "Zoom" });
        await zoom.ClickAsync();
        await page.Keyboard.PressAsync("+");
        await page.WaitForFunctionAsync(
            $"([figure, before]) => ({Ranges})(figure) !== before",
            new object[] { await figure.ElementHandleAsync(), before }
        );
        await figure.GetByRole(AriaRole.Button, new() { Name = "Reset" }).ClickAsync();
        await page.WaitForFunctionAsync(
            $"([figure, before]) => ({Ranges})(figure) === before",
            new object[] { await figure.ElementHandleAsync(), before }
        );
        await DragAsync();
        await page.WaitForFunctionAsync(
            $"([figure, before]) => ({Ranges})(figure) !== before",
            new object[] { await figure.ElementHandleAsync(), before }
        );
        await zoom.ClickAsync();
        await page.WaitForFunctionAsync(
            $"([figure, before]) => ({Ranges})(figure) === before",
            new object[] { await figure.ElementHandleAsync(), before }
        );
        await page.CloseAsync();

        async Task DragAsync()
        {
            LocatorBoundingBoxResult box = (await figure.Locator(".nsewdrag").First.BoundingBoxAsync())!;
            await page.Mouse.MoveAsync(box.X + 0.3f * box.Width, box.Y + 0.3f * box.Height);
            await page.Mouse.DownAsync();
            await page.Mouse.MoveAsync(box.X + 0.6f * box.Width, box.Y + 0.6f * box.Height, new() { Steps = 4 });
            await page.Mouse.UpAsync();
            await page.WaitForTimeoutAsync(100);
        }
    }

    [SkippableFact]
    public async Task TheTableFollowsTheControl()
    {
        IPage page = await OpenAsync("01-symmetry");
        ILocator whole = page.Locator("figure.figure:has(input[type=range])").First;
        await whole.Locator("details.data summary").ClickAsync();
        string before = await whole.Locator("details.data").InnerTextAsync();
        await whole.Locator("input[type=range]").FillAsync("1");
        await page.WaitForFunctionAsync(
            "([table, before]) => table.innerText !== before",
            new object[] { await whole.Locator("details.data").ElementHandleAsync(), before }
        );
        await page.CloseAsync();
    }

    [SkippableFact]
    public async Task AMapThatIsPointedAtSaysItsValueAlone()
    {
        IPage page = await OpenAsync("03-signals");
        ILocator figure = page.Locator(".of-colours .notebook-figure").First;
        await figure.ScrollIntoViewIfNeededAsync();
        await figure.Locator(".nsewdrag").HoverAsync();
        ILocator said = figure.Locator(".hoverlayer");
        await Assertions.Expect(said).ToContainTextAsync("hidden unit");
        await Assertions.Expect(said).Not.ToContainTextAsync("trace");
        await page.CloseAsync();
    }

    /// <summary>A screen reader is told the title that the eye reads.</summary>
    [SkippableFact]
    public async Task TheNameFollowsTheControl()
    {
        IPage page = await OpenAsync("03-signals");
        ILocator figure = page.Locator(".notebook-figure:has(input[type=range])").First;
        ILocator plot = figure.Locator(".notebook-plot");
        foreach (string state in new[] { "0", "6" })
        {
            string before = (await plot.GetAttributeAsync("aria-label"))!;
            await figure.Locator("input[type=range]").FillAsync(state);
            await page.WaitForFunctionAsync(
                """
                ([plot, before]) => {
                  const name = plot.getAttribute("aria-label");
                  return name !== before && name === plot.querySelector(".gtitle")?.textContent;
                }
                """,
                new object[] { (await plot.ElementHandleAsync())!, before }
            );
        }
        await page.CloseAsync();
    }

    /// <summary>A page whose results are shown and whose figures are drawn.</summary>
    private async Task<IPage> OpenAsync(string name, int width = 1280)
    {
        IPage page = await site.OpenAsync(name, width: width, touch: width < 1280);
        await page.EvaluateAsync("document.querySelector('.predictions button')?.click()");
        await page.EvaluateAsync(Reader.DrawAll);
        return page;
    }

    private static bool HasControl(JsonObject cell) =>
        Course
            .Figures(cell)
            .Any(figure => Course.Joined(figure["text/html"]).Contains("\"control\"", StringComparison.Ordinal));

    private static Task<bool> IsFocused(ILocator element) =>
        element.EvaluateAsync<bool>("element => element === document.activeElement");

    private static async Task WaitForChange(ILocator figure, string before) =>
        await figure.Page.WaitForFunctionAsync(
            $"([figure, before]) => ({Data})(figure) !== before",
            new object[] { await figure.ElementHandleAsync(), before }
        );

    /// <summary>The bytes of a file on its way: pictures and fonts as they are, texts compressed.</summary>
    private static long Transferred(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        if (Path.GetExtension(file) is ".png" or ".woff2")
            return bytes.Length;
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(bytes);
        return packed.Length;
    }
}
