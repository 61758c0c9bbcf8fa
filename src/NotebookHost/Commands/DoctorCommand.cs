using System.CommandLine;
using System.ComponentModel;
using System.Text.Json.Nodes;
using NotebookHost.Execution;
using NotebookHost.Jupyter;
using Spectre.Console;

namespace NotebookHost.Commands;

/// <summary>The verb <c>doctor</c>.</summary>
internal static class DoctorCommand
{
    private const string CodeExtensions = "C# Dev Kit, Jupyter";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Command Create()
    {
        var command = new Command(
            "doctor",
            "Lists what this machine has for C# notebooks, and what to do where something is missing. Exit code 0 when the "
                + "notebooks can be run."
        );
        command.SetAction((_, cancellation) => RunAsync(cancellation));
        return command;
    }

    /// <summary>Prints a line for each thing looked for; returns the exit code.</summary>
    private static async Task<int> RunAsync(CancellationToken cancellation)
    {
        string? course = Course();
        Finding[] findings = await Task.WhenAll([
            Sdk(cancellation),
            .. course is null ? Array.Empty<Task<Finding>>() : [Task.FromResult(Library(course))],
            Task.FromResult(Browser()),
            Jupyter(cancellation),
            Kernel(course, cancellation),
            Interactive(cancellation),
            Code(cancellation),
            .. course is null ? Array.Empty<Task<Finding>>() : [Devcontainer(cancellation)],
        ]);
        foreach (Finding finding in findings)
        {
            string mark =
                finding.IsThere ? "[green]✓[/]"
                : finding.IsNeeded ? "[red]✗[/]"
                : "[yellow]–[/]";
            AnsiConsole.Markup(mark);
            Console.WriteLine($" {finding.Name, -18} {finding.What}");
            if (finding.Advice is { } advice)
                Console.WriteLine($"  {"", -18} {advice}");
        }
        return findings.Any(finding => finding.IsNeeded && !finding.IsThere) ? 1 : 0;
    }

    private static async Task<Finding> Sdk(CancellationToken cancellation)
    {
        string? version = await OutputAsync(Programs.DotNet, ["--version"], cancellation);
        return new(
            ".NET SDK",
            version,
            "not found",
            "Install the .NET 10 SDK: https://dotnet.microsoft.com/download",
            true
        );
    }

    private static Finding Library(string course)
    {
        string built = Path.Combine(course, "src/NotebookSupport/bin/NotebookSupport.dll");
        return new(
            "library",
            File.Exists(built) ? built : null,
            "not built",
            "Build it: dotnet build -c Release",
            true
        );
    }

    private static Finding Browser() =>
        new(
            "browser",
            Programs.Here.Browser,
            "no Chromium, Chrome or Edge was found",
            "Without one, notebooks that are run here hold no pictures of their figures."
        );

    private static async Task<Finding> Jupyter(CancellationToken cancellation)
    {
        string? version =
            await OutputAsync("jupyter", ["lab", "--version"], cancellation) is { } lab ? $"JupyterLab {lab}"
            : await OutputAsync("jupyter", ["notebook", "--version"], cancellation) is { } notebook
                ? $"Notebook {notebook}"
            : null;
        return new(
            "Jupyter",
            version,
            "not found",
            "To open notebooks in a browser, install it: pip install notebook, or apt install jupyter-notebook"
        );
    }

