using System.IO.Enumeration;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using NotebookHost.Execution;
using NotebookHost.Notebooks;

namespace NotebookHost.Jupyter;

/// <summary>
/// Answers the messages of a front end: one request of the shell after the other, and those of the control socket at
/// once, also while a cell runs.
/// </summary>
internal sealed class JupyterKernel : IDisposable
{
    private readonly MessageFormat _format;
    private readonly Sockets _sockets;
    private readonly ICellSession _session;
    private readonly KernelLog _log;
    private readonly Channel<Message> _requests = Channel.CreateUnbounded<Message>();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(int Line, string Input)> _history = [];
    private readonly string _displays = Guid.NewGuid().ToString("N");
    private readonly CancellationTokenSource _closing = new();
    private readonly FigureComms _figures = new();

    private Message? _running;
    private volatile Message? _executing;
    private bool _isSilent;
    private int _count;
    private volatile CancellationTokenSource _interruption = new();
    private TaskCompletionSource<string> _answer = new();

    /// <summary>Listens where a connection file says.</summary>
    /// <param name="connection">Where the front end expects the kernel.</param>
    /// <param name="open">Opens what runs the cells.</param>
    /// <param name="log">Takes this kernel's own errors.</param>
    public JupyterKernel(ConnectionFile connection, OpenSession open, KernelLog log)
    {
        _log = log;
        _session = open(Show, AskAsync);
        _format = new MessageFormat(connection.Key, log);
        _sockets = new Sockets(
            connection,
            _format,
            shell: message => _requests.Writer.TryWrite(message),
            control: message => _ = Task.Run(() => ControlAsync(message)),
            stdin: message => _answer.TrySetResult(message.Content["value"]?.ToString() ?? ""),
            log
        );
        AppDomain.CurrentDomain.ProcessExit += (_, _) => PublishExit();
    }

    /// <summary>Serves until a front end asks it to shut down, or <see cref="End"/> is called.</summary>
    public async Task RunAsync()
    {
        Publish("status", new() { ["execution_state"] = "starting" }, []);
        Task working = Task.Run(WorkAsync);
        await Task.WhenAny(_ended.Task, working);
        if (working.Exception is { } failure)
            _log.Write($"The kernel ends: {failure.GetBaseException().GetType()}");
        await _closing.CancelAsync();
    }

    /// <summary>Stops the running cell, as the front end's button does.</summary>
    public void Interrupt() => _ = _interruption.CancelAsync();

    /// <summary>Makes <see cref="RunAsync"/> return.</summary>
    public void End() => _ended.TrySetResult();

    public void Dispose()
    {
        _sockets.Dispose();
        _closing.Dispose();
    }

    private async Task WorkAsync()
    {
        try
        {
            // Warms up the compiler while the front end is still connecting.
            await _session.EvaluateAsync("0", CancellationToken.None);
        }
        catch (Exception error)
        {
            _log.Write($"The compiler did not warm up: {error}");
        }
        while (await _requests.Reader.WaitToReadAsync(_closing.Token))
        while (_requests.Reader.TryRead(out Message? request))
            await AbortAsync(await ShellAsync(request));
    }

    /// <summary>Answers a request of the shell; returns how many of those that wait are not to be executed.</summary>
    private async Task<int> ShellAsync(Message request)
    {
        int aborted = 0;
        await RespondAsync(
            request,
            _sockets.Shell,
            async () =>
            {
                if (request.Type != "execute_request")
                    return await AnswerAsync(request);
                (JsonObject reply, aborted) = await ExecuteAsync(request);
                return reply;
            }
        );
        return aborted;
    }

    /// <summary>Answers a request of the control socket, perhaps while a cell runs.</summary>
    private Task ControlAsync(Message request) =>
        RespondAsync(
            request,
            _sockets.Control,
            async () =>
                request.Type is "kernel_info_request" or "interrupt_request" or "shutdown_request"
                    ? await AnswerAsync(request)
                    : Unknown(request)
        );

