using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;
using NotebookHost.Execution;
using NotebookHost.Notebooks;

namespace NotebookHost.Grading;

/// <summary>An exercise as the course's notebook hands it out.</summary>
/// <param name="Number">As <c>4.1</c>.</param>
/// <param name="Type">The type of the answer, with all of its namespaces.</param>
/// <param name="Variable">The variable that holds the answer.</param>
internal sealed record CourseExercise(string Number, string Type, string Variable);

/// <summary>A notebook of the course, with which submissions of it are compared.</summary>
/// <param name="Name">The name of its file, without the ending.</param>
/// <param name="Library">The library that its first cell names.</param>
/// <param name="Cells">Its cells of code.</param>
/// <param name="Exercises">In order.</param>
internal sealed partial record CourseNotebook(
    string Name,
    string Library,
    IReadOnlyList<string> Cells,
    IReadOnlyList<CourseExercise> Exercises
)
{
    private const string Check = "Exercises.Check";

    /// <summary>The number of the notebook, as 4.</summary>
    public string Number => Exercises[0].Number.Split('.')[0];

    /// <summary>
    /// The notebooks of the course that have exercises. Throws <see cref="NotebookException"/> where the folder is none of
    /// the course.
    /// </summary>
    public static async Task<IReadOnlyList<CourseNotebook>> ReadAllAsync(string folder)
    {
        var course = new List<CourseNotebook>();
        if (Directory.Exists(folder))
            foreach (string path in Directory.EnumerateFiles(folder, "*.ipynb").Order(StringComparer.Ordinal))
                if (await ReadAsync(path) is { } notebook)
                    course.Add(notebook);
        return course.Count > 0
            ? course
            : throw new NotebookException(
                $"{folder} holds no notebook with exercises; expected the course's notebooks, which --course names."
            );
    }

    /// <summary>The number of the lesson whose exercises a notebook checks most; null where it checks none.</summary>
    public static string? NumberIn(Notebook notebook) =>
        notebook
            .CodeCells.SelectMany(cell => CheckedNumber().Matches(cell.Source))
            .CountBy(match => match.Groups["lesson"].Value)
            .OrderByDescending(lesson => lesson.Value)
            .ThenBy(lesson => lesson.Key, StringComparer.Ordinal)
            .Select(lesson => lesson.Key)
            .FirstOrDefault();

    private static async Task<CourseNotebook?> ReadAsync(string path)
    {
        Notebook notebook = Notebook.Read(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string[] cells = [.. notebook.CodeCells.Select(cell => cell.Source)];
        CompilationUnitSyntax[] roots = [.. cells.Select(CellNames.Parsed)];
        (string Number, FieldDeclarationSyntax Field)[] found = [.. roots.SelectMany(Found)];
        if (found.Length == 0)
            return null;
        Directive? reference = cells.SelectMany(Directive.In).FirstOrDefault(directive => directive.NamesFile);
        string library = reference is null ? "" : Path.GetFullPath(reference.Name, folder);
        if (!File.Exists(library))
            throw new NotebookException(
                $"{path} names the library {(library.Length > 0 ? library : "nowhere")}, which is not there; build it first."
            );
        string code =
            string.Concat(roots.SelectMany(root => root.Usings).Select(line => line.ToString() + "\n").Distinct())
            + string.Concat(found.Select(one => one.Field.ToString() + "\n"));
        var chain = new SubmissionChain(
            ScriptMetadataResolver.Default,
            () => Directory.EnumerateFiles(Path.GetDirectoryName(library)!, "*.dll")
        );
        SemanticModel model = (await chain.Append(code).GetSemanticModelAsync())!;
        IFieldSymbol[] fields =
        [
            .. model
                .SyntaxTree.GetRoot()
                .DescendantNodes()
                .OfType<VariableDeclaratorSyntax>()
                .Select(variable => (IFieldSymbol)model.GetDeclaredSymbol(variable)!),
        ];
        return new CourseNotebook(
            Path.GetFileNameWithoutExtension(path),
            library,
            cells,
            [.. found.Zip(fields, (one, field) => new CourseExercise(one.Number, Written(path, field), field.Name))]
        );
    }

    /// <summary>Of a cell that declares an answer and checks it, the exercise and the declaration.</summary>
    private static IEnumerable<(string Number, FieldDeclarationSyntax Field)> Found(CompilationUnitSyntax cell) =>
        from call in cell.DescendantNodes().OfType<InvocationExpressionSyntax>()
        where call.Expression.ToString() == Check
        where call.ArgumentList.Arguments.Count == 2
        let field = cell
            .Members.OfType<FieldDeclarationSyntax>()
            .FirstOrDefault(field =>
                field.Declaration.Variables.Count == 1
                && field.Declaration.Variables[0].Identifier.Text == call.ArgumentList.Arguments[1].ToString()
            )
        where field is not null
        select (((LiteralExpressionSyntax)call.ArgumentList.Arguments[0].Expression).Token.ValueText, field);

    private static string Written(string path, IFieldSymbol field) =>
        field.Type.TypeKind == TypeKind.Error
            ? throw new NotebookException($"{path}: the type {field.Type} of {field.Name} is not known.")
            : field.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    [GeneratedRegex(@"Check\s*\(\s*""(?<lesson>\d+)\.\d+""")]
    private static partial Regex CheckedNumber();
}
