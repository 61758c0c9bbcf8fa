using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookSupport;

/// <summary>What a page asks of a live figure, checked: it comes from outside.</summary>
/// <param name="asked">Numbers, texts and lists by name.</param>
internal sealed class LiveRequest(JsonObject asked)
{
    /// <summary>A number.</summary>
    public double Number(string name, double low, double high) =>
        asked[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number
            ? Between(name, value.GetValue<JsonElement>().GetDouble(), low, high)
            : throw Missing(name, Invariant($"a number from {low} to {high}"));

    /// <summary>A whole number.</summary>
    public int Whole(string name, int low, int high)
    {
        double number = Number(name, low, high);
        return double.IsInteger(number) ? (int)number : throw Require.OutOfRange(name, number, "a whole number");
    }

    /// <summary>One of some things, by its name.</summary>
    public T One<T>(string name, IReadOnlyDictionary<string, T> things) =>
        asked[name] is { } text && things.TryGetValue(text.ToString(), out T? thing)
            ? thing
            : throw Missing(name, $"one of {string.Join(", ", things.Keys)}");

    /// <summary>Points of the plane; null where none were asked for.</summary>
    public double[][]? Points(string name, int count, double limit)
    {
        if (asked[name] is not { } node)
            return null;
        if (node is not JsonArray points || points.Count != count)
            throw Missing(name, Invariant($"{count} points"));
        return
        [
            .. points.Select(
                (point, i) =>
                    point is JsonArray { Count: 2 } pair
                        ? pair.Select(at => Between(Invariant($"{name}[{i}]"), (double)at!, -limit, limit)).ToArray()
                        : throw Missing(Invariant($"{name}[{i}]"), "two numbers")
            ),
        ];
    }

    private static double Between(string name, double value, double low, double high) =>
        value >= low && value <= high
            ? value
            : throw Require.OutOfRange(name, value, Invariant($"a number from {low} to {high}"));

    private ArgumentException Missing(string name, string expected) =>
        new($"{name} is {asked[name]?.ToJsonString() ?? "missing"}; expected {expected}.", name);
}
