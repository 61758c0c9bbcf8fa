using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using NotebookHost.Tests;
using NotebookSupport;
using NotebookSupport.Tests;

namespace Notebooks.Tests;

/// <summary>The course in Jupyter, on this project's kernel: by nbconvert, and as a student opens it.</summary>
public sealed class JupyterTests(JupyterServer jupyter) : IClassFixture<JupyterServer>
{
    private const string InTheBrowser = "notebooks/00-start-here.ipynb";

    public static TheoryData<string> Notebooks => [.. Course.Notebooks];

    [SkippableTheory]
    [MemberData(nameof(Notebooks))]
    public void NbconvertGivesTheCommittedOutputs(string notebook)
    {
        JupyterServer.Needs("nbconvert");
        if (!JupyterServer.Converted.Contains(notebook))
            Exhaustive.Needs($"{notebook} runs in Jupyter too");
        Assert.Equal(
            Course.Cells(notebook).Where(Course.IsCode).Select(Outputs),
            Cells(jupyter.Executed(notebook)).Select(Outputs)
        );
    }

    /// <summary>What runs in Jupyter each time has an output of every kind that the course has.</summary>
    [Fact]
    public void NoKindOfOutputIsLeftOut() =>
        Assert.Subset(Kinds([.. JupyterServer.Converted, InTheBrowser]), Kinds(Course.Notebooks));

    [SkippableFact]
    public async Task RunAllDrawsEveryFigureAndSavesItWithoutAnotherHost()
    {
        await using Page page = await OpenAsync("00-start-here.ipynb");
        await page.ClearAsync();
        await page.RunAllAsync();
        int figures = Course.Cells(InTheBrowser).Where(Course.IsCode).Sum(c => Course.Figures(c).Count());
        await page.FiguresAsync(figures);
        await page.SaveAsync();
        Assert.Equal(
            Course.Cells(InTheBrowser).Where(Course.IsCode).Select(Outputs),
            Cells(Path.Combine(jupyter.Folder, "00-start-here.ipynb")).Select(Outputs)
        );
        await page.Browser.ReloadAsync();
        await page.ReadyAsync();
        await page.FiguresAsync(figures);
        Assert.Empty(page.OtherHosts);
        await page.KeepAsync("00-run-all");
    }

    [SkippableFact]
    public async Task ALiveChartGrowsOnOneElementAndIsCompleteInTheEnd()
    {
        Write("live.ipynb", Course.Setup, Live(steps: 30_000));
        await using Page page = await OpenAsync("live.ipynb");
        await page.RunAllAsync(wait: false);
        Sighting[] seen = await page.WatchAsync();
        await page.KeepAsync("live-end");
        Assert.InRange(seen.Length, 5, int.MaxValue);
        Assert.Single(seen.Select(s => s.Element).Distinct());
        Assert.All(seen.Zip(seen.Skip(1)), pair => Assert.True(pair.First.LastStep < pair.Second.LastStep));
        await page.SaveAsync();
        JsonObject bundle = Assert.Single(Course.Figures(Cells(Path.Combine(jupyter.Folder, "live.ipynb"))[1]));
        string saved = Course.Data(Course.Joined(bundle["text/html"])).ToJsonString();
        // The chart thins the training to some hundred steps, so its last one is near the end.
        Assert.InRange(seen[^1].LastStep, 29_500, 30_000);
        Assert.Contains(seen[^1].LastStep.ToString(CultureInfo.InvariantCulture), saved);
    }

    [SkippableFact]
    public async Task AnInterruptedTrainingLeavesItsChartAndTheKernelGoesOnAndRestarts()
    {
        Write("interrupted.ipynb", Course.Setup, Live(steps: 100_000_000), "int after = 40;\nafter + 2");
        await using Page page = await OpenAsync("interrupted.ipynb");
        await page.RunAllAsync(wait: false);
        await page.FiguresAsync(1);
        await page.InterruptAsync();
        await page.TextAsync("Interrupted: The training was stopped before step");
        await page.FiguresAsync(1);
        await page.KeepAsync("interrupted");
        await page.RunCellAsync(2);
        await page.TextAsync("42");
        await page.EvaluateAsync("Jupyter.notebook.get_cell(1).set_text('1 + 2')");
        await page.RestartAndRunAllAsync();
        await page.TextAsync("42");
        Assert.Equal(0, await page.Browser.Locator(".output_stderr, .output_error").CountAsync());
        Assert.Equal("[3]:", (await page.Browser.Locator(".input_prompt").Last.InnerTextAsync()).Trim()[^4..]);
    }

    [SkippableFact]
    public async Task ClosingThePageHarmsNothing()
    {
        Write("closed.ipynb", Course.Setup, Live(steps: 30_000) + "\nConsole.WriteLine($\"{run.Steps.Count} steps\");");
        await using (Page page = await OpenAsync("closed.ipynb"))
        {
            await page.RunAllAsync(wait: false);
            await page.FiguresAsync(1);
        }
        await using Page again = await OpenAsync("closed.ipynb");
        await again.EvaluateAsync("Jupyter.notebook.get_cell(1).set_text('run.Steps.Count')");
        await again.RunCellAsync(1);
        await again.TextAsync("30000");
    }

