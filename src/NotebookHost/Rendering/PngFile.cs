using System.Buffers.Binary;
using System.IO.Compression;

namespace NotebookHost.Rendering;

/// <summary>PNG files, W3C, "Portable Network Graphics Specification", third edition, 2025.</summary>
internal static class PngFile
{
    private const int SignatureLength = 8;

    /// <summary>What a chunk has beside its data: length, type, check sum.</summary>
    private const int ChunkFrame = 12;

    private static ReadOnlySpan<byte> Pixels => "IDAT"u8;

    /// <summary>The same picture, packed as small as zlib can: browsers pack for speed, a tenth larger.</summary>
    /// <param name="base64">A PNG file.</param>
    public static string Packed(string base64)
    {
        byte[] file = Convert.FromBase64String(base64);
        using var packed = new MemoryStream();
        using var pixels = new MemoryStream();
        packed.Write(file, 0, SignatureLength);
        for (int at = SignatureLength; at < file.Length; )
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            ReadOnlySpan<byte> chunk = file.AsSpan(at, length + ChunkFrame);
            if (chunk[4..8].SequenceEqual(Pixels))
                pixels.Write(chunk[8..^4]);
            else
            {
                WriteRepacked();
                packed.Write(chunk);
            }
            at += chunk.Length;
        }
        return Convert.ToBase64String(packed.GetBuffer(), 0, (int)packed.Length);

        void WriteRepacked()
        {
            if (pixels.Length == 0)
                return;
            pixels.Position = 0;
            using var chunk = new MemoryStream();
            chunk.Write(Pixels);
            using (var unpacked = new ZLibStream(pixels, CompressionMode.Decompress, leaveOpen: true))
            using (var smallest = new ZLibStream(chunk, CompressionLevel.SmallestSize, leaveOpen: true))
                unpacked.CopyTo(smallest);
            ReadOnlySpan<byte> content = chunk.GetBuffer().AsSpan(0, (int)chunk.Length);
            Span<byte> number = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(number, content.Length - Pixels.Length);
            packed.Write(number);
            packed.Write(content);
            BinaryPrimitives.WriteUInt32BigEndian(number, CheckSum(content));
            packed.Write(number);
            pixels.SetLength(0);
        }
    }

    /// <summary>The CRC of a chunk's type and data, as annex D of the specification has it.</summary>
    private static uint CheckSum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte next in bytes)
        {
            sum ^= next;
            for (int bit = 0; bit < 8; bit++)
                sum = (sum & 1) != 0 ? 0xEDB88320 ^ (sum >> 1) : sum >> 1;
        }
        return ~sum;
    }
}
