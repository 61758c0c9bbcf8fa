using System.Diagnostics;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;
using NotebookHost.Jupyter;

namespace NotebookHost.Tests;

/// <summary>One kernel for the tests that leave it as it was; where one did not, the next gets another.</summary>
public sealed class SharedKernel : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private KernelClient? _client;

    internal KernelClient Client
    {
        get
        {
            if (_client?.Answers(Patience) == false)
                Dispose();
            return _client ??= new();
        }
    }

    public void Dispose()
    {
        _client?.Dispose();
        _client = null;
    }
}

/// <summary>Each kind of message of the Jupyter protocol, as a front end sends it.</summary>
public sealed class KernelTests(SharedKernel shared) : IClassFixture<SharedKernel>
{
    private static readonly string Library =
        $"#r \"{Path.Combine(NotebookFolder.Repository, "src/NotebookSupport/bin/NotebookSupport.dll")}\"\n"
        + "using NotebookSupport;\n";

    private readonly KernelClient _kernel = shared.Client;

    [Fact]
    public void ItSaysWhatItIs()
    {
        JsonObject info = _kernel.Info;
        Assert.Equal("ok", info["status"]!.ToString());
        Assert.Equal("5.3", info["protocol_version"]!.ToString());
        Assert.Equal("C#", info["language_info"]!["name"]!.ToString());
        Assert.Equal(".cs", info["language_info"]!["file_extension"]!.ToString());
        Assert.Equal("text/x-csharp", info["language_info"]!["mimetype"]!.ToString());
        Assert.NotEmpty(info["banner"]!.ToString());
        Assert.Equal(info.ToJsonString(), _kernel.Control("kernel_info_request", []).Content.ToJsonString());
    }

    [Fact]
    public void ACellIsEchoedShowsWhatItShowsInOrderAndIsNumbered()
    {
        (JsonObject reply, Message[] published) = _kernel.Execute(
            "Console.WriteLine(\"é 😀\");\ndisplay(1);\n\"last\""
        );
        Assert.Equal(
            ["status", "execute_input", "stream", "display_data", "execute_result", "status"],
            published.Select(message => message.Type)
        );
        Assert.Equal("é 😀\n", published[2].Content["text"]!.ToString());
        Assert.Equal("1", published[3].Content["data"]!["text/plain"]!.ToString());
        Assert.Equal("last", published[4].Content["data"]!["text/plain"]!.ToString());
        int number = (int)reply["execution_count"]!;
        Assert.Equal(number, (int)published[1].Content["execution_count"]!);
        Assert.Equal(number, (int)published[4].Content["execution_count"]!);
        Assert.Equal(number + 1, (int)_kernel.Execute("1").Reply["execution_count"]!);
    }

    [Fact]
    public void AnUpdateNamesWhatItReplaces()
    {
        (_, Message[] published) = _kernel.Execute(
            "var shown = display(\"a\");\nawait Task.Run(() => shown.Update(\"b\"));"
        );
        Message display = published.Single(message => message.Type == "display_data");
        Message update = published.Single(message => message.Type == "update_display_data");
        Assert.Equal("b", update.Content["data"]!["text/plain"]!.ToString());
        Assert.Equal(
            display.Content["transient"]!["display_id"]!.ToString(),
            update.Content["transient"]!["display_id"]!.ToString()
        );
    }

    [Fact]
    public void ASilentCellRunsUnseenAndUncounted()
    {
        int before = (int)_kernel.Execute("int quiet = 1;").Reply["execution_count"]!;
        (JsonObject reply, Message[] published) = _kernel.Execute(
            "quiet = 7; Console.WriteLine(1); display(2); quiet",
            ("silent", true)
        );
        Assert.Equal("ok", reply["status"]!.ToString());
        Assert.Equal(["status", "status"], published.Select(message => message.Type));
        (reply, published) = _kernel.Execute("quiet", ("store_history", false));
        Assert.Equal(before, (int)reply["execution_count"]!);
        Assert.Equal("7", Result(published));
    }