    [SkippableFact]
    public async Task AReaderMovesAFigureThatTheKernelComputes()
    {
        Write(
            "moved.ipynb",
            Course.Setup,
            "Charts.DepthDial([1, 1.2, 1.4, 1.6], [Activation.ReLU, Activation.Tanh], [25, 50], depth: 20)"
        );
        await using Page page = await OpenAsync("moved.ipynb");
        await page.RunAllAsync();
        ILocator dial = page.Browser.Locator(".notebook-figure");
        await dial.GetByText("Compute it live").ClickAsync();
        ILocator controls = dial.Locator(".live-controls");
        await Assertions.Expect(controls).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Assertions.Expect(dial.Locator(".live-state")).ToHaveTextAsync("live");
        await controls.GetByLabel("50", new() { Exact = true }).CheckAsync();
        await controls.GetByLabel("weight scale s").FocusAsync();
        await page.Browser.Keyboard.PressAsync("End");
        JsonObject asked = Charts
            .DepthDial([1, 1.2, 1.4, 1.6], [Activation.ReLU, Activation.Tanh], [25, 50], depth: 20)
            .Json["live"]!["given"]!
            .DeepClone()
            .AsObject();
        (asked["activation"], asked["width"]) = ("ReLU", 50);
        async Task ShowsAsync(double s)
        {
            asked["s"] = s;
            JsonObject computed = LiveFigures.Answer("depth-dial", asked.ToJsonString());
            await Assertions
                .Expect(controls.Locator(".notebook-reading"))
                .ToHaveTextAsync($"{computed["reading"]}", new() { Timeout = 60_000 });
        }
        await ShowsAsync(2);
        await page.KeepAsync("moved");

        // What the first kernel had opened, the second does not know.
        await page.RestartAndRunAllAsync();
        await controls.GetByLabel("weight scale s").FocusAsync();
        await page.Browser.Keyboard.PressAsync("ArrowLeft");
        await ShowsAsync(1.99);
        Assert.Empty(page.OtherHosts);
    }

    private static string Live(int steps) =>
        "var run = Live.Train(Network.Create([64, 100, 10], Activation.ReLU, Initializer.HeNormal, 1), Datasets.Digits(),\n"
        + $"    new() {{ Steps = {steps}, BatchSize = 64, LearningRate = 0.01, Threads = 1 }});";

    private static JsonObject[] Cells(string path) =>
        [
            .. JsonNode.Parse(File.ReadAllText(path))!["cells"]!
                .AsArray()
                .Select(cell => cell!.AsObject())
                .Where(Course.IsCode),
        ];

    /// <summary>The type of each output, its kinds of text, and what its HTML is: a figure, a live one, a card, a table.</summary>
    private static HashSet<string> Kinds(IEnumerable<string> notebooks) =>
        [
            .. from notebook in notebooks
            from cell in Course.Cells(notebook)
            where Course.IsCode(cell)
            from output in cell["outputs"]!.AsArray()
            let data = output["data"] as JsonObject ?? []
            let html = data["text/html"] is { } text ? Course.Joined(text) : ""
            let element = Regex.Match(html, "^<[a-z]+ (?:id=\"([a-z]+)|class=\"([^\"]+))").Groups
            select $"{output["output_type"]} {output["name"]} {string.Join(' ', data.Select(kind => kind.Key))} "
                + $"{element[1]}{element[2]}",
        ];

    /// <summary>What a cell showed, less the still pictures, which only the runner makes.</summary>
    private static string Outputs(JsonObject cell)
    {
        JsonNode outputs = cell["outputs"]!.DeepClone();
        foreach (JsonNode? output in outputs.AsArray())
        {
            output!.AsObject().Remove("execution_count");
            output.AsObject().Remove("metadata");
            foreach (string part in new[] { "text", "data" })
                if (part == "data" && output["data"] is JsonObject data)
                    foreach ((string kind, JsonNode? _) in data.ToArray())
                    {
                        if (kind == "image/png")
                            data.Remove(kind);
                        else
                            data[kind] = Course.WithoutPicture(Course.Joined(data[kind]));
                    }
                else if (part == "text" && output["text"] is { } text)
                    output["text"] = Course.Joined(text);
        }
        return outputs.ToJsonString();
    }

    private void Write(string name, params string[] cells)
    {
        if (!Directory.Exists(jupyter.Folder))
            return;
        File.WriteAllText(Path.Combine(jupyter.Folder, name), Course.Notebook(cells));
    }

