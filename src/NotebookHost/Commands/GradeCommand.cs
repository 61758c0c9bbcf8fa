using System.CommandLine;
using System.Globalization;
using System.Text;
using NotebookHost.Grading;
using NotebookHost.Notebooks;

namespace NotebookHost.Commands;

/// <summary>The verb <c>grade</c>.</summary>
internal static class GradeCommand
{
    private const string DefaultCourse = "notebooks";

    private sealed record Options
    {
        public string? Submissions { get; init; }
        public string? Course { get; init; }
        public string? Csv { get; init; }
        public string? Page { get; init; }
        public int Jobs { get; init; } = Environment.ProcessorCount;
        public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);
    }

    public static Command Create()
    {
        var standard = new Options();
        var submissions = new Argument<string?>("submissions")
        {
            Description =
                "A folder with a notebook, or a folder of notebooks, for each student. Nothing in it is ever written to.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> course = Course(
            "The folder of the course's notebooks, with which submissions are compared and whose library judges them."
        );
        var output = new Option<string?>("--output")
        {
            Description = "Write the table as comma-separated values to this file.",
            HelpName = "report.csv",
        };
        var page = new Option<string?>("--html")
        {
            Description = "Write the table, with the reason of each mark, as a page to this file.",
            HelpName = "report.html",
        };
        var timeout = new Option<int>("--timeout")
        {
            Description = "The time that one submission may take; one cell of it may take a quarter.",
            HelpName = "seconds",
            DefaultValueFactory = _ => (int)standard.Timeout.TotalSeconds,
            CustomParser = result => RunCommand.WholeNumber(result, "--timeout", 1_000_000),
        };
        var jobs = new Option<int>("--jobs")
        {
            Description = "How many submissions run at a time; default the number of processors here.",
            HelpName = "number",
            DefaultValueFactory = _ => standard.Jobs,
            CustomParser = result => RunCommand.WholeNumber(result, "--jobs", 1_000_000),
        };
        var selfTest = new Option<bool>("--selftest")
        {
            Description =
                "Grade the course itself: its solutions, which must all pass, and its untouched notebooks, which must all be open.",
        };
        var command = new Command(
            "grade",
            "Judges the exercises in students' notebooks by the course's own checks, a point for each that passes. A submission runs in "
                + "a process of its own with limits on time, memory (1 GB for its objects, 2 GB in all) and output (10 million characters "
                + "a cell); on Linux also without a network and without writing outside an empty folder, where the "
                + "program unshare and Landlock work without rights of their own, and the report says where they do not. Cells of the course that "
                + "are unchanged and on which no answer depends are not run. Code that uses what no exercise needs (files, "
                + "processes, reflection, threads, unsafe code, other libraries) is not run: such a submission is reported as "
                + "not graded, for you to look at. Exit code 0 when every submission was graded, whatever its marks, else 1."
        )
        {
            submissions,
            course,
            output,
            page,
            jobs,
            timeout,
            selfTest,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(submissions) is null != result.GetValue(selfTest))
                result.AddError(
                    result.GetValue(selfTest)
                        ? "--selftest grades the course itself; expected no submissions beside it."
                        : "No submissions were named; expected a folder, or --selftest."
                );
        });
        command.SetAction(
            (parsed, cancellation) =>
                RunAsync(
                    new Options
                    {
                        Submissions = parsed.GetValue(submissions),
                        Course = parsed.GetValue(course),
                        Csv = parsed.GetValue(output),
                        Page = parsed.GetValue(page),
                        Jobs = parsed.GetValue(jobs),
                        Timeout = TimeSpan.FromSeconds(parsed.GetValue(timeout)),
                    },
                    cancellation
                )
        );
        return command;
    }

    /// <summary>The folder of the course.</summary>
    /// <param name="description">What it is for.</param>
    public static Option<string?> Course(string description) =>
        new("--course")
        {
            Description = description + " Default the folder notebooks here, or beside this program.",
            HelpName = "folder",
        };

    private static async Task<int> RunAsync(Options options, CancellationToken cancellation)
    {
        try
        {
            string folder = options.Course ?? DefaultFolder();
            IReadOnlyList<CourseNotebook> course = await CourseNotebook.ReadAllAsync(folder);
            using TemporaryFolder? own = options.Submissions is null ? new TemporaryFolder("notebook-selftest-") : null;
            if (own is not null)
                SelfTest.Write(course, folder, own.Path);
            IReadOnlyList<Submission> submissions = Submission.Find(own?.Path ?? options.Submissions!);
            RefuseToOverwrite(submissions, options);
            var limits = new GradingLimits(options.Timeout, await Confinement.FindAsync(cancellation));
            GradedSubmission[] graded = await GradeAsync(submissions, course, limits, options.Jobs, cancellation);
            var report = new GradeReport(graded, limits.Confinement);
            Write(options.Csv, report.Csv());
            Write(options.Page, report.Page());
            Console.Write(report.Text());
            string[] faults = own is null ? [] : [.. SelfTest.Faults(graded)];
            foreach (string fault in faults)
                await Console.Error.WriteLineAsync(fault);
            return faults.Length > 0 || graded.Any(one => one.NeedsLook) ? 1 : 0;
        }
        catch (Exception error) when (RunCommand.IsExpected(error))
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return 1;
        }
    }

    private static async Task<GradedSubmission[]> GradeAsync(
        IReadOnlyList<Submission> submissions,
        IReadOnlyList<CourseNotebook> course,
        GradingLimits limits,
        int jobs,
        CancellationToken cancellation
    )
    {
        var graded = new GradedSubmission[submissions.Count];
        int done = 0;
        await Parallel.ForAsync(
            0,
            submissions.Count,
            new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancellation },
            async (i, stop) =>
            {
                graded[i] = await GradedSubmission.OfAsync(submissions[i], course, limits, stop);
                int count = Interlocked.Increment(ref done);
                if (!Console.IsOutputRedirected)
                    Console.Write(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"\r{count} of {submissions.Count}{(count == submissions.Count ? "\n" : "")}"
                        )
                    );
            }
        );
        return graded;
    }

    /// <summary>The folder notebooks here, or in a folder that this program lies below.</summary>
    public static string DefaultFolder()
    {
        if (Directory.Exists(DefaultCourse))
            return DefaultCourse;
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (Path.Combine(at.FullName, DefaultCourse) is var folder && Directory.Exists(folder))
                return folder;
        return DefaultCourse;
    }

    private static void RefuseToOverwrite(IReadOnlyList<Submission> submissions, Options options)
    {
        HashSet<string> kept = [.. submissions.Select(one => FileIdentity.Of(one.Path)?.Key).OfType<string>()];
        foreach ((string option, string? path) in new[] { ("--output", options.Csv), ("--html", options.Page) })
            if (path is not null && FileIdentity.Of(path)?.Key is { } key && kept.Contains(key))
                throw new NotebookException($"{option} {path} is a submission; expected another file.");
        if (options.Csv is { } csv && options.Page is { } page && Path.GetFullPath(csv) == Path.GetFullPath(page))
            throw new NotebookException($"--output and --html are both {csv}; expected two files.");
    }

    private static void Write(string? path, string text)
    {
        if (path is null)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        SafeFile.Write(path, Encoding.UTF8.GetBytes(text));
    }
}