    [Fact]
    public void AnErrorNamesTheCellAndItsLine()
    {
        (JsonObject reply, Message[] published) = _kernel.Execute(
            "int Divide(int by) =>\n    1 / by;\n\nDivide(0);",
            ("stop_on_error", true)
        );
        int number = (int)reply["execution_count"]!;
        Assert.Equal("error", reply["status"]!.ToString());
        Assert.Equal("System.DivideByZeroException", reply["ename"]!.ToString());
        Assert.Equal("Attempted to divide by zero.", reply["evalue"]!.ToString());
        Assert.Equal(
            [
                "System.DivideByZeroException: Attempted to divide by zero.",
                $"   at Divide(Int32 by) in cell {number}:line 2",
                $"   at cell {number}:line 4",
            ],
            reply["traceback"]!.AsArray().Select(line => line!.ToString())
        );
        Message error = published.Single(message => message.Type == "error");
        Assert.Equal(reply["traceback"]!.ToJsonString(), error.Content["traceback"]!.ToJsonString());
    }

    [Fact]
    public void ErrorsOfTheCompilerAreInTheColumnsThatTheReaderWrote()
    {
        JsonObject reply = _kernel.Execute("for (int i = 0; i < 1; i++) { Consol.WriteLine(i); }").Reply;
        Assert.Equal("CompilationError", reply["ename"]!.ToString());
        Assert.StartsWith("(1,31): error CS0103", reply["evalue"]!.ToString());
    }

    [Theory]
    [InlineData(true, "aborted")]
    [InlineData(false, "ok")]
    public void WhatWaitsBehindAnErrorIsAbortedUnlessAskedOtherwise(bool stops, string expected)
    {
        JsonObject slow = _kernel.SendCell(
            "System.Threading.Thread.Sleep(500); throw new Exception(\"no\");",
            ("stop_on_error", stops)
        );
        JsonObject waiting = _kernel.SendCell("1");
        JsonObject question = _kernel.Send("is_complete_request", new() { ["code"] = "1" });
        Assert.Equal("error", _kernel.Reply(slow).Content["status"]!.ToString());
        Assert.Equal(expected, _kernel.Reply(waiting).Content["status"]!.ToString());
        Assert.Equal("complete", _kernel.Reply(question).Content["status"]!.ToString());
        Assert.Equal("ok", _kernel.Execute("2").Reply["status"]!.ToString());
    }

    [Fact]
    public void ExpressionsOfTheFrontEndAreValuesAndLeaveNothingBehind()
    {
        JsonObject reply = _kernel
            .Execute(
                "int expressed = 20;",
                ("user_expressions", new JsonObject { ["good"] = "expressed + 1", ["bad"] = "unknown" })
            )
            .Reply;
        JsonNode values = reply["user_expressions"]!;
        Assert.Equal("21", values["good"]!["data"]!["text/plain"]!.ToString());
        Assert.Equal("error", values["bad"]!["status"]!.ToString());
    }

    [Fact]
    public void ACellAsksTheReader()
    {
        JsonObject header = _kernel.SendCell(
            "var name = await GetInputAsync(\"Name?\");\nvar secret = await GetPasswordAsync(\"Word?\");\nname + secret.GetClearTextPassword()",
            ("allow_stdin", true)
        );
        Message question = _kernel.Question();
        Assert.Equal("Name?", question.Content["prompt"]!.ToString());
        Assert.False((bool)question.Content["password"]!);
        _kernel.Answer("Ada");
        Assert.True((bool)_kernel.Question().Content["password"]!);
        _kernel.Answer("42");
        _kernel.Reply(header);
        Assert.Equal("Ada42", Result(_kernel.Published(header)));
    }

