using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;
using NotebookHost.Jupyter;

namespace NotebookHost.Tests;

/// <summary>By which socket a front end sends.</summary>
internal enum KernelSocket
{
    Shell,
    Control,
    Stdin,
}

/// <summary>What a front end says to a kernel.</summary>
internal sealed class KernelClient : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    public const string Key = "0f1e2d3c-secret";

    private readonly MessageFormat _format = new(Key);
    private readonly DealerSocket _shell = new();
    private readonly DealerSocket _control = new();
    private readonly DealerSocket _stdin = new();
    private readonly SubscriberSocket _iopub = new();

    private readonly Process? _process;

    /// <summary>Starts a kernel in a process of its own.</summary>
    /// <param name="folder">Its current directory.</param>
    /// <param name="wrapper">A shell script that starts the command it is given; default none.</param>
    public KernelClient(string? folder = null, string? wrapper = null)
        : this(FreePorts(5), file => Start(file, folder, wrapper)) { }

    /// <summary>For a kernel that already listens.</summary>
    public KernelClient(int[] ports)
        : this(ports, _ => null) { }

    private KernelClient(int[] ports, Func<string, Process?> start)
    {
        string file = Path.Combine(Path.GetTempPath(), $"kernel-{ports[0]}.json");
        File.WriteAllText(file, ConnectionFile(ports).ToJsonString());
        HeartbeatPort = ports[4];
        try
        {
            _process = start(file);
            Connect(ports);
            Info = WaitForInfo();
            Drain();
        }
        catch
        {
            Dispose();
            throw;
        }
        finally
        {
            File.Delete(file);
        }
    }

    public Process Process => _process ?? throw new InvalidOperationException("The kernel is no process of its own.");

    public JsonObject Info { get; }

    public int HeartbeatPort { get; }

    /// <summary>
    /// Whether a kernel that this process starts ignores SIGINT, as a job in the background does: a bit for each signal, the
    /// second for SIGINT. A child process inherits them.
    /// </summary>
    public static bool IgnoresInterrupts =>
        File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status")
            .Where(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))
            .Any(line => (Convert.ToUInt64(line["SigIgn:".Length..].Trim(), 16) & 2) != 0);

    private static Process Start(string file, string? folder, string? wrapper)
    {
        string[] command = ["dotnet", HostProgram.Path, "kernel", "start", file];
        string[] start = wrapper is null ? command : ["sh", "-c", wrapper, "sh", .. command];
        var info = new ProcessStartInfo(start[0], start[1..])
        {
            WorkingDirectory = folder ?? AppContext.BaseDirectory,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in KernelSpec.Variables)
            info.Environment[name] = value;
        return Process.Start(info)!;
    }

    private void Connect(int[] ports)
    {
        byte[] identity = Guid.NewGuid().ToByteArray();
        foreach ((NetMQSocket socket, int port) in new NetMQSocket[] { _shell, _control, _stdin, _iopub }.Zip(ports))
        {
            socket.Options.Identity = identity;
            socket.Options.ReceiveHighWatermark = 0;
            socket.Connect($"tcp://127.0.0.1:{port}");
        }
        _iopub.SubscribeToAnyTopic();
    }

    /// <summary>The subscription is through once an answer to a question comes with its states.</summary>
    private JsonObject WaitForInfo()
    {
        while (true)
        {
            Message answer = Ask("kernel_info_request", []);
            if (TryReceive(_iopub, TimeSpan.FromMilliseconds(300)) is not null)
                return answer.Content;
        }
    }

    /// <summary>What a front end writes for the kernel; the ports are shell, control, stdin, iopub and heartbeat.</summary>
    public static JsonObject ConnectionFile(IReadOnlyList<int> ports) =>
        new()
        {
            ["ip"] = "127.0.0.1",
            ["transport"] = "tcp",
            ["shell_port"] = ports[0],
            ["control_port"] = ports[1],
            ["stdin_port"] = ports[2],
            ["iopub_port"] = ports[3],
            ["hb_port"] = ports[4],
            ["key"] = Key,
            ["signature_scheme"] = "hmac-sha256",
            ["kernel_name"] = "notebooksupport",
        };

    /// <summary>Sends by the shell; returns the header of the message.</summary>
    public JsonObject Send(string type, JsonObject content) => Send(_shell, type, content, _format);

    /// <summary>Sends by the shell with a signature of another key.</summary>
    public void SendForged(string type, JsonObject content) =>
        Send(_shell, type, content, new MessageFormat("another"));

    /// <summary>Sends frames as they are, by the shell, the control or the stdin socket.</summary>
    public void SendFrames(KernelSocket socket, IEnumerable<byte[]> frames) =>
        Socket(socket).SendMultipartMessage(new NetMQMessage(frames));

    /// <summary>The frames of a message whose parts are signed as they are.</summary>
    public static byte[][] Signed(params byte[][] parts)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(Key));
        foreach (byte[] part in parts)
            hash.AppendData(part);
        string signature = Convert.ToHexStringLower(hash.GetHashAndReset());
        return ["<IDS|MSG>"u8.ToArray(), Encoding.ASCII.GetBytes(signature), .. parts];
    }

    /// <summary>Whether the kernel still answers: a question, and the answer among all that comes.</summary>
    public bool Answers(TimeSpan limit)
    {
        JsonObject header = Send("kernel_info_request", []);
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < limit && _process is not { HasExited: true })
        {
            while (TryReceive(_iopub, TimeSpan.Zero) is not null) { }
            while (TryReceive(_control, TimeSpan.Zero) is not null) { }
            if (TryReceive(_shell, PollInterval)?.Parent["msg_id"]?.ToString() == header["msg_id"]!.ToString())
                return true;
        }
        return false;
    }

    /// <summary>Sends by the shell and waits for the reply to it.</summary>
    public Message Ask(string type, JsonObject content) => Reply(Send(type, content));

    /// <summary>What may stand at a place of a cell, in code points.</summary>
    public JsonObject Complete(string code, int cursor) => Ask("complete_request", Position(code, cursor)).Content;

    /// <summary>What the kernel says of a place of a cell, in code points.</summary>
    public JsonObject Inspect(string code, int cursor) => Ask("inspect_request", Position(code, cursor)).Content;

    /// <summary>Whether a cell could run as it is.</summary>
    public string Completeness(string code) =>
        Ask("is_complete_request", new() { ["code"] = code }).Content["status"]!.ToString();

    /// <summary>A place of a cell as a message holds it.</summary>
    public static JsonObject Position(string code, int cursor) => new() { ["code"] = code, ["cursor_pos"] = cursor };

    /// <summary>Sends by the control socket and waits for the reply.</summary>
    public Message Control(string type, JsonObject content)
    {
        Send(_control, type, content, _format);
        return Receive(_control);
    }

    private DealerSocket Socket(KernelSocket socket) =>
        socket switch
        {
            KernelSocket.Shell => _shell,
            KernelSocket.Control => _control,
            _ => _stdin,
        };

    public Message Reply(JsonObject header)
    {
        Message reply = Receive(_shell);
        return header["msg_id"]!.ToString() == reply.Parent["msg_id"]!.ToString()
            ? reply
            : throw new InvalidDataException($"The kernel answered {reply.Parent}; expected an answer to {header}.");
    }

    public Message? TryReply(TimeSpan time) => TryReceive(_shell, time);

    /// <summary>The next question of a cell to the reader.</summary>
    public Message Question() => Receive(_stdin);

    public void Answer(string text) => Send(_stdin, "input_reply", new() { ["value"] = text }, _format);

    /// <summary>Runs a cell; returns the reply and what was published for it, from busy to idle.</summary>
    public (JsonObject Reply, Message[] Published) Execute(string code, params (string Name, JsonNode Value)[] more)
    {
        JsonObject header = SendCell(code, more);
        JsonObject reply = Reply(header).Content;
        return (reply, Published(header));
    }

    public JsonObject SendCell(string code, params (string Name, JsonNode Value)[] more)
    {
        var content = new JsonObject
        {
            ["code"] = code,
            ["silent"] = false,
            ["store_history"] = true,
        };
        foreach ((string name, JsonNode value) in more)
            content[name] = value;
        return Send("execute_request", content);
    }

    /// <summary>What is published for a message, up to idle.</summary>
    public Message[] Published(JsonObject header)
    {
        var published = new List<Message>();
        while (true)
        {
            Message message = Receive(_iopub);
            if (message.Parent["msg_id"]?.ToString() != header["msg_id"]!.ToString())
                continue;
            published.Add(message);
            if (message.Type == "status" && message.Content["execution_state"]!.ToString() == "idle")
                return [.. published];
        }
    }

    /// <summary>Waits until something is published that a cell printed.</summary>
    public void WaitForOutput()
    {
        while (Receive(_iopub).Type != "stream") { }
    }

    public void Drain()
    {
        while (TryReceive(_iopub, TimeSpan.FromMilliseconds(100)) is not null) { }
    }

    public void Dispose()
    {
        foreach (NetMQSocket socket in new NetMQSocket[] { _shell, _control, _stdin, _iopub })
        {
            socket.Options.Linger = TimeSpan.Zero;
            socket.Dispose();
        }
        if (_process is { HasExited: false })
            _process.Kill(entireProcessTree: true);
        _process?.Dispose();
    }

    public static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners)
            listener.Start();
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners)
            listener.Stop();
        return ports;
    }

    private static JsonObject Send(DealerSocket socket, string type, JsonObject content, MessageFormat format)
    {
        Message message = format.New(type, content, [], []);
        socket.SendMultipartMessage(format.Write(message));
        return message.Header;
    }

    private Message Receive(NetMQSocket socket)
    {
        for (var waited = TimeSpan.Zero; waited < Patience; waited += PollInterval)
        {
            if (TryReceive(socket, PollInterval) is { } message)
                return message;
            if (_process is not { HasExited: true })
                continue;
            // What it sent before it ended may have come since.
            return TryReceive(socket, PollInterval)
                ?? throw new InvalidOperationException(
                    $"The kernel ended with {_process.ExitCode}: {_process.StandardError.ReadToEnd()}"
                );
        }
        throw new TimeoutException("The kernel did not answer.");
    }

    private Message? TryReceive(NetMQSocket socket, TimeSpan time)
    {
        var frames = new NetMQMessage();
        return socket.TryReceiveMultipartMessage(time, ref frames)
            ? _format.Read(frames) ?? throw new InvalidDataException("The kernel sent no message.")
            : null;
    }
}
