using System.IO.Compression;
using System.Text.Json.Nodes;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using NotebookHost.Tests;
using NotebookSupport;

namespace Notebooks.Tests;

/// <summary>A page with the three figures that a reader moves, and what computes them.</summary>
public sealed class LiveFigureSite : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public string Folder => Path.Combine(_folder, "site");

    public Task InitializeAsync()
    {
        JsonObject notebook = JsonNode
            .Parse(Course.Notebook("2 + 3", "Charts.DepthDial(…)", "Charts.BreakTheTie()", "Charts.TrainingsMap()"))!
            .AsObject();
        Figure[] figures =
        [
            Charts.DepthDial([1, 1.2, 1.4, 1.6], [Activation.ReLU, Activation.Tanh], [25, 50], depth: 20),
            Charts.BreakTheTie(),
            Charts.TrainingsMap(Series.Theory("a line", [1, 1.2, 2, 2.8, 3], [30, 30, double.NaN, 30, 30])),
        ];
        for (int i = 0; i < figures.Length; i++)
        {
            JsonNode cell = notebook["cells"]![i + 1]!;
            cell["outputs"] = new JsonArray(
                new JsonObject
                {
                    ["output_type"] = "execute_result",
                    ["execution_count"] = i + 2,
                    ["metadata"] = new JsonObject(),
                    ["data"] = new JsonObject { ["text/html"] = figures[i].ToHtml() },
                }
            );
            if (i == 1)
                cell["metadata"]!["tags"] = new JsonArray("hero");
        }
        Directory.CreateDirectory(Path.Combine(_folder, "in"));
        File.WriteAllText(Path.Combine(_folder, "in", "moved.ipynb"), notebook.ToJsonString());
        (int code, string output) = Course.Host("site", Path.Combine(_folder, "in"), "--output", Folder);
        Assert.True(code == 0, output);
        return Task.CompletedTask;
    }

    /// <summary>The same site, its runtime lost.</summary>
    public string WithoutRuntime()
    {
        string bare = Path.Combine(_folder, "bare");
        foreach (string file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(Folder, file);
            if (name.StartsWith("run", StringComparison.Ordinal))
                continue;
            string copy = Path.Combine(bare, name);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return bare;
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }
}

/// <summary>Figures that a reader moves by the keyboard alone, computed by the library in the page.</summary>
public sealed class LiveFigureTests(LiveFigureSite site) : IClassFixture<LiveFigureSite>
{
    private const int Patience = 300_000;

    static LiveFigureTests() => Assertions.SetDefaultExpectTimeout(60_000);

