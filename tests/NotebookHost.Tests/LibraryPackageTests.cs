using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using NotebookHost.Execution;
using NotebookSupport.Tests;

namespace NotebookHost.Tests;

/// <summary>The package of the library.</summary>
public sealed class LibraryPackageTests : IDisposable
{
    private const string Name = "NotebookSupport";
    private const string Origin = "https://github.com/example/course";

    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ItHoldsTheLibraryAndWhatSaysHowToUseIt()
    {
        await PackAsync();
        using ZipArchive package = Package("nupkg");
        string[] files = [.. package.Entries.Select(entry => entry.FullName)];
        Assert.All(
            [$"lib/net10.0/{Name}.dll", $"lib/net10.0/{Name}.xml", "README.md", "LICENSE"],
            file => Assert.Contains(file, files)
        );
        using Stream text = package.GetEntry($"{Name}.nuspec")!.Open();
        var metadata = XDocument.Load(text).Root!.Elements().Single();
        string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        Assert.Equal(("MIT", "README.md"), (Value("license"), Value("readme")));
        Assert.Equal(
            ["Fable.Core", "MathNet.Numerics", "Plotly.NET", "Plotly.NET.CSharp"],
            metadata
                .Descendants()
                .Where(element => element.Name.LocalName == "dependency")
                .Select(element => element.Attribute("id")!.Value)
                .Order()
        );
        using ZipArchive symbols = Package("snupkg");
        Assert.NotNull(symbols.GetEntry($"lib/net10.0/{Name}.pdb"));
    }

    /// <summary>From a folder of packages and what earlier builds restored: a chart, without a path to the library.</summary>
    [Fact]
    public async Task ANotebookUsesItByItsName()
    {
        await PackAsync();
        string restored =
            Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        PackageFeed.Configure(_folder, _folder["feed"], restored);
        _folder.Write(
            "chart.ipynb",
            $"#r \"nuget: {Name}, 1.0.0\"\nusing NotebookSupport;",
            "Charts.Drawing(\"Two layers\", Network.Create([2, 3, 1], Activation.Tanh, Initializer.GlorotNormal, 1))"
        );
        Outcome run = await _folder.RunAsync("run", "chart.ipynb", "--in-place");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("notebook-figure", _folder.Outputs("chart.ipynb")[1][0]!["data"]!["text/html"]!.ToJsonString());
    }

    /// <summary>A release is packed in a clone; a debugger then finds each source at the commit.</summary>
    [SkippableFact]
    public async Task AReleaseNamesItsCommit()
    {
        Exhaustive.Needs("Packing a clone as a release runs");
        Skip.If(Programs.Here.Find("git") is null, "There is no git on the PATH.");
        string clone = _folder["clone"];
        await RunAsync("git", "clone", "--quiet", NotebookFolder.Repository, clone);
        await RunAsync("git", "-C", clone, "remote", "set-url", "origin", Origin);
        ProcessResult packed = await DotNetCommand.RunAsync(
            ["pack", $"src/{Name}", "-c", "Release", "-p:ContinuousIntegrationBuild=true", "-o", _folder["feed"]],
            clone,
            CancellationToken.None
        );
        Assert.True(packed.ExitCode == 0, packed.Output);
        using ZipArchive package = Package("nupkg");
        using var nuspec = new StreamReader(package.GetEntry($"{Name}.nuspec")!.Open());
        Assert.Contains($"url=\"{Origin}\"", await nuspec.ReadToEndAsync());
        using ZipArchive symbols = Package("snupkg");
        using Stream file = symbols.GetEntry($"lib/net10.0/{Name}.pdb")!.Open();
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes);
        Assert.Contains(
            "https://raw.githubusercontent.com/example/course/",
            Encoding.Latin1.GetString(bytes.ToArray()),
            StringComparison.Ordinal
        );
    }

    private async Task PackAsync()
    {
        string configuration = new DirectoryInfo(HostProgram.Path).Parent!.Parent!.Name;
        string project = Path.Combine(NotebookFolder.Repository, "src", Name);
        await RunAsync(Programs.DotNet, "pack", project, "--no-build", "-c", configuration, "-o", _folder["feed"]);
    }

    private ZipArchive Package(string ending) => ZipFile.OpenRead(_folder[$"feed/{Name}.1.0.0.{ending}"]);

    private async Task RunAsync(string program, params string[] arguments)
    {
        ProcessResult ended = await ChildProcess.RunAsync(
            new ChildStart(program, arguments) { Folder = _folder.Root },
            CancellationToken.None
        );
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Errors);
    }
}
