using System.Text.Json.Nodes;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using NotebookHost.Tests;
using NotebookSupport.Tests;

namespace Notebooks.Tests;

/// <summary>A reader runs, changes and stops the cells of the course on its pages, in WebAssembly.</summary>
[Collection(nameof(CourseSite))]
public sealed class RunningLessonTests(CourseSite site) : IDisposable
{
    private const int Patience = 900_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("lesson-").FullName;

    /// <summary>The outputs of a cell, the stored ones and those of its run: texts and the data of figures.</summary>
    internal const string Outputs = """
        cell => [...cell.querySelectorAll(":scope > .outputs > div")].map(box => {
          const copy = box.cloneNode(true);
          for (const drawn of copy.querySelectorAll(".notebook-figure > *, details.data > *")) drawn.remove();
          for (const data of copy.querySelectorAll("script")) data.textContent = JSON.stringify(JSON.parse(data.textContent));
          return copy.textContent.replace(/\s+/g, " ").trim();
        })
        """;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Lessons =>
        [.. Course.Lessons.Select(notebook => Path.GetFileNameWithoutExtension(notebook))];

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CellsRunWithTheirChartMovingAndExercisesAreJudged(bool onServer)
    {
        if (onServer)
            Exhaustive.Needs("A lesson runs on its page from a server too");
        await using Reader reader = await Reader.StartAsync();
        using var server = new PackedFiles(site.Folder);
        IPage page = await OpenAsync(
            reader,
            onServer ? $"{server.Address}00-start-here.html" : new Uri(site.File("00-start-here")).AbsoluteUri
        );
        ILocator cell = Cell(page, 4);
        await cell.EvaluateAsync(
            """
            cell => {
              new MutationObserver(() => {
                if (cell.dataset.state === "done") window.compilers ??= document.querySelectorAll('script[src*="compiler"]').length;
              }).observe(cell, { attributeFilter: ["data-state"] });
              window.moves = 0;
              new MutationObserver(changes => moves += changes.filter(({ addedNodes }) => [...addedNodes].some(node => node.querySelector?.(".notebook-figure"))).length)
                .observe(cell, { subtree: true, childList: true });
            }
            """
        );
        await RunAsync(cell, "done");
        string[] outputs = await cell.EvaluateAsync<string[]>(Outputs);
        Assert.Equal(outputs[0], outputs[1]);
        Assert.Contains("test images classified correctly", outputs[1]);
        Assert.InRange(await page.EvaluateAsync<int>("moves"), 3, 1000);
        await cell.Locator(".js-plotly-plot:visible").WaitForAsync();
        Assert.Equal(0, await page.EvaluateAsync<int>("compilers")); // Of a page that is a file, where scripts bring it.

        foreach (
            (string answer, string state) in new[]
            {
                ("0.25 * Math.Log(4) + 0.75 * Math.Log(25 / 0.75)", "solved"),
                ("Math.Log(26)", "not-yet"),
            }
        )
        {
            await TypeAsync(page, 6, $"Exercises.Check(\"0.1\", {answer})");
            await RunAsync(Cell(page, 6), "done");
            await Cell(page, 6).Locator($".notebook-card.exercise.{state}:visible").WaitForAsync();
        }
        await Cell(page, 32).Locator(".run").GetByText("Hint", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(Cell(page, 32).Locator(".hints")).ToContainTextAsync("Hint 1 of 3: ");
        string[] complaints = [.. reader.Complaints]; // axe itself asks for style sheets.
        AxeResult result = await page.RunAxe();
        Assert.Empty(result.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html}")));
        await TypeAsync(page, 6, "int half = 1;\nthrow new InvalidOperationException(\"as one may\");");
        await RunAsync(Cell(page, 6), "failed");
        await Assertions.Expect(Cell(page, 6).Locator("pre.error")).ToContainTextAsync("as one may");
        await Assertions.Expect(Cell(page, 6).Locator("pre.error")).ToContainTextAsync("cell 3:line 2");
        Assert.DoesNotContain(
            complaints,
            complaint =>
                !complaint.StartsWith($"asked for {server.Address}") && !complaint.StartsWith("asked for blob:")
        );
    }

    [SkippableFact]
    public async Task AChangedCellSeesWhatTheStoredOnesDeclared()
    {
        string[] cells =
        [
            "using System.Globalization;",
            """
                var pair = new { Half = 0.5, Name = "a" };
                int Twice(int x) => 2 * x;
                record Point(int X);
                var points = new List<Point> { new(3) };
                """,
            "pair.Half",
        ];
        JsonObject notebook = Course.Read(Course.Lessons[0]);
        notebook["cells"] = new JsonArray([
            .. cells.Select(source => new JsonObject
            {
                ["cell_type"] = "code",
                ["execution_count"] = null,
                ["metadata"] = new JsonObject(),
                ["outputs"] = new JsonArray(),
                ["source"] = source,
            }),
        ]);
        string own = Path.Combine(_folder, "own.ipynb");
        File.WriteAllText(own, notebook.ToJsonString());
        string made = Path.Combine(_folder, "site");
        (int code, string output) = Course.Host("site", own, "--output", made);
        Assert.True(code == 0, output);
        // What is fetched ahead of the first edit may not be there yet: that ends nothing that has run.
        string compiler = Path.Combine(made, "run", "file", "compiler.bin.js");
        File.Move(compiler, compiler + ".away");
        await using Reader reader = await Reader.StartAsync();
        IPage page = await OpenAsync(reader, new Uri(Path.Combine(made, "own.html")).AbsoluteUri);
        await RunAsync(Cell(page, 2), "done");
        await Assertions.Expect(Cell(page, 2).Locator("pre.value:visible")).ToHaveTextAsync("0.5");
        await page.Locator("script[src*='compiler']")
            .First.WaitForAsync(new() { State = WaitForSelectorState.Attached, Timeout = Patience });
        File.Move(compiler + ".away", compiler);
        await Cell(page, 1)
            .EvaluateAsync(
                """
                cell => {
                  window.states = [];
                  new MutationObserver(() => states.push(cell.dataset.state)).observe(cell, { attributeFilter: ["data-state"] });
                }
                """
            );
        await TypeAsync(
            page,
            2,
            "new[] { pair, new { Half = Twice(2) + 0.25, Name = \"b\" } }.Max(one => one.Half) + points.Max(p => p.X)"
        );
        await RunAsync(Cell(page, 2), "done");
        await Assertions.Expect(Cell(page, 2).Locator("pre.value:visible")).ToHaveTextAsync("7.25");
        Assert.Empty(await page.EvaluateAsync<string[]>("states"));
    }

    [SkippableFact]
    public async Task AnEndlessLoopIsStoppedAndTheCellsRunAgain()
    {
        await using Reader reader = await Reader.StartAsync();
        IPage page = await OpenAsync(reader, new Uri(site.File("00-start-here")).AbsoluteUri);
        await TypeAsync(page, 4, "int kept = 7;\nkept");
        await RunAsync(Cell(page, 4), "done");
        await TypeAsync(page, 6, "Console.WriteLine(\"on\");\nwhile (true) { }");
        await RunAsync(Cell(page, 6), "running");
        await Cell(page, 6).Locator("pre.stdout:visible").WaitForAsync();
        await Cell(page, 6).Locator(".run").GetByText("Stop", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(Cell(page, 6)).ToHaveAttributeAsync("data-state", "stopped");
        await TypeAsync(page, 6, "kept + 1");
        await RunAsync(Cell(page, 6), "done");
        await Assertions.Expect(Cell(page, 6).Locator("pre.value:visible")).ToHaveTextAsync("8");
    }

    [SkippableFact]
    public async Task TextWithoutEndIsCutAndThePageAnswers()
    {
        await using Reader reader = await Reader.StartAsync();
        IPage page = await OpenAsync(reader, new Uri(site.File("00-start-here")).AbsoluteUri);
        await TypeAsync(page, 4, "for (int i = 0; i < 1_000_000; i++) Console.WriteLine(\"0123456789\");");
        await RunAsync(Cell(page, 4), "done");
        await Assertions
            .Expect(Cell(page, 4).Locator("pre.stdout:visible"))
            .ToContainTextAsync("(cut after 1000000 characters)");
        await page.Locator("#theme").ClickAsync();
    }

    [SkippableTheory]
    [MemberData(nameof(Lessons))]
    public async Task EveryCellShowsWhatIsStored(string lesson)
    {
        Exhaustive.Needs("Every cell of a lesson on its page");
        await using Reader reader = await Reader.StartAsync();
        IPage page = await OpenAsync(reader, new Uri(site.File(lesson)).AbsoluteUri);
        foreach (ILocator cell in await page.Locator(".cell[data-cell]").AllAsync())
        {
            await RunAsync(cell, "done");
            string[] outputs = await cell.EvaluateAsync<string[]>(Outputs);
            if (outputs.Length > 0)
                Assert.Equal(outputs[0], outputs[1]);
        }
    }

    private static async Task<IPage> OpenAsync(Reader reader, string url)
    {
        IPage page = await reader.OpenUrlAsync(url);
        await page.EvaluateAsync("document.querySelector('.predictions button')?.click()");
        return page;
    }

    private static ILocator Cell(IPage page, int index) => page.Locator($".cell[data-cell='{index}']");

    private static async Task RunAsync(ILocator cell, string state)
    {
        await cell.Locator(".run").GetByText("Run", new() { Exact = true }).ClickAsync();
        await cell.Page.WaitForFunctionAsync(
            "([cell, state]) => (state === 'running' ? [state] : ['done', 'failed', 'stopped']).includes(cell.dataset.state)",
            new object[] { await cell.ElementHandleAsync(), state },
            new() { Timeout = Patience }
        );
        Assert.True(state == await cell.GetAttributeAsync("data-state"), await cell.InnerTextAsync());
    }

    private static async Task TypeAsync(IPage page, int index, string code)
    {
        ILocator editor = Cell(page, index).Locator(".cm-content");
        if (await editor.CountAsync() == 0)
            await Cell(page, index).Locator(".run").GetByText("Edit", new() { Exact = true }).ClickAsync();
        await editor.ClickAsync();
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.InsertTextAsync(code);
    }
}
