using System.Text.Json.Nodes;
using NotebookHost.Rendering;
using NotebookHost.Site;

namespace NotebookHost.Tests;

/// <summary>What a page makes of outputs of every kind, and of the tags of cells.</summary>
public sealed class SiteOutputTests : IDisposable
{
    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("text/markdown", "a *b* $x^2$ <i>", "a <em>b</em> <span class=\"math\"><span class=\"katex\">")]
    [InlineData("text/markdown", "a $x^2$ <i>", "</span></span> &lt;i&gt;")]
    [InlineData("text/latex", "$$x^2$$", "<div class=\"math\" tabindex=\"0\"><span class=\"katex-display\">")]
    [InlineData("text/latex", "\\frac{1}{2}", "<mfrac><mn>1</mn><mn>2</mn></mfrac>")]
    [InlineData("text/latex", "half $x$ of", "<p>half <span class=\"math\">")]
    [InlineData("image/svg+xml", "<svg/>", "<img alt=\"\" src=\"data:image/svg+xml;base64,PHN2Zy8+\">")]
    [InlineData("image/jpeg", "/9j/4AAQ\n", "src=\"data:image/jpeg;base64,/9j/4AAQ\"")]
    [InlineData("image/gif", "R0lGODlh", "src=\"data:image/gif;base64,R0lGODlh\"")]
    [InlineData("image/webp", "UklGRg==", "src=\"data:image/webp;base64,UklGRg==\"")]
    [InlineData("text/html", "<svg width=\"20\"><rect/></svg>", "<img alt=\"\" src=\"data:image/svg+xml;base64,")]
    [InlineData(
        "text/html",
        "<p style=\"color: rgb(1, 2, 3); width: calc(1px + 2px)\">x</p>",
        "style=\"color: rgba(1, 2, 3, 1); width: calc(1px + 2px)\""
    )]
    [InlineData("application/x-none", "x", "An output of a kind that pages do not show: application/x-none.")]
    public void EachKindIsShown(string kind, string text, string expected) =>
        Assert.Contains(expected, Page(SiteCourse.Code("1", SiteCourse.Data(kind, text))));

    [Theory]
    [InlineData("""{"name":"n","given":{},"sliders":[{"from":1}],"choices":[]}""", true)]
    [InlineData("\"n\"", false)]
    [InlineData("""{"name":"n","given":{},"sliders":{},"choices":[]}""", false)]
    [InlineData("""{"name":"n","given":{"a":[0,{"b":"LONG"}]},"sliders":[],"choices":[]}""", false)]
    public void WhatAReaderCanMoveOfAFigureIsKeptWhereItIsNumbersAndShortTexts(string live, bool isKept)
    {
        string figure =
            $$"""<div id="f" class="notebook-figure"></div><script type="application/json">{"data":[{"y":[1]}],"layout":{},"live":{{live.Replace("LONG", new string('x', 201))}}}</script>""";
        string page = Page(SiteCourse.Code("1", SiteCourse.Data("text/html", figure)));
        Assert.Contains("\"data\":[{\"y\":[1]}]", page);
        Assert.Equal(isKept, page.Contains("\"live\":"));
    }

    [Fact]
    public void JsonIsIndented()
    {
        JsonObject output = SiteCourse.Data("application/json", "");
        output["data"]!["application/json"] = JsonNode.Parse("""{"é":[1,{"b":null}]}""");
        Assert.Contains("{\n  \"é\": [\n    1,", Page(SiteCourse.Code("1", output)));
    }

    [Theory]
    [InlineData("\rstep 0%\rstep 100%", "step 100%")]
    [InlineData("longer\rshort", "shortr")]
    [InlineData("ab\b\bc", "cb")]
    [InlineData("one\r\ntwo\r\n", "one\ntwo\n")]
    [InlineData("12345\r\x1b[Kx", "x")]
    [InlineData("\x1b[31mred\x1b[0m plain", "<span class=\"t-red\">red</span> plain")]
    [InlineData("\x1b[1;92mx\x1b[22my", "<span class=\"t-bold t-green\">x</span><span class=\"t-green\">y</span>")]
    [InlineData("\x1b[38;5;196mx\x1b[38;2;0;0;255my", "<span class=\"t-red\">x</span><span class=\"t-blue\">y</span>")]
    [InlineData("\x1b[41mx\x1b[49my", "<span class=\"t-marked\">x</span>y")]
    [InlineData("a\x1b]8;;https://x\x1b\\b\x1b[2Jc\ad\0", "abcd")]
    [InlineData("\x1b[31m<b>\x1b[m", "<span class=\"t-red\">&lt;b&gt;</span>")]
    [InlineData("😀\b\rx", "x")]
    [InlineData("\x1b", "")]
    [InlineData("\x1b[", "")]
    [InlineData("\x1b[31", "")]
    [InlineData("\x1b\x1b[32mx", "<span class=\"t-green\">x</span>")]
    public void TextIsShownAsATerminalDoes(string text, string html) =>
        Assert.Equal(html, TerminalText.Of(text).ToString());

    [Fact]
    public void TagsFoldAndRemove()
    {
        JsonObject Tagged(string tag)
        {
            JsonObject cell = SiteCourse.Code(
                $"code_of_{tag.Replace('-', '_')}",
                SiteCourse.Stream($"output of {tag}")
            );
            cell["metadata"] = new JsonObject { ["tags"] = new JsonArray(tag) };
            return cell;
        }
        string page = Page([
            .. new[]
            {
                "hide-input",
                "hide_input",
                "remove-input",
                "remove_input",
                "hide-output",
                "remove-output",
                "remove-cell",
            }.Select(Tagged),
        ]);
        Assert.Equal(
            2,
            System.Text.RegularExpressions.Regex.Count(
                page,
                "<details class=\"setup\"><summary>Code</summary>\n<pre class=\"code\" tabindex=\"0\"><code>code_of_hide_input"
            )
        );
        Assert.DoesNotContain("code_of_remove_input", page);
        Assert.Contains("output of remove-input", page);
        Assert.Contains("output of remove_input", page);
        Assert.Contains(
            "<details class=\"folded\"><summary>Output</summary>\n<pre class=\"output stdout\" tabindex=\"0\">output of hide-output",
            page
        );
        Assert.Contains("code_of_remove_output", page);
        Assert.DoesNotContain("output of remove-output", page);
        Assert.DoesNotContain("remove_cell", page);
        Assert.DoesNotContain("remove-cell", page);
    }

    [Fact]
    public void ACellOfAnotherLanguageHasNoColoursOfCSharp()
    {
        JsonObject cell = SiteCourse.Code("let class = \"x\"");
        cell["metadata"] = JsonNode.Parse("""{ "polyglot_notebook": { "kernelName": "fsharp" } }""");
        string page = Page(cell, SiteCourse.Code("#!markdown\n# class"), SiteCourse.Code("class A { }"));
        Assert.Contains("data-language=\"fsharp\"><code>let class = \"x\"</code>", page);
        Assert.Contains("data-language=\"markdown\"><code>#!markdown\n# class</code>", page);
        Assert.Contains("<span class=\"c-keyword\">class</span> <span class=\"c-type\">A</span>", page);
    }

    private string Page(params JsonNode[] cells)
    {
        string path = _folder.WriteText(
            "page.ipynb",
            new JsonObject { ["nbformat"] = 4, ["cells"] = new JsonArray(cells) }.ToJsonString()
        );
        Assert.Empty(SiteWriter.Write([path], _folder["site"]));
        return File.ReadAllText(_folder["site/page.html"]);
    }
}
