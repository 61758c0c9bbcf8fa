using System.Text.Json;
using NetMQ;
using NetMQ.Sockets;

namespace NotebookHost.Jupyter;

/// <summary>
/// The five sockets of a kernel, all served by one thread that never runs a cell: incoming messages are handed on, and
/// messages sent from any thread go out in order.
/// </summary>
internal sealed class Sockets : IDisposable
{
    private const int MostWaiting = 1_000;
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private readonly MessageFormat _format;
    private readonly RouterSocket _shell = new();
    private readonly RouterSocket _control = new();
    private readonly RouterSocket _stdin = new();
    private readonly PublisherSocket _iopub = new();
    private readonly ResponseSocket _heartbeat = new();
    private readonly NetMQQueue<(NetMQSocket Socket, Message Message)> _outgoing = new();
    private readonly NetMQPoller _poller;
    private volatile bool _isClosed;

    /// <summary>Binds the sockets of a connection.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="format">Reads and writes the messages.</param>
    /// <param name="shell">Takes what comes by the socket of that name, on the sockets' own thread.</param>
    /// <param name="control">As <paramref name="shell"/>.</param>
    /// <param name="stdin">As <paramref name="shell"/>.</param>
    /// <param name="log">Takes the reasons why messages could not be sent.</param>
    public Sockets(
        ConnectionFile connection,
        MessageFormat format,
        Action<Message> shell,
        Action<Message> control,
        Action<Message> stdin,
        KernelLog log
    )
    {
        _format = format;
        _poller = [_outgoing];
        Serve(_shell, connection.Address(connection.ShellPort), shell);
        Serve(_control, connection.Address(connection.ControlPort), control);
        Serve(_stdin, connection.Address(connection.StdinPort), stdin);
        Bind(_iopub, connection.Address(connection.IopubPort));
        Bind(_heartbeat, connection.Address(connection.HbPort));
        _heartbeat.ReceiveReady += (_, _) => _heartbeat.SendMultipartMessage(_heartbeat.ReceiveMultipartMessage());
        _poller.Add(_iopub);
        _poller.Add(_heartbeat);
        // One message an event: a flood of output does not keep an interruption waiting.
        _outgoing.ReceiveReady += (_, _) =>
        {
            if (_outgoing.TryDequeue(out (NetMQSocket Socket, Message Message) next, TimeSpan.Zero))
                Send(next.Socket, next.Message, log);
        };
        _poller.RunAsync();
    }

    public void Shell(Message message) => Send(_shell, message);

    public void Control(Message message) => Send(_control, message);

    public void Stdin(Message message) => Send(_stdin, message);

    /// <summary>Publishes; waits while more is to send than the front end takes.</summary>
    public void Publish(Message message)
    {
        while (_outgoing.Count > MostWaiting && !_isClosed)
            Thread.Sleep(1);
        Send(_iopub, message);
    }

    /// <summary>Sends what is still to send, for a second at most, and closes; what comes later is dropped.</summary>
    public void Dispose()
    {
        lock (_outgoing)
            _isClosed = true;
        SpinWait.SpinUntil(() => _outgoing.IsEmpty, Linger);
        _poller.Stop();
        _poller.Dispose();
        foreach (NetMQSocket socket in new NetMQSocket[] { _shell, _control, _stdin, _iopub, _heartbeat })
            socket.Dispose();
        _outgoing.Dispose();
    }

    /// <summary>For the end of the process, when all sockets are closed: waits until what was sent has gone out.</summary>
    public static void Flush() => NetMQConfig.Cleanup(block: true);

    private void Send(NetMQSocket socket, Message message, KernelLog log)
    {
        try
        {
            socket.SendMultipartMessage(_format.Write(message));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            log.Write($"{message.Type} could not be sent: {error.Message}");
        }
    }

    private void Send(NetMQSocket socket, Message message)
    {
        lock (_outgoing)
            if (!_isClosed)
                _outgoing.Enqueue((socket, message));
    }

    private void Serve(RouterSocket socket, string address, Action<Message> take)
    {
        Bind(socket, address);
        socket.ReceiveReady += (_, _) =>
        {
            var frames = new NetMQMessage();
            while (socket.TryReceiveMultipartMessage(ref frames))
                if (_format.Read(frames) is { } message)
                    take(message);
        };
        _poller.Add(socket);
    }

    /// <summary>ZeroMQ would drop messages above a limit; a long output must arrive whole.</summary>
    private static void Bind(NetMQSocket socket, string address)
    {
        socket.Options.SendHighWatermark = 0;
        socket.Options.ReceiveHighWatermark = 0;
        socket.Options.Linger = Linger;
        socket.Bind(address);
    }
}
