using System.IO.Enumeration;
using System.Text.RegularExpressions;
using NotebookHost.Notebooks;

namespace NotebookHost.Grading;

/// <summary>A file that a student handed in.</summary>
/// <param name="Student">
/// The name of the folder, or of the file where it lies in none; of a folder of Moodle's the name in it, where nobody else has
/// that name.
/// </param>
/// <param name="File">Its path below the folder of all; empty where the student's folder holds no notebook.</param>
/// <param name="Path">Where it is.</param>
internal sealed partial record Submission(string Student, string File, string Path)
{
    private const long MostBytes = 64 << 20;

    /// <summary>
    /// The submissions of a folder, sorted: each notebook in it, and each below a folder in it. Throws
    /// <see cref="NotebookException"/> where there are none.
    /// </summary>
    public static IReadOnlyList<Submission> Find(string path)
    {
        if (System.IO.File.Exists(path))
            return [new(System.IO.Path.GetFileNameWithoutExtension(path), System.IO.Path.GetFileName(path), path)];
        if (!Directory.Exists(path))
            throw new NotebookException($"{path} does not exist; expected a folder of submissions.");
        Submission[] all =
        [
            .. new DirectoryInfo(path)
                .EnumerateFileSystemInfos()
                .Where(entry => !entry.Name.StartsWith('.'))
                .SelectMany(entry => entry is DirectoryInfo folder ? Of(path, folder) : Of(path, (FileInfo)entry)),
        ];
        ILookup<string, string> folders = all.Select(submission => submission.Student)
            .Distinct()
            .ToLookup(PersonIn, StringComparer.Ordinal);
        Submission[] found =
        [
            .. all.Select(submission =>
                    PersonIn(submission.Student) is var person && folders[person].Count() == 1
                        ? submission with
                        {
                            Student = person,
                        }
                        : submission
                )
                .OrderBy(submission => submission.Student, StringComparer.Ordinal)
                .ThenBy(submission => submission.File, StringComparer.Ordinal),
        ];
        return found.Length > 0
            ? found
            : throw new NotebookException(
                $"{path} holds no submissions; expected notebooks (*.ipynb), or a folder for each student."
            );
    }

    /// <summary>The course's notebook of which this is an answer. Throws <see cref="NotebookException"/> where there is none.</summary>
    public (CourseNotebook Course, IReadOnlyList<SubmittedCell> Cells) Read(IReadOnlyList<CourseNotebook> course)
    {
        if (File.Length == 0)
            throw new NotebookException(
                Directory.Exists(Path) && Directory.EnumerateFiles(Path, "*.zip").FirstOrDefault() is { } archive
                    ? $"The folder holds no notebook but {System.IO.Path.GetFileName(archive)}; unpack it."
                    : "The folder holds no notebook; expected *.ipynb."
            );
        var file = new FileInfo(Path);
        if (file.LinkTarget is not null)
            throw new NotebookException("The file is a link; expected the notebook itself.");
        if (file.Length > MostBytes)
            throw new NotebookException("The file is larger than 64 MB.");
        Notebook notebook = ReadNotebook();
        string? number = CourseNotebook.NumberIn(notebook);
        CourseNotebook of =
            course.FirstOrDefault(one => one.Number == number)
            ?? course.FirstOrDefault(one =>
                System.IO.Path.GetFileName(Path).Contains(one.Name, StringComparison.OrdinalIgnoreCase)
            )
            ?? course.FirstOrDefault(one =>
                System.IO.Path.GetFileName(Path).StartsWith(one.Name.Split('-')[0] + "-", StringComparison.Ordinal)
            )
            ?? throw new NotebookException(
                "It checks no exercise of the course, and its file has no name of the course's."
            );
        return (of, [.. notebook.CodeCells.Select(cell => new SubmittedCell(cell.Number, cell.Code))]);
    }

    /// <summary>Moodle names a folder <c>Ada Lovelace_1234_assignsubmission_file</c>.</summary>
    private static string PersonIn(string folder) =>
        OfMoodle().Match(folder) is { Success: true } name ? name.Groups["person"].Value : folder;

    [GeneratedRegex(@"^(?<person>.+?)_\d+_assignsubmission_\w+$")]
    private static partial Regex OfMoodle();

