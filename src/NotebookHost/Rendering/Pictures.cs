using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using NotebookHost.Execution;
using NotebookHost.Notebooks;

namespace NotebookHost.Rendering;

/// <summary>
/// The still picture of each figure in a notebook, for viewers that run no script. It is in two places because viewers
/// differ: as image/png beside the HTML, and in the HTML itself, which most viewers prefer to an image beside it.
/// </summary>
internal static class Pictures
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

    /// <summary>
    /// Draws every figure of an executed notebook in a headless browser and puts its picture beside it; returns what
    /// prevented that in one sentence, or null. The notebook is then as it was.
    /// </summary>
    public static async Task<string?> AddAsync(Notebook notebook, CancellationToken cancellation)
    {
        (JsonObject Bundle, IHtmlDocument Html, IElement Slot)[] figures =
        [
            .. Bundles(notebook)
                .Select(bundle => (Bundle: bundle, Html: EmbeddedData.Parse(CodeCell.Text(bundle["text/html"]))))
                .Where(one => one.Html is not null)
                .Select(one => (one.Bundle, one.Html!, Slot: Slots(one.Html!).FirstOrDefault()!))
                .Where(one => one.Slot is not null),
        ];
        if (figures.Length == 0)
            return null;
        if (Programs.Here.Browser is not { } browser)
            return $"no picture beside {figures.Length} figures: no Chromium, Chrome or Edge was found.";
        IReadOnlyList<(string WebP, string Png)> pictures;
        using (var folder = new TemporaryFolder("notebook-pictures-"))
            pictures = await DrawAsync(
                browser,
                folder.Path,
                [.. figures.Select(f => new JsonArray(EmbeddedData.Figure(f.Slot)!, EmbeddedData.Height(f.Slot)))],
                cancellation
            );
        if (pictures.Count != figures.Length)
            return $"no picture beside {figures.Length} figures: {browser} drew {pictures.Count} of them.";
        foreach (
            ((JsonObject bundle, IHtmlDocument html, IElement slot), (string webP, string png)) in figures.Zip(pictures)
        )
        {
            IElement image = html.CreateElement("img");
            image.SetAttribute("alt", "");
            image.SetAttribute("src", webP);
            slot.AppendChild(image);
            bundle["text/html"] = CodeCell.Lines(html.Body!.InnerHtml);
            // Jupyter writes the kinds in the order of their names.
            bundle.Remove("image/png");
            bundle.Insert(0, "image/png", png[(png.IndexOf(',', StringComparison.Ordinal) + 1)..]);
        }
        return null;
    }

    /// <summary>A copy of a notebook whose figures have no picture, and their HTML as a parser writes it.</summary>
    public static Notebook Without(Notebook notebook)
    {
        Notebook copy = notebook.Copy();
        foreach (JsonObject bundle in Bundles(copy))
        {
            if (EmbeddedData.Parse(CodeCell.Text(bundle["text/html"])) is not { } html)
                continue;
            IElement[] slots = [.. Slots(html)];
            if (slots.Length == 0)
                continue;
            foreach (IElement slot in slots)
                slot.InnerHtml = "";
            bundle["text/html"] = CodeCell.Lines(html.Body!.InnerHtml);
            bundle.Remove("image/png");
        }
        return copy;
    }

    private static IEnumerable<IElement> Slots(IHtmlDocument html) =>
        html.QuerySelectorAll(".notebook-figure").Where(slot => EmbeddedData.Figure(slot) is not null);

    private static IEnumerable<JsonObject> Bundles(Notebook notebook) =>
        notebook
            .CodeCells.SelectMany(cell => cell.Json["outputs"] as JsonArray ?? [])
            .Select(output => output?["data"])
            .OfType<JsonObject>()
            .Where(bundle => bundle.ContainsKey("text/html"));

    private static async Task<IReadOnlyList<(string WebP, string Png)>> DrawAsync(
        string browser,
        string folder,
        JsonArray calls,
        CancellationToken cancellation
    )
    {
        File.WriteAllBytes(Path.Combine(folder, "plotly.min.js"), PlotlyJs.Script());
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
                for (const format of ["webp", "png"]) {
                  const picture = document.createElement("img");
                  picture.src = await draw(format);
                  document.body.append(picture);
                }
              }
            })();
            </script>
            """,
            cancellation
        );
        string[] command = OperatingSystem.IsWindows() ? [browser] : ["/bin/sh", "-c", Guarded, browser];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        try
        {
            ProcessResult drawing = await ChildProcess.RunAsync(
                new ChildStart(
                    command[0],
                    [
                        .. command[1..],
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
                    KeepsInput = true,
                },
                patience.Token
            );
            string?[] drawn =
            [
                .. new HtmlParser().ParseDocument(drawing.Output).Images.Select(image => image.GetAttribute("src")),
            ];
            return
            [
                .. drawn
                    .Chunk(2)
                    .Where(pair => pair.Length == 2 && Array.TrueForAll(pair, one => one?.Length > "data:,".Length))
                    .Select(pair => (pair[0]!, pair[1]!)),
            ];
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return [];
        }
    }
}