    private static async Task<Finding> Kernel(string? course, CancellationToken cancellation)
    {
        string install =
            (course is null ? "notebook-host" : "dotnet run -c Release --project src/NotebookHost --")
            + " kernel install";
        string? listed = await OutputAsync("jupyter", ["kernelspec", "list", "--json"], cancellation);
        JsonObject specs = listed is null ? [] : JsonNode.Parse(listed)!["kernelspecs"]!.AsObject();
        string[] ours =
        [
            .. specs.Where(spec => KernelSpec.IsOurs(spec.Value!["resource_dir"]!.ToString())).Select(spec => spec.Key),
        ];
        string Program(string name) => specs[name]!["spec"]!["argv"]![1]!.ToString();
        string? moved = ours.FirstOrDefault(name => !File.Exists(Program(name)));
        string? foreign = ours.FirstOrDefault(name => Program(name) != typeof(KernelSpec).Assembly.Location);
        (string? found, string missing, string remedy) =
            moved is not null ? (null, $"{moved} points to a program that is gone", $"Install it again: {install}")
            : foreign is not null
                ? (
                    null,
                    $"{foreign} is another build: {Program(foreign)}",
                    $"To run notebooks on this one, install it again: {install}"
                )
            : (
                ours.Length == 0 ? null : string.Join(", ", ours),
                "not installed",
                $"To run notebooks in Jupyter on this kernel: {install}"
            );
        return new("kernel", found, missing, remedy);
    }

    private static async Task<Finding> Interactive(CancellationToken cancellation) =>
        new(
            ".NET Interactive",
            await OutputAsync("dotnet-interactive", ["--version"], cancellation),
            "not found",
            "Archived and not needed; the notebooks run on it too, where it is there."
        );

    private static async Task<Finding> Code(CancellationToken cancellation)
    {
        string? version = (await OutputAsync("code", ["--version"], cancellation))?.Split('\n')[0];
        string[] extensions = (await OutputAsync("code", ["--list-extensions"], cancellation) ?? "").Split('\n');
        string[] missing =
        [
            .. new[] { "ms-dotnettools.csdevkit", "ms-toolsai.jupyter" }.Where(id =>
                !extensions.Contains(id, StringComparer.OrdinalIgnoreCase)
            ),
        ];
        bool isPartial = version is not null && missing.Length > 0;
        return new(
            "VS Code",
            isPartial ? null : version,
            isPartial ? $"{version}, without {string.Join(", ", missing)}" : "not found",
            isPartial
                ? $"Install the extensions {CodeExtensions}."
                : $"To open notebooks in it, install it with the extensions {CodeExtensions}."
        );
    }

    private static async Task<Finding> Devcontainer(CancellationToken cancellation)
    {
        bool isInside =
            Environment.GetEnvironmentVariable("REMOTE_CONTAINERS") is not null
            || Environment.GetEnvironmentVariable("CODESPACES") is not null;
        string? docker = await OutputAsync("docker", ["version", "--format", "{{.Server.Version}}"], cancellation);
        return new(
            "devcontainer",
            isInside ? "this is one"
                : docker is { } version ? $"Docker {version}"
                : null,
            "no Docker engine answers",
            "To open the course in a container, start Docker, or use Codespaces."
        );
    }

    /// <summary>The folder of the solution that this program was built from; null for the tool and where it was moved.</summary>
    private static string? Course()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "NotebookSupport.sln")))
                return at.FullName;
        return null;
    }

    /// <summary>What a program prints; null where it is missing, fails or does not end.</summary>
    private static async Task<string?> OutputAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        if ((Path.IsPathRooted(program) ? program : Programs.Here.Find(program)) is not { } file)
            return null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            ProcessResult ended = await ChildProcess.RunAsync(new ChildStart(file, arguments), limit.Token);
            return ended.ExitCode == 0 && ended.Output.Trim() is { Length: > 0 } text ? text : null;
        }
        catch (Exception error)
            when (error is Win32Exception
                || (error is OperationCanceledException && !cancellation.IsCancellationRequested)
            )
        {
            return null;
        }
    }

    /// <param name="Name">What was looked for.</param>
    /// <param name="Found">What is there; null where it is missing.</param>
    /// <param name="Missing">What is said where it is missing.</param>
    /// <param name="Remedy">What to do then.</param>
    /// <param name="IsNeeded">Whether nothing works without it.</param>
    private sealed record Finding(string Name, string? Found, string Missing, string Remedy, bool IsNeeded = false)
    {
        public bool IsThere => Found is not null;

        public string What => Found ?? Missing;

        public string? Advice => IsThere ? null : Remedy;
    }
}
