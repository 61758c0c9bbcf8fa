using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using NotebookHost.Execution;
using NotebookHost.Notebooks;
using NotebookHost.Rendering;

namespace NotebookHost.Site;

/// <summary>Writes executed notebooks as pages that need no server, no kernel and no other host.</summary>
internal static partial class SiteWriter
{
    private const int LongestName = 100;
    private static readonly SemaphoreSlim Free = new(Environment.ProcessorCount);

    private const string Marker = ".notebook-site";
    private const string Assets = "site/";

    private static readonly JsonSerializerOptions IndexFormat = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// Writes a site in the place of an earlier one, whole or not at all; returns the notebooks that cannot be read, which
    /// are left out. Throws <see cref="NotebookException"/> in one sentence where none can be read, and where the folder
    /// holds anything that is not an earlier site.
    /// </summary>
    /// <param name="notebookPaths">The executed notebooks, in the order of reading; at least one.</param>
    /// <param name="folder">Where to; made if it is missing.</param>
    /// <param name="executed">For a notebook that does not hold its outputs itself: the file that does.</param>
    public static IReadOnlyList<LeftOut> Write(
        IReadOnlyList<string> notebookPaths,
        string folder,
        IReadOnlyDictionary<string, string>? executed = null
    )
    {
        if (notebookPaths.Count == 0)
            throw new NotebookException("There is no notebook to make a site of.");
        string place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(place) || (Directory.Exists(place) && !IsOurs(place)))
            throw new NotebookException($"{folder} exists and was not written as a site; expected a new folder.");
        (NotebookPage[] pages, LeftOut[] leftOut) = Read(notebookPaths, executed);
        if (pages.Length == 0)
            throw new NotebookException(string.Join('\n', leftOut.Select(one => one.Reason.Message)));
        IReadOnlyDictionary<string, string> names = PageNames([
            .. notebookPaths.Except(leftOut.Select(one => one.Path)),
        ]);
        string notebooks = Path.GetDirectoryName(Path.GetFullPath(notebookPaths[0]))!;
        var book = new Book(
            pages,
            ExtraPages.Make(pages, notebooks, names),
            ExtraPages.Text("index", notebooks, names)
        );

