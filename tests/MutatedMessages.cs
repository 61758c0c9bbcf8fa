using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace NotebookHost.Tests;

/// <summary>
/// Messages of the Jupyter protocol with something wrong in them, the same for the same seed: half of them are signed
/// with the key, so that the kernel has to read what they say.
/// </summary>
internal sealed class MutatedMessages(int seed)
{
    private static readonly string[] Values =
    [
        "null",
        "true",
        "-1",
        "1e999",
        "2147483648",
        "0.5",
        "\"\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\u0000\"",
        "[]",
        "{}",
        "[[[[[[[[]]]]]]]]",
        "{\"a\":1,\"a\":2}",
        "\"1\"",
        "\"execute_request\"",
        "\"" + new string('(', 60_000) + "\"",
        string.Concat(Enumerable.Repeat("[", 200)) + string.Concat(Enumerable.Repeat("]", 200)),
    ];

    private static readonly (string Type, string Content)[] Sound =
    [
        ("kernel_info_request", "{}"),
        (
            "execute_request",
            """{"code":"1","silent":true,"store_history":false,"user_expressions":{},"allow_stdin":true,"stop_on_error":true}"""
        ),
        ("complete_request", """{"code":"Cons","cursor_pos":4}"""),
        ("inspect_request", """{"code":"Math","cursor_pos":2,"detail_level":0}"""),
        ("is_complete_request", """{"code":"int x = (","indent":""}"""),
        (
            "history_request",
            """{"output":true,"raw":true,"hist_access_type":"range","session":0,"start":0,"stop":9,"n":3,"pattern":"*","unique":true}"""
        ),
        ("comm_open", """{"comm_id":"c","target_name":"t","data":{}}"""),
        ("comm_msg", """{"comm_id":"c","data":{}}"""),
        ("comm_info_request", """{"target_name":"t"}"""),
        ("input_reply", """{"value":"x","status":"ok"}"""),
        ("interrupt_request", "{}"),
        ("debug_request", """{"type":"request","command":"x"}"""),
    ];

    private readonly Random _random = new(seed);
    private int _sent;

    /// <summary>Sends so many, by all sockets in turn.</summary>
    public void Send(KernelClient kernel, int count)
    {
        for (int i = 0; i < count; i++)
            kernel.SendFrames((KernelSocket)_random.Next(3), Next());
    }

    private byte[][] Next()
    {
        (string type, string content) = Sound[_random.Next(Sound.Length)];
        // What is compiled takes milliseconds: one in a hundred is.
        if (type is "execute_request" or "complete_request" or "inspect_request" && _random.Next(15) > 0)
            (type, content) = Sound[0];
        string header = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"msg_id":"m{{_sent++}}","msg_type":"{{type}}","session":"s","username":"u","date":"2026","version":"5.3"}"""
        );
        string[] parts = [header, "{}", "{}", content];
        if (_random.Next(2) == 0)
        {
            int changed = _random.Next(3) == 0 ? 0 : 3;
            parts[changed] = Changed(parts[changed]);
            return KernelClient.Signed([.. parts.Select(Encoding.UTF8.GetBytes)]);
        }
        byte[][] frames = KernelClient.Signed([.. parts.Select(Encoding.UTF8.GetBytes)]);
        return _random.Next(4) switch
        {
            0 => [.. frames.Where(_ => _random.Next(4) > 0).DefaultIfEmpty([])],
            1 => [.. frames, .. frames],
            2 => [.. Enumerable.Range(0, _random.Next(1, 9)).Select(_ => Noise())],
            _ => Flipped(frames),
        };
    }

    /// <summary>A JSON object with another value in one of its fields, without it, or cut off.</summary>
    private string Changed(string json)
    {
        string[] names = [.. JsonNode.Parse(json)!.AsObject().Select(field => field.Key)];
        string value = Values[_random.Next(Values.Length)];
        if (names.Length == 0)
            return value;
        string name = names[_random.Next(names.Length)];
        string old = $"\"{name}\":{JsonNode.Parse(json)![name]!.ToJsonString()}";
        return _random.Next(6) switch
        {
            0 => json[.._random.Next(json.Length)],
            1 => value,
            2 => json.Replace(old, $"{old},{old}", StringComparison.Ordinal),
            _ => json.Replace(old, $"\"{name}\":{value}", StringComparison.Ordinal),
        };
    }

    private byte[] Noise()
    {
        byte[] noise = new byte[_random.Next(64)];
        _random.NextBytes(noise);
        return noise;
    }

    private byte[][] Flipped(byte[][] frames)
    {
        byte[] frame = frames[_random.Next(frames.Length)];
        if (frame.Length > 0)
            frame[_random.Next(frame.Length)] ^= (byte)(1 << _random.Next(8));
        return frames;
    }
}
