using System.Text.RegularExpressions;
using NotebookHost.Commands;

namespace NotebookHost.Tests;

/// <summary>What the texts of the project tell a reader to type.</summary>
public sealed partial class DocumentedCommandTests
{
    /// <summary>
    /// The commands of the first page that are not this program's own, by how they begin, and who runs them: a class of
    /// tests, or the gate. By hand are those that measure for minutes or need a machine of their own.
    /// </summary>
    private static readonly (string Command, string RunBy)[] Others =
    [
        ("dotnet run -c Release --project src/NotebookHost", nameof(CourseCommandTests)),
        ("dotnet test", ".ci/run"),
        ("dotnet build -c Release", nameof(LibraryPackageTests)),
        ("dotnet pack", nameof(ToolPackageTests)),
        ("dotnet tool install --global NotebookHost", nameof(ToolPackageTests)),
        ("dotnet tool install --global Microsoft.dotnet-interactive", ".ci/run"),
        ("dotnet interactive jupyter install", "DotNetInteractiveTests"),
        ("jupyter notebook notebooks", "JupyterServer"),
    ];

    public static TheoryData<string> Texts =>
        [
            .. Directory
                .EnumerateFiles(NotebookFolder.Repository, "*.md")
                .Concat(
                    new[] { "notebooks", "src", "tests", ".devcontainer" }.SelectMany(folder =>
                        Directory.EnumerateFiles(
                            Path.Combine(NotebookFolder.Repository, folder),
                            "*.md",
                            SearchOption.AllDirectories
                        )
                    )
                )
                .Select(file => Path.GetRelativePath(NotebookFolder.Repository, file))
                .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
                .Where(file => OfThisProgram(file).Any())
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void ThisProgramTakesEachCommandOfATextAsItStands(string file) =>
        Assert.All(
            OfThisProgram(file),
            command => Assert.Empty(HostCommand.Create().Parse(command).Errors.Select(error => error.Message))
        );

    /// <summary>What a reader copies from the first page is run before it gets there.</summary>
    [Fact]
    public void EachOtherCommandOfTheFirstPageIsRunByATestOrMarked()
    {
        string text = File.ReadAllText(Path.Combine(NotebookFolder.Repository, "README.md"));
        string[] commands = [.. Typed().Matches(text).Select(match => match.Groups["command"].Value)];
        Assert.InRange(commands.Length, 5, 100);
        Assert.All(
            commands.Where(command => !OurCommand().IsMatch(command) && !Measures().IsMatch(command)),
            command => Assert.Contains(Others, other => command.StartsWith(other.Command, StringComparison.Ordinal))
        );
        Assert.All(
            Others.Select(other => other.RunBy).Where(by => by[0] != '.'),
            by =>
                Assert.NotEmpty(
                    Directory.GetFiles(
                        Path.Combine(NotebookFolder.Repository, "tests"),
                        by + ".cs",
                        SearchOption.AllDirectories
                    )
                )
        );
    }

    [Fact]
    public void EachMeasurementIsAVerbOfItsProgram()
    {
        string folder = Path.Combine(NotebookFolder.Repository, "tests/NotebookSupport.Benchmarks");
        string[] verbs =
        [
            .. Measures()
                .Matches(File.ReadAllText(Path.Combine(folder, "README.md")))
                .Select(match => match.Groups["verb"].Value),
        ];
        string program = File.ReadAllText(Path.Combine(folder, "Program.cs"));
        Assert.InRange(verbs.Length, 10, 100);
        Assert.All(verbs, verb => Assert.Contains($"case \"{verb}\"", program));
    }

    private static IEnumerable<string> OfThisProgram(string file) =>
        OurCommand()
            .Matches(File.ReadAllText(Path.Combine(NotebookFolder.Repository, file)).Replace("\\\n", " "))
            .Select(match => match.Groups["arguments"].Value.Split('#')[0].Trim());

    [GeneratedRegex(
        @"(--project src/NotebookHost --|(?<![\w/-])notebook-host(?![\w-])|(?<=`)host(?= )|(?<=`)--(?= [a-z]))(?<arguments>[^`\n]*)"
    )]
    private static partial Regex OurCommand();

    [GeneratedRegex(@"--project tests/NotebookSupport\.Benchmarks -- (?<verb>\w+)")]
    private static partial Regex Measures();

    /// <summary>A line of a block, or a piece of code in a sentence, that begins with a program.</summary>
    [GeneratedRegex(
        @"(^|`)(?<command>(dotnet|jupyter|docker|helm|pip|npm|git|sudo|bash) [^`\n]+)",
        RegexOptions.Multiline
    )]
    private static partial Regex Typed();
}
