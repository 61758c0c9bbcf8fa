using System.Diagnostics;
using System.Text.Json;

namespace NotebookSupport.Tests;

/// <summary>The same seed gives the same digits, and a step allocates nothing: held in processes of their own.</summary>
public class SameDigitsTests
{
    private static readonly Lazy<string> Expected = new(() => Hash("DOTNET_NOLOGO=1", 1));

    /// <summary>Against one thread and the widest vectors of this machine.</summary>
    [SkippableTheory]
    [InlineData("DOTNET_NOLOGO=1", 1)]
    [InlineData("DOTNET_NOLOGO=1", 2)]
    [InlineData("DOTNET_EnableAVX512=0", 1)]
    [InlineData("DOTNET_EnableAVX512=0", 2)]
    [InlineData("DOTNET_EnableAVX2=0", 1)]
    [InlineData("DOTNET_EnableAVX2=0", 2)]
    [InlineData("DOTNET_EnableHWIntrinsic=0", 1)]
    [InlineData("DOTNET_EnableHWIntrinsic=0", 2)]
    public void TrainingsEndInTheSameDigits(string setting, int threads)
    {
        // Narrow vectors are slow; with two threads their digits and the division of the work are both held.
        if (threads == 1 && setting is ("DOTNET_EnableAVX2=0" or "DOTNET_EnableHWIntrinsic=0"))
            Exhaustive.Needs($"{setting} is tried with one thread, and not with two alone,");
        Assert.Equal(Expected.Value, Hash(setting, threads));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AStepAllocatesNothing(int threads) =>
        Assert.Equal(0, Run("allocated", "DOTNET_NOLOGO=1", threads).GetProperty("bytes").GetInt64());

    private static string Hash(string setting, int threads) =>
        Run("hash", setting, threads).GetProperty("sha256").GetString()!;

    private static JsonElement Run(string verb, string setting, int threads)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        string program = typeof(Benchmarks.GoldenCase).Assembly.Location;
        foreach (string argument in new[] { program, verb, "--threads", $"{threads}" })
            start.ArgumentList.Add(argument);
        string[] pair = setting.Split('=');
        start.Environment[pair[0]] = pair[1];
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return JsonDocument.Parse(output).RootElement;
    }
}
