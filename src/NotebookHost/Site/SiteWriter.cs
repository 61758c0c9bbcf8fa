using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using NotebookHost.Execution;
using NotebookHost.Notebooks;
using NotebookHost.Rendering;
using NotebookSupport;

namespace NotebookHost.Site;

/// <summary>Writes executed notebooks as pages that need no server, no kernel and no other host.</summary>
internal sealed partial class SiteWriter
{
    private const int LongestName = 100;
    private static readonly SemaphoreSlim Free = new(Environment.ProcessorCount);

    private const string Marker = ".notebook-site";
    private const string TypesetFormulas = ".formulas.json";
    private const string Assets = "site/";
    private const string PicturesFolder = "pictures";
    private const string OutputScript = "outputs.js";

    /// <summary>Without the runtime they have nothing to do.</summary>
    private static readonly string[] RunScripts = ["engine.js", "run.js", OutputScript, "live.js"];

    private static readonly JsonSerializerOptions IndexFormat = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Lock _oneWrites = new();
    private readonly IReadOnlyList<string> _notebooks;
    private readonly string _folder;
    private readonly string _place;
    private readonly Dictionary<string, string> _executed;
    private readonly Publication _publication;
    private readonly bool _runs;

    /// <summary>By notebook: a hash of the file that its page was made of.</summary>
    private readonly Dictionary<string, byte[]> _shown = [];
    private IReadOnlyList<LeftOut> _leftOut = [];
    private IReadOnlyDictionary<string, string> _names = new Dictionary<string, string>();
    private NotebookPage[] _pages = [];
    private Book _book = new([], [], null);
    private bool _isReplaced;

    /// <param name="notebooks">The executed notebooks, in the order of reading; at least one.</param>
    /// <param name="folder">Where to; made if it is missing.</param>
    /// <param name="executed">For a notebook that does not hold its outputs itself: the file that does.</param>
    /// <param name="publication">Where the site will be published and where it comes from.</param>
    /// <param name="runs">Whether a reader can run the cells on the pages.</param>
    public SiteWriter(
        IReadOnlyList<string> notebooks,
        string folder,
        IReadOnlyDictionary<string, string>? executed = null,
        Publication? publication = null,
        bool runs = false
    )
    {
        (_notebooks, _folder, _runs) = (notebooks, folder, runs);
        _publication = publication ?? new Publication();
        _place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        _executed = new Dictionary<string, string>(executed ?? new Dictionary<string, string>());
    }

    /// <inheritdoc cref="Write()"/>
    public static IReadOnlyList<LeftOut> Write(
        IReadOnlyList<string> notebooks,
        string folder,
        IReadOnlyDictionary<string, string>? executed = null,
        Publication? publication = null,
        bool runs = false
    ) => new SiteWriter(notebooks, folder, executed, publication, runs).Write();

    /// <summary>
    /// Writes a site in the place of an earlier one, whole or not at all; returns the notebooks that cannot be read, which
    /// are left out. Throws <see cref="NotebookException"/> in one sentence where none can be read, and where the folder
    /// holds anything that is not an earlier site.
    /// </summary>
    public IReadOnlyList<LeftOut> Write()
    {
        if (_notebooks.Count == 0)
            throw new NotebookException("There is no notebook to make a site of.");
        if (File.Exists(_place) || (Directory.Exists(_place) && !IsOurs(_place)))
            throw new NotebookException($"{_folder} exists and was not written as a site; expected a new folder.");
        foreach (string notebook in _notebooks)
            _shown[notebook] = Hash(notebook);
        Formulas.Load(Path.Combine(_place, TypesetFormulas));
        (_pages, LeftOut[] leftOut) = Read(_notebooks, _executed, _runs);
        if (_pages.Length == 0)
            throw new NotebookException(string.Join('\n', leftOut.Select(one => one.Reason.Message)));
        _names = PageNames([.. _notebooks.Except(leftOut.Select(one => one.Path))]);
        Gather();

        string fresh = _place + ".new";
        if (Directory.Exists(fresh))
            Remove(fresh);
        Directory.CreateDirectory(fresh);
        File.WriteAllText(Path.Combine(fresh, Marker), "A site that NotebookHost wrote and may replace.\n");
        WriteAssets(Path.Combine(fresh, "assets"));
        foreach (
            (string name, byte[] bytes) in Gathered().Concat(Enumerable.Range(0, _pages.Length).SelectMany(FilesOf))
        )
        {
            string file = Path.Combine(fresh, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, bytes);
        }
        Swap(_place, fresh);
        _isReplaced = false;
        return _leftOut = leftOut;
    }

