namespace NotebookHost.Tests;

/// <summary>What the doctor says of this machine, and of one that has nothing.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ItNamesWhatItLooksForAndIsContentWithTheSdkAndTheLibrary()
    {
        Outcome outcome = await _folder.RunAsync("doctor");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("✓ .NET SDK", outcome.Output);
        Assert.Contains("✓ library", outcome.Output);
        Assert.All(
            ["browser", "Jupyter", "kernel", ".NET Interactive", "VS Code", "devcontainer"],
            name => Assert.Contains(name, outcome.Output)
        );
    }

    [Fact]
    public async Task WhereNothingIsItSaysWhatToDo()
    {
        Directory.CreateDirectory(_folder["nothing"]);
        Outcome outcome = await _folder.RunAsync(("PATH", _folder["nothing"]), "doctor");
        Assert.Equal(0, outcome.ExitCode);
        Assert.All(
            [
                "no Chromium, Chrome or Edge was found",
                "pip install notebook",
                "kernel install",
                "install it with the extensions",
            ],
            advice => Assert.Contains(advice, outcome.Output.ReplaceLineEndings(" "))
        );
    }
}