    private async Task<Page> OpenAsync(string notebook)
    {
        JupyterServer.Needs("notebook");
        Reader reader = await Reader.StartAsync();
        await jupyter.StartAsync();
        var page = new Page(reader, await reader.OpenUrlAsync($"{jupyter.Address}/notebooks/notebooks/{notebook}"));
        await page.ReadyAsync();
        return page;
    }

    /// <summary>A live chart as it was seen: on which element, and up to which step of the training.</summary>
    private sealed class Sighting
    {
        public int Element { get; set; }

        public double LastStep { get; set; }
    }

    /// <summary>What a student does with the classic Jupyter Notebook.</summary>
    private sealed class Page(Reader reader, IPage browser) : IAsyncDisposable
    {
        private const string Graph = ".output .notebook-figure .js-plotly-plot";

        public IPage Browser => browser;

        public IEnumerable<string> OtherHosts =>
            reader
                .Complaints.Where(c => c.StartsWith("asked for http", StringComparison.Ordinal))
                .Where(c => !c.Contains("127.0.0.1", StringComparison.Ordinal));

        /// <summary>Waits until the kernel is there and idle.</summary>
        public async Task ReadyAsync()
        {
            await browser.WaitForFunctionAsync(
                "window.Jupyter?.notebook?.kernel?.is_connected() && Jupyter.notebook.kernel.info_reply.status === 'ok' "
                    + "&& document.querySelector('.kernel_idle_icon')"
            );
        }

        public Task ClearAsync() => EvaluateAsync("Jupyter.notebook.clear_all_output()");

        public async Task RunAllAsync(bool wait = true)
        {
            await browser.Locator("#celllink").ClickAsync();
            await browser.Locator("#run_all_cells a").ClickAsync();
            if (wait)
                await IdleAsync();
        }

        public async Task RunCellAsync(int index)
        {
            await EvaluateAsync($"Jupyter.notebook.execute_cells([{index}])");
            await IdleAsync();
        }

        public Task InterruptAsync() =>
            browser.Locator("button[data-jupyter-action='jupyter-notebook:interrupt-kernel']").ClickAsync();

        public async Task RestartAndRunAllAsync()
        {
            await ClearAsync();
            await browser.Locator("#kernellink").ClickAsync();
            await browser.Locator("#restart_run_all a").ClickAsync();
            await browser.Locator(".modal-dialog .btn-danger").ClickAsync();
            await browser.WaitForFunctionAsync(
                "Jupyter.notebook.get_cells().every(cell => cell.input_prompt_number > 0)"
            );
            await IdleAsync();
        }

        public async Task SaveAsync()
        {
            await browser.Keyboard.PressAsync("Control+S");
            await browser.WaitForFunctionAsync("!Jupyter.notebook.dirty");
        }

        public async Task FiguresAsync(int count)
        {
            await browser.WaitForFunctionAsync(
                $"document.querySelectorAll('{Graph}').length === {count} && !document.querySelector('.notebook-figure > img')"
            );
        }

        public Task TextAsync(string text) => browser.Locator(".output", new() { HasText = text }).First.WaitForAsync();

        public Task EvaluateAsync(string script) => browser.EvaluateAsync(script);

        /// <summary>Looks at the live chart in each frame of the browser until the kernel is idle again.</summary>
        public Task<Sighting[]> WatchAsync() =>
            browser.EvaluateAsync<Sighting[]>(
                $$"""
                new Promise(resolve => {
                  const seen = [], elements = [];
                  let quiet;
                  function look() {
                    const graph = document.querySelector("{{Graph}}");
                    if (graph?.data) {
                      if (!elements.includes(graph)) elements.push(graph);
                      const last = Math.max(...graph.data.filter(trace => trace.x?.length).map(trace => trace.x.at(-1)));
                      if (last !== seen.at(-1)?.LastStep) {
                        seen.push({ Element: elements.indexOf(graph), LastStep: last });
                        quiet = undefined;
                      }
                    }
                    // The last states may be drawn some time after the cell has ended.
                    const isDone = seen.length && !Jupyter.notebook.get_cells().some(cell => cell.input_prompt_number === "*");
                    if (isDone) quiet ??= performance.now();
                    isDone && performance.now() - quiet > 5000 ? resolve(seen) : requestAnimationFrame(look);
                  }
                  look();
                })
                """
            );

        /// <summary>A screenshot to look at, where NOTEBOOKS_JUPYTER_SHOTS names a folder.</summary>
        public async Task KeepAsync(string name)
        {
            if (Environment.GetEnvironmentVariable("NOTEBOOKS_JUPYTER_SHOTS") is { } folder)
                await browser.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png") });
        }

        public ValueTask DisposeAsync() => reader.DisposeAsync();

        private Task IdleAsync() =>
            browser.WaitForFunctionAsync(
                "!Jupyter.notebook.get_cells().some(cell => cell.input_prompt_number === '*') "
                    + "&& document.querySelector('.kernel_idle_icon')",
                null,
                // A whole lesson may have run, on a machine that other tests use too.
                new() { Timeout = 180_000 }
            );
    }
}
