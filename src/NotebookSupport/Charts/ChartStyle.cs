using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace NotebookSupport;

/// <summary>
/// How every chart of the course looks. A measurement is points or a line over its faint raw data; a theory is a thin
/// solid line of the same colour. A figure names the colours for light paper; figure.js holds the same pairs and takes the
/// other one on dark paper.
/// </summary>
internal static class ChartStyle
{
    /// <summary>
    /// The colours of series, after Okabe and Ito, "Color Universal Design", 2008: their hues, each dark enough for
    /// light paper and light enough for dark paper (a contrast of at least 3:1), and far enough apart for a reader who
    /// sees no red or no green.
    /// </summary>
    public static readonly IReadOnlyList<(string Light, string Dark)> Palette =
    [
        ("#0072B2", "#56B4E9"), // blue
        ("#C27C00", "#F2C230"), // orange
        ("#00996E", "#1FC28A"), // green
        ("#A62F7C", "#E05CB4"), // purple
        ("#9C2F00", "#E0601F"), // vermilion
        ("#20242A", "#E9ECEE"), // ink
    ];

    /// <summary>Papers of the course's pages; a line over a map has an edge of their colour.</summary>
    public static readonly (string Light, string Dark) Paper = ("#FDFCFA", "#16191D");

    private static readonly (string Light, string Dark) Between = ("#F4F3F1", "#262B31");
    private static readonly (string Light, string Dark) PaleBlue = ("#B3D4E8", "#123A55");
    private static readonly (string Light, string Dark) PaleVermilion = ("#F3CDB0", "#4F2510");
    private static readonly (string Light, string Dark) Shade = ("#6FA8CC", "#2F6A91");

    /// <summary>Every colour that a figure may name, and what it is on dark paper.</summary>
    public static IReadOnlyList<(string Light, string Dark)> Pairs =>
        [.. Palette, Paper, Between, PaleBlue, PaleVermilion, Shade];

    /// <summary>From class 0 to class 1 over what the classifier does not know; pale, for the examples lie on it.</summary>
    public static readonly object[][] Probabilities =
    [
        [0, PaleBlue.Light],
        [0.5, Between.Light],
        [1, PaleVermilion.Light],
    ];

    /// <summary>From the lowest number below 0 to the highest above it.</summary>
    public static readonly object[][] Signed =
    [
        [0, Palette[0].Light],
        [0.5, Between.Light],
        [1, Palette[4].Light],
    ];

    /// <summary>From nothing to much; ink is seen on every one of them.</summary>
    public static readonly object[][] Shades =
    [
        [0, Paper.Light],
        [1, Shade.Light],
    ];

    /// <summary>The scale of magnitudes.</summary>
    public const string Magnitudes = "Viridis";

    /// <summary>The colours of the two classes of a plane, as of <see cref="Probabilities"/>.</summary>
    public static string Class(int label) => Palette[label == 0 ? 0 : 4].Light;

    /// <summary>The colour of a series.</summary>
    public static string Colour(int series) => Palette[series % Palette.Count].Light;

    /// <summary>The marker of a series.</summary>
    public static string Symbol(int series) => Symbols[series % Symbols.Length];

    /// <summary>The colour of a curve over a map of magnitudes, from the other end of the colours.</summary>
    public static string OverMap(int curve) => Palette[(4 + curve) % Palette.Count].Light;

    private static readonly string[] Symbols = ["circle", "diamond", "square", "triangle-up", "cross", "x"];

    /// <summary>In pixels.</summary>
    public const double LineWidth = 2;

    /// <summary>In pixels, of a theory.</summary>
    public const double TheoryWidth = 1.5;

    /// <summary>In pixels, across.</summary>
    public const double MarkerSize = 6;

    /// <summary>How much of the paper shows through raw data under their smoothed line.</summary>
    public const double FaintOpacity = 0.35;

    /// <summary>Pixels above and below the plot of a figure without a legend.</summary>
    public const int Above = 44;

    /// <inheritdoc cref="Above"/>
    public const int Below = 52;

    /// <summary>The height of a line of a legend, in pixels.</summary>
    private const int LegendLine = 20;

    /// <summary>In pixels; what a legend is laid out for.</summary>
    private const int LegendWidth = 660;

    private const int LegendMarker = 45;
    private const double LegendLetter = 6.5;

    private const string Grid = "rgba(128,128,128,0.2)";

    /// <summary>Decades that an axis shows with a label at each power of ten; of more, at some.</summary>
    private const int MostDecades = 7;

