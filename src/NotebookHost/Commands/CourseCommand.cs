using System.CommandLine;
using System.Globalization;
using NotebookHost.Notebooks;
using NotebookHost.Site;

namespace NotebookHost.Commands;

/// <summary>The main job: show the course at once, run what changed, show what came out.</summary>
internal static class CourseCommand
{
    private const string LockName = ".course.lock";

    /// <summary>What a system says of a lock that another process holds: EAGAIN of Linux and of BSD, and Windows.</summary>
    private static readonly int[] Locked = [11, 35, unchecked((int)0x80070020)];

    /// <summary>Makes it what the program does without a verb.</summary>
    public static void AddTo(RootCommand root)
    {
        var all = new Option<bool>("--all")
        {
            Description = "Also run the notebooks that are unchanged since their last run.",
        };
        Option<bool> noRun = SiteCommand.NoRun();
        root.Add(all);
        root.Add(noRun);
        root.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(all), parsed.GetValue(noRun), cancellation));
    }

    /// <summary>Returns 0 only if every notebook ran, or is unchanged since it did, and every page was written.</summary>
    private static async Task<int> RunAsync(bool all, bool noRun, CancellationToken cancellation)
    {
        // A signal is answered cleanly from the first await on.
        await Task.Yield();
        try
        {
            var options = new RunOptions();
            IReadOnlyList<NotebookFile> files = NotebookFile.Find(options.Paths);
            using FileStream claim = Claim(options.OutputFolder!);
            bool runs = SiteCommand.Runs(noRun);
            var course = new CourseRun(files, options, SiteCommand.DefaultOutput, all, runs);
            course.WriteSite();
            Console.WriteLine($"Open {SiteCommand.Address(SiteCommand.DefaultOutput)}");
            if (course.Unchanged > 0)
                Console.WriteLine(Unchanged(course.Unchanged));
            Task PlaceAsync() =>
                BrowserRuntime.PlaceAsync(SiteCommand.DefaultOutput, files.Select(file => file.Path), cancellation);
            async Task PlaceFirstAsync()
            {
                bool isMade = BrowserRuntime.IsMade;
                if (!isMade)
                    Console.WriteLine("What runs C# on the pages is published first, which takes a minute or two.");
                await PlaceAsync();
                if (!isMade)
                    Console.WriteLine("Run works on the pages now.");
            }
            Task placed = runs ? PlaceFirstAsync() : Task.CompletedTask;
            await Task.WhenAny(placed); // Beside the notebooks it would take three times as long; a failure is told after them.
            int code = await RunCommand.RunAsync(files, options, course, cancellation);
            await placed;
            if (runs) // The run may have written the whole site anew.
                await PlaceAsync();
            return code;
        }
        catch (Exception error) when (RunCommand.IsExpected(error))
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(
                "Stopped. The site shows the notebooks that ended; the next run executes the others."
            );
            return 1;
        }
    }

    private static string Unchanged(int count) =>
        count == 1
            ? "1 notebook is unchanged since it last ran and counts as passed; --all runs it too."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{count} notebooks are unchanged since they last ran and count as passed; --all runs them too."
            );

    /// <summary>Two runs at once would write over each other: the second one is refused, as long as the first one lives.</summary>
    private static FileStream Claim(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(
                Path.Combine(folder, LockName),
                FileMode.OpenOrCreate,
                FileAccess.Write,
                FileShare.None,
                1,
                FileOptions.DeleteOnClose
            );
        }
        catch (IOException error) when (Locked.Contains(error.HResult))
        {
            throw new NotebookException($"Another run of the course writes to {folder}; wait until it has ended.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new NotebookException($"The executed notebooks cannot be written to {folder}: {error.Message}");
        }
    }
}