        string fresh = place + ".new";
        if (Directory.Exists(fresh))
            Remove(fresh);
        Directory.CreateDirectory(fresh);
        File.WriteAllText(Path.Combine(fresh, Marker), "A site that NotebookHost wrote and may replace.\n");
        WriteAssets(Path.Combine(fresh, "assets"), [.. pages, .. book.Extras]);
        File.WriteAllText(Path.Combine(fresh, "index.html"), Layout.Landing(book).ToString());
        for (int i = 0; i < pages.Length; i++)
            File.WriteAllText(Path.Combine(fresh, pages[i].FileName), Layout.Notebook(book, i).ToString());
        foreach (NotebookPage extra in book.Extras)
            File.WriteAllText(Path.Combine(fresh, extra.FileName), Layout.Extra(book, extra).ToString());
        foreach ((string name, byte[] picture) in pages.SelectMany(page => page.Pictures))
        {
            string file = Path.Combine(fresh, "pictures", name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, picture);
        }
        Replace(place, fresh);
        return leftOut;
    }

    /// <summary>The pages of the notebooks that can be read; no link leads to the others.</summary>
    private static (NotebookPage[] Pages, LeftOut[] LeftOut) Read(
        IReadOnlyList<string> paths,
        IReadOnlyDictionary<string, string>? executed
    )
    {
        var leftOut = new List<LeftOut>();
        while (true)
        {
            string[] readable = [.. paths.Except(leftOut.Select(one => one.Path))];
            IReadOnlyDictionary<string, string> names = PageNames(readable);
            (NotebookPage? Page, LeftOut? LeftOut)[] read = Task.WhenAll(
                    readable.Select(path =>
                        OneOfFewAsync(() => Read(path, executed?.GetValueOrDefault(path) ?? path, names))
                    )
                )
                .GetAwaiter()
                .GetResult();
            LeftOut[] more = [.. read.Select(one => one.LeftOut).OfType<LeftOut>()];
            leftOut.AddRange(more);
            if (more.Length == 0)
                return (
                    [.. read.Select(one => one.Page!)],
                    [.. leftOut.OrderBy(one => paths.ToList().IndexOf(one.Path))]
                );
        }
    }

    private static (NotebookPage? Page, LeftOut? LeftOut) Read(
        string path,
        string executed,
        IReadOnlyDictionary<string, string> names
    )
    {
        try
        {
            return (PageReader.Read(path, executed, names), null);
        }
        catch (NotebookException reason)
        {
            return (null, new LeftOut(path, reason));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, new LeftOut(path, new NotebookException(error.Message)));
        }
    }

    /// <summary>Runs on a deep stack, because texts may be nested deeply; at most one call per processor at a time.</summary>
    private static async Task<T> OneOfFewAsync<T>(Func<T> work)
    {
        await Free.WaitAsync();
        try
        {
            return await DeepStack.RunAsync(work);
        }
        finally
        {
            Free.Release();
        }
    }

    private static bool IsOurs(string folder) =>
        File.Exists(Path.Combine(folder, Marker)) || !Directory.EnumerateFileSystemEntries(folder).Any();

    private static void Remove(string folder)
    {
        if (!IsOurs(folder))
            throw new NotebookException($"{folder} exists and was not written as a site; expected it to be free.");
        Directory.Delete(folder, recursive: true);
    }

    private static void Replace(string place, string fresh)
    {
        string earlier = place + ".old";
        if (Directory.Exists(earlier))
            Remove(earlier);
        bool replaces = Directory.Exists(place);
        if (replaces)
            Directory.Move(place, earlier);
        try
        {
            Directory.Move(fresh, place);
        }
        catch (IOException) when (replaces)
        {
            Directory.Move(earlier, place);
            throw;
        }
        if (replaces)
            Directory.Delete(earlier, recursive: true);
    }

    /// <summary>
    /// A page is named after its notebook, in characters that are safe in file names and URLs. Notebooks of the same name
    /// get the name of their folder in front, or a number at the end.
    /// </summary>
    private static Dictionary<string, string> PageNames(IReadOnlyList<string> paths)
    {
        var names = new Dictionary<string, string>();
        var taken = new HashSet<string>(ExtraPages.Names.Append("index"), StringComparer.OrdinalIgnoreCase);
        foreach (string path in paths.Select(Path.GetFullPath))
        {
            string name = Fit(Path.GetFileNameWithoutExtension(path));
            if (!taken.Add(name))
            {
                string start = name = Fit($"{Path.GetFileName(Path.GetDirectoryName(path))}-{name}");
                for (int i = 2; !taken.Add(name); i++)
                    name = $"{start}-{i}";
            }
            names[path] = $"{name}.html";
        }
        return names;
    }

    private static string Fit(string name)
    {
        string fit = Unfit().Replace(name, "-");
        return fit.Length > LongestName ? fit[..LongestName]
            : fit.Trim('.').Length == 0 ? "notebook"
            : fit;
    }

    [GeneratedRegex("[^A-Za-z0-9._~-]")]
    private static partial Regex Unfit();

    private static void WriteAssets(string folder, IReadOnlyList<NotebookPage> pages)
    {
        Assembly host = typeof(SiteWriter).Assembly;
        foreach (
            string name in host.GetManifestResourceNames().Where(n => n.StartsWith(Assets, StringComparison.Ordinal))
        )
        {
            string path = Path.Combine(folder, name[Assets.Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using Stream source = host.GetManifestResourceStream(name)!;
            using FileStream target = File.Create(path);
            source.CopyTo(target);
        }
        File.WriteAllBytes(Path.Combine(folder, "plotly.min.js"), PlotlyJs.Script());
        using var figure = new StreamReader(host.GetManifestResourceStream("figure.js")!);
        File.WriteAllText(Path.Combine(folder, "figure.js"), $"window.drawFigure = {figure.ReadToEnd().TrimEnd()};\n");
        File.WriteAllText(Path.Combine(folder, "search.js"), $"window.courseText = {Index(pages)};\n");
    }

    private static string Index(IReadOnlyList<NotebookPage> pages) =>
        JsonSerializer.Serialize(
            pages.SelectMany(page =>
                page.Sections.Select(section => new
                {
                    page = page.FileName,
                    title = page.Sections.FirstOrDefault(s => s.Heading.Length > 0)?.Heading ?? page.FileName,
                    anchor = section.Anchor,
                    heading = section.Heading,
                    text = section.Text,
                })
            ),
            IndexFormat
        );
}

/// <summary>A notebook that has no page, and why.</summary>
internal sealed record LeftOut(string Path, NotebookException Reason);
