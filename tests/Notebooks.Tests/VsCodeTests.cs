using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Playwright;

namespace Notebooks.Tests;

/// <summary>
/// The committed notebooks in VS Code's own notebook editor, as code-server brings it into a browser. Opt-in: NOTEBOOKS_VSCODE=1,
/// and CODE_SERVER is the folder of the npm package; tests/README.md says how to install it.
/// </summary>
public sealed class VsCodeTests : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";
    private const string Plotly = "https://cdn.plot.ly/plotly-2.28.0.min.js";

    private readonly string _folder = Directory.CreateTempSubdirectory("vscode-").FullName;
    private readonly int _port = FreePort();
    private Process? _server;

    public static TheoryData<string, ColorScheme> Notebooks =>
        new() { { "01-symmetry.ipynb", ColorScheme.Light }, { "04-he-and-glorot.ipynb", ColorScheme.Dark } };

    /// <summary>With plotly.js from the network, here from the site's own copy, every figure is drawn and readable.</summary>
    [SkippableTheory]
    [MemberData(nameof(Notebooks))]
    public async Task EveryFigureIsDrawn(string notebook, ColorScheme theme)
    {
        StartServer();
        string site = Path.Combine(_folder, "site");
        Assert.Equal(0, Course.Host("site", Path.Combine("notebooks", notebook), "--no-run", "--output", site).Code);
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu"] }
        );
        IPage page = await browser.NewPageAsync(
            new()
            {
                ColorScheme = theme,
                ViewportSize = new() { Width = 1280, Height = 800 },
            }
        );
        await page.RouteAsync(
            Plotly,
            route => route.FulfillAsync(new() { Path = Path.Combine(site, "assets", "plotly", "plotly.min.js") })
        );

        IFrame outputs = await OpenAsync(page, notebook);
        int figures = Course
            .Cells(Path.Combine("notebooks", notebook))
            .Where(Course.IsCode)
            .Sum(cell => Course.Figures(cell).Count());
        await ScrollToTheEndAsync(page, outputs, figures);
        Assert.Equal(figures, await outputs.Locator(".notebook-figure .js-plotly-plot").CountAsync());
        Assert.Equal(0, await outputs.Locator(".notebook-figure img").CountAsync());
        await KeepAsync(page, $"{Path.GetFileNameWithoutExtension(notebook)}-{theme}.png");
        if (notebook.StartsWith("01", StringComparison.Ordinal))
            await PlaysAsync(outputs.Locator(".notebook-figure:has(.notebook-controls button)").First);
    }

    private static async Task PlaysAsync(ILocator replay)
    {
        ILocator step = replay.Locator(".notebook-controls output");
        string? last = await step.TextContentAsync();
        await replay.Locator(".notebook-controls button").DispatchEventAsync("click");
        var seen = new HashSet<string?>();
        await WaitUntilAsync(async () => seen.Add(await step.TextContentAsync()) && seen.Count >= 5);
        await WaitUntilAsync(async () => await step.TextContentAsync() == last);
    }

    /// <summary>Without a network the saved picture stays.</summary>
    [SkippableFact]
    public async Task WithoutPlotlyThePictureStays()
    {
        StartServer();
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu"] }
        );
        IPage page = await browser.NewPageAsync(
            new()
            {
                ViewportSize = new() { Width = 1280, Height = 800 },
            }
        );
        await page.RouteAsync(Plotly, route => route.AbortAsync());

        IFrame outputs = await OpenAsync(page, "01-symmetry.ipynb");
        await ScrollToTheEndAsync(page, outputs, 1);
        Assert.Equal(0, await outputs.Locator(".js-plotly-plot").CountAsync());
        Assert.True(
            await outputs.EvaluateAsync<bool>(
                "[...document.querySelectorAll('.notebook-figure > img')].some(image => image.naturalWidth > 100)"
            )
        );
        await KeepAsync(page, "offline.png");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            _server.Kill(entireProcessTree: true);
            await _server.WaitForExitAsync();
            _server.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    private void StartServer()
    {
        Skip.If(
            Environment.GetEnvironmentVariable("NOTEBOOKS_VSCODE") != "1",
            "NOTEBOOKS_VSCODE=1 and CODE_SERVER=folder of the npm package run this in VS Code."
        );
        string entry = Path.Combine(Environment.GetEnvironmentVariable("CODE_SERVER") ?? "", "out", "node", "entry.js");
        Skip.IfNot(File.Exists(entry), $"There is no code-server at {entry}: set CODE_SERVER.");
        Skip.IfNot(File.Exists(Chromium), $"There is no browser at {Chromium}.");
        Shell.NeedsCommand("node");
        string settings = Path.Combine(_folder, "User", "settings.json");
        Directory.CreateDirectory(Path.GetDirectoryName(settings)!);
        File.WriteAllText(
            settings,
            """{ "workbench.startupEditor": "none", "window.autoDetectColorScheme": true, "git.enabled": false }"""
        );
        _server = Process.Start(
            new ProcessStartInfo(
                "node",
                [
                    entry,
                    .. new[] { "--auth", "none", "--bind-addr", $"127.0.0.1:{_port}" },
                    .. new[] { "--user-data-dir", _folder, "--extensions-dir", Path.Combine(_folder, "extensions") },
                    .. new[] { "--config", Path.Combine(_folder, "config.yaml") },
                    .. new[] { "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust" },
                ]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        _server.OutputDataReceived += (_, _) => { };
        _server.ErrorDataReceived += (_, _) => { };
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();
    }

    /// <summary>Opens a notebook as a reader does, by its name; returns the frame that holds the outputs.</summary>
    private async Task<IFrame> OpenAsync(IPage page, string notebook)
    {
        page.SetDefaultTimeout(60_000);
        await WaitUntilAsync(async () =>
        {
            try
            {
                await page.GotoAsync($"http://127.0.0.1:{_port}/?folder={Uri.EscapeDataString(Course.Root)}");
                return true;
            }
            catch (PlaywrightException) when (!_server!.HasExited)
            {
                return false;
            }
        });
        await page.Locator(".explorer-folders-view").WaitForAsync();
        await page.Keyboard.PressAsync("Control+P");
        await page.Locator(".quick-input-widget input").First.WaitForAsync();
        await page.Keyboard.TypeAsync("notebooks/" + notebook);
        await page.Locator($".quick-input-list .monaco-list-row[aria-label*='{notebook}']").First.ClickAsync();
        await page.Locator(".notebookOverlay .cell-list-container").WaitForAsync();
        IFrame? outputs = null;
        await WaitUntilAsync(async () =>
        {
            foreach (IFrame frame in page.Frames)
                if (
                    await frame.Locator(".preview, .cell_container, .output").CountAsync() > 0
                    && frame != page.MainFrame
                )
                    outputs = frame;
            return outputs is not null;
        });
        return outputs!;
    }

    /// <summary>The editor makes the outputs as they come into view.</summary>
    private static async Task ScrollToTheEndAsync(IPage page, IFrame outputs, int figures)
    {
        await page.Mouse.MoveAsync(900, 500);
        await WaitUntilAsync(async () =>
        {
            await page.Mouse.WheelAsync(0, 600);
            return await outputs.Locator(".notebook-figure").CountAsync() >= figures;
        });
        await WaitUntilAsync(async () =>
            await outputs.Locator(".notebook-figure:not(:has(.main-svg, img))").CountAsync() == 0
        );
        await Task.Delay(1000);
    }

    private static async Task WaitUntilAsync(Func<Task<bool>> done)
    {
        for (var clock = Stopwatch.StartNew(); !await done(); await Task.Delay(200))
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "It took more than 60 seconds.");
    }

    /// <summary>A screenshot to look at, where NOTEBOOKS_VSCODE_SHOTS names a folder.</summary>
    private static async Task KeepAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("NOTEBOOKS_VSCODE_SHOTS") is { } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name) });
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