    private async Task RespondAsync(Message request, Action<Message> send, Func<Task<JsonObject?>> answer)
    {
        Status("busy", request);
        try
        {
            if (await answer() is { } content)
                send(Reply(request, content));
        }
        catch (Exception error)
        {
            ErrorOutput shown = CellError.Of(error, "");
            _log.Write($"{request.Type}: {string.Join('\n', shown.Trace)}");
            send(Reply(request, Failure(shown)));
        }
        Status("idle", request);
        if (request.Type == "shutdown_request")
            End();
    }

    private JsonObject? Unknown(Message request)
    {
        _log.Write($"{request.Type} is not a message that this kernel answers.");
        return null;
    }

    /// <summary>The content of the reply; null where a message takes none, or is not known.</summary>
    private async Task<JsonObject?> AnswerAsync(Message request)
    {
        JsonObject content = request.Content;
        switch (request.Type)
        {
            case "kernel_info_request":
                return KernelInfo();
            case "complete_request":
                return await CompleteAsync(Text(content, "code"), Number(content, "cursor_pos"));
            case "inspect_request":
                return await InspectAsync(Text(content, "code"), Number(content, "cursor_pos"));
            case "is_complete_request":
                return Completed(await _session.CompletenessAsync(Text(content, "code")));
            case "history_request":
                return History(content);
            case "comm_info_request":
                return new() { ["status"] = "ok", ["comms"] = _figures.Open };
            case "comm_open":
                Tell(request, _figures.Opened(Text(content, "comm_id"), Text(content, "target_name")));
                return null;
            case "comm_msg":
                Tell(request, _figures.Answer(Text(content, "comm_id"), content["data"] as JsonObject ?? []));
                return null;
            case "comm_close":
                _figures.Closed(Text(content, "comm_id"));
                return null;
            case "interrupt_request":
                Interrupt();
                return new() { ["status"] = "ok" };
            case "shutdown_request":
                return new() { ["status"] = "ok", ["restart"] = Flag(content, "restart", false) };
            default:
                return Unknown(request);
        }
    }

    /// <summary>Answers on the comm of a request, or closes it where there is nothing to say.</summary>
    private void Tell(Message request, JsonObject? data) =>
        Publish(
            data is null ? "comm_close" : "comm_msg",
            new() { ["comm_id"] = request.Content["comm_id"]?.DeepClone(), ["data"] = data ?? [] },
            request.Header
        );

    /// <summary>Runs a cell; returns the reply, and how many requests were waiting when it failed.</summary>
    private async Task<(JsonObject Reply, int Waiting)> ExecuteAsync(Message request)
    {
        JsonObject content = request.Content;
        string code = Text(content, "code");
        bool isSilent = Flag(content, "silent", false);
        bool isKept = !isSilent && Flag(content, "store_history", true);
        _isSilent = isSilent;
        _running = request;
        // The one before is not disposed: an interruption may be on its way to it.
        CancellationTokenSource interruption = _interruption = new CancellationTokenSource();

        ErrorOutput? error = null;
        if (!string.IsNullOrWhiteSpace(code))
        {
            int number = isKept ? ++_count : Math.Max(_count, 1);
            if (isKept)
                _history.Add((number, code));
            if (!isSilent)
                Publish("execute_input", new() { ["code"] = code, ["execution_count"] = number }, request.Header);
            _executing = request;
            error = await _session.ExecuteAsync(code, number, interruption.Token);
            _executing = null;
        }
        JsonObject reply = error is null
            ? new()
            {
                ["status"] = "ok",
                ["payload"] = new JsonArray(),
                ["user_expressions"] = await EvaluateAsync(content["user_expressions"] as JsonObject ?? []),
            }
            : Failure(error);
        reply["execution_count"] = _count;
        // An interruption that comes now finds no running cell, and what earlier cells still print is shown again.
        _interruption = new CancellationTokenSource();
        _isSilent = false;
        // A request that arrives after the reply was sent by someone who knows about the error.
        int waiting = error is not null && Flag(content, "stop_on_error", true) ? _requests.Reader.Count : 0;
        return (reply, waiting);
    }

