using System.Text.Json;
using System.Text.Json.Nodes;
using NotebookHost.Execution;
using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

/// <summary>A folder of notebooks that goes away after the test, and the program run on it.</summary>
public sealed class NotebookFolder : IDisposable
{
    private const string Metadata = """
        { "kernelspec": { "display_name": ".NET (C#)", "language": "C#", "name": ".net-csharp" } }
        """;

    public string Root { get; } = Directory.CreateTempSubdirectory("notebooks-").FullName;

    /// <summary>The folder of the solution.</summary>
    public static string Repository { get; } =
        Ancestors(AppContext.BaseDirectory).First(folder => File.Exists(Path.Combine(folder, "NotebookSupport.sln")));

    public string this[string name] => Path.Combine(Root, name);

    /// <summary>Writes a notebook with these cells of code, formatted as the program formats.</summary>
    public string Write(string name, params string[] cells) => Write(name, [], cells);

    /// <summary>Writes a notebook whose cells all have these tags.</summary>
    public string Write(string name, string[] tags, string[] cells)
    {
        var json = new JsonObject
        {
            ["cells"] = new JsonArray([
                .. cells.Select(source => new JsonObject
                {
                    ["cell_type"] = "code",
                    ["execution_count"] = null,
                    ["metadata"] =
                        tags.Length == 0
                            ? []
                            : new JsonObject { ["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]) },
                    ["outputs"] = new JsonArray(),
                    ["source"] = CodeCell.Lines(source),
                }),
            ]),
            ["metadata"] = JsonNode.Parse(Metadata),
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
        return WriteText(name, json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }

    public string WriteText(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>The outputs of the cells of a notebook.</summary>
    public JsonArray[] Outputs(string name) => [.. Notebook.Read(this[name]).CodeCells.Select(cell => cell.Outputs)];

    /// <summary>Runs the program in this folder.</summary>
    public Task<Outcome> RunAsync(params string[] arguments) => RunAsync(null, arguments);

    /// <summary>Runs the program in this folder, with one variable of the environment set.</summary>
    public async Task<Outcome> RunAsync((string Name, string Value)? variable, params string[] arguments)
    {
        var start = new ChildStart(Programs.DotNet, [HostProgram.Path, .. arguments])
        {
            Folder = Root,
            Variables = variable is var (name, value) ? new Dictionary<string, string> { [name] = value } : [],
        };
        ProcessResult ended = await ChildProcess.RunAsync(start, CancellationToken.None);
        return new Outcome(ended.ExitCode, ended.Output, ended.Errors);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (DirectoryInfo? at = new(folder); at is not null; at = at.Parent)
            yield return at.FullName;
    }
}

/// <summary>How the program ended and what it wrote.</summary>
public sealed record Outcome(int ExitCode, string Output, string Errors);
