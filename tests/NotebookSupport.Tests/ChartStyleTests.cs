using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace NotebookSupport.Tests;

public partial class ChartStyleTests
{
    /// <summary>WCAG 2.2, 1.4.11: lines and markers.</summary>
    private const double LeastContrast = 3;

    /// <summary>
    /// Two colours are told apart in a drawing from a distance of about 10 in CIELAB; a just noticeable difference of large
    /// patches is 2.3 (Mahy, Van Eycken and Oosterlinck, 1994).
    /// </summary>
    private const double LeastDistance = 15;

    /// <summary>Machado, Oliveira and Fernandes, 2009, severity 1, on linear RGB.</summary>
    private static readonly Dictionary<string, double[,]> Eyes = new()
    {
        ["all cones"] = new double[,]
        {
            { 1, 0, 0 },
            { 0, 1, 0 },
            { 0, 0, 1 },
        },
        ["no red cones"] = new[,]
        {
            { 0.152286, 1.052583, -0.204868 },
            { 0.114503, 0.786281, 0.099216 },
            { -0.003882, -0.048116, 1.051998 },
        },
        ["no green cones"] = new[,]
        {
            { 0.367322, 0.860646, -0.227968 },
            { 0.280085, 0.672501, 0.047413 },
            { -0.011820, 0.042940, 0.968881 },
        },
    };

    [Fact]
    public void EverySeriesShowsOnLightAndOnDarkPaper()
    {
        foreach ((string light, string dark) in ChartStyle.Palette)
        {
            Assert.InRange(Contrast(light, ChartStyle.Paper.Light), LeastContrast, 21);
            Assert.InRange(Contrast(dark, ChartStyle.Paper.Dark), LeastContrast, 21);
        }
    }

    [Fact]
    public void TheOrangeOfTheFirstEditionDidNot() =>
        Assert.InRange(Contrast("#E69F00", ChartStyle.Paper.Light), 2, 2.9);

    [Theory]
    [InlineData("all cones")]
    [InlineData("no red cones")]
    [InlineData("no green cones")]
    public void TheSeriesAreToldApart(string eye)
    {
        string[][] papers =
        [
            [.. ChartStyle.Palette.Select(pair => pair.Light)],
            [.. ChartStyle.Palette.Select(pair => pair.Dark)],
        ];
        foreach (string[] colours in papers)
            for (int i = 0; i < colours.Length; i++)
            for (int j = 0; j < i; j++)
                Assert.True(
                    Distance(colours[i], colours[j], Eyes[eye]) > LeastDistance,
                    $"{colours[i]} and {colours[j]} look alike with {eye}."
                );
    }

    [Fact]
    public void RedAndGreenOfOneLightnessAreFoundAlike() =>
        Assert.InRange(Distance("#C27C00", "#7F9100", Eyes["no green cones"]), 0, LeastDistance);

    [Fact]
    public void ExamplesShowOnTheAnswersForTheirClass()
    {
        Dictionary<string, string> dark = ChartStyle.Pairs.ToDictionary(pair => pair.Light, pair => pair.Dark);
        foreach (int label in (int[])[0, 1])
        {
            var answer = (string)ChartStyle.Probabilities[2 * label][1];
            Assert.InRange(Contrast(ChartStyle.Class(label), answer), LeastContrast, 21);
            Assert.InRange(Contrast(dark[ChartStyle.Class(label)], dark[answer]), LeastContrast, 21);
        }
    }

    [Fact]
    public void TheScriptOfAFigureHasTheSameColoursForDarkPaper()
    {
        Match table = DarkTable().Match(File.ReadAllText(Path.Combine(Folder(), "figure.js")));
        var pairs = JsonSerializer.Deserialize<Dictionary<string, string>>(
            table.Groups[1].Value,
            new JsonSerializerOptions { AllowTrailingCommas = true }
        )!;
        Assert.Equal(
            ChartStyle.Pairs.ToDictionary(pair => pair.Light, pair => pair.Dark).OrderBy(pair => pair.Key),
            pairs.OrderBy(pair => pair.Key)
        );
    }

