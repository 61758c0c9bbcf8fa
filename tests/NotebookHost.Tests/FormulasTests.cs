using System.Text;
using NotebookHost.Rendering;

namespace NotebookHost.Tests;

/// <summary>Formulas as HTML and MathML, without a browser.</summary>
public class FormulasTests
{
    [Fact]
    public void AFormulaIsThereForTheEyeAndForTheEar()
    {
        string html = Formulas.Of(@"\frac{2}{n}", isDisplayed: false).ToString();
        Assert.StartsWith("<span class=\"katex\"><span class=\"katex-mathml\"><math", html, StringComparison.Ordinal);
        Assert.Contains("<mfrac><mn>2</mn><mi>n</mi></mfrac>", html);
        Assert.Contains("<span class=\"katex-html\" aria-hidden=\"true\">", html);
        Assert.StartsWith(
            "<span class=\"katex-display\">",
            Formulas.Of(@"\frac{2}{n}", isDisplayed: true).ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void TeXWithAnErrorIsShownAsItWasWritten()
    {
        string html = Formulas.Of(@"\frac{<b>", isDisplayed: false).ToString();
        Assert.Contains("class=\"katex-error\"", html);
        Assert.Contains("ParseError", html);
        Assert.Contains(@"\frac{&lt;b&gt;", html);
        Assert.DoesNotContain("<b>", html);
    }

    [Theory]
    [InlineData("{", "}")]
    [InlineData(@"\frac{1}{", "}")]
    [InlineData(@"\left(", @"\right)")]
    [InlineData(@"\sqrt{", "}")]
    public void TeXThatIsNestedTooDeepIsShownAsItWasWrittenAndTheNextFormulaIsTypeset(string open, string close)
    {
        string tex = string.Concat(Enumerable.Repeat(open, 1500)) + "x" + string.Concat(Enumerable.Repeat(close, 1500));
        Assert.Contains("katex", Formulas.Of(tex, isDisplayed: true).ToString());
        Assert.Contains("<mi>y</mi>", Formulas.Of("y", isDisplayed: false).ToString());
    }

    [Theory]
    [InlineData(@"\href{javascript:alert(1)}{x}")]
    [InlineData(@"\includegraphics{https://example.org/x.png}")]
    [InlineData(@"\htmlData{x=y}{z}")]
    [InlineData(@"\def\x{\x\x}\x")]
    public void TeXThatDoesMoreThanTypesetIsRefused(string tex)
    {
        string html = Formulas.Of(tex, isDisplayed: false).ToString();
        Assert.DoesNotContain("<a ", html);
        Assert.DoesNotContain("<img", html);
        Assert.DoesNotContain("data-", html);
        Assert.Contains("katex", html);
    }

    [Fact]
    public void EqualFormulasFromManyThreadsAreOne()
    {
        string[] all =
        [
            .. Enumerable.Range(0, 64).AsParallel().Select(i => Formulas.Of($"a_{i % 4}", false).ToString()),
        ];
        Assert.Equal(4, all.Distinct().Count());
        Assert.All(all, html => Assert.Contains("<msub>", html));
    }

    [Fact]
    public void WhatAnEarlierRunTypesetIsNotTypesetAgain()
    {
        string file = Path.GetTempFileName();
        try
        {
            Formulas.Of("k_1", isDisplayed: false);
            string saved = Encoding.UTF8.GetString(Formulas.Saved());
            Assert.Contains("k_1", saved);
            // The same file for other formulas, which only the file can know in this way.
            File.WriteAllText(file, saved.Replace("k_1", "k_2").Replace("katex-mathml", "from-the-file"));
            Formulas.Load(file);
            Assert.Contains("from-the-file", Formulas.Of("k_2", isDisplayed: false).ToString());
            File.WriteAllText(file, saved.Replace("k_1", "k_3").Replace("{\"KaTeX\":\"", "{\"KaTeX\":\"0"));
            Formulas.Load(file);
            File.WriteAllText(file, saved[..^9].Replace("k_1", "k_3"));
            Formulas.Load(file);
            Assert.Contains("katex-mathml", Formulas.Of("k_3", isDisplayed: false).ToString());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void InAListAFormulaIsMathMLAlone()
    {
        string list = Formulas.MathML("x^2").ToString();
        Assert.StartsWith("<math", list, StringComparison.Ordinal);
        Assert.Contains("<msup>", list);
        Assert.DoesNotContain("annotation", list);
        Assert.DoesNotContain("katex-html", list);
    }
}
