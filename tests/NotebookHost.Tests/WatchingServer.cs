using System.Diagnostics;
using System.Text;
using NotebookHost.Execution;

namespace NotebookHost.Tests;

/// <summary>A folder of notebooks that <c>serve --watch</c> shows, in a process of its own.</summary>
internal sealed class WatchingServer : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly StringBuilder _errors = new();

    private WatchingServer(ChildProcess process) => Process = process;

    public ChildProcess Process { get; }

    public Uri Address { get; private set; } = null!;

    public HttpClient Client { get; } = new();

    /// <summary>What it has written to the standard error.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    /// <summary>Serves a folder in another, and waits until it says where.</summary>
    public static async Task<WatchingServer> StartAsync(NotebookFolder folder, string notebooks)
    {
        string[] command = [HostProgram.Path, "serve", notebooks, "--watch", "--no-run", "--output", "site"];
        var server = new WatchingServer(
            new ChildProcess(new ChildStart(Programs.DotNet, command) { Folder = folder.Root })
        );
        _ = server.ReadAsync(server.Process.Errors, server._errors);
        string first = await server.Process.Output.ReadLineAsync().WaitAsync(Patience) ?? server.Errors;
        _ = server.ReadAsync(server.Process.Output, new StringBuilder());
        Assert.StartsWith("Open http://127.0.0.1:", first, StringComparison.Ordinal);
        server.Address = new Uri(first["Open ".Length..first.IndexOf(';', StringComparison.Ordinal)]);
        return server;
    }

    public Uri Page(string name) => new(Address, $"{name}.html");

    public Task WaitUntilPageShowsAsync(string name, string text) =>
        WaitUntilAsync(async () =>
        {
            HttpResponseMessage page = await Client.GetAsync(Page(name));
            return (await page.Content.ReadAsStringAsync()).Contains(text, StringComparison.Ordinal);
        });

    public Task WaitUntilItReportsAsync(string text) =>
        WaitUntilAsync(() => Task.FromResult(Errors.Contains(text, StringComparison.Ordinal)));

    public async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < Patience, $"It did not happen within a minute; the server said: {Errors}");
            await Task.Delay(100);
        }
    }

    public void Dispose()
    {
        Process.Dispose();
        Client.Dispose();
    }

    private async Task ReadAsync(StreamReader stream, StringBuilder text)
    {
        while (await stream.ReadLineAsync() is { } line)
            lock (_errors)
                text.AppendLine(line);
    }
}
