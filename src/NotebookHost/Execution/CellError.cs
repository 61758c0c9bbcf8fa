using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Text;

namespace NotebookHost.Execution;

/// <summary>What went wrong in a cell, in the cell's own lines and without the engine's frames.</summary>
internal static partial class CellError
{
    public static ErrorOutput Of(CompilationErrorException error)
    {
        Diagnostic[] errors = [.. error.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)];
        string[] lines = [.. errors.Select(Text)];
        return new ErrorOutput("CompilationError", string.Join('\n', lines), Start(errors[0]).Line + 1, lines);
    }

    public static ErrorOutput Of(ReferenceException error) =>
        new("ReferenceError", error.Message, error.Line, [error.Message]);

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

    /// <param name="exception">What the cell threw.</param>
    /// <param name="cell">The name under which the cell was compiled.</param>
    public static ErrorOutput Of(Exception exception, string cell)
    {
        int line = 0;
        var frames = new List<string>();
        foreach (string frame in (exception.StackTrace ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (EngineFrame().IsMatch(frame))
                continue;
            Match place = Place().Match(frame);
            if (line == 0 && place.Groups["cell"].Value == cell)
                line = int.Parse(place.Groups["line"].Value, CultureInfo.InvariantCulture);
            if (frame.Contains("<<Initialize>>d__", StringComparison.Ordinal))
            {
                // Optimized code does not always know its line.
                frames.Add(
                    place.Success ? $"   at {place.Groups["cell"]}:line {place.Groups["line"]}" : $"   at {cell}"
                );
                break;
            }
            string shown = place.Success
                ? Place().Replace(frame.TrimEnd(), " in ${cell}:line ${line}")
                : ForeignPlace().Replace(frame.TrimEnd(), "");
            frames.Add(Submission().Replace(shown, ""));
        }
        string name = exception.GetType().FullName!;
        IEnumerable<string> causes = Causes(exception).Select(c => $" ---> {c.GetType().FullName}: {c.Message}");
        return new ErrorOutput(name, exception.Message, line, [$"{name}: {exception.Message}", .. causes, .. frames]);
    }

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (Exception? cause = exception.InnerException; cause is not null; cause = cause.InnerException)
            yield return cause;
    }

    private static string Text(Diagnostic error)
    {
        LinePosition start = Start(error);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"({start.Line + 1},{start.Character + 1}): error {error.Id}: {error.GetMessage(CultureInfo.InvariantCulture)}"
        );
    }

    private static LinePosition Start(Diagnostic error) => error.Location.GetLineSpan().StartLinePosition;

    [GeneratedRegex(@" in \S.*[/\\](?<cell>cell \d+):line (?<line>\d+)")]
    private static partial Regex Place();

    /// <summary>Where a library was built, which says nothing to a reader.</summary>
    [GeneratedRegex(@" in \S.*:line \d+$")]
    private static partial Regex ForeignPlace();

    [GeneratedRegex(@"(?<=at )Submission#\d+\.")]
    private static partial Regex Submission();

    [GeneratedRegex(@"^\s*at (Microsoft\.CodeAnalysis\.Scripting|NotebookHost)\.|^--- End of stack trace")]
    private static partial Regex EngineFrame();
}
