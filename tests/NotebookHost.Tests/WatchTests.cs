using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using NotebookHost.Commands;
using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

/// <summary>What serve --watch survives.</summary>
public sealed class WatchTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly NotebookFolder _folder = new();
    private readonly HttpClient _client = new();
    private readonly StringBuilder _errors = new();
    private Process _server = null!;
    private Uri _address = null!;

    public async Task InitializeAsync()
    {
        _folder.Write("in/one.ipynb", "1");
        _folder.Write("in/two.ipynb", "2");
        _folder.WriteText("in/README.md", "# Course\n\n## Glossary\n\nfirstword\n");
        _server = Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [typeof(Notebook).Assembly.Location, "serve", "in", "--watch", "--output", "site"]
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
    public async Task AFailingOrHalfWrittenNotebookTakesNothingFromTheOthers()
    {
        string before = await Page("one");
        _folder.Write("in/one.ipynb", "nonsense");
        _folder.Write("in/two.ipynb", "20 + 2");
        await Shows("two", "22</pre>");
        await Says("in/one.ipynb, cell 1, line 1");
        Assert.Equal(
            before[..before.LastIndexOf("<script", StringComparison.Ordinal)],
            (await Page("one"))[..before.LastIndexOf("<script", StringComparison.Ordinal)]
        );

        string whole = File.ReadAllText(_folder.Write("draft.ipynb", "30 + 3"));
        _folder.WriteText("in/one.ipynb", whole[..(whole.Length / 2)]);
        await Says("in/one.ipynb is not JSON");
        _folder.WriteText("in/one.ipynb", whole);
        await Shows("one", "33</pre>");

        _folder.Write("in/three.ipynb", "40 + 4");
        await Shows("three", "44</pre>");
        File.Delete(_folder["in/two.ipynb"]);
        await WaitFor(async () => !(await _client.GetAsync(new Uri(_address, "two.html"))).IsSuccessStatusCode);
    }

    [Fact]
    public async Task AnEndlessLoopIsKilledByTheNextSaveAndOthersGoOnMeanwhile()
    {
        _folder.Write("in/one.ipynb", "System.IO.File.WriteAllText(\"started\", \"\"); while (true);");
        await WaitFor(() => Task.FromResult(File.Exists(_folder["in/started"])));
        _folder.Write("in/two.ipynb", "20 + 2");
        await Shows("two", "22</pre>");
        _folder.Write("in/one.ipynb", "10 + 1");
        await Shows("one", "11</pre>");
        Assert.Equal("", Errors.Trim());
    }

    [Fact]
    public async Task NoSaveIsLostHoweverManyThereAre()
    {
        for (int i = 0; i < 60; i++)
        {
            _folder.Write("in/one.ipynb", $"1000 + {i}");
            await Task.Delay(i % 7 * 20);
        }
        await Shows("one", "1059</pre>");
    }

    [Fact]
    public async Task TheReadmeThatThePagesShowIsWatchedToo()
    {
        Assert.Contains("firstword", await Page("glossary"));
        _folder.WriteText("in/README.md", "# Course\n\n## Glossary\n\nsecondword\n");
        await Shows("glossary", "secondword");
    }

    [Fact]
    public async Task SlowReadersAndSilentOnesDoNotHoldUpOthers()
    {
        var slow = new List<TcpClient>();
        try
        {
            for (int i = 0; i < 200; i++)
            {
                var client = new TcpClient { ReceiveBufferSize = 1024 };
                slow.Add(client);
                await client.ConnectAsync(_address.Host, _address.Port);
                if (i % 2 == 0)
                    await client
                        .GetStream()
                        .WriteAsync(
                            Encoding.ASCII.GetBytes(
                                $"GET /assets/plotly.min.js HTTP/1.1\r\nHost: {_address.Authority}\r\n\r\n"
                            )
                        );
                else if (i % 4 == 1)
                    await client.GetStream().WriteAsync("GET / HT"u8.ToArray());
            }
            Assert.Contains("</html>", await Page("one").WaitAsync(TimeSpan.FromSeconds(10)));
            _folder.Write("in/one.ipynb", "10 + 1");
            await Shows("one", "11</pre>");
        }
        finally
        {
            slow.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task AnErrorOfTheWatcherIsReportedAndEveryFileLookedAtAgain()
    {
        using var watched = new WatchedNotebooks([_folder["in"]]);
        foreach (FileSystemWatcher watcher in Watchers(watched))
            watcher.EnableRaisingEvents = false;
        using var stop = new CancellationTokenSource();
        var shown = new TaskCompletionSource<string>();
        Task running = watched.RunAsync(_folder["other"], shown.SetResult, stop.Token);
        _folder.Write("in/one.ipynb", "50 + 5");
        TextWriter console = Console.Error;
        var errors = new StringWriter();
        Console.SetError(errors);
        try
        {
            watched.Failed(new InternalBufferOverflowException("Too many changes at once."));
        }
        finally
        {
            Console.SetError(console);
        }
        Assert.Contains("Too many changes at once.", errors.ToString());
        Assert.Contains("55</pre>", File.ReadAllText(Path.Combine(await shown.Task.WaitAsync(Patience), "one.html")));
        await stop.CancelAsync();
        await running;
    }

    private static IEnumerable<FileSystemWatcher> Watchers(WatchedNotebooks watched) =>
        (IEnumerable<FileSystemWatcher>)
            typeof(WatchedNotebooks)
                .GetField(
                    "_watchers",
                    System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance
                )!
                .GetValue(watched)!;

    private string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    private Task<string> Page(string name) => _client.GetStringAsync(new Uri(_address, $"{name}.html"));

    private Task Shows(string name, string text) =>
        WaitFor(async () =>
        {
            HttpResponseMessage page = await _client.GetAsync(new Uri(_address, $"{name}.html"));
            return (await page.Content.ReadAsStringAsync()).Contains(text, StringComparison.Ordinal);
        });

    private Task Says(string text) => WaitFor(() => Task.FromResult(Errors.Contains(text, StringComparison.Ordinal)));

    private async Task WaitFor(Func<Task<bool>> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < Patience, $"It did not happen within a minute; the server said: {Errors}");
            await Task.Delay(100);
        }
    }
}
