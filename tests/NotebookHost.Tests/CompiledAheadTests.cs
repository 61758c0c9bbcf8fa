using System.Reflection.PortableExecutable;

namespace NotebookHost.Tests;

public class CompiledAheadTests
{
    /// <summary>Machine code in an assembly is what its header calls a managed native header.</summary>
    [SkippableTheory]
    [InlineData("Microsoft.CodeAnalysis")]
    [InlineData("Microsoft.CodeAnalysis.CSharp")]
    [InlineData("Microsoft.CodeAnalysis.Scripting")]
    public void TheCompilerIsMachineCodeAlready(string assembly)
    {
        string folder = Path.GetDirectoryName(HostProgram.Path)!;
        using var file = new PEReader(File.OpenRead(Path.Combine(folder, $"{assembly}.dll")));
        bool isCompiled = file.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
        Skip.If(
            !isCompiled && Environment.GetEnvironmentVariable("CompileAhead") == "false",
            "The build was told to go without (CompileAhead=false)."
        );
        Assert.True(isCompiled);
    }
}
