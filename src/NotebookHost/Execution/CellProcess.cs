using System.IO.Pipes;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using NotebookHost.Notebooks;

namespace NotebookHost.Execution;

/// <summary>
/// What a child process does that runs the cells of one notebook. Cells come in and outputs go out as lines of JSON by a
/// pipe that is not the standard output; what native code writes past the console goes out by the standard output. It ends
/// when the pipe does, also in the middle of a cell, so that it never outlives its parent.
/// </summary>
internal static class CellProcess
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    /// <param name="name">The pipe's.</param>
    /// <param name="open">Opens what runs the cells.</param>
    public static async Task RunAsync(string name, OpenSession open)
    {
        await using var pipe = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous);
        try
        {
            // The parent has been listening since before it started this process: where nobody listens, it is gone.
            await pipe.ConnectAsync(ConnectLimit, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            return;
        }
        using Stream raw = RawOutput();
        ICellSession session = open(Send, null);
        using var reader = new StreamReader(pipe, Encoding.UTF8);
        Task running = Task.CompletedTask;
        int cells = 0;
        while (await reader.ReadLineAsync() is { } line)
        {
            await running;
            running = Task.Run(async () =>
            {
                CellRequest request = JsonSerializer.Deserialize<CellRequest>(line)!;
                try
                {
                    await session.ExecuteAsync(request.Code, ++cells, CancellationToken.None);
                    await raw.WriteAsync(Encoding.UTF8.GetBytes(request.Mark));
                    await raw.FlushAsync();
                }
                catch (IOException)
                {
                    // A cell closed the standard output; nothing comes by it any more.
                }
                catch (Exception error)
                {
                    Send(CellError.Of(error, $"cell {cells}"));
                }
                finally
                {
                    Send(new EndOfCell());
                }
            });
        }
        Environment.Exit(0);

        void Send(Output message)
        {
            try
            {
                lock (pipe)
                    pipe.Write([.. JsonSerializer.SerializeToUtf8Bytes(message), (byte)'\n']);
            }
            catch (IOException)
            {
                Environment.Exit(1); // The parent is gone.
            }
        }
    }

    /// <summary>The standard output itself; that of <see cref="Console"/> takes a lock that a cell may hold.</summary>
    private static Stream RawOutput() =>
        OperatingSystem.IsWindows()
            ? Console.OpenStandardOutput()
            : new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
}

/// <summary>A cell to run.</summary>
/// <param name="Code">The cell.</param>
/// <param name="Mark">What is written to the standard output after it, to tell what comes before from what comes after.</param>
internal sealed record CellRequest(string Code, string Mark);
