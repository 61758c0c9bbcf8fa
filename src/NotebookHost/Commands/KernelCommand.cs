using System.CommandLine;
using System.Runtime.InteropServices;
using NotebookHost.Execution;
using NotebookHost.Jupyter;
using NotebookHost.Notebooks;

namespace NotebookHost.Commands;

/// <summary>The verb <c>kernel</c>.</summary>
internal static class KernelCommand
{
    /// <summary>The verb below it that runs the kernel.</summary>
    public const string Start = "start";

    public static Command Create() =>
        new(
            "kernel",
            "Installs, removes or runs this program as a Jupyter kernel, so that any front end can run the notebooks."
        )
        {
            CreateInstall(),
            CreateUninstall(),
            CreateStart(),
        };

    private static Command CreateInstall()
    {
        var user = new Option<bool>("--user") { Description = "Install for this user alone; the default." };
        Option<string?> prefix = Prefix();
        Option<string?> name = Name(
            $"Default {KernelSpec.Name}, and also {KernelSpec.InteractiveName}, the kernel that the course's notebooks ask for, "
                + "where no other kernel has that name."
        );
        var force = new Option<bool>("--force") { Description = "Replace another kernel that has the name." };
        var command = new Command(
            "install",
            "Makes this kernel known to Jupyter, and prints the folders that were written."
        )
        {
            user,
            prefix,
            name,
            force,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(user) && result.GetValue(prefix) is not null)
                result.AddError("--user and --prefix were both given; expected one of them.");
        });
        command.SetAction(
            (parsed, _) =>
                Try(() => Install(Folder(parsed.GetValue(prefix)), parsed.GetValue(name), parsed.GetValue(force)))
        );
        return command;
    }

    private static Command CreateUninstall()
    {
        var user = new Option<bool>("--user") { Description = "Look among the kernels of this user; the default." };
        Option<string?> prefix = Prefix();
        Option<string?> name = Name("Default every name under which this kernel was installed.");
        var command = new Command("uninstall", "Removes this kernel from Jupyter, and no other kernel.")
        {
            user,
            prefix,
            name,
        };
        command.SetAction((parsed, _) => Try(() => Uninstall(Folder(parsed.GetValue(prefix)), parsed.GetValue(name))));
        return command;
    }

    private static Command CreateStart()
    {
        var file = new Argument<string>("connection-file")
        {
            Description = "A file that the front end writes, with the ports and the key to use.",
        };
        var command = new Command(Start, "Runs the kernel. A front end calls this.") { file };
        command.SetAction(
            (parsed, _) => TryAsync(() => StartAsync(ConnectionFile.Read(parsed.GetRequiredValue(file))))
        );
        return command;
    }

    private static void Install(string kernels, string? name, bool replaces)
    {
        string[] names =
            name is not null ? [name]
            : KernelSpec.IsFree(Path.Combine(kernels, KernelSpec.InteractiveName)) || replaces
                ? [KernelSpec.Name, KernelSpec.InteractiveName]
            : [KernelSpec.Name];
        foreach (string each in names)
        {
            KernelSpec.Install(kernels, each, replaces);
            Console.WriteLine($"Installed {Path.Combine(kernels, each)}");
        }
        if (name is null && names.Length == 1)
            Console.WriteLine(
                $"{KernelSpec.InteractiveName} is another kernel and stays; in a notebook of the course choose the kernel "
                    + $"\"C# (NotebookSupport)\" to run on this one, or install with --force."
            );
    }

    private static void Uninstall(string kernels, string? name)
    {
        string[] folders =
        [
            .. (Directory.Exists(kernels) ? Directory.EnumerateDirectories(kernels) : []).Where(folder =>
                (name is null || Path.GetFileName(folder) == name) && KernelSpec.IsOurs(folder)
            ),
        ];
        if (folders.Length == 0)
            throw new NotebookException(
                name is null
                    ? $"{kernels} does not hold this kernel; there is nothing to remove."
                    : $"{Path.Combine(kernels, name)} is not this kernel; there is nothing to remove."
            );
        foreach (string folder in folders.Order(StringComparer.Ordinal))
        {
            Directory.Delete(folder, recursive: true);
            Console.WriteLine($"Removed {folder}");
        }
    }

    private static async Task StartAsync(ConnectionFile connection)
    {
        // The session takes over the console; what the kernel says of itself goes to the server's log.
        var log = new KernelLog(Console.OpenStandardError());
        using var kernel = new JupyterKernel(connection, CSharpSession.Here, log);
        using var interrupt = PosixSignalRegistration.Create(
            PosixSignal.SIGINT,
            context =>
            {
                context.Cancel = true;
                kernel.Interrupt();
            }
        );
        using var terminate = PosixSignalRegistration.Create(
            PosixSignal.SIGTERM,
            context =>
            {
                context.Cancel = true;
                kernel.End();
            }
        );
        _ = Parent.WaitForEndAsync().ContinueWith(_ => kernel.End(), TaskScheduler.Default);
        await kernel.RunAsync();
        kernel.Dispose();
        Sockets.Flush();
        // A cell may have left threads behind that would keep the process.
        Environment.Exit(0);
    }

    private static string Folder(string? prefix) =>
        prefix is null ? KernelSpec.UserFolder : KernelSpec.PrefixFolder(prefix);

    private static Option<string?> Prefix() =>
        new("--prefix")
        {
            Description = "A folder such as /usr/local: the kernel is in share/jupyter/kernels below it.",
            HelpName = "folder",
        };

    private static Option<string?> Name(string description)
    {
        var option = new Option<string?>("--name") { Description = description, HelpName = "name" };
        option.Validators.Add(result =>
        {
            string text = result.Tokens[0].Value;
            if (
                text.Length == 0
                || text[0] == '-'
                || text is "." or ".."
                || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            )
                result.AddError($"--name is {text}; expected letters, digits, '-', '_' and '.'.");
        });
        return option;
    }

    private static Task<int> Try(Action action) =>
        TryAsync(() =>
        {
            action();
            return Task.CompletedTask;
        });

    private static async Task<int> TryAsync(Func<Task> action)
    {
        try
        {
            await action();
            return 0;
        }
        catch (Exception error) when (RunCommand.IsExpected(error))
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }
}
