using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using NotebookHost.Execution;
using NotebookHost.Notebooks;

namespace NotebookHost.Site;

/// <summary>
/// What runs C# in a page, in one folder for all pages: the projects NotebookBrowser and NotebookFigures, published once for
/// each state of their sources and kept beside the first.
/// </summary>
internal static class BrowserRuntime
{
    /// <summary>The folder of a site that holds it.</summary>
    public const string Folder = "run";

    /// <summary>What is said where a site cannot have it.</summary>
    public const string Absence =
        "The pages do not run C#: that takes the sources of this program, which are not here. --no-run says that this is meant.";

    /// <summary>What is published, below the folder that keeps it: for the site, and for the compiler of its cells.</summary>
    private const string Public = "public";

    private const string References = "references";

    private const string Project = "NotebookBrowser";
    private const string FiguresProject = "NotebookFigures";

    /// <summary>The runtime and its scripts are the same for both.</summary>
    private const string Native = "dotnet.native.wasm";

    /// <summary>What stored cells do without.</summary>
    private static readonly string[] Compiler = ["Microsoft.CodeAnalysis.wasm", "Microsoft.CodeAnalysis.CSharp.wasm"];

    /// <summary>What it is made of, below the sources' root.</summary>
    private static readonly string[] Sources =
    [
        Project,
        FiguresProject,
        "NotebookSupport",
        "NotebookHost/Execution",
        "NotebookHost/Notebooks",
        "NotebookHost/Site/BrowserRuntime.cs",
        "NotebookHost/Site/PreparedCells.cs",
        "../Directory.Build.props",
        "../Directory.Packages.props",
        "../global.json",
    ];

    private static readonly string[] SourceEndings = [".cs", ".csproj", ".gz", ".js", ".xml", ".props", ".json"];

    /// <summary>Whether the sources that it is made of are here; the package of the tool is without them.</summary>
    public static bool IsHere => Root() is not null;

    /// <summary>Whether it is published in the state that its sources are in.</summary>
    public static bool IsMade =>
        Root() is { } root && Directory.Exists(Path.Combine(root, Project, "bin", "run", Key(root)));

    /// <summary>
    /// Puts it into a site, with the compiled cells of its pages, and publishes it first where its sources changed, which
    /// takes a minute. Throws <see cref="NotebookException"/> in one sentence where that fails.
    /// </summary>
    /// <param name="site">The site's folder.</param>
    /// <param name="notebooks">The notebooks of the site; what cannot be read is left out, as it is there.</param>
    /// <param name="cancellation">Ends the publishing.</param>
    public static async Task PlaceAsync(string site, IEnumerable<string> notebooks, CancellationToken cancellation)
    {
        string made = await MadeAsync(cancellation);
        string[] prepared = Prepared(made, notebooks, cancellation);
        string to = Path.Combine(site, Folder);
        foreach (string part in (string[])[Path.Combine(made, Public), .. prepared])
            Copy(part, to);
        foreach (string folder in (string[])[PreparedCells.Folder, Path.Combine("file", PreparedCells.Folder)])
        foreach (string file in Directory.EnumerateFiles(Directory.CreateDirectory(Path.Combine(to, folder)).FullName))
            if (!prepared.Contains(Path.Combine(made, PreparedCells.Folder, Path.GetFileName(file).Split('.')[0])))
                File.Delete(file);
    }

