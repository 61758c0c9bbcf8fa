using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotebookHost.Jupyter;

namespace NotebookHost.Tests;

/// <summary>
/// The cases of Jupyter's own test suite for kernels, https://github.com/jupyter/jupyter_kernel_test, with samples in
/// C#. Every message on the way has the fields that the protocol asks for.
/// </summary>
public sealed partial class JupyterKernelTestCases(SharedKernel shared) : IClassFixture<SharedKernel>
{
    private const JsonValueKind Text = JsonValueKind.String;
    private const JsonValueKind Number = JsonValueKind.Number;
    private const JsonValueKind Object = JsonValueKind.Object;
    private const JsonValueKind List = JsonValueKind.Array;

    /// <summary>Either truth value.</summary>
    private const JsonValueKind Flag = JsonValueKind.True;

    private static readonly Dictionary<string, (string Name, JsonValueKind Kind)[]> Fields = new()
    {
        ["execute_reply"] = [("status", Text), ("execution_count", Number)],
        ["inspect_reply"] = [("status", Text), ("found", Flag), ("data", Object), ("metadata", Object)],
        ["complete_reply"] =
        [
            ("status", Text),
            ("matches", List),
            ("cursor_start", Number),
            ("cursor_end", Number),
            ("metadata", Object),
        ],
        ["history_reply"] = [("status", Text), ("history", List)],
        ["is_complete_reply"] = [("status", Text)],
        ["comm_info_reply"] = [("status", Text), ("comms", Object)],
        ["kernel_info_reply"] =
        [
            ("status", Text),
            ("protocol_version", Text),
            ("implementation", Text),
            ("language_info", Object),
            ("banner", Text),
        ],
        ["shutdown_reply"] = [("status", Text), ("restart", Flag)],
        ["interrupt_reply"] = [("status", Text)],
        ["stream"] = [("name", Text), ("text", Text)],
        ["display_data"] = [("data", Object), ("metadata", Object)],
        ["update_display_data"] = [("data", Object), ("metadata", Object), ("transient", Object)],
        ["execute_result"] = [("execution_count", Number), ("data", Object), ("metadata", Object)],
        ["clear_output"] = [("wait", Flag)],
        ["execute_input"] = [("code", Text), ("execution_count", Number)],
        ["error"] = [("ename", Text), ("evalue", Text), ("traceback", List)],
        ["status"] = [("execution_state", Text)],
    };

    private static readonly (string Name, JsonValueKind Kind)[] ErrorFields =
    [
        ("ename", Text),
        ("evalue", Text),
        ("traceback", List),
    ];

    private static readonly string[] Results = ["1+2+3", "string.Join(\", \", new[] { 1, 4, 9 })"];

    private readonly KernelClient _kernel = shared.Client;

    [Fact]
    public void KernelInfo()
    {
        JsonObject info = Ask("kernel_info_request", []);
        Assert.Equal("C#", info["language_info"]!["name"]!.ToString());
        Assert.Equal(".cs", info["language_info"]!["file_extension"]!.ToString());
        Assert.Matches(@"^5\.\d+$", info["protocol_version"]!.ToString());
    }

    [Fact]
    public void Stdout()
    {
        (JsonObject reply, Message[] outputs) = Execute("Console.WriteLine(\"hello, world\");");
        Assert.Equal("ok", reply["status"]!.ToString());
        Assert.Contains("hello, world", Streamed(outputs, "stdout"));
    }

    [Fact]
    public void Stderr()
    {
        (JsonObject reply, Message[] outputs) = Execute("Console.Error.WriteLine(\"test\");");
        Assert.Equal("ok", reply["status"]!.ToString());
        Assert.Contains("test", Streamed(outputs, "stderr"));
    }

