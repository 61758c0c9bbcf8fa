using System.Buffers;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.IO.Pipelines;
using System.IO.Pipes;
using System.Text.Json;
using System.Text.Json.Nodes;
using NotebookHost.Execution;
using NotebookHost.Notebooks;

namespace NotebookHost.Rendering;

/// <summary>
/// A headless browser that works for this process alone. The two speak the DevTools protocol over two pipes, JSON with a
/// zero byte after each message, and not over a port, which other users of the machine could reach. A browser whose pipe
/// is closed ends, so it does not outlive this process, however that ends.
/// </summary>
internal sealed class Browser : IDisposable
{
    /// <summary>Where the protocol has its pipes: the browser reads from 3 and writes to 4.</summary>
    private const string Piped = """
        exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null
        """;

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly TemporaryFolder _profile = new("notebook-pictures-");
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> _waiting = new();
    private readonly SemaphoreSlim _oneWrites = new(1);
    private readonly ChildProcess _process;
    private readonly Stream _requests;
    private readonly Stream _answers;
    private readonly Task _read;
    private volatile bool _hasEnded;
    private string? _session;
    private string _window = "";
    private int _sent;

    private Browser(string program)
    {
        string[] arguments =
        [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--enable-unsafe-swiftshader",
            "--no-first-run",
            "--disable-background-networking",
            $"--user-data-dir={Path.Combine(_profile.Path, "profile")}",
            "--remote-debugging-pipe",
        ];
        try
        {
            if (OperatingSystem.IsWindows())
            {
                var requests = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.Inheritable);
                var answers = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
                (_requests, _answers) = (requests, answers);
                string pipes = $"{requests.GetClientHandleAsString()},{answers.GetClientHandleAsString()}";
                _process = new ChildProcess(
                    new ChildStart(program, [.. arguments, $"--remote-debugging-io-pipes={pipes}"])
                );
                requests.DisposeLocalCopyOfClientHandle();
                answers.DisposeLocalCopyOfClientHandle();
                _ = _process.Output.BaseStream.CopyToAsync(Stream.Null);
            }
            else
            {
                _process = new ChildProcess(
                    new ChildStart("/bin/sh", ["-c", Piped, program, .. arguments]) { KeepsInput = true }
                );
                (_requests, _answers) = (_process.Input, _process.Output.BaseStream);
            }
        }
        catch (Win32Exception error)
        {
            _profile.Dispose();
            throw new IOException($"{program} cannot be started: {error.Message}", error);
        }
        _ = _process.Errors.BaseStream.CopyToAsync(Stream.Null);
        _read = ReadAsync();
    }

    /// <summary>Whether it, or its page, has ended, so that it answers no more.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>
    /// Starts one and opens an empty page in it. Throws <see cref="IOException"/> where it cannot be started, or ends.
    /// </summary>
    /// <param name="program">Its file.</param>
    /// <param name="script">Run in the page first.</param>
    /// <param name="cancellation">Stops waiting, and ends it.</param>
    public static async Task<Browser> StartAsync(string program, string script, CancellationToken cancellation)
    {
        var browser = new Browser(program);
        try
        {
            await browser.OpenAsync(script, cancellation);
            return browser;
        }
        catch
        {
            browser.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Calls a function in the page and returns what it resolves to. Throws <see cref="IOException"/> where the browser or
    /// the page ends meanwhile.
    /// </summary>
    /// <param name="function">The source of a function, which may be asynchronous.</param>
    /// <param name="argument">A text, which the function gets as it is: nothing of it becomes code.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<JsonNode?> CallAsync(string function, string argument, CancellationToken cancellation)
    {
        JsonObject called = await SendAsync(
            "Runtime.callFunctionOn",
            new()
            {
                ["objectId"] = _window,
                ["functionDeclaration"] = function,
                ["arguments"] = new JsonArray(new JsonObject { ["value"] = argument }),
                ["awaitPromise"] = true,
                ["returnByValue"] = true,
            },
            cancellation
        );
        return called["result"]?["value"];
    }

    public void Dispose()
    {
        // What still lives when its profile is removed writes there.
        _process.Kill();
        Task.WhenAny(Task.WhenAll(_read, _process.WaitForExitAsync(CancellationToken.None)), Task.Delay(Farewell))
            .Wait();
        _process.Dispose();
        _requests.Dispose();
        _answers.Dispose();
        _profile.Dispose();
    }

    private async Task OpenAsync(string script, CancellationToken cancellation)
    {
        JsonObject page = await SendAsync("Target.createTarget", new() { ["url"] = "about:blank" }, cancellation);
        JsonObject attached = await SendAsync(
            "Target.attachToTarget",
            new() { ["targetId"] = page["targetId"]!.ToString(), ["flatten"] = true },
            cancellation
        );
        _session = attached["sessionId"]!.ToString();
        await SendAsync("Inspector.enable", [], cancellation); // It tells when the page crashes.
        await SendAsync("Runtime.evaluate", new() { ["expression"] = script }, cancellation);
        JsonObject window = await SendAsync("Runtime.evaluate", new() { ["expression"] = "window" }, cancellation);
        _window = window["result"]!["objectId"]!.ToString();
    }

    /// <summary>Sends a message to the page, or, before there is one, to the browser; returns the answer.</summary>
    private async Task<JsonObject> SendAsync(string method, JsonObject parameters, CancellationToken cancellation)
    {
        int id = Interlocked.Increment(ref _sent);
        var answer = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        try
        {
            if (HasEnded)
                throw Ended();
            // One that hangs takes no more messages.
            await WriteAsync(id, method, parameters).WaitAsync(cancellation);
            return await answer.Task.WaitAsync(cancellation);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    private async Task WriteAsync(int id, string method, JsonObject parameters)
    {
        var message = new JsonObject
        {
            ["id"] = id,
            ["method"] = method,
            ["params"] = parameters,
        };
        if (_session is not null)
            message["sessionId"] = _session;
        await _oneWrites.WaitAsync();
        try
        {
            await _requests.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(message), 0]);
            await _requests.FlushAsync();
        }
        catch (ObjectDisposedException)
        {
            throw Ended();
        }
        finally
        {
            _oneWrites.Release();
        }
    }

    private async Task ReadAsync()
    {
        var reader = PipeReader.Create(_answers, new StreamPipeReaderOptions(bufferSize: 1 << 16));
        try
        {
            while (true)
            {
                ReadResult read = await reader.ReadAsync();
                ReadOnlySequence<byte> rest = read.Buffer;
                while (rest.PositionOf((byte)0) is { } end)
                {
                    Take(JsonDocument.Parse(rest.Slice(0, end).ToArray()).RootElement);
                    rest = rest.Slice(rest.GetPosition(1, end));
                }
                reader.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted)
                    break;
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or JsonException)
        {
            // It is gone.
        }
        finally
        {
            _hasEnded = true;
            Fail();
        }
    }

    private void Take(JsonElement message)
    {
        if (!message.TryGetProperty("id", out JsonElement id) || id.ValueKind != JsonValueKind.Number)
        {
            if (
                message.TryGetProperty("method", out JsonElement method)
                && method.ValueEquals("Inspector.targetCrashed")
            )
            {
                _hasEnded = true;
                Fail();
            }
        }
        else if (_waiting.TryGetValue(id.GetInt32(), out TaskCompletionSource<JsonObject>? answer))
        {
            if (message.TryGetProperty("error", out JsonElement error))
                answer.TrySetException(new IOException(error.GetProperty("message").GetString()));
            else
                answer.TrySetResult(JsonObject.Create(message.GetProperty("result"))!);
        }
    }

    private void Fail()
    {
        foreach (TaskCompletionSource<JsonObject> answer in _waiting.Values)
            answer.TrySetException(Ended());
    }

    private static IOException Ended() => new("The browser ended.");
}
