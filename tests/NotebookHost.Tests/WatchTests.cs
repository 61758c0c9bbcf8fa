using System.Net.Sockets;
using System.Text;
using NotebookHost.Commands;

namespace NotebookHost.Tests;

/// <summary>What serve --watch survives.</summary>
public sealed class WatchTests : IAsyncLifetime
{
    private readonly NotebookFolder _folder = new();
    private WatchingServer _server = null!;

    public async Task InitializeAsync()
    {
        _folder.Write("in/one.ipynb", "1");
        _folder.Write("in/two.ipynb", "2");
        _folder.WriteText("in/glossary.md", "# Glossary\n\nfirstword\n");
        _server = await WatchingServer.StartAsync(_folder, "in");
    }

    public Task DisposeAsync()
    {
        _server.Dispose();
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task AFailingOrHalfWrittenNotebookTakesNothingFromTheOthers()
    {
        string before = await Page("one");
        _folder.Write("in/one.ipynb", "nonsense");
        _folder.Write("in/two.ipynb", "20 + 2");
        await _server.WaitUntilPageShowsAsync("two", "22</pre>");
        await _server.WaitUntilItReportsAsync("in/one.ipynb, cell 1, line 1");
        Assert.Equal(
            before[..before.LastIndexOf("<script", StringComparison.Ordinal)],
            (await Page("one"))[..before.LastIndexOf("<script", StringComparison.Ordinal)]
        );

        string whole = File.ReadAllText(_folder.Write("draft.ipynb", "30 + 3"));
        _folder.WriteText("in/one.ipynb", whole[..(whole.Length / 2)]);
        await _server.WaitUntilItReportsAsync("in/one.ipynb is not JSON");
        _folder.WriteText("in/one.ipynb", whole);
        await _server.WaitUntilPageShowsAsync("one", "33</pre>");

        _folder.Write("in/three.ipynb", "40 + 4");
        await _server.WaitUntilPageShowsAsync("three", "44</pre>");
        File.Delete(_folder["in/two.ipynb"]);
        await _server.WaitUntilAsync(async () =>
            !(await _server.Client.GetAsync(_server.Page("two"))).IsSuccessStatusCode
        );
    }

    [Fact]
    public async Task AnEndlessLoopIsKilledByTheNextSaveAndOthersGoOnMeanwhile()
    {
        _folder.Write("in/one.ipynb", "System.IO.File.WriteAllText(\"started\", \"\"); while (true);");
        await _server.WaitUntilAsync(() => Task.FromResult(File.Exists(_folder["in/started"])));
        _folder.Write("in/two.ipynb", "20 + 2");
        await _server.WaitUntilPageShowsAsync("two", "22</pre>");
        _folder.Write("in/one.ipynb", "10 + 1");
        await _server.WaitUntilPageShowsAsync("one", "11</pre>");
        Assert.Equal("", _server.Errors.Trim());
    }

    [Fact]
    public async Task NoSaveIsLostHoweverManyThereAre()
    {
        for (int i = 0; i < 60; i++)
        {
            _folder.Write("in/one.ipynb", $"1000 + {i}");
            await Task.Delay(i % 7 * 20);
        }
        await _server.WaitUntilPageShowsAsync("one", "1059</pre>");
    }

    [Fact]
    public async Task TheTextsThatThePagesShowAreWatchedToo()
    {
        Assert.Contains("firstword", await Page("glossary"));
        _folder.WriteText("in/glossary.md", "# Glossary\n\nsecondword\n");
        await _server.WaitUntilPageShowsAsync("glossary", "secondword");
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
                await client.ConnectAsync(_server.Address.Host, _server.Address.Port);
                if (i % 2 == 0)
                    await client
                        .GetStream()
                        .WriteAsync(
                            Encoding.ASCII.GetBytes(
                                $"GET /assets/plotly/plotly.min.js HTTP/1.1\r\nHost: {_server.Address.Authority}\r\n\r\n"
                            )
                        );
                else if (i % 4 == 1)
                    await client.GetStream().WriteAsync("GET / HT"u8.ToArray());
            }
            Assert.Contains("</html>", await Page("one").WaitAsync(TimeSpan.FromMinutes(1)));
            _folder.Write("in/one.ipynb", "10 + 1");
            await _server.WaitUntilPageShowsAsync("one", "11</pre>");
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
        Assert.Contains(
            "55</pre>",
            File.ReadAllText(Path.Combine(await shown.Task.WaitAsync(WatchingServer.Patience), "one.html"))
        );
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

    private Task<string> Page(string name) => _server.Client.GetStringAsync(_server.Page(name));
}
