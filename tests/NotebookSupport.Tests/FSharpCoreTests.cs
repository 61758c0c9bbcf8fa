using System.Diagnostics;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace NotebookSupport.Tests;

/// <summary>Plotly.NET 6 asks for FSharp.Core 10.1; .NET Interactive holds 10.0.</summary>
public class FSharpCoreTests
{
    [Fact]
    public void EveryChartDrawsInAProcessThatHoldsAnOlderFSharpCore() =>
        Assert.Equal((0, "drawn"), LastLine(RunHost(AppContext.BaseDirectory)));

    /// <summary>A cell may call Plotly.NET before anything of the library has run.</summary>
    [Fact]
    public void WhatLiesBesideTheLibraryAsksForTheOlderOne()
    {
        (string Name, Version Asked)[] asking =
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Folder(), "..", "..", "src", "NotebookSupport", "bin"), "*.dll")
                .Where(file => Path.GetFileName(file) != "NotebookSupport.dll")
                .SelectMany(file => FSharpCoreOf(file).Select(asked => (Path.GetFileName(file), asked))),
        ];
        Assert.Contains(asking, file => file.Name == "Plotly.NET.dll");
        Assert.All(asking, file => Assert.InRange(file.Asked, new Version(0, 0), new Version(10, 0, 0, 0)));
    }

    [Fact]
    public void WithoutTheResolverTheyFail()
    {
        (int code, string line) = LastLine(RunHost(AppContext.BaseDirectory, "--without"));
        Assert.Equal(1, code);
        Assert.StartsWith("failed: ", line, StringComparison.Ordinal);
    }

    private static IEnumerable<Version> FSharpCoreOf(string file)
    {
        using var assembly = new PEReader(File.OpenRead(file));
        MetadataReader metadata = assembly.GetMetadataReader();
        return
        [
            .. metadata
                .AssemblyReferences.Select(metadata.GetAssemblyReference)
                .Where(reference => metadata.GetString(reference.Name) == "FSharp.Core")
                .Select(reference => reference.Version),
        ];
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
