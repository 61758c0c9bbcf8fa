using Microsoft.Playwright;

namespace NotebookHost.Tests;

/// <summary>A reader of pages, who notes what they complain of and which hosts they ask.</summary>
internal sealed class Reader : IAsyncDisposable
{
    /// <summary>Every figure drawn, as if a reader had turned to each.</summary>
    public const string DrawAll = """
        async () => {
          const results = document.querySelector(".predictions button");
          if (results?.textContent.startsWith("Show")) results.click();
          // The first page draws its own.
          const figures = [...document.querySelectorAll(".notebook-figure:not(.hero .notebook-figure)")];
          const end = performance.now() + 60_000;
          const until = async (part) => {
            while (figures.some(figure => !figure.querySelector(part))) {
              if (performance.now() > end) throw new Error(`A figure has no ${part}.`);
              await new Promise(resolve => setTimeout(resolve, 20));
            }
          };
          await until(".notebook-view");
          figures.forEach(figure => figure.click());
          await until(".is-live");
        }
        """;

    private const string Chromium = "/usr/bin/chromium";

    /// <summary>One for all tests of the process, with which it ends; each page has its own cookies and settings.</summary>
    private static readonly Lazy<Task<IBrowser>> Browser = new(() => Task.Run(LaunchAsync));

    private readonly IBrowser _browser;
    private readonly List<IPage> _pages = [];

    private Reader(IBrowser browser) => _browser = browser;

    /// <summary>Errors, warnings and requests to other hosts of all pages so far.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Skips the test where there is no browser.</summary>
    public static async Task<Reader> StartAsync()
    {
        Skip.IfNot(File.Exists(Chromium), $"There is no browser at {Chromium}.");
        return new Reader(await Browser.Value);
    }

    private static async Task<IBrowser> LaunchAsync()
    {
        IPlaywright playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = Chromium,
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                ],
            }
        );
    }

    public Task<IPage> OpenAsync(
        string file,
        ColorScheme theme = ColorScheme.Light,
        int width = 1280,
        bool scripts = true,
        bool touch = false
    ) => OpenUrlAsync(new Uri(file).AbsoluteUri, theme, width, scripts, touch);

    public async Task<IPage> OpenUrlAsync(
        string url,
        ColorScheme theme = ColorScheme.Light,
        int width = 1280,
        bool scripts = true,
        bool touch = false
    )
    {
        IPage page = await _browser.NewPageAsync(
            new()
            {
                ColorScheme = theme,
                JavaScriptEnabled = scripts,
                HasTouch = touch,
                ReducedMotion = ReducedMotion.Reduce,
                ViewportSize = new() { Width = width, Height = 800 },
            }
        );
        _pages.Add(page);
        page.SetDefaultTimeout(30_000);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !IsAboutSpeed(message.Text))
                Complaints.Add(message.Text);
        };
        page.PageError += (_, error) => Complaints.Add(error);
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Scheme is not ("file" or "data"))
                Complaints.Add("asked for " + request.Url);
        };
        await page.GotoAsync(url);
        return page;
    }

    /// <summary>What the browser says of its own drawing in software, where there is no graphics card.</summary>
    private static bool IsAboutSpeed(string warning) =>
        warning.Contains("GL Driver Message (OpenGL, Performance", StringComparison.Ordinal)
        || warning.StartsWith("Canvas2D: Multiple readback", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        foreach (IPage page in _pages)
            await page.CloseAsync();
    }
}
