using NotebookHost.Notebooks;

namespace NotebookHost.Commands;

/// <summary>A notebook on disk; <paramref name="Name"/> is its path under the folder that was named.</summary>
internal sealed record NotebookFile(string Path, string Name)
{
    /// <summary>The current directory of the notebook's cells.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;

    /// <summary>
    /// The notebooks that paths name: a file itself, or all below a folder, sorted. Throws
    /// <see cref="NotebookException"/> where a path is missing or holds none, or two would have one name.
    /// </summary>
    public static IReadOnlyList<NotebookFile> Find(IEnumerable<string> paths)
    {
        NotebookFile[] files = [.. paths.SelectMany(Find).DistinctBy(file => System.IO.Path.GetFullPath(file.Path))];
        if (files.GroupBy(file => file.Name).FirstOrDefault(group => group.Count() > 1) is { } same)
            throw new NotebookException(
                $"{string.Join(" and ", same.Select(file => file.Path))} have the same name; expected different ones."
            );
        return files;
    }

    private static IEnumerable<NotebookFile> Find(string path)
    {
        if (File.Exists(path))
            return [new NotebookFile(path, System.IO.Path.GetFileName(path))];
        if (!Directory.Exists(path))
            throw new NotebookException($"{path} does not exist; expected a notebook or a folder of notebooks.");
        NotebookFile[] files =
        [
            .. Directory
                .EnumerateFiles(path, "*.ipynb", SearchOption.AllDirectories)
                .Where(file => !file.Contains(".ipynb_checkpoints", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(file => new NotebookFile(file, System.IO.Path.GetRelativePath(path, file))),
        ];
        return files.Length > 0 ? files : throw new NotebookException($"{path} holds no notebooks; expected *.ipynb.");
    }
}
