using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using NotebookHost.Site;

namespace NotebookHost.Tests;

/// <summary>What a reader does with cells that run on the page, whatever runs them.</summary>
public sealed class RunningPageTests(RunningCourse course) : IClassFixture<RunningCourse>, IAsyncLifetime
{
    private Reader? _reader;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_reader is not null)
            await _reader.DisposeAsync();
    }

    [SkippableFact]
    public async Task ACellRunsAfterThoseBeforeItThatHaveNotRun()
    {
        IPage page = await OpenAsync();
        await RunAsync(page, RunningCourse.Writes, "done");
        Assert.Equal(["boot", "run 1", "run 2"], await LogAsync(page));
        await Assertions.Expect(Cell(page, RunningCourse.Writes)).ToContainTextAsync("Ran in 0.8 s");
        await Assertions
            .Expect(Cell(page, RunningCourse.Writes).Locator("pre.stdout:visible"))
            .ToHaveTextAsync("one\ntwo\n");
        await Assertions.Expect(Cell(page, RunningCourse.Writes).Locator("pre.value")).ToHaveTextAsync("a");
        await Assertions.Expect(Stored(page)).ToBeHiddenAsync();
        await RunAsync(page, RunningCourse.Writes, "done");
        Assert.Equal(["boot", "run 1", "run 2", "run 2"], await LogAsync(page));
        Assert.Empty(_reader!.Complaints);
    }

    [SkippableFact]
    public async Task AnExerciseRunsThoseCellsAloneWhoseNamesItUses()
    {
        IPage page = await OpenAsync();
        await RunAsync(page, RunningCourse.Checks, "done");
        Assert.Equal(
            ["boot", "run 1", "run 13", "run 15 using System.Text; using System.Globalization;"],
            await LogAsync(page)
        );
        Assert.Equal("stored", await Cell(page, RunningCourse.Writes).GetAttributeAsync("data-state"));
    }

    [SkippableFact]
    public async Task AnEditedCellHasTheImportsOfThoseThatAreLeftOut()
    {
        IPage page = await OpenAsync();
        await Button(page, RunningCourse.Needed, "Edit").ClickAsync();
        await Cell(page, RunningCourse.Needed).Locator(".cm-content").ClickAsync();
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.InsertTextAsync("var needed = a + 1;");
        await RunAsync(page, RunningCourse.Checks, "done");
        Assert.Equal(
            ["run 1", "run 13 using System.Text;", "run 15 using System.Text; using System.Globalization;"],
            (await LogAsync(page)).Where(told => told.StartsWith("run ", StringComparison.Ordinal))
        );
    }

    [SkippableFact]
    public async Task NothingIsAskedForBeforeTheFirstRunOrEdit()
    {
        IPage page = await OpenAsync("about:blank");
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(new Uri(request.Url).LocalPath);
        await page.GotoAsync(new Uri(course.Page).AbsoluteUri);
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.DoesNotContain(asked, file => Regex.IsMatch(file, "/run/|outputs.js|codemirror"));
        await RunAsync(page, RunningCourse.Declares, "done");
        Assert.Contains(course.Runtime, asked);
        Assert.DoesNotContain(asked, file => file.Contains("codemirror", StringComparison.Ordinal));
        await Button(page, RunningCourse.Declares, "Edit").ClickAsync();
        await page.Locator(".cm-content").WaitForAsync();
        Assert.Contains(asked, file => file.Contains("codemirror", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task NoScriptOfAnOutputRunsAndNothingIsLoadedForIt()
    {
        IPage page = await OpenAsync();
        await RunAsync(page, RunningCourse.Shows, "done");
        ILocator output = Cell(page, RunningCourse.Shows).Locator(".output");
        Assert.Equal(
            "<p style=\"color: red;\">kept</p>"
                + "<img alt=\"a drawing\"><a>a</a><a href=\"https://example.org/\">b</a>"
                + "<div class=\"notebook-card exercise not-yet\"><strong>Exercise 1</strong></div>",
            Regex.Replace(await output.InnerHTMLAsync(), " src=\"data:image/svg[^\"]*\"", "")
        );
        await RunAsync(page, RunningCourse.Moves, "done");
        await Cell(page, RunningCourse.Moves).Locator(".js-plotly-plot:visible").WaitForAsync();
        await page.WaitForTimeoutAsync(100);
        Assert.Equal("undefined", await page.EvaluateAsync<string>("typeof window.evil"));
        NothingButHandlersThatDidNotRun();
    }

    [SkippableFact]
    public async Task ALongCellSaysSoBeforeItRunsAndHowLongTheCellsBeforeTake()
    {
        IPage page = await OpenAsync();
        await Assertions
            .Expect(Cell(page, RunningCourse.Writes).Locator(".run span"))
            .ToHaveTextAsync("Takes about 90 s in a browser");
        await Type(page, RunningCourse.Writes, "Load();\nConsole.Write(\"on\");\nWait(60000);");
        await Button(page, RunningCourse.Last, "Run").ClickAsync();
        // The compiler came while it runs, which is no news of the start.
        await Assertions.Expect(Cell(page, RunningCourse.Writes).Locator("pre.stdout:visible")).ToHaveTextAsync("on");
        await Assertions
            .Expect(Cell(page, RunningCourse.Last))
            .ToContainTextAsync("Running the cells before it: 6 to go, about 90 s");
    }

    [SkippableFact]
    public async Task ALiveFigureIsOneFigureThatChanges()
    {
        IPage page = await OpenAsync();
        for (int i = 0; i < 2; i++)
        {
            await RunAsync(page, RunningCourse.Moves, "done");
            ILocator cell = Cell(page, RunningCourse.Moves);
            await Assertions.Expect(cell.Locator(".gtitle:visible")).ToHaveTextAsync("Alive");
            await Assertions.Expect(cell.Locator(".js-plotly-plot:visible")).ToHaveCountAsync(1);
            await Assertions
                .Expect(cell.Locator("figcaption:visible"))
                .ToHaveTextAsync("Figure 1. A line of three points.");
        }
        await Cell(page, RunningCourse.Moves).Locator("details.data:visible summary").ClickAsync();
        await Assertions
            .Expect(Cell(page, RunningCourse.Moves).Locator("details[open] table"))
            .ToContainTextAsync("step");
        // The page keeps what it shows, and not what a cell has shown before.
        Assert.Equal(2, await page.EvaluateAsync<int>("Object.keys(notebookFigures).length"));
        await Button(page, RunningCourse.Moves, "Reset").ClickAsync();
        await Assertions.Expect(Cell(page, RunningCourse.Moves)).ToHaveAttributeAsync("data-state", "stored");
        Assert.Equal(1, await page.EvaluateAsync<int>("Object.keys(notebookFigures).length"));
        ILocator stored = Cell(page, RunningCourse.Moves).Locator(".notebook-figure");
        await stored.ClickAsync();
        await stored.Locator(".js-plotly-plot").WaitForAsync();
        NothingButHandlersThatDidNotRun();
    }

    [SkippableFact]
    public async Task AnErrorIsShownWithItsLineAndHoldsUpTheCellsAfterItOnce()
    {
        IPage page = await OpenAsync();
        await RunAsync(page, RunningCourse.Follows, "stored");
        await Assertions.Expect(Cell(page, RunningCourse.Fails)).ToHaveAttributeAsync("data-state", "failed");
        await Assertions
            .Expect(Cell(page, RunningCourse.Fails).Locator("pre.error"))
            .ToHaveTextAsync("System.Exception: no\n   at cell 5, line 1");
        await Assertions
            .Expect(Cell(page, RunningCourse.Follows))
            .ToContainTextAsync("Did not run, because a cell before it ended with an error.");
        await RunAsync(page, RunningCourse.Follows, "done");
        Assert.Equal("run 7", (await LogAsync(page))[^1]);
        Assert.Single(await LogAsync(page), "run 6");
    }

    [SkippableFact]
    public async Task AStoppedCellEndsAtOnceAndTheNextRunReplaysWhatHadRun()
    {
        IPage page = await OpenAsync();
        await RunAsync(page, RunningCourse.Declares, "done");
        await Type(page, RunningCourse.Writes, "while (true) { }");
        await RunAsync(page, RunningCourse.Writes, "running");
        await Button(page, RunningCourse.Writes, "Stop").ClickAsync();
        await Assertions.Expect(Cell(page, RunningCourse.Writes)).ToHaveAttributeAsync("data-state", "stopped");
        await Assertions
            .Expect(Cell(page, RunningCourse.Writes))
            .ToContainTextAsync("Stopped, and with it went what the cells before had computed: Run starts with them");
        await Assertions.Expect(Button(page, RunningCourse.Writes, "Run")).ToBeFocusedAsync();
        await Button(page, RunningCourse.Writes, "Reset").ClickAsync();
        await RunAsync(page, RunningCourse.Writes, "done");
        await Assertions.Expect(Cell(page, RunningCourse.Writes).Locator("pre.value")).ToHaveTextAsync("a");
        Assert.Equal(
            ["boot", "run 1", "compiler", "run 2", "terminate", "boot", "run 1", "run 2"],
            await LogAsync(page)
        );
    }

    [SkippableFact]
    public async Task AStopWhileTheRuntimeStartsPutsAllBack()
    {
        IPage page = await OpenAsync();
        await page.EvaluateAsync("window.bootPace = 60_000");
        await Button(page, RunningCourse.Writes, "Run").ClickAsync();
        await Assertions.Expect(Cell(page, RunningCourse.Writes)).ToContainTextAsync("Starting: 1.1 of 8.4 MB");
        await Assertions.Expect(Cell(page, RunningCourse.Declares)).ToHaveAttributeAsync("data-state", "starting");
        await Button(page, RunningCourse.Writes, "Stop").ClickAsync();
        await Assertions.Expect(Cell(page, RunningCourse.Writes)).ToHaveAttributeAsync("data-state", "stopped");
        await Assertions.Expect(Cell(page, RunningCourse.Declares)).ToHaveAttributeAsync("data-state", "stored");
        await Assertions.Expect(Stored(page)).ToBeVisibleAsync();
    }

    [SkippableFact]
    public async Task AnEditIsMadeRunKeptAndTakenBackByKeysAlone()
    {
        IPage page = await OpenAsync();
        await Button(page, RunningCourse.Writes, "Run").FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(Button(page, RunningCourse.Writes, "Edit")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        ILocator editor = Cell(page, RunningCourse.Writes).Locator(".cm-content");
        await Assertions.Expect(editor).ToBeFocusedAsync();
        // Code that is scrolled sideways passes below the numbers of the lines.
        await Assertions
            .Expect(Cell(page, RunningCourse.Writes).Locator(".cm-gutters"))
            .Not.ToHaveCSSAsync("background-color", "rgba(0, 0, 0, 0)");
        await page.Keyboard.PressAsync("Control+Home");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.TypeAsync("Console.Write(\"mine\\n");
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.TypeAsync(";");
        await page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(Cell(page, RunningCourse.Writes)).ToHaveAttributeAsync("data-state", "done");
        await Assertions.Expect(editor).ToBeFocusedAsync();
        await Assertions
            .Expect(Cell(page, RunningCourse.Writes).Locator("pre.stdout:visible"))
            .ToHaveTextAsync("mine\none\ntwo\n");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(editor).ToHaveCountAsync(0);
        await Assertions.Expect(Button(page, RunningCourse.Writes, "Edit")).ToBeFocusedAsync();
        ILocator code = Cell(page, RunningCourse.Writes).Locator("pre.code");
        await Assertions.Expect(code.Locator(".c-type").First).ToHaveTextAsync("Console");

        await page.ReloadAsync();
        await Assertions.Expect(code).ToContainTextAsync("mine");
        await Assertions.Expect(Cell(page, RunningCourse.Writes)).ToContainTextAsync("Your edit, kept in this browser");
        await Button(page, RunningCourse.Writes, "Reset").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(code).Not.ToContainTextAsync("mine");
        await Assertions.Expect(Stored(page)).ToBeVisibleAsync();
        await Assertions.Expect(Button(page, RunningCourse.Writes, "Run")).ToBeFocusedAsync();
        await page.ReloadAsync();
        await Assertions.Expect(code).Not.ToContainTextAsync("mine");
        Assert.Empty(_reader!.Complaints);
    }

    [SkippableFact]
    public async Task ACellBeforeThatWasEditedRunsAgain()
    {
        IPage page = await OpenAsync();
        await RunAsync(page, RunningCourse.Writes, "done");
        await Type(page, RunningCourse.Declares, "var b = 2;");
        await RunAsync(page, RunningCourse.Writes, "done");
        Assert.Equal(["boot", "run 1", "run 2", "compiler", "run 1", "run 2"], await LogAsync(page));
    }

    [SkippableFact]
    public async Task ACellThatRanSaysWhatWasChangedAboveIt()
    {
        IPage page = await OpenAsync();
        await RunAsync(page, RunningCourse.Last, "stored"); // One before it fails.
        await Type(page, RunningCourse.Declares, "var a = 2;");
        await RunAsync(page, RunningCourse.Declares, "done");
        ILocator uses = Cell(page, RunningCourse.Writes).Locator(".run span");
        await Assertions.Expect(uses).ToHaveTextAsync("Ran before a change above it");
        await Assertions.Expect(Cell(page, RunningCourse.Moves).Locator(".run span")).ToHaveTextAsync("Ran in 0.8 s");
        await RunAsync(page, RunningCourse.Writes, "done");
        await Assertions.Expect(uses).ToHaveTextAsync("Ran in 0.8 s, with your edit above");
        await Button(page, RunningCourse.Declares, "Reset").ClickAsync();
        await RunAsync(page, RunningCourse.Declares, "done");
        await Assertions.Expect(uses).ToHaveTextAsync("Ran before a change above it");
        await RunAsync(page, RunningCourse.Writes, "done");
        await Assertions.Expect(uses).ToHaveTextAsync("Ran in 0.8 s");
    }

    [SkippableFact]
    public async Task AnExerciseGivesItsHintsOneAfterTheOther()
    {
        IPage page = await OpenAsync();
        Assert.Equal(1, await page.Locator(".run button", new() { HasText = "Hint" }).CountAsync());
        await Button(page, RunningCourse.Checks, "Hint").ClickAsync();
        ILocator hints = Cell(page, RunningCourse.Checks).Locator(".hints p");
        await Assertions.Expect(hints).ToHaveTextAsync(["Hint 1 of 2: of 1.1"]);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(hints).ToHaveTextAsync(["Hint 1 of 2: of 1.1", "Hint 2 of 2: of 1.1"]);
        await Assertions.Expect(Button(page, RunningCourse.Checks, "Hint")).ToBeHiddenAsync();
        await Assertions.Expect(Button(page, RunningCourse.Checks, "Run")).ToBeFocusedAsync();
        Assert.Equal(["boot", "hint", "hint"], await LogAsync(page));
    }

    [SkippableFact]
    public async Task ASolvedExerciseStaysSolvedWhileItsCodeIsTheSame()
    {
        const string right = "Exercises.Check(\"1.1\", right)";
        IPage page = await OpenAsync();
        ILocator card = Cell(page, RunningCourse.Checks).Locator(".notebook-card.exercise:visible");
        await Expect("open");
        await Type(page, RunningCourse.Checks, right);
        await RunAsync(page, RunningCourse.Checks, "done");
        await Expect("solved");

        await page.ReloadAsync();
        await Expect("solved");
        await Assertions.Expect(card.Locator("li")).ToHaveTextAsync(["it is right"]);
        await Type(page, RunningCourse.Checks, "Exercises.Check(\"1.1\", wrong)");
        await Expect("open");
        await Button(page, RunningCourse.Checks, "Edit").ClickAsync();
        await Assertions.Expect(page.Locator(".cm-content")).ToHaveCountAsync(0);
        await Type(page, RunningCourse.Checks, right);
        await Expect("solved");
        await Button(page, RunningCourse.Checks, "Reset").ClickAsync();
        await Expect("open");
        await page.ReloadAsync();
        await Expect("open");
        Assert.Empty(_reader!.Complaints);

        async Task Expect(string state)
        {
            await Assertions.Expect(card.Locator("strong")).ToHaveTextAsync($"Exercise 1.1: {state}");
            Assert.Equal(state == "solved", await card.EvaluateAsync<bool>("card => card.matches('.solved')"));
        }
    }

    [SkippableFact]
    public async Task AHintThatCannotComeIsOneSentenceAndCanBeAskedForAgain()
    {
        IPage page = await OpenAsync();
        await page.EvaluateAsync("window.bootFails = 'This browser is too old to run C# in a page.'");
        await Button(page, RunningCourse.Checks, "Hint").ClickAsync();
        await Assertions
            .Expect(Cell(page, RunningCourse.Checks).Locator(".run span"))
            .ToHaveTextAsync("This browser is too old to run C# in a page.");
        await page.EvaluateAsync("delete window.bootFails");
        await Button(page, RunningCourse.Checks, "Hint").ClickAsync();
        await Assertions
            .Expect(Cell(page, RunningCourse.Checks).Locator(".hints p"))
            .ToHaveTextAsync(["Hint 1 of 2: of 1.1"]);
    }

    [SkippableFact]
    public async Task CodeIsCompletedWhereTheRuntimeKnowsIt()
    {
        IPage page = await OpenAsync();
        await RunAsync(page, RunningCourse.Declares, "done");
        await Type(page, RunningCourse.Declares, "Net");
        await page.Keyboard.PressAsync("Control+Space");
        await page.Locator(".cm-tooltip-autocomplete li").WaitForAsync();
        await page.WaitForTimeoutAsync(100); // The editor takes no key for a choice before it has been seen.
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Cell(page, RunningCourse.Declares).Locator(".cm-content")).ToHaveTextAsync("Network");
    }

    [SkippableFact]
    public async Task AStorageThatTakesNothingIsOneSentence()
    {
        IPage page = await OpenAsync();
        await page.EvaluateAsync(
            "() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"
        );
        await Type(page, RunningCourse.Declares, "var c = 3;");
        await Assertions
            .Expect(Cell(page, RunningCourse.Declares))
            .ToContainTextAsync("This browser does not keep the edit, because its storage is full or closed");
        await RunAsync(page, RunningCourse.Declares, "done");
        Assert.Empty(_reader!.Complaints);
    }

    [SkippableFact]
    public async Task ARuntimeThatDoesNotStartIsOneSentenceAndCanBeTriedAgain()
    {
        IPage page = await OpenAsync();
        await page.EvaluateAsync("window.bootFails = 'This browser is too old to run C# in a page.'");
        await RunAsync(page, RunningCourse.Writes, "failed");
        await Assertions
            .Expect(Cell(page, RunningCourse.Writes))
            .ToContainTextAsync("This browser is too old to run C# in a page.");
        await Assertions.Expect(Cell(page, RunningCourse.Declares)).ToHaveAttributeAsync("data-state", "stored");
        await Assertions.Expect(Stored(page)).ToBeVisibleAsync();
        await page.EvaluateAsync("delete window.bootFails");
        await RunAsync(page, RunningCourse.Writes, "done");
    }

    [SkippableFact]
    public async Task ARuntimeThatIsMissingIsOneSentence()
    {
        IPage page = await OpenAsync();
        await page.RouteAsync("**/run/runtime.js", route => route.AbortAsync());
        await page.ReloadAsync();
        await RunAsync(page, RunningCourse.Declares, "failed");
        await Assertions
            .Expect(Cell(page, RunningCourse.Declares))
            .ToContainTextAsync(
                "The C# of this page could not be loaded: run/runtime.js is not there. A course that is still being written gets it last. Run tries again."
            );
        await page.UnrouteAsync("**/run/runtime.js");
        await RunAsync(page, RunningCourse.Declares, "done");
    }

    [SkippableFact]
    public async Task RunUncoversWhatAPredictionCovers()
    {
        IPage page = await OpenAsync();
        Assert.Equal(1, await Cell(page, RunningCourse.Asked).Locator(".covered").CountAsync());
        foreach (int before in new[] { RunningCourse.Fails, RunningCourse.Endless })
            await Type(page, before, "a");
        await RunAsync(page, RunningCourse.Asked, "done");
        await Assertions
            .Expect(Cell(page, RunningCourse.Asked).Locator("pre.stdout:visible"))
            .ToHaveTextAsync("seven\n");
        Assert.Equal(0, await page.Locator(".covered, .cover-note").CountAsync());
    }

    [SkippableTheory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task AxeFindsNothingInAnyStateAndThePageStaysAsWideAsItIs(ColorScheme theme, int width)
    {
        IPage page = await OpenAsync(theme: theme, width: width);
        await Check("at rest");
        await Type(page, RunningCourse.Writes, "// a\nvar x = \"text\";");
        await Check("edited");
        await page.EvaluateAsync("window.bootPace = 500");
        await Button(page, RunningCourse.Moves, "Run").ClickAsync();
        await Check("starting");
        await Assertions.Expect(Cell(page, RunningCourse.Moves)).ToHaveAttributeAsync("data-state", "done");
        await Check("done");
        await RunAsync(page, RunningCourse.Fails, "failed");
        await Check("failed");
        await RunAsync(page, RunningCourse.Endless, "running");
        await Check("running");
        await Button(page, RunningCourse.Endless, "Stop").ClickAsync();
        await Check("stopped");
        // axe itself asks for style sheets, which a page in a folder may not.
        Assert.DoesNotContain(_reader!.Complaints, complaint => complaint.Contains("Error:", StringComparison.Ordinal));

        async Task Check(string state)
        {
            AxeResult result = await page.RunAxe();
            Assert.Empty(result.Violations.SelectMany(v => v.Nodes.Select(n => $"{state} {v.Id}: {n.Html}")));
            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            if (Environment.GetEnvironmentVariable("NOTEBOOKS_PAGE_SHOTS") is { Length: > 0 } folder)
                await page.ScreenshotAsync(
                    new() { Path = Path.Combine(folder, $"{width}-{state}.png"), FullPage = true }
                );
        }
    }

    [SkippableFact]
    public async Task AFingerHitsTheButtonsAndNothingMovesWhenTheyCome()
    {
        IPage page = await OpenAsync(width: 390);
        foreach (ILocator button in await page.Locator(".run button:visible").AllAsync())
        {
            LocatorBoundingBoxResult box = (await button.BoundingBoxAsync())!;
            Assert.True(box is { Height: >= 44, Width: >= 44 }, $"{box.Width} by {box.Height}");
        }
        Assert.Equal(
            0,
            await page.EvaluateAsync<double>(
                """
                new Promise(resolve => {
                  let sum = 0;
                  new PerformanceObserver(list => list.getEntries().forEach(entry => sum += entry.value))
                    .observe({ type: "layout-shift", buffered: true });
                  setTimeout(() => resolve(sum), 300);
                })
                """
            )
        );
    }

    [SkippableFact]
    public async Task WithoutScriptsThePageReadsAsOneThatDoesNotRun()
    {
        _reader ??= await Reader.StartAsync();
        IPage page = await _reader.OpenAsync(course.Page, scripts: false);
        Assert.Equal(0, await page.Locator(".run:visible").CountAsync());
        await Assertions.Expect(Stored(page)).ToBeVisibleAsync();
    }

    [Fact]
    public void ASiteThatIsOnlyReadHasNothingOfIt()
    {
        string page = File.ReadAllText(Path.Combine(course.OnlyRead, "page.html"));
        Assert.DoesNotContain("data-cell", page);
        Assert.DoesNotContain("run.js", page);
        Assert.DoesNotContain("wasm", page);
        Assert.DoesNotContain("blob:; connect-src", page);
        Assert.False(Directory.Exists(Path.Combine(course.OnlyRead, "assets", "codemirror")));
        Assert.False(File.Exists(Path.Combine(course.OnlyRead, "assets", "run.js")));
        Assert.DoesNotContain("run.js", File.ReadAllText(Path.Combine(course.OnlyRead, "sw.js")));
    }

    [Fact]
    public void OnlyPagesWithCellsMayRunThem()
    {
        string page = File.ReadAllText(course.Page);
        Assert.Contains("data-cell=\"2\" data-state=\"stored\" data-number=\"2\" data-id=\"id-2\"", page);
        Assert.Contains("&#39;wasm-unsafe-eval&#39;", page);
        Assert.DoesNotContain("wasm", File.ReadAllText(Path.Combine(course.Site, "index.html")));
    }

    [SkippableFact]
    public async Task OnAServerNoScriptComesFromMemory()
    {
        _reader ??= await Reader.StartAsync();
        using var stop = new CancellationTokenSource();
        using var server = SiteServer.Start(course.Site, null, reloads: true);
        Task serving = server.RunAsync(stop.Token);
        IPage page = await _reader.OpenUrlAsync($"{server.Address}page.html");
        await RunAsync(page, RunningCourse.Writes, "done");
        Assert.DoesNotContain(
            _reader.Complaints,
            complaint => !complaint.StartsWith("asked for ", StringComparison.Ordinal)
        );
        const string Load = """
            () => new Promise(resolve => {
              const script = document.createElement("script");
              script.src = URL.createObjectURL(new Blob(["window.evil = 1"]));
              script.onload = script.onerror = () => resolve(typeof window.evil);
              document.head.append(script);
            })
            """;
        Assert.Equal("undefined", await page.EvaluateAsync<string>(Load));
        await stop.CancelAsync();
        await serving;
    }

    [SkippableFact]
    public async Task WhatRanOnceOnAServerRunsWithoutANetwork()
    {
        _reader ??= await Reader.StartAsync();
        using var stop = new CancellationTokenSource();
        using var server = SiteServer.Start(course.Site, null, reloads: false);
        Task serving = server.RunAsync(stop.Token);
        IPage page = await _reader.OpenUrlAsync($"{server.Address}page.html");
        await page.WaitForFunctionAsync(
            "() => navigator.serviceWorker.ready.then(async () => (await caches.match('page.html')) && (await caches.match('assets/run.js')) && navigator.serviceWorker.controller)"
        );
        const string IsKept =
            "async () => (await Promise.all(['run/runtime.js', 'assets/codemirror/codemirror.js'].map(name => caches.match(name)))).map(Boolean).join()";
        Assert.Equal("false,false", await page.EvaluateAsync<string>(IsKept));
        await RunAsync(page, RunningCourse.Writes, "done");
        await Button(page, RunningCourse.Writes, "Edit").ClickAsync();
        await page.Locator(".cm-content").WaitForAsync();
        Assert.Equal("true,true", await page.EvaluateAsync<string>(IsKept));
        await stop.CancelAsync();
        await serving;
        await page.ReloadAsync();
        await RunAsync(page, RunningCourse.Writes, "done");
    }

    private static ILocator Cell(IPage page, int index) => page.Locator($".cell[data-cell='{index}']");

    private static ILocator Stored(IPage page) =>
        Cell(page, RunningCourse.Writes).Locator("pre", new() { HasText = "as stored" });

    private static ILocator Button(IPage page, int index, string name) =>
        Cell(page, index).Locator(".run").GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static async Task RunAsync(IPage page, int index, string state)
    {
        await Button(page, index, "Run").ClickAsync();
        await Assertions.Expect(Cell(page, index)).ToHaveAttributeAsync("data-state", state);
        if (state != "running")
            await Assertions.Expect(Button(page, index, "Run")).ToBeVisibleAsync();
    }

    /// <summary>Edits a cell: its code is what is typed.</summary>
    private static async Task Type(IPage page, int index, string code)
    {
        await Button(page, index, "Edit").ClickAsync();
        ILocator editor = Cell(page, index).Locator(".cm-content");
        await Assertions.Expect(editor).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.InsertTextAsync(code);
    }

    /// <summary>The browser says so where it reads the HTML of an output; the page takes none of them over.</summary>
    private void NothingButHandlersThatDidNotRun() =>
        Assert.All(
            _reader!.Complaints,
            complaint =>
                Assert.StartsWith("Executing inline event handler violates", complaint, StringComparison.Ordinal)
        );

    private static Task<string[]> LogAsync(IPage page) => page.EvaluateAsync<string[]>("window.runtimeLog ?? []");

    private async Task<IPage> OpenAsync(string? url = null, ColorScheme theme = ColorScheme.Light, int width = 1280)
    {
        _reader ??= await Reader.StartAsync();
        return await _reader.OpenUrlAsync(url ?? new Uri(course.Page).AbsoluteUri, theme, width, touch: width < 500);
    }
}
