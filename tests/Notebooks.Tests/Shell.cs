using System.Diagnostics;

namespace Notebooks.Tests;

/// <summary>Other programs, run at the root.</summary>
internal static class Shell
{
    private static string[] Path =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator);

    /// <summary>Where a command is, or null.</summary>
    public static string? Find(string command) =>
        Path.Select(folder => System.IO.Path.Combine(folder, command)).FirstOrDefault(File.Exists);

    /// <summary>Skips the test where there is no such command.</summary>
    public static void NeedsCommand(string command) =>
        Skip.If(Find(command) is null, $"There is no {command} on the PATH.");

    /// <summary>Skips the test where apt does not know which packages there are.</summary>
    public static void NeedsPackageLists()
    {
        const string Lists = "/var/lib/apt/lists";
        NeedsCommand("apt-get");
        Skip.IfNot(
            Directory.Exists(Lists) && Directory.EnumerateFiles(Lists, "*_Packages*").Any(),
            "apt has no lists of packages here."
        );
    }

    /// <summary>Returns the exit code and all that it wrote, errors last.</summary>
    public static (int Code, string Output) Run(
        string command,
        string[] arguments,
        params (string Name, string Value)[] environment
    )
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = Course.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
