using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.Playwright;
using NotebookHost.Tests;
using NotebookSupport.Tests;

namespace Notebooks.Tests;

/// <summary>A class on one machine: a student logs in, runs and answers lesson 00; the teacher grades the homes.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class HubTests : IDisposable
{
    /// <summary>Whom the hub belongs to where this process is root, whom Jupyter does not serve.</summary>
    private const string Ordinary = "nobody";

    private const string Answer =
        "double? lossOfAGuesser = 0.25 * Math.Log(4) + 0.75 * Math.Log(1 / 0.03);\\nExercises.Check(\"0.1\", lossOfAGuesser)";

    private readonly string _folder = Directory.CreateTempSubdirectory("hub-").FullName;
    private Process? _hub;

    public void Dispose()
    {
        if (_hub is not null)
        {
            _hub.Kill(entireProcessTree: true);
            _hub.WaitForExit();
            _hub.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    [SkippableFact]
    public async Task AStudentLogsInRunsAndAnswersALessonAndIsGraded()
    {
        Exhaustive.Needs("A JupyterHub with a student runs");
        foreach (string command in (string[])["jupyterhub", "configurable-http-proxy", "jupyter-notebook"])
            Shell.NeedsCommand(command);
        await using Reader reader = await Reader.StartAsync();
        string address = await StartAsync();

        IPage page = await reader.OpenUrlAsync($"{address}/hub/login");
        await page.FillAsync("#username_input", "anna");
        await page.FillAsync("#password_input", "wrong");
        await page.ClickAsync("#login_submit");
        await page.GetByText("Invalid username or password").WaitForAsync();
        await page.FillAsync("#username_input", "anna");
        await page.FillAsync("#password_input", "secret");
        await page.ClickAsync("#login_submit");
        await page.WaitForURLAsync("**/user/anna/tree*", new() { Timeout = 180_000 });

        await page.GotoAsync($"{address}/user/anna/notebooks/00-start-here.ipynb");
        await page.WaitForFunctionAsync(
            "window.Jupyter?.notebook?.kernel?.is_connected() && document.querySelector('.kernel_idle_icon')",
            null,
            new() { Timeout = 180_000 }
        );
        await page.EvaluateAsync(
            $$"""
            Jupyter.notebook.clear_all_output();
            Jupyter.notebook.get_cells().find(cell => cell.get_text().includes('Check("0.1"')).set_text('{{Answer}}');
            Jupyter.notebook.execute_all_cells();
            """
        );
        await page.Locator(".output", new() { HasText = "Exercise 0.1: solved" })
            .WaitForAsync(new() { Timeout = 180_000 });
        await page.WaitForFunctionAsync(
            "!Jupyter.notebook.get_cells().some(cell => cell.input_prompt_number === '*') && document.querySelector('.kernel_idle_icon')",
            null,
            new() { Timeout = 180_000 }
        );
        Assert.Equal(0, await page.Locator(".output_error").CountAsync());
        await page.Keyboard.PressAsync("Control+S");
        await page.WaitForFunctionAsync("!Jupyter.notebook.dirty");

        string homes = Path.Combine(_folder, "homes");
        string csv = Path.Combine(_folder, "marks.csv");
        (int code, string output) = Course.Host("grade", homes, "--output", csv);
        Assert.True(code == 0, output);
        string[] rows = File.ReadAllLines(csv)[1..];
        Assert.Equal(Course.Lessons.Length, rows.Length);
        Assert.All(rows, row => Assert.StartsWith("anna,", row, StringComparison.Ordinal));
        Assert.Contains("passed,open,open,open,open,open", rows[0]);
        Assert.All(rows[1..], row => Assert.DoesNotContain("passed", row));
    }

    /// <summary>Starts the hub of jupyterhub_config.py on free ports, with the kernel in this folder; returns its address.</summary>
    private async Task<string> StartAsync()
    {
        Run("dotnet", HostProgram.Path, "kernel", "install", "--prefix", Path.Combine(_folder, "prefix"));
        string address = $"http://127.0.0.1:{FreePort()}";
        string config = Path.Combine(_folder, "config.py");
        File.WriteAllText(
            config,
            $"""
            load_subconfig("{Path.Combine(Course.Root, ".devcontainer/jupyterhub/jupyterhub_config.py")}")
            c.Spawner.environment["JUPYTER_PATH"] = "{Path.Combine(_folder, "prefix/share/jupyter")}"
            c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{FreePort()}"
            c.JupyterHub.hub_port = {FreePort()}
            """
        );
        string[] command = ["jupyterhub", "--config", config];
        if (Environment.IsPrivilegedProcess)
        {
            Run("chown", "-R", Ordinary, _folder);
            command = ["runuser", "-u", Ordinary, "--", .. command];
        }
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = _folder;
        start.Environment["HUB_PASSWORD"] = "secret";
        start.Environment["HUB_URL"] = address;
        // With a Node.js that is not Debian's own, the proxy finds Debian's modules by this.
        start.Environment["NODE_PATH"] = "/usr/share/nodejs";
        _hub = Process.Start(start)!;
        var log = new List<string>();
        _hub.OutputDataReceived += (_, line) => Keep(line.Data);
        _hub.ErrorDataReceived += (_, line) => Keep(line.Data);
        _hub.BeginOutputReadLine();
        _hub.BeginErrorReadLine();
        using var web = new HttpClient();
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(200))
            try
            {
                (await web.GetAsync($"{address}/hub/api")).EnsureSuccessStatusCode();
                return address;
            }
            catch (HttpRequestException)
            {
                lock (log)
                    Assert.True(!_hub.HasExited && clock.Elapsed < TimeSpan.FromMinutes(2), string.Join('\n', log));
            }

        void Keep(string? line)
        {
            lock (log)
                log.Add(line ?? "");
        }
    }

    private static void Run(string command, params string[] arguments)
    {
        (int code, string output) = Shell.Run(command, arguments);
        Assert.True(code == 0, output);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