    [Fact]
    public void TheConsoleAsksTheReaderToo()
    {
        JsonObject header = _kernel.SendCell(
            "Console.Write(\"Name: \");\nvar typed = Console.ReadLine();\n$\"{typed}!\"",
            ("allow_stdin", true)
        );
        _kernel.Question();
        _kernel.Answer("Grace");
        _kernel.Reply(header);
        Message[] published = _kernel.Published(header);
        Assert.Equal("Name: ", published.Single(message => message.Type == "stream").Content["text"]!.ToString());
        Assert.Equal("Grace!", Result(published));
    }

    [Fact]
    public void WhereNobodyAnswersAQuestionIsAnError()
    {
        JsonObject reply = _kernel.Execute("await GetInputAsync(\"Name?\")", ("allow_stdin", false)).Reply;
        Assert.Contains("(Name?)", reply["evalue"]!.ToString());
    }

    [Theory]
    [InlineData("Console.WriteL", "WriteLine", 8)]
    [InlineData("/* 😀 */ Console.WriteL", "WriteLine", 16)]
    [InlineData("declaredBef", "declaredBefore", 0)]
    [InlineData("displ", "display", 0)]
    [InlineData("Initializer.HeN", "HeNormal", 12)]
    public void NamesAreCompletedAlsoThoseOfEarlierCells(string code, string expected, int start)
    {
        _kernel.Execute("int declaredBefore = 1;");
        _kernel.Execute(Library);
        JsonObject reply = _kernel.Complete(code, CodePoints(code));
        Assert.Contains(expected, reply["matches"]!.AsArray().Select(match => match!.ToString()));
        Assert.Equal(start, (int)reply["cursor_start"]!);
        Assert.Equal(CodePoints(code), (int)reply["cursor_end"]!);
        Assert.Equal(
            reply["matches"]!.AsArray().Count,
            reply["metadata"]!["_jupyter_types_experimental"]!.AsArray().Count
        );
    }

    [Theory]
    [InlineData("Ac", "Activation")]
    [InlineData("actu", "actual")]
    [InlineData("da", "data")]
    [InlineData("Network.C", "Create")]
    [InlineData("actual.La", "Layers")]
    [InlineData("actual.", "Forward")]
    public void WhatACellNeedsIsOfferedFirst(string code, string expected)
    {
        _kernel.Execute(
            Library
                + "var actual = Network.Create([2, 3, 1], Activation.Tanh, Initializer.HeNormal, 1); var data = Datasets.Circles();"
        );
        string[] matches = [.. _kernel.Complete(code, code.Length)["matches"]!.AsArray().Select(match => $"{match}")];
        Assert.Equal(expected, matches[0]);
        if (code == "actual.")
            Assert.Equal(["Equals", "GetHashCode", "GetType", "ToString"], matches[^4..]);
    }

    [Theory]
    [InlineData("Trainer.Train(", 14, "TrainingRun Trainer.Train(", "Trains a copy of a network")]
    [InlineData("Initializer.HeNormal", 15, "Initializer Initializer.HeNormal", "He")]
    [InlineData("Math.Sqrt(2)", 7, "double Math.Sqrt(double d)", "")]
    public void ANameIsExplained(string code, int cursor, string signature, string summary)
    {
        _kernel.Execute(Library);
        JsonObject reply = _kernel.Inspect(code, cursor);
        Assert.True((bool)reply["found"]!);
        Assert.StartsWith(signature, reply["data"]!["text/plain"]!.ToString());
        Assert.Contains(summary, reply["data"]!["text/plain"]!.ToString());
    }

    [Fact]
    public void NothingIsSaidOfNothing()
    {
        JsonObject reply = _kernel.Inspect("   ", 1);
        Assert.Equal("ok", reply["status"]!.ToString());
        Assert.False((bool)reply["found"]!);
    }

