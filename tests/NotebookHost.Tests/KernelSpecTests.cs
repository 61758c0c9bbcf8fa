using System.Text.Json.Nodes;
using NotebookHost.Jupyter;
using NotebookHost.Notebooks;

namespace NotebookHost.Tests;

/// <summary>How Jupyter learns of the kernel, and what the kernel refuses to listen on.</summary>
public sealed class KernelSpecTests : IDisposable
{
    private readonly NotebookFolder _folder = new();

    private string Kernels => Path.Combine(_folder.Root, "share", "jupyter", "kernels");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task InstalledItStartsThisProgramAndUninstalledItIsGone()
    {
        Outcome installed = await _folder.RunAsync("kernel", "install", "--prefix", ".");
        Assert.Equal(0, installed.ExitCode);
        foreach (string name in new[] { "notebooksupport", ".net-csharp" })
        {
            Assert.Contains($"Installed {Path.Combine(Kernels, name)}", installed.Output);
            JsonObject spec = KernelSpec.Read(Path.Combine(Kernels, name))!;
            Assert.Equal("C#", spec["language"]!.ToString());
            Assert.Equal(
                KernelSpec.Variables,
                spec["env"]!.AsObject().ToDictionary(variable => variable.Key, variable => variable.Value!.ToString())
            );
            string[] command = [.. spec["argv"]!.AsArray().Select(part => part!.ToString())];
            Assert.Equal(["kernel", "start", "{connection_file}"], command[2..]);
            Assert.True(File.Exists(command[0]) && File.Exists(command[1]));
            Assert.All(
                ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"],
                logo => Assert.True(File.Exists(Path.Combine(Kernels, name, logo)))
            );
        }
        Outcome removed = await _folder.RunAsync("kernel", "uninstall", "--prefix", ".");
        Assert.Equal(0, removed.ExitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Kernels));
        Outcome again = await _folder.RunAsync("kernel", "uninstall", "--prefix", ".");
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("there is nothing to remove", again.Errors);
    }

    [Fact]
    public async Task TheKernelOfSomeoneElseStaysUnlessForced()
    {
        string theirs = _folder.WriteText(
            "share/jupyter/kernels/.net-csharp/kernel.json",
            """{ "argv": ["dotnet-interactive"], "display_name": "theirs", "language": "C#" }"""
        );
        Outcome installed = await _folder.RunAsync("kernel", "install", "--prefix", ".");
        Assert.Equal(0, installed.ExitCode);
        Assert.Contains(".net-csharp is another kernel and stays", installed.Output);
        Assert.Contains("theirs", File.ReadAllText(theirs));
        Outcome named = await _folder.RunAsync("kernel", "install", "--prefix", ".", "--name", ".net-csharp");
        Assert.Equal(1, named.ExitCode);
        Assert.Contains("is another kernel; expected a free --name, or --force", named.Errors);
        Assert.Equal(
            1,
            (await _folder.RunAsync("kernel", "uninstall", "--prefix", ".", "--name", ".net-csharp")).ExitCode
        );
        Assert.Contains("theirs", File.ReadAllText(theirs));
        Outcome forced = await _folder.RunAsync(
            "kernel",
            "install",
            "--prefix",
            ".",
            "--name",
            ".net-csharp",
            "--force"
        );
        Assert.Equal(0, forced.ExitCode);
        Assert.True(KernelSpec.IsOurs(Path.GetDirectoryName(theirs)!));
    }

    [SkippableFact]
    public async Task TheDoctorTellsAKernelOfAnotherBuild()
    {
        Skip.If(
            !(Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(':')
                .Any(p => File.Exists(Path.Combine(p, "jupyter-kernelspec"))),
            "There is no jupyter-kernelspec on the PATH."
        );
        _folder.WriteText("other.dll", "");
        _folder.WriteText(
            "kernels/notebooksupport/kernel.json",
            $$"""
            { "argv": ["dotnet", "{{_folder[
                "other.dll"
            ]}}"], "display_name": "x", "language": "C#", "metadata": { "notebooksupport": true } }
            """
        );
        Outcome outcome = await _folder.RunAsync(("JUPYTER_DATA_DIR", _folder.Root), "doctor");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains($"notebooksupport is another build: {_folder["other.dll"]}", outcome.Output);
    }

    [Theory]
    [InlineData("--name ../up", "--name is ../up; expected letters, digits, '-', '_' and '.'.")]
    [InlineData("--user --prefix x", "--user and --prefix were both given; expected one of them.")]
    public async Task ABadOptionIsOneSentence(string options, string expected)
    {
        Outcome outcome = await _folder.RunAsync(["kernel", "install", .. options.Split(' ')]);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(expected, outcome.Errors.Trim());
    }

    [Theory]
    [InlineData("ip", "0.0.0.0", "has ip 0.0.0.0; expected 127.0.0.1, since a kernel runs any code.")]
    [InlineData("ip", "192.168.1.5", "has ip 192.168.1.5; expected 127.0.0.1, since a kernel runs any code.")]
    [InlineData("transport", "ipc", "has transport ipc; expected tcp.")]
    [InlineData("signature_scheme", "hmac-md5", "has signature_scheme hmac-md5; expected hmac-sha256.")]
    [InlineData("key", "", "has an empty key; expected one, since anybody on this machine could run code without it.")]
    public void AConnectionThatIsNotSafeIsRefused(string field, string value, string expected)
    {
        JsonObject connection = KernelClient.ConnectionFile([1, 2, 3, 4, 5]);
        connection[field] = value;
        string path = _folder.WriteText("connection.json", connection.ToJsonString());
        Assert.Equal($"{path} {expected}", Assert.Throws<NotebookException>(() => ConnectionFile.Read(path)).Message);
    }

    [Fact]
    public async Task WhatIsNoConnectionFileIsRefused()
    {
        string path = _folder.WriteText("connection.json", "{}");
        Outcome outcome = await _folder.RunAsync("kernel", "start", path);
        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith($"{path} is not a connection file: ", outcome.Errors);
    }
}
