using System.Text.RegularExpressions;
using NotebookSupport.Tests;

namespace Notebooks.Tests;

/// <summary>
/// The commands by which the image is built, as far as they go without Docker: in folders of their own, on the files that the
/// image would get.
/// </summary>
public sealed partial class ImageTests : IDisposable
{
    private static readonly string Folder = Path.Combine(Course.Root, ".devcontainer");

    /// <summary>Each RUN of the Dockerfile as its commands, a list for each.</summary>
    private static string[][] Runs =>
        [
            .. Instruction()
                .Matches(File.ReadAllText(Path.Combine(Folder, "Dockerfile")).Replace("\\\n", " "))
                .Select(run => run.Groups[1].Value.Split("&&", StringSplitOptions.TrimEntries)),
        ];

    private readonly string _folder = Directory.CreateTempSubdirectory("image-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TheCommandsAreThoseThatAreTriedHere()
    {
        Assert.Equal(2, Runs.Length);
        Assert.Equal(
            ["apt-get update", "apt-get install", "rm -rf", "python3 -m", "/opt/jupyter/bin/pip install"],
            Runs[0].Select(FirstWords)
        );
        Assert.Equal(["dotnet build", "dotnet run", "dotnet run"], Runs[1].Select(FirstWords));
    }

    [SkippableFact]
    public void TheToolsAreThere()
    {
        Exhaustive.Needs("The commands of the image's stage tools run");
        Shell.NeedsPackageLists();
        RunHere(Runs[0][1].Replace("apt-get install", "apt-get install --simulate"));
        RunHere(Runs[0][3]);
        (int code, string output) = Bash(Runs[0][4]);
        Skip.If(output.Contains("Failed to establish a new connection"), "There is no way to PyPI: pip was not tried.");
        Assert.True(code == 0, output);
        RunHere("/opt/jupyter/bin/jupyterhub-singleuser --version");
    }

    [SkippableFact]
    public void TheCourseIsBuiltAndCheckedFromTheFilesThatTheImageGets()
    {
        Exhaustive.Needs("The commands of the image's stage course run");
        Shell.NeedsCommand("git");
        string course = Path.Combine(_folder, "notebooksupport");
        RunHere($"git clone --quiet '{Course.Root}' '{course}'");
        foreach (string ignored in File.ReadLines(Path.Combine(Folder, "Dockerfile.dockerignore")))
            if (Directory.Exists(Path.Combine(course, ignored)))
                Directory.Delete(Path.Combine(course, ignored), recursive: true);
        Assert.False(Directory.Exists(Path.Combine(course, "tests")));
        foreach (string command in Runs[1])
            RunHere($"cd /opt/notebooksupport && {command}");
        Assert.True(File.Exists(Path.Combine(_folder, "jupyter/share/jupyter/kernels/notebooksupport/kernel.json")));
    }

    private void RunHere(string command)
    {
        (int code, string output) = Bash(command);
        Assert.True(code == 0, $"{command}\n{output}");
    }

    private (int Code, string Output) Bash(string command) =>
        Shell.Run("bash", ["-euc", command.Replace("/opt/", _folder + "/")]);

    private static string FirstWords(string command) => string.Join(' ', command.Split(' ')[..2]);

    [GeneratedRegex(@"^RUN (.+)$", RegexOptions.Multiline)]
    private static partial Regex Instruction();
}
