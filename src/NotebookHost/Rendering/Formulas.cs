using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Jint;
using Jint.Native;
using NotebookHost.Execution;
using NotebookSupport;

namespace NotebookHost.Rendering;

/// <summary>
/// Typesets formulas as KaTeX does, so that a page shows them without a script: HTML for the eye, MathML for those who
/// listen. Equal formulas are typeset once.
/// </summary>
internal static class Formulas
{
    private const string Typeset =
        "(tex, displayMode) => katex.renderToString(tex, { displayMode, throwOnError: false, strict: false })";

    /// <summary>Beyond any formula that is read; the engine takes its time over long texts.</summary>
    private const int LongestTex = 20_000;

    /// <summary>KaTeX calls itself once per level of braces; what is nested deeper is shown as it was written.</summary>
    private const int MostCalls = 2_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly ConcurrentDictionary<(string Tex, bool IsDisplayed), Html> Known = new();
    private static readonly Lazy<Prepared<Acornima.Ast.Script>> KaTeX = new(() => Engine.PrepareScript(Source()));

    private static readonly Lazy<string> Version = new(() =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Source() + Typeset)))
    );

    private static readonly JsonSerializerOptions Format = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>What earlier runs typeset, whether it is needed now or not.</summary>
    private static readonly ConcurrentDictionary<(string Tex, bool IsDisplayed), Html> Earlier = new();

    /// <summary>Engines that no thread uses now.</summary>
    private static readonly ConcurrentBag<KaTeXEngine> Idle = [];

    /// <summary>A formula in a line of text or, where it is displayed, on lines of its own.</summary>
    /// <param name="tex">TeX without delimiters. Where it has an error, it is shown as it was written, with the error.</param>
    /// <param name="isDisplayed">Whether it stands alone.</param>
    public static Html Of(string tex, bool isDisplayed) =>
        Known.GetOrAdd(
            (tex.Trim(), isDisplayed),
            formula => Earlier.TryGetValue(formula, out Html html) ? html : Render(formula)
        );

    /// <summary>
    /// Takes over what an earlier run typeset, which costs seconds; a file that is broken, or that another KaTeX made, is not
    /// heeded.
    /// </summary>
    public static void Load(string path)
    {
        try
        {
            if (!File.Exists(path) || JsonSerializer.Deserialize<Kept>(File.ReadAllBytes(path)) is not { } kept)
                return;
            if (kept.KaTeX == Version.Value)
                foreach (KeptFormula formula in kept.Formulas)
                    Earlier[(formula.Tex, formula.IsDisplayed)] = Html.Trusted(formula.Html);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            // All formulas are typeset anew.
        }
    }

    /// <summary>All formulas that this run needed, for <see cref="Load"/>.</summary>
    public static byte[] Saved() =>
        JsonSerializer.SerializeToUtf8Bytes(
            new Kept(
                Version.Value,
                [
                    .. Known
                        .Select(one => new KeptFormula(one.Key.Tex, one.Key.IsDisplayed, one.Value.ToString()))
                        .OrderBy(one => one.Tex, StringComparer.Ordinal)
                        .ThenBy(one => one.IsDisplayed),
                ]
            ),
            Format
        );

    /// <summary>A formula as MathML alone, which a browser typesets by itself: for a list of many, which is to be short.</summary>
    public static Html MathML(string tex)
    {
        Html whole = Known.TryGetValue((tex, true), out Html displayed) ? displayed : Of(tex, isDisplayed: false);
        using IHtmlDocument document = new HtmlParser().ParseDocument($"<body>{whole}");
        if (document.QuerySelector("math") is not { } math)
            return Html.Of($"{tex}");
        math.QuerySelector("annotation")?.Remove();
        math.RemoveAttribute("display");
        return Html.Trusted(math.OuterHtml);
    }

    private static Html Render((string Tex, bool IsDisplayed) formula)
    {
        if (formula.Tex.Length > LongestTex)
            return AsWritten(formula.Tex, $"Expected at most {LongestTex} characters of TeX.");
        KaTeXEngine engine = Idle.TryTake(out KaTeXEngine? idle) ? idle : new KaTeXEngine();
        try
        {
            Html html = DeepStack
                .RunAsync(() => engine.Render(formula.Tex, formula.IsDisplayed))
                .GetAwaiter()
                .GetResult();
            Idle.Add(engine);
            return html;
        }
        catch (Exception error) when (error is JintException or TimeoutException)
        {
            // The engine may have stopped in the middle of something: the next formula gets another one.
            return AsWritten(formula.Tex, error.Message);
        }
    }

    private static Html AsWritten(string tex, string reason) =>
        Html.Of($"<span class=\"katex-error\" title=\"{reason}\">{tex}</span>");

    private static string Source()
    {
        using var reader = new StreamReader(typeof(Formulas).Assembly.GetManifestResourceStream("katex.min.js")!);
        return reader.ReadToEnd();
    }

    private sealed record Kept(string KaTeX, IReadOnlyList<KeptFormula> Formulas);

    private sealed record KeptFormula(string Tex, bool IsDisplayed, string Html);

    /// <summary>A JavaScript engine with KaTeX in it, for one thread at a time.</summary>
    private sealed class KaTeXEngine
    {
        private readonly Engine _engine = new(options => options.LimitRecursion(MostCalls).TimeoutInterval(Patience));
        private readonly JsValue _typeset;

        public KaTeXEngine()
        {
            _engine.Execute(KaTeX.Value);
            _typeset = _engine.Evaluate(Typeset);
        }

        public Html Render(string tex, bool isDisplayed) =>
            Html.Trusted(_engine.Invoke(_typeset, tex, isDisplayed).AsString());
    }
}
