using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using NotebookHost.Tests;
using NotebookSupport.Tests;

namespace Notebooks.Tests;

/// <summary>
/// A copy of the notebooks in a folder of its own beside the library, with this project's kernel installed there alone, and a
/// Jupyter Notebook server on it.
/// </summary>
public sealed class JupyterServer : IDisposable
{
    private static readonly HttpClient Web = new();

    private readonly string _root = Directory.CreateTempSubdirectory("jupyter-").FullName;
    private readonly Lazy<string> _executed;
    private Process? _server;

    public JupyterServer()
    {
        _executed = new(Execute);
        if (Shell.Find("jupyter") is null)
            return;
        Directory.CreateSymbolicLink(Path.Combine(_root, "src"), Path.Combine(Course.Root, "src"));
        foreach (string notebook in Course.Notebooks)
        {
            string copy = Path.Combine(_root, notebook);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Course.Root, notebook), copy);
        }
        (int code, string output) = Shell.Run("dotnet", [HostProgram.Path, "kernel", "install"], Environment);
        Assert.True(code == 0, output);
    }

    /// <summary>Where the notebooks are.</summary>
    public string Folder => Path.Combine(_root, "notebooks");

    /// <summary>The server's address; it is started when it is first asked for.</summary>
    public string Address { get; private set; } = "";

    private (string, string)[] Environment =>
        [
            ("JUPYTER_DATA_DIR", Path.Combine(_root, "data")),
            ("JUPYTER_RUNTIME_DIR", Path.Combine(_root, "runtime")),
            ("JUPYTER_CONFIG_DIR", Path.Combine(_root, "config")),
        ];

    /// <summary>The notebooks that nbconvert runs; the one that is left out runs in a browser, with what it shows compared too.</summary>
    public static string[] Converted { get; } =
        Exhaustive.IsAsked
            ? Course.Notebooks
            :
            [
                "notebooks/01-symmetry.ipynb",
                "notebooks/08-the-note-on-trial.ipynb",
                "notebooks/solutions/01-solutions.ipynb",
            ];

    /// <summary>A notebook as nbconvert ran it, past its errors. All are run by one command.</summary>
    public string Executed(string notebook) => Path.Combine(_executed.Value, Path.GetFileName(notebook));

    /// <summary>Skips the test where Jupyter, or a part of it, is missing.</summary>
    public static void Needs(string part)
    {
        Shell.NeedsCommand("jupyter");
        Shell.NeedsCommand($"jupyter-{part}");
    }

    private string Execute()
    {
        string folder = Path.Combine(_root, "executed");
        (int code, string output) = Shell.Run(
            "jupyter",
            [
                "nbconvert",
                "--to=notebook",
                "--execute",
                "--allow-errors",
                "--ExecutePreprocessor.kernel_name=notebooksupport",
                $"--output-dir={folder}",
                .. Converted.Select(notebook => Path.Combine(_root, notebook)),
            ],
            Environment
        );
        Assert.True(code == 0, output);
        return folder;
    }

    public async Task StartAsync()
    {
        if (_server is not null)
            return;
        int port = FreePort();
        Address = $"http://127.0.0.1:{port}";
        var start = new ProcessStartInfo(
            "jupyter",
            [
                "notebook",
                "--no-browser",
                "--allow-root",
                "--ip=127.0.0.1",
                $"--port={port}",
                "--NotebookApp.token=",
                "--NotebookApp.password=",
                $"--notebook-dir={_root}",
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in Environment)
            start.Environment[name] = value;
        _server = Process.Start(start)!;
        _server.OutputDataReceived += (_, _) => { };
        _server.ErrorDataReceived += (_, _) => { };
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(100))
            try
            {
                (await Web.GetAsync($"{Address}/api")).EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (clock.Elapsed < TimeSpan.FromSeconds(60) && !_server.HasExited)
            {
                // Not yet.
            }
    }

    public void Dispose()
    {
        if (_server is not null)
        {
            _server.Kill(entireProcessTree: true);
            _server.WaitForExit();
            _server.Dispose();
        }
        Directory.Delete(_root, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
