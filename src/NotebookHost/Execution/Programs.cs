using System.Runtime.InteropServices;

namespace NotebookHost.Execution;

/// <summary>Finds programs: on the PATH, and browsers also where their installers put them.</summary>
/// <param name="system">Whose customs count.</param>
/// <param name="variable">A variable of the environment; null where it is not set.</param>
/// <param name="exists">Whether there is a file.</param>
internal sealed class Programs(OSPlatform system, Func<string, string?> variable, Func<string, bool> exists)
{
    private static readonly string[] BrowserNames =
    [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "chrome",
        "msedge",
        "microsoft-edge",
    ];

    private readonly char _separator = system == OSPlatform.Windows ? '\\' : '/';

    /// <summary>The programs of this machine.</summary>
    public static Programs Here { get; } =
        new(
            OperatingSystem.IsWindows() ? OSPlatform.Windows
                : OperatingSystem.IsMacOS() ? OSPlatform.OSX
                : OSPlatform.Linux,
            Environment.GetEnvironmentVariable,
            File.Exists
        );

    /// <summary>The <c>dotnet</c> command that runs this program.</summary>
    public static string DotNet { get; } =
        Path.GetFullPath(
            Path.Combine(
                RuntimeEnvironment.GetRuntimeDirectory(),
                "../../..",
                OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"
            )
        );

    /// <summary>A browser of the Chromium family; null where there is none.</summary>
    public string? Browser => Find(BrowserNames) ?? InstalledBrowsers().FirstOrDefault(exists);

    /// <summary>The first program with one of these names on the PATH; null where there is none.</summary>
    public string? Find(params string[] names) =>
        (
            from folder in (variable("PATH") ?? "").Split(system == OSPlatform.Windows ? ';' : ':')
            where folder.Length > 0
            from name in names
            from ending in system == OSPlatform.Windows ? new[] { ".exe", ".cmd" } : [""]
            select Combine(folder, name + ending)
        ).FirstOrDefault(exists);

    private IEnumerable<string> InstalledBrowsers()
    {
        (string?[] folders, string[] files) =
            system == OSPlatform.Windows
                ? (
                    [variable("ProgramFiles"), variable("ProgramFiles(x86)"), variable("LocalAppData")],
                    [
                        @"Google\Chrome\Application\chrome.exe",
                        @"Chromium\Application\chrome.exe",
                        @"Microsoft\Edge\Application\msedge.exe",
                    ]
                )
            : system == OSPlatform.OSX
                ? (
                    ["/Applications", variable("HOME") is { } home ? Combine(home, "Applications") : null],
                    [
                        "Google Chrome.app/Contents/MacOS/Google Chrome",
                        "Chromium.app/Contents/MacOS/Chromium",
                        "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
                    ]
                )
            : (new string?[0], new string[0]);
        return from file in files from folder in folders.OfType<string>() select Combine(folder, file);
    }

    private string Combine(string folder, string file) => folder.TrimEnd(_separator) + _separator + file;
}
