using NotebookHost.Execution;
using NotebookHost.Notebooks;
using NotebookHost.Site;

namespace NotebookHost.Commands;

/// <summary>
/// What the main job adds to a run: notebooks that are unchanged since they last ran are left alone, and the page of each
/// other is replaced when it ends.
/// </summary>
internal sealed class CourseRun
{
    private readonly LastRuns _last;
    private readonly SiteWriter _site;
    private readonly HashSet<string> _unchanged;

    /// <param name="files">The notebooks, in the order of reading.</param>
    /// <param name="options">Where the executed notebooks are.</param>
    /// <param name="site">The folder of the pages.</param>
    /// <param name="all">Whether those that are unchanged run too.</param>
    /// <param name="runs">Whether a reader can run the cells on the pages.</param>
    public CourseRun(IReadOnlyList<NotebookFile> files, RunOptions options, string site, bool all, bool runs)
    {
        _last = new LastRuns(options.OutputFolder!);
        NotebookFile[] unchanged = all ? [] : [.. files.AsParallel().Where(_last.IsUnchanged)];
        _unchanged = [.. unchanged.Select(file => file.Path)];
        _site = new SiteWriter(
            [.. files.Select(file => file.Path)],
            site,
            unchanged.ToDictionary(file => file.Path, _last.Executed),
            runs: runs
        );
    }

    /// <summary>How many notebooks need not run.</summary>
    public int Unchanged => _unchanged.Count;

    /// <summary>Whether a notebook need not run.</summary>
    public bool IsUnchanged(NotebookFile file) => _unchanged.Contains(file.Path);

    /// <inheritdoc cref="LastRuns.Duration"/>
    public TimeSpan? Duration(NotebookFile file) => _last.Duration(file);

    /// <summary>Writes all pages: from the last run where that is still true, else from the outputs that the notebooks hold.</summary>
    public IReadOnlyList<LeftOut> WriteSite() => _site.Write();

    /// <summary>Writes the pages that gather from several notebooks, where one of them was replaced.</summary>
    public IReadOnlyList<LeftOut> FinishSite() => _site.Finish();

    /// <summary>A hash of what a notebook is about to run with; null where a file cannot be read, so that it runs the next time too.</summary>
    public static string? Inputs(NotebookFile file, Notebook notebook)
    {
        try
        {
            return LastRuns.Inputs(notebook, file.Folder);
        }
        catch (Exception error) when (RunCommand.IsExpected(error))
        {
            return null;
        }
    }

    /// <summary>Shows what a notebook gave, and keeps what is known of its run; returns what went wrong.</summary>
    /// <param name="file">The notebook.</param>
    /// <param name="run">Its run, which ended well and is written.</param>
    /// <param name="inputs">What it ran with; null where the next time it is to run again.</param>
    public string? Keep(NotebookFile file, NotebookRun run, string? inputs)
    {
        try
        {
            _site.Replace(file.Path, _last.Executed(file));
            if (inputs is not null)
                _last.Keep(file, inputs, run.Elapsed);
            return null;
        }
        catch (Exception error) when (RunCommand.IsExpected(error))
        {
            return $"{file.Path} ran, but its page could not be replaced: {error.Message}";
        }
    }
}
