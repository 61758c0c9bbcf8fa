using System.Globalization;
using System.IO.Pipes;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using System.Text.Json;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;
using NotebookHost.Execution;
using NotebookHost.Notebooks;
using NotebookSupport;

namespace NotebookHost.Grading;

/// <summary>
/// What the process of one submission does. Answers are taken out of the session as values, and this program hands them to
/// the check of the library that it loaded itself: nothing that the submission prints, declares or stores has a part in that.
/// </summary>
internal sealed class GradedProcess
{
    /// <summary>The compiler's number for a name that does not exist.</summary>
    private const string NotThere = "CS0103";
    private const int MostCharacters = 10_000_000;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    private readonly Stream _pipe;
    private readonly GradingRequest _request;
    private readonly CSharpSession _session;
    private readonly Dictionary<SubmittedCell, string> _failures = [];
    private CancellationTokenSource _stop = new();
    private string? _refusal;
    private long _characters;

    private GradedProcess(Stream pipe, GradingRequest request)
    {
        (_pipe, _request) = (pipe, request);
        _session = new CSharpSession(Directory.GetCurrentDirectory(), Count)
        {
            Screen = cell =>
            {
                try
                {
                    Screening.Check(cell);
                }
                catch (RefusedCodeException refused)
                {
                    _refusal ??= refused.Message;
                    throw;
                }
            },
        };
    }

