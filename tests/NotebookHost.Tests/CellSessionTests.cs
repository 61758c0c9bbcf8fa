using System.Text.Json.Nodes;
using NotebookHost.Execution;
using NotebookHost.Jupyter;
using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

/// <summary>The interface between a session and its hosts, from both sides.</summary>
public sealed class CellSessionTests
{
    [Fact]
    public async Task AKernelRunsAnySession()
    {
        int[] ports = KernelClient.FreePorts(5);
        var connection = new ConnectionFile(
            "127.0.0.1",
            ports[0],
            ports[1],
            ports[2],
            ports[3],
            ports[4],
            KernelClient.Key
        );
        using var errors = new MemoryStream();
        using var kernel = new JupyterKernel(
            connection,
            (show, ask) => new EchoingSession(show, ask!),
            new KernelLog(errors)
        );
        Task running = kernel.RunAsync();
        using (var client = new KernelClient(ports))
        {
            Assert.Equal("echo 1", client.Info["language_info"]!["version"]!.ToString());
            (JsonObject reply, Message[] published) = client.Execute("hello");
            Assert.Equal("ok", reply["status"]!.ToString());
            Assert.Equal(
                [
                    "status",
                    "execute_input",
                    "stream",
                    "display_data",
                    "update_display_data",
                    "execute_result",
                    "status",
                ],
                published.Select(message => message.Type)
            );
            Assert.Equal("hello", published[5].Content["data"]!["text/plain"]!.ToString());

            JsonObject completed = client.Complete("😀he", 3);
            Assert.Equal("[\"hello\"]", completed["matches"]!.ToJsonString());
            Assert.Equal((1, 3), ((int)completed["cursor_start"]!, (int)completed["cursor_end"]!));
            Assert.Equal("incomplete", client.Completeness("…"));
            JsonObject inspected = client.Inspect("😀hello", 2);
            Assert.Equal("h at 2", inspected["data"]!["text/plain"]!.ToString());

            JsonObject header = client.SendCell("wait");
            client.WaitForOutput();
            client.Control("interrupt_request", []);
            reply = client.Reply(header).Content;
            Assert.Equal(("error", "Interrupted"), (reply["status"]!.ToString(), reply["ename"]!.ToString()));
            Assert.Contains("error", client.Published(header).Select(message => message.Type));

            header = client.SendCell("ask", ("allow_stdin", true));
            Assert.Equal("Who?", client.Question().Content["prompt"]!.ToString());
            client.Answer("me");
            Assert.Equal("ok", client.Reply(header).Content["status"]!.ToString());
            Assert.Equal("me", client.Published(header).Single(m => m.Type == "stream").Content["text"]!.ToString());
            client.Control("shutdown_request", new() { ["restart"] = false });
        }
        await running.WaitAsync(KernelClient.Patience);
    }

    [Fact]
    public async Task WhatACellShowsGoesToOneReceiverInOrder()
    {
        using var process = new NotebookProcess(AppContext.BaseDirectory);
        var shown = new List<Output>();
        const string code = """
            Console.Write("a");
            var handle = display("b");
            Console.Error.Write("c");
            handle.Update("d");
            KernelInvocationContext.Current.Display(5);
            await Task.Run(() => Console.Write("f"));
            Console.Clear();
            Console.Write("g");
            "h"
            """;
        await process.ExecuteAsync(code, shown.Add, CancellationToken.None);
        await process.ExecuteAsync("Console.Write(1);\nint.Parse(\"i\")", shown.Add, CancellationToken.None);
        Assert.Equal(
            ["out a", "1 b", "err c", "1 := d", "2 5", "out f", "cleared", "out g", "= h", "out 1", "error in line 2"],
            shown.Select(Text)
        );
    }

    private static string Text(Output output) =>
        output switch
        {
            StreamOutput stream => $"{stream.Name[3..]} {stream.Text}",
            DisplayOutput display => $"{display.Id} {display.Data["text/plain"]}",
            UpdateOutput update => $"{update.Id} := {update.Data["text/plain"]}",
            ResultOutput result => $"= {result.Data["text/plain"]}",
            ErrorOutput error => $"error in line {error.Line}",
            ClearOutput => "cleared",
            _ => output.ToString(),
        };

    /// <summary>A session without a compiler: what a cell says is what it shows.</summary>
    private sealed class EchoingSession(Action<Output> show, AskReader ask) : ICellSession
    {
        public string LanguageVersion => "echo 1";

        public async Task<ErrorOutput?> ExecuteAsync(string code, int number, CancellationToken interruption)
        {
            var data = new Dictionary<string, string> { ["text/plain"] = code };
            show(new StreamOutput("stdout", code == "ask" ? await ask("Who?", false) : code));
            try
            {
                if (code == "wait")
                    await Task.Delay(Timeout.Infinite, interruption);
            }
            catch (OperationCanceledException)
            {
                var error = new ErrorOutput("Interrupted", "The cell was interrupted.", 0, []);
                show(error);
                return error;
            }
            show(new DisplayOutput(1, data));
            show(new UpdateOutput(1, data));
            show(new ResultOutput(data));
            return null;
        }

        public Task<IReadOnlyDictionary<string, string>> EvaluateAsync(
            string expression,
            CancellationToken interruption
        ) => Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());

        public Task<Completions> CompleteAsync(string code, int cursor) =>
            Task.FromResult(new Completions(2, cursor, [new("hello", "method")]));

        public Task<string?> InspectAsync(string code, int cursor) =>
            Task.FromResult<string?>($"{code[cursor - 1]} at {cursor - 1}");

        public Task<Completeness> CompletenessAsync(string code) => Task.FromResult(Completeness.Incomplete);
    }
}
