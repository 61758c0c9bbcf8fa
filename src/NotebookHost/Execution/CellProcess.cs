using System.Text;
using System.Text.Json;

namespace NotebookHost.Execution;

/// <summary>
/// The inside of a process that runs the cells of one notebook: a JSON string a cell comes in as a line, an
/// <see cref="Output"/> goes out as a line, up to an <see cref="EndOfCell"/>. It ends when the input ends, also in the
/// middle of a cell, so that it never outlives who started it.
/// </summary>
internal static class CellProcess
{
    public static async Task RunAsync()
    {
        using Stream input = Console.OpenStandardInput();
        using Stream output = Console.OpenStandardOutput();
        var session = new CSharpSession(Directory.GetCurrentDirectory(), Send);
        using var reader = new StreamReader(input, Encoding.UTF8);
        Task running = Task.CompletedTask;
        int cells = 0;
        while (await reader.ReadLineAsync() is { } line)
        {
            await running;
            running = Task.Run(async () =>
            {
                await session.ExecuteAsync(JsonSerializer.Deserialize<string>(line)!, ++cells);
                Send(new EndOfCell());
            });
        }
        Environment.Exit(0);

        void Send(Output message)
        {
            // The first end of line parts it from what native code wrote past the captured console.
            byte[] json = [(byte)'\n', .. JsonSerializer.SerializeToUtf8Bytes(message), (byte)'\n'];
            lock (output)
            {
                output.Write(json);
                output.Flush();
            }
        }
    }
}
