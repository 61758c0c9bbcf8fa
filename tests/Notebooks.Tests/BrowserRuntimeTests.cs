using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using NotebookHost.Tests;
using NotebookSupport.Benchmarks;
using NotebookSupport.Tests;

namespace Notebooks.Tests;

/// <summary>What runs C# in a page: the messages of its worker, against the committed outputs and those of other hosts.</summary>
[Collection(nameof(CourseSite))]
public sealed partial class BrowserRuntimeTests(CourseSite site) : IAsyncLifetime
{
    private const int Patience = 900_000;

    private const string HttpPolicy =
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";

    private const string FilePolicy =
        "default-src 'none'; script-src file: blob: 'wasm-unsafe-eval'; worker-src blob:; connect-src blob:";

    /// <summary>Sends cells to a worker and puts together what each shows.</summary>
    private const string Client = """
        options => {
          window.failures = [];
          window.begin = () => {
            window.worker = startRuntime("run/");
            worker.onmessage = ({ data }) => {
              if (data.type === "failed") failures.push(data.message);
              if (window.current) current.take(data);
            };
            worker.postMessage({ type: "boot", ...options });
          };
          window.run = (cell, code) => new Promise((resolve) => {
            const shown = [];
            window.current = { take(data) {
              if (data.type === "output") shown.push({ ...data.output, line: data.line });
              if (data.type === "update")
                shown.find((one) => one.transient?.display_id === data.output.transient.display_id).data = data.output.data;
              if (data.type === "done") resolve(JSON.stringify({ ok: data.ok, cell: data.cell, shown }));
            } };
            worker.postMessage({ type: "run", cell, code });
          });
          begin();
        }
        """;

    private IPage? _page;
    private HttpListener? _server;

