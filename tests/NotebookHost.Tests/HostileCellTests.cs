using System.Text.Json.Nodes;
using NotebookHost.Jupyter;
using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

/// <summary>The hostile cells in the runner: each notebook ends, with what it has to say.</summary>
public sealed class HostileNotebooks : IAsyncLifetime
{
    private static readonly string[] EndlessInRunner =
    [
        "a loop",
        "a delay",
        "a flood of output",
        "a library's own loop",
    ];

    private readonly NotebookFolder _folder = new();
    private readonly Dictionary<string, string> _files = [];

    internal static IEnumerable<HostileCell> Cells =>
        HostileCells.All.Where(cell => !cell.IsEndless || EndlessInRunner.Contains(cell.Name));

    public string Errors { get; private set; } = "";

    internal string Shown(HostileCell cell)
    {
        IReadOnlyList<CodeCell> cells = Notebook.Read(_folder[$"out/{_files[cell.Name]}"]).CodeCells;
        return $"{Text(cells[cell.Cells.Length - 1].Outputs)}\n{Line(cell)}";
    }

    public async Task InitializeAsync()
    {
        foreach ((HostileCell cell, int index) in Cells.Select((cell, index) => (cell, index)))
        {
            _files[cell.Name] = $"{index:D3}.ipynb";
            _folder.Write($"{(cell.IsEndless ? "endless" : "in")}/{_files[cell.Name]}", cell.Cells);
        }
        Outcome endless = await _folder.RunAsync("run", "endless", "--output", "out", "--timeout", "10");
        Outcome others = await _folder.RunAsync("run", "in", "--output", "out", "--timeout", "90");
        Errors = endless.Errors + others.Errors;
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>All that outputs show, as one text.</summary>
    internal static string Text(JsonArray outputs) =>
        string.Join(
            '\n',
            outputs.Select(output =>
                CodeCell.Text(output!["text"])
                + string.Concat((output["data"] as JsonObject ?? []).Select(data => CodeCell.Text(data.Value)))
                + $"{output["ename"]} {output["evalue"]}"
                + string.Join('\n', (output["traceback"] as JsonArray ?? []).Select(line => $"{line}"))
            )
        );

    private string Line(HostileCell cell) =>
        Errors.Split('\n').FirstOrDefault(line => line.Contains($"/{_files[cell.Name]},", StringComparison.Ordinal))
        ?? "";
}

public class HostileCellTests(HostileNotebooks notebooks) : IClassFixture<HostileNotebooks>
{
    public static TheoryData<string> Names => [.. HostileNotebooks.Cells.Select(cell => cell.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheRunnerComesToItsEndAndSaysWhatHappened(string name)
    {
        HostileCell cell = HostileCells.All.Single(cell => cell.Name == name);
        Assert.Contains(cell.ExpectedInRunner ?? cell.Expected, notebooks.Shown(cell));
        Assert.DoesNotContain("at NotebookHost.", notebooks.Shown(cell));
    }
}

/// <summary>A kernel that lives as long as its cells let it.</summary>
public sealed class SurvivingKernel : IDisposable
{
    private KernelClient? _client;

    internal KernelClient Client => _client ??= new();

    public void Dispose() => End();

    internal void End()
    {
        _client?.Dispose();
        _client = null;
    }
}

public class HostileKernelTests(SurvivingKernel survivor) : IClassFixture<SurvivingKernel>
{
    public static TheoryData<string> Names => [.. HostileCells.All.Select(cell => cell.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheKernelSaysWhatHappenedAndAnswersTheNextCell(string name)
    {
        bool isSound = false;
        try
        {
            isSound = Survives(HostileCells.All.Single(cell => cell.Name == name));
        }
        finally
        {
            if (!isSound)
                survivor.End();
        }
    }

    /// <summary>Whether the kernel is as before.</summary>
    private bool Survives(HostileCell cell)
    {
        foreach (string before in cell.Cells[..^1])
            Assert.Equal("ok", survivor.Client.Execute(before).Reply["status"]!.ToString());
        JsonObject header = survivor.Client.SendCell(
            cell.IsEndless ? $"Console.WriteLine(\"runs\"); {cell.Cells[^1]}" : cell.Cells[^1],
            ("allow_stdin", false)
        );
        if (cell.IsEndless)
        {
            survivor.Client.WaitForOutput();
            survivor.Client.Control("interrupt_request", []);
        }
        JsonObject reply = survivor.Client.Reply(header).Content;
        Message[] published = survivor.Client.Published(header);
        string shown = string.Concat(published.Select(Shown)) + reply["evalue"] + reply["traceback"];
        Assert.Contains(cell.Expected, shown);
        Assert.DoesNotContain("at NotebookHost.", shown);
        if (cell.EndsProcess)
        {
            Assert.True(survivor.Client.Process.WaitForExit(KernelClient.Patience));
            return false;
        }
        string after = string.Concat(survivor.Client.Execute(cell.After).Published.Select(Shown));
        Assert.Contains("True", after);
        // What still runs would slow the cells after it.
        return !shown.Contains("restart the kernel", StringComparison.Ordinal);
    }

    private static string Shown(Message message) =>
        message.Type switch
        {
            "stream" => message.Content["text"]!.ToString(),
            "error" => $"{message.Content["ename"]} {message.Content["evalue"]}\n"
                + string.Join('\n', message.Content["traceback"]!.AsArray().Select(line => $"{line}")),
            "display_data" or "update_display_data" or "execute_result" => string.Concat(
                message.Content["data"]!.AsObject().Select(data => data.Value?.ToString())
            ),
            _ => "",
        };
}
