using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NotebookHost.Execution;
using NotebookHost.Notebooks;

namespace NotebookHost.Grading;

/// <summary>The limits of one submission.</summary>
/// <param name="Time">For all of it.</param>
/// <param name="Confinement">What it is kept from.</param>
internal sealed record GradingLimits(TimeSpan Time, Confinement Confinement)
{
    /// <summary>What the cells may hold, in bytes; beyond it a cell gets an <see cref="OutOfMemoryException"/>.</summary>
    public const long Heap = 1L << 30;

    /// <summary>What the process may hold, in bytes, before it is killed.</summary>
    public const long Memory = 2L << 30;

    /// <summary>The time for one cell.</summary>
    public TimeSpan CellTime => Time / 4;
}

/// <summary>What became of a submission.</summary>
/// <param name="Verdicts">One for each exercise of its notebook, in order.</param>
/// <param name="Notes">What else the teacher should know, a sentence each.</param>
internal sealed record GradedNotebook(IReadOnlyList<Verdict> Verdicts, IReadOnlyList<string> Notes);

/// <summary>
/// Grades one submission in a process of its own; what that does is <see cref="GradedProcess"/>. A cell or an answer that
/// ends the process is left out, and the rest runs again from the start.
/// </summary>
internal sealed class GradingProcess(CourseNotebook course, IReadOnlyList<SubmittedCell> cells, GradingLimits limits)
{
    /// <summary>The hidden verb that makes this program such a process.</summary>
    public const string Verb = "grade-cells";

    private const int MostStarts = 4;
    private const int MostErrors = 4000;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<int, string> _leftOut = [];
    private readonly Dictionary<string, Verdict> _verdicts = [];
    private readonly SortedDictionary<int, string> _failures = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _used;
    private string? _refusal;

    /// <summary>
    /// Grades; throws <see cref="OperationCanceledException"/> where it is stopped, and <see cref="IOException"/> where no
    /// process can be started.
    /// </summary>
    public async Task<GradedNotebook> GradeAsync(CancellationToken cancellation)
    {
        string unfinished = "";
        for (int start = 0; start < MostStarts; start++)
        {
            unfinished = await RunAsync(cancellation) ?? "";
            if (unfinished.Length == 0 || IsOver)
                break;
        }
        if (_refusal is { } refusal)
            return new(
                [
                    .. course.Exercises.Select(exercise =>
                        _verdicts.TryGetValue(exercise.Number, out Verdict? verdict) && verdict.Mark == Mark.Open
                            ? verdict
                            : new Verdict(exercise.Number, Mark.NotGraded, $"{refusal}.")
                    ),
                ],
                [$"Not graded: {refusal}. Look at it yourself."]
            );
        return new(
            [
                .. course.Exercises.Select(exercise =>
                    _verdicts.GetValueOrDefault(exercise.Number) ?? new Verdict(exercise.Number, Mark.Error, unfinished)
                ),
            ],
            [.. _failures.Select(failure => $"Cell {failure.Key}: {failure.Value}")]
        );
    }

    /// <summary>
    /// Whether the time is over: later where a busy machine gives the process less than a processor, so that the same
    /// submission has the same marks on each machine.
    /// </summary>
    private bool IsOver =>
        _clock.Elapsed > 5 * limits.Time
        || (_clock.Elapsed > limits.Time && (_used > 0.9 * limits.Time || _used < 0.02 * _clock.Elapsed));

