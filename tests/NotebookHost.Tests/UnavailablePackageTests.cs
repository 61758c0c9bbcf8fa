namespace NotebookHost.Tests;

/// <summary>Cells that ask for what cannot be had, one behind the other in one process.</summary>
public sealed class UnavailablePackages : IAsyncLifetime
{
    public static readonly TheoryData<string, string> Cells = new()
    {
        {
            "#r \"nuget: Base, 9.0.0\"",
            "#r \"nuget: Base, 9.0.0\": version 9.0.0 of Base was not found; the newest that was found is 2.0.0."
        },
        {
            "#r \"nuget: Base, [3.0.0,4.0.0)\"",
            "version [3.0.0,4.0.0) of Base was not found; the newest that was found is 2.0.0."
        },
        {
            "#r \"nuget: Early\"",
            "Early has only prerelease versions; the newest that was found is 1.0.0-beta.1; write \"nuget: Early, *-*\" or the version."
        },
        { "#r \"nuget: Base, one\"", "#r \"nuget: Base, one\" is malformed; expected \"nuget: Name, version\"." },
        {
            "#r \"nuget: Base, [1.0.0]\"\n#r \"nuget: Upper, 1.0.0\"",
            "#r \"nuget: Base, [1.0.0]\": Upper 1.0.0 needs Base 2.0.0, which [1.0.0] does not include."
        },
        { "#i \"nuget:/no/such/feed\"", "#i \"nuget:/no/such/feed\": there is no folder /no/such/feed." },
        {
            "#i \"feed\"",
            "#i \"feed\" is malformed; expected \"nuget:\" and the address or folder of a source of packages."
        },
        {
            "#i \"nuget:https://127.0.0.1:9/index.json\"\n#r \"nuget: Base, 9.0.0\"",
            "Base could not be restored, because https://127.0.0.1:9/index.json did not answer."
        },
    };

    private readonly NotebookFolder _folder = new();

    /// <summary>The errors, one for each cell.</summary>
    public string[] Errors { get; private set; } = [];

    /// <summary>What was kept for the next restore.</summary>
    public bool IsAnythingKept =>
        Directory.Exists(_folder["data/NotebookHost/restored"])
        && Directory.EnumerateFileSystemEntries(_folder["data/NotebookHost/restored"]).Any();

    public async Task InitializeAsync()
    {
        new PackageFeed(_folder["feed"]).AddLibraries(
            "Base 1.0.0",
            "Base 2.0.0",
            "Upper 1.0.0 needs Base 2.0.0",
            "Early 1.0.0-beta.1"
        );
        PackageFeed.Configure(_folder, "feed");
        _folder.Write("a.ipynb", ["raises-exception"], [.. Cells.Select(row => (string)row[0])]);
        await _folder.RunAsync(("XDG_DATA_HOME", _folder["data"]), "run", "a.ipynb", "--output", "out");
        Errors = [.. _folder.Outputs("out/a.ipynb").Select(outputs => $"{Assert.Single(outputs)!["evalue"]}")];
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }
}

/// <summary>What a cell is told that asks for a package that cannot be had.</summary>
public sealed class UnavailablePackageTests(UnavailablePackages packages) : IClassFixture<UnavailablePackages>
{
    [Theory]
    [MemberData(nameof(UnavailablePackages.Cells), MemberType = typeof(UnavailablePackages))]
    public void ItIsOneSentence(string cell, string expected)
    {
        string error = packages.Errors[UnavailablePackages.Cells.Select(row => (string)row[0]).ToList().IndexOf(cell)];
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public void NothingIsKept() => Assert.False(packages.IsAnythingKept);
}
