using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NetMQ;

namespace NotebookHost.Jupyter;

/// <summary>
/// A message of the Jupyter protocol, https://jupyter-client.readthedocs.io/en/stable/messaging.html.
/// </summary>
/// <param name="Identities">Whom it comes from or goes to, as ZeroMQ routes it.</param>
/// <param name="Header">msg_id, msg_type, session and more.</param>
/// <param name="Parent">The header of the message that it answers; empty where it answers none.</param>
/// <param name="Metadata">Fields that the protocol does not prescribe.</param>
/// <param name="Content">The fields of its type.</param>
internal sealed record Message(
    IReadOnlyList<byte[]> Identities,
    JsonObject Header,
    JsonObject Parent,
    JsonObject Metadata,
    JsonObject Content
)
{
    public string Type => Header["msg_type"]!.ToString();
}

/// <summary>Turns messages into signed frames and back; drops what is not signed with the key.</summary>
/// <param name="key">What front end and kernel sign with.</param>
/// <param name="log">Takes the reasons why messages were dropped.</param>
internal sealed partial class MessageFormat(string key, KernelLog? log = null)
{
    /// <summary>The protocol's version.</summary>
    public const string Version = "5.3";

    private const int Parts = 4;
    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 512,
    };

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);
    private readonly string _session = Guid.NewGuid().ToString();

    /// <summary>A new message in answer to another.</summary>
    public Message New(string type, JsonObject content, JsonObject parent, IReadOnlyList<byte[]> identities) =>
        new(
            identities,
            new JsonObject
            {
                ["msg_id"] = Guid.NewGuid().ToString(),
                ["msg_type"] = type,
                ["session"] = _session,
                ["username"] = "kernel",
                ["date"] = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture),
                ["version"] = Version,
            },
            parent,
            [],
            content
        );

    public NetMQMessage Write(Message message)
    {
        byte[][] parts =
        [
            .. new[] { message.Header, message.Parent, message.Metadata, message.Content }.Select(part =>
                JsonSerializer.SerializeToUtf8Bytes(part, Json)
            ),
        ];
        return new NetMQMessage([.. message.Identities, Delimiter, Signature(parts), .. parts]);
    }

    /// <summary>Reads frames; null, with the reason in the log, where they are not a message or its signature is wrong.</summary>
    public Message? Read(NetMQMessage frames)
    {
        byte[][] all = [.. frames.Select(frame => frame.ToByteArray())];
        int delimiter = Array.FindIndex(all, frame => frame.AsSpan().SequenceEqual(Delimiter));
        if (delimiter < 0 || all.Length < delimiter + 2 + Parts)
            return Dropped("it has too few parts");
        byte[][] parts = all[(delimiter + 2)..(delimiter + 2 + Parts)];
        if (!CryptographicOperations.FixedTimeEquals(all[delimiter + 1], Signature(parts)))
            return Dropped("it is not signed with the key");
        try
        {
            JsonObject[] read = [.. parts.Select(part => JsonNode.Parse(Whole(part), null, Strict)!.AsObject())];
            foreach (JsonObject part in read)
                part.ToJsonString(Json); // What cannot be written shows here, and not in the answer.
            return IsText(read[0]["msg_type"]) && IsText(read[0]["msg_id"])
                ? new Message(all[..delimiter], read[0], read[1], read[2], read[3])
                : Dropped("its header has no msg_type or no msg_id");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NullReferenceException)
        {
            return Dropped(error.Message);
        }
    }

    private Message? Dropped(string reason)
    {
        log?.Write($"A message was dropped: {reason}.");
        return null;
    }

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    /// <summary>
    /// Half a surrogate pair, which JSON can write and .NET cannot read, becomes the replacement character.
    /// </summary>
    private static string Whole(byte[] json)
    {
        string text = Encoding.UTF8.GetString(json);
        return text.Contains("\\u", StringComparison.Ordinal) ? LoneSurrogate().Replace(text, "$1\\ufffd") : text;
    }

    private byte[] Signature(byte[][] parts)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        foreach (byte[] part in parts)
            hash.AppendData(part);
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>A high half without its low one, or a low half without its high one, after an even number of backslashes.</summary>
    [GeneratedRegex(
        @"(?<!\\)((?:\\\\)*)(?:\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F][0-9a-fA-F]{2})|"
            + @"(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    )]
    private static partial Regex LoneSurrogate();
}
