using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Playwright;

namespace NotebookHost.Tests;

/// <summary>The verb serve, as a process of its own.</summary>
public sealed class ServeTests : IAsyncLifetime
{
    private readonly NotebookFolder _folder = new();
    private WatchingServer _server = null!;

    private HttpClient Client => _server.Client;

    private Uri Address => _server.Address;

    public async Task InitializeAsync()
    {
        _folder.Write("one.ipynb", "6 * 7");
        _server = await WatchingServer.StartAsync(_folder, ".");
    }

    public Task DisposeAsync()
    {
        _server.Dispose();
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task ItAnswersGetAndHeadWithTheFilesOfTheSiteAlone()
    {
        foreach (
            (string path, string type) in new[]
            {
                ("", "text/html"),
                ("one.html", "text/html"),
                ("assets/site.css", "text/css"),
                ("assets/site.js", "text/javascript"),
                ("assets/katex/fonts/KaTeX_Main-Regular.woff2", "font/woff2"),
            }
        )
        {
            HttpResponseMessage page = await Client.GetAsync(new Uri(Address, path));
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Equal(type, page.Content.Headers.ContentType!.MediaType);
            HttpResponseMessage head = await Client.SendAsync(new(HttpMethod.Head, new Uri(Address, path)));
            Assert.Equal(page.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }
        HttpResponseMessage missing = await Client.GetAsync(new Uri(Address, "two.html"));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("There is no such page", await missing.Content.ReadAsStringAsync());
        HttpResponseMessage post = await Client.PostAsync(Address, new StringContent("x"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    [Theory]
    [InlineData("/../one.ipynb")]
    [InlineData("/assets/../../one.ipynb")]
    [InlineData("/%2e%2e/one.ipynb")]
    [InlineData("/..%2fone.ipynb")]
    [InlineData("/..\\one.ipynb")]
    [InlineData("//etc/passwd")]
    public async Task NoPathLeadsOutOfTheSite(string path) =>
        Assert.Matches("^HTTP/1.1 40[04] ", await Raw($"GET {path} HTTP/1.1\r\nHost: {Address.Authority}"));

    [Fact]
    public async Task AnotherNameForThisMachineIsRefused()
    {
        Assert.Matches("^HTTP/1.1 40[04] ", await Raw($"GET / HTTP/1.1\r\nHost: course.example.org:{Address.Port}"));
        Assert.StartsWith("HTTP/1.1 200 ", await Raw($"GET / HTTP/1.1\r\nHost: localhost:{Address.Port}"));
    }

    [SkippableFact]
    public async Task AnOpenPageShowsWhatAChangedNotebookGives()
    {
        await using Reader reader = await Reader.StartAsync();
        IPage page = await reader.OpenAsync(_server.Page("one").AbsoluteUri);
        _folder.Write("one.ipynb", "6 * 8");
        await Assertions.Expect(page.Locator("pre.value")).ToHaveTextAsync("48", new() { Timeout = 60_000 });
        Assert.All(reader.Complaints, complaint => Assert.StartsWith($"asked for {Address}", complaint));
        Assert.DoesNotContain("_reload", File.ReadAllText(_folder[Path.Combine("site", "one.html")]));
        Assert.Empty(_folder.Outputs("one.ipynb")[0]);
    }

    [Fact]
    public async Task ANotebookThatFailsIsReportedAndTheOldPageStays()
    {
        string before = await Client.GetStringAsync(_server.Page("one"));
        _folder.Write("one.ipynb", "nonsense");
        await _server.WaitUntilItReportsAsync("one.ipynb, cell 1, line 1");
        Assert.Single(
            _server.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        );
        Assert.Equal(before, await Client.GetStringAsync(_server.Page("one")));
        _folder.Write("one.ipynb", "6 * 9");
        await _server.WaitUntilPageShowsAsync("one", "54</pre>");
    }

    [SkippableFact]
    public async Task ASignalEndsItCleanly()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals.");
        using Process kill = Process.Start("kill", ["-TERM", $"{_server.Process.Id}"]);
        await _server.Process.WaitForExitAsync(CancellationToken.None).WaitAsync(WatchingServer.Patience);
        Assert.Equal(0, _server.Process.ExitCode);
    }

    /// <summary>The answer to a request that a well-behaved client would not send.</summary>
    private async Task<string> Raw(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Address.Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request + "\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync().WaitAsync(WatchingServer.Patience);
    }
}
