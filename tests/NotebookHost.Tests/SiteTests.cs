using NotebookHost.Notebooks;
using NotebookHost.Rendering;
using NotebookHost.Site;

namespace NotebookHost.Tests;

/// <summary>What the files of a site hold, and what writing one leaves alone.</summary>
public sealed class SiteTests(SiteCourse course) : IClassFixture<SiteCourse>
{
    [Fact]
    public void TheFirstPageNamesEveryNotebookItsSubjectAndItsMinutes()
    {
        string page = course.Page("index");
        Assert.Contains("<a href=\"00-start-here.html\">Start here</a>", page);
        Assert.Contains("what its first weights decide", page);
        Assert.Contains("25 min<", page);
    }

    [Fact]
    public void LinksBetweenNotebooksLeadToPagesAndOthersAreText()
    {
        string page = course.Page("00-start-here");
        Assert.Contains("<a href=\"01-symmetry.html#rank-of-w1\">the ranks</a>", page);
        Assert.Contains("See also nothing and", page);
        Assert.Contains("href=\"https://example.org/\"", page);
    }

    [Fact]
    public void TwoHeadingsOfOneNameHaveAnchorsOfTheirOwn()
    {
        string page = course.Page("01-symmetry");
        Assert.Contains("id=\"summary\"", page);
        Assert.Contains("id=\"summary-2\"", page);
    }

    [Fact]
    public void CodeIsColouredByWhatANameIsAndSetupIsFolded()
    {
        var highlighter = new CSharpHighlighter(AppContext.BaseDirectory);
        highlighter.Cell("class Walk { public static int Steps(int n) => n; }");
        Assert.Equal(
            "<span class=\"c-keyword\">var</span> w = <span class=\"c-type\">Walk</span>.<span class=\"c-method\">Steps</span>"
                + "(<span class=\"c-number\">2</span>); <span class=\"c-comment\">// &lt;b&gt;</span>",
            highlighter.Cell("var w = Walk.Steps(2); // <b>").ToString()
        );
        Assert.Contains("<span class=\"c-type\">Trainer</span>", course.Page("00-start-here"));
        Assert.Contains("<details class=\"setup\"><summary>Setup</summary>", course.Page("00-start-here"));
    }

    [Fact]
    public void PlotlyLiesBesideThePagesOnceAndTheDrawingScriptToo()
    {
        Assert.Equal(
            ["plotly-cartesian.min.js", "plotly.min.js"],
            Directory
                .GetFiles(course.Site, "plotly*.js", SearchOption.AllDirectories)
                .Select(Path.GetFileName)
                .Order(StringComparer.Ordinal)
        );
        Assert.Contains(
            "plotly.js v2.28.0",
            File.ReadAllText(Path.Combine(course.Site, "assets", "plotly", "plotly.min.js"))[..200]
        );
        Assert.DoesNotContain("Plotly.react", course.Page("00-start-here"));
        Assert.DoesNotContain("plotly", course.Page("01-symmetry"));
    }

    [Fact]
    public void ANewSiteReplacesTheOldOneWhole()
    {
        string folder = Path.Combine(course.Root, "replaced");
        SiteWriter.Write(course.Paths, folder);
        SiteWriter.Write([course.Paths[1]], folder);
        Assert.True(File.Exists(Path.Combine(folder, "01-symmetry.html")));
        Assert.False(File.Exists(Path.Combine(folder, "00-start-here.html")));
        Assert.Equal([folder], Directory.GetDirectories(course.Root, "replaced*"));
    }

    [Fact]
    public void AFolderOfSomeoneElseIsLeftAlone()
    {
        string folder = Path.Combine(course.Root, "theirs");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "thesis.txt"), "years of work");
        var error = Assert.Throws<NotebookException>(() => SiteWriter.Write(course.Paths, folder));
        Assert.Equal($"{folder} exists and was not written as a site; expected a new folder.", error.Message);
        Assert.Equal("years of work", File.ReadAllText(Path.Combine(folder, "thesis.txt")));
    }

    [Fact]
    public void ABrokenNotebookLeavesTheOldSite()
    {
        string folder = Path.Combine(course.Root, "kept");
        SiteWriter.Write([course.Paths[0]], folder);
        string broken = Path.Combine(course.Notebooks, "09-broken.ipynb");
        File.WriteAllText(broken, "{");
        Assert.Throws<NotebookException>(() => SiteWriter.Write([broken], folder));
        Assert.True(File.Exists(Path.Combine(folder, "00-start-here.html")));
    }
}
