using System.Text.Json.Nodes;
using NotebookHost.Notebooks;
using NotebookHost.Site;

namespace NotebookHost.Tests;

/// <summary>A site in which pages are replaced one at a time.</summary>
public sealed class SiteReplaceTests : IDisposable
{
    private const string Pixel =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private readonly NotebookFolder _folder = new();
    private readonly string[] _notebooks;

    public SiteReplaceTests()
    {
        _folder.WriteText("in/index.md", "# A course\n");
        _notebooks = [Write("in/one.ipynb", "first-one", 2), Write("in/two.ipynb", "first-two", 1)];
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void APageIsReplacedAtOnceAndInTheEndTheSiteIsAsOneWrittenAnew()
    {
        string executed = Write("out/one.ipynb", "second-one", 1);
        var site = new SiteWriter(_notebooks, _folder["site"]);
        Assert.Empty(site.Write());
        DateTime two = File.GetLastWriteTimeUtc(_folder["site/two.html"]);
        site.Replace(_notebooks[0], executed);
        Assert.Contains("second-one", File.ReadAllText(_folder["site/one.html"]));
        Assert.Contains("first-one", File.ReadAllText(_folder["site/assets/search.js"]));
        Assert.Empty(site.Finish());
        Assert.Equal(two, File.GetLastWriteTimeUtc(_folder["site/two.html"]));

        SiteWriter.Write(_notebooks, _folder["anew"], new Dictionary<string, string> { [_notebooks[0]] = executed });
        Assert.Equal(Files("anew"), Files("site"));
    }

    [Fact]
    public void ANotebookThatGaveWhatItsPageShowsCostsNothing()
    {
        string executed = _folder.WriteText("out/one.ipynb", File.ReadAllText(_notebooks[0]));
        var site = new SiteWriter(_notebooks, _folder["site"]);
        site.Write();
        File.WriteAllText(_folder["site/one.html"], "not written again");
        site.Replace(_notebooks[0], executed);
        site.Finish();
        Assert.Equal("not written again", File.ReadAllText(_folder["site/one.html"]));
    }

    [Fact]
    public void ANotebookThatHadNoPageHasOneInTheEnd()
    {
        string executed = Write("out/two.ipynb", "second-two", 0);
        File.WriteAllText(_notebooks[1], "{");
        var site = new SiteWriter(_notebooks, _folder["site"]);
        Assert.Equal(_notebooks[1], Assert.Single(site.Write()).Path);
        site.Replace(_notebooks[1], executed);
        Assert.Empty(site.Finish());
        Assert.Contains("second-two", File.ReadAllText(_folder["site/two.html"]));
    }

    [Fact]
    public void ASiteThatSomebodyRemovedIsNotWrittenInPart()
    {
        string executed = Write("out/one.ipynb", "second-one", 1);
        var site = new SiteWriter(_notebooks, _folder["site"]);
        site.Write();
        Directory.Delete(_folder["site"], recursive: true);
        var error = Assert.Throws<NotebookException>(() => site.Replace(_notebooks[0], executed));
        Assert.Equal($"{_folder["site"]} no longer holds the site that was written to it.", error.Message);
        Assert.False(Directory.Exists(_folder["site"]));
    }

    /// <summary>A notebook whose cell shows a text and some figures with pictures.</summary>
    private string Write(string name, string text, int figures)
    {
        Notebook notebook = Notebook.Read(_folder.Write(name, "1"));
        JsonArray outputs = notebook.CodeCells[0].Outputs;
        outputs.Add(
            new JsonObject
            {
                ["name"] = "stdout",
                ["output_type"] = "stream",
                ["text"] = new JsonArray(text),
            }
        );
        for (int i = 0; i < figures; i++)
            outputs.Add(
                new JsonObject
                {
                    ["data"] = new JsonObject
                    {
                        ["image/png"] = Pixel,
                        ["text/html"] = new JsonArray(
                            $$$"""<div id="f{{{i}}}" class="notebook-figure"></div><script type="application/json">{"data":[],"layout":{}}</script>"""
                        ),
                    },
                    ["metadata"] = new JsonObject(),
                    ["output_type"] = "display_data",
                }
            );
        notebook.Write(_folder[name]);
        return _folder[name];
    }

    private SortedDictionary<string, string> Files(string site) =>
        new(
            Directory
                .EnumerateFiles(_folder[site], "*", SearchOption.AllDirectories)
                .ToDictionary(
                    file => Path.GetRelativePath(_folder[site], file),
                    file => Convert.ToBase64String(File.ReadAllBytes(file))
                ),
            StringComparer.Ordinal
        );
}
