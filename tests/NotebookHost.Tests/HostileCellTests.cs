using System.Text.Json.Nodes;
using NotebookHost.Jupyter;
using NotebookHost.Notebooks;
using NotebookSupport.Tests;

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

    /// <summary>How many share a notebook, and with it a process; each has its own where everything is asked for.</summary>
    private static readonly int Together = Exhaustive.IsAsked ? 1 : 12;

    private readonly NotebookFolder _folder = new();

    /// <summary>The notebook that holds a cell, and the place of the hostile cell in it.</summary>
    private readonly Dictionary<string, (string File, int Index)> _places = [];

    internal static IEnumerable<HostileCell> Cells =>
        HostileCells.All.Where(cell => !cell.IsEndless || EndlessInRunner.Contains(cell.Name));

    public string Errors { get; private set; } = "";

    internal string Shown(HostileCell cell)
    {
        (string file, int index) = _places[cell.Name];
        return $"{Text(Notebook.Read(_folder[$"out/{file}"]).CodeCells[index].Outputs)}\n{Line(file)}";
    }

    public async Task InitializeAsync()
    {
        ILookup<bool, HostileCell> cells = Cells.ToLookup(cell => cell.IsEndless || cell.EndsProcess);
        foreach (HostileCell cell in cells[true])
            Write(cell.IsEndless ? "endless" : "in", cell);
        foreach (HostileCell[] some in cells[false].Chunk(Together))
            Write("in", some);
        Outcome[] outcomes = await Task.WhenAll(
            _folder.RunAsync("run", "endless", "--output", "out", "--timeout", "10", "--jobs", "4"),
            _folder.RunAsync("run", "in", "--output", "out", "--timeout", "300")
        );
        Errors = string.Concat(outcomes.Select(outcome => outcome.Errors));
    }

    /// <summary>Writes a notebook of some of them; where they are many, each goes on past the errors of those before it.</summary>
    private void Write(string folder, params HostileCell[] some)
    {
        string file = $"{_places.Count:D3}.ipynb";
        string[] cells = [.. some.SelectMany(cell => cell.Cells)];
        _folder.Write($"{folder}/{file}", some.Length == 1 ? [] : ["raises-exception"], cells);
        int index = -1;
        foreach (HostileCell cell in some)
            _places[cell.Name] = (file, index += cell.Cells.Length);
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

    private string Line(string file) =>
        Errors.Split('\n').FirstOrDefault(line => line.Contains($"/{file},", StringComparison.Ordinal)) ?? "";
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

    /// <summary>Every third each time: the runner has them all, by the same session.</summary>
    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void TheKernelSaysWhatHappenedAndAnswersTheNextCell(string name)
    {
        if (Array.FindIndex([.. HostileCells.All], cell => cell.Name == name) % 3 != 0)
            Exhaustive.Needs($"The kernel runs the cell \"{name}\"");
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
