using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Playwright;
using NotebookHost.Commands;
using NotebookHost.Site;

namespace NotebookHost.Tests;

/// <summary>What a published course has beside its pages.</summary>
public sealed class SitePublicationTests(ReadingCourse course) : IClassFixture<ReadingCourse>
{
    private const string Base = "https://example.org/course/";

    private static readonly Publication Known = new(new Uri(Base), new Uri("https://github.com/owner/name"));

    [Fact]
    public void APublishedPageNamesItsAddressAndAPictureForLinks()
    {
        string site = Publish(Known);
        string page = File.ReadAllText(Path.Combine(site, "10-reading.html"));
        Assert.Contains($"<link rel=\"canonical\" href=\"{Base}10-reading.html\">", page);
        Assert.Contains($"<meta property=\"og:url\" content=\"{Base}10-reading.html\">", page);
        Assert.Contains("<meta name=\"description\" content=\"A page to read (n). As claim 1 says", page);
        Assert.Contains("<a href=\"https://github.com/owner/name\">Repository</a>", page);
        Assert.Contains("<a href=\"https://codespaces.new/owner/name\">Open in Codespaces</a>", page);
        string first = File.ReadAllText(Path.Combine(site, "index.html"));
        Assert.Contains($"<link rel=\"canonical\" href=\"{Base}\">", first);
        Assert.Contains("<meta name=\"description\" content=\"A course about weights and n units.\">", first);
        XNamespace map = "http://www.sitemaps.org/schemas/sitemap/0.9";
        string[] listed =
        [
            .. XDocument.Load(Path.Combine(site, "sitemap.xml")).Descendants(map + "loc").Select(loc => loc.Value),
        ];
        Assert.Equal(
            Directory
                .GetFiles(site, "*.html")
                .Select(Path.GetFileName)
                .Except(["404.html"])
                .Select(name => name == "index.html" ? Base : Base + name)
                .Order(StringComparer.Ordinal),
            listed.Order(StringComparer.Ordinal)
        );
        Assert.Contains("<a href=\"/course/10-reading.html\">", File.ReadAllText(Path.Combine(site, "404.html")));
    }

    [Fact]
    public void ThePictureForLinksIsTheOneBesideTheNotebooks()
    {
        string picture = Path.Combine(course.Folder, "social.png");
        File.WriteAllBytes(picture, [0x89, .. "PNG"u8]);
        try
        {
            string site = Publish(Known);
            Assert.Contains(
                $"<meta property=\"og:image\" content=\"{Base}social.png\">",
                File.ReadAllText(Path.Combine(site, "11-rules.html"))
            );
            Assert.Equal(File.ReadAllBytes(picture), File.ReadAllBytes(Path.Combine(site, "social.png")));
        }
        finally
        {
            File.Delete(picture);
        }
    }

    [Fact]
    public void ASiteOfUnknownAddressNamesNone()
    {
        string page = course.Page("10-reading.html");
        Assert.DoesNotContain("canonical", page);
        Assert.DoesNotContain("og:", page);
        Assert.DoesNotContain("codespaces", page);
        Assert.Contains("<meta name=\"description\"", page);
        Assert.False(File.Exists(Path.Combine(course.Site, "sitemap.xml")));
        Assert.Contains("<link rel=\"icon\" href=\"assets/icon.svg\" type=\"image/svg+xml\">", page);
    }

