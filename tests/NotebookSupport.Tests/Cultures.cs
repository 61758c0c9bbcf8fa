using System.Globalization;

namespace NotebookSupport.Tests;

/// <summary>Cultures whose numbers look different.</summary>
internal static class Cultures
{
    /// <summary>A culture whose every sign is one that no text holds, and whose small I has no dot.</summary>
    public static CultureInfo Marked { get; } = Mark();

    /// <summary>Sets the culture of the current flow of execution until the end of the scope.</summary>
    public static IDisposable Use(CultureInfo culture)
    {
        var before = new Restored(CultureInfo.CurrentCulture);
        CultureInfo.CurrentCulture = culture;
        return before;
    }

    /// <summary>Fails where a text holds a sign of <see cref="Marked"/>.</summary>
    public static void IsUnmarked(string text) =>
        Assert.False(text.Any(c => c is >= '\uE000' and <= '\uF8FF'), $"A sign of the culture is in: {text}");

    private static CultureInfo Mark()
    {
        var culture = (CultureInfo)new CultureInfo("tr-TR").Clone();
        NumberFormatInfo numbers = culture.NumberFormat;
        numbers.NumberDecimalSeparator = numbers.PercentDecimalSeparator = numbers.CurrencyDecimalSeparator = "\uE001";
        numbers.NumberGroupSeparator = numbers.PercentGroupSeparator = numbers.CurrencyGroupSeparator = "\uE002";
        numbers.NegativeSign = "\uE003";
        numbers.PositiveSign = "\uE004";
        numbers.PercentSymbol = "\uE005";
        numbers.NaNSymbol = "\uE006";
        numbers.PositiveInfinitySymbol = "\uE007";
        numbers.NegativeInfinitySymbol = "\uE008";
        return culture;
    }

    private sealed class Restored(CultureInfo before) : IDisposable
    {
        public void Dispose() => CultureInfo.CurrentCulture = before;
    }
}