    private Notebook ReadNotebook()
    {
        try
        {
            return Notebook.Read(Path);
        }
        catch (NotebookException error)
        {
            // The report names the file already.
            throw new NotebookException(
                error.Message.StartsWith(Path, StringComparison.Ordinal)
                    ? "The file" + error.Message[Path.Length..]
                    : error.Message
            );
        }
    }

    private static IEnumerable<Submission> Of(string root, DirectoryInfo folder)
    {
        if (folder.LinkTarget is not null)
            return [new(folder.Name, "", folder.FullName)];
        Submission[] found =
        [
            .. new FileSystemEnumerable<FileInfo>(
                folder.FullName,
                (ref FileSystemEntry entry) => (FileInfo)entry.ToFileSystemInfo(),
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }
            )
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
                // A link may lead to the folder of another student.
                ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                    !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
            }
                .Where(IsNotebook)
                .Select(file => new Submission(
                    folder.Name,
                    System.IO.Path.GetRelativePath(root, file.FullName),
                    file.FullName
                )),
        ];
        return found.Length > 0 ? found : [new(folder.Name, "", folder.FullName)];
    }

    private static IEnumerable<Submission> Of(string root, FileInfo file) =>
        IsNotebook(file)
            ?
            [
                new(
                    System.IO.Path.GetFileNameWithoutExtension(file.Name),
                    System.IO.Path.GetRelativePath(root, file.FullName),
                    file.FullName
                ),
            ]
            : [];

    private static bool IsNotebook(FileInfo file) =>
        file.Extension.Equals(".ipynb", StringComparison.OrdinalIgnoreCase)
        && !file.FullName.Contains(".ipynb_checkpoints", StringComparison.Ordinal)
        && !file.Name.StartsWith("._", StringComparison.Ordinal);
}

/// <summary>A submission with what became of it.</summary>
/// <param name="Submission">What was handed in.</param>
/// <param name="Notebook">The course's notebook that it answers; null where that is not known.</param>
/// <param name="Verdicts">One for each exercise; empty where it could not be read.</param>
/// <param name="Notes">What else the teacher should know, a sentence each.</param>
/// <param name="Cells">Its cells; empty where it could not be read.</param>
internal sealed record GradedSubmission(
    Submission Submission,
    CourseNotebook? Notebook,
    IReadOnlyList<Verdict> Verdicts,
    IReadOnlyList<string> Notes,
    IReadOnlyList<SubmittedCell> Cells
)
{
    /// <summary>Whether a person has to look at it before it has marks.</summary>
    public bool NeedsLook => Notebook is null || Verdicts.Any(verdict => verdict.Mark == Mark.NotGraded);

    /// <summary>How many of its exercises have a mark; a point for each that passed.</summary>
    public int Count(Mark mark) => Verdicts.Count(verdict => verdict.Mark == mark);

    /// <summary>
    /// The cells that name an exercise's variable and are not the course's own. They are searched as text: code of others is
    /// parsed in the process that runs it alone.
    /// </summary>
    public IReadOnlyList<SubmittedCell> Answer(string exercise)
    {
        if (Notebook?.Exercises.FirstOrDefault(one => one.Number == exercise) is not { } asked)
            return [];
        HashSet<string> handedOut = [.. Notebook.Cells.Select(GradingPlan.Text)];
        return
        [
            .. Cells.Where(cell =>
                Regex.IsMatch(cell.Code, $@"\b{asked.Variable}\b") && !handedOut.Contains(GradingPlan.Text(cell.Code))
            ),
        ];
    }

    /// <summary>Grades a submission. What is wrong with it is a part of what comes back.</summary>
    public static async Task<GradedSubmission> OfAsync(
        Submission submission,
        IReadOnlyList<CourseNotebook> course,
        GradingLimits limits,
        CancellationToken cancellation
    )
    {
        try
        {
            (CourseNotebook notebook, IReadOnlyList<SubmittedCell> cells) = submission.Read(course);
            GradedNotebook graded = await new GradingProcess(notebook, cells, limits).GradeAsync(cancellation);
            return new(submission, notebook, graded.Verdicts, graded.Notes, cells);
        }
        catch (Exception error) when (error is NotebookException or IOException or UnauthorizedAccessException)
        {
            return new(submission, null, [], [error.Message], []);
        }
    }
}
