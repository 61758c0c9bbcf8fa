using System.Text.Json.Nodes;

namespace NotebookHost.Tests;

/// <summary>What a cell gets for <c>#r "nuget: …"</c>.</summary>
public sealed class PackageTests : IDisposable
{
    private static readonly string Library =
        $"#r \"{Path.Combine(NotebookFolder.Repository, "src/NotebookSupport/bin/NotebookSupport.dll")}\"";

    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("MathNet.Numerics, 5.0.0", "MathNet.Numerics.SpecialFunctions.Factorial(5)", "120")]
    [InlineData("MathNet.Numerics", "MathNet.Numerics.SpecialFunctions.Factorial(5)", "120")]
    [InlineData("Microsoft.DotNet.Interactive, 1.0.0-beta.1", "typeof(Kernel).Name", "Kernel")]
    public async Task APackageBesideTheLibraryIsTakenFromThere(string package, string code, string expected) =>
        Assert.Equal(expected, await RunAsync(Library, $"#r \"nuget: {package}\"", code));

    [Fact]
    public async Task APackageThatTheLibraryBroughtIsNotLoadedTwice()
    {
        const string Chart =
            "using Plotly.NET.CSharp;\nChart.Point<int, int, string>([1], [MathNet.Numerics.Combinatorics.Combinations(3, 1) > 2 ? 1 : 0]).GetType().Assembly == typeof(Plotly.NET.GenericChart).Assembly";
        Assert.Equal(
            "True",
            await RunAsync(
                Library,
                Chart,
                "#r \"nuget: Plotly.NET, 6.0.0\"\n#r \"nuget: MathNet.Numerics, 5.0.0\"",
                Chart,
                "AppDomain.CurrentDomain.GetAssemblies().Count(a => a.GetName().Name is \"Plotly.NET\" or \"MathNet.Numerics\") == 2"
            )
        );
    }

    [Fact]
    public async Task APackageWhoseAssemblyHasAnotherNameIsRestored() =>
        Assert.Equal(
            "Some name",
            await RunAsync("#r \"nuget: Humanizer.Core, 2.14.1\"", "using Humanizer;\n\"SomeName\".Humanize()")
        );

    [Fact]
    public async Task AnotherPackageIsRestored() =>
        Assert.Equal(
            "<p><em>a</em></p>\n",
            await RunAsync("#r \"nuget: Markdig, 1.6.0\"", "Markdig.Markdown.ToHtml(\"*a*\")")
        );

    [Theory]
    [InlineData("nuget: ", "#r \"nuget: \" is malformed; expected \"nuget: Name, version\".")]
    [InlineData("nuget: A<b>, 1", "#r \"nuget: A<b>, 1\" is malformed; expected \"nuget: Name, version\".")]
    public async Task AMalformedReferenceIsOneSentence(string reference, string expected)
    {
        _folder.Write("a.ipynb", $"#r \"{reference}\"");
        Outcome outcome = await _folder.RunAsync("run", "a.ipynb");
        Assert.Contains(expected, outcome.Errors);
    }

    private async Task<string> RunAsync(params string[] cells)
    {
        _folder.Write("a.ipynb", cells);
        Outcome outcome = await _folder.RunAsync("run", "a.ipynb", "--output", "out");
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        JsonNode data = _folder.Outputs("out/a.ipynb")[^1][0]!["data"]!;
        return string.Concat(data["text/plain"]!.AsArray().Select(line => line!.ToString()));
    }
}
