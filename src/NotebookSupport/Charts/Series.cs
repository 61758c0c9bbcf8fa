namespace NotebookSupport;

/// <summary>Numbers over numbers, for a chart: what was measured, or what a theory says.</summary>
[TypeFormatterSource(typeof(HtmlFormatter), PreferredMimeTypes = ["text/html"])]
public sealed record Series
{
    private Series(string name, IReadOnlyList<double> x, IReadOnlyList<double> y, bool isTheory)
    {
        Name = Require.NotNull(name);
        X = Require.NotNull(x);
        Y = Require.NotNull(y);
        IsTheory = isTheory;
        if (x.Count != y.Count || x.Count == 0)
            throw new ArgumentException(
                Invariant($"y has length {y.Count}; expected {Math.Max(1, x.Count)}, as x."),
                nameof(y)
            );
    }

    /// <summary>What the legend says.</summary>
    public string Name { get; }

    /// <summary>The horizontal places.</summary>
    public IReadOnlyList<double> X { get; }

    /// <summary>The values.</summary>
    public IReadOnlyList<double> Y { get; }

    /// <summary>Whether it is a theory, drawn as a line; a measurement is drawn as points.</summary>
    public bool IsTheory { get; }

    /// <summary>The name and the number of points in one line.</summary>
    public override string ToString() =>
        Invariant($"{Name}, {(IsTheory ? "theory" : "measured")}, {X.Count} {(X.Count == 1 ? "point" : "points")}");

    /// <summary>What was measured.</summary>
    /// <param name="name">What the legend says.</param>
    /// <param name="x">The horizontal places; at least one.</param>
    /// <param name="y">As many values.</param>
    public static Series Measured(string name, IReadOnlyList<double> x, IReadOnlyList<double> y) =>
        new(name, x, y, isTheory: false);

    /// <summary>What a theory says; it is drawn in the colour of the measurement directly before it.</summary>
    /// <param name="name">What the legend says.</param>
    /// <param name="x">The horizontal places; at least one.</param>
    /// <param name="y">As many values.</param>
    public static Series Theory(string name, IReadOnlyList<double> x, IReadOnlyList<double> y) =>
        new(name, x, y, isTheory: true);

    /// <summary>What was measured of some things, each a point.</summary>
    /// <param name="name">What the legend says.</param>
    /// <param name="items">The things, the results of a sweep for one; at least one.</param>
    /// <param name="x">The horizontal place of each.</param>
    /// <param name="y">The value of each.</param>
    public static Series Points<T>(string name, IEnumerable<T> items, Func<T, double> x, Func<T, double> y)
    {
        T[] all = [.. items ?? throw new ArgumentNullException(nameof(items), "items is null; expected a value.")];
        return Measured(name, [.. all.Select(Require.NotNull(x))], [.. all.Select(Require.NotNull(y))]);
    }

    /// <summary>What a theory says as a function; it is drawn in the colour of the measurement directly before it.</summary>
    /// <param name="name">What the legend says.</param>
    /// <param name="x">The horizontal places; at least one.</param>
    /// <param name="law">The value at each.</param>
    public static Series Line(string name, IReadOnlyList<double> x, Func<double, double> law) =>
        Theory(name, Require.NotNull(x), [.. x.Select(Require.NotNull(law))]);
}
