namespace NotebookHost.Commands;

/// <summary>The main job: run the whole course, write the site, say where to open it.</summary>
internal static class CourseCommand
{
    /// <summary>Returns 0 only if every notebook ran and the site was written.</summary>
    public static async Task<int> RunAsync(CancellationToken cancellation)
    {
        var everything = new RunOptions(
            [RunCommand.DefaultFolder],
            RunCommand.DefaultOutput,
            Check: false,
            InPlace: false,
            TimeSpan.FromSeconds(RunCommand.DefaultTimeout),
            Environment.ProcessorCount
        );
        int failed = await RunCommand.RunAsync(everything, cancellation);
        return failed != 0 ? failed : SiteCommand.Write([RunCommand.DefaultOutput], SiteCommand.DefaultOutput);
    }
}
