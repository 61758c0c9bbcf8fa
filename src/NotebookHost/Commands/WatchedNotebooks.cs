using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Threading.Channels;
using NotebookHost.Execution;
using NotebookHost.Notebooks;
using NotebookHost.Rendering;
using NotebookHost.Site;

namespace NotebookHost.Commands;

/// <summary>
/// Runs notebooks again when their files change, and shows what came out. An event of the file system only says that
/// something changed: what did is seen by comparing the files with what was last run, so that no change is lost where
/// events are. Of each notebook the pages show the last version that ran to its end.
/// </summary>
internal sealed class WatchedNotebooks : IDisposable
{
    private const string Texts = "*.md";

    /// <summary>An editor saves in several steps: files are compared when nothing has changed for this long.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    /// <summary>Where something changes all the time, files are compared after this long.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    private readonly IReadOnlyList<string> _paths;
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly Channel<Event> _events = Channel.CreateUnbounded<Event>();
    private readonly TemporaryFolder _kept = new("notebook-serve-");
    private readonly SemaphoreSlim _free = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>By path: the stamp of what was last run, or is running.</summary>
    private readonly Dictionary<string, string> _seen = [];
    private readonly Dictionary<string, string> _shown = [];
    private readonly Dictionary<string, (CancellationTokenSource Stop, Task Ended)> _running = [];
    private readonly bool _runs;
    private string _texts = "";
    private int _count;