    [Fact]
    public void EveryColourOfEveryChartHasItsPair()
    {
        string[] known = [.. ChartStyle.Pairs.Select(pair => pair.Light)];
        foreach (Figure figure in EveryChart.Draw())
            Assert.Empty(HexColour().Matches(figure.Json.ToJsonString()).Select(m => m.Groups[1].Value).Except(known));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.05, "0.05")]
    [InlineData(2.30258, "2.3")]
    [InlineData(-0.125, "−0.125")]
    [InlineData(3000, "3,000")]
    [InlineData(12000, "12,000")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(2.34e-7, "2.34×10⁻⁷")]
    [InlineData(1e-15, "10⁻¹⁵")]
    [InlineData(3e21, "3×10²¹")]
    [InlineData(9.999e-5, "0.0001")]
    [InlineData(double.NegativeInfinity, "−∞")]
    public void NumbersHaveOneNotation(double value, string text) => Assert.Equal(text, ChartStyle.Number(value));

    [Theory]
    [InlineData(1e-9, 1e3, "10⁻⁸ 10⁻⁶ 10⁻⁴ 10⁻² 1 10²")]
    [InlineData(0.08, 4.5, "0.05 0.1 0.2 0.5 1 2 5")]
    [InlineData(0.57, 0.7, "0.54 0.56 0.58 0.6 0.62 0.64 0.66 0.68 0.7 0.72")]
    public void LogarithmicAxesHaveFewReadableTicks(double low, double high, string expected)
    {
        var axis = ChartStyle.Axis("y", log: true, [low, high]);
        string ticks = string.Join(
            ' ',
            axis["ticktext"]!
                .AsArray()
                .Zip(axis["tickvals"]!.AsArray())
                .Where(tick => (double)tick.Second! > low / 1.7 && (double)tick.Second! < high * 1.2)
                .Select(tick => tick.First!.ToString())
        );
        Assert.Contains(expected, ticks);
    }

    [Fact]
    public void EveryAxisAndColourBarHasTheSameNotation()
    {
        foreach (Figure figure in EveryChart.Draw())
        {
            foreach ((string key, var axis) in figure.Json["layout"]!.AsObject())
                if (
                    key.StartsWith("xaxis", StringComparison.Ordinal)
                    || key.StartsWith("yaxis", StringComparison.Ordinal)
                )
                    Assert.Equal(
                        ("power", "all"),
                        (axis!["exponentformat"]!.ToString(), axis["showexponent"]!.ToString())
                    );
            foreach (var trace in figure.Json["data"]!.AsArray())
                if (trace!["colorbar"] is { } bar)
                    Assert.Equal("power", bar["exponentformat"]!.ToString());
        }
    }

    [Fact]
    public void NoLineIsDashedAndNoMapIsPale()
    {
        foreach (Figure figure in EveryChart.Draw())
        foreach (var trace in figure.Json["data"]!.AsArray())
        {
            Assert.Equal("solid", trace!["line"]?["dash"]?.ToString() ?? "solid");
            if (trace["z"] is not null)
                Assert.Null(trace["opacity"]);
        }
    }

    /// <summary>WCAG 2.2, contrast ratio.</summary>
    private static double Contrast(string one, string other)
    {
        double[] both = [Luminance(one), Luminance(other)];
        return (both.Max() + 0.05) / (both.Min() + 0.05);
    }

    private static double Luminance(string colour)
    {
        double[] rgb = Linear(colour);
        return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
    }

    private static double[] Linear(string colour) =>
        [
            .. Enumerable
                .Range(0, 3)
                .Select(i => Convert.ToInt32(colour.Substring(1 + 2 * i, 2), 16) / 255.0)
                .Select(v => v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4)),
        ];

    /// <summary>The distance in CIELAB, as an eye sees two colours.</summary>
    private static double Distance(string one, string other, double[,] eye) =>
        Math.Sqrt(Lab(one, eye).Zip(Lab(other, eye), (a, b) => (a - b) * (a - b)).Sum());

    private static double[] Lab(string colour, double[,] eye)
    {
        double[] rgb = Linear(colour);
        double[] seen =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(i => Math.Clamp(Enumerable.Range(0, 3).Sum(j => eye[i, j] * rgb[j]), 0, 1)),
        ];
        double[,] xyz =
        {
            { 0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047 },
            { 0.2126729, 0.7151522, 0.0721750 },
            { 0.0193339 / 1.08883, 0.1191920 / 1.08883, 0.9503041 / 1.08883 },
        };
        double[] f =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(i => Enumerable.Range(0, 3).Sum(j => xyz[i, j] * seen[j]))
                .Select(t => t > 216.0 / 24389 ? Math.Cbrt(t) : (24389.0 / 27 * t + 16) / 116),
        ];
        return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])];
    }

    private static string Folder([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "../../src/NotebookSupport/Charts");

    [GeneratedRegex(@"const dark = (\{[^}]*\});")]
    private static partial Regex DarkTable();

    [GeneratedRegex("\"(#[0-9A-Fa-f]{3,8})\"")]
    private static partial Regex HexColour();
}
