using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using NotebookHost.Rendering;
using NotebookHost.Site;

namespace NotebookHost.Tests;

/// <summary>What a text says of the answer that a prediction takes.</summary>
public sealed class PredictionsTests
{
    [Fact]
    public void AListOfEmptyBracketsIsAChoice()
    {
        IHtmlDocument page = Page("**Predict:** how many?\n\n* ( ) one\n* ( ) *all* of them\n\nMore.");
        Assert.Equal("predict-1", page.QuerySelector("p.predict.callout")!.Id);
        Assert.Equal(
            ["one", "all of them"],
            page.QuerySelectorAll("p.predict + ul.choices > li").Select(item => item.TextContent.Trim())
        );
    }

    [Theory]
    [InlineData("**Predict:** how many?\n\n* ( ) one\n* two\n")]
    [InlineData("**Predict:** how many?\n\n* one\n* two\n")]
    [InlineData("How many?\n\n* ( ) one\n* ( ) two\n")]
    public void AnotherListStaysAsItIs(string markdown)
    {
        IHtmlDocument page = Page(markdown);
        Assert.Null(page.QuerySelector(".choices"));
        Assert.Equal(2, page.QuerySelectorAll("li").Length);
        Assert.EndsWith(markdown.Contains("( ) one") ? "( ) one" : "one", page.QuerySelector("li")!.TextContent.Trim());
    }

    [Fact]
    public void ABlankIsANumberAndKeepsItsUnit()
    {
        IElement paragraph = Page("**Predict:** what part? ____ %").QuerySelector("p.predict")!;
        Assert.Equal("____", paragraph.QuerySelector(".blank")!.TextContent);
        Assert.Equal("Predict: what part? ____ %", paragraph.TextContent);
    }

    [Theory]
    [InlineData("x: step 0 600\ny: loss 0.01 10 logarithmic", "step|0|600|linear", "loss|0.01|10|log")]
    [InlineData("y: part of layer 5 -1 1\nx: layer 1 5", "layer|1|5|linear", "part of layer 5|-1|1|linear")]
    public void ASketchNamesItsAxes(string text, string x, string y)
    {
        IElement sketch = Page($"**Predict:** how?\n\n```sketch\n{text}\n```").QuerySelector("p.predict + p.sketch")!;
        Assert.Equal(x, sketch.GetAttribute("data-x"));
        Assert.Equal(y, sketch.GetAttribute("data-y"));
    }

    [Theory]
    [InlineData("x: step 0 600")]
    [InlineData("x: step 0 600\nx: loss 0 1")]
    [InlineData("x: step from here\ny: loss 0 1")]
    public void ASketchWithoutTwoAxesIsCode(string text)
    {
        IHtmlDocument page = Page($"**Predict:** how?\n\n```sketch\n{text}\n```");
        Assert.Null(page.QuerySelector("p.sketch"));
        Assert.Equal(text, page.QuerySelector("pre code")!.TextContent);
    }

    [Fact]
    public void PredictionsAreCountedOverThePage()
    {
        var markdown = new MarkdownText(url => url, new CSharpHighlighter(Path.GetTempPath()));
        string both = $"{markdown.Of("**Predict:** one?")}{markdown.Of("**Predict:** two?")}";
        Assert.Contains("id=\"predict-1\"", both);
        Assert.Contains("id=\"predict-2\"", both);
    }

    private static IHtmlDocument Page(string markdown) =>
        new HtmlParser().ParseDocument(
            new MarkdownText(url => url, new CSharpHighlighter(Path.GetTempPath())).Of(markdown).ToString()
        );
}
