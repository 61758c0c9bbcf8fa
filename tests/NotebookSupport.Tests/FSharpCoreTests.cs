using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace NotebookSupport.Tests;

/// <summary>Plotly.NET 6 asks for FSharp.Core 10.1; .NET Interactive holds 10.0.</summary>
public class FSharpCoreTests
{
    [Fact]
    public void EveryChartDrawsInAProcessThatHoldsAnOlderFSharpCore() =>
        Assert.Equal((0, "drawn"), LastLine(RunHost(AppContext.BaseDirectory)));

    [Fact]
    public void WithoutTheResolverTheyFail()
    {
        (int code, string line) = LastLine(RunHost(AppContext.BaseDirectory, "--without"));
        Assert.Equal(1, code);
        Assert.StartsWith("failed: ", line, StringComparison.Ordinal);
    }

    private static (int, string) LastLine((int Code, string Output) run)
    {
        Assert.StartsWith("holds FSharp.Core 10.0.", run.Output, StringComparison.Ordinal);
        return (run.Code, run.Output.TrimEnd().Split('\n')[^1].TrimEnd());
    }

    private static (int Code, string Output) RunHost(params string[] arguments)
    {
        string build = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string host = Path.Combine(Folder(), "..", "FSharpCoreHost", "bin", build, "net10.0", "FSharpCoreHost.dll");
        using Process process = Process.Start(
            new ProcessStartInfo("dotnet", [host, .. arguments]) { RedirectStandardOutput = true }
        )!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
