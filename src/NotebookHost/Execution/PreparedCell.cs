using System.Text;

namespace NotebookHost.Execution;

/// <summary>
/// A compiled cell of a page. What a page holds runs there before its compiler is loaded, as long as the cells before it ran
/// as they are stored, in their order, and nothing else did.
/// </summary>
/// <param name="Code">The cell.</param>
/// <param name="Name">The name under which it was compiled.</param>
/// <param name="Entry">The type and the method that run it; empty where there is nothing to run, as in a cell of only <c>using</c>.</param>
/// <param name="HasValue">Whether it ends in a value.</param>
/// <param name="Assembly">What it was compiled to.</param>
/// <param name="Symbols">The portable PDB of that.</param>
internal sealed record PreparedCell(
    string Code,
    string Name,
    (string Type, string Method) Entry,
    bool HasValue,
    byte[] Assembly,
    byte[] Symbols
)
{
    public bool Runs => Entry.Type.Length > 0;

    /// <summary>Cells as <see cref="Read"/> takes them.</summary>
    public static byte[] Written(IReadOnlyCollection<PreparedCell> cells)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(cells.Count);
        foreach (PreparedCell cell in cells)
        {
            foreach (string text in (string[])[cell.Code, cell.Name, cell.Entry.Type, cell.Entry.Method])
                writer.Write(text);
            writer.Write(cell.HasValue);
            foreach (byte[] bytes in (byte[][])[cell.Assembly, cell.Symbols])
            {
                writer.Write(bytes.Length);
                writer.Write(bytes);
            }
        }
        writer.Flush();
        return stream.ToArray();
    }

    public static IReadOnlyList<PreparedCell> Read(byte[] written)
    {
        using var reader = new BinaryReader(new MemoryStream(written), Encoding.UTF8);
        var cells = new PreparedCell[reader.ReadInt32()];
        for (int i = 0; i < cells.Length; i++)
            cells[i] = new PreparedCell(
                reader.ReadString(),
                reader.ReadString(),
                (reader.ReadString(), reader.ReadString()),
                reader.ReadBoolean(),
                reader.ReadBytes(reader.ReadInt32()),
                reader.ReadBytes(reader.ReadInt32())
            );
        return cells;
    }
}
