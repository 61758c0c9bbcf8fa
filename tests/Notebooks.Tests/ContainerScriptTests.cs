using System.Runtime.Versioning;

namespace Notebooks.Tests;

/// <summary>The container's scripts: their order and their failures with stand-ins, and the steps that need no container for real.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ContainerScriptTests : IDisposable
{
    private static readonly string PostCreate = Path.Combine(Course.Root, ".devcontainer", "post-create.sh");
    private static readonly string StartCourse = Path.Combine(
        Course.Root,
        ".devcontainer",
        "jupyterhub",
        "start-course.sh"
    );

    private readonly string _folder = Directory.CreateTempSubdirectory("container-").FullName;

    public ContainerScriptTests()
    {
        foreach (string command in (string[])["dirname", "grep", "mkdir", "tar", "ln"])
            File.CreateSymbolicLink(Path.Combine(_folder, command), Shell.Find(command)!);
        StandIn("id", "echo 0");
        StandIn("apt-get");
        StandIn("dotnet");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [InlineData(".devcontainer/post-create.sh")]
    [InlineData(".devcontainer/jupyterhub/start-course.sh")]
    public void ItParsesAndMayBeExecuted(string script)
    {
        Assert.Equal((0, ""), Shell.Run("/bin/bash", ["-n", script]));
        Assert.True((File.GetUnixFileMode(Path.Combine(Course.Root, script)) & UnixFileMode.OtherExecute) != 0);
    }

    [SkippableFact]
    public void TheStepsAreTakenInOrder()
    {
        StandIn("jupyter");
        StandIn("jupyter-kernelspec", "echo notebooksupport /somewhere");
        StandIn("dotnet-interactive");
        (int code, string output) = Run();
        Assert.True(code == 0, output);
        const string Host = "dotnet run -c Release --no-build --project src/NotebookHost --";
        Assert.Equal(
            [
                "dotnet-interactive jupyter install",
                "dotnet build -c Release -v q",
                Host + " kernel install --user",
                Host + " doctor",
                Host + " run notebooks/00-start-here.ipynb --check",
                "jupyter-kernelspec list",
            ],
            Calls()
        );
        Assert.Contains("Ready", output);
        Assert.DoesNotContain("WARNING", output);
    }

    [SkippableFact]
    public void AFrontEndThatCannotBeHadIsAWarning()
    {
        StandIn("apt-get", "exit 100");
        StandIn("dotnet", "[ \"$1\" != tool ]");
        (int code, string output) = Run();
        Assert.True(code == 0, output);
        Assert.Equal(2, output.Split("WARNING").Length - 1);
        Assert.Contains("Ready", output);
    }

    [SkippableTheory]
    [InlineData("build", "the build failed")]
    [InlineData("kernel", "kernel could not be installed")]
    [InlineData("--check", "does not give its committed outputs")]
    public void AFailureAfterThatIsLoudAndTheLast(string failing, string message)
    {
        StandIn("dotnet", $"case \" $* \" in *\" {failing} \"*) exit 1;; esac");
        (int code, string output) = Run();
        Assert.Equal(1, code);
        Assert.Contains("ERROR: ", output);
        Assert.Contains(message, output);
        Assert.Contains(failing, Calls()[^1]);
        Assert.DoesNotContain("Ready", output);
    }

    [SkippableFact]
    public void AJupyterThatDoesNotListTheKernelIsAFailure()
    {
        StandIn("jupyter-kernelspec", "echo python3 /somewhere");
        (int code, string output) = Run("check");
        Assert.Equal(1, code);
        Assert.Contains("does not list the course's kernel", output);
    }

    [SkippableFact]
    public void AnUnknownStepIsAFailure() => Assert.Equal(1, Run("chekc").Code);

    /// <summary>The kernel's step and the self-check for real, on what this build made.</summary>
    [SkippableFact]
    public void TheKernelIsInstalledAndTheCheckPasses()
    {
        string configuration = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal)
            ? "Release"
            : "Debug";
        (int code, string output) = Shell.Run(
            "/bin/bash",
            [PostCreate, "kernel", "check"],
            ("CONFIGURATION", configuration),
            ("JUPYTER_DATA_DIR", _folder)
        );
        Assert.True(code == 0, output);
        Assert.Contains("1 passed, 0 failed", output);
        Assert.Contains("Ready", output);
        Assert.True(File.Exists(Path.Combine(_folder, "kernels", "notebooksupport", "kernel.json")));
        if (Shell.Find("jupyter-kernelspec") is not null)
            Assert.Contains(Path.Combine(_folder, "kernels", "notebooksupport"), output);
    }

    /// <summary>A student's copy is made once; what the student writes is never written over.</summary>
    [SkippableFact]
    public void AStudentGetsTheNotebooksOnceAndKeepsTheWork()
    {
        StandIn("jupyterhub-singleuser");
        string notebooks = Path.Combine(_folder, "home", "course", "notebooks");
        string mine = Path.Combine(notebooks, "00-start-here.ipynb");
        string missing = Path.Combine(notebooks, "01-symmetry.ipynb");
        Assert.Equal((0, ""), Start());
        Assert.True(File.Exists(Path.Combine(notebooks, "../src/NotebookSupport/NotebookSupport.csproj")));
        Assert.Equal(Course.Lessons.Length, Copied().Length);

        File.WriteAllText(mine, "my work");
        File.Delete(missing);
        Assert.Equal((0, ""), Start());
        Assert.Equal("my work", File.ReadAllText(mine));
        Assert.True(File.Exists(missing));
        Assert.Equal($"jupyterhub-singleuser --notebook-dir={notebooks} --port=1", Calls()[^1]);

        Assert.Equal((0, ""), Start(("COURSE_SOLUTIONS", "yes")));
        Assert.Equal(Course.Notebooks.Length, Copied().Length);

        string[] Copied() => Directory.GetFiles(notebooks, "*.ipynb", SearchOption.AllDirectories);

        (int, string) Start(params (string, string)[] more) =>
            Shell.Run(
                "/bin/bash",
                [StartCourse, "--port=1"],
                [("PATH", _folder), ("HOME", Path.Combine(_folder, "home")), .. more]
            );
    }

    private string Log => Path.Combine(_folder, "calls.log");

    private string[] Calls() => File.ReadAllLines(Log);

    private (int Code, string Output) Run(params string[] steps) =>
        Shell.Run(
            "/bin/bash",
            [PostCreate, .. steps],
            ("PATH", _folder),
            ("HOME", _folder),
            ("CONFIGURATION", "Release")
        );

    /// <summary>A command that notes how it was called, then does this.</summary>
    private void StandIn(string command, string then = "")
    {
        string path = Path.Combine(_folder, command);
        File.WriteAllText(path, $"#!/bin/bash\necho \"{command} $*\" >> '{Log}'\n{then}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