    [Fact]
    public void CellsAreRemembered()
    {
        _kernel.Execute("string one = \"first\";");
        int number = (int)_kernel.Execute("string two = \"second\";").Reply["execution_count"]!;
        string[] Found(JsonObject request) =>
            [.. _kernel.Ask("history_request", request).Content["history"]!.AsArray().Select(e => e![2]!.ToString())];
        Assert.Equal(
            ["string one = \"first\";", "string two = \"second\";"],
            Found(new() { ["hist_access_type"] = "tail", ["n"] = 2 })
        );
        Assert.Equal(
            ["string one = \"first\";"],
            Found(
                new()
                {
                    ["hist_access_type"] = "search",
                    ["pattern"] = "*first*",
                    ["n"] = 1,
                }
            )
        );
        Assert.Equal(
            ["string two = \"second\";"],
            Found(
                new()
                {
                    ["hist_access_type"] = "range",
                    ["start"] = number,
                    ["stop"] = number + 1,
                }
            )
        );
    }

    [Fact]
    public void ACommToAnotherTargetIsClosed()
    {
        Assert.Empty(_kernel.Ask("comm_info_request", []).Content["comms"]!.AsObject());
        JsonObject header = _kernel.Send(
            "comm_open",
            new()
            {
                ["comm_id"] = "c1",
                ["target_name"] = "nobody",
                ["data"] = new JsonObject(),
            }
        );
        Message closed = _kernel.Published(header).Single(message => message.Type == "comm_close");
        Assert.Equal("c1", closed.Content["comm_id"]!.ToString());
    }

    [Fact]
    public void AFigureIsComputedOverACommByWhatTheNotebookLoaded()
    {
        using var kernel = new KernelClient();
        JsonObject Tell(string type, JsonObject content)
        {
            content["comm_id"] = "f1";
            Message told = kernel
                .Published(kernel.Send(type, content))
                .Single(message => message.Type.StartsWith("comm_", StringComparison.Ordinal));
            Assert.Equal("f1", told.Content["comm_id"]!.ToString());
            return new() { ["type"] = told.Type, ["data"] = told.Content["data"]!.DeepClone() };
        }
        JsonObject Asked() =>
            new()
            {
                ["data"] = new JsonObject
                {
                    ["id"] = 7,
                    ["name"] = "dial",
                    ["asked"] = new JsonObject { ["s"] = 2 },
                },
            };

        Assert.Equal("""{"type":"comm_close","data":{}}""", Tell("comm_msg", Asked()).ToJsonString());
        Assert.Equal(
            """{"type":"comm_msg","data":{"type":"ready"}}""",
            Tell("comm_open", new() { ["target_name"] = "notebooksupport.figures" }).ToJsonString()
        );
        Assert.Equal(
            """{"f1":{"target_name":"notebooksupport.figures"}}""",
            kernel.Ask("comm_info_request", []).Content["comms"]!.ToJsonString()
        );
        Assert.Equal(
            "The kernel has not loaded NotebookSupport: run the first cell of the notebook.",
            Tell("comm_msg", Asked())["data"]!["message"]!.ToString()
        );
        kernel.Execute(
            """
            System.AppContext.SetData("NotebookSupport.LiveFigures", (System.Func<string, string, string>)((name, asked) =>
                name == "dial" ? $"[{asked}]" : throw new System.ArgumentException("no such figure")));
            """
        );
        Assert.Equal(
            """{"type":"comm_msg","data":{"type":"figure","id":7,"state":[{"s":2}]}}""",
            Tell("comm_msg", Asked()).ToJsonString()
        );
        JsonObject another = Asked();
        another["data"]!["name"] = "another";
        Assert.Equal(
            """{"type":"figure","id":7,"message":"no such figure"}""",
            Tell("comm_msg", another)["data"]!.ToJsonString()
        );
    }

    [Fact]
    public void AMessageWithAnotherKeyIsDropped()
    {
        _kernel.SendForged("execute_request", new() { ["code"] = "System.IO.File.Delete(\"x\")" });
        Assert.Null(_kernel.TryReply(TimeSpan.FromMilliseconds(300)));
        Assert.Equal("ok", _kernel.Execute("1").Reply["status"]!.ToString());
    }

