using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using NotebookHost.Execution;
using NotebookHost.Notebooks;

namespace NotebookHost.Rendering;

/// <summary>
/// The still picture of each figure in a notebook, for viewers that run no script. It is in two places because viewers
/// differ: as image/png beside the HTML, and in the HTML itself, which most viewers prefer to an image beside it; there it
/// is in two widths. One of these draws for all notebooks of a run, in one browser, which starts with the first figure.
/// </summary>
internal sealed class Pictures : IDisposable
{
    /// <summary>Up to this width of a window, in pixels, the narrow picture is shown.</summary>
    public const int NarrowWindow = 551;

    /// <summary>What its page starts with. An about:blank has no doctype, and lays out as pages of old.</summary>
    private static string Page =>
        """document.write('<!DOCTYPE html><meta charset="utf-8"><body>'); document.close();"""
        + Encoding.UTF8.GetString(PlotlyJs.Script());

    /// <summary>Draws figures from their text; of one that cannot be drawn, and of those after it, it returns nothing.</summary>
    private static readonly string Draw = Resource("pictures.js")
        .Replace("FIGURE", $"({Resource("figure.js")})", StringComparison.Ordinal);

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _oneDraws = new(1);
    private Browser? _browser;

    /// <summary>
    /// Draws every figure of an executed notebook and puts its picture beside it; returns what prevented that in one
    /// sentence, or null. The notebook is then as it was.
    /// </summary>
    public async Task<string?> AddAsync(Notebook notebook, CancellationToken cancellation)
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
        IReadOnlyList<Drawn> pictures = await DrawAsync(
            browser,
            new JsonArray([
                .. figures.Select(f => new JsonArray(EmbeddedData.Figure(f.Slot)!, EmbeddedData.Height(f.Slot))),
            ]).ToJsonString(),
            cancellation
        );
        if (pictures.Count != figures.Length)
            return $"no picture beside {figures.Length} figures: {browser} drew {pictures.Count} of them.";
        foreach (((JsonObject bundle, IHtmlDocument html, IElement slot), Drawn drawn) in figures.Zip(pictures))
        {
            IElement picture = html.CreateElement("picture");
            IElement narrow = Image("source", drawn.Narrow);
            narrow.SetAttribute("media", $"(max-width: {NarrowWindow.ToString(CultureInfo.InvariantCulture)}px)");
            IElement wide = Image("img", drawn.Wide);
            wide.SetAttribute("alt", "");
            picture.Append(narrow, wide);
            slot.AppendChild(picture);
            bundle["text/html"] = CodeCell.Lines(html.Body!.InnerHtml);
            // Jupyter writes the kinds in the order of their names.
            bundle.Remove("image/png");
            bundle.Insert(0, "image/png", drawn.Plain.Png);

            IElement Image(string name, Still still)
            {
                IElement image = html.CreateElement(name);
                image.SetAttribute(name == "img" ? "src" : "srcset", $"data:image/png;base64,{still.Png}");
                image.SetAttribute("width", still.Width.ToString(CultureInfo.InvariantCulture));
                image.SetAttribute("height", still.Height.ToString(CultureInfo.InvariantCulture));
                return image;
            }
        }
        return null;
    }

    public void Dispose() => End();

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

    /// <summary>The pictures of the first figures, up to one that cannot be drawn.</summary>
    private async Task<IReadOnlyList<Drawn>> DrawAsync(string program, string figures, CancellationToken cancellation)
    {
        await _oneDraws.WaitAsync(cancellation);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            if (_browser is null or { HasEnded: true })
            {
                End();
                _browser = await Browser.StartAsync(program, Page, patience.Token);
            }
            JsonNode? drawn = await _browser.CallAsync(Draw, figures, patience.Token);
            return
            [
                .. (drawn.Deserialize<IReadOnlyList<Drawn>>(Web) ?? []).Select(one => new Drawn(
                    one.Wide.Packed(),
                    one.Narrow.Packed(),
                    one.Plain.Packed()
                )),
            ];
        }
        catch (IOException)
        {
            return [];
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // It hangs: the next notebook gets another.
            End();
            return [];
        }
        finally
        {
            _oneDraws.Release();
        }
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(Pictures).Assembly.GetManifestResourceStream(name)!;
        return new StreamReader(stream).ReadToEnd().TrimEnd();
    }

    private void End()
    {
        _browser?.Dispose();
        _browser = null;
    }

    /// <summary>A picture as PNG in base64, and the size at which it is shown, in pixels.</summary>
    private sealed record Still(string Png, int Width, int Height)
    {
        public Still Packed() => this with { Png = PngFile.Packed(Png) };
    }

    /// <summary>The pictures of a figure: on a desk, on a phone, and of one point for each pixel.</summary>
    private sealed record Drawn(Still Wide, Still Narrow, Still Plain);
}
