using System.Diagnostics;
using System.Text.Json.Nodes;
using NotebookHost.Execution;
using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

/// <summary>
/// Runs of a notebook in place that are killed at moments spread over the whole run, and what they leave: a torn file, a
/// file of ours after the next run, a process.
/// </summary>
public static class KilledRuns
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Kills so many runs; <paramref name="hardLink"/> makes the file one that has to be written where it is.</summary>
    public static (int Torn, int Leftover, int Orphans) Count(int rounds, bool hardLink)
    {
        string folder = Directory.CreateTempSubdirectory("killed-runs-").FullName;
        try
        {
            string path = Path.Combine(folder, "x.ipynb");
            File.WriteAllText(path, Text());
            if (hardLink)
                Process.Start("ln", [path, Path.Combine(folder, "other")]).WaitForExit();
            byte[] old = File.ReadAllBytes(path);
            long start = Stopwatch.GetTimestamp();
            End(Start(folder), null);
            TimeSpan whole = Stopwatch.GetElapsedTime(start);
            byte[] executed = File.ReadAllBytes(path);
            (int torn, int leftover, int orphans) = (0, 0, 0);
            for (int round = 0; round < rounds; round++)
            {
                File.WriteAllBytes(path, old);
                // Half of them near the end, where the file is written.
                double part = (double)(round / 2 + 1) / (rounds / 2 + 1);
                End(Start(folder), whole * (round % 2 == 0 ? part : 0.85 + 0.2 * part));
                orphans += Orphans(folder);
                if (!hardLink && !IsWhole(File.ReadAllBytes(path)))
                    torn++;
                // The next run finishes what had to be written in place, and cleans.
                SafeFile.Clean(folder);
                if (hardLink && !IsWhole(File.ReadAllBytes(path)))
                    torn++;
                leftover += Directory
                    .GetFiles(folder)
                    .Count(file => Path.GetFileName(file) is not ("x.ipynb" or "other"));
            }
            return (torn, leftover, orphans);

            bool IsWhole(byte[] file) => file.SequenceEqual(old) || file.SequenceEqual(executed);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Two megabytes of output, so that writing takes a while.</summary>
    private static string Text()
    {
        const string Code =
            "string.Join('\\n', Enumerable.Repeat(\"a line of fifty characters, more or less, is shown here\", 20_000))";
        JsonObject Cell() =>
            new()
            {
                ["cell_type"] = "code",
                ["execution_count"] = null,
                ["metadata"] = new JsonObject(),
                ["outputs"] = new JsonArray(),
                ["source"] = new JsonArray(Code),
            };
        return new JsonObject
        {
            ["cells"] = new JsonArray(Cell(), Cell()),
            ["metadata"] = new JsonObject(),
            ["nbformat"] = 4,
            ["nbformat_minor"] = 4,
        }.ToJsonString();
    }

    private static Process Start(string folder) =>
        Process.Start(
            new ProcessStartInfo(Programs.DotNet, [HostProgram.Path, "run", "x.ipynb", "--in-place"])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;

    private static void End(Process run, TimeSpan? after)
    {
        using (run)
        {
            Task<string> output = run.StandardOutput.ReadToEndAsync();
            Task<string> errors = run.StandardError.ReadToEndAsync();
            if (after is { } time)
            {
                run.WaitForExit(time);
                run.Kill();
            }
            run.WaitForExit();
            if (after is null && run.ExitCode != 0)
                throw new InvalidOperationException(output.Result + errors.Result);
        }
    }

    /// <summary>The processes that still have the folder as their own when their run has been dead for a while.</summary>
    private static int Orphans(string folder)
    {
        var waited = Stopwatch.StartNew();
        int count;
        while (
            (count = Directory.GetDirectories("/proc").Count(process => Folder(process) == folder)) > 0
            && waited.Elapsed < Patience
        )
            Thread.Sleep(50);
        return count;
    }

    private static string? Folder(string process)
    {
        try
        {
            return File.ResolveLinkTarget(Path.Combine(process, "cwd"), false)?.FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
