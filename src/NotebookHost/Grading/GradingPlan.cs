using Microsoft.CodeAnalysis.CSharp.Syntax;
using NotebookHost.Execution;

namespace NotebookHost.Grading;

/// <summary>A cell of a submission, with its number in the notebook.</summary>
internal sealed record SubmittedCell(int Number, string Code)
{
    /// <summary>Whether an answer may rest on it: it checks one, or a later cell uses a name that it gives.</summary>
    public bool IsNeeded { get; init; } = true;

    /// <summary>Whether the cell declares a variable, or assigns to it.</summary>
    public bool Gives(string variable) => CellNames.Of(Code).Given.Contains(variable);
}

/// <summary>An exercise that is to be judged, by the value of its variable or, where that is none, of what the cell hands to the check.</summary>
internal sealed record Attempt(CourseExercise Exercise, string? Written);

/// <summary>
/// What of a submission is run: the cells that are not the course's own, and those of the course whose names they use. The
/// rest of the course's experiments have no bearing on an answer.
/// </summary>
internal sealed record GradingPlan(IReadOnlyList<SubmittedCell> Cells, IReadOnlyList<Attempt> Attempts)
{
    public static GradingPlan Of(
        IReadOnlyList<SubmittedCell> submitted,
        IReadOnlyList<string> course,
        IReadOnlyList<CourseExercise> exercises
    )
    {
        HashSet<string> handedOut = [.. course.Select(Text)];
        CellNames[] names = [.. submitted.Select(cell => CellNames.Of(cell.Code))];
        bool[] isOwn = [.. submitted.Select(cell => !handedOut.Contains(Text(cell.Code)))];
        string?[][] checks =
        [
            .. submitted.Select((cell, i) => exercises.Select(e => isOwn[i] ? Checked(cell.Code, e) : null).ToArray()),
        ];
        Attempt[] attempts =
        [
            .. exercises
                .Select(
                    (exercise, e) =>
                        (
                            exercise,
                            written: checks.Select(cell => cell[e]).LastOrDefault(code => code is not null),
                            isTried: names
                                .Where((_, i) => isOwn[i])
                                .Any(cell =>
                                    cell.Given.Contains(exercise.Variable) || cell.Used.Contains(exercise.Variable)
                                )
                        )
                )
                .Where(one => one.isTried || one.written is not null)
                .Select(one => new Attempt(one.exercise, one.written == one.exercise.Variable ? null : one.written)),
        ];
        if (attempts.Length == 0)
            return new([], []);
        HashSet<string> wanted = [.. attempts.Select(attempt => attempt.Exercise.Variable)];
        var cells = new List<SubmittedCell>();
        for (int i = submitted.Count - 1; i >= 0; i--)
            if (isOwn[i] || names[i].Given.Overlaps(wanted))
            {
                bool isNeeded = names[i].Given.Overlaps(wanted) || checks[i].Any(check => check is not null);
                wanted.ExceptWith(names[i].Hidden);
                wanted.UnionWith(names[i].Used);
                cells.Add(submitted[i] with { Code = WithoutCheck(submitted[i].Code, exercises), IsNeeded = isNeeded });
            }
            else if (names[i].Usings.Length > 0)
                cells.Add(submitted[i] with { Code = names[i].Usings });
        cells.Reverse();
        return new(cells, attempts);
    }

    /// <summary>A cell as it is compared with another.</summary>
    public static string Text(string code) => code.ReplaceLineEndings("\n").TrimEnd();

    /// <summary>What a cell hands to the check of an exercise, as it is written; null where it checks none.</summary>
    private static string? Checked(string code, CourseExercise exercise) =>
        !code.Contains(exercise.Number, StringComparison.Ordinal) || CodeDepth.Refusal(code) is not null
            ? null
            : Calls(CellNames.Parsed(code), exercise.Number)
                .Select(call => call.ArgumentList.Arguments[1].Expression.ToString())
                .LastOrDefault();

    private static IEnumerable<InvocationExpressionSyntax> Calls(CompilationUnitSyntax cell, string number) =>
        cell.DescendantNodes()
            .OfType<InvocationExpressionSyntax>()
            .Where(call =>
                call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "Check" }
                && call.ArgumentList.Arguments is [{ Expression: LiteralExpressionSyntax literal }, _]
                && literal.Token.ValueText == number
            );

    /// <summary>
    /// A cell without its last line <c>Exercises.Check("4.1", x)</c>, which would only show what is judged afterwards: half of
    /// the time that a submission takes.
    /// </summary>
    private static string WithoutCheck(string code, IReadOnlyList<CourseExercise> exercises)
    {
        if (CodeDepth.Refusal(code) is not null)
            return code;
        return
            CellNames.Parsed(code).Members.LastOrDefault()
                is GlobalStatementSyntax
                {
                    Statement: ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call } statement,
                }
            && exercises.Any(exercise =>
                call.ToString() == $"Exercises.Check(\"{exercise.Number}\", {exercise.Variable})"
            )
            ? code.Remove(statement.SpanStart, statement.Span.Length)
            : code;
    }
}
