using System.Collections.Concurrent;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using NotebookHost.Execution;
using NotebookHost.Notebooks;
using NotebookHost.Rendering;
using NotebookHost.Site;

namespace NotebookHost.Commands;

/// <summary>The verb <c>run</c>.</summary>
internal static class RunCommand
{
    private const int Most = 1_000_000;

    public static Command Create()
    {
        var standard = new RunOptions();
        var paths = new Argument<string[]>("paths")
        {
            Description = "Notebooks, or folders of notebooks at any depth.",
            DefaultValueFactory = _ => [.. standard.Paths],
        };
        var output = new Option<string?>("--output")
        {
            Description =
                "The folder for the executed notebooks, under the names that they have below the folder given. "
                + $"Default {standard.OutputFolder}, or none with --check or --in-place.",
            HelpName = "folder",
        };
        var check = new Option<bool>("--check")
        {
            Description = "Compare each executed notebook with its file, byte for byte, and fail where they differ.",
        };
        var inPlace = new Option<bool>("--in-place")
        {
            Description =
                "Write each executed notebook over its file, in one move and only when all of its cells ran. A file that "
                + "changed meanwhile is left alone, and the result is written beside it.",
        };
        Option<int> timeout = Count(
            "--timeout",
            "seconds",
            "The time that one notebook may take.",
            (int)standard.Timeout.TotalSeconds
        );
        Option<int> jobs = Count(
            "--jobs",
            "number",
            "How many notebooks run at a time; default the number of processors here.",
            standard.Jobs
        );
        var times = new Option<bool>("--times")
        {
            Description = "At the end, list the cells that took longest, with the time that they kept processors busy.",
        };
        var command = new Command(
            "run",
            "Runs notebooks, each in a process of its own with its folder as current directory. Exit code 0 when all "
                + "cells of all notebooks ran, else 1; of a folder, notebooks of other languages are left out. The tags "
                + "raises-exception and skip-execution are heeded. The input stays untouched without --in-place."
        )
        {
            paths,
            output,
            check,
            inPlace,
            timeout,
            jobs,
            times,
        };
        paths.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => token.Value.StartsWith('-')) is { } option)
                result.AddError($"{option.Value} is not an option of run; see run --help.");
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(check) && result.GetValue(inPlace))
                result.AddError("--check and --in-place were both given; expected one of them.");
        });
        command.SetAction(
            (parsed, cancellation) =>
                RunAsync(
                    new RunOptions
                    {
                        Paths = parsed.GetRequiredValue(paths),
                        Output = parsed.GetValue(output),
                        Check = parsed.GetValue(check),
                        InPlace = parsed.GetValue(inPlace),
                        Timeout = TimeSpan.FromSeconds(parsed.GetValue(timeout)),
                        Jobs = parsed.GetValue(jobs),
                        Times = parsed.GetValue(times),
                    },
                    cancellation
                )
        );
        return command;
    }

    /// <summary>
    /// Runs notebooks, those that took longest the last time first, and reports on the console; returns the exit code.
    /// </summary>
    /// <param name="files">The notebooks.</param>
    /// <param name="options">What to do with what comes out.</param>
    /// <param name="course">Where this is the main job: what it adds.</param>
    /// <param name="cancellation">Kills what runs.</param>
    public static async Task<int> RunAsync(
        IReadOnlyList<NotebookFile> files,
        RunOptions options,
        CourseRun? course,
        CancellationToken cancellation
    )
    {
        RefuseToOverwrite(files, options);
        Clean(files, options);
        (int failed, int leftOut) = (0, 0);
        var read = new List<(NotebookFile File, Notebook Notebook)>();
        var unread = new HashSet<string>();
        foreach (NotebookFile file in files.Where(file => course?.IsUnchanged(file) != true))
            try
            {
                read.Add((file, Notebook.Read(file.Path)));
            }
            catch (NotebookException reason) when (!file.IsFailure(reason))
            {
                leftOut++;
                unread.Add(file.Path);
                Console.WriteLine($"{reason.Message} It is left out.");
            }
            catch (Exception error) when (IsExpected(error))
            {
                failed++;
                unread.Add(file.Path);
                await Console.Error.WriteLineAsync(error.Message);
            }
        if (leftOut == files.Count)
            throw new NotebookException("There is no C# notebook to run.");
        await ReferencedProjects.BuildAsync(read.Select(input => (input.Notebook, input.File.Folder)), cancellation);
        (NotebookFile File, Notebook Notebook, TimeSpan? Expected)[] inputs =
        [
            .. read.Select(input => (input.File, input.Notebook, Expected: course?.Duration(input.File)))
                .OrderByDescending(input => input.Expected ?? TimeSpan.MaxValue),
        ];
        var runs = new ConcurrentBag<(string Path, NotebookRun Run)>();
        var notes = new ConcurrentBag<string>();
        await using RunProgress progress = await RunProgress.StartAsync(
            [.. inputs.Select(input => (input.File.Path, input.Notebook.CodeCells.Count, input.Expected))],
            options.Jobs
        );
        using var pictures = new Pictures();
        await Parallel.ForAsync(
            0,
            inputs.Length,
            new ParallelOptions { MaxDegreeOfParallelism = options.Jobs, CancellationToken = cancellation },
            async (index, stop) =>
            {
                (NotebookFile file, Notebook notebook, _) = inputs[index];
                string? ranWith = course is null ? null : CourseRun.Inputs(file, notebook);
                NotebookRun run = await RunAsync(
                    file,
                    notebook,
                    options,
                    pictures,
                    done => progress.CellDone(index, done),
                    note =>
                    {
                        notes.Add(note);
                        if (Programs.Here.Browser is not null)
                            ranWith = null; // The next run draws the pictures that are missing.
                    },
                    stop
                );
                string? problem = Kept(file, run, options);
                if (course is not null && problem is null)
                {
                    problem = course.Keep(file, run, ranWith);
                    if (!notebook.IsIn(file.Path))
                        notes.Add(
                            $"{file.Path} changed while it ran: its page shows the version that ran; run again for the new one."
                        );
                }
                if (problem is not null)
                    Interlocked.Increment(ref failed);
                progress.Finished(index, run, problem);
                runs.Add((file.Path, run));
            }
        );
        await progress.DisposeAsync();
        foreach (string note in notes.Order(StringComparer.Ordinal))
            Console.WriteLine(note);
        if (options.Times)
            CellTimes.Print(runs);
        foreach (LeftOut one in (course?.FinishSite() ?? []).Where(one => !unread.Contains(one.Path)))
        {
            failed++;
            await Console.Error.WriteLineAsync($"{one.Reason.Message} It has no page.");
        }
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{files.Count - failed - leftOut} passed, {failed} failed{(leftOut > 0 ? $", {leftOut} left out" : "")}"
            )
        );
        return failed == 0 ? 0 : 1;
    }

    private static async Task<int> RunAsync(RunOptions options, CancellationToken cancellation)
    {
        try
        {
            return await RunAsync(NotebookFile.Find(options.Paths), options, null, cancellation);
        }
        catch (Exception error) when (IsExpected(error))
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

    /// <summary>Runs a notebook and draws its pictures; keeps nothing.</summary>
    public static async Task<NotebookRun> RunAsync(
        NotebookFile file,
        Notebook notebook,
        RunOptions options,
        Pictures pictures,
        Action<int> cellDone,
        Action<string> note,
        CancellationToken cancellation
    )
    {
        NotebookRun run = await NotebookRunner.RunAsync(notebook, file.Folder, options.Timeout, cellDone, cancellation);
        if (run.Failure is null && !options.Check && await pictures.AddAsync(run.Executed, cancellation) is { } reason)
            note($"{file.Path}: {reason}");
        return run;
    }

    /// <summary>Why a notebook failed, in one sentence with its cell and line; null where it did not.</summary>
    public static string? Problem(NotebookFile file, NotebookRun run) =>
        run.Failure is { } failure
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{file.Path}, cell {failure.Cell}{(failure.Line > 0 ? $", line {failure.Line}" : "")}: {failure.Message}"
            )
            : null;

    /// <summary>What a file can do to those that read and write it.</summary>
    public static bool IsExpected(Exception error) =>
        error is NotebookException or IOException or UnauthorizedAccessException;

    /// <summary>A file may be an output and an input under two names.</summary>
    private static void RefuseToOverwrite(IReadOnlyList<NotebookFile> files, RunOptions options)
    {
        var inputs = files
            .Select(file => (File: file, FileIdentity.Of(file.Path)?.Key))
            .Where(input => input.Key is not null)
            .ToDictionary(input => input.Key!, input => input.File);
        foreach (NotebookFile file in files)
            if (
                Target(file, options) is { } path
                && FileIdentity.Of(path)?.Key is { } key
                && inputs.TryGetValue(key, out NotebookFile? input)
            )
                throw new NotebookException(
                    $"--output {options.OutputFolder} would write over {input.Path}; expected another folder."
                );
    }

    /// <summary>Removes what a killed run left where this one writes.</summary>
    private static void Clean(IReadOnlyList<NotebookFile> files, RunOptions options)
    {
        IEnumerable<string> written = files
            .SelectMany(file =>
                new[]
                {
                    Target(file, options),
                    options.InPlace ? FileIdentity.Target(file.Path) : null,
                    options.InPlace ? file.Path : null,
                }
            )
            .OfType<string>();
        foreach (string folder in written.Select(path => Path.GetDirectoryName(Path.GetFullPath(path))!).Distinct())
            SafeFile.Clean(folder);
    }

    /// <summary>Writes or compares what came out; returns what is wrong with it.</summary>
    private static string? Kept(NotebookFile file, NotebookRun run, RunOptions options)
    {
        try
        {
            if (Target(file, options) is { } path)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                run.Executed.Write(path);
            }
            if (Problem(file, run) is { } problem)
                return problem;
            if (options.InPlace && run.Executed.Replace(file.Path) is { } beside)
                return $"{file.Path} changed while it ran and is not written over; its executed notebook is {beside}.";
            return options.Check ? Comparison.Difference(file.Path, run.Executed) : null;
        }
        catch (Exception error) when (IsExpected(error))
        {
            return error.Message.StartsWith(file.Path, StringComparison.Ordinal)
                ? error.Message
                : $"{file.Path} ran, but its result could not be kept: {error.Message}";
        }
    }

    private static string? Target(NotebookFile file, RunOptions options) =>
        options.OutputFolder is { } folder ? Path.Combine(folder, file.Name) : null;

    private static Option<int> Count(string name, string unit, string description, int standard) =>
        new(name)
        {
            Description = description,
            HelpName = unit,
            DefaultValueFactory = _ => standard,
            CustomParser = result => WholeNumber(result, name, Most),
        };

    /// <summary>The value of an option from 1 to the most; another one is an error of the command line.</summary>
    public static int WholeNumber(ArgumentResult result, string name, int most)
    {
        string text = result.Tokens[0].Value;
        if (
            !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || number < 1
            || number > most
        )
            result.AddError($"{name} is {text}; expected a whole number from 1 to {most}.");
        return number;
    }
}