    [SkippableFact]
    public async Task TheDialMovesBeyondItsStoredStatesAndACellRunsBesideIt()
    {
        await using Reader reader = await Reader.StartAsync();
        IPage page = await OpenAsync(reader, "moved");
        ILocator dial = await BeginAsync(page, 0);
        string stored = await dial.Locator("canvas.live-picture").EvaluateAsync<string>("canvas => canvas.toDataURL()");
        ILocator scale = dial.Locator(".live-controls").GetByLabel("weight scale s");
        await scale.FocusAsync();
        await page.Keyboard.PressAsync("End");
        await Assertions
            .Expect(dial.Locator(".live-controls .notebook-reading"))
            .ToContainTextAsync("The signal explodes");
        await Assertions.Expect(dial.Locator(".live-controls output").First).ToHaveTextAsync("2");
        await page.Keyboard.PressAsync("ArrowLeft");
        await Assertions.Expect(dial.Locator(".live-controls output").First).ToHaveTextAsync("1.99");
        Assert.NotEqual(
            stored,
            await dial.Locator("canvas.live-picture").EvaluateAsync<string>("canvas => canvas.toDataURL()")
        );
        await dial.Locator(".live-controls").GetByLabel("tanh").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Assertions
            .Expect(dial.Locator(".live-controls .notebook-reading"))
            .ToContainTextAsync("The signal arrives");
        await Assertions.Expect(dial.Locator(".live-controls [role=status]")).ToContainTextAsync("The signal arrives");

        ILocator cell = page.Locator(".cell[data-cell='0']");
        await cell.GetByText("Run", new() { Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(cell.Locator("pre.value")).ToHaveTextAsync("5", new() { Timeout = Patience });
        await dial.GetByText("Show the stored states").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dial.Locator("canvas.live-picture")).ToHaveCountAsync(0);

        // A figure that a cell makes on the page can be moved too.
        await cell.GetByText("Edit", new() { Exact = true }).ClickAsync();
        await cell.Locator(".cm-content").ClickAsync();
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.InsertTextAsync("using NotebookSupport;\nCharts.TrainingsMap()");
        await page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(cell.GetByText("Compute it live")).ToBeVisibleAsync(new() { Timeout = Patience });
        Assert.DoesNotContain(reader.Complaints, complaint => !complaint.StartsWith("asked for blob:"));
    }

    [SkippableFact]
    public async Task AnArrowOfTheTieIsMovedAndTheTrainingGoesOn()
    {
        await using Reader reader = await Reader.StartAsync();
        IPage page = await OpenAsync(reader, "moved");
        ILocator tie = await BeginAsync(page, 1);
        await IsAccessibleAsync(page);
        ILocator grip = tie.Locator(".live-handle").Nth(2);
        await grip.FocusAsync();
        await Assertions.Expect(grip).ToHaveAttributeAsync("aria-label", "weights of unit 3: 0.50, 0.50");
        for (int press = 0; press < 5; press++)
            await page.Keyboard.PressAsync("ArrowLeft");
        await Assertions.Expect(grip).ToHaveAttributeAsync("aria-label", "weights of unit 3: 0.00, 0.50");
        ILocator reading = tie.Locator(".live-controls .notebook-reading");
        await Assertions.Expect(reading).ToContainTextAsync("After 0 training steps");
        await tie.GetByText("Play", new() { Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(reading).ToContainTextAsync("no unit has an exact copy");
        await Assertions.Expect(reading).Not.ToContainTextAsync("After 0 training steps");
        await page.Keyboard.PressAsync("Enter");
        ILocator nudge = tie.Locator(".live-controls").GetByLabel("size of the nudge");
        await nudge.FocusAsync();
        await page.Keyboard.PressAsync("Home");
        await Assertions.Expect(nudge).ToHaveAttributeAsync("aria-valuetext", "size of the nudge 0");
        await Assertions.Expect(reading).ToContainTextAsync("all eight units are equal");
        await Assertions.Expect(grip).ToHaveAttributeAsync("aria-label", "weights of unit 3: 0.50, 0.50");
    }

    [SkippableFact]
    public async Task CellsOfTheMapArePaintedUnderTheLineUntilTheReaderStops()
    {
        await using Reader reader = await Reader.StartAsync();
        IPage page = await OpenAsync(reader, "moved");
        ILocator map = await BeginAsync(page, 2);
        await IsAccessibleAsync(page);
        // A curve is not drawn across a place where it has no value.
        bool[] drawn = await map.EvaluateAsync<bool[]>(
            """
            map => {
              const { xaxis, yaxis } = map.querySelector(".js-plotly-plot")._fullLayout;
              const context = map.querySelector(".live-picture").getContext("2d");
              const y = Math.round((yaxis._offset + yaxis.l2p(30)) * devicePixelRatio);
              return [1.1, 2].map(s => context.getImageData(Math.round((xaxis._offset + xaxis.l2p(s)) * devicePixelRatio), y, 1, 1).data[3] > 0);
            }
            """
        );
        Assert.Equal([true, false], drawn);
        ILocator field = map.Locator(".live-field");
        await field.FocusAsync();
        for (int press = 0; press < 4; press++)
            await page.Keyboard.PressAsync("ArrowDown");
        ILocator reading = map.Locator(".live-controls .notebook-reading");
        await Assertions.Expect(reading).ToContainTextAsync("scale 1.8, depth 6: not trained yet");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(reading).ToContainTextAsync("; stored: ", new() { Timeout = Patience });
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(map.GetByText("Stop", new() { Exact = true })).ToBeDisabledAsync();
        await Assertions.Expect(map.Locator(".live-controls > span")).ToHaveTextAsync("", new() { Timeout = Patience });
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions
            .Expect(reading)
            .ToContainTextAsync(
                $"scale 1.8, depth 6: {Math.Round(TrainabilityMap.Accuracy(50, 1.8, 6), 2).ToString(System.Globalization.CultureInfo.InvariantCulture)}."
            );
    }

    [SkippableFact]
    public async Task TheFirstPageOpensWithTheTieAndComputesItWhenAsked()
    {
        await using Reader reader = await Reader.StartAsync();
        IPage page = await OpenAsync(reader, "index");
        await page.Locator(".hero").GetByText("Compute it live").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".is-moved").WaitForAsync(new() { Timeout = Patience });
        await Assertions
            .Expect(page.Locator(".hero-figure .live-controls .notebook-reading"))
            .ToContainTextAsync("After 0 training steps");
        Assert.DoesNotContain(reader.Complaints, complaint => !complaint.StartsWith("asked for blob:"));
    }

    [SkippableTheory]
    [InlineData("moved")]
    [InlineData("index")]
    public async Task APageWhoseFiguresNobodyTouchesAsksForNothing(string name)
    {
        await using Reader reader = await Reader.StartAsync();
        using var server = new PackedFiles(site.Folder);
        IPage page = await reader.OpenUrlAsync($"{server.Address}{name}.html");
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        string[] asked = await page.EvaluateAsync<string[]>(
            "() => performance.getEntriesByType('resource').map(entry => entry.name)"
        );
        Assert.Contains(asked, address => address.EndsWith("site.css"));
        Assert.DoesNotContain(asked, address => address.Contains("/run/"));
    }

    [SkippableFact]
    public async Task WithoutTheRuntimeTheStoredStatesStayAndASentenceSaysWhy()
    {
        await using Reader reader = await Reader.StartAsync();
        IPage page = await reader.OpenAsync(Path.Combine(site.WithoutRuntime(), "moved.html"));
        ILocator dial = page.Locator(".notebook-figure").First;
        await dial.GetByText("Compute it live").ClickAsync();
        await Assertions
            .Expect(dial.Locator(".live-state"))
            .ToHaveTextAsync(
                "The C# of this page could not be loaded: run/runtime.js is not there. A course that is still being written gets it last. The stored states stay."
            );
        await Assertions.Expect(dial.Locator(".notebook-controls").First).ToBeVisibleAsync();
    }

    [SkippableFact]
    public async Task ALiveStateHasTheValuesOfThisMachine()
    {
        await using Reader reader = await Reader.StartAsync();
        IPage page = await OpenAsync(reader, "moved");
        await BeginAsync(page, 0);
        foreach (
            (string name, string asked) in new[]
            {
                ("depth-dial", """{"s":1.37,"activation":"tanh","width":30,"depth":20,"seed":1}"""),
                ("depth-dial", """{"s":1.37,"activation":"ReLU","width":30,"depth":20,"seed":1}"""),
                ("break-the-tie", """{"nudge":-2,"seed":1,"steps":40}"""),
                ("trainings-map", """{"scale":1.38,"depth":2,"steps":50,"part":0}"""),
            }
        )
        {
            string state = await page.EvaluateAsync<string>(
                """
                ([name, asked]) => new Promise(resolve => {
                  const mine = (window.mine ??= { id: 100_000 });
                  if (!mine.resolve) figureEngine.use({ told: { figure: ({ id, state, message }) => id === mine.id && mine.resolve(JSON.stringify(state ?? message)) }, ended() {} });
                  mine.resolve = resolve;
                  figureEngine.post({ type: "figure", id: ++mine.id, name, asked: JSON.parse(asked) });
                })
                """,
                new[] { name, asked }
            );
            Assert.Equal(LiveFigures.Answer(name, asked).ToJsonString(), JsonNode.Parse(state)!.ToJsonString());
        }
    }

    /// <summary>What a reader waits for: a first figure loads at most 4 MB, a first Run 8.</summary>
    [Theory]
    [InlineData("figures.bin", 4_000_000)]
    [InlineData("library.bin", 8_000_000)]
    public void TheFirstTouchLoadsNoMoreThan(string program, long most)
    {
        string run = Path.Combine(site.Folder, "run");
        long packed = new[] { "native.bin", program }.Sum(name => new FileInfo(Path.Combine(run, name)).Length);
        long scripts = Directory.EnumerateFiles(run, "*.js").Sum(Zipped);
        long cells = Directory.EnumerateFiles(Path.Combine(run, "cells")).Max(name => new FileInfo(name).Length);
        Assert.InRange(packed + scripts + cells, 1_000_000, most);
    }

    private static long Zipped(string file)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(File.ReadAllBytes(file));
        return packed.Length;
    }

    private static async Task IsAccessibleAsync(IPage page)
    {
        AxeResult result = await page.RunAxe();
        Assert.Empty(result.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html}")));
    }

    private async Task<IPage> OpenAsync(Reader reader, string name) =>
        await reader.OpenAsync(Path.Combine(site.Folder, $"{name}.html"));

    /// <summary>Starts a figure by its button, and waits until it is computed here.</summary>
    private static async Task<ILocator> BeginAsync(IPage page, int index)
    {
        ILocator figure = page.Locator(".notebook-figure").Nth(index);
        await figure.GetByText("Compute it live").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await figure.Locator(".is-moved").WaitForAsync(new() { Timeout = Patience });
        await Assertions.Expect(figure.Locator(".live-state")).ToHaveTextAsync("live", new() { Timeout = Patience });
        return figure;
    }
}
