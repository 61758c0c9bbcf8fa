using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Notebooks.Tests;

/// <summary>What the container, the editor and the hub are told.</summary>
public sealed partial class DevcontainerTests
{
    private const string CommandLine = "@devcontainers/cli@0.89.0";
    private static readonly string Folder = Path.Combine(Course.Root, ".devcontainer");
    private static readonly JsonNode Devcontainer = Json(".devcontainer/devcontainer.json");
    private static readonly string[] Dockerfile = File.ReadAllLines(Path.Combine(Folder, "Dockerfile"));

    [Fact]
    public void ImageAndPackagesAreOfOneVersion()
    {
        string[] images =
        [
            .. Dockerfile.Select(line => From().Match(line)).Where(m => m.Success).Select(m => m.Groups[1].Value),
        ];
        Assert.Matches(@"^mcr\.microsoft\.com/devcontainers/dotnet:\d+\.\d+\.\d+-10\.0-[a-z]+$", images[0]);
        Assert.Equal(["tools"], images[1..]);
        string[] packages =
        [
            .. Dockerfile.Where(line => line.Contains("pip install")).SelectMany(line => line.Split(' ')[5..]),
        ];
        Assert.Contains(packages, package => package.StartsWith("jupyterhub==", StringComparison.Ordinal));
        Assert.All(packages, package => Assert.Matches(@"^--no-cache-dir$|^[a-z]+==\d+\.\d+\.\d+$", package));
    }

    [Fact]
    public void TheContainerBuildsTheStageOfTheToolsForAnOrdinaryUser()
    {
        Assert.Equal("tools", Devcontainer["build"]!["target"]!.ToString());
        Assert.True(File.Exists(Path.Combine(Folder, Devcontainer["build"]!["dockerfile"]!.ToString())));
        Assert.Equal(
            Course.Root,
            Path.GetFullPath(Path.Combine(Folder, Devcontainer["build"]!["context"]!.ToString()))
        );
        Assert.Equal("vscode", Devcontainer["remoteUser"]!.ToString());
        Assert.Equal("USER vscode", Dockerfile.Last(line => line.StartsWith("USER", StringComparison.Ordinal)));
        Assert.Equal([8888, 8000], Devcontainer["forwardPorts"]!.AsArray().GetValues<int>());
        Assert.All(
            Devcontainer["portsAttributes"]!.AsObject(),
            port => Assert.Contains(int.Parse(port.Key), Devcontainer["forwardPorts"]!.AsArray().GetValues<int>())
        );
        Assert.Equal(2, Devcontainer["hostRequirements"]!["cpus"]!.GetValue<int>());
        string[] command = Devcontainer["postCreateCommand"]!.ToString().Split(' ');
        Assert.Equal("bash", command[0]);
        Assert.True(File.Exists(Path.Combine(Course.Root, command[1])));
    }

    [Fact]
    public void ContainerAndEditorWantTheSameExtensions()
    {
        IEnumerable<string> recommended = Json(".vscode/extensions.json")["recommendations"]!
            .AsArray()
            .GetValues<string>();
        Assert.Equal(
            ["ms-dotnettools.csdevkit", "ms-toolsai.jupyter", "ms-dotnettools.dotnet-interactive-vscode"],
            recommended.Take(3)
        );
        Assert.Equal(
            recommended,
            Devcontainer["customizations"]!["vscode"]!["extensions"]!.AsArray().GetValues<string>()
        );
    }

    [Fact]
    public void TheEditorIsToldOfTheSolutionAndTheFormatter()
    {
        JsonNode settings = Json(".vscode/settings.json");
        Assert.True(File.Exists(Path.Combine(Course.Root, settings["dotnet.defaultSolution"]!.ToString())));
        Assert.Contains(
            settings["[csharp]"]!["editor.defaultFormatter"]!.ToString(),
            Json(".vscode/extensions.json")["recommendations"]!.AsArray().GetValues<string>()
        );
        Assert.True(settings["files.exclude"]!["**/bin"]!.GetValue<bool>());
    }

    [Fact]
    public void TheHubStartsTheImagesCourseInTheUsersHome()
    {
        using StreamReader text = File.OpenText(Path.Combine(Folder, "jupyterhub", "values.yaml"));
        var yaml = new YamlStream();
        yaml.Load(text);
        YamlNode values = yaml.Documents.Single().RootNode;
        YamlNode student = values["singleuser"];
        string start = student["cmd"].ToString();
        Assert.Contains(start, Dockerfile.Single(line => line.StartsWith("CMD", StringComparison.Ordinal)));
        Assert.StartsWith("/opt/notebooksupport/", start);
        Assert.Contains("COPY . /opt/notebooksupport", Dockerfile);
        Assert.True(File.Exists(Path.Combine(Course.Root, start["/opt/notebooksupport/".Length..])));
        string home = student["storage"]["homeMountPath"].ToString();
        Assert.Contains($"ENV HOME={home}", Dockerfile);
        Assert.Equal("/home/" + Devcontainer["remoteUser"], home);
        Assert.NotEqual("latest", student["image"]["tag"].ToString());
        Assert.DoesNotContain(
            "DummyAuthenticator",
            ((YamlMappingNode)values["hub"]["config"]).Children.Keys.Select(key => key.ToString())
        );
        Assert.Contains("DummyAuthenticator.password", File.ReadAllText(Path.Combine(Folder, "README.md")));
    }

    [SkippableTheory]
    [InlineData("HUB_PASSWORD=secret", "simple None")]
    [InlineData("COURSE_IMAGE=course:1 HUB_PASSWORD=secret", "dockerspawner.DockerSpawner course:1")]
    [InlineData("COURSE_IMAGE=course:1", "KeyError: 'HUB_PASSWORD'")]
    public void TheHubOfOneMachineWantsAPasswordAndKnowsTwoWays(string environment, string expected)
    {
        Shell.NeedsCommand("python3");
        const string Program = """
            import sys
            class Any(dict):
                def __getattr__(self, name): return self[name] if name in self else self.setdefault(name, Any()) if name[0].isupper() else None
                __setattr__ = dict.__setitem__
            c = Any()
            path = sys.argv[1]
            exec(compile(open(path).read(), path, "exec"), {"get_config": lambda: c, "__file__": path})
            print(c.JupyterHub.spawner_class, c.DockerSpawner.image)
            """;
        string config = Path.Combine(Folder, "jupyterhub", "jupyterhub_config.py");
        (_, string output) = Shell.Run("env", [.. environment.Split(' '), "python3", "-c", Program, config]);
        Assert.EndsWith(expected, output.TrimEnd());
    }

    [SkippableFact]
    public void TheCommandLineOfDevcontainersReadsIt()
    {
        Shell.NeedsCommand("npx");
        (int code, string output) = Shell.Run(
            "npx",
            [
                "--yes",
                CommandLine,
                "read-configuration",
                "--workspace-folder",
                Course.Root,
                "--docker-path",
                "/bin/true",
            ],
            ("npm_config_prefer_offline", "true"),
            ("npm_config_fetch_retries", "0")
        );
        Skip.If(code != 0 && output.Contains("npm error"), $"{CommandLine} could not be had from npm.");
        Assert.True(code == 0, output);
        string line = output.Split('\n').Single(line => line.StartsWith('{'));
        Assert.Equal("tools", JsonNode.Parse(line)!["configuration"]!["build"]!["target"]!.ToString());
    }

    private static JsonNode Json(string path) => JsonNode.Parse(File.ReadAllText(Path.Combine(Course.Root, path)))!;

    [GeneratedRegex("^FROM (\\S+)")]
    private static partial Regex From();
}
