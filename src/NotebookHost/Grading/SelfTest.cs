using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NotebookHost.Execution;
using NotebookHost.Notebooks;

namespace NotebookHost.Grading;

/// <summary>
/// Submissions made of the course itself: each notebook as it is handed out, and with the right answers of its solutions.
/// </summary>
internal static class SelfTest
{
    private const string Solved = "solved";
    private const string Untouched = "untouched";

    /// <summary>Writes them into a folder.</summary>
    /// <param name="course">The notebooks.</param>
    /// <param name="from">Their folder; the solutions lie in the folder solutions in it.</param>
    /// <param name="folder">Where to write.</param>
    public static void Write(IReadOnlyList<CourseNotebook> course, string from, string folder)
    {
        foreach (CourseNotebook notebook in course)
        {
            string name = notebook.Name + ".ipynb";
            Notebook handedOut = Notebook.Read(Path.Combine(from, name)).WithoutOutputs();
            Write(handedOut, Path.Combine(folder, Untouched, name));
            string solutions = Path.Combine(from, "solutions", $"{notebook.Name.Split('-')[0]}-solutions.ipynb");
            Write(SolvedNotebook(notebook, handedOut, Notebook.Read(solutions)), Path.Combine(folder, Solved, name));
        }
    }

    /// <summary>What is not as it must be, a sentence each.</summary>
    public static IEnumerable<string> Faults(IEnumerable<GradedSubmission> graded) =>
        from one in graded
        let expected = one.Submission.Student == Solved ? Mark.Passed : Mark.Open
        from fault in one.Notebook is null
            ? one.Notes
            : one
                .Verdicts.Where(verdict => verdict.Mark != expected)
                .Select(verdict => $"{verdict.Exercise} is {verdict.Mark}, expected {expected}. {verdict.Reason}")
        select $"{one.Submission.File}: {fault}";

    /// <summary>A notebook of the course in which each exercise has the first answer of its solutions.</summary>
    public static Notebook SolvedNotebook(CourseNotebook course, Notebook handedOut, Notebook solutions)
    {
        Dictionary<string, string> answers = Answers(course, solutions);
        Notebook solved = handedOut.Copy();
        foreach (CodeCell cell in solved.CodeCells)
        foreach (CourseExercise exercise in course.Exercises)
            if (
                cell.Source.Contains($"Exercises.Check(\"{exercise.Number}\"", StringComparison.Ordinal)
                && answers.TryGetValue(exercise.Number, out string? answer)
            )
                cell.Json["source"] = CodeCell.Lines(answer);
        return solved;
    }

    /// <summary>For each exercise the cells that answer it, as one that declares the variable of the notebook.</summary>
    private static Dictionary<string, string> Answers(CourseNotebook course, Notebook solutions)
    {
        var answers = new Dictionary<string, string>();
        string helpers = "";
        // The first cell loads the library.
        foreach (CodeCell cell in solutions.CodeCells.Skip(1))
        {
            CompilationUnitSyntax root = CellNames.Parsed(cell.Source);
            InvocationExpressionSyntax? check = root.DescendantNodes()
                .OfType<InvocationExpressionSyntax>()
                .LastOrDefault(call => call.Expression.ToString() == "Exercises.Check");
            if (check is null)
            {
                helpers +=
                    cell.Source.TrimEnd() is var text && root.Members.LastOrDefault() is GlobalStatementSyntax
                        ? ""
                        : text + "\n";
                continue;
            }
            string number = ((LiteralExpressionSyntax)check.ArgumentList.Arguments[0].Expression).Token.ValueText;
            CourseExercise exercise = course.Exercises.Single(one => one.Number == number);
            if (answers.ContainsKey(number))
                continue;
            string before = cell.Source[..check.SpanStart];
            string value = check.ArgumentList.Arguments[1].ToString();
            string declared = CellNames.Of(before).Given.Contains(exercise.Variable)
                ? ""
                : $"{exercise.Type} {exercise.Variable} = {value};\n";
            answers[number] =
                Ordered(helpers + before) + declared + $"Exercises.Check(\"{number}\", {exercise.Variable})";
            helpers = "";
        }
        return answers;
    }

    /// <summary>Code with its imports first.</summary>
    private static string Ordered(string code)
    {
        CompilationUnitSyntax root = CellNames.Parsed(code);
        string usings = string.Concat(root.Usings.Select(line => line.ToString() + "\n"));
        return usings + root.RemoveNodes(root.Usings, SyntaxRemoveOptions.KeepNoTrivia)!.ToFullString();
    }

    private static void Write(Notebook notebook, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        notebook.Write(path);
    }
}
