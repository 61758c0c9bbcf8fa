namespace NotebookHost.Notebooks;

/// <summary>A folder for a while. What a killed process left of the same kind is removed by the next.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private const string LockName = ".lock";

    private readonly FileStream _lock;

    /// <param name="prefix">The kind, which begins the folder's name.</param>
    public TemporaryFolder(string prefix)
    {
        foreach (string other in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), prefix + "*"))
            RemoveAbandoned(other);
        Path = Directory.CreateTempSubdirectory(prefix).FullName;
        _lock = new FileStream(
            System.IO.Path.Combine(Path, LockName),
            FileMode.CreateNew,
            FileAccess.Write,
            FileShare.None
        );
    }

    public string Path { get; }

    public void Dispose()
    {
        _lock.Dispose();
        Remove(Path);
    }

    /// <summary>The system lets go of a lock when its process dies.</summary>
    private static void RemoveAbandoned(string folder)
    {
        string file = System.IO.Path.Combine(folder, LockName);
        if (!File.Exists(file))
            return;
        try
        {
            using (new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.None))
                Remove(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Its process lives, or it is another user's.
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // A browser that is about to end still writes there; the next process removes it.
        }
    }
}
