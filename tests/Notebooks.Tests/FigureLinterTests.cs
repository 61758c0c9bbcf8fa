using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using NotebookHost.Tests;

namespace Notebooks.Tests;

/// <summary>
/// A site of the course's figures alone, and of figures that are wrong on purpose. With NOTEBOOKS_FIGURES=folder, the figures
/// of other notebooks, such as the output of a run. With NOTEBOOKS_FIGURE_SHOTS=folder, it leaves screenshots.
/// </summary>
public sealed class FigureSite : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly Dictionary<string, int[]> _cells = [];
    private Reader? _reader;

    private static string Linter { get; } = File.ReadAllText(Path.Combine(Folder(), "figureLinter.js"));

    public async Task InitializeAsync()
    {
        string notebooks = Path.Combine(_folder, "notebooks");
        Directory.CreateDirectory(notebooks);
        string source =
            Environment.GetEnvironmentVariable("NOTEBOOKS_FIGURES") ?? Path.Combine(Course.Root, "notebooks");
        foreach (string lesson in Course.Lessons)
            await WriteAsync(
                notebooks,
                Path.GetFileNameWithoutExtension(lesson),
                Course.Cells(Path.Combine(source, Path.GetFileName(lesson)))
            );
        await WriteAsync(notebooks, "wrong", [.. WrongFigures.All.Select(figure => WrongFigures.Cell(figure.Json))]);
        (int code, string output) = Course.Host(
            "site",
            notebooks,
            "--no-run",
            "--output",
            Path.Combine(_folder, "site")
        );
        Assert.True(code == 0, output);
    }

    public async Task DisposeAsync()
    {
        if (_reader is not null)
            await _reader.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>What is found in the figures of a page: the cell of each, and its findings.</summary>
    public async Task<(int Cell, string[] Findings)[]> LintAsync(string page, ColorScheme theme, int width)
    {
        _reader ??= await Reader.StartAsync();
        IPage opened = await _reader.OpenAsync(Path.Combine(_folder, "site", page + ".html"), theme, width);
        await opened.EvaluateAsync("document.fonts.ready");
        await opened.EvaluateAsync($"() => {{ {Linter} window.lintFigure = lintFigure; }}");
        await opened.EvaluateAsync(Reader.DrawAll);
        string[][] findings = await opened.EvaluateAsync<string[][]>(
            """
            async () => {
              const all = [];
              for (const slot of document.querySelectorAll(".notebook-figure")) {
                slot.scrollIntoView();
                for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
                all.push(await lintFigure(slot));
              }
              return all;
            }
            """
        );
        if (Environment.GetEnvironmentVariable("NOTEBOOKS_FIGURE_SHOTS") is { } shots)
            await opened.ScreenshotAsync(
                new() { Path = Path.Combine(shots, $"{page}-{theme}-{width}.png"), FullPage = true }
            );
        await opened.CloseAsync();
        Assert.Equal(_cells[page].Length, findings.Length);
        return [.. _cells[page].Zip(findings)];
    }

    /// <summary>A notebook of the figures of some cells, each in a cell of its own.</summary>
    private async Task WriteAsync(string folder, string name, JsonObject[] cells)
    {
        var kept = new List<(int Cell, JsonObject Figure)>();
        for (int c = 0; c < cells.Length; c++)
            if (Course.IsCode(cells[c]))
                kept.AddRange(Course.Figures(cells[c]).Select(figure => (c, figure)));
        _cells[name] = [.. kept.Select(one => one.Cell)];
        JsonObject notebook = JsonNode
            .Parse(Course.Notebook([.. kept.Select(one => $"// cell {one.Cell}")]))!
            .AsObject();
        for (int i = 0; i < kept.Count; i++)
            notebook["cells"]![i]!["outputs"] = new JsonArray(
                new JsonObject
                {
                    ["output_type"] = "display_data",
                    ["data"] = new JsonObject { ["text/html"] = kept[i].Figure["text/html"]!.DeepClone() },
                    ["metadata"] = new JsonObject(),
                }
            );
        await File.WriteAllTextAsync(Path.Combine(folder, name + ".ipynb"), notebook.ToJsonString());
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}

/// <summary>What the eye finds wrong in a figure, found by a test in every figure of the course.</summary>
public sealed class FigureLinterTests(FigureSite site) : IClassFixture<FigureSite>
{
    public static TheoryData<string> Lessons =>
        [.. Course.Lessons.Select(lesson => Path.GetFileNameWithoutExtension(lesson))];

    /// <summary>The widths of a desk, a tablet and a phone; colours do not depend on the width.</summary>
    [SkippableTheory]
    [MemberData(nameof(Lessons))]
    public async Task NothingIsWrongWithTheFiguresOf(string lesson)
    {
        var findings = new List<string>();
        foreach (
            (ColorScheme theme, int width) in ((ColorScheme, int)[])
                [(ColorScheme.Light, 1280), (ColorScheme.Light, 760), (ColorScheme.Light, 390), (ColorScheme.Dark, 390)]
        )
        foreach ((int cell, string[] found) in await site.LintAsync(lesson, theme, width))
            findings.AddRange(found.Select(finding => $"cell {cell}, {theme} {width}: {finding}"));
        Assert.True(
            findings.Count == 0,
            string.Join('\n', findings.Prepend($"{lesson} has {findings.Count} findings:"))
        );
    }

    /// <summary>On the smallest phone names may be long for their places, but no tool lies on them.</summary>
    [SkippableTheory]
    [MemberData(nameof(Lessons))]
    public async Task NoToolLiesOnWordsOf(string lesson)
    {
        (int Cell, string[] Findings)[] found = await site.LintAsync(lesson, ColorScheme.Light, 320);
        Assert.DoesNotContain(
            found.SelectMany(figure => figure.Findings),
            finding => finding.Contains("and the tool", StringComparison.Ordinal)
        );
    }

    /// <summary>A figure that is wrong in one way is found to be so, and a sound one is not.</summary>
    [SkippableFact]
    public async Task EachKindOfFaultIsFound()
    {
        (int Cell, string[] Findings)[] light = await site.LintAsync("wrong", ColorScheme.Light, 760);
        (int Cell, string[] Findings)[] dark = await site.LintAsync("wrong", ColorScheme.Dark, 760);
        var wrong = new List<string>();
        for (int i = 0; i < WrongFigures.All.Count; i++)
        {
            (string name, string kind, string? theme, _) = WrongFigures.All[i];
            Expect(name, "light", theme is null or "light" ? kind : "", light[i].Findings);
            Expect(name, "dark", theme is null or "dark" ? kind : "", dark[i].Findings);
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        void Expect(string name, string theme, string kind, string[] findings)
        {
            bool isRight =
                kind.Length == 0
                    ? findings.Length == 0
                    : findings.Length > 0
                        && findings.All(finding => finding.StartsWith(kind + ":", StringComparison.Ordinal));
            if (!isRight)
                wrong.Add($"{name}, {theme}: expected [{kind}], found [{string.Join(" | ", findings)}]");
        }
    }
}
