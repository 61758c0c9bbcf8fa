using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace NotebookHost.Notebooks;

/// <summary>
/// Writes files so that nothing is lost. A file is written whole under a name of our own beside its place and then takes
/// that place in one move; a symbolic link leads to the new file, which has the mode and the owner of the old one.
/// <para>
/// A file with several names, or one whose owner this process cannot give to another, has to be written where it is.
/// That is no single step, so its old and its new bytes are first stored beside it: where the process is killed in the
/// middle, <see cref="Clean"/> finishes the write, unless somebody else has written the file since.
/// </para>
/// </summary>
internal static partial class SafeFile
{
    private const int LongestName = 60;

    /// <summary>Writes a file, or replaces one.</summary>
    public static void Write(string path, byte[] bytes) => Replace(path, bytes, null);

    /// <summary>Replaces a file whose SHA-256 is as expected; false where it is another, which stays as it is.</summary>
    public static bool Replace(string path, byte[] bytes, byte[]? expected)
    {
        string target = FileIdentity.Target(path);
        FileIdentity? old = FileIdentity.Of(target);
        // A move would replace even a read-only file.
        if (old is not null)
            File.OpenHandle(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
        (FileStream whole, string name) = Create(target);
        using (whole)
            try
            {
                whole.Write(bytes);
                whole.Flush(flushToDisk: true);
                bool moves = old is null || (old.Links == 1 && old.GiveTo(name));
                if (moves && old is not null && !OperatingSystem.IsWindows())
                    File.SetUnixFileMode(name, File.GetUnixFileMode(target));
                if (
                    expected is not null
                    && !(File.Exists(target) && SHA256.HashData(File.ReadAllBytes(target)).SequenceEqual(expected))
                )
                    return false;
                if (moves)
                    File.Move(name, target, overwrite: true);
                else
                    WriteInPlace(target, bytes);
                return true;
            }
            finally
            {
                File.Delete(name);
            }
    }

    /// <summary>Writes a file under a free name beside another: x.executed.ipynb beside x.ipynb. Returns the name.</summary>
    public static string WriteBeside(string path, byte[] bytes)
    {
        for (int count = 1; ; count++)
        {
            string beside = Path.ChangeExtension(
                path,
                $".executed{(count == 1 ? "" : $"-{count}")}{Path.GetExtension(path)}"
            );
            if (Path.Exists(beside))
                continue;
            (FileStream whole, string name) = Create(Path.GetFullPath(beside));
            using (whole)
                try
                {
                    whole.Write(bytes);
                    whole.Flush(flushToDisk: true);
                    File.Move(name, beside);
                    return beside;
                }
                catch (IOException) when (Path.Exists(beside))
                {
                    // The name is taken: try the next.
                }
                finally
                {
                    File.Delete(name);
                }
        }
    }

    /// <summary>Removes from a folder what killed processes left in it, and finishes what they wrote in place.</summary>
    public static void Clean(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (
            string file in Directory
                .EnumerateFiles(folder, ".*.notebookhost")
                .Where(file => Ours().IsMatch(Path.GetFileName(file)))
        )
            try
            {
                // The writer holds the file open and locked; the lock ends with its process.
                using var left = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                if (file.EndsWith(".journal.notebookhost", StringComparison.Ordinal))
                    Finish(left, folder);
                File.Delete(file);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // A live process is writing it, or it may not be removed.
            }
    }

    /// <summary>A new file beside another, under a name that nobody can guess.</summary>
    private static (FileStream File, string Name) Create(string target, string kind = "")
    {
        string name = Path.GetFileName(target);
        string start = name.Length > LongestName ? name[..LongestName] : name;
        while (true)
        {
            string path = Path.Combine(
                Path.GetDirectoryName(target)!,
                $".{start}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}{kind}.notebookhost"
            );
            try
            {
                return (new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete), path);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another process cleaned the folder between the file's creation and its lock; it removes the file.
            }
        }
    }

    private static void WriteInPlace(string target, byte[] bytes)
    {
        byte[] name = Encoding.UTF8.GetBytes(Path.GetFileName(target));
        byte[] old = File.ReadAllBytes(target);
        (FileStream unfinished, string path) = Create(target);
        string journal = path.Replace(".notebookhost", ".journal.notebookhost", StringComparison.Ordinal);
        using (unfinished)
            try
            {
                foreach (byte[] part in new[] { name, old, bytes })
                    WritePart(unfinished, part);
                unfinished.Flush(flushToDisk: true);
                File.Move(path, journal);
                Overwrite(target, bytes);
            }
            finally
            {
                File.Delete(path);
                File.Delete(journal);
            }
    }

    private static void Overwrite(string target, byte[] bytes)
    {
        using var file = new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Write(bytes);
        file.SetLength(bytes.Length);
        file.Flush(flushToDisk: true);
    }

    private static void Finish(FileStream journal, string folder)
    {
        string name = Encoding.UTF8.GetString(ReadPart(journal));
        string target = Path.Combine(folder, name);
        // A journal may have come with the folder: it names a notebook beside it and nothing else.
        if (
            Path.GetFileName(name) != name
            || !name.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase)
            || new FileInfo(target).LinkTarget is not null
        )
            return;
        (byte[] old, byte[] bytes) = (ReadPart(journal), ReadPart(journal));
        if (File.Exists(target) && IsBetween(File.ReadAllBytes(target), old, bytes))
            Overwrite(target, bytes);
    }

    /// <summary>Whether a file is what an interrupted write leaves: the new bytes up to some place, then the old ones.</summary>
    private static bool IsBetween(ReadOnlySpan<byte> current, ReadOnlySpan<byte> old, ReadOnlySpan<byte> bytes)
    {
        int written = current.CommonPrefixLength(bytes);
        return !current.SequenceEqual(old)
            && current[written..].SequenceEqual(written < old.Length ? old[written..] : []);
    }

    private static void WritePart(FileStream file, byte[] part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
        file.Write(length);
        file.Write(part);
    }

    private static byte[] ReadPart(FileStream file)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        file.ReadExactly(length);
        int size = BinaryPrimitives.ReadInt32LittleEndian(length);
        if (size < 0 || size > file.Length - file.Position)
            throw new EndOfStreamException();
        var part = new byte[size];
        file.ReadExactly(part);
        return part;
    }

    [GeneratedRegex(@"^\..+\.[0-9a-f]{16}(\.journal)?\.notebookhost$", RegexOptions.Singleline)]
    private static partial Regex Ours();
}
