namespace NotebookHost.Notebooks;

/// <summary>A temporary folder. Folders of the same kind that killed processes left behind are removed first.</summary>
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

    /// <summary>A lock that the system releases when the process dies.</summary>
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
            // Its process is alive, or it belongs to another user.
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            // The lock goes last: without it nobody would know the folder for an abandoned one.
            foreach (string inner in Directory.EnumerateDirectories(folder))
                Directory.Delete(inner, recursive: true);
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A browser that is shutting down still writes there; the next process removes it.
        }
    }
}
