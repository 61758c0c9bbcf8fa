namespace NotebookHost.Commands;

/// <summary>The main job: run the whole course, write the site, say where to open it.</summary>
internal static class CourseCommand
{
    /// <summary>Returns 0 only if every notebook ran and the site was written.</summary>
    public static async Task<int> RunAsync(CancellationToken cancellation)
    {
        var options = new RunOptions();
        int code = await RunCommand.RunAsync(options, cancellation);
        return code != 0 ? code : SiteCommand.Write(options.Paths, SiteCommand.DefaultOutput, options.OutputFolder);
    }
}