    [Fact]
    public void EachNotebookLiesBesideItsPage()
    {
        foreach (string path in course.Paths)
        {
            string name = Path.GetFileName(path);
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(Path.Combine(course.Site, name)));
            Assert.Contains(
                $"<a href=\"{name}\" download>Download the notebook</a>",
                course.Page(Path.ChangeExtension(name, ".html"))
            );
        }
    }

    [Fact]
    public void TheCopiesOnASiteAreNotTakenForNotebooks()
    {
        Assert.True(File.Exists(Path.Combine(course.Site, "10-reading.ipynb")));
        Assert.Equal(
            course.Paths.Select(Path.GetFileName).Order(StringComparer.Ordinal),
            NotebookFile.Find([course.Folder]).Select(file => file.Name).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void TheManifestNamesIconsThatAreThere()
    {
        JsonObject manifest = JsonNode.Parse(course.Page("manifest.webmanifest"))!.AsObject();
        Assert.Equal("The course", (string?)manifest["name"]);
        Assert.Equal("index.html", (string?)manifest["start_url"]);
        foreach (JsonNode? icon in manifest["icons"]!.AsArray())
            Assert.True(File.Exists(Path.Combine(course.Site, (string)icon!["src"]!)), $"{icon}");
    }

    [Fact]
    public void TheWorkerKeepsEveryPageAndEveryAsset()
    {
        string worker = course.Page("sw.js");
        string[] kept = JsonNode
            .Parse(Regex.Match(worker, @"const files = (\[.*?\]);").Groups[1].Value)!
            .AsArray()
            .Select(name => (string)name!)
            .ToArray();
        Assert.All(kept, name => Assert.True(File.Exists(Path.Combine(course.Site, name)), name));
        Assert.DoesNotContain(kept, name => name.Contains("plotly", StringComparison.Ordinal));
        Assert.Superset(
            Directory.GetFiles(course.Site, "*.html").Select(file => Path.GetFileName(file)).ToHashSet(),
            kept.ToHashSet()
        );
        string changed = File.ReadAllText(Path.Combine(Publish(Known), "sw.js"));
        Assert.NotEqual(worker, changed);
        Assert.Equal(changed, File.ReadAllText(Path.Combine(Publish(Known), "sw.js")));
    }

    [Theory]
    [InlineData("--base-url", "course")]
    [InlineData("--base-url", "ftp://example.org/")]
    [InlineData("--repository", "git@github.com:owner/name")]
    [InlineData("--repository", "https://example.org/?x=1")]
    public async Task AnAddressThatIsNoneIsRefused(string option, string value)
    {
        using var folder = new NotebookFolder();
        folder.Write("one.ipynb", "1");
        Outcome outcome = await folder.RunAsync("site", ".", option, value);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(
            $"{option} is '{value}'; expected an address that begins with https:// or http://.",
            outcome.Errors.Trim()
        );
    }

    private string Publish(Publication publication)
    {
        string site = Path.Combine(course.Folder, "published");
        SiteWriter.Write(course.Paths, site, publication: publication);
        return site;
    }
}

/// <summary>A course that is served, by the eyes of a browser.</summary>
public sealed class ServedCourseTests(ReadingCourse course) : IClassFixture<ReadingCourse>
{
    [SkippableFact]
    public async Task AVisitedCourseReadsWithoutANetworkAndNeverShowsAnOldPage()
    {
        await using Reader reader = await Reader.StartAsync();
        using var stop = new CancellationTokenSource();
        using var server = SiteServer.Start(course.Site, null, reloads: false);
        Task serving = server.RunAsync(stop.Token);
        IPage page = await reader.OpenUrlAsync($"{server.Address}10-reading.html");
        await page.WaitForFunctionAsync(
            "() => navigator.serviceWorker.ready.then(async () => (await caches.match('claims.html')) && navigator.serviceWorker.controller)"
        );

        // While the server answers, its page is shown, however often the old one was seen.
        string changed = Path.Combine(course.Folder, "changed");
        Copy(course.Site, changed);
        string file = Path.Combine(changed, "10-reading.html");
        File.WriteAllText(file, File.ReadAllText(file).Replace("A page to read", "A page to read again"));
        server.Replace(changed);
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("A page to read again");

        await stop.CancelAsync();
        await serving;
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("A page to read again");
        await page.GotoAsync($"{server.Address}claims.html");
        await Assertions.Expect(page.Locator(".board tbody tr")).ToHaveCountAsync(5);
        await page.Locator("#query").FillAsync("he");
        await page.Locator("#found a").First.WaitForAsync();
        await page.GotoAsync(server.Address);
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("The course");
        Assert.All(
            reader.Complaints,
            complaint =>
                Assert.True(
                    complaint.StartsWith($"asked for {server.Address}") || complaint.Contains("ERR_CONNECTION_REFUSED"),
                    complaint
                )
        );
    }

    [Fact]
    public async Task AMissingPageIsAnsweredWithTheWayBack()
    {
        using var stop = new CancellationTokenSource();
        using var server = SiteServer.Start(course.Site, null, reloads: false);
        Task serving = server.RunAsync(stop.Token);
        using var client = new HttpClient();
        HttpResponseMessage missing = await client.GetAsync(new Uri($"{server.Address}deep/er/no.html"));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        string page = await missing.Content.ReadAsStringAsync();
        Assert.Contains("There is no such page", page);
        foreach (Match link in Regex.Matches(page, "(?:href|src)=\"([^\"]+)\""))
        {
            HttpResponseMessage found = await client.GetAsync(new Uri(new Uri(server.Address), link.Groups[1].Value));
            Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        }
        HttpResponseMessage manifest = await client.GetAsync(new Uri($"{server.Address}manifest.webmanifest"));
        Assert.Equal("application/manifest+json", manifest.Content.Headers.ContentType!.MediaType);
        await stop.CancelAsync();
        await serving;
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