    [Theory]
    [InlineData("Console.WriteL", "WriteLine")]
    [InlineData("Math.Sqr", "Sqrt")]
    [InlineData("new StringBuil", "StringBuilder")]
    [InlineData("\"text\".PadR", "PadRight")]
    public void Completion(string text, string match)
    {
        JsonObject reply = Ask("complete_request", KernelClient.Position(text, text.Length));
        Assert.Equal([match], reply["matches"]!.AsArray().Select(found => found!.ToString()));
    }

    [Theory]
    [InlineData("1", "complete")]
    [InlineData("Console.WriteLine(\"hello, world\");", "complete")]
    [InlineData("int F(int x)\n{\n    return x * 2;\n}\n", "complete")]
    [InlineData("await Task.Delay(1);", "complete")]
    [InlineData("#r \"nuget: MathNet.Numerics, 5.0.0\"", "complete")]
    [InlineData("", "complete")]
    [InlineData("Console.WriteLine(\"\"\"\nhello", "incomplete")]
    [InlineData("int F(int x)\n{\n    return", "incomplete")]
    [InlineData("var text = @\"first", "incomplete")]
    [InlineData("/* a comment", "incomplete")]
    [InlineData("var list = new[] { 1,", "incomplete")]
    [InlineData("for (int i = 0; i < 3; i++)\n{", "incomplete")]
    [InlineData("import = = 7;", "invalid")]
    [InlineData("int class = 1;", "invalid")]
    [InlineData("}", "invalid")]
    public void IsComplete(string code, string status) =>
        Assert.Equal(status, Ask("is_complete_request", new() { ["code"] = code })["status"]!.ToString());

    /// <summary>The kernel has no pager, so nothing is ever paged; the field is there.</summary>
    [Fact]
    public void Pager() => Assert.Empty(Execute("1").Reply["payload"]!.AsArray());

    [Theory]
    [InlineData("throw new InvalidOperationException(\"no\");")]
    [InlineData("int zero = 0; 1 / zero")]
    [InlineData("undefined + 1")]
    public void Error(string code)
    {
        (JsonObject reply, Message[] outputs) = Execute(code);
        Assert.Equal("error", reply["status"]!.ToString());
        Assert.Equal(["error"], outputs.Select(output => output.Type));
    }

    [Theory]
    [InlineData(0, "6")]
    [InlineData(1, "1, 4, 9")]
    public void ExecuteResult(int sample, string result)
    {
        (JsonObject reply, Message[] outputs) = Execute(Results[sample]);
        Assert.Equal("ok", reply["status"]!.ToString());
        Message found = Assert.Single(outputs, output => output.Type == "execute_result");
        Assert.Equal(result, found.Content["data"]!["text/plain"]!.ToString());
        Assert.Equal((int)reply["execution_count"]!, (int)found.Content["execution_count"]!);
    }

    [Theory]
    [InlineData("display(HTML(\"<b>test</b>\"));", "text/html", "<b>test</b>")]
    [InlineData("display(new LaTeXString(@\"\\frac{1}{2}\"));", "text/latex", "\\frac{1}{2}")]
    [InlineData("\"**test**\".DisplayAs(\"text/markdown\");", "text/markdown", "**test**")]
    [InlineData("\"<svg></svg>\".DisplayAs(\"image/svg+xml\");", "image/svg+xml", "<svg></svg>")]
    [InlineData("display(\"test\");", "text/plain", "test")]
    public void DisplayData(string code, string mime, string text)
    {
        if (code.Contains("LaTeX", StringComparison.Ordinal))
            code = "using Microsoft.DotNet.Interactive.Formatting;\n" + code;
        (JsonObject reply, Message[] outputs) = Execute(code);
        Assert.Equal("ok", reply["status"]!.ToString());
        Message found = Assert.Single(outputs, output => output.Type == "display_data");
        Assert.Equal(text, found.Content["data"]![mime]?.ToString().Trim());
    }