    /// <summary>Requests that were waiting when a cell failed are not run.</summary>
    private async Task AbortAsync(int waiting)
    {
        for (int i = 0; i < waiting && _requests.Reader.TryRead(out Message? request); i++)
            if (request.Type == "execute_request")
                await RespondAsync(request, _sockets.Shell, () => Task.FromResult<JsonObject?>(Aborted()));
            else
                await ShellAsync(request);

        JsonObject Aborted() => new() { ["status"] = "aborted", ["execution_count"] = _count };
    }

    private async Task<JsonObject> EvaluateAsync(JsonObject expressions)
    {
        var values = new JsonObject();
        foreach ((string name, JsonNode? expression) in expressions)
            try
            {
                IReadOnlyDictionary<string, string> value = await _session.EvaluateAsync(
                    expression?.ToString() ?? "",
                    _interruption.Token
                );
                values[name] = new JsonObject
                {
                    ["status"] = "ok",
                    ["data"] = OutputJson.Bundle(value),
                    ["metadata"] = new JsonObject(),
                };
            }
            catch (Exception error)
            {
                values[name] = Failure(CellError.Of(error, "expression"));
            }
        return values;
    }

    private void Show(Output output)
    {
        if (_isSilent || _running is not { } request)
            return;
        if (OutputJson.Message(output, _count) is not var (type, content))
            return;
        int? display = (output as DisplayOutput)?.Id ?? (output as UpdateOutput)?.Id;
        if (display is not null)
            content["transient"] = new JsonObject { ["display_id"] = $"{_displays}-{display}" };
        Publish(type, content, request.Header);
    }

    /// <summary>Reports that the running cell ended the process.</summary>
    private void PublishExit()
    {
        if (_executing is not { } request || _ended.Task.IsCompleted)
            return;
        string message =
            $"The cell ended the kernel with exit code {Environment.ExitCode}; what earlier cells declared is gone.";
        var error = new ErrorOutput("ProcessExited", message, 0, [$"ProcessExited: {message}"]);
        Show(error);
        JsonObject failure = Failure(error);
        failure["execution_count"] = _count;
        _sockets.Shell(Reply(request, failure));
        Status("idle", request);
        _sockets.Dispose();
        Sockets.Flush();
    }

    private async Task<string> AskAsync(string prompt, bool isPassword)
    {
        Message request = _running!;
        if (!Flag(request.Content, "allow_stdin", false))
            throw new NotSupportedException(
                $"The cell asks for input ({prompt}), and the front end that runs it takes none."
            );
        _answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _sockets.Stdin(
            _format.New(
                "input_request",
                new() { ["prompt"] = prompt, ["password"] = isPassword },
                request.Header,
                request.Identities
            )
        );
        return await _answer.Task.WaitAsync(_interruption.Token);
    }

    private JsonObject KernelInfo() =>
        new()
        {
            ["status"] = "ok",
            ["protocol_version"] = MessageFormat.Version,
            ["implementation"] = "NotebookSupport",
            ["implementation_version"] = typeof(JupyterKernel).Assembly.GetName().Version!.ToString(3),
            ["language_info"] = new JsonObject
            {
                ["name"] = "C#",
                ["version"] = _session.LanguageVersion,
                ["mimetype"] = "text/x-csharp",
                ["file_extension"] = ".cs",
                ["pygments_lexer"] = "csharp",
                ["codemirror_mode"] = "text/x-csharp",
            },
            ["banner"] = $"C# on .NET {Environment.Version}, the kernel of NotebookSupport",
            ["help_links"] = new JsonArray(),
            ["debugger"] = false,
        };

