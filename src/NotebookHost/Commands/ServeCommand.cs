using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Threading.Channels;
using NotebookHost.Notebooks;
using NotebookHost.Site;

namespace NotebookHost.Commands;

/// <summary>The verb <c>serve</c>.</summary>
internal static class ServeCommand
{
    /// <summary>An editor saves in several steps; a notebook is run when nothing has changed for so long.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    public static Command Create()
    {
        Argument<string[]> paths = SiteCommand.Paths();
        Option<string> output = SiteCommand.Output();
        var port = new Option<int?>("--port")
        {
            Description = "Where to listen; default the first free port from 8000.",
            HelpName = "number",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (
                    int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                    && number is > 0 and <= IPEndPoint.MaxPort
                )
                    return number;
                result.AddError($"--port is {text}; expected a whole number from 1 to {IPEndPoint.MaxPort}.");
                return null;
            },
        };
        var watch = new Option<bool>("--watch")
        {
            Description =
                "Run a notebook again when its file changes, and reload the open pages. The file stays as it is.",
        };
        var command = new Command("serve", "Writes the site and serves it to this machine alone, until Ctrl+C.")
        {
            paths,
            output,
            port,
            watch,
        };
        command.SetAction(
            (parsed, cancellation) =>
                RunAsync(
                    parsed.GetRequiredValue(paths),
                    parsed.GetRequiredValue(output),
                    parsed.GetValue(port),
                    parsed.GetValue(watch),
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
        CancellationToken cancellation
    )
    {
        // A signal is answered cleanly from the first await on.
        await Task.Yield();
        // What is watched before the site is written cannot change unseen.
        var changes = Channel.CreateUnbounded<string>();
        var watchers = new List<FileSystemWatcher>();
        DirectoryInfo executed = Directory.CreateTempSubdirectory("notebook-serve-");
        try
        {
            if (watch)
                watchers.AddRange(paths.Select(path => Watch(path, changes.Writer)));
            SiteWriter.Write([.. NotebookFile.Find(paths).Select(file => file.Path)], folder);
            using var server = SiteServer.Start(folder, port, watch);
            Console.WriteLine($"Open {server.Address}; Ctrl+C ends.");
            Task watching = watch
                ? WatchAsync(paths, folder, executed.FullName, changes.Reader, server, cancellation)
                : Task.CompletedTask;
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
        catch (Exception error) when (error is NotebookException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
        finally
        {
            watchers.ForEach(watcher => watcher.Dispose());
            executed.Delete(recursive: true);
        }
    }

    private static FileSystemWatcher Watch(string path, ChannelWriter<string> changes)
    {
        bool isFile = File.Exists(path);
        string full = Path.GetFullPath(path);
        if (!isFile && !Directory.Exists(full))
            throw new NotebookException($"{path} does not exist; expected a notebook or a folder of notebooks.");
        var watcher = new FileSystemWatcher(
            isFile ? Path.GetDirectoryName(full)! : full,
            isFile ? Path.GetFileName(full) : "*.ipynb"
        )
        {
            IncludeSubdirectories = !isFile,
        };
        void Note(object sender, FileSystemEventArgs change) => changes.TryWrite(change.FullPath);
        watcher.Changed += Note;
        watcher.Created += Note;
        watcher.Deleted += Note;
        watcher.Renamed += Note;
        watcher.EnableRaisingEvents = true;
        return watcher;
    }

    /// <summary>Runs what changed and shows it; a notebook that fails leaves the pages as they are.</summary>
    private static async Task WatchAsync(
        string[] paths,
        string folder,
        string executed,
        ChannelReader<string> changes,
        SiteServer server,
        CancellationToken cancellation
    )
    {
        var outputs = new Dictionary<string, string>();
        try
        {
            while (await changes.WaitToReadAsync(cancellation))
            {
                var changed = new HashSet<string>();
                while (changes.TryRead(out string? path))
                {
                    changed.Add(path);
                    if (!changes.TryPeek(out _))
                        await Task.Delay(Quiet, cancellation);
                }
                await ShowAsync(paths, folder, executed, changed, outputs, server, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C.
        }
    }

    private static async Task ShowAsync(
        string[] paths,
        string folder,
        string executed,
        HashSet<string> changed,
        Dictionary<string, string> outputs,
        SiteServer server,
        CancellationToken cancellation
    )
    {
        try
        {
            IReadOnlyList<NotebookFile> files = NotebookFile.Find(paths);
            foreach (NotebookFile file in files.Where(file => changed.Contains(Path.GetFullPath(file.Path))))
            {
                var options = new RunOptions { Paths = [file.Path], Output = executed };
                if (await RunCommand.RunAsync(options, cancellation) != 0)
                    return;
                string kept = outputs.GetValueOrDefault(file.Path) ?? Path.Combine(executed, $"{outputs.Count}.kept");
                File.Move(Path.Combine(executed, Path.GetFileName(file.Path)), kept, overwrite: true);
                outputs[file.Path] = kept;
            }
            SiteWriter.Write([.. files.Select(file => file.Path)], folder, outputs);
            server.Replace(folder);
            Console.WriteLine($"Pages are new at {DateTime.Now:T}.");
        }
        catch (Exception error) when (error is NotebookException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(error.Message);
        }
    }
}