    [Fact]
    public void HistoryTail()
    {
        JsonArray[] plain = HistoryAfter(Results, new() { ["hist_access_type"] = "tail", ["n"] = Results.Length });
        Assert.Equal(Results, plain.Select(entry => entry[2]!.ToString()));
        JsonArray[] both = HistoryAfter(
            Results,
            new()
            {
                ["hist_access_type"] = "tail",
                ["n"] = Results.Length,
                ["output"] = true,
            }
        );
        Assert.Equal(Results, both.Select(entry => entry[2]![0]!.ToString()));
        Assert.All(both, entry => Assert.Equal(2, entry[2]!.AsArray().Count));
    }

    [Fact]
    public void HistoryRange()
    {
        JsonArray first = HistoryAfter(Results, new() { ["hist_access_type"] = "tail", ["n"] = Results.Length })[0];
        JsonArray only = Assert.Single(
            HistoryAfter(
                Results,
                new()
                {
                    ["hist_access_type"] = "range",
                    ["session"] = first[0]!.DeepClone(),
                    ["start"] = (int)first[1]!,
                    ["stop"] = (int)first[1]! + 1,
                }
            )
        );
        Assert.Equal(first.ToJsonString(), only.ToJsonString());
    }

    [Fact]
    public void HistorySearch()
    {
        JsonArray[] Search(params (string Name, JsonNode Value)[] more)
        {
            var request = new JsonObject { ["hist_access_type"] = "search", ["pattern"] = "1?2*" };
            foreach ((string name, JsonNode value) in more)
                request[name] = value;
            return HistoryAfter([.. Results, .. Results, .. Results], request);
        }
        JsonArray[] normal = Search();
        Assert.InRange(normal.Length, 3, int.MaxValue);
        Assert.All(normal, entry => Assert.Equal(Results[0], entry[2]!.ToString()));
        Assert.Single(Search(("unique", true)));
        Assert.Equal(3, Search(("n", 3)).Length);
    }

    [Theory]
    [InlineData("Console")]
    [InlineData("Math.Sqrt")]
    [InlineData("string.Join")]
    public void Inspect(string code)
    {
        JsonObject reply = Ask("inspect_request", KernelClient.Position(code, code.Length));
        Assert.Equal("ok", reply["status"]!.ToString());
        Assert.True((bool)reply["found"]!);
        Assert.NotEmpty(reply["data"]!["text/plain"]!.ToString());
    }

