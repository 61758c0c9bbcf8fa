using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Directives;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookHost.Execution;

/// <summary>What cells of other languages and lines that begin with <c>#!</c> do here.</summary>
internal static class OtherKernels
{
    /// <summary>The kernels of .NET Interactive that this host leaves out: the name, other names, and what a reader calls it.</summary>
    private static readonly (string Name, string[] Aliases, string Language)[] Skipped =
    [
        ("fsharp", ["f#"], "F#"),
        ("pwsh", ["powershell"], "PowerShell"),
        ("python", ["python3"], "Python"),
        ("r", ["ir"], "R"),
        ("sql", [], "SQL"),
        ("kql", [], "KQL"),
        ("http", ["httpRequest"], "HTTP requests"),
        ("vb", ["visualbasic"], "Visual Basic"),
    ];

    /// <summary>Adds what is shown as it is, what is skipped with a sentence, and the commands for every kernel.</summary>
    public static void AddTo(CompositeKernel root)
    {
        root.Add(new HtmlKernel());
        root.Add(new ScriptKernel(), ["js"]);
        root.Add(new KeyValueStoreKernel().UseValueSharing());
        root.Add(new ShownKernel("markdown", code => new("text/markdown", code)), ["md"]);
        root.Add(new ShownKernel("mermaid", code => new("text/plain", code)));
        foreach ((string name, string[] aliases, string language) in Skipped)
            root.Add(
                new ShownKernel(
                    name,
                    _ => new("text/plain", $"This cell is in {language} and was skipped: this host runs C# alone.")
                ),
                aliases
            );
        root.UseImportMagicCommand();
        root.AddDirective(
            new KernelActionDirective("#!time") { Description = "Says how long the cell takes." },
            (_, context) =>
            {
                long start = Stopwatch.GetTimestamp();
                context.OnComplete(ended =>
                    ended.DisplayAs(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"Wall time: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms"
                        ),
                        "text/plain"
                    )
                );
                return Task.CompletedTask;
            }
        );
        root.AddDirective(
            new KernelActionDirective("#!lsmagic") { Description = "Lists the commands." },
            (_, context) =>
            {
                IEnumerable<string> lines = root.Concat([root])
                    .SelectMany(kernel => kernel.KernelInfo.SupportedDirectives)
                    .Select(directive => $"{directive.Name}  {directive.Description}".TrimEnd())
                    .Distinct()
                    .Order(StringComparer.Ordinal);
                context.DisplayAs(string.Join('\n', lines), "text/plain");
                return Task.CompletedTask;
            }
        );
        root.AddDirective(
            new KernelActionDirective("#!about") { Description = "Says which host runs the notebook." },
            (_, context) =>
            {
                context.DisplayAs(
                    $"NotebookHost {typeof(OtherKernels).Assembly.GetName().Version!.ToString(3)}, C# on .NET "
                        + $"{Environment.Version}, with the library of .NET Interactive {InteractiveVersion}",
                    "text/plain"
                );
                return Task.CompletedTask;
            }
        );
    }

    private static string InteractiveVersion =>
        typeof(Kernel)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    /// <summary>Shows each cell in its language, or a sentence in its place.</summary>
    private sealed class ShownKernel(string name, Func<string, FormattedValue> shown)
        : Kernel(name),
            IKernelCommandHandler<SubmitCode>
    {
        public Task HandleAsync(SubmitCode command, KernelInvocationContext context)
        {
            FormattedValue value = shown(command.Code);
            context.DisplayAs(value.Value, value.MimeType);
            return Task.CompletedTask;
        }
    }

    /// <summary>Shows each cell as a script of the page, after the values that were shared with it.</summary>
    private sealed class ScriptKernel : Kernel, IKernelCommandHandler<SubmitCode>, IKernelCommandHandler<SendValue>
    {
        private readonly StringBuilder _shared = new();

        public ScriptKernel()
            : base("javascript") => this.UseValueSharing();

        public Task HandleAsync(SubmitCode command, KernelInvocationContext context)
        {
            context.DisplayAs($"<script type=\"text/javascript\">{_shared}{command.Code}</script>", "text/html");
            _shared.Clear();
            return Task.CompletedTask;
        }

        public Task HandleAsync(SendValue command, KernelInvocationContext context)
        {
            string json =
                command.FormattedValue?.MimeType == "application/json"
                    ? command.FormattedValue.Value
                    : JsonSerializer.Serialize(command.Value);
            _shared.Append("var ").Append(command.Name).Append(" = ").Append(json).AppendLine(";");
            return Task.CompletedTask;
        }
    }
}
