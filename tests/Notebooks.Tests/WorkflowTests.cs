using System.Runtime.Versioning;
using NotebookSupport.Tests;
using YamlDotNet.RepresentationModel;

namespace Notebooks.Tests;

/// <summary>What GitHub is told to do: test, pack, publish.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class WorkflowTests
{
    private const string Validator = "@action-validator/cli@0.6.0";
    private const string Workflow = ".github/workflows/course.yml";
    private const string Preparation = "apt-get update && apt-get install ";

    private static readonly YamlMappingNode Jobs = (YamlMappingNode)Yaml.Read(Workflow)["jobs"];

    private static IEnumerable<YamlNode> Steps => Jobs.Children.Values.SelectMany(Of);

    [Fact]
    public void ActionsAreOfOneVersionAndTheSdkIsThatOfTheRepository()
    {
        string[] uses = [.. Steps.Select(step => Value(step, "uses")).OfType<string>()];
        Assert.All(uses, action => Assert.Matches(@"^actions/[a-z-]+@v\d+$", action));
        Assert.Equal(uses.Distinct().Count(), uses.Select(action => action.Split('@')[0]).Distinct().Count());
        Assert.All(
            Steps.Where(step =>
                Value(step, "uses")?.StartsWith("actions/setup-dotnet", StringComparison.Ordinal) == true
            ),
            step => Assert.Equal("global.json", step["with"]["global-json-file"].ToString())
        );
        Assert.DoesNotContain(
            Jobs.Children.Values,
            job => Value(job, "runs-on")!.EndsWith("latest", StringComparison.Ordinal)
        );
    }

    /// <summary>The pages come out only of what passed the tests, and only this job may publish them.</summary>
    [Fact]
    public void OnlyTheJobThatPublishesMayWriteAndItWaitsForTheTests()
    {
        Assert.Equal("read", Yaml.Read(Workflow)["permissions"]["contents"].ToString());
        Assert.Equal(
            ["publish"],
            Jobs.Children.Where(job => ((YamlMappingNode)job.Value).Children.ContainsKey("permissions"))
                .Select(job => job.Key.ToString())
        );
        Assert.Equal("site", Jobs["publish"]["needs"].ToString());
        Assert.Equal("test", Jobs["site"]["needs"].ToString());
        Assert.Equal("github.ref == 'refs/heads/main'", Jobs["site"]["if"].ToString());
        Assert.All(Jobs.Children.Values, job => Assert.NotNull(Value(job, "timeout-minutes")));
    }

    [SkippableFact]
    public void TheSchemaOfWorkflowsTakesIt()
    {
        Shell.NeedsCommand("npx");
        (int code, string output) = Shell.Run(
            "npx",
            ["--yes", Validator, Workflow],
            ("npm_config_prefer_offline", "true"),
            ("npm_config_fetch_retries", "0")
        );
        Skip.If(code != 0 && output.Contains("npm error"), $"{Validator} could not be had from npm.");
        Assert.True(code == 0, output);
    }

    /// <summary>The packages that the bare container gets are there, by these names.</summary>
    [SkippableFact]
    public void ThePreparationOfTheContainerNamesPackagesThatThereAre()
    {
        Skip.IfNot(
            File.Exists("/etc/debian_version")
                && File.ReadAllText("/etc/debian_version").StartsWith("12.", StringComparison.Ordinal),
            "This is not Debian 12."
        );
        Shell.NeedsPackageLists();
        Assert.Equal("debian:12", Jobs["test"]["container"].ToString());
        string preparation = Commands("test")
            .Single(command => command.StartsWith(Preparation, StringComparison.Ordinal));
        (int code, string output) = Shell.Run(
            "apt-get",
            ["install", "--simulate", .. preparation[Preparation.Length..].Split(' ')]
        );
        Assert.True(code == 0, output);
        Assert.Equal([preparation, ".ci/run"], Commands("test"));
        Assert.True((File.GetUnixFileMode(Path.Combine(Course.Root, ".ci/run")) & UnixFileMode.UserExecute) != 0);
    }

    /// <summary>The commands of the other jobs, in a clone, as GitHub would run them.</summary>
    [SkippableFact]
    public void ThePackagesAndThePagesComeOutOfAClone()
    {
        Exhaustive.Needs("The commands of the workflow run in a clone");
        Shell.NeedsCommand("git");
        string clone = Directory.CreateTempSubdirectory("workflow-").FullName;
        try
        {
            RunIn(".", $"git clone --quiet '{Course.Root}' '{clone}'");
            RunIn(clone, "git remote set-url origin https://github.com/example/course");
            foreach (string command in Commands("pack").Concat(Commands("site")))
                RunIn(clone, command);
            string[] packed =
            [
                .. Directory.EnumerateFiles(Path.Combine(clone, "artifacts/packages")).Select(Path.GetFileName)!,
            ];
            Assert.All(
                [
                    "NotebookHost.1.0.0.nupkg",
                    "NotebookSupport.1.0.0.nupkg",
                    "NotebookSupport.1.0.0.snupkg",
                    "handout.zip",
                ],
                file => Assert.Contains(file, packed)
            );
            string page = File.ReadAllText(Path.Combine(clone, "site/index.html"));
            Assert.Contains("https://example.github.io/course/", page);
            Assert.Contains("https://github.com/example/course", page);
            Assert.True(File.Exists(Path.Combine(clone, "site/run/runtime.js")));
        }
        finally
        {
            Directory.Delete(clone, recursive: true);
        }

        static void RunIn(string folder, string command)
        {
            (int code, string output) = Shell.Run(
                "bash",
                ["-euc", $"cd '{folder}' && {command}"],
                ("BASE_URL", "https://example.github.io/course"),
                ("REPOSITORY", "https://github.com/example/course")
            );
            Assert.True(code == 0, $"{command}\n{output}");
        }
    }

    private static string[] Commands(string job) =>
        [.. Of(Jobs[job]).Select(step => Value(step, "run")).OfType<string>()];

    private static IEnumerable<YamlNode> Of(YamlNode job) => (YamlSequenceNode)job["steps"];

    private static string? Value(YamlNode node, string name) =>
        ((YamlMappingNode)node).Children.TryGetValue(name, out YamlNode? value) ? value.ToString() : null;
}
