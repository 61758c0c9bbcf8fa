using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace NotebookHost.Notebooks;

/// <summary>
/// A file independent of its name, and what its replacement must share with it.
/// </summary>
/// <param name="Key">The same for two names exactly if they are one file.</param>
/// <param name="Links">How many names of equal right it has; 1 where the system does not say.</param>
/// <param name="Owner">Its user, by number.</param>
/// <param name="Group">Its group, by number.</param>
internal sealed record FileIdentity(string Key, uint Links, uint Owner, uint Group)
{
    private const int CurrentFolder = -100;
    private const uint BasicStatus = 0x7ff;
    private const int StatusSize = 256;

    /// <summary>The file that a path leads to, through symbolic links; null where there is none.</summary>
    public static FileIdentity? Of(string path)
    {
        if (!File.Exists(path))
            return null;
        var status = new byte[StatusSize];
        // The layouts of Linux's statx and of Apple's stat are the same on every processor.
        if (OperatingSystem.IsLinux() && Statx(CurrentFolder, path, 0, BasicStatus, status) == 0)
            return new(KeyOf(status, 32, 136), UInt(status, 16), UInt(status, 20), UInt(status, 24));
        if (OperatingSystem.IsMacOS() && AppleStatus(path, status) == 0)
            return new(
                KeyOf(status, 8, 0),
                BinaryPrimitives.ReadUInt16LittleEndian(status.AsSpan(6)),
                UInt(status, 16),
                UInt(status, 20)
            );
        return new(Target(path).ToUpperInvariant(), 1, 0, 0);
    }

    /// <summary>Where a path leads through symbolic links, as a full path.</summary>
    public static string Target(string path)
    {
        string full = Path.GetFullPath(path);
        return new FileInfo(full).LinkTarget is null
            ? full
            : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
    }

    /// <summary>Gives a file to this file's user and group; false where that is not allowed.</summary>
    public bool GiveTo(string path) =>
        OperatingSystem.IsWindows()
        || Of(path) is not { } other
        || (other.Owner, other.Group) == (Owner, Group)
        || ChangeOwner(path, Owner, Group) == 0;

    private static string KeyOf(byte[] status, int file, int device) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{BinaryPrimitives.ReadUInt64LittleEndian(status.AsSpan(file))} on {BinaryPrimitives.ReadUInt64LittleEndian(status.AsSpan(device))}"
        );

    private static uint UInt(byte[] status, int at) => BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(at));

    private static int AppleStatus(string path, byte[] status) =>
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? StatOnIntel(path, status) : Stat(path, status);

    [DllImport("libc", EntryPoint = "statx", CharSet = CharSet.Ansi)]
    private static extern int Statx(int folder, string path, int flags, uint mask, [Out] byte[] status);

    [DllImport("libc", EntryPoint = "stat", CharSet = CharSet.Ansi)]
    private static extern int Stat(string path, [Out] byte[] status);

    [DllImport("libc", EntryPoint = "stat$INODE64", CharSet = CharSet.Ansi)]
    private static extern int StatOnIntel(string path, [Out] byte[] status);

    [DllImport("libc", EntryPoint = "chown", CharSet = CharSet.Ansi)]
    private static extern int ChangeOwner(string path, uint owner, uint group);
}