    public static TheoryData<string> Lessons => [.. Course.Lessons];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_page is not null)
            await _page.CloseAsync();
        _server?.Close();
    }

    [SkippableTheory]
    [MemberData(nameof(Lessons))]
    public async Task EveryCellGivesItsCommittedOutputs(string notebook)
    {
        if (Path.GetFileName(notebook)[..2] is not "00")
            Exhaustive.Needs("Every lesson but 00 in a browser");
        await OpenAsync();
        int index = 0;
        // Each time, up to the first sweep, which takes minutes on the one thread of a browser.
        foreach (
            JsonObject cell in Course
                .Cells(notebook)
                .TakeWhile(cell =>
                    Exhaustive.IsAsked || !Course.Source(cell).Contains("Sweep.", StringComparison.Ordinal)
                )
        )
        {
            int at = index++;
            if (!Course.IsCode(cell))
                continue;
            JsonObject result = await RunAsync(Course.Source(cell), at);
            Assert.Equal(at, (int)result["cell"]!);
            Assert.Equal(
                [.. cell["outputs"]!.AsArray().Select(output => Text(output!.AsObject()))],
                [.. Joined(result["shown"]!.AsArray()).Select(Text)]
            );
        }
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TrainingsAndDataSetsHaveTheDigitsOfThisMachine(bool emulated)
    {
        await OpenAsync(emulated);
        string source = File.ReadAllText(Path.Combine(Course.Root, "tests/NotebookSupport.Benchmarks/TrainingHash.cs"));
        await RunAsync(
            "using NotebookSupport;\n"
                + source.Replace("namespace NotebookSupport.Benchmarks;", "", StringComparison.Ordinal)
        );
        Assert.Equal(TrainingHash.OfProducts(), await ValueAsync("TrainingHash.OfProducts()"));
        Assert.Equal(TrainingHash.OfDatasets(), await ValueAsync("TrainingHash.OfDatasets()"));
        Assert.Equal(TrainingHash.Of(1), await ValueAsync("TrainingHash.Of(1)"));
    }

    [SkippableFact]
    public async Task AnExceptionHasItsLineAndTheNextCellRuns()
    {
        await OpenAsync();
        await RunAsync(
            "int Half(int n)\n{\n    if (n % 2 == 1)\n        throw new ArgumentException(\"odd\");\n    return n / 2;\n}"
        );
        JsonObject error = Assert.Single(Shown(await RunAsync("int kept = 4;\n\nHalf(kept - 1)")));
        Assert.Equal("System.ArgumentException", error["ename"]!.ToString());
        Assert.Equal(3, (int)error["line"]!);
        Assert.Equal(
            ["System.ArgumentException: odd", "   at Half(Int32 n) in cell 1:line 4", "   at cell 2:line 3"],
            error["traceback"]!.AsArray().Select(line => line!.ToString())
        );
        Assert.Equal("4", await ValueAsync("kept"));
        Assert.Equal(2, (int)Assert.Single(Shown(await RunAsync("int a;\nint b = \"x\";")))["line"]!);
    }

    /// <summary>What was compiled stays, as in every host, and what a variable holds; what a cell drew does not.</summary>
    [SkippableFact]
    public async Task AHundredRunsKeepLittle()
    {
        Exhaustive.Needs("A hundred runs of a cell in a browser");
        const string kept = "GC.GetTotalMemory(true)";
        await OpenAsync();
        await RunAsync(Course.Setup);
        double before = double.Parse(await ValueAsync(kept), CultureInfo.InvariantCulture);
        for (int i = 0; i < 100; i++)
            Assert.True(
                (bool)
                    (
                        await RunAsync(
                            "Charts.Curves(\"x\", \"x\", \"y\", [Series.Line(\"x\", [1, 2], x => x * new double[1_000_000].Length)])"
                        )
                    )["ok"]!
            );
        double after = double.Parse(await ValueAsync(kept), CultureInfo.InvariantCulture);
        // A run makes two arrays of 8 MB.
        Assert.InRange((after - before) / 100, 0, 1e6);
    }

    [SkippableFact]
    public async Task AnEndlessLoopEndsWithItsWorkerAndAnotherStarts()
    {
        await OpenAsync();
        Assert.Equal("2", await ValueAsync("1 + 1"));
        double milliseconds = await _page!.EvaluateAsync<double>(
            """
            async () => {
              const seen = new Promise((resolve) => { window.current = { take(data) { if (data.type === "output") resolve(); } }; });
              worker.postMessage({ type: "run", cell: 0, code: "Console.WriteLine(1); while (true) { }" });
              await seen;
              const start = performance.now();
              worker.terminate();
              begin();
              return performance.now() - start;
            }
            """
        );
        Assert.InRange(milliseconds, 0, 5_000);
        Assert.Equal("3", await ValueAsync("1 + 2"));
    }

    [SkippableFact]
    public async Task ExercisesAreJudged()
    {
        await OpenAsync();
        await RunAsync(Course.Setup);
        foreach (
            (string answer, string state) in new[]
            {
                ("0.25 * Math.Log(4) + 0.75 * Math.Log(25 / 0.75)", "solved"),
                ("Math.Log(26)", "not yet"),
            }
        )
            Assert.Contains(
                $"Exercise 0.1: {state}",
                await ValueAsync($"Exercises.Check(\"0.1\", {answer})", "text/html"),
                StringComparison.Ordinal
            );
        // A function, which is called: there is no thread to wait for.
        Assert.Contains(
            "not yet",
            await ValueAsync(
                "Func<Func<double, double>, double, double> d = (f, x) => 0;\nExercises.Check(\"0.4\", d)",
                "text/html"
            ),
            StringComparison.Ordinal
        );
    }

    [SkippableTheory]
    [InlineData("#r \"nuget: Humanizer\"\n1", "The package Humanizer is not on this page")]
    [InlineData("System.IO.File.ReadAllText(\"a.txt\")", "a page has no files")]
    [InlineData("#!html\n<b>1</b>", "A page runs C# alone")]
    public async Task WhatABrowserLacksIsSaid(string code, string sentence)
    {
        await OpenAsync();
        JsonObject error = Assert.Single(Shown(await RunAsync(code)));
        Assert.Contains(sentence, string.Concat(error["traceback"]!.AsArray()), StringComparison.Ordinal);
        Assert.Equal("2", await ValueAsync("1 + 1"));
    }

    [SkippableFact]
    public async Task APageThatIsAFileRunsToo()
    {
        site.Reader?.Complaints.Clear();
        string file = Path.Combine(site.Folder, "run-test.html");
        await File.WriteAllTextAsync(file, Page(FilePolicy));
        await OpenUrlAsync(new Uri(file).AbsoluteUri, emulated: false);
        Assert.Equal("2", await ValueAsync("1 + 1"));
    }

    private async Task OpenAsync(bool emulated = false)
    {
        await File.WriteAllTextAsync(Path.Combine(site.Folder, "run-test.html"), Page(HttpPolicy));
        (_server, string address) = Serve(site.Folder);
        await OpenUrlAsync(address + "run-test.html", emulated);
    }

    private async Task OpenUrlAsync(string url, bool emulated)
    {
        Reader reader = await Reader.StartAsync();
        _page = await reader.OpenUrlAsync(url);
        _page.SetDefaultTimeout(Patience);
        await _page.EvaluateAsync(Client, new { exact = emulated });
    }

    private static string Page(string policy) =>
        $"<!doctype html><meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\"><script src=\"run/runtime.js\"></script>";

    private static (HttpListener Server, string Address) Serve(string folder)
    {
        for (int port = 8300; ; port++)
        {
            var server = new HttpListener();
            string address = $"http://127.0.0.1:{port}/";
            server.Prefixes.Add(address);
            try
            {
                server.Start();
            }
            catch (HttpListenerException) when (port < 8400)
            {
                continue;
            }
            _ = AnswerAsync(server, folder);
            return (server, address);
        }
    }

    private static async Task AnswerAsync(HttpListener server, string folder)
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await server.GetContextAsync();
                string file = Path.Combine(folder, context.Request.Url!.AbsolutePath.TrimStart('/'));
                bool exists = File.Exists(file);
                context.Response.StatusCode = exists ? 200 : 404;
                context.Response.ContentType = Path.GetExtension(file) switch
                {
                    ".js" => "text/javascript",
                    ".html" => "text/html",
                    _ => "application/octet-stream",
                };
                if (exists)
                    await context.Response.OutputStream.WriteAsync(await File.ReadAllBytesAsync(file));
                context.Response.Close();
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task<JsonObject> RunAsync(string code, int cell = 0)
    {
        Task<string> run = _page!.EvaluateAsync<string>(
            "([cell, code]) => run(cell, code)",
            new object[] { cell, code }
        );
        JsonObject result = JsonNode.Parse(await run.WaitAsync(TimeSpan.FromMilliseconds(Patience)))!.AsObject();
        Assert.Empty(await _page.EvaluateAsync<string[]>("failures"));
        return result;
    }

    private async Task<string> ValueAsync(string code, string kind = "text/plain")
    {
        JsonObject shown = Assert.Single(Shown(await RunAsync(code)));
        Assert.True(shown["data"]?[kind] is not null, shown.ToJsonString());
        return shown["data"]![kind]!.ToString();
    }

    private static JsonObject[] Shown(JsonObject result) =>
        [.. result["shown"]!.AsArray().Select(one => one!.AsObject())];

    /// <summary>Neighbouring pieces of a stream are one output, as a notebook keeps them.</summary>
    private static IEnumerable<JsonObject> Joined(JsonArray shown)
    {
        JsonObject? stream = null;
        foreach (JsonObject output in shown.Select(one => one!.DeepClone().AsObject()))
        {
            if (stream is not null && output["name"]?.ToString() == stream["name"]!.ToString())
                stream["text"] = Course.Joined(stream["text"]) + Course.Joined(output["text"]);
            else
            {
                if (stream is not null)
                    yield return stream;
                stream = output["name"] is null ? null : output;
                if (stream is null)
                    yield return output;
            }
        }
        if (stream is not null)
            yield return stream;
    }

    /// <summary>What an output shows; the numbers in ids and the still pictures, which the runner alone draws, are left out.</summary>
    private static string Text(JsonObject output)
    {
        if (output["data"] is not JsonObject data)
            return Course.Joined(output["text"] ?? output["traceback"]);
        return string.Join(
            '\n',
            data.Where(part => part.Key != "image/png")
                .OrderBy(part => part.Key, StringComparer.Ordinal)
                .Select(part =>
                    $"{part.Key}: {Id().Replace(Course.WithoutPicture(Course.Joined(part.Value)), "$1-0-$2")}"
                )
        );
    }

    [GeneratedRegex(@"\b([a-z]+)-\d+-([0-9a-f]{8})\b")]
    private static partial Regex Id();
}