    /// <summary>Whole numbers that an axis labels each.</summary>
    private const int MostIntegers = 10;

    /// <summary>Fewer decades than this have labels between the powers of ten.</summary>
    private const double FewDecades = 2;

    /// <summary>A layout with all that it does not say itself, in the style of the course.</summary>
    public static JsonObject Layout(JsonObject layout)
    {
        var styled = new JsonObject
        {
            ["paper_bgcolor"] = "rgba(0,0,0,0)",
            ["plot_bgcolor"] = "rgba(0,0,0,0)",
            ["margin"] = new JsonObject
            {
                ["l"] = 64,
                ["r"] = 24,
                ["t"] = Above,
                ["b"] = Below,
            },
            ["font"] = new JsonObject { ["size"] = 13 },
            ["colorway"] = new JsonArray([.. Palette.Select(pair => (JsonNode)pair.Light)]),
            ["uirevision"] = "keep",
        };
        foreach ((string key, JsonNode? value) in layout)
            styled[key] = value!.DeepClone();
        foreach (string axis in (string[])["xaxis", "yaxis"])
            styled[axis] ??= new JsonObject();
        foreach (string axis in styled.Select(pair => pair.Key).Where(IsAxis).ToArray())
            styled[axis] = Over(AxisDefaults(), styled[axis]!);
        if (styled["title"] is { } title)
            styled["title"] = Over(TitleDefaults(), title);
        return styled;
    }

    /// <summary>Gives the colour bars of traces the notation of the axes.</summary>
    public static JsonArray Traces(JsonArray traces)
    {
        foreach (JsonObject trace in traces.Select(trace => trace!.AsObject()))
            if (trace["colorbar"] is { } bar)
                trace["colorbar"] = Over(BarDefaults(), bar);
        return traces;
    }

    /// <summary>A legend between the title and the plot, and how much higher the figure is for it.</summary>
    public static (object Legend, int Height) Legend(IEnumerable<string> names, int height)
    {
        int[] letters = [.. names.Select(name => name.Length)];
        int columns = Math.Max(1, (int)(LegendWidth / (LegendMarker + LegendLetter * letters.DefaultIfEmpty(0).Max())));
        int more = LegendLine * ((letters.Length + columns - 1) / columns);
        return (
            new
            {
                orientation = "h",
                x = 0,
                xanchor = "left",
                yref = "container",
                y = 1 - (Above - 4.0) / (height + more),
                yanchor = "top",
                bgcolor = "rgba(0,0,0,0)",
            },
            height + more
        );
    }

    /// <summary>An axis for some values.</summary>
    /// <param name="title">The quantity, with its unit.</param>
    /// <param name="log">Whether it is logarithmic.</param>
    /// <param name="values">What lies on it.</param>
    public static JsonObject Axis(string title, bool log, IEnumerable<double> values)
    {
        var axis = new JsonObject { ["title"] = new JsonObject { ["text"] = title } };
        if (!log)
        {
            // Layers and the like have no halves.
            double[] places = [.. values];
            if (places.Length > 0 && places.All(double.IsInteger) && places.Max() - places.Min() <= MostIntegers)
                axis["dtick"] = 1;
            return axis;
        }
        double[] decades = [.. values.Where(value => value > 0 && double.IsFinite(value)).Select(Math.Log10)];
        axis["type"] = "log";
        SetLogTicks(axis, decades.DefaultIfEmpty(0).Min(), decades.DefaultIfEmpty(1).Max());
        return axis;
    }

    /// <summary>Sets the ticks of a logarithmic axis: powers of ten, or 1, 2 and 5 times them, or even steps.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="low">The common logarithm of its lower end.</param>
    /// <param name="high">That of its upper end.</param>
    public static void SetLogTicks(JsonObject axis, double low, double high)
    {
        (double Place, string Text)[] ticks =
            high - low >= FewDecades
                ? [.. Decades(low, high).Select(power => (Math.Pow(10, power), PowerTick(power)))]
                : [.. FewTicks(low, high).Select(tick => (tick, Number(tick, digits: 4)))];
        axis["tickvals"] = new JsonArray([.. ticks.Select(tick => (JsonNode)tick.Place)]);
        axis["ticktext"] = new JsonArray([.. ticks.Select(tick => (JsonNode)tick.Text)]);
    }

    /// <summary>The label of a power of ten: 10⁻¹, 1, 10, 10².</summary>
    public static string PowerTick(int exponent) =>
        exponent switch
        {
            0 => "1",
            1 => "10",
            _ => Power(exponent),
        };

