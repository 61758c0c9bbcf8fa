using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NotebookHost.Execution;
using NotebookHost.Notebooks;
using NotebookHost.Rendering;

namespace NotebookHost.Jupyter;

/// <summary>The folder by which Jupyter finds this kernel, https://jupyter-client.readthedocs.io/en/stable/kernels.html.</summary>
internal static class KernelSpec
{
    /// <summary>This kernel's own name.</summary>
    public const string Name = "notebooksupport";

    /// <summary>The name that notebooks of .NET Interactive ask for, and so those of the course.</summary>
    public const string InteractiveName = ".net-csharp";

    /// <summary>
    /// A cell runs once: what dynamic profiles cost is not earned back. And a training must not wait for its fast code until
    /// the compiler, which is what runs between two cells, has been recompiled too.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> Variables = new Dictionary<string, string>
    {
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_TC_CallCountingDelayMs"] = "0",
    };

    private const string File = "kernel.json";
    private const string Plotly = "plotly-2.28.0.min.js";
    private const string Mark = "notebooksupport";

    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Where Jupyter looks for the kernels of a user; <c>JUPYTER_DATA_DIR</c> moves it.</summary>
    public static string UserFolder
    {
        get
        {
            string home = Environment.GetFolderPath(
                Environment.SpecialFolder.UserProfile,
                Environment.SpecialFolderOption.DoNotVerify
            );
            string data =
                Variable("JUPYTER_DATA_DIR") is { } chosen ? chosen
                : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Jupyter")
                : OperatingSystem.IsWindows()
                    ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter")
                : Path.Combine(Variable("XDG_DATA_HOME") ?? Path.Combine(home, ".local", "share"), "jupyter");
            return Path.Combine(data, "kernels");

            static string? Variable(string name) =>
                Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
        }
    }

    /// <summary>The folder of kernels below a prefix such as /usr/local.</summary>
    public static string PrefixFolder(string prefix) =>
        Path.Combine(Path.GetFullPath(prefix), "share", "jupyter", "kernels");

    /// <summary>Whether a folder holds this kernel, from wherever it was installed.</summary>
    public static bool IsOurs(string folder) => Read(folder)?["metadata"]?[Mark] is not null;

    /// <summary>Whether no other kernel has a folder.</summary>
    public static bool IsFree(string folder) => !Directory.Exists(folder) || IsOurs(folder);

    /// <summary>What stands in a folder's kernel.json; null where there is none.</summary>
    public static JsonObject? Read(string folder)
    {
        try
        {
            return JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(folder, File))) as JsonObject;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Writes this kernel's folder in one move; throws <see cref="NotebookException"/> where another kernel has the name and
    /// it is not to be replaced.
    /// </summary>
    public static void Install(string kernels, string name, bool replaces)
    {
        string folder = Path.Combine(kernels, name);
        if (!IsFree(folder) && !replaces)
            throw new NotebookException(
                $"{folder} is another kernel; expected a free --name, or --force to replace it."
            );
        Directory.CreateDirectory(kernels);
        string fresh = Path.Combine(kernels, $".{name}.{Environment.ProcessId}");
        Directory.CreateDirectory(fresh);
        System.IO.File.WriteAllText(Path.Combine(fresh, File), Spec(name).ToJsonString(Format) + "\n");
        foreach (string logo in new[] { "logo-svg.svg", "logo-32x32.png", "logo-64x64.png" })
            Write(logo, $"kernel/{logo}");
        // A Jupyter server hands out the files of a kernel's folder: figures find there, without a network, plotly.js and what
        // moves them.
        System.IO.File.WriteAllBytes(Path.Combine(fresh, Plotly), PlotlyJs.Script());
        Write("live.js", "kernel/figures.js", "site/live.js");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.Move(fresh, folder);

        void Write(string name, params string[] resources)
        {
            using FileStream target = System.IO.File.Create(Path.Combine(fresh, name));
            foreach (string resource in resources)
            {
                using Stream source = typeof(KernelSpec).Assembly.GetManifestResourceStream(resource)!;
                source.CopyTo(target);
            }
        }
    }

    private static JsonObject Spec(string name) =>
        new()
        {
            ["argv"] = new JsonArray(
                Programs.DotNet,
                typeof(KernelSpec).Assembly.Location,
                "kernel",
                "start",
                "{connection_file}"
            ),
            ["display_name"] = name == InteractiveName ? ".NET (C#)" : "C# (NotebookSupport)",
            ["language"] = "C#",
            ["interrupt_mode"] = "message",
            ["env"] = new JsonObject(Variables.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value))),
            ["metadata"] = new JsonObject { [Mark] = true },
        };
}
