using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Playwright;
using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

/// <summary>The verb serve, as a process of its own.</summary>
public sealed class ServeTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly NotebookFolder _folder = new();
    private readonly HttpClient _client = new();
    private readonly StringBuilder _errors = new();
    private Process _server = null!;
    private Uri _address = null!;

    public async Task InitializeAsync()
    {
        _folder.Write("one.ipynb", "6 * 7");
        _server = Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [typeof(Notebook).Assembly.Location, "serve", ".", "--watch", "--output", "site"]
            )
            {
                WorkingDirectory = _folder.Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        _server.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                _errors.AppendLine(line.Data);
        };
        _server.BeginErrorReadLine();
        var opened = new TaskCompletionSource<string>();
        _server.OutputDataReceived += (_, line) => opened.TrySetResult(line.Data ?? "");
        _server.BeginOutputReadLine();
        string first = await opened.Task.WaitAsync(Patience);
        Assert.StartsWith("Open http://127.0.0.1:", first, StringComparison.Ordinal);
        _address = new Uri(first["Open ".Length..first.IndexOf(';', StringComparison.Ordinal)]);
    }

    public async Task DisposeAsync()
    {
        if (!_server.HasExited)
            _server.Kill(entireProcessTree: true);
        await _server.WaitForExitAsync();
        _server.Dispose();
        _client.Dispose();
        _folder.Dispose();
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
            HttpResponseMessage page = await _client.GetAsync(new Uri(_address, path));
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Equal(type, page.Content.Headers.ContentType!.MediaType);
            HttpResponseMessage head = await _client.SendAsync(new(HttpMethod.Head, new Uri(_address, path)));
            Assert.Equal(page.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }
        HttpResponseMessage missing = await _client.GetAsync(new Uri(_address, "two.html"));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("There is no such page", await missing.Content.ReadAsStringAsync());
        HttpResponseMessage post = await _client.PostAsync(_address, new StringContent("x"));
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
        Assert.Matches("^HTTP/1.1 40[04] ", await Raw($"GET {path} HTTP/1.1\r\nHost: {_address.Authority}"));

    [Fact]
    public async Task AnotherNameForThisMachineIsRefused()
    {
        Assert.Matches("^HTTP/1.1 40[04] ", await Raw($"GET / HTTP/1.1\r\nHost: course.example.org:{_address.Port}"));
        Assert.StartsWith("HTTP/1.1 200 ", await Raw($"GET / HTTP/1.1\r\nHost: localhost:{_address.Port}"));
    }

    [SkippableFact]
    public async Task AnOpenPageShowsWhatAChangedNotebookGives()
    {
        await using Reader reader = await Reader.StartAsync();
        IPage page = await reader.OpenAsync(new Uri(_address, "one.html").AbsoluteUri);
        _folder.Write("one.ipynb", "6 * 8");
        await Assertions.Expect(page.Locator("pre.value")).ToHaveTextAsync("48", new() { Timeout = 60_000 });
        Assert.All(reader.Complaints, complaint => Assert.StartsWith($"asked for {_address}", complaint));
        Assert.DoesNotContain("_reload", File.ReadAllText(_folder[Path.Combine("site", "one.html")]));
        Assert.Empty(_folder.Outputs("one.ipynb")[0]);
    }

    [Fact]
    public async Task ANotebookThatFailsIsReportedAndTheOldPageStays()
    {
        string before = await _client.GetStringAsync(new Uri(_address, "one.html"));
        _folder.Write("one.ipynb", "nonsense");
        await WaitFor(() => Errors.Contains("one.ipynb, cell 1, line 1", StringComparison.Ordinal));
        Assert.Single(Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Equal(before, await _client.GetStringAsync(new Uri(_address, "one.html")));
        _folder.Write("one.ipynb", "6 * 9");
        await WaitFor(() =>
            _client.GetStringAsync(new Uri(_address, "one.html")).Result.Contains("54</pre>", StringComparison.Ordinal)
        );
    }

    [SkippableFact]
    public async Task ASignalEndsItCleanly()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals.");
        using Process kill = Process.Start("kill", ["-TERM", $"{_server.Id}"]);
        await _server.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(0, _server.ExitCode);
    }

    private string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    private static async Task WaitFor(Func<bool> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < Patience, "It did not happen within a minute.");
            await Task.Delay(100);
        }
    }

    /// <summary>The answer to a request that a well-behaved client would not send.</summary>
    private async Task<string> Raw(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _address.Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request + "\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync().WaitAsync(Patience);
    }
}