    [Fact]
    public void WhatItDoesNotKnowIsLogged()
    {
        using var kernel = new KernelClient();
        kernel.Send("nonsense_request", []);
        kernel.SendForged("execute_request", []);
        Assert.True(kernel.Answers(KernelClient.Patience));
        kernel.Control("shutdown_request", new() { ["restart"] = false });
        string log = kernel.Process.StandardError.ReadToEnd();
        Assert.Contains("nonsense_request is not a message that this kernel answers.", log);
        Assert.Contains("A message was dropped: it is not signed with the key.", log);
    }

    [Fact]
    public void TheHeartBeats()
    {
        using var heart = new RequestSocket($"tcp://127.0.0.1:{_kernel.HeartbeatPort}");
        heart.SendFrame("beat");
        Assert.True(heart.TryReceiveFrameString(KernelClient.Patience, out string? beat));
        Assert.Equal("beat", beat);
    }

    [Theory]
    [InlineData("while (true) { }", "The cell was interrupted.")]
    [InlineData("for (;;) ;", "The cell was interrupted.")]
    [InlineData("do Console.Write(1); while (true);", "The cell was interrupted.")]
    [InlineData("foreach (int i in System.Linq.Enumerable.Repeat(1, int.MaxValue)) { }", "The cell was interrupted.")]
    [InlineData("await Task.Delay(-1);", "The cell was interrupted while it awaited something,")]
    [InlineData("while (true) await Task.Yield();", "The cell was interrupted.")]
    [InlineData("System.Threading.Thread.Sleep(-1);", "The cell was interrupted.")]
    [InlineData("Task.Run(() => { while (true) { } }).Wait();", "The cell was interrupted.")]
    public void ARunningCellIsStopped(string code, string expected)
    {
        JsonObject header = _kernel.SendCell("Console.WriteLine(\"runs\");\n" + code);
        _kernel.WaitForOutput();
        Thread.Sleep(100);
        Assert.Equal("ok", _kernel.Control("interrupt_request", []).Content["status"]!.ToString());
        JsonObject reply = _kernel.Reply(header).Content;
        Assert.Equal("Interrupted", reply["ename"]!.ToString());
        Assert.StartsWith(expected, reply["evalue"]!.ToString());
        _kernel.Drain();
        Assert.Equal("4", Result(_kernel.Execute("2 + 2").Published));
    }

