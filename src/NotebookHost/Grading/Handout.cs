using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using NotebookHost.Execution;
using NotebookHost.Notebooks;

namespace NotebookHost.Grading;

/// <summary>A course as students get it: its notebooks without their solutions, with the library that they name.</summary>
internal sealed class Handout
{
    /// <summary>The same files give the same bytes: no entry has a time of its own.</summary>
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const int ReadableFile = 0b110_100_100 << 16;

    private readonly string _folder;
    private readonly string _library;
    private readonly Dictionary<string, int> _exercises;
    private readonly (string Path, Notebook Notebook)[] _notebooks;

    private Handout(string folder, IReadOnlyList<CourseNotebook> course)
    {
        _folder = Path.GetFullPath(folder);
        _library = course[0].Library;
        _exercises = course.ToDictionary(notebook => notebook.Name, notebook => notebook.Exercises.Count);
        _notebooks =
        [
            .. Directory
                .EnumerateFiles(_folder, "*.ipynb")
                .Order(StringComparer.Ordinal)
                .Select(path => (path, Notebook.Read(path))),
        ];
    }

    /// <summary>The library and its version, as <c>notebooksupport-1.0.0</c>: the name of the file and of the folder in it.</summary>
    public string Name => $"{Path.GetFileNameWithoutExtension(_library).ToLowerInvariant()}-{Version}";

    private string Version => FileVersionInfo.GetVersionInfo(_library).ProductVersion!.Split('+')[0];

    /// <summary>
    /// Reads a course. Throws <see cref="NotebookException"/> where the folder is none, or a notebook names what cannot be
    /// handed out.
    /// </summary>
    public static async Task<Handout> ReadAsync(string folder) =>
        new(folder, await CourseNotebook.ReadAllAsync(folder));

    /// <summary>The notebooks, what they load and link to, and a page that says how to start, as a ZIP archive.</summary>
    /// <param name="withOutputs">Whether the notebooks keep their outputs.</param>
    public byte[] Zip(bool withOutputs)
    {
        string[] others = [.. _notebooks.SelectMany(Others).Distinct()];
        string root = Root([_folder + Path.DirectorySeparatorChar, .. others]);
        var entries = new SortedDictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["README.md"] = Encoding.UTF8.GetBytes(Readme(Inside(root, _folder))),
        };
        foreach (string file in others.Append(Path.Combine(root, "LICENSE")).Where(File.Exists))
            entries[Inside(root, file)] = File.ReadAllBytes(file);
        foreach ((string path, Notebook notebook) in _notebooks)
            entries[Inside(root, path)] = withOutputs
                ? File.ReadAllBytes(path)
                : Encoding.UTF8.GetBytes(notebook.WithoutOutputs().ToString());
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach ((string name, byte[] content) in entries)
            {
                ZipArchiveEntry entry = zip.CreateEntry($"{Name}/{name}");
                entry.LastWriteTime = NoTime;
                entry.ExternalAttributes = ReadableFile;
                using Stream stream = entry.Open();
                stream.Write(content);
            }
        return bytes.ToArray();
    }

    /// <summary>What a notebook needs beside it: the assemblies that it names with those beside them, and the files that its text links to.</summary>
    private IEnumerable<string> Others((string Path, Notebook Notebook) notebook)
    {
        foreach (CodeCell cell in notebook.Notebook.CodeCells)
        foreach (Directive directive in Directive.In(cell.Source).Where(directive => directive.NamesFile))
        {
            string file = Path.GetFullPath(directive.Name, _folder);
            if (Path.IsPathRooted(directive.Name) || !File.Exists(file))
                throw new NotebookException(
                    $"{notebook.Path}, cell {cell.Number} names {directive.Name}; expected a file that is there, by a path relative to the notebook."
                );
            foreach (string beside in Directory.EnumerateFiles(Path.GetDirectoryName(file)!))
                if (Path.GetExtension(beside) is ".dll" or ".xml" or ".json")
                    yield return beside;
        }
        foreach (JsonObject cell in notebook.Notebook.Cells.Where(cell => (string?)cell["cell_type"] == "markdown"))
        foreach (LinkInline link in Markdown.Parse(CodeCell.Text(cell["source"])).Descendants<LinkInline>())
            if (
                link.Url?.Split('#')[0] is { Length: > 0 } url
                && !url.Contains(':', StringComparison.Ordinal)
                && Path.GetFullPath(url, _folder) is var file
                && file.StartsWith(_folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
                && Path.GetExtension(file) != ".ipynb"
                && File.Exists(file)
            )
                yield return file;
    }

    private string Readme(string folder)
    {
        var list = new StringBuilder();
        foreach ((string path, Notebook notebook) in _notebooks)
        {
            string name = Path.GetFileNameWithoutExtension(path);
            int exercises = _exercises.GetValueOrDefault(name);
            list.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {folder}/{name}.ipynb | {notebook.Minutes} | {exercises} |"
            );
        }
        string first = $"{folder}/{Path.GetFileName(_notebooks[0].Path)}";
        return $"""
            # {Path.GetFileNameWithoutExtension(_library)} {Version}
            C# notebooks with exercises that check your answer at once, and the library that they load.

            | notebook | minutes | exercises |
            |---|---|---|
            {list.ToString().TrimEnd()}

            ## Start
            1. Install the .NET 10 SDK, https://dotnet.microsoft.com/download.
            2. Put the file `NotebookHost….nupkg` that you get from your teacher into this folder, and there:
               `dotnet tool install --global NotebookHost --add-source .`
            3. `notebook-host kernel install`
            4. Open `{first}` in VS Code with the extensions C# Dev Kit and Jupyter, or by `jupyter notebook {folder}`,
               and choose the kernel *C# (NotebookSupport)*.

            Without VS Code and Jupyter, `notebook-host serve {folder} --watch --no-run` shows the notebooks in your browser and runs one
            when its file is saved. .NET Interactive (Polyglot Notebooks) runs them too. Leave the folders as they are: the first cell of a notebook finds the
            library by its place. `notebook-host doctor` says what is missing.

            ## Hand in
            Save the notebook and hand in its file, such as `{Path.GetFileName(
                _notebooks[0].Path
            )}`. An exercise is a cell that ends in `Exercises.Check(…)`: give its variable your
            answer, and keep the name of the variable and the call. Each exercise that passes is a point. Your outputs and your texts are not graded.
            The solutions are not in this folder, so links to them lead nowhere.

            """.ReplaceLineEndings(
            "\n"
        );
    }

    /// <summary>The folder that holds all of some files.</summary>
    private static string Root(IReadOnlyList<string> files)
    {
        string[] folders = Path.GetDirectoryName(files[0])!.Split(Path.DirectorySeparatorChar);
        int shared = files.Min(file =>
            folders
                .Zip(Path.GetDirectoryName(file)!.Split(Path.DirectorySeparatorChar))
                .TakeWhile(pair => pair.First == pair.Second)
                .Count()
        );
        // With a library inside it, the folder of the notebooks keeps its name all the same.
        return string.Join(Path.DirectorySeparatorChar, folders[..Math.Min(shared, folders.Length - 1)])
            + Path.DirectorySeparatorChar;
    }

    private static string Inside(string root, string file) =>
        Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/');
}
