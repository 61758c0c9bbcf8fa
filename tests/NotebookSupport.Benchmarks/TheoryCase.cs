using System.Diagnostics;
using System.Text.Json;

namespace NotebookSupport.Benchmarks;

/// <summary>One scale of mean-field theory with values of high precision, and what the library makes of it.</summary>
public sealed record TheoryCase(
    string Activation,
    double S,
    double BiasScale,
    double Length,
    double Chi,
    double[][] Map
)
{
    private const int Points = 1000;

    private static readonly JsonSerializerOptions CamelCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    public static IReadOnlyList<TheoryCase> Read(string path) =>
        JsonSerializer.Deserialize<TheoryCase[]>(File.ReadAllText(path), CamelCase)!;

    /// <summary>The activation of the name.</summary>
    public Activation Phi { get; } =
        new[]
        {
            NotebookSupport.Activation.Tanh,
            NotebookSupport.Activation.Sigmoid,
            NotebookSupport.Activation.SiLU,
            NotebookSupport.Activation.GELU,
            NotebookSupport.Activation.ELU(),
            NotebookSupport.Activation.ELU(2),
        }.Single(activation => activation.Name == Activation);

    /// <summary>The largest error of q*, chi and the points of the map, relative to them where they are above 1.</summary>
    public double WorstError() =>
        Map.Select(point => Error(MeanField.NextCorrelation(Phi, point[0], S, BiasScale), point[1]))
            .Append(Error(MeanField.LengthFixedPoint(Phi, S, BiasScale), Length))
            .Append(Error(MeanField.ChiAtFixedPoint(Phi, S, BiasScale), Chi))
            .Max();

    /// <summary>The time of the first point of a scale that nothing is known of yet, and of each point after it, in microseconds.</summary>
    public (double First, double Next) Microseconds()
    {
        // A scale that no other call asks for: a hair away.
        long start = Stopwatch.GetTimestamp();
        MeanField.NextCorrelation(Phi, 0.5, S * (1 + 1e-9), BiasScale);
        double first = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Points; i++)
            MeanField.NextCorrelation(Phi, i / (double)Points, S * (1 + 1e-9), BiasScale);
        return (first, Stopwatch.GetElapsedTime(start).TotalMicroseconds / Points);
    }

    private static double Error(double value, double reference) =>
        Math.Abs(value - reference) / Math.Max(1, Math.Abs(reference));
}
