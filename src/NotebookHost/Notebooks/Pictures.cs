using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotebookHost.Site;

namespace NotebookHost.Notebooks;

/// <summary>
/// The still picture of each figure in a notebook, for viewers that run no script. It is in two places because viewers
/// differ: as image/png beside the HTML, and in the HTML itself, which most viewers prefer to an image beside it.
/// </summary>
internal static partial class Pictures
{
    private const int Width = 760;

    /// <summary>A browser that ends with whoever started it: its input is closed when that process dies.</summary>
    private const string Guarded = """
        exec 3<&0
        "$0" "$@" </dev/null 3<&- &
        browser=$!
        { while read -r _ <&3; do :; done; kill -9 $browser; } >/dev/null 2>&1 &
        wait $browser
        kill $!
        """;

    private static readonly string[] Browsers =
    [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "chrome",
        "msedge",
        "microsoft-edge",
    ];

    /// <summary>The first browser of the Chromium family on the PATH; null where there is none.</summary>
    public static string? Browser { get; } =
        (
            from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            from name in Browsers
            from ending in OperatingSystem.IsWindows() ? new[] { ".exe" } : [""]
            select Path.Combine(folder, name + ending)
        ).FirstOrDefault(File.Exists);

    /// <summary>
    /// Draws every figure of an executed notebook in a headless browser and puts its picture beside it; returns what
    /// prevented that in one sentence, or null. The notebook is then as it was.
    /// </summary>
    public static async Task<string?> AddAsync(Notebook notebook, CancellationToken cancellation)
    {
        (JsonObject Data, JsonArray Call)[] figures = [.. Figures(notebook)];
        if (figures.Length == 0)
            return null;
        if (Browser is null)
            return $"no picture beside {figures.Length} figures: no Chromium, Chrome or Edge on the PATH.";
        string drawn;
        using (var folder = new TemporaryFolder("notebook-pictures-"))
            drawn = await DrawAsync(
                folder.Path,
                new JsonArray([.. figures.Select(f => f.Call.DeepClone())]),
                cancellation
            );
        MatchCollection pictures = Picture().Matches(drawn);
        if (pictures.Count != figures.Length)
            return $"no picture beside {figures.Length} figures: {Browser} drew {pictures.Count} of them.";
        foreach (((JsonObject data, _), Match picture) in figures.Zip(pictures))
        {
            string html = CodeCell.Text(data["text/html"]);
            data["text/html"] = CodeCell.Lines(
                Slot()
                    .Replace(
                        html,
                        $"$1<img alt=\"\" src=\"data:image/webp;base64,{picture.Groups["webp"].Value}\"></div>",
                        1
                    )
            );
            // Jupyter writes the kinds in the order of their names.
            data.Remove("image/png");
            data.Insert(0, "image/png", picture.Groups["png"].Value);
        }
        return null;
    }

    /// <summary>A copy of a notebook whose figures have no picture.</summary>
    public static Notebook Without(Notebook notebook)
    {
        Notebook copy = notebook.Copy();
        foreach (JsonObject data in Bundles(copy))
        {
            data["text/html"] = CodeCell.Lines(Still().Replace(CodeCell.Text(data["text/html"]), "$1</div>"));
            data.Remove("image/png");
        }
        return copy;
    }

    private static IEnumerable<(JsonObject Data, JsonArray Call)> Figures(Notebook notebook)
    {
        foreach (JsonObject data in Bundles(notebook))
        {
            string html = CodeCell.Text(data["text/html"]);
            if (OutputHtml.Call(html) is not { } call)
                continue;
            yield return (data, new JsonArray(call[1]!.DeepClone(), SiteFigure.Height(html)));
        }
    }

    private static IEnumerable<JsonObject> Bundles(Notebook notebook) =>
        notebook
            .CodeCells.SelectMany(cell => cell.Json["outputs"] as JsonArray ?? [])
            .Select(output => output?["data"])
            .OfType<JsonObject>()
            .Where(data =>
                Slot().IsMatch(CodeCell.Text(data["text/html"])) || Still().IsMatch(CodeCell.Text(data["text/html"]))
            );

    private static async Task<string> DrawAsync(string folder, JsonArray calls, CancellationToken cancellation)
    {
        File.WriteAllBytes(Path.Combine(folder, "plotly.min.js"), Plotly.Script());
        string page = Path.Combine(folder, "page.html");
        string data = calls.ToJsonString().Replace("<", "\\u003c", StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            page,
            $$"""
            <!DOCTYPE html><meta charset="utf-8"><body><script src="plotly.min.js"></script><script>
            (async () => {
              for (const [{ data, layout, frames }, height] of {{data}}) {
                const paper = { ...layout, paper_bgcolor: "#fff", plot_bgcolor: "#fff" };
                const draw = (format) => Plotly.toImage({ data, layout: paper, frames }, { format, width: {{Width}}, height, scale: 1 });
                const shown = document.createElement("pre");
                shown.textContent = (await draw("webp")) + " " + (await draw("png"));
                document.body.append(shown);
              }
            })();
            </script>
            """,
            cancellation
        );
        string[] start = OperatingSystem.IsWindows() ? [Browser!] : ["/bin/sh", "-c", Guarded, Browser!];
        using Process browser = Process.Start(
            new ProcessStartInfo(
                start[0],
                [
                    .. start[1..],
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--enable-unsafe-swiftshader",
                    "--no-first-run",
                    "--disable-background-networking",
                    $"--user-data-dir={Path.Combine(folder, "profile")}",
                    "--virtual-time-budget=60000",
                    "--dump-dom",
                    new Uri(page).AbsoluteUri,
                ]
            )
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        try
        {
            Task<string> complaints = browser.StandardError.ReadToEndAsync(patience.Token);
            string shown = await browser.StandardOutput.ReadToEndAsync(patience.Token);
            await complaints;
            await browser.WaitForExitAsync(patience.Token);
            return shown;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return "";
        }
        finally
        {
            if (!browser.HasExited)
            {
                browser.Kill(entireProcessTree: true);
                await browser.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    [GeneratedRegex("data:image/webp;base64,(?<webp>[A-Za-z0-9+/=]+) data:image/png;base64,(?<png>[A-Za-z0-9+/=]+)")]
    private static partial Regex Picture();

    [GeneratedRegex("(<div [^>]*class=\"notebook-figure\"[^>]*>)</div>")]
    private static partial Regex Slot();

    [GeneratedRegex("(<div [^>]*class=\"notebook-figure\"[^>]*>)<img [^>]*></div>")]
    private static partial Regex Still();
}