    [SkippableFact]
    public void TheSignalOfATerminalInterruptsToo()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no SIGINT for another process.");
        Skip.If(KernelClient.IgnoresInterrupts, "A job in the background ignores SIGINT, and its kernels do too.");
        JsonObject header = _kernel.SendCell("Console.WriteLine(\"runs\");\nwhile (true) { }");
        _kernel.WaitForOutput();
        Process.Start("kill", ["-INT", $"{_kernel.Process.Id}"]).WaitForExit();
        Assert.Equal("Interrupted", _kernel.Reply(header).Content["ename"]!.ToString());
    }

    [Theory]
    [InlineData(
        "Live.Train(Network.Create([64, 100, 10], Activation.ReLU, Initializer.HeNormal, 1), Datasets.Digits(), new() { Steps = 100_000_000 })"
    )]
    [InlineData(
        "Sweep.Run([1, 2, 3], [1, 2], (_, seed) => Trainer.Train(Network.Create([64, 100, 10], Activation.ReLU, Initializer.HeNormal, seed), Datasets.Digits(), new() { Steps = 100_000_000 }))"
    )]
    public void ATrainingSaysHowFarItWas(string training)
    {
        _kernel.Execute(Library);
        JsonObject header = _kernel.SendCell($"Console.WriteLine(1);\nvar run = {training};");
        _kernel.WaitForOutput();
        Thread.Sleep(1500);
        _kernel.Control("interrupt_request", []);
        JsonObject reply = _kernel.Reply(header).Content;
        Assert.Equal("Interrupted", reply["ename"]!.ToString());
        Assert.Matches(@"^The training was stopped before step \d+ of 100000000\.$", reply["evalue"]!.ToString());
    }

    [Fact]
    public void ALongSweepSaysHowFarItIs()
    {
        _kernel.Execute(Library);
        (_, Message[] published) = _kernel.Execute(
            "var slow = Live.Sweep(\"pauses\", [1, 2, 3, 4], [1], (_, _) => { System.Threading.Thread.Sleep(300); return 0; });"
        );
        string[] shown =
        [
            .. published
                .Where(message => message.Type is "display_data" or "update_display_data")
                .Select(message => message.Content["data"]!["text/plain"]!.ToString()),
        ];
        Assert.Equal("pauses: …", shown[0]);
        Assert.Contains(shown[1..^1], text => text is "pauses: 1 of 4" or "pauses: 2 of 4" or "pauses: 3 of 4");
        Assert.Equal("pauses: 4 of 4", shown[^1]);
    }

    [Theory]
    [InlineData("Slow(60)")]
    [InlineData("await Task.Run(() => Slow(60))")]
    public void WhatCannotBeStoppedIsSaid(string call)
    {
        using var kernel = new KernelClient();
        JsonObject header = kernel.SendCell(
            $"Console.WriteLine(1);\nint Slow(int n) => n < 2 ? n : Slow(n - 1) + Slow(n - 2);\n{call}"
        );
        kernel.WaitForOutput();
        Thread.Sleep(200);
        kernel.Control("interrupt_request", []);
        Assert.EndsWith("restart the kernel to end it.", kernel.Reply(header).Content["evalue"]!.ToString());
        Assert.Equal("ok", kernel.Execute("1").Reply["status"]!.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("for (;;) ;")]
    [InlineData("while (true) Console.WriteLine(2);")]
    public void ItShutsDownAlsoInTheMiddleOfACell(string loop)
    {
        using var kernel = new KernelClient();
        if (loop.Length > 0)
        {
            kernel.SendCell(
                $"new System.Threading.Thread(() => {{ while (true) {{ }} }}).Start();\nConsole.WriteLine(1);\n{loop}"
            );
            kernel.WaitForOutput();
        }
        Message reply = kernel.Control("shutdown_request", new() { ["restart"] = true });
        Assert.True((bool)reply.Content["restart"]!);
        Assert.True(kernel.Process.WaitForExit(KernelClient.Patience));
        Assert.Equal(0, kernel.Process.ExitCode);
    }

    [SkippableFact]
    public void ItDoesNotOutliveItsParent()
    {
        Skip.If(OperatingSystem.IsWindows(), "The parent of this test is a shell.");
        using var kernel = new KernelClient(wrapper: "\"$@\" & echo $! >&2; wait");
        using Process own = Process.GetProcessById(int.Parse(kernel.Process.StandardError.ReadLine()!));
        kernel.SendCell("Console.WriteLine(1);\nfor (;;) ;");
        kernel.WaitForOutput();
        kernel.Process.Kill();
        Assert.True(own.WaitForExit(KernelClient.Patience));
    }

    [Fact]
    public void AChartOfPlotlyNetIsDrawnWithoutTheCoursesLibrary()
    {
        using var kernel = new KernelClient();
        Assert.Equal("ok", kernel.Execute("#r \"nuget: Plotly.NET.CSharp, 0.14.0\"").Reply["status"]!.ToString());
        Assert.Equal("ok", kernel.Execute("#r \"nuget: Plotly.NET.Interactive, 5.0.0\"").Reply["status"]!.ToString());
        (_, Message[] published) = kernel.Execute(
            "Plotly.NET.CSharp.Chart.Line<int, int, string>(new[] { 1, 2 }, new[] { 3, 4 })"
        );
        string html = published.Single(m => m.Type == "execute_result").Content["data"]!["text/html"]!.ToString();
        Assert.Contains("class=\"notebook-figure\"", html);
        Assert.Contains("\"y\":[3,4]", html);
    }

    private static string Result(Message[] published) =>
        published.Single(message => message.Type == "execute_result").Content["data"]!["text/plain"]!.ToString();

    private static int CodePoints(string text) => text.EnumerateRunes().Count();
}
