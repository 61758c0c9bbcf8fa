using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using NotebookHost.Execution;
using NotebookHost.Notebooks;

namespace NotebookHost.Commands;

/// <summary>
/// What is known of the last run of notebooks, a file <c>x.state.json</c> beside each executed notebook: of what it was the
/// run, as a hash of all that may change the outputs; which file came out; how long it took.
/// </summary>
/// <param name="folder">The folder of the executed notebooks.</param>
internal sealed partial class LastRuns(string folder)
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>The executed notebook.</summary>
    public string Executed(NotebookFile file) => Path.Combine(folder, file.Name);

    /// <summary>Whether running a notebook again would give what its last run gave; false where that is not sure.</summary>
    public bool IsUnchanged(NotebookFile file)
    {
        try
        {
            return Read(file) is { } state
                && state.Executed == Hash(Executed(file))
                && state.Inputs == Inputs(Notebook.Read(file.Path), file.Folder);
        }
        catch (Exception error) when (RunCommand.IsExpected(error))
        {
            return false;
        }
    }

    /// <summary>How long the last run took; null where that is not known.</summary>
    public TimeSpan? Duration(NotebookFile file) =>
        Read(file) is { Seconds: >= 0 and < 1e6 } state ? TimeSpan.FromSeconds(state.Seconds) : null;

    /// <summary>Keeps what is known of a run whose executed notebook is written.</summary>
    /// <param name="file">The notebook.</param>
    /// <param name="inputs">What <see cref="Inputs"/> gave before it ran.</param>
    /// <param name="elapsed">How long it took.</param>
    public void Keep(NotebookFile file, string inputs, TimeSpan elapsed) =>
        SafeFile.Write(
            Place(file),
            JsonSerializer.SerializeToUtf8Bytes(
                new State
                {
                    Inputs = inputs,
                    Executed = Hash(Executed(file)),
                    Seconds = Math.Round(elapsed.TotalSeconds, 1),
                },
                Format
            )
        );

    /// <summary>
    /// A hash of all that the outputs of a notebook may depend on: the notebook but for its outputs, the assemblies that
    /// it names with what lies beside them, the files in its folder, this program, .NET and the browser that draws.
    /// Other notebooks and Markdown files count where its code names them.
    /// </summary>
    public static string Inputs(Notebook notebook, string folder)
    {
        string[] codes = [.. notebook.CodeCells.Select(cell => cell.Code)];
        string host = typeof(LastRuns).Assembly.Location;
        var all = new StringBuilder()
            .AppendLine(RuntimeInformation.FrameworkDescription)
            .AppendLine(RuntimeInformation.RuntimeIdentifier)
            .AppendLine(Programs.Here.Browser)
            .AppendLine(notebook.WithoutOutputs().ToString());
        foreach (
            string file in new[] { host, Path.ChangeExtension(host, ".deps.json") }
                .Concat(codes.SelectMany(code => Named(code, folder, [])))
                .Concat(Data(folder, codes))
                .Distinct()
        )
            all.AppendLine(file).AppendLine(File.Exists(file) ? Hash(file) : "missing");
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())));
    }

    /// <summary>The files that a cell loads, and those beside the assemblies among them.</summary>
    private static IEnumerable<string> Named(string code, string folder, HashSet<string> seen)
    {
        foreach (Directive reference in Directive.In(code).Where(directive => directive.NamesFile))
        {
            string path = Path.GetFullPath(reference.Name, folder);
            yield return path;
            string beside = Path.GetDirectoryName(path)!;
            string natives = Path.Combine(beside, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
            foreach (string file in Files(beside, "*.dll").Concat(Files(beside, "*.json")).Concat(Files(natives, "*")))
                yield return file;
        }
        foreach (Match load in Load().Matches(code))
        {
            string path = Path.GetFullPath(load.Groups["path"].Value, folder);
            if (!seen.Add(path))
                continue;
            yield return path;
            if (File.Exists(path))
                foreach (string file in Named(File.ReadAllText(path), Path.GetDirectoryName(path)!, seen))
                    yield return file;
        }
    }

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal) : [];

    /// <summary>The files in the folder of a notebook and below that its cells may read.</summary>
    private static IEnumerable<string> Data(string folder, string[] codes) =>
        Directory
            .EnumerateFiles(
                folder,
                "*",
                new EnumerationOptions
                {
                    RecurseSubdirectories = true,
                    AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint,
                }
            )
            .Where(file =>
                Path.GetExtension(file).ToLowerInvariant() is not (".ipynb" or ".md")
                || Array.Exists(codes, code => code.Contains(Path.GetFileName(file), StringComparison.Ordinal))
            )
            .Order(StringComparer.Ordinal);

    private static string Hash(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(file));
    }

    private string Place(NotebookFile file) => Path.ChangeExtension(Executed(file), ".state.json");

    /// <summary>What is kept of the last run; null where nothing is, or a file that was not written here.</summary>
    private State? Read(NotebookFile file)
    {
        try
        {
            return JsonSerializer.Deserialize<State>(File.ReadAllBytes(Place(file)));
        }
        catch (Exception error) when (error is JsonException || RunCommand.IsExpected(error))
        {
            return null;
        }
    }

    [GeneratedRegex("""^\s*#load\s+"(?<path>[^"]+)"[ \t]*(//.*)?\r?$""", RegexOptions.Multiline)]
    private static partial Regex Load();

    private sealed record State
    {
        /// <summary>A hash of all that the outputs may depend on.</summary>
        public required string Inputs { get; init; }

        /// <summary>A hash of the executed notebook.</summary>
        public required string Executed { get; init; }

        public required double Seconds { get; init; }
    }
}
