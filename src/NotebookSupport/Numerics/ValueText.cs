using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using MathNet.Numerics.LinearAlgebra;

namespace NotebookSupport;

/// <summary>Values as text, the same under any culture.</summary>
internal static class ValueText
{
    private const int MostOfAList = 8;
    private const int MostDepth = 3;

    /// <summary>A value with four significant digits, as a cell of a table shows it.</summary>
    public static string Short(object? value) => Short(value, 0);

    /// <param name="value">Any value.</param>
    /// <param name="depth">In how many lists it lies: one may hold itself.</param>
    private static string Short(object? value, int depth) =>
        value switch
        {
            null => "",
            not string and (ITuple or IEnumerable) when depth > MostDepth => "…",
            double.PositiveInfinity => "∞",
            double.NegativeInfinity => "−∞",
            double number => number
                .ToString("G4", CultureInfo.InvariantCulture)
                .Replace("E-0", "e-", StringComparison.Ordinal)
                .Replace('E', 'e'),
            float or Half => Short(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
            bool yes => yes ? "yes" : "no",
            string text => text,
            Matrix<double> matrix => Invariant($"[{matrix.RowCount} x {matrix.ColumnCount}]"),
            ITuple tuple =>
                $"({string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Short(tuple[i], depth + 1)))})",
            IEnumerable list => List(list, depth + 1),
            _ => Full(value),
        };

    /// <summary>A value with all its digits.</summary>
    public static string Full(object? value) =>
        value switch
        {
            ITuple tuple => $"({string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Full(tuple[i])))})",
            IFormattable formattable and not Matrix<double> and not Vector<double> => formattable.ToString(
                null,
                CultureInfo.InvariantCulture
            ),
            _ => value?.ToString() ?? "",
        };

    /// <summary>The name of a type as C# writes it; a nullable number is called by the number.</summary>
    public static string TypeName(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsArray)
            return TypeName(type.GetElementType()!) + "[]";
        if (type.IsGenericType)
            return $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(TypeName))}>";
        return type == typeof(int) ? "int"
            : type == typeof(double) ? "double"
            : type == typeof(string) ? "string"
            : type == typeof(bool) ? "bool"
            : type.Name;
    }

    public static bool IsNumber(object? value) =>
        value
            is double
                or float
                or Half
                or decimal
                or int
                or uint
                or long
                or ulong
                or short
                or ushort
                or byte
                or sbyte
                or System.Numerics.BigInteger;

    private static string List(IEnumerable list, int depth)
    {
        object?[] first = [.. list.Cast<object?>().Take(MostOfAList + 1)];
        return string.Join(", ", first.Take(MostOfAList).Select(item => Short(item, depth)))
            + (first.Length > MostOfAList ? ", …" : "");
    }
}
