using BenchmarkDotNet.Attributes;

namespace NotebookSupport.Benchmarks;

/// <summary>The kernels of a training step at the shapes of the course, for BenchmarkDotNet.</summary>
[InProcess]
public class KernelBenchmarks
{
    private readonly double[] _x = [.. Enumerable.Range(0, 12_800).Select(i => i / 3200.0 - 2)];
    private readonly double[] _y = new double[12_800];
    private ProductCase _product = new(1, 1, 1);

    [Params("100x128x100", "256x256x256", "64x128x64", "10x128x100")]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        int[] shape = [.. Shape.Split('x').Select(int.Parse)];
        _product = new ProductCase(shape[0], shape[1], shape[2]);
    }

    [Benchmark]
    public void Multiply() => _product.Multiply();

    [Benchmark]
    public void MultiplyTransposedFirst() => _product.MultiplyTransposedFirst();

    [Benchmark]
    public void MultiplyTransposedSecond() => _product.MultiplyTransposedSecond();

    [Benchmark]
    public void Tanh() => Activation.Tanh.Apply(_x, _y);

    [Benchmark]
    public void Sigmoid() => Activation.Sigmoid.Apply(_x, _y);

    [Benchmark]
    public void ReLU() => Activation.ReLU.Apply(_x, _y);

    [Benchmark]
    public double SumOfSquares() => Elementwise.SumOfSquares(_x);
}
