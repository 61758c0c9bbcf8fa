using System.Diagnostics;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace NotebookHost.Tests;

/// <summary>All hostile files in one folder with a good one, made a site of and run.</summary>
public sealed class HostileFolder : IAsyncLifetime
{
    public NotebookFolder Folder { get; } = new();

    public Outcome Site { get; private set; } = new(-1, "", "");

    public Outcome Run { get; private set; } = new(-1, "", "");

    public TimeSpan SiteTook { get; private set; }

    /// <summary>Files that are not where they may be.</summary>
    public string[] Strays { get; private set; } = [];

    public async Task InitializeAsync()
    {
        Folder.Write("in/good.ipynb", "6 * 7");
        foreach (HostileFile file in HostileFiles.All)
            File.WriteAllBytes(Folder[$"in/{file.Name}.ipynb"], file.Bytes);
        var clock = Stopwatch.StartNew();
        Site = await Folder.RunAsync("site", "in", "--no-run", "--output", "deep/er/site");
        SiteTook = clock.Elapsed;
        Directory.CreateDirectory(Folder["run"]);
        Folder.Write("run/good.ipynb", "6 * 7");
        foreach (
            HostileFile file in HostileFiles.All.Where(file =>
                file.Sentence is not null || file.Name is "brackets" or "blocks"
            )
        )
            File.WriteAllBytes(Folder[$"run/{file.Name}.ipynb"], file.Bytes);
        Run = await Folder.RunAsync("run", "run", "--output", "ran");
        Strays =
        [
            .. Directory
                .EnumerateFiles(Folder.Root, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Folder.Root, file))
                .Where(file =>
                    !Regex.IsMatch(file, "^(in|run)/[^/]+\\.ipynb$|^ran/(good|brackets|blocks)\\.ipynb$|^deep/er/site/")
                ),
        ];
    }

    public Task DisposeAsync()
    {
        Folder.Dispose();
        return Task.CompletedTask;
    }
}

public sealed class HostileFileTests(HostileFolder hostile) : IClassFixture<HostileFolder>
{
    public static TheoryData<string> Names => [.. HostileFiles.All.Select(file => file.Name)];

    [Fact]
    public void TheTableIsLongAndNamesEachFileOnce()
    {
        Assert.InRange(HostileFiles.All.Count, 150, 1000);
        Assert.Equal(HostileFiles.All.Count, HostileFiles.All.Select(file => file.Name).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EachHasAPageOrASentence(string name)
    {
        HostileFile file = HostileFiles.All.Single(file => file.Name == name);
        string path = $"in/{name}.ipynb";
        string[] said =
        [
            .. Lines(hostile.Site.Errors + hostile.Site.Output)
                .Where(line => line.StartsWith(path, StringComparison.Ordinal)),
        ];
        if (file.Sentence is { } sentence)
        {
            string line = Assert.Single(said);
            Assert.Contains(sentence, line);
            Assert.Contains(line, Lines(file.IsForeign ? hostile.Site.Output : hostile.Site.Errors));
            Assert.False(File.Exists(Page(name)));
            string ran = Assert.Single(
                Lines(hostile.Run.Errors + hostile.Run.Output),
                l => l.StartsWith($"run/{name}.ipynb", StringComparison.Ordinal)
            );
            Assert.Contains(sentence, ran);
            return;
        }
        Assert.Empty(said);
        string page = File.ReadAllText(Page(name));
        Assert.Contains("</html>", page);
        if (file.Shown is { } shown)
            Assert.Contains(shown, page);
        NamesNoOtherHostAndRunsNothing(page);
    }

    [Fact]
    public void TheOthersGoOnAndTheExitCodeSaysThatSomeDidNot()
    {
        Assert.Equal(1, hostile.Site.ExitCode);
        Assert.True(File.Exists(hostile.Folder["deep/er/site/good.html"]));
        Assert.Equal(1, hostile.Run.ExitCode);
        Assert.Contains("run/good.ipynb: 1 cells in ", hostile.Run.Output);
        Assert.Contains("\n1 passed, ", hostile.Run.Output);
        Assert.Contains("run/brackets.ipynb, cell 1", hostile.Run.Errors);
        Assert.Contains("run/blocks.ipynb, cell 1", hostile.Run.Errors);
        Assert.DoesNotMatch(@"(?m)^\s+at \S+\(", hostile.Site.Errors + hostile.Run.Errors);
        Assert.InRange(hostile.SiteTook, TimeSpan.Zero, TimeSpan.FromMinutes(4));
    }

    [Fact]
    public void NothingIsWrittenOutsideItsFolder() => Assert.Empty(hostile.Strays);

    private string Page(string name) =>
        hostile.Folder[
            $"deep/er/site/{(name is "index" ? "in-index" : name is ".." ? "notebook" : Regex.Replace(name, "[^A-Za-z0-9._~-]", "-"))}.html"
        ];

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A link may lead away; nothing is loaded from there, and no attribute is a script.</summary>
    private static void NamesNoOtherHostAndRunsNothing(string page)
    {
        using var document = new HtmlParser().ParseDocument(page);
        foreach (IElement element in document.All)
        foreach (IAttr attribute in element.Attributes)
        {
            Assert.False(
                attribute.Name.StartsWith("on", StringComparison.Ordinal),
                $"<{element.LocalName} {attribute.Name}=\"{attribute.Value}\">"
            );
            if (!(element.LocalName == "a" && attribute.Name == "href") && attribute.Name != "aria-label")
                Assert.DoesNotContain("evil.example", attribute.Value);
        }
        foreach (IElement script in document.QuerySelectorAll("script"))
        {
            Assert.True(script.HasAttribute("src") || script.GetAttribute("type") == "application/json");
            Assert.DoesNotContain("evil.example", script.TextContent);
            Assert.DoesNotMatch("open-street-map|scattergeo|\"(mapbox|map|geo)\"", script.TextContent);
        }
        Assert.Empty(document.QuerySelectorAll("iframe, object, embed, form, main svg, style, base"));
    }
}
