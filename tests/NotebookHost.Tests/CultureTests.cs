using System.Text.Json.Nodes;
using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

/// <summary>A notebook gives the same bytes whatever the machine's language, and a cell may choose any.</summary>
public class CultureTests
{
    private static readonly string[] Cells =
    [
        "Console.WriteLine(1.5);\nConsole.WriteLine($\"{-1234.5:N1} {DateTime.UnixEpoch:D}\");\n0.25",
        "display(new[] { 1.5, -2.5 });\nint.Parse(\"x\")",
    ];

    [Fact]
    public async Task TheOutputsAreTheSameBytesUnderAnyLanguage()
    {
        using var folder = new NotebookFolder();
        folder.Write("in/a.ipynb", Cells);
        Outcome plain = await folder.RunAsync(("LC_ALL", "C"), "run", "in", "--output", "plain");
        foreach (string language in (string[])["de_DE.UTF-8", "ar_SA.UTF-8", "tr_TR.UTF-8"])
        {
            Outcome other = await folder.RunAsync(("LC_ALL", language), "run", "in", "--output", language);
            Assert.Equal(plain.Errors, other.Errors);
            Assert.Equal(
                await File.ReadAllBytesAsync(folder["plain/a.ipynb"]),
                await File.ReadAllBytesAsync(folder[$"{language}/a.ipynb"])
            );
            Assert.Contains("1.5", CodeCell.Text(folder.Outputs($"{language}/a.ipynb")[0][0]!["text"]));
        }
    }

    [SkippableFact]
    public async Task ACellMayUseAnyCulture()
    {
        Skip.If(
            Environment.GetEnvironmentVariable("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT") is "1" or "true",
            "ICU is off."
        );
        using var folder = new NotebookFolder();
        folder.Write(
            "a.ipynb",
            "(12.5).ToString(\"C2\", new System.Globalization.CultureInfo(\"en-US\"))",
            "string.Join(\" \", new[] { \"Zebra\", \"Ähre\", \"Apfel\" }.Order(StringComparer.Create(new(\"de-DE\"), false)))"
        );
        Outcome outcome = await folder.RunAsync("run", "a.ipynb", "--output", "out");
        Assert.Equal("", outcome.Errors);
        JsonArray[] outputs = folder.Outputs("out/a.ipynb");
        Assert.Equal("$12.50", CodeCell.Text(outputs[0][0]!["data"]!["text/plain"]));
        Assert.Equal("Ähre Apfel Zebra", CodeCell.Text(outputs[1][0]!["data"]!["text/plain"]));
    }
}
