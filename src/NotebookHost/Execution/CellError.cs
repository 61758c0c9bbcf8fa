using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using NotebookHost.Notebooks;

namespace NotebookHost.Execution;

/// <summary>What went wrong in a cell, in the cell's own lines and without the frames of engines and task libraries.</summary>
internal static partial class CellError
{
    private const string UsingHint =
        "A cell cannot declare \"using var\" at its top level: write \"using (var x = …) { … }\", or put the lines into a method.";

    /// <summary>What the compiler said.</summary>
    public static ErrorOutput Of(IEnumerable<Diagnostic> diagnostics)
    {
        Diagnostic[] errors = [.. diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)];
        string[] lines = [.. errors.Select(Text)];
        if (errors.Any(IsUsingDeclaration))
            lines = [.. lines, UsingHint];
        return new ErrorOutput("CompilationError", string.Join('\n', lines), Start(errors[0]).Line + 1, lines);
    }

    public static ErrorOutput Of(ReferenceException error) =>
        new("ReferenceError", error.Message, error.Line, [error.Message]);

    /// <summary>A cell that the compiler would not survive.</summary>
    public static ErrorOutput Refused(string reason) => new("CompilationError", reason, 0, [reason]);

    /// <summary>A line that begins with <c>#!</c> and asks for what is not there.</summary>
    public static ErrorOutput Of(string message, string line) =>
        new("DirectiveError", message, Number(line), [$"DirectiveError: {message}"]);

    /// <param name="interruption">What the reader is told.</param>
    /// <param name="cause">What the cell threw when it was stopped; null where it threw nothing.</param>
    /// <param name="cell">The name under which the cell was compiled.</param>
    public static ErrorOutput Of(InterruptedException interruption, Exception? cause, string cell)
    {
        ErrorOutput? thrown = cause is null ? null : Of(cause, cell);
        IEnumerable<string> frames =
            thrown?.Trace.Where(line => line.StartsWith("   at ", StringComparison.Ordinal)) ?? [];
        return new ErrorOutput(
            "Interrupted",
            interruption.Message,
            thrown?.Line ?? 0,
            [$"Interrupted: {interruption.Message}", .. frames]
        );
    }

    /// <summary>What a thread, a timer or an <c>async void</c> method let through.</summary>
    public static ErrorOutput Unobserved(Exception exception, string cell)
    {
        ErrorOutput error = Of(exception, cell);
        return error with
        {
            Trace =
            [
                .. error.Trace,
                "   (on a thread that nothing waits for; catch the exception there, or await the work)",
            ],
        };
    }

    /// <summary>Whether code of a cell threw it.</summary>
    public static bool IsOfCell(Exception exception) =>
        Chain(exception).Any(e => Safe(() => e.StackTrace).Contains("Submission#", StringComparison.Ordinal));

    /// <summary>
    /// An exception by the words of what the reader's code threw: an aggregate stands for its first cause, and the line is
    /// that of the innermost cause which has one in the cell.
    /// </summary>
    /// <param name="exception">What came out of the cell.</param>
    /// <param name="cell">The name under which the cell was compiled.</param>
    public static ErrorOutput Of(Exception exception, string cell)
    {
        Exception[] chain = [.. Chain(exception)];
        Exception head = chain.First(e => !IsWrapper(e) || e == chain[^1]);
        var frames = new List<Frame>();
        // From the innermost cause outwards, as a trace goes from the innermost call outwards.
        foreach (Exception cause in chain.Reverse())
        foreach (Frame frame in Frames(cause, cell))
            if (!frames.Contains(frame))
                frames.Add(frame);
        string name = head.GetType().FullName!;
        string message = Safe(() => head.Message);
        IEnumerable<string> causes = chain
            .SkipWhile(e => e != head)
            .Skip(1)
            .Where(cause => !IsWrapper(cause))
            .Select(cause => $" ---> {cause.GetType().FullName}: {Safe(() => cause.Message)}");
        IEnumerable<string> others = chain
            .OfType<AggregateException>()
            .Where(e => e.InnerExceptions.Count > 1)
            .Take(1)
            .Select(e =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $" (and {e.InnerExceptions.Count - 1} more of the same call)"
                )
            );
        return new ErrorOutput(
            name,
            message,
            frames.Find(frame => frame.Cell == cell && frame.Line > 0)?.Line ?? 0,
            [$"{name}: {message}", .. causes, .. others, .. frames.Select(frame => frame.ToString())]
        );
    }

    /// <summary>A text of an exception of a cell, whose own members may throw.</summary>
    private static string Safe(Func<string?> text)
    {
        try
        {
            return text() ?? "";
        }
        catch (Exception)
        {
            return "";
        }
    }

    private static int Number(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
            yield return cause;
    }

    /// <summary>What the task library and reflection put around an exception.</summary>
    private static bool IsWrapper(Exception exception) =>
        exception is AggregateException or TargetInvocationException or TypeInitializationException
        && exception.InnerException is not null;

    private static IEnumerable<Frame> Frames(Exception exception, string cell)
    {
        foreach (string text in Safe(() => CellTrace.Of(exception)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (EngineFrame().IsMatch(text))
                continue;
            Match place = Place().Match(text);
            int line = Number(place.Groups["line"].Value);
            // Optimized code does not always know its line.
            if (text.Contains("<<Initialize>>d__", StringComparison.Ordinal))
            {
                yield return new Frame("", place.Success ? place.Groups["cell"].Value : cell, line);
                yield break;
            }
            string method = (place.Success ? Place() : ForeignPlace()).Replace(text.TrimEnd(), "");
            method = Submission().Replace(method, "").Trim();
            method = method.StartsWith("at ", StringComparison.Ordinal) ? method[3..] : method;
            yield return new Frame(
                Lambda().IsMatch(method)
                    ? "a lambda"
                    : AsyncMethod().Replace(LocalFunction().Replace(method, "${name}"), "${name}()"),
                place.Groups["cell"].Value,
                line
            );
        }
    }

    private static bool IsUsingDeclaration(Diagnostic error) =>
        error.Location is { IsInSource: true, SourceTree: { } tree }
        && UsingVar().IsMatch(tree.GetText().Lines[Start(error).Line].ToString());

    private static string Text(Diagnostic error)
    {
        LinePosition start = Start(error);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"({start.Line + 1},{start.Character + 1}): error {error.Id}: {error.GetMessage(CultureInfo.InvariantCulture)}"
        );
    }

    private static LinePosition Start(Diagnostic error) => error.Location.GetLineSpan().StartLinePosition;

    [GeneratedRegex(@" in (\S.*[/\\])?(?<cell>cell \d+):line (?<line>\d+)")]
    private static partial Regex Place();

    /// <summary>Where a library was built, which says nothing to a reader.</summary>
    [GeneratedRegex(@" in \S.*:line \d+$")]
    private static partial Regex ForeignPlace();

    [GeneratedRegex(@"(?<=at )Submission#\d+\.")]
    private static partial Regex Submission();

    [GeneratedRegex(@"<[^>]*>+b__\d")]
    private static partial Regex Lambda();

    [GeneratedRegex(@"^.*<[^>]*>+g__(?<name>\w+)\|[\d_]+")]
    private static partial Regex LocalFunction();

    [GeneratedRegex(@"<(<[^>]*>g__)?(?<name>\w+)(\|[\d_]+)?>d(__\d+)?\.MoveNext\(\)")]
    private static partial Regex AsyncMethod();

    [GeneratedRegex(@"^\s*(await\s+)?using\s+[\w<>\[\],.?]+\s+\w+\s*=")]
    private static partial Regex UsingVar();

    [GeneratedRegex(
        @"^\s*at (Microsoft\.CodeAnalysis|Microsoft\.DotNet\.Interactive|NotebookHost|NotebookSupport|System\.Threading|"
            + @"System\.Runtime|System\.Linq\.Parallel|System\.Reflection)\.|^\s*--- End of"
    )]
    private static partial Regex EngineFrame();

    /// <summary>A place in a trace; a cell without a method is its top level.</summary>
    private sealed record Frame(string Method, string Cell, int Line)
    {
        public override string ToString()
        {
            string place = Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{Cell}:line {Line}") : Cell;
            return Method.Length == 0 ? $"   at {place}"
                : place.Length == 0 ? $"   at {Method}"
                : $"   at {Method} in {place}";
        }
    }
}
