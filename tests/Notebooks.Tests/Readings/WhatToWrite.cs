using System.Globalization;
using System.Text.RegularExpressions;
using NotebookSupport;

namespace Notebooks.Tests.Readings;

/// <summary>
/// The variance that a call of another library gives to a weight, by that library's documented formula. Sources, read in 2026:
/// PyTorch torch/nn/init.py (calculate_gain, kaiming_normal_ with a = 0 and leaky_relu where nothing else is said,
/// xavier_normal_) and torch/nn/modules/linear.py; Keras keras/src/initializers/random_initializers.py (VarianceScaling and
/// its named rules, whose standard deviation is that after the cut) and keras/src/layers/core/dense.py; TorchSharp
/// src/TorchSharp/NN/Init.cs, whose functions call those of PyTorch's C++ library.
/// </summary>
internal static class WhatToWrite
{
    private const string Number = @"([\d.]+)";

    /// <summary>The slope of the leak that <c>a</c> stands for.</summary>
    public const double Slope = 0.3;

    public static double PyTorch(string call, int fanIn, int fanOut) =>
        call switch
        {
            "kaiming_normal_(w, nonlinearity=\"relu\")" => Square(CalculateGain("relu")) / fanIn,
            "kaiming_normal_(w, nonlinearity=\"linear\")" => Square(CalculateGain("linear")) / fanIn,
            "kaiming_normal_(w, a)" => Square(CalculateGain("leaky_relu", Slope)) / fanIn,
            "xavier_normal_(w)" => Square(Math.Sqrt(2.0 / (fanIn + fanOut))),
            _ => Square(Math.Pow(Only(call, $@"^normal_\(w, 0, \({Number} / fan_in\) \*\* 0\.5\)$") / fanIn, 0.5)),
        };

    public static double TorchSharp(string call, int fanIn, int fanOut) =>
        call switch
        {
            "kaiming_normal_(w)" => Square(CalculateGain("leaky_relu", 0)) / fanIn,
            "kaiming_normal_(w, a)" => Square(CalculateGain("leaky_relu", Slope)) / fanIn,
            "xavier_normal_(w)" => Square(Math.Sqrt(2.0 / (fanIn + fanOut))),
            _ => Square(Math.Sqrt(Only(call, $@"^normal_\(w, 0, Math\.Sqrt\({Number} / fanIn\)\)$") / fanIn)),
        };

    public static double Keras(string call, int fanIn, int fanOut) =>
        call switch
        {
            "HeNormal()" => 2.0 / fanIn,
            "LecunNormal()" => 1.0 / fanIn,
            "GlorotNormal()" => 1 / ((fanIn + fanOut) / 2.0),
            "V(2 / (1 + a * a))" => 2 / (1 + Slope * Slope) / fanIn,
            _ => Only(call, $@"^V\({Number}\)$") / fanIn,
        };

    public static double Here(string call, int fanIn, int fanOut) =>
        (
            call switch
            {
                "HeNormal" => Initializer.HeNormal,
                "LeCunNormal" => Initializer.LeCunNormal,
                "GlorotNormal" => Initializer.GlorotNormal,
                "VarianceScaling(2 / (1 + a * a))" => Initializer.VarianceScaling(2 / (1 + Slope * Slope)),
                _ => Initializer.VarianceScaling(Only(call, $@"^VarianceScaling\({Number}\)$")),
            }
        ).Variance(fanOut, fanIn);

    /// <summary>The variance of the weights of a layer of PyTorch and TorchSharp that nobody initialized.</summary>
    public static double PyTorchDefault(int fanIn) => Square(CalculateGain("leaky_relu", Math.Sqrt(5))) / fanIn;

    /// <summary>PyTorch's recommended gains.</summary>
    public static double CalculateGain(string nonlinearity, double slope = 0.01) =>
        nonlinearity switch
        {
            "linear" or "sigmoid" => 1,
            "tanh" => 5.0 / 3,
            "relu" => Math.Sqrt(2),
            "leaky_relu" => Math.Sqrt(2 / (1 + slope * slope)),
            _ => throw new ArgumentOutOfRangeException(nameof(nonlinearity), nonlinearity, "It has no gain."),
        };

    private static double Square(double x) => x * x;

    private static double Only(string call, string pattern)
    {
        Match match = Regex.Match(call, pattern);
        Assert.True(match.Success, $"{call} is no call whose formula is known.");
        return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