    /// <summary>A number as the axes write it: 0.05, 3,000, 2.3×10⁻⁷.</summary>
    /// <param name="value">Any number.</param>
    /// <param name="digits">Significant ones; default 3.</param>
    public static string Number(double value, int digits = 3)
    {
        if (value == 0 || !double.IsFinite(value))
            return double.IsNaN(value) ? "not a number"
                : value == 0 ? "0"
                : value > 0 ? "∞"
                : "−∞";
        string text = Math.Abs(value).ToString(Invariant($"E{digits - 1}"), CultureInfo.InvariantCulture);
        int mark = text.IndexOf('E', StringComparison.Ordinal);
        int exponent = int.Parse(text.AsSpan(mark + 1), CultureInfo.InvariantCulture);
        double rounded = double.Parse(text, CultureInfo.InvariantCulture);
        string sign = value < 0 ? "−" : "";
        if (exponent is >= -4 and < 6)
            return sign
                + (
                    rounded >= 1000
                        ? rounded.ToString("N0", CultureInfo.InvariantCulture)
                        : rounded.ToString("0.#########", CultureInfo.InvariantCulture)
                );
        string mantissa = text[..mark].TrimEnd('0').TrimEnd('.');
        return sign + (mantissa == "1" ? "" : mantissa + "×") + Power(exponent);
    }

    /// <summary>A power of ten: 10⁻³.</summary>
    public static string Power(int exponent)
    {
        var text = new StringBuilder("10");
        foreach (char letter in exponent.ToString(CultureInfo.InvariantCulture))
            text.Append(letter == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[letter - '0']);
        return text.ToString();
    }

    private static IEnumerable<int> Decades(double low, double high)
    {
        int step = (int)Math.Ceiling((high - low) / MostDecades);
        int last = (int)Math.Ceiling(high / step);
        for (int i = (int)Math.Floor(low / step); i <= last; i++)
            yield return i * step;
    }

    private static IEnumerable<double> FewTicks(double low, double high)
    {
        (double from, double to) = (Math.Pow(10, low), Math.Pow(10, high));
        if (high - low < 0.5)
        {
            // 3 to 6 even steps.
            double rough = (to - from) / 4;
            double power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(rough, to * 1e-4))));
            double step =
                power
                * (
                    rough < 1.5 * power ? 1
                    : rough < 3.5 * power ? 2
                    : rough < 7.5 * power ? 5
                    : 10
                );
            long first = (long)Math.Floor(from / step) - 1;
            long last = (long)Math.Ceiling(to / step) + 1;
            for (long i = Math.Max(1, first); i <= last; i++)
                yield return i * step;
            yield break;
        }
        for (int decade = (int)Math.Floor(low) - 1; decade <= Math.Ceiling(high); decade++)
            foreach (int times in (int[])[1, 2, 5])
                yield return times * Math.Pow(10, decade);
    }

    private static bool IsAxis(string key) =>
        key.StartsWith("xaxis", StringComparison.Ordinal) || key.StartsWith("yaxis", StringComparison.Ordinal);

    private static JsonObject AxisDefaults() =>
        new()
        {
            ["automargin"] = true,
            ["gridcolor"] = Grid,
            ["ticks"] = "",
            ["zeroline"] = false,
            ["exponentformat"] = "power",
            ["showexponent"] = "all",
            ["minexponent"] = 4,
            ["separatethousands"] = true,
            ["title"] = new JsonObject { ["standoff"] = 10 },
        };

    private static JsonObject TitleDefaults() =>
        new()
        {
            ["x"] = 0,
            ["xref"] = "paper",
            ["xanchor"] = "left",
            ["y"] = 1,
            ["yref"] = "container",
            ["yanchor"] = "top",
            ["pad"] = new JsonObject { ["t"] = 12 },
            ["font"] = new JsonObject { ["size"] = 16 },
        };

    private static JsonObject BarDefaults() =>
        new()
        {
            ["thickness"] = 12,
            ["outlinewidth"] = 0,
            ["exponentformat"] = "power",
            ["showexponent"] = "all",
            ["minexponent"] = 4,
            ["separatethousands"] = true,
            ["title"] = new JsonObject { ["side"] = "right" },
        };

    /// <summary>Settings, and the defaults that they do not name.</summary>
    private static JsonObject Over(JsonObject defaults, JsonNode settings)
    {
        foreach ((string key, JsonNode? value) in settings.AsObject())
            if (defaults[key] is JsonObject inner && value is JsonObject)
                Over(inner, value);
            else
                defaults[key] = value?.DeepClone();
        return defaults;
    }
}
