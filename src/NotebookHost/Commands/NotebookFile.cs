using System.IO.Enumeration;
using NotebookHost.Notebooks;
using NotebookHost.Site;

namespace NotebookHost.Commands;

/// <summary>A notebook on disk.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">Its path under the folder that was named.</param>
/// <param name="IsNamed">Whether it was named itself, and not met in a folder.</param>
internal sealed record NotebookFile(string Path, string Name, bool IsNamed)
{
    private static readonly StringComparer Names =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
            ? StringComparer.OrdinalIgnoreCase
            : StringComparer.Ordinal;

    /// <summary>The current directory of the notebook's cells.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;

    /// <summary>
    /// The notebooks that paths name: a file itself, or all below a folder, sorted; two names of one file count once.
    /// Throws <see cref="NotebookException"/> where a path is missing or holds none, or two would have one name.
    /// </summary>
    public static IReadOnlyList<NotebookFile> Find(IEnumerable<string> paths)
    {
        NotebookFile[] files =
        [
            .. paths.SelectMany(Find).DistinctBy(file => FileIdentity.Of(file.Path)?.Key ?? file.Path),
        ];
        if (files.GroupBy(file => file.Name, Names).FirstOrDefault(group => group.Count() > 1) is { } same)
            throw new NotebookException(
                $"{string.Join(" and ", same.Select(file => file.Path))} have the same name; expected different ones."
            );
        return files.Length > 0 ? files : throw new NotebookException("No notebook was named; expected *.ipynb.");
    }

    /// <summary>
    /// Whether leaving a notebook out for this reason is a failure: a folder may hold notebooks of other languages, but
    /// one that was named itself was meant.
    /// </summary>
    public bool IsFailure(NotebookException reason) => IsNamed || !reason.IsForeign;

    private static IEnumerable<NotebookFile> Find(string path)
    {
        if (File.Exists(path))
            return [new NotebookFile(path, System.IO.Path.GetFileName(path), true)];
        if (!Directory.Exists(path))
            throw new NotebookException($"{path} does not exist; expected a notebook or a folder of notebooks.");
        NotebookFile[] files =
        [
            .. new FileSystemEnumerable<string>(
                path,
                (ref FileSystemEntry entry) => entry.ToSpecifiedFullPath(),
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }
            )
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) =>
                    !entry.IsDirectory && entry.FileName.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase),
                // Links to folders may lead in circles, and a site holds copies.
                ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                    !entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && !SiteWriter.IsSite(entry.ToFullPath()),
            }
                .Where(file => !file.Contains(".ipynb_checkpoints", StringComparison.Ordinal) && File.Exists(file))
                // Of a file met through several links, the shortest name.
                .OrderBy(file => file.Length)
                .DistinctBy(file => FileIdentity.Of(file)?.Key ?? file)
                .Order(StringComparer.Ordinal)
                .Select(file => new NotebookFile(file, System.IO.Path.GetRelativePath(path, file), false)),
        ];
        return files.Length > 0 ? files : throw new NotebookException($"{path} holds no notebooks; expected *.ipynb.");
    }
}
