using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using NotebookHost.Execution;

namespace NotebookHost.Grading;

/// <summary>
/// Keeps the process of a submission from the network and from files outside its folder, with what Linux gives without
/// the rights of root: a namespace without a network, and Landlock. Where a system has none of it, the process runs without.
/// </summary>
/// <param name="Network">Whether the network is out of reach.</param>
/// <param name="Files">Whether files outside the folder can only be read.</param>
internal sealed partial record Confinement(bool Network, bool Files)
{
    /// <summary>The hidden verb that confines its process and then becomes the program that grades.</summary>
    public const string Verb = "confine";

    private static readonly string Host = typeof(Confinement).Assembly.Location;

    /// <summary>What can be done here.</summary>
    public static async Task<Confinement> FindAsync(CancellationToken cancellation) =>
        OperatingSystem.IsLinux()
            ? new(await HasNamespaceAsync(cancellation), Landlock.Version() > 0)
            : new(false, false);

    /// <summary>What it comes to, in one sentence.</summary>
    public override string ToString() =>
        (Network, Files) switch
        {
            (true, true) =>
                "Each notebook ran in a process of its own, without a network, and could write into an empty folder of its own only.",
            (true, false) =>
                "Each notebook ran in a process of its own, without a network; this system cannot keep it from writing files, which its code is not allowed to do.",
            (false, true) =>
                "Each notebook ran in a process of its own that could write into an empty folder of its own only; this system cannot keep it from the network, which its code is not allowed to use.",
            _ =>
                "Each notebook ran in a process of its own; this system cannot keep it from the network and from writing files, which its code is not allowed to do.",
        };

    /// <summary>How the program that grades is started.</summary>
    public ChildStart Start(string folder, params string[] arguments)
    {
        string[] command = Files
            ? [Programs.DotNet, Host, Verb, folder, .. arguments]
            : [Programs.DotNet, Host, .. arguments];
        return Network
            ? new ChildStart(Programs.Here.Find("unshare")!, ["--user", "--map-root-user", "--net", "--", .. command])
            : new ChildStart(command[0], command[1..]);
    }

    /// <summary>Confines this process to a folder, as far as it goes, and becomes the program with other arguments.</summary>
    [SupportedOSPlatform("linux")]
    public static int Become(string folder, string[] arguments)
    {
        Landlock.Confine(folder);
        string?[] command = [Programs.DotNet, Host, .. arguments, null];
        execv(Programs.DotNet, command);
        Console.Error.WriteLine(
            $"{Programs.DotNet} could not be started again: error {Marshal.GetLastPInvokeError()}."
        );
        return 1;
    }

    private static async Task<bool> HasNamespaceAsync(CancellationToken cancellation)
    {
        if (Programs.Here.Find("unshare") is not { } program)
            return false;
        try
        {
            ProcessResult probe = await ChildProcess.RunAsync(
                new ChildStart(program, "--user", "--map-root-user", "--net", "--", "true"),
                cancellation
            );
            return probe.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int execv(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path,
        [MarshalAs(UnmanagedType.LPArray, ArraySubType = UnmanagedType.LPStr)] string?[] arguments
    );

    /// <summary>The part of Linux that lets a process give up rights; see landlock(7).</summary>
    private static class Landlock
    {
        private const int CreateRuleset = 444;
        private const int AddRule = 445;
        private const int RestrictSelf = 446;
        private const int PathBeneath = 1;
        private const uint GetVersion = 1;
        private const int NoNewPrivileges = 38;
        private const int OpenPath = 0x200000 | 0x80000;

        /// <summary>Writing, removing and making of all kinds; moving since version 2, cutting since 3.</summary>
        private const ulong WriteFile = 1 << 1;
        private const ulong Writing = WriteFile | 0x1ff0;
        private const ulong Moving = 1 << 13;
        private const ulong Cutting = 1 << 14;

        /// <summary>0 where there is none.</summary>
        public static long Version() => syscall(CreateRuleset, 0, 0, GetVersion);

        public static void Confine(string folder)
        {
            long version = Version();
            ulong rights = Writing | (version >= 2 ? Moving : 0) | (version >= 3 ? Cutting : 0);
            // The rights on files; on the network since version 4; on signals and sockets without a file since version 6.
            ulong[] handled = [rights, 3, 3];
            int size =
                8
                * (
                    version >= 6 ? 3
                    : version >= 4 ? 2
                    : 1
                );
            var memory = GCHandle.Alloc(handled, GCHandleType.Pinned);
            try
            {
                long rules = syscall(CreateRuleset, memory.AddrOfPinnedObject(), size, 0);
                if (rules < 0)
                    return;
                Allow(rules, folder, rights);
                Allow(rules, "/dev/null", WriteFile);
                if (prctl(NoNewPrivileges, 1, 0, 0, 0) == 0)
                    syscall(RestrictSelf, (nint)rules, 0, 0);
            }
            finally
            {
                memory.Free();
            }
        }

        private static void Allow(long rules, string path, ulong rights)
        {
            int file = open(path, OpenPath);
            if (file < 0)
                return;
            byte[] rule = [.. BitConverter.GetBytes(rights), .. BitConverter.GetBytes(file)];
            var memory = GCHandle.Alloc(rule, GCHandleType.Pinned);
            syscall(AddRule, (nint)rules, PathBeneath, (ulong)memory.AddrOfPinnedObject(), 0);
            memory.Free();
        }

        [DllImport("libc", SetLastError = true)]
        private static extern long syscall(long number, nint first, nint second, ulong third);

        [DllImport("libc", SetLastError = true)]
        private static extern long syscall(long number, nint first, nint second, ulong third, ulong fourth);

        [DllImport("libc", SetLastError = true)]
        private static extern int prctl(int option, ulong first, ulong second, ulong third, ulong fourth);

        [DllImport("libc", SetLastError = true)]
        private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
    }
}
