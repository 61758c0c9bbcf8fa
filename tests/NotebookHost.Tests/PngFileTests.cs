using NotebookHost.Rendering;

namespace NotebookHost.Tests;

/// <summary>Pictures of figures, packed anew.</summary>
public sealed class PngFileTests
{
    /// <summary>16 x 16 points of one colour, not compressed, and with check sums that nobody reads.</summary>
    private static string Loose()
    {
        byte[] rows = new byte[16 * 17];
        using var file = new MemoryStream();
        file.Write([137, 80, 78, 71, 13, 10, 26, 10]);
        Chunk("IHDR", [0, 0, 0, 16, 0, 0, 0, 16, 8, 0, 0, 0, 0]);
        using var packed = new MemoryStream();
        using (
            var stream = new System.IO.Compression.ZLibStream(
                packed,
                System.IO.Compression.CompressionLevel.NoCompression,
                leaveOpen: true
            )
        )
            stream.Write(rows);
        Chunk("IDAT", packed.ToArray());
        Chunk("IEND", []);
        return Convert.ToBase64String(file.ToArray());

        void Chunk(string type, byte[] data)
        {
            file.Write([
                (byte)(data.Length >> 24),
                (byte)(data.Length >> 16),
                (byte)(data.Length >> 8),
                (byte)data.Length,
            ]);
            file.Write(System.Text.Encoding.ASCII.GetBytes(type));
            file.Write(data);
            file.Write([0, 0, 0, 0]);
        }
    }

    [Fact]
    public void ThePointsStayAndTheFileShrinks()
    {
        byte[] loose = Convert.FromBase64String(Loose());
        byte[] packed = Convert.FromBase64String(PngFile.Packed(Loose()));
        Assert.True(packed.Length < loose.Length / 2, $"{packed.Length} of {loose.Length} bytes");
        Assert.Equal(loose[..33], packed[..33]);
        int length = packed[33] << 24 | packed[34] << 16 | packed[35] << 8 | packed[36];
        Assert.Equal("IDAT"u8.ToArray(), packed[37..41]);
        using var unpacked = new MemoryStream();
        using (
            var stream = new System.IO.Compression.ZLibStream(
                new MemoryStream(packed, 41, length),
                System.IO.Compression.CompressionMode.Decompress
            )
        )
            stream.CopyTo(unpacked);
        Assert.Equal(new byte[16 * 17], unpacked.ToArray());
    }

    [Fact]
    public void APackedFileIsPackedAgainToItself()
    {
        string packed = PngFile.Packed(Loose());
        Assert.Equal(packed, PngFile.Packed(packed));
    }
}