    /// <summary>
    /// Makes the page of a notebook of another file, in the site that was written; whoever reads it meanwhile gets the old
    /// page or the new one. What other pages gather from it waits for <see cref="Finish"/>.
    /// </summary>
    /// <param name="notebook">One of those that the site is made of.</param>
    /// <param name="executed">The file that holds its outputs.</param>
    public void Replace(string notebook, string executed)
    {
        lock (_oneWrites)
        {
            _executed[notebook] = executed;
            byte[] hash = Hash(notebook);
            if (hash.SequenceEqual(_shown[notebook]))
                return;
            _isReplaced = true;
            int index = Array.FindIndex(
                _pages,
                page => page.FileName == _names.GetValueOrDefault(Path.GetFullPath(notebook))
            );
            if (index < 0)
                return; // It had no page: finishing writes the whole site.
            (NotebookPage? page, LeftOut? leftOut) = OneOfFewAsync(() => Read(notebook, executed, _names, _runs))
                .GetAwaiter()
                .GetResult();
            _pages[index] = page ?? throw leftOut!.Reason;
            _book = _book with { Notebooks = Linked(_pages) };
            // The page goes last, so that what it shows is there.
            foreach ((string name, byte[] bytes) in FilesOf(index))
                Put(name, bytes);
            _shown[notebook] = hash;
        }
    }

    /// <summary>Writes what several notebooks have a part in, where one was replaced; returns the notebooks without a page.</summary>
    public IReadOnlyList<LeftOut> Finish()
    {
        if (!_isReplaced)
            return _leftOut;
        if (_leftOut.Any(one => _executed.ContainsKey(one.Path)))
            return Write();
        Gather();
        foreach (
            (string name, byte[] bytes) in Enumerable.Range(0, _pages.Length).SelectMany(FilesOf).Concat(Gathered())
        )
            Put(name, bytes);
        string pictures = Path.Combine(_place, PicturesFolder);
        if (Directory.Exists(pictures))
            foreach (
                string left in Directory
                    .EnumerateFiles(pictures, "*", SearchOption.AllDirectories)
                    .Except(
                        _pages.SelectMany(page => page.Pictures.Keys).Select(name => Path.GetFullPath(name, pictures))
                    )
            )
                File.Delete(left);
        return _leftOut;
    }

