using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;
using NotebookHost.Jupyter;
using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

/// <summary>By which socket a front end sends.</summary>
internal enum KernelSocket
{
    Shell,
    Control,
    Stdin,
}

/// <summary>A kernel in a process of its own, and what a front end says to it.</summary>
internal sealed class KernelClient : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);
    private const string Key = "0f1e2d3c-secret";

    private readonly MessageFormat _format = new(Key);
    private readonly DealerSocket _shell = new();
    private readonly DealerSocket _control = new();
    private readonly DealerSocket _stdin = new();
    private readonly SubscriberSocket _iopub = new();

    public KernelClient(string? folder = null, string? wrapper = null)
    {
        int[] ports = FreePorts(5);
        string file = Path.Combine(Path.GetTempPath(), $"kernel-{ports[0]}.json");
        File.WriteAllText(file, ConnectionFile(ports).ToJsonString());
        string[] command = ["dotnet", typeof(Notebook).Assembly.Location, "kernel", "start", file];
        string[] start = wrapper is null ? command : ["sh", "-c", wrapper, "sh", .. command];
        var info = new ProcessStartInfo(start[0], start[1..])
        {
            WorkingDirectory = folder ?? AppContext.BaseDirectory,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in KernelSpec.Variables)
            info.Environment[name] = value;
        Process = Process.Start(info)!;
        HeartbeatPort = ports[4];
        byte[] identity = Guid.NewGuid().ToByteArray();
        foreach (
            (NetMQSocket socket, int port) in new (NetMQSocket, int)[]
            {
                (_shell, ports[0]),
                (_control, ports[1]),
                (_stdin, ports[2]),
                (_iopub, ports[3]),
            }
        )
        {
            socket.Options.Identity = identity;
            socket.Options.ReceiveHighWatermark = 0;
            socket.Connect($"tcp://127.0.0.1:{port}");
        }
        _iopub.SubscribeToAnyTopic();
        // The subscription is through once an answer to a question comes with its states.
        while (true)
        {
            Message answer = Ask("kernel_info_request", []);
            if (TryReceive(_iopub, TimeSpan.FromMilliseconds(300)) is not null)
            {
                Info = answer.Content;
                break;
            }
        }
        Drain();
    }

    public Process Process { get; }

    public JsonObject Info { get; }

    public int HeartbeatPort { get; }

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
        while (Stopwatch.GetElapsedTime(start) < limit && !Process.HasExited)
        {
            while (TryReceive(_iopub, TimeSpan.Zero) is not null) { }
            while (TryReceive(_control, TimeSpan.Zero) is not null) { }
            if (TryReceive(_shell, Glance)?.Parent["msg_id"]?.ToString() == header["msg_id"]!.ToString())
                return true;
        }
        return false;
    }

    /// <summary>Sends by the shell and waits for the reply to it.</summary>
    public Message Ask(string type, JsonObject content) => Reply(Send(type, content));

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
        if (!Process.HasExited)
            Process.Kill(entireProcessTree: true);
        Process.Dispose();
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
        for (var waited = TimeSpan.Zero; waited < Patience; waited += Glance)
        {
            if (TryReceive(socket, Glance) is { } message)
                return message;
            if (Process.HasExited)
                throw new InvalidOperationException(
                    $"The kernel ended with {Process.ExitCode}: {Process.StandardError.ReadToEnd()}"
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
