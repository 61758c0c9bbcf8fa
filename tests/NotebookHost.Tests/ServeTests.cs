using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Playwright;

namespace NotebookHost.Tests;

/// <summary>A folder of one notebook, served.</summary>
public sealed class ServedNotebook : IAsyncLifetime
{
    internal NotebookFolder Folder { get; } = new();

    internal WatchingServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Folder.Write("one.ipynb", "6 * 7");
        Folder.WriteText("beside.txt", "not of the site");
        Server = await WatchingServer.StartAsync(Folder, ".");
    }

    public Task DisposeAsync()
    {
        Server.Dispose();
        Folder.Dispose();
        return Task.CompletedTask;
    }
}

/// <summary>What the verb serve answers.</summary>
public sealed class ServedPageTests(ServedNotebook served) : IClassFixture<ServedNotebook>
{
    private HttpClient Client => served.Server.Client;

    private Uri Address => served.Server.Address;

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

    [Fact]
    public async Task OneConnectionServesAllRequests()
    {
        int connections = 0;
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                connections++;
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler);
        foreach (string method in new[] { "GET", "HEAD", "POST", "GET" })
        foreach (string path in new[] { "one.html", "two.html" })
        {
            var request = new HttpRequestMessage(new(method), new Uri(Address, path));
            if (method == "POST")
                request.Content = new StringContent("x");
            using HttpResponseMessage answer = await client.SendAsync(request);
        }
        Assert.Equal(1, connections);
    }

    [Theory]
    [InlineData("/../beside.txt")]
    [InlineData("/assets/../../beside.txt")]
    [InlineData("/%2e%2e/beside.txt")]
    [InlineData("/..%2fbeside.txt")]
    [InlineData("/..\\beside.txt")]
    [InlineData("//etc/passwd")]
    public async Task NoPathLeadsOutOfTheSite(string path) =>
        Assert.Matches("^HTTP/1.1 40[04] ", await Raw($"GET {path} HTTP/1.1\r\nHost: {Address.Authority}"));

    [Fact]
    public async Task AnotherNameForThisMachineIsRefused()
    {
        Assert.Matches("^HTTP/1.1 40[04] ", await Raw($"GET / HTTP/1.1\r\nHost: course.example.org:{Address.Port}"));
        Assert.StartsWith("HTTP/1.1 200 ", await Raw($"GET / HTTP/1.1\r\nHost: localhost:{Address.Port}"));
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

/// <summary>The verb serve, as a process of each test's own.</summary>
public sealed class ServeTests : IAsyncLifetime
{
    private readonly ServedNotebook _served = new();

    private NotebookFolder Folder => _served.Folder;

    private WatchingServer Server => _served.Server;

    private HttpClient Client => Server.Client;

    public Task InitializeAsync() => _served.InitializeAsync();

    public Task DisposeAsync() => _served.DisposeAsync();

    [SkippableFact]
    public async Task AnOpenPageShowsWhatAChangedNotebookGives()
    {
        await using Reader reader = await Reader.StartAsync();
        IPage page = await reader.OpenAsync(Server.Page("one").AbsoluteUri);
        Folder.Write("one.ipynb", "6 * 8");
        await Assertions.Expect(page.Locator("pre.value")).ToHaveTextAsync("48", new() { Timeout = 60_000 });
        Assert.All(reader.Complaints, complaint => Assert.StartsWith($"asked for {Server.Address}", complaint));
        Assert.DoesNotContain("_reload", File.ReadAllText(Folder[Path.Combine("site", "one.html")]));
        Assert.Empty(Folder.Outputs("one.ipynb")[0]);
    }

    [Fact]
    public async Task ANotebookThatFailsIsReportedAndTheOldPageStays()
    {
        string before = await Client.GetStringAsync(Server.Page("one"));
        Folder.Write("one.ipynb", "nonsense");
        await Server.WaitUntilItReportsAsync("one.ipynb, cell 1, line 1");
        Assert.Single(
            Server.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        );
        Assert.Equal(before, await Client.GetStringAsync(Server.Page("one")));
        Folder.Write("one.ipynb", "6 * 9");
        await Server.WaitUntilPageShowsAsync("one", "54</pre>");
    }

    [SkippableFact]
    public async Task ASignalEndsItCleanly()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals.");
        using Process kill = Process.Start("kill", ["-TERM", $"{Server.Process.Id}"]);
        await Server.Process.WaitForExitAsync(CancellationToken.None).WaitAsync(WatchingServer.Patience);
        Assert.Equal(0, Server.Process.ExitCode);
    }
}
