namespace NotebookHost.Site;

/// <summary>Where a site will be published and where its notebooks come from, as far as that is known.</summary>
/// <param name="BaseUrl">The address of the first page, which ends in a slash.</param>
/// <param name="Repository">The address of the repository, without a slash at the end.</param>
internal sealed record Publication(Uri? BaseUrl = null, Uri? Repository = null)
{
    /// <summary>The address of a page; the first page is the folder itself.</summary>
    public Uri? Address(string fileName) =>
        BaseUrl is null ? null : new Uri(BaseUrl, fileName == "index.html" ? "" : fileName);

    /// <summary>What comes before the name of a file in links from a page whose address is not known.</summary>
    public string Root => BaseUrl?.AbsolutePath ?? "/";

    /// <summary>Where GitHub opens the repository in an editor; null for a repository elsewhere.</summary>
    public string? Codespace =>
        Repository is { Host: "github.com" } ? $"https://codespaces.new{Repository.AbsolutePath}" : null;

    /// <summary>The address at which the repository shows a file; null where the file is in no repository.</summary>
    public string? Source(string path)
    {
        string full = Path.GetFullPath(path);
        string? root = Ancestors(full).FirstOrDefault(folder => Path.Exists(Path.Combine(folder, ".git")));
        return Repository is null || root is null
            ? null
            : $"{Repository.AbsoluteUri}/blob/HEAD/{string.Join('/', Path.GetRelativePath(root, full).Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString))}";
    }

    private static IEnumerable<string> Ancestors(string path)
    {
        for (string? folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
            yield return folder;
    }
}