    [Fact]
    public void ClearOutput()
    {
        (JsonObject reply, Message[] outputs) = Execute("Console.WriteLine(1); Console.Clear(); Console.WriteLine(2);");
        Assert.Equal("ok", reply["status"]!.ToString());
        Assert.Equal(["stream", "clear_output", "stream"], outputs.Select(output => output.Type));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void ShutdownAndRestart(bool restarts, bool isByControl)
    {
        using var kernel = new KernelClient();
        Execute(kernel, "int before = 1;");
        JsonObject request = new() { ["restart"] = restarts };
        Message reply = isByControl
            ? kernel.Control("shutdown_request", request)
            : kernel.Ask("shutdown_request", request);
        AssertValid(reply);
        Assert.Equal("shutdown_reply", reply.Type);
        Assert.Equal(restarts, (bool)reply.Content["restart"]!);
        Assert.True(kernel.Process.WaitForExit(KernelClient.Patience));
        Assert.Equal(0, kernel.Process.ExitCode);
    }

    [SkippableTheory]
    [InlineData("while (true) { }", true)]
    [InlineData("while (true) { }", false)]
    [InlineData("await Task.Delay(-1);", true)]
    [InlineData("await Task.Delay(-1);", false)]
    public void Interrupt(string endless, bool isByMessage)
    {
        Skip.If(!isByMessage && OperatingSystem.IsWindows(), "Windows has no SIGINT for another process.");
        Skip.If(
            !isByMessage && KernelClient.IgnoresInterrupts,
            "A job in the background ignores SIGINT, and its kernels do too."
        );
        JsonObject header = _kernel.SendCell("Console.WriteLine(\"runs\");\n" + endless);
        _kernel.WaitForOutput();
        if (isByMessage)
            AssertValid(_kernel.Control("interrupt_request", []));
        else
            Process.Start("kill", ["-INT", $"{_kernel.Process.Id}"]).WaitForExit();
        Message reply = _kernel.Reply(header);
        AssertValid(reply);
        Assert.Equal("error", reply.Content["status"]!.ToString());
        _kernel.Drain();
        Assert.Equal("ok", Execute("1").Reply["status"]!.ToString());
    }

    [Fact]
    public void CommInfo() =>
        Assert.Empty(Ask("comm_info_request", new() { ["target_name"] = "jupyter.widget" })["comms"]!.AsObject());

    private static (JsonObject Reply, Message[] Outputs) Execute(KernelClient kernel, string code)
    {
        JsonObject header = kernel.SendCell(code, ("stop_on_error", true));
        Message reply = kernel.Reply(header);
        AssertValid(reply);
        Assert.Equal("execute_reply", reply.Type);
        Message[] published = kernel.Published(header);
        Assert.All(published, AssertValid);
        Assert.Equal(("status", "busy"), (published[0].Type, published[0].Content["execution_state"]!.ToString()));
        Assert.Equal(("status", "idle"), (published[^1].Type, published[^1].Content["execution_state"]!.ToString()));
        Message input = Assert.Single(published, message => message.Type == "execute_input");
        Assert.Equal(code, input.Content["code"]!.ToString());
        return (reply.Content, [.. published[1..^1].Where(message => message != input)]);
    }

    private (JsonObject Reply, Message[] Outputs) Execute(string code) => Execute(_kernel, code);

    private JsonObject Ask(string type, JsonObject content)
    {
        Message reply = _kernel.Ask(type, content);
        AssertValid(reply);
        Assert.Equal(type.Replace("_request", "_reply", StringComparison.Ordinal), reply.Type);
        return reply.Content;
    }

    private JsonArray[] HistoryAfter(IEnumerable<string> cells, JsonObject request)
    {
        foreach (string cell in cells)
            Execute(cell);
        request["raw"] = true;
        request["output"] ??= false;
        JsonArray[] entries =
        [
            .. Ask("history_request", request)["history"]!.AsArray().Select(entry => entry!.AsArray()),
        ];
        Assert.All(entries, entry => Assert.Equal(3, entry.Count));
        return entries;
    }

    private static string Streamed(IEnumerable<Message> outputs, string name) =>
        string.Concat(
            outputs
                .Where(output => output.Type == "stream" && output.Content["name"]!.ToString() == name)
                .Select(output => output.Content["text"]!.ToString())
        );

    private static void AssertValid(Message message)
    {
        foreach (string name in new[] { "msg_id", "username", "session", "date", "msg_type", "version" })
            AssertKind(message.Header, name, Text);
        JsonObject content = message.Content;
        bool isError =
            message.Type.EndsWith("_reply", StringComparison.Ordinal) && content["status"]!.ToString() == "error";
        Assert.All(isError ? ErrorFields : Fields[message.Type], field => AssertKind(content, field.Name, field.Kind));
        if (message.Type is "display_data" or "update_display_data" or "execute_result")
            Assert.All(content["data"]!.AsObject(), data => Assert.Matches(MimeType(), data.Key));
        if (message.Type == "stream")
            Assert.Contains(content["name"]!.ToString(), new[] { "stdout", "stderr" });
    }

    private static void AssertKind(JsonObject node, string name, JsonValueKind kind)
    {
        JsonValueKind? found = node[name]?.GetValueKind();
        Assert.Equal((name, kind), (name, found == JsonValueKind.False ? JsonValueKind.True : found));
    }

    [GeneratedRegex(@"^[\w\-\+\.]+/[\w\-\+\.]+$")]
    private static partial Regex MimeType();
}