    /// <param name="name">The pipe's.</param>
    public static async Task RunAsync(string name)
    {
        await using var pipe = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous);
        await pipe.ConnectAsync(ConnectLimit, CancellationToken.None);
        using var reader = new StreamReader(pipe, Encoding.UTF8);
        if (await reader.ReadLineAsync() is not { } line)
            return;
        _ = Task.Run(async () =>
        {
            // The parent says no more; where it goes, so does this process.
            await reader.ReadLineAsync();
            Environment.Exit(0);
        });
        await new GradedProcess(pipe, JsonSerializer.Deserialize<GradingRequest>(line)!).GradeAsync();
        Environment.Exit(0);
    }

    private async Task GradeAsync()
    {
        GradingPlan plan = await DeepStack.RunAsync(() =>
            GradingPlan.Of(_request.Cells, _request.Course, _request.Exercises)
        );
        if (plan.Attempts.Count > 0)
        {
            await _session.ExecuteAsync($"#r \"{_request.Library}\"", 0, CancellationToken.None);
            foreach (SubmittedCell cell in plan.Cells)
                if (_request.LeftOut.TryGetValue(cell.Number, out string? reason))
                    _failures[cell] = reason;
                else if (!await RunAsync(cell))
                    return;
        }
        foreach (CourseExercise exercise in _request.Exercises)
        {
            Attempt? attempt = plan.Attempts.FirstOrDefault(attempt => attempt.Exercise == exercise);
            if (attempt is null)
                Judged(new Verdict(exercise.Number, Mark.Open));
            else if (!_request.NotJudged.Contains(exercise.Number))
            {
                Send(new(_request.Secret, GradingStep.Judging) { Text = exercise.Number });
                Verdict verdict = await JudgeAsync(attempt);
                if (_refusal is not null)
                {
                    Send(
                        new(_request.Secret, GradingStep.Refused)
                        {
                            Text = $"the answer to {exercise.Number} uses {_refusal}",
                        }
                    );
                    return;
                }
                Judged(verdict);
            }
        }
        Send(new(_request.Secret, GradingStep.End));
    }

    /// <summary>Runs a cell; false where that was the last.</summary>
    private async Task<bool> RunAsync(SubmittedCell cell)
    {
        Send(new(_request.Secret, GradingStep.Cell) { Cell = cell.Number });
        if (await DeepStack.RunAsync(() => Asks(cell.Code)) is { } refused)
        {
            Failed(cell, refused);
            return true;
        }
        _characters = 0;
        using var stop = _stop = new CancellationTokenSource();
        ErrorOutput? error = await InTimeAsync(
            _session.ExecuteAsync(Directive.AsComments(cell.Code), cell.Number, stop.Token),
            stop
        );
        if (_refusal is not null && !cell.IsNeeded)
        {
            Failed(cell, $"it uses {_refusal}, so it was not run; no answer uses it.");
            _refusal = null;
            return true;
        }
        if (_refusal is not null)
        {
            Send(
                new(_request.Secret, GradingStep.Refused)
                {
                    Cell = cell.Number,
                    Text = $"cell {cell.Number} uses {_refusal}",
                }
            );
            return false;
        }
        // A cell may end before it can be stopped for what it wrote.
        bool isLong = Volatile.Read(ref _characters) > MostCharacters;
        if (error is null && !isLong)
            return true;
        string reason =
            isLong ? "it wrote more than 10 million characters."
            : stop.IsCancellationRequested
                ? string.Create(CultureInfo.InvariantCulture, $"it took longer than {_request.CellSeconds} s.")
            : $"{error!.Name}: {error.Message}";
        if (error?.Message.Contains(CellRun.StillRuns, StringComparison.Ordinal) == true)
        {
            Send(new(_request.Secret, GradingStep.Stuck) { Cell = cell.Number, Text = reason });
            return false;
        }
        Failed(cell, reason);
        return true;
    }

    private async Task<Verdict> JudgeAsync(Attempt attempt)
    {
        string number = attempt.Exercise.Number;
        try
        {
            using var stop = _stop = new CancellationTokenSource();
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
            object? answer = await InTimeAsync(AnswerAsync(attempt, stop.Token), stop);
            return answer is not null ? Judge(number, answer)
                : Blamed(attempt) is { } blamed ? new(number, Mark.Error, blamed)
                : new(number, Mark.Open);
        }
        catch (CompilationErrorException error)
        {
            return new(
                number,
                Mark.Error,
                (error.Diagnostics.Any(found => found.Id == NotThere) ? Blamed(attempt) : null)
                    ?? $"The answer is none of the type {Plain(attempt.Exercise.Type)}: {CellError.Of(error.Diagnostics).Message.Split('\n')[0]}"
            );
        }
        catch (Exception error)
        {
            return new(number, Mark.Error, $"The answer cannot be had: {error.GetType().Name}: {error.Message}");
        }
    }

    /// <summary>Why there is no answer, where the cell that should give it failed.</summary>
    private string? Blamed(Attempt attempt) =>
        _failures
            .Where(failure => failure.Key.Gives(attempt.Exercise.Variable))
            .Select(failure => $"There is no answer, because cell {failure.Key.Number} failed: {failure.Value}")
            .LastOrDefault();

    private async Task<object?> AnswerAsync(Attempt attempt, CancellationToken stop)
    {
        object? answer = null;
        CompilationErrorException? unknown = null;
        try
        {
            answer = await _session.ValueAsync(Typed(attempt.Exercise, attempt.Exercise.Variable), stop);
        }
        catch (CompilationErrorException error) when (attempt.Written is not null)
        {
            unknown = error;
        }
        if (answer is not null || attempt.Written is null)
            return answer;
        answer = await _session.ValueAsync(Typed(attempt.Exercise, attempt.Written), stop);
        return answer is null && unknown is not null ? throw unknown : answer;
    }

    /// <summary>An expression of the submission, alone on its lines, as the type that the course asks for.</summary>
    private static string Typed(CourseExercise exercise, string expression) => $"({exercise.Type})(\n{expression}\n)";

    /// <summary>Hands a value to the check of the library's own assembly.</summary>
    private Verdict Judge(string number, object answer)
    {
        Assembly library = AssemblyLoadContext.Default.Assemblies.Single(a => a.Location == _request.Library);
        Type exercises = library.GetType("NotebookSupport.Exercises", throwOnError: true)!;
        object? result = exercises.GetMethod("Check", [typeof(string), typeof(object)])!.Invoke(null, [number, answer]);
        Type type = library.GetType("NotebookSupport.ExerciseResult", throwOnError: true)!;
        if (result?.GetType() != type || (string?)Property(result, "Number") != number)
            return new(number, Mark.Error, "The library gave no result.");
        string[] failures =
        [
            .. ((System.Collections.IEnumerable)Property(result, "Checks")!)
                .Cast<object>()
                .Where(check => Property(check, "Failure") is not null)
                .Select(check => $"{Property(check, "Expectation")}, but {Property(check, "Failure")}"),
        ];
        return (bool)Property(result, "Passed")! && failures.Length == 0
            ? new(number, Mark.Passed)
            : new(number, Mark.Failed, string.Join("; ", failures.Select(failure => failure.TrimEnd('.'))) + ".");
    }

    private static object? Property(object of, string name) => of.GetType().GetProperty(name)!.GetValue(of);

    private static string Plain(string type) => type.Replace("global::", "", StringComparison.Ordinal);

    /// <summary>What a cell asks for that a submission does not get, in one sentence; null where it asks for nothing.</summary>
    private static string? Asks(string code)
    {
        if (Directive.HasCommand(code))
            return "it has a line that begins with #!, which is not C#; the cell was not run.";
        if (CodeDepth.Refusal(code) is not null)
            return null; // The session says so.
        if (
            CellNames
                .Parsed(code)
                .DescendantTrivia()
                .Select(trivia => trivia.GetStructure())
                .OfType<LoadDirectiveTriviaSyntax>()
                .Any()
        )
            return "it loads a file with #load, which a submission cannot; the cell was not run.";
        return Directive.In(code).FirstOrDefault(directive => !IsLibrary(directive)) is { } other
            ? $"it asks for {other}, and a submission gets the course's library only; the cell was not run."
            : null;
    }

    private static bool IsLibrary(Directive directive) =>
        directive.Letter == 'r'
        && Path.GetFileName((directive.Nuget ?? directive.Name).Replace('\\', '/').Split(',')[0].Trim())
            is "NotebookSupport.dll"
                or "NotebookSupport";

    /// <summary>Interrupts what takes longer than a cell may.</summary>
    private async Task<T> InTimeAsync<T>(Task<T> work, CancellationTokenSource stop)
    {
        var patience = new Patience(TimeSpan.FromSeconds(_request.CellSeconds));
        while (await Task.WhenAny(work, Task.Delay(Glance, CancellationToken.None)) != work && !patience.IsOver) { }
        if (!work.IsCompleted)
            await stop.CancelAsync();
        return await work;
    }

    /// <summary>Nobody reads what a submission shows; a cell that shows too much is stopped.</summary>
    private void Count(Output output)
    {
        long more = output switch
        {
            StreamOutput stream => stream.Text.Length,
            DisplayOutput display => display.Data.Values.Sum(text => (long)text.Length),
            UpdateOutput update => update.Data.Values.Sum(text => (long)text.Length),
            ResultOutput result => result.Data.Values.Sum(text => (long)text.Length),
            _ => 0,
        };
        if (Interlocked.Add(ref _characters, more) <= MostCharacters)
            return;
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The cell has ended meanwhile.
        }
    }

    private void Failed(SubmittedCell cell, string reason)
    {
        _failures[cell] = reason;
        Send(new(_request.Secret, GradingStep.CellFailed) { Cell = cell.Number, Text = reason });
    }

    private void Judged(Verdict verdict) => Send(new(_request.Secret, GradingStep.Judged) { Verdict = verdict });

    private void Send(GradingMessage message)
    {
        lock (_pipe)
            _pipe.Write([.. JsonSerializer.SerializeToUtf8Bytes(message), (byte)'\n']);
    }
}
