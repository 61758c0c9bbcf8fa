using System.Runtime.CompilerServices;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>Argument checks whose messages name the argument, its value and what was expected.</summary>
internal static class Require
{
    public static T NotNull<T>(T? value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : class => value ?? throw new ArgumentNullException(name, $"{name} is null; expected a value.");

    public static double Finite(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        double.IsFinite(value) ? value : throw OutOfRange(name, value, "a finite number");

    public static double NonNegative(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        double.IsFinite(value) && value >= 0 ? value : throw OutOfRange(name, value, "a finite number of at least 0");

    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        double.IsFinite(value) && value > 0 ? value : throw OutOfRange(name, value, "a finite number above 0");

    public static int AtLeast(int value, int minimum, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= minimum ? value : throw OutOfRange(name, value, Invariant($"an integer of at least {minimum}"));

    public static double Between(
        double value,
        double low,
        double high,
        [CallerArgumentExpression(nameof(value))] string name = ""
    ) =>
        value >= low && value <= high
            ? value
            : throw OutOfRange(name, value, Invariant($"a number from {low} to {high}"));

    public static Matrix<double> Shape(
        Matrix<double> value,
        int rows,
        int columns,
        [CallerArgumentExpression(nameof(value))] string name = ""
    ) =>
        NotNull(value, name).RowCount == rows && value.ColumnCount == columns
            ? value
            : throw new ArgumentException(
                Invariant($"{name} is [{value.RowCount} x {value.ColumnCount}]; expected [{rows} x {columns}]."),
                name
            );

    /// <summary>The sizes of the layers of a network, inputs first.</summary>
    public static void Sizes(IReadOnlyList<int> sizes, [CallerArgumentExpression(nameof(sizes))] string name = "")
    {
        if (sizes is null)
            throw new ArgumentNullException(name, $"{name} is null; expected a value.");
        if (sizes.Count < 2)
            throw new ArgumentException(
                $"{name} has {sizes.Count} entries; expected at least 2, the inputs and the outputs.",
                name
            );
        for (int l = 0; l < sizes.Count; l++)
            AtLeast(sizes[l], 1, Invariant($"{name}[{l}]"));
    }

    public static ArgumentOutOfRangeException OutOfRange(string name, object value, string expected) =>
        new(name, Invariant($"{name} is {value}; expected {expected}."));

    public static T Defined<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, Enum =>
        Enum.IsDefined(value)
            ? value
            : throw OutOfRange(name, value, "one of " + string.Join(", ", Enum.GetNames<T>()));
}
