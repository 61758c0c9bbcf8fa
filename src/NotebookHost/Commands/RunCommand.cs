using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using NotebookHost.Execution;
using NotebookHost.Notebooks;

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
            Description = "Write each executed notebook over its file, in one move and only when all of its cells ran.",
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
        var command = new Command(
            "run",
            "Runs notebooks, each in a process of its own with its folder as current directory. Exit code 0 when all "
                + "cells of all notebooks ran, else 1. The input stays untouched without --in-place."
        )
        {
            paths,
            output,
            check,
            inPlace,
            timeout,
            jobs,
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
                    },
                    cancellation
                )
        );
        return command;
    }

    /// <summary>Runs notebooks and reports on the console; returns the exit code.</summary>
    public static async Task<int> RunAsync(RunOptions options, CancellationToken cancellation)
    {
        try
        {
            IReadOnlyList<NotebookFile> files = NotebookFile.Find(options.Paths);
            if (files.FirstOrDefault(file => SamePath(Target(file, options), file.Path)) is { } overwritten)
                throw new NotebookException(
                    $"--output {options.OutputFolder} would write over {overwritten.Path}; expected another folder."
                );
            (NotebookFile File, Notebook Notebook)[] inputs =
            [
                .. files.Select(file => (file, Notebook.Read(file.Path))),
            ];
            await ReferencedProjects.BuildAsync(
                inputs.Select(input => (input.Notebook, input.File.Folder)),
                cancellation
            );
            int failed = 0;
            var notes = new ConcurrentBag<string>();
            await using RunProgress progress = await RunProgress.StartAsync([
                .. inputs.Select(input => (input.File.Path, input.Notebook.CodeCells.Count)),
            ]);
            await Parallel.ForAsync(
                0,
                inputs.Length,
                new ParallelOptions { MaxDegreeOfParallelism = options.Jobs, CancellationToken = cancellation },
                async (index, stop) =>
                {
                    (NotebookFile file, Notebook notebook) = inputs[index];
                    NotebookRun run = await NotebookRunner.RunAsync(
                        notebook,
                        file.Folder,
                        options.Timeout,
                        done => progress.CellDone(index, done),
                        stop
                    );
                    if (
                        run.Failure is null
                        && !options.Check
                        && await Pictures.AddAsync(run.Executed, stop) is { } reason
                    )
                        notes.Add($"{file.Path}: {reason}");
                    string? problem = Keep(file, run, options);
                    if (problem is not null)
                        Interlocked.Increment(ref failed);
                    progress.Finished(index, run, problem);
                }
            );
            await progress.DisposeAsync();
            foreach (string note in notes.Order(StringComparer.Ordinal))
                Console.WriteLine(note);
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{inputs.Length - failed} passed, {failed} failed")
            );
            return failed == 0 ? 0 : 1;
        }
        catch (Exception error) when (error is NotebookException or IOException or UnauthorizedAccessException)
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

    /// <summary>Writes or compares what came out; returns what is wrong with it.</summary>
    private static string? Keep(NotebookFile file, NotebookRun run, RunOptions options)
    {
        if (Target(file, options) is { } path)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            run.Executed.Write(path);
        }
        if (run.Failure is { } failure)
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{file.Path}, cell {failure.Cell}{(failure.Line > 0 ? $", line {failure.Line}" : "")}: {failure.Message}"
            );
        if (options.InPlace)
            run.Executed.Write(file.Path);
        return options.Check ? Comparison.Difference(file.Path, run.Executed) : null;
    }

    private static string? Target(NotebookFile file, RunOptions options) =>
        options.OutputFolder is { } folder ? Path.Combine(folder, file.Name) : null;

    private static bool SamePath(string? one, string other) =>
        one is not null && Path.GetFullPath(one) == Path.GetFullPath(other);

    private static Option<int> Count(string name, string unit, string description, int standard) =>
        new(name)
        {
            Description = description,
            HelpName = unit,
            DefaultValueFactory = _ => standard,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (
                    int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
                    && count is > 0 and <= Most
                )
                    return count;
                result.AddError($"{name} is {text}; expected a whole number from 1 to {Most}.");
                return standard;
            },
        };
}
