using System.CommandLine;
using System.Net;
using NotebookHost.Site;

namespace NotebookHost.Commands;

/// <summary>The verb <c>serve</c>.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        Argument<string[]> paths = SiteCommand.Paths();
        Option<string> output = SiteCommand.Output();
        var port = new Option<int?>("--port")
        {
            Description = "Where to listen; default the first free port from 8000.",
            HelpName = "number",
            CustomParser = result => RunCommand.WholeNumber(result, "--port", IPEndPoint.MaxPort),
        };
        var watch = new Option<bool>("--watch")
        {
            Description =
                "Run a notebook again when its file changes, and reload the open pages. The file stays as it is. A run that "
                + "the next save overtakes is stopped.",
        };
        Option<bool> noRun = SiteCommand.NoRun();
        var command = new Command("serve", "Writes the site and serves it to this machine alone, until Ctrl+C.")
        {
            paths,
            output,
            port,
            watch,
            noRun,
        };
        command.SetAction(
            (parsed, cancellation) =>
                RunAsync(
                    parsed.GetRequiredValue(paths),
                    parsed.GetRequiredValue(output),
                    parsed.GetValue(port),
                    parsed.GetValue(watch),
                    SiteCommand.Runs(parsed.GetValue(noRun)),
                    cancellation
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        string[] paths,
        string folder,
        int? port,
        bool watch,
        bool runs,
        CancellationToken cancellation
    )
    {
        // A signal is answered cleanly from the first await on.
        await Task.Yield();
        try
        {
            using var watched = watch ? new WatchedNotebooks(paths, runs) : null;
            IReadOnlyList<NotebookFile> files = NotebookFile.Find(paths);
            SiteCommand.Report(files, SiteWriter.Write([.. files.Select(file => file.Path)], folder, runs: runs));
            if (runs)
                await BrowserRuntime.PlaceAsync(folder, files.Select(file => file.Path), cancellation);
            using var server = SiteServer.Start(folder, port, watch);
            Console.WriteLine($"Open {server.Address}; Ctrl+C ends.");
            Task watching = watched?.RunAsync(folder, server.Replace, cancellation) ?? Task.CompletedTask;
            await server.RunAsync(cancellation);
            await watching;
            return 0;
        }
        catch (HttpListenerException error)
        {
            string place = port is null ? "no port from 8000 is free" : $"--port {port} cannot be used";
            await Console.Error.WriteLineAsync($"{place}: {error.Message}.");
            return 1;
        }
        catch (Exception error) when (RunCommand.IsExpected(error))
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }
}