    /// <summary>What the pages have in common, and what gathers from all of them.</summary>
    private void Gather()
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(_notebooks[0]))!;
        NotebookPage[] pages = Linked(_pages);
        string picture = Path.Combine(folder, PublishedFiles.SocialPicture);
        _book = new Book(
            pages,
            ExtraPages.Make(pages, folder, _names),
            ExtraPages.Text("index", folder, _names, ExtraPages.Decided(pages))
        )
        {
            Publication = _publication,
            SocialPicture = File.Exists(picture) ? File.ReadAllBytes(picture) : null,
        };
    }

    /// <summary>The pages with links to those claims alone that one of them decides.</summary>
    private static NotebookPage[] Linked(NotebookPage[] pages)
    {
        IReadOnlySet<int> decided = ExtraPages.Decided(pages);
        return
        [
            .. pages.Select(page => page with { Body = MarkdownText.WithClaims(page.Body, page.Mentions, decided) }),
        ];
    }

    /// <summary>The files of a notebook's page: what it shows, then itself.</summary>
    private IEnumerable<(string Name, byte[] Bytes)> FilesOf(int index)
    {
        NotebookPage page = _book.Notebooks[index];
        foreach ((string name, byte[] picture) in page.Pictures)
            yield return (Path.Combine(PicturesFolder, name), picture);
        yield return (page.Download!, page.Notebook!);
        yield return (page.FileName, Bytes(Layout.Notebook(_book, index)));
    }

    /// <summary>The files that gather from all notebooks.</summary>
    private IEnumerable<(string Name, byte[] Bytes)> Gathered()
    {
        yield return (
            Path.Combine("assets", "search.js"),
            Encoding.UTF8.GetBytes($"window.courseText = {Index([.. _pages, .. _book.Extras])};\n")
        );
        foreach (NotebookPage extra in _book.Extras)
            yield return (extra.FileName, Bytes(Layout.Extra(_book, extra)));
        yield return ("index.html", Bytes(Layout.Landing(_book)));
        yield return (TypesetFormulas, Formulas.Saved());
        foreach ((string Name, byte[] Bytes) file in PublishedFiles.Of(_book, AssetNames()))
            yield return file;
    }

    /// <summary>
    /// The files that pages load before a reader turns to a figure or edits a cell, but for the texts that come with some of
    /// them.
    /// </summary>
    private IEnumerable<string> AssetNames() =>
        Resources()
            .Select(name => $"assets/{name[Assets.Length..]}")
            .Where(name => Path.GetExtension(name) is not ("" or ".md"))
            .Where(name =>
                !name.StartsWith("assets/plotly/", StringComparison.Ordinal)
                && !name.StartsWith("assets/codemirror/", StringComparison.Ordinal)
            )
            .Concat(["assets/figure.js", "assets/formulas.js", "assets/search.js"]);

    private IEnumerable<string> Resources() =>
        typeof(SiteWriter)
            .Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Assets, StringComparison.Ordinal))
            .Where(name => _runs || !IsForRunning(name[Assets.Length..]));

    private static bool IsForRunning(string asset) =>
        RunScripts.Contains(asset) || asset.StartsWith("codemirror/", StringComparison.Ordinal);

    private static byte[] Bytes(Html page) => Encoding.UTF8.GetBytes(page.ToString());

    /// <summary>Writes a file of the site, in one move, where it does not hold these bytes already.</summary>
    private void Put(string name, byte[] bytes)
    {
        if (!File.Exists(Path.Combine(_place, Marker)))
            throw new NotebookException($"{_folder} no longer holds the site that was written to it.");
        string file = Path.Combine(_place, name);
        if (File.Exists(file) && File.ReadAllBytes(file).AsSpan().SequenceEqual(bytes))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        SafeFile.Write(file, bytes);
    }

    /// <summary>A hash of the file that a notebook's page is made of; empty where it cannot be read.</summary>
    private byte[] Hash(string notebook)
    {
        try
        {
            using FileStream file = File.OpenRead(_executed.GetValueOrDefault(notebook, notebook));
            return SHA256.HashData(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The pages of the notebooks that can be read; no link leads to the others.</summary>
    private static (NotebookPage[] Pages, LeftOut[] LeftOut) Read(
        IReadOnlyList<string> paths,
        IReadOnlyDictionary<string, string>? executed,
        bool runs
    )
    {
        var leftOut = new List<LeftOut>();
        while (true)
        {
            string[] readable = [.. paths.Except(leftOut.Select(one => one.Path))];
            IReadOnlyDictionary<string, string> names = PageNames(readable);
            (NotebookPage? Page, LeftOut? LeftOut)[] read = Task.WhenAll(
                    readable.Select(path =>
                        OneOfFewAsync(() => Read(path, executed?.GetValueOrDefault(path) ?? path, names, runs))
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
        IReadOnlyDictionary<string, string> names,
        bool runs
    )
    {
        try
        {
            return (PageReader.Read(path, executed, names, runs), null);
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

    /// <summary>Whether a folder was written as a site.</summary>
    public static bool IsSite(string folder) => File.Exists(Path.Combine(folder, Marker));

    private static bool IsOurs(string folder) => IsSite(folder) || !Directory.EnumerateFileSystemEntries(folder).Any();

    private static void Remove(string folder)
    {
        if (!IsOurs(folder))
            throw new NotebookException($"{folder} exists and was not written as a site; expected it to be free.");
        Directory.Delete(folder, recursive: true);
    }

    private void Swap(string place, string fresh)
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
        if (!replaces)
            return;
        // What runs cells is large, and placed by itself.
        string runtime = Path.Combine(earlier, BrowserRuntime.Folder);
        if (_runs && Directory.Exists(runtime))
            Directory.Move(runtime, Path.Combine(place, BrowserRuntime.Folder));
        Directory.Delete(earlier, recursive: true);
    }

    /// <summary>
    /// A page is named after its notebook, in characters that are safe in file names and URLs. Notebooks of the same name
    /// get the name of their folder in front, or a number at the end.
    /// </summary>
    private static Dictionary<string, string> PageNames(IReadOnlyList<string> paths)
    {
        var names = new Dictionary<string, string>();
        var taken = new HashSet<string>(ExtraPages.Names.Concat(["index", "404"]), StringComparer.OrdinalIgnoreCase);
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

    private void WriteAssets(string folder)
    {
        Assembly host = typeof(SiteWriter).Assembly;
        foreach (string name in Resources())
        {
            string path = Path.Combine(folder, name[Assets.Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using Stream source = host.GetManifestResourceStream(name)!;
            using FileStream target = File.Create(path);
            source.CopyTo(target);
        }
        File.WriteAllBytes(Path.Combine(folder, "plotly", "plotly.min.js"), PlotlyJs.Script());
        using var figure = new StreamReader(host.GetManifestResourceStream("figure.js")!);
        File.WriteAllText(Path.Combine(folder, "figure.js"), $"window.drawFigure = {figure.ReadToEnd().TrimEnd()};\n");
        if (_runs)
        {
            string outputs = Path.Combine(folder, OutputScript);
            File.WriteAllText(
                outputs,
                $"\"use strict\";\nwindow.outputRules = {OutputHtml.Rules()};\n{File.ReadAllText(outputs)}"
            );
        }
        File.WriteAllText(Path.Combine(folder, "formulas.js"), FormulaFonts(Path.Combine(folder, "katex", "fonts")));
    }

    /// <summary>
    /// The two fonts of nearly every formula, there before the first paint, so that no line breaks anew when they come;
    /// a browser takes a font from a script at once, from a style sheet later.
    /// </summary>
    private static string FormulaFonts(string folder)
    {
        string Load(string family, string file, string style)
        {
            string bytes = Convert.ToBase64String(File.ReadAllBytes(Path.Combine(folder, file)));
            return $"add(\"{family}\", \"{style}\", \"{bytes}\");\n";
        }
        return """
                "use strict";
                const add = (family, style, text) =>
                  document.fonts.add(new FontFace(family, Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)), { style }));

                """
            + Load("KaTeX_Main", "KaTeX_Main-Regular.woff2", "normal")
            + Load("KaTeX_Math", "KaTeX_Math-Italic.woff2", "italic");
    }

    /// <summary>What the search reads: the text under each heading, and each formula that is in a text.</summary>
    private static string Index(IReadOnlyList<NotebookPage> pages) =>
        JsonSerializer.Serialize(
            new
            {
                sections = pages.SelectMany(page =>
                    page.Sections.Select(section => new
                    {
                        page = page.FileName,
                        title = page.Sections.FirstOrDefault(s => s.Heading.Length > 0)?.Heading ?? page.FileName,
                        anchor = section.Anchor,
                        heading = section.Heading,
                        text = section.Text,
                        code = section.Code,
                    })
                ),
                formulas = pages
                    .SelectMany(page => page.Sections)
                    .SelectMany(section => Formula().Matches($"{section.Heading}\n{section.Text}"))
                    .Select(formula => formula.Groups["tex"].Value)
                    .Distinct()
                    .ToDictionary(tex => tex, tex => Formulas.MathML(tex).ToString()),
            },
            IndexFormat
        );

    /// <summary>A formula in the text of a <see cref="Section"/>.</summary>
    [GeneratedRegex(@"\\\((?<tex>.*?)\\\)")]
    private static partial Regex Formula();
}

/// <summary>A notebook that has no page, and why.</summary>
internal sealed record LeftOut(string Path, NotebookException Reason);