    private static JsonObject Completed(Completeness completeness)
    {
        var reply = new JsonObject { ["status"] = completeness.ToString().ToLowerInvariant() };
        if (completeness == Completeness.Incomplete)
            reply["indent"] = "    ";
        return reply;
    }

    private async Task<JsonObject> CompleteAsync(string code, int position)
    {
        Completions found = await _session.CompleteAsync(code, Utf16(code, position));
        int start = CodePoints(code, found.Start);
        int end = CodePoints(code, found.End);
        return new()
        {
            ["status"] = "ok",
            ["matches"] = JsonSerializer.SerializeToNode(found.Items.Select(item => item.Text)),
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject
            {
                ["_jupyter_types_experimental"] = JsonSerializer.SerializeToNode(
                    found.Items.Select(item => new
                    {
                        start,
                        end,
                        text = item.Text,
                        type = item.Kind,
                    })
                ),
            },
        };
    }

    private async Task<JsonObject> InspectAsync(string code, int position)
    {
        string? text = await _session.InspectAsync(code, Utf16(code, position));
        return new()
        {
            ["status"] = "ok",
            ["found"] = text is not null,
            ["data"] = text is null ? [] : new JsonObject { ["text/plain"] = text },
            ["metadata"] = new JsonObject(),
        };
    }

    private JsonObject History(JsonObject content)
    {
        IEnumerable<(int Line, string Input)> found = _history;
        string access = content["hist_access_type"]?.ToString() ?? "tail";
        if (access == "range")
            found = found.Where(entry =>
                entry.Line >= Number(content, "start")
                && entry.Line < (Number(content, "stop") is var s and > 0 ? s : int.MaxValue)
            );
        else if (access == "search")
            found = found.Where(entry =>
                FileSystemName.MatchesSimpleExpression(Text(content, "pattern"), entry.Input, ignoreCase: false)
            );
        if (access == "search" && Flag(content, "unique", false))
            found = found.Reverse().DistinctBy(entry => entry.Input).Reverse();
        if (access != "range" && Number(content, "n") is var n and > 0)
            found = found.TakeLast(n);
        bool hasOutput = Flag(content, "output", false);
        var entries = found.Select(entry => new JsonArray(
            0,
            entry.Line,
            hasOutput ? new JsonArray(entry.Input, null) : entry.Input
        ));
        return new() { ["status"] = "ok", ["history"] = new JsonArray([.. entries]) };
    }

    private static JsonObject Failure(ErrorOutput error)
    {
        JsonObject content = OutputJson.Message(error, 0)!.Value.Content;
        content["status"] = "error";
        return content;
    }

    private void Status(string state, Message request) =>
        Publish("status", new() { ["execution_state"] = state }, request.Header);

    private void Publish(string type, JsonObject content, JsonObject parent) =>
        _sockets.Publish(_format.New(type, content, parent, [Encoding.UTF8.GetBytes(type)]));

    private Message Reply(Message request, JsonObject content) =>
        _format.New(
            request.Type.Replace("_request", "_reply", StringComparison.Ordinal),
            content,
            request.Header,
            request.Identities
        );

    private static string Text(JsonObject content, string name) => content[name]?.ToString() ?? "";

    private static bool Flag(JsonObject content, string name, bool standard) =>
        content[name] is JsonValue value && value.TryGetValue(out bool flag) ? flag : standard;

    private static int Number(JsonObject content, string name) =>
        content[name] is JsonValue value && value.TryGetValue(out int number) ? number : 0;

    /// <summary>The protocol counts code points, .NET counts UTF-16 units.</summary>
    private static int Utf16(string code, int codePoints)
    {
        int index = 0;
        for (int i = 0; i < codePoints && index < code.Length; i++)
            index += index + 1 < code.Length && char.IsSurrogatePair(code, index) ? 2 : 1;
        return index;
    }

    private static int CodePoints(string code, int index) => code[..index].EnumerateRunes().Count();
}