    /// <summary>Runs the process once; returns null where it came to its end, else why not.</summary>
    private async Task<string?> RunAsync(CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder("notebook-grade-");
        string work = Directory.CreateDirectory(Path.Combine(folder.Path, "work")).FullName;
        string name = Path.Combine(folder.Path, "pipe");
        if (OperatingSystem.IsWindows())
            name = $"notebook-grade-{RandomNumberGenerator.GetHexString(32)}";
        await using var pipe = new NamedPipeServerStream(
            name,
            PipeDirection.InOut,
            1,
            PipeTransmissionMode.Byte,
            PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly
        );
        using var process = new ChildProcess(
            limits.Confinement.Start(work, Verb, name) with
            {
                Folder = work,
                Variables = new Dictionary<string, string>
                {
                    ["DOTNET_GCHeapHardLimit"] = GradingLimits.Heap.ToString("x", CultureInfo.InvariantCulture),
                    ["DOTNET_EnableDiagnostics"] = "0",
                    ["DOTNET_TC_CallCountThreshold"] = "0x1000",
                },
            }
        );
        string? killed = null;
        TimeSpan usedBefore = _used;
        var errors = new StringBuilder();
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] watching = [WatchAsync(), DrainAsync(process.Output, null), DrainAsync(process.Errors, errors)];
        GradingMessage? last = null;
        try
        {
            await pipe.WaitForConnectionAsync(stopped.Token);
            var request = new GradingRequest(
                RandomNumberGenerator.GetHexString(64),
                course.Library,
                cells,
                course.Cells,
                course.Exercises,
                _leftOut,
                [.. _verdicts.Keys],
                limits.CellTime.TotalSeconds
            );
            await pipe.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(request), (byte)'\n'], stopped.Token);
            using var reader = new StreamReader(pipe, Encoding.UTF8, leaveOpen: true);
            while (await reader.ReadLineAsync(stopped.Token) is { } line)
            {
                GradingMessage message = JsonSerializer.Deserialize<GradingMessage>(line)!;
                if (message.Secret != request.Secret)
                    throw new IOException("A message came from elsewhere.");
                if (Take(message))
                    return null;
                last = message;
                if (message.Step == GradingStep.Stuck)
                    break;
            }
        }
        catch (Exception error) when (error is IOException or JsonException or OperationCanceledException)
        {
            // It died, or was killed.
        }
        finally
        {
            process.Kill();
            await stopped.CancelAsync();
            await Task.WhenAll(watching);
        }
        cancellation.ThrowIfCancellationRequested();
        if (last is null && killed is null)
            throw new IOException($"Its process did not start: {errors.ToString().Split('\n')[0]}");
        return Death(last, killed ?? Reason(errors));

        async Task WatchAsync()
        {
            try
            {
                while (!stopped.IsCancellationRequested)
                {
                    await Task.Delay(Glance, stopped.Token);
                    if (process.ProcessorTime is { Ticks: > 0 } used)
                        _used = usedBefore + used;
                    killed =
                        IsOver
                            ? string.Create(
                                CultureInfo.InvariantCulture,
                                $"the submission took longer than {limits.Time.TotalSeconds} s."
                            )
                        : process.Memory > GradingLimits.Memory ? "it took more than 2 GB of memory."
                        : null;
                    if (killed is not null || process.ExitCode is not null)
                        await stopped.CancelAsync();
                }
            }
            catch (OperationCanceledException)
            {
                // The process has ended.
            }
        }

        async Task DrainAsync(StreamReader stream, StringBuilder? kept)
        {
            char[] buffer = new char[1 << 12];
            try
            {
                while (await stream.ReadAsync(buffer, stopped.Token) is > 0 and var read)
                    if (kept is not null && kept.Length < MostErrors)
                        kept.Append(buffer, 0, read);
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The process has ended.
            }
        }
    }

    /// <summary>Keeps what a message says; true where it is the last.</summary>
    private bool Take(GradingMessage message)
    {
        switch (message.Step)
        {
            case GradingStep.CellFailed or GradingStep.Stuck:
                _failures[message.Cell] = message.Text;
                break;
            case GradingStep.Judged:
                _verdicts[message.Verdict!.Exercise] = message.Verdict;
                break;
            case GradingStep.Refused:
                _refusal = message.Text;
                return true;
        }
        return message.Step == GradingStep.End;
    }

    /// <summary>Puts an end of the process down to what ran in it; returns why it ended.</summary>
    private string Death(GradingMessage? last, string reason)
    {
        switch (last?.Step)
        {
            case GradingStep.Stuck:
                _leftOut[last.Cell] = last.Text;
                return last.Text;
            case GradingStep.Cell:
                _leftOut[last.Cell] = reason;
                _failures[last.Cell] = reason;
                return $"Cell {last.Cell}: {reason}";
            case GradingStep.Judging:
                _verdicts[last.Text] = new(last.Text, Mark.Error, $"The answer ended its process: {reason}");
                break;
        }
        return reason;
    }

    private static string Reason(StringBuilder errors) =>
        errors.ToString() is var text && text.Contains("Stack overflow", StringComparison.Ordinal)
            ? "the stack overflowed."
        : text.Contains("Out of memory", StringComparison.OrdinalIgnoreCase) ? "it took more than 1 GB of memory."
        : "it ended the process.";
}
