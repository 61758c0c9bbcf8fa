using System.Globalization;
using System.IO.Pipes;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using NotebookHost.Notebooks;

namespace NotebookHost.Execution;

/// <summary>The child process that runs the cells of one notebook; what it does is <see cref="CellProcess"/>.</summary>
internal sealed partial class NotebookProcess : IDisposable
{
    /// <summary>The hidden verb that makes this program such a process.</summary>
    public const string Verb = "execute-cells";

    private const int ErrorLines = 40;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DeathLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RawLimit = TimeSpan.FromSeconds(1);

    private readonly NamedPipeServerStream _pipe;
    private readonly StreamReader _messages;
    private readonly RawText _raw;
    private readonly ChildProcess _process;
    private readonly List<string> _errors = [];
    private readonly Task _errorsRead;

    /// <param name="folder">The current directory of the cells.</param>
    public NotebookProcess(string folder)
    {
        string name = $"notebook-cells-{RandomNumberGenerator.GetHexString(32)}";
        _pipe = new NamedPipeServerStream(
            name,
            PipeDirection.InOut,
            1,
            PipeTransmissionMode.Byte,
            PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly
        );
        _messages = new StreamReader(_pipe, Encoding.UTF8);
        _process = new ChildProcess(
            new ChildStart(Programs.DotNet, typeof(NotebookProcess).Assembly.Location, Verb, name)
            {
                Folder = folder,
                // What a cell repeats is in loops; the compiler, called often but not for long, is not worth compiling again.
                Variables = new Dictionary<string, string> { ["DOTNET_TC_CallCountThreshold"] = "0x1000" },
            }
        );
        _errorsRead = KeepErrorsAsync();
        _raw = new RawText(_process.Output.BaseStream);
    }

    /// <inheritdoc cref="ChildProcess.PeakMemory"/>
    public long PeakMemory => _process.PeakMemory;

    /// <inheritdoc cref="ChildProcess.ProcessorTime"/>
    public TimeSpan ProcessorTime => _process.ProcessorTime;

    /// <summary>
    /// Runs a cell. What it shows comes as it happens; a process that dies ends in an <see cref="ErrorOutput"/>, a
    /// cancelled one in an <see cref="OperationCanceledException"/> and a killed process.
    /// </summary>
    public async Task ExecuteAsync(string code, Action<Output> show, CancellationToken cancellation)
    {
        await using CancellationTokenRegistration registration = cancellation.Register(_process.Kill);
        var shown = new Lock();
        string mark = RandomNumberGenerator.GetHexString(32);
        Task raw = _raw.PassOnAsync(mark, text => Show(new StreamOutput("stdout", text)));
        bool isEnded = await RunAsync(new CellRequest(code, mark), Show, cancellation);
        await Task.WhenAny(raw, Task.Delay(RawLimit, CancellationToken.None));
        if (isEnded)
            return;
        cancellation.ThrowIfCancellationRequested();
        show(await DeathAsync());

        void Show(Output output)
        {
            lock (shown)
                show(output);
        }
    }

    public void Dispose()
    {
        _process.Dispose();
        _messages.Dispose();
        _pipe.Dispose();
    }

    /// <summary>Whether the cell came to its end; else the process did.</summary>
    private async Task<bool> RunAsync(CellRequest request, Action<Output> show, CancellationToken cancellation)
    {
        try
        {
            if (!_pipe.IsConnected)
                await ConnectAsync(cancellation);
            await _pipe.WriteAsync(
                (byte[])[.. JsonSerializer.SerializeToUtf8Bytes(request), (byte)'\n'],
                CancellationToken.None
            );
            while (await _messages.ReadLineAsync(CancellationToken.None) is { } line)
            {
                Output output = JsonSerializer.Deserialize<Output>(line)!;
                if (output is EndOfCell)
                    return true;
                show(output);
            }
        }
        catch (Exception error) when (error is IOException or InvalidOperationException or JsonException)
        {
            // The process died, perhaps in the middle of a line.
        }
        return false;
    }

    /// <summary>Waits for the process to connect; throws <see cref="IOException"/> where it ends first.</summary>
    private async Task ConnectAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartLimit);
        Task connected = _pipe.WaitForConnectionAsync(limit.Token);
        if (
            await Task.WhenAny(connected, _process.WaitForExitAsync(limit.Token)) != connected
            || !connected.IsCompletedSuccessfully
        )
            throw new IOException("The process of the notebook did not start.");
    }

    private async Task<ErrorOutput> DeathAsync()
    {
        // A child that the cells left may hold the standard error open for ever.
        var ended = Task.WhenAll(_process.WaitForExitAsync(CancellationToken.None), _errorsRead);
        if (await Task.WhenAny(ended, Task.Delay(DeathLimit)) != ended)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        string[] errors;
        lock (_errors)
            errors = [.. _errors.TakeWhile(line => !line.Contains("<<Initialize>>", StringComparison.Ordinal))];
        string reason = string.Join(' ', errors.TakeWhile(line => !FrameOfTrace().IsMatch(line)));
        return new ErrorOutput(
            "ProcessExited",
            string.Create(
                    CultureInfo.InvariantCulture,
                    $"The process of the notebook ended with exit code {_process.ExitCode} in this cell. {reason}"
                )
                .TrimEnd(),
            0,
            errors
        );
    }

    private async Task KeepErrorsAsync()
    {
        try
        {
            while (await _process.Errors.ReadLineAsync() is { } line)
                lock (_errors)
                    if (_errors.Count < ErrorLines)
                        _errors.Add(line);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The process is gone.
        }
    }

    /// <summary>The standard output of the process: what was written past the console that cells see.</summary>
    private sealed class RawText(Stream stream)
    {
        private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
        private readonly byte[] _bytes = new byte[1 << 14];
        private readonly StringBuilder _text = new();

        /// <summary>Passes on what comes, until a mark or the end of the stream.</summary>
        public async Task PassOnAsync(string mark, Action<string> show)
        {
            while (true)
            {
                string text = _text.ToString();
                int end = text.IndexOf(mark, StringComparison.Ordinal);
                // What may be the beginning of the mark waits for the rest of it.
                int sure = end >= 0 ? end : Math.Max(0, text.Length - mark.Length + 1);
                _text.Remove(0, end >= 0 ? end + mark.Length : sure);
                if (sure > 0)
                    show(text[..sure]);
                if (end >= 0)
                    return;
                int read = await ReadAsync();
                if (read == 0)
                {
                    if (_text.Length > 0)
                        show(_text.ToString());
                    _text.Clear();
                    return;
                }
                char[] characters = new char[_decoder.GetCharCount(_bytes, 0, read, flush: false)];
                _decoder.GetChars(_bytes, 0, read, characters, 0, flush: false);
                _text.Append(characters);
            }
        }

        private async Task<int> ReadAsync()
        {
            try
            {
                return await stream.ReadAsync(_bytes);
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException)
            {
                return 0;
            }
        }
    }

    [GeneratedRegex(@"^(   at |Repeated |---)")]
    private static partial Regex FrameOfTrace();
}
