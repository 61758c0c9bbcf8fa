using NotebookSupport.Benchmarks;

namespace NotebookSupport.Tests;

/// <summary>Holds losses, gradients, clipping and ten steps of descent against values that PyTorch computed.</summary>
public class GoldenTests
{
    private static readonly IReadOnlyList<GoldenCase> Cases = GoldenCase.Read(
        Path.Combine(AppContext.BaseDirectory, "Golden", "pytorch.json")
    );

    public static TheoryData<string> Names() => [.. Cases.Select(c => c.Name)];

    [Fact]
    public void AllEighteenCasesAreThere() => Assert.Equal(18, Cases.Count);

    [Theory]
    [MemberData(nameof(Names))]
    public void AgreesWithPyTorch(string name) =>
        Assert.InRange(Cases.Single(c => c.Name == name).WorstRelativeError(), 0, 1e-10);
}