    /// <summary>Copies what a site does not have yet, whole files in one move.</summary>
    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            var there = new FileInfo(target);
            var source = new FileInfo(file);
            if (there.Exists && there.Length == source.Length && there.LastWriteTimeUtc == source.LastWriteTimeUtc)
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            string fresh = target + ".new";
            File.Copy(file, fresh, overwrite: true);
            File.SetLastWriteTimeUtc(fresh, source.LastWriteTimeUtc);
            File.Move(fresh, target, overwrite: true);
        }
    }

    /// <summary>For each notebook that has cells to run, the folder of them compiled, now or earlier.</summary>
    private static string[] Prepared(string made, IEnumerable<string> notebooks, CancellationToken cancellation)
    {
        RunningCells[] pages =
        [
            .. notebooks
                .Select(Readable)
                .OfType<Notebook>()
                .Select(notebook => new RunningCells(notebook))
                .Where(page => page.Prepared is not null),
        ];
        string Kept(RunningCells page) => Path.Combine(made, PreparedCells.Folder, page.Prepared!);
        var references = new Lazy<IReadOnlyDictionary<string, MetadataReference>>(() =>
            PreparedCells.References(Path.Combine(made, References))
        );
        Parallel.ForEach(
            pages.DistinctBy(page => page.Prepared).Where(page => !Directory.Exists(Kept(page))),
            new ParallelOptions { CancellationToken = cancellation },
            page =>
            {
                string fresh = $"{Kept(page)}.{Environment.ProcessId}";
                WriteFile(
                    fresh,
                    $"{PreparedCells.Folder}/{page.Prepared}.bin",
                    Zipped(PreparedCells.Compiled(page.All, references.Value))
                );
                if (!Directory.Exists(Kept(page)))
                    Directory.Move(fresh, Kept(page));
            }
        );
        return [.. pages.Select(Kept)];
    }

    private static Notebook? Readable(string path)
    {
        try
        {
            return Notebook.Read(path);
        }
        catch (NotebookException)
        {
            return null;
        }
    }

    /// <summary>The folder that holds it, published now or earlier.</summary>
    private static async Task<string> MadeAsync(CancellationToken cancellation)
    {
        string root = Root() ?? throw new NotebookException(Absence);
        string kept = Path.Combine(root, Project, "bin", "run");
        string made = Path.Combine(kept, Key(root));
        if (Directory.Exists(made))
            return made;
        Directory.CreateDirectory(kept);
        using FileStream claim = await ClaimAsync(Path.Combine(kept, ".lock"), cancellation);
        if (Directory.Exists(made))
            return made;
        using var folder = new TemporaryFolder("notebookhost-run-");
        // One after the other: both would restore what they share.
        string cells = await PublishAsync(root, Project, folder.Path, cancellation);
        string figures = await PublishAsync(root, FiguresProject, folder.Path, cancellation);
        string fresh = $"{made}.{Environment.ProcessId}";
        Write(cells, figures, Path.Combine(root, Project), Path.Combine(fresh, Public));
        Directory.CreateDirectory(Path.Combine(fresh, References));
        string trimmed = Path.Combine(root, Project, "obj", Configuration, "net10.0", "linked");
        foreach (string file in Directory.EnumerateFiles(trimmed, "*.dll"))
            File.Copy(file, Path.Combine(fresh, References, Path.GetFileName(file)));
        foreach (string old in Directory.EnumerateDirectories(kept).Where(old => old != fresh))
            Directory.Delete(old, recursive: true);
        Directory.Move(fresh, made);
        return made;
    }

    /// <summary>Publishes a project into a folder of its own, and returns where its files for a browser are.</summary>
    private static async Task<string> PublishAsync(
        string root,
        string project,
        string folder,
        CancellationToken cancellation
    )
    {
        string to = Path.Combine(folder, project);
        ProcessResult publish = await DotNetCommand.RunAsync(
            [
                "publish",
                Path.Combine(root, project, $"{project}.csproj"),
                "-c",
                Configuration,
                // The library was built with this program, and notebooks may be using it.
                "-p:BuildProjectReferences=false",
                "-v",
                "quiet",
                "--nologo",
                "-o",
                to,
            ],
            root,
            cancellation
        );
        return publish.ExitCode == 0
            ? Path.Combine(to, "wwwroot", "_framework")
            : throw new NotebookException(
                $"The pages cannot run C#: {project} cannot be published: {publish.Output.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal))?.Trim()}"
            );
    }

    /// <summary>The folder src that this program was built in; null for a copy elsewhere.</summary>
    private static string? Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, Project, $"{Project}.csproj")))
                return folder.FullName;
        return null;
    }

    /// <summary>Debug or Release, as this program was built.</summary>
    private static string Configuration =>
        new DirectoryInfo(AppContext.BaseDirectory).Parent?.Name is "Debug" ? "Debug" : "Release";

    /// <summary>Waits until no other process publishes it.</summary>
    private static async Task<FileStream> ClaimAsync(string file, CancellationToken cancellation)
    {
        while (true)
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
            }
    }

    /// <summary>A hash of all that it is made of.</summary>
    private static string Key(string root)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string source in Sources.Select(source => Path.GetFullPath(source, root)))
        foreach (string file in (File.Exists(source) ? [source] : Files(source)).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(root, file)));
            hash.AppendData(File.ReadAllBytes(file));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory
            .EnumerateDirectories(folder)
            .Where(one => Path.GetFileName(one) is not ("bin" or "obj"))
            .SelectMany(Files)
            .Concat(Directory.EnumerateFiles(folder).Where(file => SourceEndings.Contains(Path.GetExtension(file))));

    /// <summary>Makes the folder of what was published: packs for the network, and the same as scripts for pages that are files.</summary>
    private static void Write(string cells, string figures, string scripts, string to)
    {
        Directory.CreateDirectory(Path.Combine(to, "file"));
        string[] library = Assemblies(cells);
        var sizes = new Dictionary<string, int>();
        void AddFile(string name, byte[] content) => sizes[name] = WriteFile(to, name, Zipped(content));
        AddFile("native.bin", File.ReadAllBytes(Path.Combine(cells, Native)));
        AddFile("library.bin", Pack(cells, library.Except(Compiler)));
        AddFile("compiler.bin", Pack(cells, library.Intersect(Compiler)));
        AddFile("figures.bin", Pack(figures, Assemblies(figures)));
        string[] ofDotNet = ["dotnet.js", "dotnet.runtime.js", "dotnet.native.js"];
        Dictionary<string, string> texts = ofDotNet.ToDictionary(
            name => name,
            name => File.ReadAllText(Path.Combine(cells, name))
        );
        foreach ((string name, string text) in texts)
            File.WriteAllText(Path.Combine(to, name), text);
        File.WriteAllText(Path.Combine(to, "files.json"), JsonSerializer.Serialize(sizes));
        File.WriteAllText(
            Path.Combine(to, "file", "files.js"),
            $"startRuntime.files = {JsonSerializer.Serialize(new { sizes, scripts = texts })};\n"
        );
        string worker = File.ReadAllText(Path.Combine(scripts, "runtime-worker.js"));
        File.WriteAllText(Path.Combine(to, "runtime-worker.js"), worker);
        File.WriteAllText(
            Path.Combine(to, "runtime.js"),
            File.ReadAllText(Path.Combine(scripts, "runtime.js"))
                + $"startRuntime.worker = {JsonSerializer.Serialize(worker)};\n"
        );
    }

    private static string[] Assemblies(string published) =>
        [
            .. Directory
                .EnumerateFiles(published, "*.wasm")
                .Select(file => Path.GetFileName(file))
                .Where(name => name != Native)
                .Order(StringComparer.Ordinal),
        ];

    private static byte[] Zipped(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(content);
        return packed.ToArray();
    }

    /// <summary>Writes a file for the network and as a script for pages that are files; returns its length.</summary>
    private static int WriteFile(string folder, string name, byte[] content)
    {
        string file = Path.Combine(folder, name);
        string script = Path.Combine(folder, "file", $"{name}.js");
        foreach (string one in (string[])[file, script])
            Directory.CreateDirectory(Path.GetDirectoryName(one)!);
        File.WriteAllBytes(file, content);
        File.WriteAllText(script, $"startRuntime.take(\"{name}\", \"{Convert.ToBase64String(content)}\");\n");
        return content.Length;
    }

    /// <summary>The length of a list in four bytes, the names and sizes as JSON, and the files one after the other.</summary>
    private static byte[] Pack(string folder, IEnumerable<string> names)
    {
        (string Name, byte[] Bytes)[] files =
        [
            .. names.Select(name => (name, File.ReadAllBytes(Path.Combine(folder, name)))),
        ];
        byte[] list = JsonSerializer.SerializeToUtf8Bytes(
            files.Select(file => new object[] { file.Name, file.Bytes.Length })
        );
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, list.Length);
        return [.. length, .. list, .. files.SelectMany(file => file.Bytes)];
    }
}