    /// <summary>Begins to watch the notebooks that paths name; what changes from now on is not missed.</summary>
    /// <param name="paths">Notebooks, or folders of them.</param>
    /// <param name="runs">Whether a reader can run the cells on the pages.</param>
    public WatchedNotebooks(IReadOnlyList<string> paths, bool runs = false)
    {
        (_paths, _runs) = (paths, runs);
        try
        {
            _watchers.AddRange(paths.Select(Watch));
            foreach (NotebookFile file in NotebookFile.Find(paths))
                Remember(file);
            _texts = StampOfTexts(NotebookFile.Find(paths));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private abstract record Event;

    private sealed record Changed : Event;

    private sealed record Ended(NotebookFile File, string Stamp, Notebook? Executed, string? Problem) : Event;

    /// <summary>Runs what changes and shows it, until cancelled.</summary>
    /// <param name="site">The folder of the site.</param>
    /// <param name="show">Told where a new site is.</param>
    /// <param name="cancellation">Ends it, and what is running.</param>
    public async Task RunAsync(string site, Action<string> show, CancellationToken cancellation)
    {
        try
        {
            while (await _events.Reader.WaitToReadAsync(cancellation))
            {
                IReadOnlyList<Event> events = await GatherAsync(cancellation);
                try
                {
                    bool isNew = false;
                    foreach (Ended ended in events.OfType<Ended>())
                        isNew |= await KeepAsync(ended);
                    if (events.Any(e => e is Changed))
                        isNew |= await RunChangedAsync(cancellation);
                    if (isNew)
                        Show(site, show);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    // Whatever goes wrong with one save, the next one is still handled.
                    await Console.Error.WriteLineAsync(error.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C.
        }
        foreach ((CancellationTokenSource stop, Task ended) in _running.Values)
        {
            await stop.CancelAsync();
            await ended;
        }
    }

    /// <summary>Reports an error of a watcher, and compares every file, because events were lost.</summary>
    internal void Failed(Exception error)
    {
        Console.Error.WriteLine($"Watching met an error, so every notebook is looked at again: {error.Message}");
        _events.Writer.TryWrite(new Changed());
    }

    public void Dispose()
    {
        _watchers.ForEach(watcher => watcher.Dispose());
        _kept.Dispose();
    }

    private FileSystemWatcher Watch(string path)
    {
        bool isFile = File.Exists(path);
        string full = Path.GetFullPath(path);
        if (!isFile && !Directory.Exists(full))
            throw new NotebookException($"{path} does not exist; expected a notebook or a folder of notebooks.");
        var watcher = new FileSystemWatcher(isFile ? Path.GetDirectoryName(full)! : full)
        {
            IncludeSubdirectories = !isFile,
        };
        watcher.Filters.Add(isFile ? Path.GetFileName(full) : "*.ipynb");
        watcher.Filters.Add(Texts);
        void Note(object sender, FileSystemEventArgs change) => _events.Writer.TryWrite(new Changed());
        watcher.Changed += Note;
        watcher.Created += Note;
        watcher.Deleted += Note;
        watcher.Renamed += Note;
        watcher.Error += (_, error) => Failed(error.GetException());
        watcher.Error += (_, _) => Task.Run(() => Restart(watcher));
        watcher.EnableRaisingEvents = true;
        return watcher;
    }

    /// <summary>Restarts a watcher, which some errors stop.</summary>
    private static void Restart(FileSystemWatcher watcher)
    {
        try
        {
            watcher.EnableRaisingEvents = false;
            watcher.EnableRaisingEvents = true;
        }
        catch (Exception error) when (error is IOException or ArgumentException or ObjectDisposedException)
        {
            Console.Error.WriteLine($"{watcher.Path} is no longer watched: {error.Message}");
        }
    }

    private async Task<IReadOnlyList<Event>> GatherAsync(CancellationToken cancellation)
    {
        var events = new List<Event>();
        var waited = Stopwatch.StartNew();
        do
        {
            bool changes = false;
            while (_events.Reader.TryRead(out Event? next))
            {
                events.Add(next);
                changes |= next is Changed;
            }
            if (changes && waited.Elapsed < Longest)
                await Task.Delay(Quiet, cancellation);
        } while (_events.Reader.TryPeek(out _) && waited.Elapsed < Longest);
        return events;
    }

    /// <summary>Runs what differs from what was last run; true where the pages change at once.</summary>
    private async Task<bool> RunChangedAsync(CancellationToken cancellation)
    {
        IReadOnlyList<NotebookFile> files = NotebookFile.Find(_paths);
        foreach (NotebookFile file in files)
        {
            if (Stamp(file.Path) is not { } stamp || _seen.GetValueOrDefault(file.Path) == stamp)
                continue;
            await StopAsync(file.Path);
            _seen[file.Path] = stamp;
            var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            _running[file.Path] = (stop, Task.Run(() => RunAsync(file, stamp, stop.Token), CancellationToken.None));
        }
        string texts = StampOfTexts(files);
        bool isNew = _texts != texts;
        _texts = texts;
        foreach (string gone in _seen.Keys.Except(files.Select(file => file.Path)).ToArray())
        {
            _seen.Remove(gone);
            isNew |= _shown.Remove(gone);
            await StopAsync(gone);
        }
        return isNew;
    }

    private async Task StopAsync(string path)
    {
        if (!_running.Remove(path, out (CancellationTokenSource Stop, Task Ended) run))
            return;
        await run.Stop.CancelAsync();
        await run.Ended;
        run.Stop.Dispose();
    }

    private async Task RunAsync(NotebookFile file, string stamp, CancellationToken stop)
    {
        try
        {
            await _free.WaitAsync(stop);
            try
            {
                Notebook notebook = Notebook.Read(file.Path);
                await ReferencedProjects.BuildAsync([(notebook, file.Folder)], stop);
                using var pictures = new Pictures();
                NotebookRun run = await RunCommand.RunAsync(
                    file,
                    notebook,
                    new RunOptions(),
                    pictures,
                    _ => { },
                    Console.WriteLine,
                    stop
                );
                _events.Writer.TryWrite(new Ended(file, stamp, run.Executed, RunCommand.Problem(file, run)));
            }
            finally
            {
                _free.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // A newer version runs instead.
        }
        catch (Exception error)
        {
            _events.Writer.TryWrite(new Ended(file, stamp, null, error.Message));
        }
    }

    /// <summary>Keeps what a run gave for the pages, unless the notebook has changed again meanwhile.</summary>
    private async Task<bool> KeepAsync(Ended ended)
    {
        if (_seen.GetValueOrDefault(ended.File.Path) != ended.Stamp)
            return false;
        if (_running.Remove(ended.File.Path, out (CancellationTokenSource Stop, Task Ended) run))
            run.Stop.Dispose();
        if (ended.Problem is { } problem)
        {
            await Console.Error.WriteLineAsync(problem);
            return false;
        }
        string kept = NewKept(ended.File);
        ended.Executed!.Write(kept);
        _shown[ended.File.Path] = kept;
        return true;
    }

    /// <summary>The version of a notebook that the first pages show.</summary>
    private void Remember(NotebookFile file)
    {
        if (Stamp(file.Path) is not { } stamp)
            return;
        _seen[file.Path] = stamp;
        string kept = NewKept(file);
        File.Copy(file.Path, kept, overwrite: true);
        _shown[file.Path] = kept;
    }

    private string NewKept(NotebookFile file) =>
        _shown.GetValueOrDefault(file.Path)
        ?? Path.Combine(_kept.Path, string.Create(CultureInfo.InvariantCulture, $"{++_count}.ipynb"));

    private void Show(string site, Action<string> show)
    {
        string[] files = [.. NotebookFile.Find(_paths).Select(file => file.Path).Where(_shown.ContainsKey)];
        SiteWriter.Write(files, site, _shown, runs: _runs);
        show(site);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Site rebuilt at {DateTime.Now:HH:mm:ss}."));
    }

    /// <summary>What a save changes, also one of the same bytes; null where the file cannot be read at this moment.</summary>
    private static string? Stamp(string path)
    {
        try
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{File.GetLastWriteTimeUtc(path).Ticks} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}"
            );
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The texts beside the first notebook, which the pages show.</summary>
    private static string StampOfTexts(IReadOnlyList<NotebookFile> files) =>
        string.Join('\n', Directory.EnumerateFiles(files[0].Folder, Texts).Order(StringComparer.Ordinal).Select(Stamp));
}
